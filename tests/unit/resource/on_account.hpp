// SPDX-License-Identifier: Apache-2.0
// What tests of accounts stand on: one account of a manager.
#pragma once

#include <cstddef>

#include <triune/resource/pool_account.hpp>

#include "../manage/on_manager.hpp"

namespace triune {

// More than the pool asks for at a time: two such pieces are never cut from one that is free.
inline constexpr std::size_t big = 40 * MiB;
inline constexpr std::size_t word = alignof(std::max_align_t);
inline constexpr StreamOrder any_stream = StreamOrder::after_all();

struct OnAccount : OnManager {
    explicit OnAccount(std::size_t limit_bytes = GpuMemoryManager::default_limit_bytes,
                       sim::SimOptions options = small())
        : OnManager(limit_bytes, options), account(manager, "solver") {}

    void* draw(std::size_t bytes) const { return account.allocate(bytes, word, any_stream); }
    void give_back(void* address) const noexcept { account.deallocate(address, any_stream); }
    StreamOrder on_stream() const { return StreamOrder::on(stream.handle()); }

    PoolAccount account;
};

}  // namespace triune
