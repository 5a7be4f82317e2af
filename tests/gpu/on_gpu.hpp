// SPDX-License-Identifier: Apache-2.0
// What tests with kernels stand on: the GPU, streams, and gates that keep kernels running.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>

#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "kernels.hpp"

namespace triune::gpu {

// Words that the host and kernels share.
class SharedWord {
  public:
    explicit SharedWord(Device& device) : device_(device) {
        void* memory = nullptr;
        BOOST_TEST_REQUIRE(device.pinned_allocate(memory, sizeof(Word)).ok());
        word_ = static_cast<Word*>(memory);
        *word_ = 0;
    }
    SharedWord(const SharedWord&) = delete;
    SharedWord& operator=(const SharedWord&) = delete;
    ~SharedWord() { BOOST_TEST(device_.pinned_release(word_).ok()); }

    Word* address() const { return word_; }
    Word value() const { return *static_cast<volatile Word*>(word_); }
    void set(Word value) { *static_cast<volatile Word*>(word_) = value; }

  private:
    Device& device_;
    Word* word_ = nullptr;
};

// Kernels in front of it run until it is opened. A case that waits for them by mistake finds it overdue.
class KernelGate {
  public:
    explicit KernelGate(Device& device) : device_(device), word_(device) {}
    KernelGate(const KernelGate&) = delete;
    KernelGate& operator=(const KernelGate&) = delete;
    // Also where a check has failed; nobody watches any more when the word goes.
    ~KernelGate() {
        if (word_.value() == gate_shut) word_.set(gate_open);
        BOOST_TEST(device_.synchronize().ok());
    }

    volatile Word* address() const { return word_.address(); }
    void open() {
        BOOST_TEST(word_.value() == gate_shut, "something waited for the kernel in front of the gate");
        word_.set(gate_open);
    }

  private:
    Device& device_;
    SharedWord word_;
};

// Whether a kernel in `stream` still runs or waits.
inline bool busy(const Stream& stream) { return !stream.query(); }

struct OnGpu {
    OnGpu() {
        load_kernels();
        // The driver's own kernels for fills and copies too.
        void* memory = nullptr;
        BOOST_TEST_REQUIRE(device.memory_allocate(memory, 4096).ok());
        auto* const bytes = static_cast<std::byte*>(memory);
        for (const unsigned width : {1U, 2U, 4U})
            BOOST_TEST(device.fill(bytes, 1, width, 2048 / width, stream.handle()).ok());
        BOOST_TEST(device.copy(bytes + 2048, bytes, 2048, stream.handle()).ok());
        stream.synchronize();
        BOOST_TEST(device.memory_release(memory).ok());
    }

    // How many of `count` words are not `value`.
    Word differing(const Word* data, std::size_t count, Word value) {
        const SharedWord result(device);
        launch_count_differing(stream.handle(), data, count, value, result.address());
        stream.synchronize();
        return result.value();
    }

    Device& device = current_device();
    Stream stream{device};
    Stream other{device};
    Stream third{device};
};

}  // namespace triune::gpu
