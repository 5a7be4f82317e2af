// SPDX-License-Identifier: Apache-2.0
// Every error of the core reaches C as its own status, with the core's sentence.
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <new>
#include <set>
#include <stdexcept>

#include <triune/resource/bad_allocation.hpp>

#include "on_c.hpp"

using namespace triune;

namespace {

template <typename Failure>
triune_status status_of() {
    return c::guarded("test", [] { throw Failure("'positions': why"); });
}

struct OnTightLimit : OnC {
    OnTightLimit() : OnC(1000) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(c_status)

BOOST_AUTO_TEST_CASE(every_error_of_the_core_is_a_status_of_its_own_with_its_sentence) {
    BOOST_TEST(status_of<buffer_not_found>() == TRIUNE_BUFFER_NOT_FOUND);
    BOOST_TEST(status_of<type_mismatch>() == TRIUNE_TYPE_MISMATCH);
    BOOST_TEST(status_of<limit_exceeded>() == TRIUNE_LIMIT_EXCEEDED);
    BOOST_TEST(status_of<max_size_exceeded>() == TRIUNE_MAX_SIZE_EXCEEDED);
    BOOST_TEST(status_of<out_of_memory>() == TRIUNE_OUT_OF_MEMORY);
    BOOST_TEST(status_of<async_not_enabled>() == TRIUNE_ASYNC_NOT_ENABLED);
    BOOST_TEST(status_of<no_pending_download>() == TRIUNE_NO_PENDING_DOWNLOAD);
    BOOST_TEST(status_of<download_in_flight>() == TRIUNE_DOWNLOAD_IN_FLIGHT);
    BOOST_TEST(triune_last_cuda_error() == 600);
    BOOST_TEST(status_of<stale_handle>() == TRIUNE_STALE_HANDLE);
    BOOST_TEST(status_of<invalid_argument>() == TRIUNE_INVALID_ARGUMENT);
    BOOST_TEST(status_of<device_error>() == TRIUNE_DEVICE_ERROR);
    BOOST_TEST(last_error() == "'positions': why");
}

// Whatever number the core gives to an error, C has a name and a sentence for it.
BOOST_AUTO_TEST_CASE(every_code_of_the_core_has_a_name_in_c) {
    const std::string unknown = error_category().message(99);
    int codes = 0;
    for (int value = 1; value < 99; ++value) {
        const bool known = error_category().message(value) != unknown;
        BOOST_TEST((triune_status_name(value) != nullptr) == known, value << " of the core");
        BOOST_TEST((triune_status_text(value) != nullptr) == known, value << " of the core");
        codes += known ? 1 : 0;
    }
    BOOST_TEST(codes >= 11);
}

BOOST_AUTO_TEST_CASE(names_are_those_of_the_header_and_differ) {
    std::set<std::string> names;
    std::set<std::string> texts;
    for (int value = 0; value < 128; ++value) {
        if (const char* const name = triune_status_name(value)) {
            BOOST_TEST(std::strncmp(name, "TRIUNE_", 7) == 0);
            names.insert(name);
            texts.insert(triune_status_text(value));
        }
    }
    BOOST_TEST(names.size() == 15U);
    BOOST_TEST(texts.size() == names.size());
}

BOOST_AUTO_TEST_CASE(what_is_none_of_ours_is_told_apart) {
    const auto of = [](const auto& failure) { return c::guarded("test", [&] { throw failure; }); };
    BOOST_TEST(of(std::bad_alloc()) == TRIUNE_OUT_OF_HOST_MEMORY);
    BOOST_TEST(of(bad_allocation(limit_exceeded("the limit"))) == TRIUNE_LIMIT_EXCEEDED);
    BOOST_TEST(last_error() == "the limit");
    BOOST_TEST(of(std::out_of_range("beyond")) == TRIUNE_UNEXPECTED);
    BOOST_TEST(last_error() == "beyond");
    BOOST_TEST(of(42) == TRIUNE_UNEXPECTED);
    BOOST_TEST(last_error() == "an exception of an unknown type");
}

BOOST_FIXTURE_TEST_CASE(what_succeeds_leaves_the_last_error_alone, OnC) {
    triune_buffer* buffer = nullptr;
    refused(triune_buffer_find(manager, "none", &buffer), TRIUNE_BUFFER_NOT_FOUND, "none");
    BOOST_TEST((buffer == nullptr));
    triune_buffer_release(created("there", 1));
    BOOST_TEST(mentions(last_error(), "none"));
}

BOOST_FIXTURE_TEST_CASE(limits_and_maxima_are_named, OnTightLimit) {
    triune_buffer* buffer = nullptr;
    refused(triune_buffer_create(manager, "big", 1000, nullptr, nullptr, &buffer), TRIUNE_LIMIT_EXCEEDED, "big");
    triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
    config.max_size_bytes = 8;
    refused(triune_buffer_create(manager, "small", 3, &config, nullptr, &buffer), TRIUNE_MAX_SIZE_EXCEEDED, "small");
    BOOST_TEST((buffer == nullptr));
    BOOST_TEST(cxx->stats().buffer_count == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_device_that_fails_is_a_device_error_with_its_number, OnC) {
    sim.fail(Verb::count, 1, 700, 100);
    triune_buffer* buffer = nullptr;
    const triune_status status = triune_buffer_create(manager, "unlucky", 1000, nullptr, nullptr, &buffer);
    sim.clear_failures();
    refused(status, TRIUNE_DEVICE_ERROR, "CUDA error 700");
    BOOST_TEST(triune_last_cuda_error() == 700);
    BOOST_TEST(cxx->stats().buffer_count == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_full_device_is_out_of_memory, OnC) {
    triune_buffer* buffer = nullptr;
    refused(triune_buffer_create(manager, "huge", 100 * MiB, nullptr, nullptr, &buffer), TRIUNE_OUT_OF_MEMORY, "huge");
}

BOOST_FIXTURE_TEST_CASE(what_cxx_code_made_is_found_by_its_type_alone, OnC) {
    cxx->allocate<float>("typed", 10);
    triune_buffer* buffer = nullptr;
    refused(triune_buffer_find(manager, "typed", &buffer), TRIUNE_TYPE_MISMATCH, "typed");
    refused(triune_buffer_get_or_create(manager, "typed", nullptr, nullptr, &buffer), TRIUNE_TYPE_MISMATCH, "typed");
}

BOOST_AUTO_TEST_SUITE_END()
