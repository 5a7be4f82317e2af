// SPDX-License-Identifier: Apache-2.0
// A name to look for, hashed once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace triune {

namespace detail {

__extension__ using Product = unsigned __int128;

inline std::uint64_t bytes8(const char* at) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}
inline std::uint64_t bytes4(const char* at) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}
// Both halves of the product matter to every bit of the answer.
inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
    const Product product = static_cast<Product>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace detail

// Names are short: two overlapping reads and one multiplication for up to 16 bytes, one more for each 16 beyond.
inline std::uint32_t name_hash(std::string_view name) noexcept {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio
    constexpr std::uint64_t other = 0xD6E8FEB86659FD93;
    const char* at = name.data();
    std::size_t left = name.size();
    std::uint64_t seed = left * odd;
    for (; left > 16; left -= 16, at += 16)
        seed = detail::mixed(seed ^ detail::bytes8(at), detail::bytes8(at + 8) ^ other);
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    if (left >= 8) {
        front = detail::bytes8(at);
        back = detail::bytes8(at + left - 8);
    } else if (left >= 4) {
        front = detail::bytes4(at);
        back = detail::bytes4(at + left - 4);
    } else if (left > 0) {
        front = static_cast<unsigned char>(at[0]) | std::uint64_t{static_cast<unsigned char>(at[left / 2])} << 8 |
                std::uint64_t{static_cast<unsigned char>(at[left - 1])} << 16;
    }
    const std::uint64_t hash = detail::mixed(seed ^ front ^ other, back ^ odd);
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

// Refers to the text, of the length of a call.
struct NameKey {
    NameKey(std::string_view name) noexcept : text(name), hash(name_hash(name)) {}
    NameKey(const std::string& name) noexcept : NameKey(std::string_view(name)) {}
    NameKey(const char* name) noexcept : NameKey(std::string_view(name)) {}

    std::string_view text;
    std::uint32_t hash;
};

}  // namespace triune
