// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/buffer_state.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/growth.hpp>
#include <triune/manage/growth_policy.hpp>
#include <triune/manage/manager_core.hpp>
#include <triune/manage/shrinking.hpp>

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
    core_->charge(bytes, label(), description().refusable);
    try {
        core_->obtain_memory(bytes, label(), [&] {
            storage_ = pool_zeroes ? Storage::zeroed(resources, bytes, stream)
                                   : new_storage(tier, resources, bytes, config, stream);
        });
        if (config.zeroed && !pool_zeroes) {
            Submission work(resources, order);
            work.zero(storage_.data(), bytes, "zeroing a buffer's new elements");
            work.finish();
        }
    } catch (...) {
        storage_.release(resources, order);
        core_->memory.subtract(bytes);
        throw;
    }
}

inline void BufferState::obtain_first(std::size_t bytes, StreamOrder order) {
    if (bytes == 0) return;
    if (bytes > description().config.max_size_bytes)
        static_cast<void>(grown_capacity(bytes));  // throws, with the figures
    for (;;) {
        try {
            try_first(bytes, order);
            break;
        } catch (const limit_exceeded&) {
            if (!core_->ask_failure_hook(bytes)) throw;
        } catch (const out_of_memory&) {
            if (!core_->ask_failure_hook(bytes)) throw;
        }
    }
    capacity_.store(bytes, std::memory_order_relaxed);
    size_.store(bytes, std::memory_order_relaxed);
    log::debug([&] { return "allocated '" + label() + "', " + std::to_string(bytes) + " bytes"; });
}

BufferReference BufferState::make(ManagerCore& core, std::optional<std::string_view> name,
                                  const BufferDescription& description, std::size_t bytes, StreamOrder order) {
    BufferReference made = not_listed_yet(core, name, description);
    made->obtain_first(bytes, order);
    core.registry.add(*made, bytes);
    return made;
}

BufferReference BufferState::make_found(ManagerCore& core, const NameKey& name, const BufferDescription& description,
                                        std::size_t bytes, StreamOrder order) {
    BufferReference made = not_listed_yet(core, name.text, description);
    made->obtain_first(bytes, order);
    if (core.registry.add_named(*made, name, bytes)) return made;
    return nullptr;
}

void BufferState::dispose() noexcept {
    if (!freed()) free(StreamOrder::after_all());
    flights_.reset();
}

BufferState::Flights& BufferState::flights() {
    if (!flights_) flights_ = std::make_unique<Flights>();
    return *flights_;
}

// Those that may read its bytes; null where there is none.
std::array<DownloadChannel*, 2> BufferState::readers() const noexcept {
    if (!flights_) return {};
    return {flights_->own.get(), flights_->reader.get()};
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
        throw max_size_exceeded("Required size " + std::to_string(required) + " exceeds maximum buffer size " +
                                std::to_string(config.max_size_bytes) + " for " + label());
    }
    return next_capacity_bytes(capacity_, required, config);
}

void BufferState::reserve(std::size_t bytes, StreamOrder order) { Growth::for_required(*this, bytes, order).commit(); }

void BufferState::ensure(std::size_t bytes, StreamOrder order) {
    Growth::for_required(*this, bytes, order).commit(bytes);
}

void BufferState::allocate_exactly(std::size_t bytes, StreamOrder order) {
    if (bytes > description().config.max_size_bytes)
        static_cast<void>(grown_capacity(bytes));  // throws, with the figures
    Growth(*this, bytes, order).commit(bytes);
}

void BufferState::set_size_bytes(std::size_t bytes) {
    const std::lock_guard lock(*this);
    require_alive();
    touch();
    size_ = std::min<std::size_t>(bytes, capacity_);
}

// Another thread may free the buffer while the failure hook runs, unlocked: the core is held for that.
void BufferState::shrink_to_fit(StreamOrder order) {
    std::shared_ptr<ManagerCore> core;
    for (;;) {
        try {
            return Shrinking(*this, order, &core).commit();
        } catch (const out_of_memory&) {
            if (!core->ask_failure_hook(size_)) throw;
        }
    }
}

void BufferState::order_after_uses(Submission& work) const {
    work.after_earlier_work();
    for (DownloadChannel* const reader : readers()) {
        if (reader != nullptr) reader->hold_back(work.stream());
    }
}

