// SPDX-License-Identifier: Apache-2.0
// The calls of BufferState that move its bytes.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/manage/buffer_state.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/manager_core.hpp>

namespace triune {

void BufferState::check_range(std::size_t offset, std::size_t bytes, const char* what) const {
    if (offset <= size_ && bytes <= size_ - offset) return;
    throw invalid_argument(std::string(what) + " '" + label() + "': " + std::to_string(bytes) + " bytes from byte " +
                           std::to_string(offset) + " on lie outside its " + std::to_string(size_));
}

void BufferState::check_all(std::size_t bytes, const char* what) const {
    if (bytes == size_) return;
    const std::size_t width = std::max<std::size_t>(description().element_size, 1);
    throw invalid_argument(std::string(what) + " '" + label() + "': " + std::to_string(bytes / width) + " elements (" +
                           std::to_string(bytes) + " bytes) given, its size is " + std::to_string(size_ / width));
}

// --- to and from the host

void BufferState::upload(std::size_t offset, const void* source, std::size_t bytes, StreamOrder order) {
    const std::lock_guard lock(*this);
    require_alive();
    check_range(offset, bytes, "uploading to");
    write_range(offset, source, bytes, order);
}

void BufferState::upload_all(const void* source, std::size_t bytes, StreamOrder order) {
    const std::lock_guard lock(*this);
    require_alive();
    check_all(bytes, "uploading to");
    write_range(0, source, bytes, order);
}

void BufferState::write_range(std::size_t offset, const void* source, std::size_t bytes, StreamOrder order) {
    touch();
    if (bytes == 0) return;
    Submission work(*core_->resources, order, label());
    order_after_uses(work);
    work.copy(storage_.data() + offset, source, bytes, "uploading");
    work.finish();
}

void BufferState::download(std::size_t offset, void* destination, std::size_t bytes, StreamOrder order) const {
    const std::lock_guard lock(*this);
    require_alive();
    check_range(offset, bytes, "downloading from");
    read_range(offset, destination, bytes, order);
}

void BufferState::download_all(void* destination, std::size_t bytes, StreamOrder order) const {
    const std::lock_guard lock(*this);
    require_alive();
    check_all(bytes, "downloading from");
    read_range(0, destination, bytes, order);
}

void BufferState::download_to(const std::function<void*(std::size_t bytes)>& room) const {
    const std::lock_guard lock(*this);
    require_alive();
    read_range(0, room(size_), size_, StreamOrder::after_all());
}

void BufferState::read_range(std::size_t offset, void* destination, std::size_t bytes, StreamOrder order) const {
    touch();
    if (bytes == 0) return;
    Submission work(*core_->resources, order, label());
    order_after_uses(work);
    work.copy(destination, storage_.data() + offset, bytes, "downloading");
    work.finish();
}

// --- on the device

void BufferState::fill(std::size_t offset, const void* value, std::size_t count, StreamOrder order) {
    const std::lock_guard lock(*this);
    require_alive();
    std::size_t bytes = 0;
    if (!multiply(count, description().element_size, bytes)) bytes = size_ + 1;
    check_range(offset, bytes, "filling");
    fill_range(offset, value, bytes, order);
}

// A tail shorter than an element, which a size in bytes may leave, stays as it is.
void BufferState::fill_all(const void* value, StreamOrder order) {
    const std::lock_guard lock(*this);
    require_alive();
    const std::size_t width = description().element_size;
    fill_range(0, value, width == 0 ? 0 : size_ / width * width, order);
}

// The device fills elements of 1, 2 and 4 bytes itself, and others whose bytes are all the same; of the rest it fills
// the first element piece by piece, so that nobody waits for an upload of it, and then doubles it in log2(count)
// copies. Where bytes begin at an odd place, pieces of one byte do for any width.
void BufferState::fill_range(std::size_t offset, const void* value, std::size_t bytes, StreamOrder order) {
    touch();
    if (bytes == 0) return;
    const std::size_t width = description().element_size;
    const auto* const first = static_cast<const unsigned char*>(value);
    const bool uniform = std::all_of(first, first + width, [&](unsigned char byte) { return byte == *first; });
    std::byte* const front = storage_.data() + offset;
    const auto aligned = [&](std::size_t piece) { return width % piece == 0 && offset % piece == 0; };
    Submission work(*core_->resources, order, label());
    order_after_uses(work);
    if (uniform) {
        work.fill(front, *first, 1, bytes, "filling");
    } else if ((width == 2 || width == 4) && aligned(width)) {
        std::uint32_t pattern = 0;
        std::memcpy(&pattern, value, width);
        work.fill(front, pattern, static_cast<unsigned>(width), bytes / width, "filling");
    } else {
        const std::size_t piece = aligned(4) ? 4 : aligned(2) ? 2 : 1;
        for (std::size_t done = 0; done < width; done += piece) {
            std::uint32_t pattern = 0;
            std::memcpy(&pattern, first + done, piece);
            work.fill(front + done, pattern, static_cast<unsigned>(piece), 1, "filling");
        }
        for (std::size_t done = width; done < bytes; done *= 2) {
            work.copy_on_device(front + done, front, std::min(done, bytes - done), "filling");
        }
    }
    work.finish();
}

void BufferState::require_same_device(const BufferState& source) const {
    if (&source.core_->resources->device == &core_->resources->device) return;
    throw invalid_argument("copying '" + source.label() + "' to '" + label() + "': they are on different devices");
}

void BufferState::copy_from(const BufferState& source, StreamOrder order) {
    if (&source == this) {
        const std::lock_guard lock(*this);
        return require_alive();
    }
    const std::scoped_lock lock(*this, source);
    require_alive();
    source.require_alive();
    require_same_device(source);
    if (source.size_ != size_) {
        throw invalid_argument("copying '" + source.label() + "' (" + std::to_string(source.size_) + " bytes) to '" +
                               label() + "' (" + std::to_string(size_) + "): the sizes differ");
    }
    copy_range(0, source, 0, size_, order);
}

void BufferState::copy(std::size_t offset, const BufferState& source, std::size_t source_offset, std::size_t bytes,
                       StreamOrder order) {
    std::unique_lock lock(*this, std::defer_lock);
    std::unique_lock source_lock(source, std::defer_lock);
    if (&source == this) {
        lock.lock();
    } else {
        std::lock(lock, source_lock);
    }
    require_alive();
    source.require_alive();
    require_same_device(source);
    check_range(offset, bytes, "copying to");
    source.check_range(source_offset, bytes, "copying from");
    if (&source == this && offset < source_offset + bytes && source_offset < offset + bytes && bytes > 0) {
        throw invalid_argument("copying within '" + label() + "': " + std::to_string(bytes) + " bytes from byte " +
                               std::to_string(source_offset) + " and to byte " + std::to_string(offset) + " overlap");
    }
    copy_range(offset, source, source_offset, bytes, order);
}

void BufferState::copy_range(std::size_t offset, const BufferState& source, std::size_t source_offset,
                             std::size_t bytes, StreamOrder order) {
    touch();
    source.touch();
    if (bytes == 0) return;
    Submission work(*core_->resources, order, label());
    order_after_uses(work);
    work.copy_on_device(storage_.data() + offset, source.storage_.data() + source_offset, bytes,
                        "copying between buffers");
    work.finish();
}

}  // namespace triune
