// SPDX-License-Identifier: Apache-2.0
// What PyTorch calls by name.
#include <boost/test/unit_test.hpp>

#include <new>
#include <string>

#include <triune/device/devices.hpp>
#include <triune/manage/default_manager.hpp>

#include "on_c.hpp"

using namespace triune;

namespace {

// On the current device, as PyTorch is; what a case leaves behind for the process is given back at its end.
struct OnTorch {
    OnTorch() {
        triune_manager_create(TRIUNE_CURRENT_DEVICE, 1 * MiB, &manager);
        triune_account_create(manager, "torch", nullptr, &account);
        BOOST_REQUIRE_MESSAGE(triune_torch_draw_from(account) == TRIUNE_OK, last_error());
    }
    ~OnTorch() {
        triune_account_release(account);
        triune_manager_release(manager);
    }
    std::size_t drawn() const {
        std::size_t bytes = 0;
        triune_account_drawn_bytes(account, &bytes);
        return bytes;
    }

    triune_manager* manager = nullptr;
    triune_account* account = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(c_torch)

BOOST_FIXTURE_TEST_CASE(it_draws_from_the_account_that_was_named, OnTorch) {
    const int device = current_device().properties().ordinal;
    void* const address = triune_torch_malloc(1000, device, nullptr);
    BOOST_TEST((address != nullptr));
    BOOST_TEST(drawn() == 1000U);
    triune_torch_free(address, 1000, device, nullptr);
    BOOST_TEST(drawn() == 0U);
    BOOST_TEST((triune_torch_malloc(0, device, nullptr) == nullptr));
    triune_torch_free(nullptr, 0, device, nullptr);
}

BOOST_FIXTURE_TEST_CASE(out_of_memory_is_an_exception_with_our_sentence, OnTorch) {
    try {
        triune_torch_malloc(std::ptrdiff_t{8} * MiB, 0, nullptr);
        BOOST_ERROR("it must throw: PyTorch looks at no null");
    } catch (const std::bad_alloc& failure) {
        BOOST_TEST(mentions(failure.what(), "'torch'"), failure.what());
        BOOST_TEST(mentions(failure.what(), "8388608"), failure.what());
    }
    BOOST_CHECK_THROW(triune_torch_malloc(-1, 0, nullptr), invalid_argument);
    BOOST_CHECK_THROW(triune_torch_malloc(1, 63, nullptr), invalid_argument);
    BOOST_CHECK_THROW(triune_torch_malloc(1, 64, nullptr), invalid_argument);
    BOOST_CHECK_THROW(triune_torch_malloc(1, -1, nullptr), invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(the_account_changes_only_while_nothing_is_out, OnTorch) {
    void* const address = triune_torch_malloc(1000, 0, nullptr);
    triune_account* other = nullptr;
    triune_account_create(manager, "other", nullptr, &other);
    refused(triune_torch_draw_from(other), TRIUNE_INVALID_ARGUMENT, "1000 bytes");
    BOOST_TEST(triune_torch_draw_from(account) == TRIUNE_OK);  // the same one
    triune_torch_free(address, 1000, 0, nullptr);
    BOOST_TEST(triune_torch_draw_from(other) == TRIUNE_OK);
    triune_account_release(other);
}

// The pool hands a block to the stream that gave it back, at once. What another stream uses has to wait.
BOOST_FIXTURE_TEST_CASE(memory_that_another_stream_uses_waits_for_it, OnTorch) {
    Device& device = current_device();
    const Stream own(device);
    const Stream other(device);
    const auto again_at_once = [&](bool recorded) {
        void* const address = triune_torch_malloc(100'000, 0, own.handle());
        if (recorded) triune_torch_record_stream(address, other.handle());
        triune_torch_free(address, 100'000, 0, own.handle());
        void* const next = triune_torch_malloc(100'000, 0, own.handle());
        triune_torch_free(next, 100'000, 0, own.handle());
        return next == address;
    };
    BOOST_TEST(again_at_once(false));
    auto* const sim = dynamic_cast<sim::SimDevice*>(&device);
    if (sim == nullptr) return;  // a GPU holds no stream on demand
    const Held held(*sim);
    void* const busy = triune_torch_malloc(64, 0, other.handle());
    BOOST_TEST(device.fill(busy, 1, 1, 64, other.handle()).ok());  // so that there is something to wait for
    BOOST_TEST(!again_at_once(true));
    triune_torch_free(busy, 64, 0, other.handle());
}

BOOST_AUTO_TEST_SUITE_END()
