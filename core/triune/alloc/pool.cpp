#include <triune/alloc/pool.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {
namespace {

// Streams that came and went leave an empty list behind; beyond this many they are cleared away.
constexpr std::size_t many_streams = 64;

}  // namespace

Pool::Pool(Device& device) : device_(device), events_(device) {
    waiting_.emplace(no_stream, std::make_unique<StreamRanges>());
}

Pool::~Pool() {
    report_teardown(device_.synchronize(), "waiting for the device before its pool goes");
    wait_for_frees();
    idle_.clear();
    for (auto& [id, ranges] : waiting_) {
        ranges->by_size.clear();
        ranges->oldest_first.clear();
    }
    for (const auto& slab : slabs_) {
        for (Range* range = slab->first; range != nullptr;) {
            if (range->event != nullptr) events_.put_back(range->event);
            delete std::exchange(range, range->next);
        }
        if (slab->is_plain()) report_teardown(device_.memory_release(slab->data), "releasing the pool's memory");
    }
}

std::uint64_t Pool::stream_id(StreamHandle stream) const {
    std::uint64_t id = 0;
    const Status status = device_.stream_id(stream, id);
    if (status.cuda_error == cuda_error::invalid_resource_handle || status.cuda_error == cuda_error::invalid_value) {
        throw invalid_argument("memory was asked for on a stream that the device does not know (CUDA error " +
                               std::to_string(status.cuda_error) + ")");
    }
    check(status, "asking for a stream's number");
    return id;
}

Block Pool::allocate(std::size_t bytes, StreamHandle stream) {
    if (bytes == 0) return {};
    const std::size_t size = round_up(bytes, block_alignment);
    if (size < bytes) throw out_of_memory(std::to_string(bytes) + " bytes are more than any device has");
    const std::lock_guard lock(mutex_);
    const std::uint64_t id = stream_id(stream);
    auto remainder = std::make_unique<Range>();
    Range* range = find(size, id);
    if (range == nullptr) {
        collect();
        range = find(size, id);
    }
    if (range == nullptr) {
        grow(size);
        range = find(size, id);
    }
    EventHandle event = range->event;
    if (event == nullptr) event = events_.take();
    return hand_out(range, size, event, std::move(remainder), stream);
}

// The tightest of what waits on this very stream and what is idle; where equal, the stream's own, still warm.
Range* Pool::find(std::size_t bytes, std::uint64_t stream) noexcept {
    Range* best = nullptr;
    if (const auto own = waiting_.find(stream); own != waiting_.end()) {
        auto& ranges = own->second->by_size;
        if (const auto fit = ranges.lower_bound(bytes, SmallerRange{}); fit != ranges.end()) best = &*fit;
    }
    if (const auto fit = idle_.lower_bound(bytes, SmallerRange{}); fit != idle_.end()) {
        if (best == nullptr || fit->bytes < best->bytes) best = &*fit;
    }
    return best;
}

// Cuts `bytes` off the front of `range`. What is left over stays in the state that the range had: a waiting remainder
// waits for an event recorded now, which is later than needed but never too early.
Block Pool::hand_out(Range* range, std::size_t bytes, EventHandle event, std::unique_ptr<Range> remainder,
                     StreamHandle stream) noexcept {
    const bool waited = range->state == RangeState::waiting;
    StreamRanges* own = waited ? waiting_.find(range->stream)->second.get() : nullptr;
    if (waited) {
        own->by_size.erase(own->by_size.iterator_to(*range));
        own->oldest_first.erase(own->oldest_first.iterator_to(*range));
        statistics_.waiting_bytes -= range->bytes;
    } else {
        idle_.erase(idle_.iterator_to(*range));
        statistics_.idle_bytes -= range->bytes;
    }
    range->state = RangeState::live;  // before the rest looks at its neighbours to merge with
    if (range->bytes > bytes) {
        Range* rest = remainder.release();
        rest->slab = range->slab;
        rest->data = range->data + bytes;
        rest->bytes = range->bytes - bytes;
        rest->previous = range;
        rest->next = range->next;
        (rest->next != nullptr ? rest->next->previous : rest->slab->last) = rest;
        range->next = rest;
        range->bytes = bytes;
        if (!waited) {
            become_idle(rest);
        } else if (!order_free(rest, StreamOrder::on(stream))) {
            rest->state = RangeState::lost;
            statistics_.lost_bytes += rest->bytes;
        }
    }
    range->event = event;
    statistics_.live_bytes += range->bytes;
    ++statistics_.live_blocks;
    return {range->data, range->bytes, range};
}

