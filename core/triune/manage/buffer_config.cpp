// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/buffer_config.hpp>

#include <algorithm>
#include <limits>

namespace triune {

std::size_t next_capacity_bytes(std::size_t capacity, std::size_t required, const BufferConfig& config) noexcept {
    std::size_t wanted = config.min_size_bytes;
    if (capacity != 0) {
        // 2^64 as a float: the first product that a size_t cannot hold.
        constexpr float beyond = 18446744073709551616.0F;
        static_assert(std::numeric_limits<std::size_t>::digits == 64);
        const float product = static_cast<float>(capacity) * config.growth_factor;
        wanted = 0;
        if (product >= beyond) {
            wanted = config.max_size_bytes;
        } else if (product > 0) {
            wanted = static_cast<std::size_t>(product);
        }
    }
    return std::min(std::max(wanted, required), std::max(config.max_size_bytes, required));
}

}  // namespace triune
