// The pool's own check of itself; apart from its working parts because only tests call it.
#include <stdexcept>

#include <triune/alloc/pool.hpp>

namespace triune {
namespace {

void require(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

}  // namespace

void Pool::check_invariants() const {
    const std::lock_guard lock(mutex_);
    PoolStatistics found;
    std::size_t idle = 0;
    std::size_t waiting = 0;
    for (const auto& slab : slabs_) {
        const std::byte* end = slab->data;
        const Range* previous = nullptr;
        for (const Range* range = slab->first; range != nullptr; range = range->next) {
            require(range->data == end, "a range does not start where the one before it ends");
            require(range->previous == previous && range->slab == slab.get(), "a range is linked to the wrong place");
            require(range->bytes > 0 && range->bytes % block_alignment == 0, "a range has a crooked size");
            require(previous == nullptr || previous->state != RangeState::idle || range->state != RangeState::idle,
                    "two idle neighbours were not merged");
            require((range->event != nullptr) ==
                            (range->state == RangeState::live || range->state == RangeState::waiting) ||
                        range->state == RangeState::lost,
                    "a range holds an event that it does not need, or lacks one");
            require(
                range->by_size.is_linked() == (range->state == RangeState::idle || range->state == RangeState::waiting),
                "a range is listed in the wrong state");
            switch (range->state) {
                case RangeState::live:
                    found.live_bytes += range->bytes;
                    ++found.live_blocks;
                    break;
                case RangeState::waiting:
                    found.waiting_bytes += range->bytes;
                    ++waiting;
                    break;
                case RangeState::idle:
                    found.idle_bytes += range->bytes;
                    ++idle;
                    break;
                case RangeState::lost:
                    found.lost_bytes += range->bytes;
                    break;
            }
            end = range->data + range->bytes;
            previous = range;
        }
        require(slab->last == previous, "a slab's last range is not its last");
        require(end == slab->data + slab->bytes, "a slab's ranges do not fill it");
        require(slab->is_plain() || slab->arena.committed_bytes() == slab->bytes,
                "a slab is not what its arena committed");
        found.reserved_bytes += slab->bytes;
    }
    std::size_t listed = 0;
    for (const auto& [id, ranges] : waiting_) listed += ranges->by_size.size();
    require(idle == idle_.size() && waiting == listed, "a list holds a range that no slab has");
    require(found.reserved_bytes == statistics_.reserved_bytes && found.live_bytes == statistics_.live_bytes &&
                found.waiting_bytes == statistics_.waiting_bytes && found.idle_bytes == statistics_.idle_bytes &&
                found.lost_bytes == statistics_.lost_bytes && found.live_blocks == statistics_.live_blocks,
            "the statistics differ from the ranges");
}

}  // namespace triune
