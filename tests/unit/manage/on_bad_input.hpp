// SPDX-License-Identifier: Apache-2.0
// What tests of bad input stand on: a call that is refused must leave books and buffer as they were.
#pragma once

#include <functional>

#include "on_manager.hpp"

namespace triune {

struct OnBadInput : OnManager {
    explicit OnBadInput(std::size_t limit_bytes = GpuMemoryManager::default_limit_bytes) : OnManager(limit_bytes) {}

    // A stream's handle after its stream is gone.
    StreamHandle destroyed() {
        const Stream brief(sim);
        return brief.handle();
    }
    // `call` throws `Failure`, and neither books nor buffer have changed.
    template <typename Failure>
    void refused(const BufferHandle<float>& buffer, const std::function<void()>& call) {
        const auto before = manager.stats();
        const auto* const at = buffer.data();
        const auto size = buffer.size();
        const auto contents = buffer.download();
        BOOST_CHECK_THROW(call(), Failure);
        const auto after = manager.stats();
        BOOST_TEST(after.total_allocated_bytes == before.total_allocated_bytes);
        BOOST_TEST(after.peak_allocated_bytes == before.peak_allocated_bytes);
        BOOST_TEST(after.buffer_count == before.buffer_count);
        BOOST_TEST(after.allocation_count == before.allocation_count);
        BOOST_TEST(after.resize_count == before.resize_count);
        BOOST_TEST(after.async_transfer_count == before.async_transfer_count);
        BOOST_TEST(buffer.data() == at);
        BOOST_TEST(buffer.size() == size);
        BOOST_TEST((buffer.download() == contents));
        manager.core()->resources->pool.check_invariants();
    }
};

}  // namespace triune
