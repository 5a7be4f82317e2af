#include <triune/manage/buffer_state.hpp>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/units.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/growth.hpp>
#include <triune/manage/manager_core.hpp>
#include <triune/track/type_name.hpp>

namespace triune {
namespace {

double seconds_since(std::chrono::steady_clock::time_point then) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

}  // namespace

BufferState::BufferState(std::shared_ptr<ManagerCore> core, BufferDescription description)
    : core_(std::move(core)), description_(std::move(description)) {
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
    if (freed()) throw stale_handle(std::string("the buffer '") + label() + "' has been freed");
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

// A mapped buffer keeps its address and gives back whole chunks, which needs the device's work done: unmapping is not
// ordered on any stream. A pooled one moves to a smaller block.
void BufferState::shrink_to_fit(StreamOrder order) {
    const std::lock_guard lock(mutex_);
    require_alive();
    touch();
    if (size_ == capacity_) return;
    DeviceResources& resources = *core_->resources;
    if (storage_.is_mapped() && size_ > 0) {
        resources.service.join_all();
        resources.service.synchronize();
        storage_.decommit(size_);
    } else {
        Storage smaller;
        if (size_ > 0) {
            Submission work(resources, order);
            core_->obtain_memory(size_, label(), [&] { smaller = Storage::pooled(resources, size_, work.stream()); });
            try {
                order_after_uses(work);
                work.copy(smaller.data(), storage_.data(), size_, "moving a shrinking buffer's contents");
                work.finish();
            } catch (...) {
                smaller.release(order);
                throw;
            }
        }
        std::exchange(storage_, std::move(smaller)).release(order);
    }
    core_->memory.subtract(capacity_ - size_);
    core_->allocated.subtract(capacity_ - size_);
    capacity_ = size_.load();
    core_->registry.resized(record_, capacity_, true);
    core_->counters.resizes.fetch_add(1, std::memory_order_relaxed);
}

void BufferState::check_range(std::size_t offset, std::size_t bytes, const char* what) const {
    if (offset > size_ || bytes > size_ - offset) {
        throw invalid_argument(std::string(what) + " '" + label() + "': bytes " + std::to_string(offset) + " to " +
                               std::to_string(offset + bytes) + " lie outside its " + std::to_string(size_));
    }
}

void BufferState::upload(std::size_t offset, const void* source, std::size_t bytes, StreamOrder order) {
    const std::lock_guard lock(mutex_);
    require_alive();
    touch();
    check_range(offset, bytes, "uploading to");
    if (bytes == 0) return;
    Submission work(*core_->resources, order);
    order_after_uses(work);
    work.copy(storage_.data() + offset, source, bytes, "uploading");
    work.finish();
}

void BufferState::download(std::size_t offset, void* destination, std::size_t bytes, StreamOrder order) const {
    const std::lock_guard lock(mutex_);
    require_alive();
    touch();
    check_range(offset, bytes, "downloading from");
    if (bytes == 0) return;
    Submission work(*core_->resources, order);
    order_after_uses(work);
    work.copy(destination, storage_.data() + offset, bytes, "downloading");
    work.finish();
}

// The device fills elements of 1, 2 and 4 bytes itself, and others whose bytes are all the same; of the rest it fills
// the first element piece by piece, so that nobody waits for an upload of it, and then doubles it in log2(count)
// copies.
void BufferState::fill(const void* value, std::size_t count, StreamOrder order) {
    const std::size_t width = description_.element_size;
    const std::lock_guard lock(mutex_);
    require_alive();
    touch();
    std::size_t bytes = 0;
    if (!multiply(count, width, bytes)) bytes = size_ + 1;
    check_range(0, bytes, "filling");
    if (bytes == 0) return;
    const auto* const first = static_cast<const unsigned char*>(value);
    const bool uniform = std::all_of(first, first + width, [&](unsigned char byte) { return byte == *first; });
    Submission work(*core_->resources, order);
    order_after_uses(work);
    if (uniform) {
        work.fill(storage_.data(), *first, 1, bytes, "filling");
    } else if (width == 2 || width == 4) {
        std::uint32_t pattern = 0;
        std::memcpy(&pattern, value, width);
        work.fill(storage_.data(), pattern, static_cast<unsigned>(width), count, "filling");
    } else {
        const std::size_t piece = width % 4 == 0 ? 4 : width % 2 == 0 ? 2 : 1;
        for (std::size_t done = 0; done < width; done += piece) {
            std::uint32_t pattern = 0;
            std::memcpy(&pattern, first + done, piece);
            work.fill(storage_.data() + done, pattern, static_cast<unsigned>(piece), 1, "filling");
        }
        for (std::size_t done = width; done < bytes; done *= 2) {
            work.copy(storage_.data() + done, storage_.data(), std::min(done, bytes - done), "filling");
        }
    }
    work.finish();
}

void BufferState::copy_from(const BufferState& source, StreamOrder order) {
    if (&source == this) return require_alive();
    const std::scoped_lock lock(mutex_, source.mutex_);
    require_alive();
    source.require_alive();
    touch();
    source.touch();
    if (source.size_ != size_) {
        throw invalid_argument(std::string("copying '") + source.label() + "' (" + std::to_string(source.size_) +
                               " bytes) to '" + label() + "' (" + std::to_string(size_) + "): the sizes differ");
    }
    if (size_ == 0) return;
    Submission work(*core_->resources, order);
    order_after_uses(work);
    work.copy(storage_.data(), source.storage_.data(), size_, "copying between buffers");
    work.finish();
}

void BufferState::order_after_uses(Submission& work) const {
    work.after_earlier_work();
    if (channel_) channel_->hold_back(work.stream());
}

DownloadChannel& BufferState::channel() {
    require_alive();
    touch();
    if (!description_.config.enable_async) {
        throw async_not_enabled(std::string("'") + label() + "' was made without BufferConfig::enable_async");
    }
    if (!channel_) channel_ = std::make_unique<DownloadChannel>(core_->resources);
    return *channel_;
}

void BufferState::start_download(StreamHandle producer, DownloadMode mode) {
    const std::lock_guard lock(mutex_);
    const DeviceSpan span{size_ == 0 ? nullptr : storage_.data(), size_};
    channel().start({&span, 1}, producer, label(), mode);
    core_->counters.async_transfers.fetch_add(1, std::memory_order_relaxed);
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

// Whether a free in `order` also waits for the flights under way to have read the bytes.
bool BufferState::readers_known(StreamOrder order) const noexcept {
    if (!channel_ || !order.names_stream()) return true;
    try {
        channel_->hold_back(order.stream());
        return true;
    } catch (const Error&) {
        return false;
    }
}

void BufferState::free(StreamOrder order) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (freed_.exchange(true)) return;
        storage_.release(readers_known(order) ? order : StreamOrder::after_all());
        core_->memory.subtract(capacity_);
        core_->allocated.subtract(capacity_);
        capacity_ = 0;
        size_ = 0;
    }
    core_->registry.remove(record_);
    core_->leave(record_);
}

}  // namespace triune
