// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/descending_order.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace triune {
namespace {

// An item is how far a key lies below the biggest, in the upper 32 bits, and its place below: so equal keys stay in
// order whatever sorts them.
std::uint64_t item_of(std::uint64_t below, std::size_t place) noexcept { return below << 32 | place; }
std::uint32_t place_of(std::uint64_t item) noexcept { return static_cast<std::uint32_t>(item); }

struct Scale {
    std::uint64_t most;
    std::size_t left_out;  // lowest bits, where a distance has more than 32
    std::uint64_t below(std::uint64_t key) const noexcept { return (most - key) >> left_out; }
};

// By counting digits, the least significant first. All are counted while the items are made, and what the last pass
// moves is the places alone. Keys become items.
template <unsigned digit_bits, unsigned passes>
void sort_by_digits(std::uint64_t* keys, std::uint64_t* other, std::size_t count, Scale scale,
                    std::uint32_t* order) noexcept {
    constexpr std::size_t bins = std::size_t{1} << digit_bits;
    constexpr auto digit = [](std::uint64_t below, unsigned pass) {
        return (below >> (pass * digit_bits)) & (bins - 1);
    };
    std::array<std::array<std::uint32_t, bins>, passes> starts{};
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t below = scale.below(keys[i]);
        keys[i] = item_of(below, i);
        for (unsigned pass = 0; pass < passes; ++pass) ++starts[pass][digit(below, pass)];
    }
    for (auto& start : starts) {
        std::uint32_t before = 0;
        for (std::uint32_t& bin : start) before += std::exchange(bin, before);
    }
    for (unsigned pass = 0; pass + 1 < passes; ++pass) {
        auto& start = starts[pass];
        for (std::size_t i = 0; i < count; ++i) other[start[digit(keys[i] >> 32, pass)]++] = keys[i];
        std::swap(keys, other);
    }
    auto& start = starts[passes - 1];
    for (std::size_t i = 0; i < count; ++i) order[start[digit(keys[i] >> 32, passes - 1)]++] = place_of(keys[i]);
}

// `bits` of them differ, 1 to 32. Wide digits do not pay for few items: their bins take longer to add up than the pass
// that they spare.
void sort_by_digits(std::uint64_t* keys, std::uint64_t* other, std::size_t count, Scale scale, std::size_t bits,
                    std::uint32_t* order) noexcept {
    constexpr std::array narrow{sort_by_digits<8, 1>, sort_by_digits<8, 2>, sort_by_digits<8, 3>, sort_by_digits<8, 4>};
    constexpr std::array wide{sort_by_digits<11, 1>, sort_by_digits<11, 2>, sort_by_digits<11, 3>};
    if (count < 8192) {
        narrow[(bits - 1) / 8](keys, other, count, scale, order);
    } else {
        wide[(bits - 1) / 11](keys, other, count, scale, order);
    }
}

}  // namespace

std::unique_ptr<std::uint32_t[]> descending_order(std::uint64_t* keys, std::size_t count, std::uint64_t least,
                                                  std::uint64_t most) {
    if (count > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many to sort");
    auto order = std::make_unique_for_overwrite<std::uint32_t[]>(count);
    // Where 32 bits are too few the lowest are left out first, and what they would have told apart is sorted after.
    // Where 32 bits are too few the lowest are left out first, and what they would have told apart is sorted after.
    const auto width = static_cast<std::size_t>(std::bit_width(most - least));
    const Scale scale{most, width > 32 ? width - 32 : 0};
    std::vector<std::uint64_t> exact;
    if (scale.left_out > 0) exact.assign(keys, keys + count);
    constexpr std::size_t few = 64;
    if (count <= few) {
        for (std::size_t i = 0; i < count; ++i) keys[i] = item_of(scale.below(keys[i]), i);
        std::sort(keys, keys + count);
        std::transform(keys, keys + count, order.get(), place_of);
    } else {
        const auto other = std::make_unique_for_overwrite<std::uint64_t[]>(count);
        const std::size_t bits = std::max<std::size_t>(width - scale.left_out, 1);
        sort_by_digits(keys, other.get(), count, scale, bits, order.get());
    }
    if (scale.left_out == 0) return order;
    const auto same_above = [&](std::uint32_t a, std::uint32_t b) {
        return scale.below(exact[a]) == scale.below(exact[b]);
    };
    for (std::uint32_t* first = order.get(); first != order.get() + count;) {
        std::uint32_t* last = first + 1;
        while (last != order.get() + count && same_above(*first, *last)) ++last;
        std::sort(first, last, [&](std::uint32_t a, std::uint32_t b) {
            return exact[a] != exact[b] ? exact[a] > exact[b] : a < b;
        });
        first = last;
    }
    return order;
}

}  // namespace triune
