#include <triune/alloc/pool_memory.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

}  // namespace

PoolMemory::~PoolMemory() {
    for (const auto& slab : slabs_) {
        if (slab->is_plain()) report_teardown(device().memory_release(slab->data), "releasing the pool's memory");
    }
}

void PoolMemory::grow(std::size_t bytes, std::size_t step) {
    const DeviceProperties& device_has = device().properties();
    if (!device_has.virtual_memory) return add_plain_slab(std::max(bytes, step));
    if (bytes > device_has.total_bytes) {
        throw out_of_memory(std::to_string(bytes) + " bytes are more than the device has");
    }
    reserve_addresses();
    const Place place = choose_place(bytes);
    if (place.hole == nullptr) throw out_of_memory("no " + std::to_string(bytes) + " contiguous addresses are left");

    const std::size_t granularity = device_has.chunk_granularity;
    const std::size_t missing = round_up(place.missing, granularity);
    const std::size_t spare = chunks_.spare_bytes();
    most_used_ = std::max(most_used_, reserved_ - idle_.bytes() + bytes);
    const bool slack = reserved_ + missing <= most_used_ + most_used_ / slack_part;
    const std::size_t found = spare >= missing || slack ? 0 : harvest(missing - spare, place.idle);
    const std::size_t at_hand = spare + found;
    std::size_t more =
        at_hand >= missing ? missing : at_hand + std::max(missing - at_hand, round_up(step, granularity));
    // Whole chunks moved here fit best with all that was found.
    if (spare == 0 && found > missing) more = found;
    fill_hole(place.hole, std::min(std::max(more, missing), place.hole->bytes));
}

// The first hole is all of the addresses.
void PoolMemory::reserve_addresses() {
    if (!slabs_.empty()) return;
    records_.reserve_ranges(1);
    auto slab = std::make_unique<Slab>();
    slab->memory = this;
    slabs_.reserve(1);
    slab->arena = Arena(chunks_, addresses_per_byte * device().properties().total_bytes);
    slab->data = slab->arena.data();
    slab->bytes = slab->arena.reserved_bytes();
    Range* const record = records_.range();
    slab->cover(record);
    holes_.insert(record);
    slabs_.push_back(std::move(slab));
}

// Where the least is missing; of equal places the tightest hole, so that wide ones stay wide.
PoolMemory::Place PoolMemory::choose_place(std::size_t bytes) noexcept {
    Place best;
    for (Range& hole : holes_.ranges()) {
        Range* const before = hole.previous;
        Range* const idle = before != nullptr && before->state == RangeState::idle ? before : nullptr;
        const std::size_t there = idle != nullptr ? std::min(idle->bytes, bytes) : 0;
        const std::size_t missing = bytes - there;
        if (missing > hole.bytes || (best.hole != nullptr && missing >= best.missing)) continue;
        best = {&hole, idle, missing};
    }
    return best;
}

// Unmaps whole idle chunks, those of the biggest ranges first, until there are `bytes`; answers how many there are.
// `spared` is to grow and keeps its own.
std::size_t PoolMemory::harvest(std::size_t bytes, const Range* spared) noexcept {
    std::size_t found = 0;
    while (found < bytes) {
        std::size_t more = 0;
        for (auto each = idle_.ranges().rbegin(); each != idle_.ranges().rend() && more == 0; ++each) {
            if (&*each == spared) continue;
            if (each->bytes < device().properties().chunk_granularity) break;
            more = make_hole(&*each, bytes - found);
        }
        if (more == 0) break;
        found += more;
    }
    return found;
}

// Takes the memory out of the whole chunks in an idle range, from its end on, until that is `enough`.
std::size_t PoolMemory::make_hole(Range* range, std::size_t enough) noexcept {
    Slab& slab = *range->slab;
    try {
        records_.reserve_ranges(2);
    } catch (...) {  // no memory for the records: the range stays whole
        return 0;
    }
    const Extent place = slab.extent(*range);
    const Extent freed = slab.arena.decommit_within(place, enough);
    if (freed.bytes == 0) return 0;
    reserved_ -= freed.bytes;
    idle_.remove(range);
    Range* hole = range;
    const std::size_t before = freed.offset - place.offset;
    if (before > 0) {
        hole = records_.range();
        slab.split(range, before, hole);
    }
    if (hole->bytes > freed.bytes) {
        Range* const behind = records_.range();
        slab.split(hole, freed.bytes, behind);
        behind->state = RangeState::lost;  // nobody's yet
        holes_.insert(hole);
        idle_.insert(behind);
    } else {
        holes_.insert(hole);
    }
    if (before > 0) idle_.insert(range);
    return freed.bytes;
}

void PoolMemory::fill_hole(Range* hole, std::size_t bytes) {
    records_.reserve_ranges(1);
    Slab& slab = *hole->slab;
    slab.arena.commit_at({slab.extent(*hole).offset, bytes}, Pieces::many);
    reserved_ += bytes;
    holes_.remove(hole);
    if (hole->bytes > bytes) {
        Range* const rest = records_.range();
        hole->state = RangeState::lost;  // nobody's yet: neither list may merge over it
        slab.split(hole, bytes, rest);
        holes_.insert(rest);
    }
    idle_.insert(hole);
}

void PoolMemory::add_plain_slab(std::size_t bytes) {
    records_.reserve_ranges(1);
    auto slab = std::make_unique<Slab>();
    slab->memory = this;
    slabs_.reserve(slabs_.size() + 1);
    void* data = nullptr;
    check(device().memory_allocate(data, bytes), "allocating device memory for the pool");
    slab->data = static_cast<std::byte*>(data);
    slab->bytes = bytes;
    reserved_ += bytes;
    Range* const record = records_.range();
    slab->cover(record);
    slabs_.push_back(std::move(slab));
    idle_.insert(record);
}

std::size_t PoolMemory::give_back() noexcept {
    const std::size_t before = reserved_;
    if (device().properties().virtual_memory) {
        static_cast<void>(harvest(all, nullptr));
        chunks_.trim();
        return before - reserved_;
    }
    std::erase_if(slabs_, [&](const std::unique_ptr<Slab>& slab) {
        if (slab->first != slab->last || slab->first->state != RangeState::idle) return false;
        idle_.remove(slab->first);
        records_.put_back(slab->first);
        reserved_ -= slab->bytes;
        report_teardown(device().memory_release(slab->data), "trimming the pool");
        return true;
    });
    return before - reserved_;
}

}  // namespace triune
