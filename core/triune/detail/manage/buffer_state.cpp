// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/buffer_state.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/manage/buffer_in_log.hpp>
#include <triune/detail/manage/growth.hpp>
#include <triune/detail/manage/growth_policy.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/recording.hpp>
#include <triune/detail/manage/shrinking.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/detail/track/name_key.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/shortage.hpp>

namespace triune {

inline BufferState::BufferState(ManagerCore& core, std::optional<std::string_view> name,
                                const SharedDescription& description)
    : TrackedAllocation(description, name), core_(&core) {}

BufferState::BufferState(const std::shared_ptr<ManagerCore>& core, std::optional<std::string_view> name,
                         const BufferDescription& description)
    : BufferState(*core, name, SharedDescription::of(description)) {
    core_->registry.add(*this);
}

BufferState::~BufferState() { SharedDescription::let_go(static_cast<const SharedDescription&>(origin())); }

inline BufferReference BufferState::not_listed_yet(ManagerCore& core, std::optional<std::string_view> name,
                                                   const BufferDescription& description) {
    auto* const made = new BufferState(core, name, SharedDescription::of(description));
    made->begin_owned();
    return {made, false};
}

inline void BufferState::try_first(std::size_t bytes, StreamOrder order) {
    const trace::Range range("allocate", label());
    DeviceResources& resources = *core_->resources;
    const BufferConfig& config = description().config;
    const StreamHandle stream = order.names_stream() ? order.stream() : resources.service.handle();
    const GrowthTier tier = first_tier(bytes, config, resources.device.properties());
    const bool pool_zeroes = config.zeroed && tier == GrowthTier::copy && order.names_stream();
    const MemoryRequest request{label(), bytes};
    core_->charge(request, description().refusable);
    try {
        core_->acquire_memory(request, [&] {
            storage_ = pool_zeroes ? Storage::zeroed(resources, bytes, stream)
                                   : new_storage(tier, resources, bytes, config, stream);
        });
        if (config.zeroed && !pool_zeroes) {
            Submission work(resources, order, label());
            work.zero(storage_.data(), bytes, "zeroing a buffer's new elements");
            work.finish();
        }
    } catch (...) {
        storage_.release(resources, order);
        core_->memory.subtract(bytes);
        throw;
    }
}

inline void BufferState::acquire_first(std::size_t bytes, StreamOrder order) {
    if (bytes == 0) return;
    if (bytes > description().config.max_size_bytes)
        static_cast<void>(grown_capacity(bytes));  // throws, with the figures
    Shortage::retry([&](Shortage& shortage) {
        try {
            try_first(bytes, order);
        } catch (const Error&) {
            shortage.note(*core_, *this, bytes);
            throw;
        }
    });
    capacity_.store(bytes, std::memory_order_relaxed);
    size_.store(bytes, std::memory_order_relaxed);
    note_address();
    log::debug([&] {
        return "allocated " + std::to_string(bytes) +
               " bytes: " + in_log(*this, device_in_log(*core_->resources), order);
    });
}

// Others may have it, and free it, as soon as it is in the registry: so what is told of it is read before.
template <typename Enter>
inline bool BufferState::enter_and_tell(StreamOrder order, Enter&& enter) {
    if (!recorder::is_on()) return enter();
    MemoryEvent event = recording::event(MemoryEventKind::allocate, *core_, *this, order);
    event.address = storage_.data();
    event.bytes = capacity_;
    const bool entered = enter();
    event.id = id();
    if (entered && event.bytes > 0) recorder::note(event);
    return entered;
}

BufferReference BufferState::make(ManagerCore& core, std::optional<std::string_view> name,
                                  const BufferDescription& description, std::size_t bytes, StreamOrder order) {
    BufferReference made = not_listed_yet(core, name, description);
    made->acquire_first(bytes, order);
    made->enter_and_tell(order, [&] {
        core.registry.add(*made, bytes);
        return true;
    });
    return made;
}

BufferReference BufferState::make_found(ManagerCore& core, const NameKey& name, const BufferDescription& description,
                                        std::size_t bytes, StreamOrder order) {
    BufferReference made = not_listed_yet(core, name.text, description);
    made->acquire_first(bytes, order);
    if (made->enter_and_tell(order, [&] { return core.registry.add_named(*made, name, bytes); })) return made;
    return nullptr;
}

void BufferState::dispose() noexcept {
    if (!freed()) free(StreamOrder::after_all());
    readers_.reset();
}

const std::string& BufferState::unnamed_label() noexcept {
    static const std::string* const unnamed = new std::string("(unnamed)");  // outlives every static owner
    return *unnamed;
}

void BufferState::require_alive() const {
    if (freed()) throw stale_handle("the buffer '" + label() + "' has been freed");
}

void* BufferState::data() const {
    const std::lock_guard lock(*this);
    require_alive();
    touch();
    return capacity_ == 0 ? nullptr : storage_.data();
}

std::size_t BufferState::size_bytes() const {
    require_alive();
    return size_;
}

std::size_t BufferState::capacity_bytes() const {
    require_alive();
    return capacity_;
}

BufferStats BufferState::stats() const {
    require_alive();
    return TrackedAllocation::stats();
}

std::size_t BufferState::grown_capacity(std::size_t required) const {
    const BufferConfig& config = description().config;
    if (required > config.max_size_bytes) {
        throw max_size_exceeded(
            "Required size " + std::to_string(required) + " exceeds maximum buffer size " +
                std::to_string(config.max_size_bytes) + " for " + label(),
            {"asked: " + byte_text(required) + " in all; '" + label() + "' has " + byte_text(capacity_) +
                 ", its BufferConfig::max_size_bytes is " + byte_text(config.max_size_bytes),
             "next: raise BufferConfig::max_size_bytes, which is 1 GiB unless you say otherwise"});
    }
    const std::size_t next = next_capacity_bytes(capacity_, required, config);
    // A stable address ends where its reservation does.
    if (!config.stable_address || !storage_.is_mapped()) return next;
    return std::max(required, std::min(next, storage_.reserved_bytes()));
}

void BufferState::reserve(std::size_t bytes, StreamOrder order) {
    Shortage::retry([&](Shortage& shortage) { Growth::for_required(*this, bytes, order, shortage).commit(); });
}

void BufferState::ensure(std::size_t bytes, StreamOrder order) {
    Shortage::retry([&](Shortage& shortage) { Growth::for_required(*this, bytes, order, shortage).commit(bytes); });
}

void BufferState::allocate_exactly(std::size_t bytes, StreamOrder order) {
    if (bytes > description().config.max_size_bytes)
        static_cast<void>(grown_capacity(bytes));  // throws, with the figures
    Shortage::retry([&](Shortage& shortage) { Growth(*this, bytes, order, shortage).commit(bytes); });
}

void BufferState::set_size_bytes(std::size_t bytes) {
    const std::lock_guard lock(*this);
    require_alive();
    touch();
    size_ = std::min<std::size_t>(bytes, capacity_);
}

void BufferState::shrink_to_fit(StreamOrder order) {
    Shortage::retry([&](Shortage& shortage) { Shrinking(*this, order, shortage).commit(); });
}

void BufferState::order_after_uses(Submission& work) const {
    work.after_earlier_work();
    readers_.hold_back(work.stream());
}

// Whether a free in `order` also waits for the downloads in flight to have read the bytes.
bool BufferState::readers_known(StreamOrder order) const noexcept {
    if (!order.names_stream()) return true;
    try {
        readers_.hold_back(order.stream());
        return true;
    } catch (const Error&) {
        return false;
    }
}

BufferState::Freed BufferState::release_memory(StreamOrder order) noexcept {
    const Freed was_there{capacity_, device_in_log(*core_->resources)};
    if (recorder::is_on()) recording::freed(*core_, *this, order, storage_.data(), was_there.bytes);
    address_.store(nullptr, std::memory_order_relaxed);
    storage_.release(*core_->resources, readers_known(order) ? order : StreamOrder::after_all());
    core_->registry.remove(*this, core_->memory);
    return was_there;
}

void BufferState::tell_freed(Freed was_there, StreamOrder order) const noexcept {
    log::debug([&] {
        return "freed " + std::to_string(was_there.bytes) + " bytes: " + in_log(*this, was_there.device, order);
    });
}

inline BufferState::Freed BufferState::free_alone(StreamOrder order) noexcept {
    const trace::Range range("free", label());
    set_life(is_freed, true);
    return release_memory(order);
}

BufferState::Freed BufferState::free_excluding_calls(StreamOrder order) noexcept {
    const trace::Range range("free", label());
    const std::lock_guard lock(*this);
    if (freed()) return {not_freed, 0};
    set_life(is_freed, true);
    return release_memory(order);
}

void BufferState::free(StreamOrder order) noexcept {
    if (freed()) return;
    if (calls_.held_here()) {  // whose last owner may go meanwhile
        intrusive_ptr_add_ref(this);
        return set_life(is_freed | is_freed_at_unlock, true);
    }
    if (calls_.left_behind()) return;  // half changed, and the parent's
    if (has_one_owner()) return tell_freed(free_alone(order), order);
    const Freed was_there = free_excluding_calls(order);
    if (was_there.bytes != not_freed) tell_freed(was_there, order);
}

// Not unlocked in between: the thread may have other buffers locked, out of order.
void BufferState::release_and_unlock() const noexcept {
    const boost::intrusive_ptr<BufferState> kept(const_cast<BufferState*>(this), false);
    kept->set_life(is_freed_at_unlock, false);
    const Freed was_there = kept->release_memory(StreamOrder::after_all());
    calls_.unlock();
    tell_freed(was_there, StreamOrder::after_all());
}

bool BufferState::free_if_unused(StreamOrder order) noexcept {
    if (calls_.held_here()) return false;
    const trace::Range range("free", label());
    Registry::Owner named;
    Freed was_there{};
    {
        const std::unique_lock lock(*this, std::try_to_lock);
        if (!lock || !unused()) return false;
        named = core_->registry.extract_name_of(*this);
        set_life(is_freed, true);
        was_there = release_memory(order);
    }
    tell_freed(was_there, order);
    return true;
}

}  // namespace triune