void Pool::deallocate(Block block, StreamOrder order) noexcept {
    if (block.range == nullptr) return;
    const std::lock_guard lock(mutex_);
    Range* range = block.range;
    statistics_.live_bytes -= range->bytes;
    --statistics_.live_blocks;
    poison(range, order);
    if (!order_free(range, order)) {
        range->state = RangeState::lost;
        statistics_.lost_bytes += range->bytes;
    }
}

// Makes `range` wait for the work queued by now: on the stream named, or on all. False where that could not be recorded
// nor waited for.
bool Pool::order_free(Range* range, StreamOrder order) noexcept {
    std::uint64_t id = no_stream;
    Status recorded = success;
    try {
        if (range->event == nullptr) range->event = events_.take();
        if (order.names_stream() && device_.stream_id(order.stream(), id).ok()) {
            recorded = device_.event_record(range->event, order.stream());
        } else if (device_.properties().device_events) {
            id = no_stream;
            recorded = device_.event_record_device(range->event);
        } else {
            id = no_stream;
            recorded = device_.synchronize();
        }
    } catch (...) {  // no event to be had: wait instead
        recorded = Status{cuda_error::unknown, "event_create"};
    }
    if (!recorded.ok()) {
        const Status waited = device_.synchronize();
        report_teardown(waited, "waiting for the device because a free could not be ordered");
        if (!waited.ok()) return false;
        become_idle(range);
        return true;
    }
    auto own = waiting_.find(id);
    if (own == waiting_.end()) {
        try {
            own = waiting_.emplace(id, std::make_unique<StreamRanges>()).first;
        } catch (...) {  // no memory for the stream's list: wait among the ranges that no stream may reuse early
            own = waiting_.find(no_stream);
            id = no_stream;
        }
    }
    range->state = RangeState::waiting;
    range->stream = id;
    own->second->by_size.insert(*range);
    own->second->oldest_first.push_back(*range);
    statistics_.waiting_bytes += range->bytes;
    return true;
}

// A use after free then shows as nonsense on the simulated device. Only the head, so that big buffers stay cheap.
void Pool::poison(Range* range, StreamOrder order) noexcept {
    constexpr std::size_t head = 64 * KiB;
    if (!device_.properties().host_addressable || !order.names_stream()) return;
    const Status filled = device_.fill(range->data, 0xDB, 1, std::min(range->bytes, head), order.stream());
    static_cast<void>(filled);  // only a diagnostic: nothing depends on it
}

// Ranges whose event is complete become idle. Events of one stream complete in order, so each list is read from its
// oldest range up to the first that still waits.
void Pool::collect() noexcept {
    for (auto own = waiting_.begin(); own != waiting_.end();) {
        auto& queue = own->second->oldest_first;
        while (!queue.empty()) {
            Range* range = &queue.front();
            bool complete = false;
            if (const Status asked = device_.event_query(range->event, complete); !asked.ok()) {
                report_teardown(asked, "asking whether freed memory is ready");
                break;
            }
            if (!complete) break;
            queue.pop_front();
            own->second->by_size.erase(own->second->by_size.iterator_to(*range));
            statistics_.waiting_bytes -= range->bytes;
            become_idle(range);
        }
        const bool forget = queue.empty() && own->first != no_stream && waiting_.size() > many_streams;
        own = forget ? waiting_.erase(own) : std::next(own);
    }
}

void Pool::wait_for_frees() noexcept {
    for (auto& [id, ranges] : waiting_) {
        for (Range& range : ranges->oldest_first) {
            report_teardown(device_.event_synchronize(range.event), "waiting for freed memory");
        }
    }
    collect();
}

void Pool::become_idle(Range* range) noexcept {
    if (range->event != nullptr) events_.put_back(std::exchange(range->event, nullptr));
    statistics_.idle_bytes += range->bytes;
    range->state = RangeState::idle;
    if (Range* next = range->next; next != nullptr && next->state == RangeState::idle) {
        idle_.erase(idle_.iterator_to(*next));
        absorb_next(range);
    }
    if (Range* previous = range->previous; previous != nullptr && previous->state == RangeState::idle) {
        idle_.erase(idle_.iterator_to(*previous));
        absorb_next(previous);
        range = previous;
    }
    idle_.insert(*range);
}

void Pool::absorb_next(Range* range) noexcept {
    Range* next = range->next;
    range->bytes += next->bytes;
    range->next = next->next;
    (range->next != nullptr ? range->next->previous : range->slab->last) = range;
    delete next;
}

