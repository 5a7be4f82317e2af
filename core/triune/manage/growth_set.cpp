// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/growth_set.hpp>

#include <algorithm>
#include <functional>

#include <triune/detail/base/memory_watch.hpp>

namespace triune {

GrowthSet::GrowthSet(DeviceResources& resources, StreamOrder order, std::size_t expected, Shortage& shortage,
                     std::string_view label)
    : order_(order), shortage_(shortage), work_(resources, order, label) {
    steps_.reserve(expected);
    zeroes_.reserve(expected);
}

void GrowthSet::require(BufferState& buffer, std::size_t required_bytes, std::size_t size_bytes) {
    const Growth& growth =
        steps_.emplace_back(Growth::for_required(buffer, required_bytes, order_, shortage_, &work_), size_bytes).growth;
    if (!growth.zeroes() || growth.capacity_bytes() == growth.kept_bytes()) return;
    if (growth.stays_within()) work_.after_earlier_work();
    zero_later(growth, growth.kept_bytes(), growth.capacity_bytes());
}

void GrowthSet::require_filled(BufferState& buffer, std::size_t capacity_bytes, std::size_t from, std::size_t to,
                               std::uint32_t value) {
    const Growth& growth =
        steps_.emplace_back(Growth(buffer, capacity_bytes, order_, shortage_, &work_), capacity_bytes).growth;
    if (from >= to) return;
    if (!growth.moves() && from < growth.kept_bytes()) growth.order_after_uses(work_);
    if (growth.stays_within()) work_.after_earlier_work();
    if (value == 0) return zero_later(growth, from, to);
    fills_.push_back({growth.data() + from, (to - from) / sizeof value, value});
}

void GrowthSet::zero_later(const Growth& growth, std::size_t from, std::size_t to) {
    if (from >= to) return;
    std::byte* const data = growth.data();
    const bool to_the_end = to == growth.capacity_bytes() && memory_watch() == nullptr;
    zeroes_.push_back(
        {data + from, data + to, to_the_end ? data + growth.usable_bytes() : data + to, growth.allocation()});
}

void GrowthSet::finish() {
    std::sort(zeroes_.begin(), zeroes_.end(),
              [](const Zeroes& a, const Zeroes& b) { return std::less<>()(a.begin, b.begin); });
    for (auto first = zeroes_.begin(); first != zeroes_.end();) {
        auto next = first + 1;
        const auto adjoins = [](const Zeroes& before, const Zeroes& after) {
            return after.begin == before.room_end && after.allocation == before.allocation;
        };
        while (next != zeroes_.end() && adjoins(*std::prev(next), *next)) ++next;
        work_.zero(first->begin, static_cast<std::size_t>(std::prev(next)->end - first->begin),
                   "zeroing growing buffers' new elements");
        first = next;
    }
    for (const Fill& fill : fills_) {
        work_.fill(fill.begin, fill.value, sizeof fill.value, fill.count, "filling growing buffers");
    }
    zeroes_.clear();
    fills_.clear();
    work_.finish();
}

void GrowthSet::commit() noexcept {
    for (Step& step : steps_) step.growth.commit(step.size_bytes);
    steps_.clear();
}

}  // namespace triune
