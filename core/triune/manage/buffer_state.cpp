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
#include <triune/manage/manager_core.hpp>
#include <triune/manage/shrinking.hpp>

namespace triune {

BufferState::BufferState(std::shared_ptr<ManagerCore> core, std::optional<std::string> name,
                         const BufferDescription& description)
    : BufferState(core, std::move(name), core->descriptions.share(description)) {}

BufferState::BufferState(std::shared_ptr<ManagerCore>& core, std::optional<std::string> name,
                         boost::intrusive_ptr<const SharedDescription> description)
    : TrackedAllocation(*description, std::move(name)), core_(core) {
    core_->registry.add(*this);
    description.detach();  // the origin of this
}

BufferState::~BufferState() { intrusive_ptr_release(static_cast<const SharedDescription*>(&origin())); }

void BufferState::dispose() noexcept {
    free(StreamOrder::after_all());
    channel_.reset();
    reader_.reset();
    core_.reset();
}

const std::string& BufferState::label() const noexcept {
    static const std::string* const unnamed = new std::string("(unnamed)");  // outlives every static owner
    return has_name() ? name() : *unnamed;
}

void BufferState::require_alive() const {
    if (freed()) throw stale_handle("the buffer '" + label() + "' has been freed");
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
    if (!description().config.enable_async) {
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
            core.registry.count_transfer();
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
    std::size_t bytes = 0;
    {
        const trace::Range range("free", label());
        const std::lock_guard lock(mutex_);
        bytes = release_memory(order);
    }
    tell_freed(bytes);
}

std::size_t BufferState::release_memory(StreamOrder order) noexcept {
    const std::size_t bytes = capacity_;
    storage_.release(readers_known(order) ? order : StreamOrder::after_all());
    core_->registry.remove(*this);
    core_->memory.subtract(bytes);  // afterwards, so that the books never stand above the limit
    return bytes;
}

void BufferState::tell_freed(std::size_t bytes) const noexcept {
    log::debug([&] { return "freed '" + label() + "', " + std::to_string(bytes) + " bytes"; });
}

}  // namespace triune