// More memory from the device, enough for `bytes`. Where it has none left, what frees still wait for is waited for, so
// that its memory can serve.
void Pool::grow(std::size_t bytes) {
    const bool mapped = device_.properties().virtual_memory;
    const auto add = [&](std::size_t step) {
        mapped ? grow_arena(bytes, step) : add_plain_slab(std::max(bytes, step));
    };
    try {
        return add(commit_step);
    } catch (const out_of_memory&) {  // perhaps the step was too greedy
    }
    try {
        return add(0);
    } catch (const out_of_memory&) {
    }
    wait_for_frees();
    if (idle_.lower_bound(bytes, SmallerRange{}) != idle_.end()) return;
    trim_locked();
    add(0);
}

void Pool::grow_arena(std::size_t bytes, std::size_t step) {
    if (slabs_.empty()) {
        auto slab = std::make_unique<Slab>();
        slab->arena = Arena(device_, device_.properties().total_bytes);
        slab->data = slab->arena.data();
        slabs_.push_back(std::move(slab));
    }
    Slab& slab = *slabs_.front();
    const bool idle_end = slab.last != nullptr && slab.last->state == RangeState::idle;
    const std::size_t missing = bytes - (idle_end ? std::min(slab.last->bytes, bytes) : 0);
    const std::size_t committed = slab.arena.committed_bytes();
    if (missing > slab.arena.reserved_bytes() - committed) {
        throw out_of_memory(std::to_string(bytes) + " bytes are more than the device has");
    }
    auto record = std::make_unique<Range>();
    slab.arena.commit(std::min(committed + std::max(missing, step), slab.arena.reserved_bytes()));
    append(slab, slab.arena.committed_bytes() - committed, std::move(record));
}

void Pool::add_plain_slab(std::size_t bytes) {
    auto record = std::make_unique<Range>();
    auto slab = std::make_unique<Slab>();
    slabs_.reserve(slabs_.size() + 1);
    void* data = nullptr;
    check(device_.memory_allocate(data, bytes), "allocating device memory for the pool");
    slab->data = static_cast<std::byte*>(data);
    slabs_.push_back(std::move(slab));
    append(*slabs_.back(), bytes, std::move(record));
}

void Pool::append(Slab& slab, std::size_t bytes, std::unique_ptr<Range> record) noexcept {
    Range* range = record.release();
    range->slab = &slab;
    range->data = slab.data + slab.bytes;
    range->bytes = bytes;
    range->previous = slab.last;
    (slab.last != nullptr ? slab.last->next : slab.first) = range;
    slab.last = range;
    slab.bytes += bytes;
    statistics_.reserved_bytes += bytes;
    become_idle(range);
}

std::size_t Pool::trim() noexcept {
    const std::lock_guard lock(mutex_);
    collect();
    return trim_locked();
}

std::size_t Pool::trim_all() noexcept {
    const std::lock_guard lock(mutex_);
    wait_for_frees();
    return trim_locked();
}

// An arena gives back whole chunks behind its last used byte; a plain slab goes when all of it is idle.
std::size_t Pool::trim_locked() noexcept {
    const std::size_t before = statistics_.reserved_bytes;
    for (auto& slab : slabs_) {
        Range* last = slab->last;
        if (last == nullptr || last->state != RangeState::idle) continue;
        if (slab->is_plain() && last->bytes != slab->bytes) continue;
        std::size_t kept = 0;
        if (!slab->is_plain()) {
            slab->arena.decommit(slab->bytes - last->bytes);
            kept = slab->arena.committed_bytes();
        }
        const std::size_t given_back = slab->bytes - kept;
        if (given_back == 0) continue;
        idle_.erase(idle_.iterator_to(*last));
        slab->bytes = kept;
        statistics_.reserved_bytes -= given_back;
        statistics_.idle_bytes -= given_back;
        if (last->bytes > given_back) {
            last->bytes -= given_back;
            idle_.insert(*last);
            continue;
        }
        slab->last = last->previous;
        (last->previous != nullptr ? last->previous->next : slab->first) = nullptr;
        delete last;
        if (slab->is_plain()) report_teardown(device_.memory_release(slab->data), "trimming the pool");
    }
    std::erase_if(slabs_, [](const auto& slab) { return slab->is_plain() && slab->bytes == 0; });
    return before - statistics_.reserved_bytes;
}

PoolStatistics Pool::statistics() const {
    const std::lock_guard lock(mutex_);
    return statistics_;
}

}  // namespace triune
