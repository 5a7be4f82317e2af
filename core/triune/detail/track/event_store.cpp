// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/event_store.hpp>

#include <algorithm>
#include <new>
#include <type_traits>
#include <utility>

#include <triune/detail/base/thread_number.hpp>

namespace triune {

static_assert(std::is_trivially_copyable_v<StoredEvent> && std::is_trivially_copyable_v<StackTrace>);

namespace {

// Not by memcpy alone: where the compiler knows that they are some hundred bytes at most it copies by an instruction
// that takes longer to begin than a name.
void copy_name(std::byte* to, const char* from, std::size_t bytes) noexcept {
    for (; bytes >= 8; to += 8, from += 8, bytes -= 8) std::memcpy(to, from, 8);
    for (; bytes > 0; ++to, ++from, --bytes) *to = static_cast<std::byte>(*from);
}

}  // namespace

// A block is written to before it is read, so its memory stays untouched until then.
// Those of a former recording serve again where they are as many: pages that have been touched cost less.
bool EventStore::make_blocks(std::size_t max_bytes) noexcept {
    const std::size_t count = std::max<std::size_t>(max_bytes / EventBlock::size, 2);
    if (count != count_) {
        count_ = 0;
        blocks_.reset(new (std::nothrow) EventBlock[count]);
        if (!blocks_) return false;
        count_ = count;
    }
    for (std::size_t i = count; i > 0; --i) blocks_[i - 1].next = std::exchange(spare_, &blocks_[i - 1]);
    ready_ = true;
    return true;
}

std::byte* EventStore::room(std::size_t bytes) noexcept {
    if (newest_ == nullptr || newest_->used + bytes > sizeof newest_->data) {
        EventBlock* next = nullptr;
        if (spare_ != nullptr) {
            next = std::exchange(spare_, spare_->next);
        } else if (oldest_ != nullptr) {
            next = std::exchange(oldest_, oldest_->next);
            if (oldest_ == nullptr) newest_ = nullptr;
            lost_ += next->count;
        } else {
            return nullptr;  // a writer has them all
        }
        next->next = nullptr;
        next->used = next->count = 0;
        (newest_ != nullptr ? newest_->next : oldest_) = next;
        newest_ = next;
    }
    std::byte* const place = newest_->data + newest_->used;
    newest_->used += static_cast<std::uint32_t>(bytes);
    ++newest_->count;
    return place;
}

void EventStore::note(const MemoryEvent& event, const StackTrace* stack, std::size_t max_bytes) noexcept {
    const std::size_t name_bytes = std::min(event.name.size(), StoredEvent::max_name_bytes);
    const bool resized = event.kind == MemoryEventKind::grow || event.kind == MemoryEventKind::shrink;
    const std::size_t before_bytes = resized ? sizeof(StoredEvent::Before) : 0;
    const std::size_t stack_bytes = stack == nullptr ? 0 : sizeof *stack;
    const std::size_t bytes = (sizeof(StoredEvent) + before_bytes + stack_bytes + name_bytes + 7) / 8 * 8;
    std::byte* const place = ready_ || make_blocks(max_bytes) ? room(bytes) : nullptr;
    if (place == nullptr) {
        ++lost_;
        return;
    }
    const auto fact = [](bool is, StoredEvent::Fact bit) { return is ? bit : 0; };
    const auto facts = static_cast<std::uint8_t>(
        fact(event.on_stream, StoredEvent::on_stream) | fact(event.has_name, StoredEvent::has_name) |
        fact(resized, StoredEvent::has_before) | fact(stack != nullptr, StoredEvent::has_stack));
    auto* const stored = new (place) StoredEvent{.ticks = event.ticks,
                                                 .id = event.id,
                                                 .bytes = event.bytes,
                                                 .address = event.address,
                                                 .stream = event.stream,
                                                 .where = event.where,
                                                 .manager = event.manager,
                                                 .thread = this_thread_number(),
                                                 .stored_bytes = static_cast<std::uint16_t>(bytes),
                                                 .name_bytes = static_cast<std::uint16_t>(name_bytes),
                                                 .kind = event.kind,
                                                 .reason = event.reason,
                                                 .facts = facts};
    auto* behind = reinterpret_cast<std::byte*>(stored + 1);
    if (resized) new (behind) StoredEvent::Before{event.from, event.bytes_before};
    behind += before_bytes;
    if (stack != nullptr) std::memcpy(behind, stack, stack_bytes);
    copy_name(behind + stack_bytes, event.name.data(), name_bytes);
    // The next event's lines of memory are long out of the caches; they come while the program does something else.
    for (std::size_t line = 0; line < 2; ++line) __builtin_prefetch(place + bytes + line * 64, 1);
}

void EventStore::reset() noexcept {
    ready_ = false;
    oldest_ = newest_ = spare_ = nullptr;
    lost_ = 0;
}

EventBlock* EventStore::remove_all() noexcept {
    newest_ = nullptr;
    return std::exchange(oldest_, nullptr);
}

void EventStore::bring_back(EventBlock* blocks) noexcept {
    while (blocks != nullptr) {
        EventBlock* const next = blocks->next;
        blocks->next = std::exchange(spare_, blocks);
        blocks = next;
    }
}

void EventStore::copy_to(std::vector<std::unique_ptr<EventBlock>>& copies) const {
    for (const EventBlock* each = oldest_; each != nullptr; each = each->next) {
        std::unique_ptr<EventBlock> copy(new EventBlock);
        copy->used = each->used;
        copy->count = each->count;
        std::memcpy(copy->data, each->data, each->used);
        copies.push_back(std::move(copy));
    }
}

}  // namespace triune
