#include <triune/manage/buffer_state.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/growth.hpp>
#include <triune/manage/manager_core.hpp>
#include <triune/manage/shrinking.hpp>
#include <triune/track/type_name.hpp>

namespace triune {
namespace {

// Outlives every static owner.
const std::string& unnamed() {
    static const std::string* const label = new std::string("(unnamed)");
    return *label;
}

double seconds_since(std::chrono::steady_clock::time_point then) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

}  // namespace

BufferState::BufferState(std::shared_ptr<ManagerCore> core, BufferDescription description)
    : core_(std::move(core)),
      description_(std::move(description)),
      label_(description_.name ? *description_.name : unnamed()) {
    AllocationRecord record;
    record.name = description_.name;
    record.kind = description_.kind;
    if (description_.type != nullptr) record.type = readable_type_name(*description_.type);
    record.where = description_.where;
    record_ = core_->registry.add(std::move(record));
}

void BufferState::enter_books() { core_->enter(record_, weak_from_this()); }

BufferState::~BufferState() { free(StreamOrder::after_all()); }

void BufferState::require_alive() const {
    if (freed()) throw stale_handle("the buffer '" + label() + "' has been freed");
}

void BufferState::touch() const noexcept {
    last_access_.store(std::chrono::steady_clock::now(), std::memory_order_relaxed);
}

void* BufferState::data() const {
    const std::lock_guard lock(mutex_);
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

// The size is read before the capacity and cut to it: a growth or shrinking in between then shows no utilization
// above 1.
BufferStats BufferState::stats() const {
    require_alive();
    BufferStats stats;
    stats.name = description_.name.value_or("");
    const std::size_t size = size_;
    stats.capacity_bytes = capacity_;
    stats.allocated_bytes = std::min(size, stats.capacity_bytes);
    if (stats.capacity_bytes > 0) {
        stats.utilization = static_cast<float>(stats.allocated_bytes) / static_cast<float>(stats.capacity_bytes);
    }
    stats.age_seconds = seconds_since(created_);
    stats.last_access_seconds = seconds_since(last_access_);
    return stats;
}

std::size_t BufferState::grown_capacity(std::size_t required) const {
    const BufferConfig& config = description_.config;
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
    if (bytes > description_.config.max_size_bytes)
        static_cast<void>(grown_capacity(bytes));  // throws, with the figures
    Growth(*this, bytes, order).commit(bytes);
}

void BufferState::set_size_bytes(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    require_alive();
    touch();
    size_ = std::min<std::size_t>(bytes, capacity_);
}

void BufferState::shrink_to_fit(StreamOrder order) {
    for (;;) {
        try {
            return Shrinking(*this, order).commit();
        } catch (const out_of_memory&) {
            if (!core_->ask_failure_hook(size_)) throw;
        }
    }
}

void BufferState::order_after_uses(Submission& work) const {
    work.after_earlier_work();
    for (DownloadChannel* flights : {channel_.get(), reader_.get()}) {
        if (flights != nullptr) flights->hold_back(work.stream());
    }
}

DownloadChannel& BufferState::channel() {
    require_alive();
    touch();
    if (!description_.config.enable_async) {
        throw async_not_enabled("'" + label() + "' was made without BufferConfig::enable_async");
    }
    if (!channel_) channel_ = std::make_shared<DownloadChannel>(core_->resources);
    return *channel_;
}

void BufferState::start_download(StreamHandle producer, DownloadMode mode) {
    std::shared_ptr<DownloadChannel> own;
    {
        const std::lock_guard lock(mutex_);
        static_cast<void>(channel());
        own = channel_;
    }
    BufferState* const self = this;
    start_download({&self, 1}, own, producer, label(), mode);
}

// The failure hook runs unlocked, as in a growth.
void BufferState::start_download(std::span<BufferState* const> buffers, const std::shared_ptr<DownloadChannel>& channel,
                                 StreamHandle producer, const std::string& name, DownloadMode mode) {
    ManagerCore& core = *buffers.front()->core_;
    for (;;) {
        std::size_t bytes = 0;
        try {
            std::vector<std::unique_lock<CallMutex>> locks;
            std::vector<DeviceSpan> spans;
            locks.reserve(buffers.size());
            spans.reserve(buffers.size());
            for (BufferState* buffer : buffers) {
                locks.emplace_back(buffer->mutex_);
                buffer->require_alive();
                buffer->touch();
                spans.push_back({buffer->size_ == 0 ? nullptr : buffer->storage_.data(), buffer->size_});
                bytes += buffer->size_;
            }
            channel->start(spans, producer, name, mode);
            for (BufferState* buffer : buffers) {
                if (channel != buffer->channel_) buffer->reader_ = channel;
            }
            core.counters.async_transfers.fetch_add(1, std::memory_order_relaxed);
            return;
        } catch (const out_of_memory&) {
            if (!core.ask_failure_hook(bytes)) throw;
        }
    }
}

void BufferState::read_by(std::shared_ptr<DownloadChannel> channel) {
    const std::lock_guard lock(mutex_);
    require_alive();
    reader_.swap(channel);
}

// The wait itself runs unlocked, so that other calls on the buffer go on; the channel lives as long as this state does.
Snapshot BufferState::wait_for_download() {
    DownloadChannel* flights = nullptr;
    {
        const std::lock_guard lock(mutex_);
        flights = &channel();
    }
    return flights->wait(label());
}

Snapshot BufferState::latest_download() {
    const std::lock_guard lock(mutex_);
    return channel().latest();
}

bool BufferState::download_pending() {
    const std::lock_guard lock(mutex_);
    return channel().pending();
}

bool BufferState::poll_download() {
    const std::lock_guard lock(mutex_);
    return channel().poll();
}

// Whether a free in `order` also waits for the flights under way to have read the bytes.
bool BufferState::readers_known(StreamOrder order) const noexcept {
    if (!order.names_stream()) return true;
    try {
        for (DownloadChannel* flights : {channel_.get(), reader_.get()}) {
            if (flights != nullptr) flights->hold_back(order.stream());
        }
        return true;
    } catch (const Error&) {
        return false;
    }
}

void BufferState::free(StreamOrder order) noexcept {
    if (freed_.exchange(true)) return;
    if (mutex_.held_here()) {
        free_after_growth_ = order;
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        release_memory(order);
    }
    leave_books();
}

void BufferState::release_memory(StreamOrder order) noexcept {
    storage_.release(readers_known(order) ? order : StreamOrder::after_all());
    core_->memory.subtract(capacity_);
    core_->allocated.subtract(capacity_);
    capacity_ = 0;
    size_ = 0;
}

void BufferState::leave_books() noexcept {
    core_->registry.remove(record_);
    core_->leave(record_);
}

}  // namespace triune
