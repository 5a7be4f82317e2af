// SPDX-License-Identifier: Apache-2.0
// What tests of buffers stand on: a manager on a device that must be left as it was.
#pragma once

#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/manage/buffer_group.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/manager.hpp>

#include "../balanced_sim.hpp"

namespace triune {

// 0, 1, 2, ...
template <typename T = float>
std::vector<T> ascending(std::size_t count) {
    std::vector<T> values(count);
    std::iota(values.begin(), values.end(), T{});
    return values;
}

inline BufferConfig with_downloads() {
    BufferConfig config;
    config.enable_async = true;
    return config;
}

// Grows by mapping from the first byte, so that few bytes are enough to test it.
inline BufferConfig mapped() {
    BufferConfig config;
    config.stable_address = true;
    config.max_size_bytes = 32 * MiB;
    return config;
}

// Failures on purpose need no lines on the terminal.
struct Quiet {
    Quiet() { log::set_level(log::Level::off); }
    ~Quiet() { log::set_level(log::Level::warn); }
};

// Without the place of the call.
template <typename Failure, typename Call>
std::string message_of(Call&& call) {
    try {
        call();
    } catch (const Failure& failure) {
        if constexpr (std::is_base_of_v<Error, Failure>) return failure.message();
        return failure.what();
    }
    return {};
}

inline bool mentions(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

struct OnManager : BalancedSim {
    explicit OnManager(std::size_t limit_bytes = GpuMemoryManager::default_limit_bytes,
                       sim::SimOptions options = small())
        : BalancedSim(options), manager(sim, limit_bytes), stream(sim) {}

    GpuMemoryManager manager;
    Stream stream;
};

struct OnLateManager : OnManager {
    OnLateManager() : OnManager(GpuMemoryManager::default_limit_bytes, late()) {}
};

}  // namespace triune