DownloadChannel& BufferState::channel() {
    require_alive();
    touch();
    if (!description().config.enable_async) {
        throw async_not_enabled("'" + label() + "' was made without BufferConfig::enable_async");
    }
    auto& own = flights().own;
    if (!own) own = std::make_shared<DownloadChannel>(core_->resources);
    return *own;
}

void BufferState::start_download(StreamHandle producer, DownloadMode mode) {
    std::shared_ptr<DownloadChannel> own;
    {
        const std::lock_guard lock(*this);
        static_cast<void>(channel());
        own = flights_->own;
    }
    BufferState* const self = this;
    start_download({&self, 1}, own, producer, label(), mode);
}

// The failure hook runs unlocked, as in a growth.
void BufferState::start_download(std::span<BufferState* const> buffers, const std::shared_ptr<DownloadChannel>& channel,
                                 StreamHandle producer, const std::string& name, DownloadMode mode) {
    std::shared_ptr<ManagerCore> core;  // held while the hook runs
    for (;;) {
        std::size_t bytes = 0;
        try {
            std::vector<std::unique_lock<BufferState>> locks;
            std::vector<DeviceSpan> spans;
            locks.reserve(buffers.size());
            spans.reserve(buffers.size());
            for (BufferState* buffer : buffers) {
                locks.emplace_back(*buffer);
                buffer->require_alive();
                buffer->touch();
                if (!core) core = buffer->core_->shared_from_this();
                static_cast<void>(buffer->flights());
                spans.push_back({buffer->size_ == 0 ? nullptr : buffer->storage_.data(), buffer->size_});
                bytes += buffer->size_;
            }
            channel->start(spans, producer, name, mode);
            for (BufferState* buffer : buffers) {
                if (channel != buffer->flights_->own) buffer->flights_->reader = channel;
            }
            core->registry.count_transfer();
            return;
        } catch (const out_of_memory&) {
            if (!core->ask_failure_hook(bytes)) throw;
        }
    }
}

void BufferState::read_by(std::shared_ptr<DownloadChannel> channel) {
    const std::lock_guard lock(*this);
    require_alive();
    flights().reader.swap(channel);
}

// The wait itself runs unlocked, so that other calls on the buffer go on; the channel lives as long as this state does.
Snapshot BufferState::wait_for_download() {
    DownloadChannel* flights = nullptr;
    {
        const std::lock_guard lock(*this);
        flights = &channel();
    }
    return flights->wait(label());
}

Snapshot BufferState::latest_download() {
    const std::lock_guard lock(*this);
    return channel().latest();
}

bool BufferState::download_pending() {
    const std::lock_guard lock(*this);
    return channel().pending();
}

bool BufferState::poll_download() {
    const std::lock_guard lock(*this);
    return channel().poll();
}

// Whether a free in `order` also waits for the flights under way to have read the bytes.
bool BufferState::readers_known(StreamOrder order) const noexcept {
    if (!order.names_stream()) return true;
    try {
        for (DownloadChannel* const reader : readers()) {
            if (reader != nullptr) reader->hold_back(order.stream());
        }
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::size_t BufferState::release_memory(StreamOrder order) noexcept {
    const std::size_t bytes = capacity_;
    storage_.release(*core_->resources, readers_known(order) ? order : StreamOrder::after_all());
    core_->registry.remove(*this, core_->memory);
    return bytes;
}

void BufferState::tell_freed(std::size_t bytes) const noexcept {
    log::debug([&] { return "freed '" + label() + "', " + std::to_string(bytes) + " bytes"; });
}

inline std::size_t BufferState::free_alone(StreamOrder order) noexcept {
    const trace::Range range("free", label());
    set_life(is_freed, true);
    return release_memory(order);
}

std::size_t BufferState::free_excluding_calls(StreamOrder order) noexcept {
    const trace::Range range("free", label());
    const std::lock_guard lock(*this);
    if (freed()) return not_freed;
    set_life(is_freed, true);
    return release_memory(order);
}

void BufferState::free(StreamOrder order) noexcept {
    if (freed()) return;
    if (has_one_owner()) return tell_freed(free_alone(order));
    if (calls_.held_here()) {  // by a growth, which is an owner too
        set_life(is_freed, true);
        return Growth::free_after(*this, order);
    }
    const std::size_t bytes = free_excluding_calls(order);
    if (bytes != not_freed) tell_freed(bytes);
}

}  // namespace triune
