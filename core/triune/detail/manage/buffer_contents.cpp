// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/buffer_contents.hpp>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

void BufferContents::check_range(const BufferState& buffer, std::size_t offset, std::size_t bytes, const char* what) {
    if (offset <= buffer.size_ && bytes <= buffer.size_ - offset) return;
    throw invalid_argument(std::string(what) + " '" + buffer.label() + "': " + std::to_string(bytes) +
                           " bytes from byte " + std::to_string(offset) + " on lie outside its " +
                           std::to_string(buffer.size_));
}

void BufferContents::check_all(const BufferState& buffer, std::size_t bytes, const char* what) {
    if (bytes == buffer.size_) return;
    const std::size_t width = std::max<std::size_t>(buffer.description().element_size, 1);
    throw invalid_argument(std::string(what) + " '" + buffer.label() + "': " + std::to_string(bytes / width) +
                           " elements (" + std::to_string(bytes) + " bytes) given, its size is " +
                           std::to_string(buffer.size_ / width));
}

// --- to and from the host

void BufferContents::upload(BufferState& buffer, std::size_t offset, const void* source, std::size_t bytes,
                            StreamOrder order) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    check_range(buffer, offset, bytes, "uploading to");
    write_range(buffer, offset, source, bytes, order);
}

void BufferContents::upload_all(BufferState& buffer, const void* source, std::size_t bytes, StreamOrder order) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    check_all(buffer, bytes, "uploading to");
    write_range(buffer, 0, source, bytes, order);
}

void BufferContents::write_range(BufferState& buffer, std::size_t offset, const void* source, std::size_t bytes,
                                 StreamOrder order) {
    buffer.touch();
    if (bytes == 0) return;
    Submission work(*buffer.core_->resources, order, buffer.label());
    buffer.order_after_uses(work);
    work.copy(buffer.storage_.data() + offset, source, bytes, "uploading");
    work.finish();
}

void BufferContents::download(const BufferState& buffer, std::size_t offset, void* destination, std::size_t bytes,
                              StreamOrder order) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    check_range(buffer, offset, bytes, "downloading from");
    read_range(buffer, offset, destination, bytes, order);
}

void BufferContents::download_all(const BufferState& buffer, void* destination, std::size_t bytes, StreamOrder order) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    check_all(buffer, bytes, "downloading from");
    read_range(buffer, 0, destination, bytes, order);
}

void BufferContents::download_to(const BufferState& buffer, const std::function<void*(std::size_t bytes)>& room) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    read_range(buffer, 0, room(buffer.size_), buffer.size_, StreamOrder::after_all());
}

void BufferContents::read_range(const BufferState& buffer, std::size_t offset, void* destination, std::size_t bytes,
                                StreamOrder order) {
    buffer.touch();
    if (bytes == 0) return;
    Submission work(*buffer.core_->resources, order, buffer.label());
    buffer.order_after_uses(work);
    work.copy(destination, buffer.storage_.data() + offset, bytes, "downloading");
    work.finish();
}

// --- on the device

void BufferContents::fill(BufferState& buffer, std::size_t offset, const void* value, std::size_t count,
                          StreamOrder order) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    std::size_t bytes = 0;
    if (!multiply(count, buffer.description().element_size, bytes)) bytes = buffer.size_ + 1;
    check_range(buffer, offset, bytes, "filling");
    fill_range(buffer, offset, value, bytes, order);
}

// A tail shorter than an element, which a size in bytes may leave, stays as it is.
void BufferContents::fill_all(BufferState& buffer, const void* value, StreamOrder order) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    const std::size_t width = buffer.description().element_size;
    fill_range(buffer, 0, value, width == 0 ? 0 : buffer.size_ / width * width, order);
}

// The device fills elements of 1, 2 and 4 bytes itself, and others whose bytes are all the same; of the rest it fills
// the first element piece by piece, so that nobody waits for an upload of it, and then doubles it in log2(count)
// copies. Where bytes begin at an odd place, pieces of one byte do for any width.
void BufferContents::fill_range(BufferState& buffer, std::size_t offset, const void* value, std::size_t bytes,
                                StreamOrder order) {
    buffer.touch();
    if (bytes == 0) return;
    const std::size_t width = buffer.description().element_size;
    const auto* const first = static_cast<const unsigned char*>(value);
    const bool uniform = std::all_of(first, first + width, [&](unsigned char byte) { return byte == *first; });
    std::byte* const front = buffer.storage_.data() + offset;
    const auto aligned = [&](std::size_t piece) { return width % piece == 0 && offset % piece == 0; };
    Submission work(*buffer.core_->resources, order, buffer.label());
    buffer.order_after_uses(work);
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

void BufferContents::require_same_device(const BufferState& buffer, const BufferState& source) {
    if (&source.core_->resources->device == &buffer.core_->resources->device) return;
    throw invalid_argument("copying '" + source.label() + "' to '" + buffer.label() +
                           "': they are on different devices");
}

void BufferContents::copy_all(BufferState& buffer, const BufferState& source, StreamOrder order) {
    if (&source == &buffer) {
        const std::lock_guard lock(buffer);
        return buffer.require_alive();
    }
    const std::scoped_lock lock(buffer, source);
    buffer.require_alive();
    source.require_alive();
    require_same_device(buffer, source);
    if (source.size_ != buffer.size_) {
        throw invalid_argument("copying '" + source.label() + "' (" + std::to_string(source.size_) + " bytes) to '" +
                               buffer.label() + "' (" + std::to_string(buffer.size_) + "): the sizes differ");
    }
    copy_range(buffer, 0, source, 0, buffer.size_, order);
}

void BufferContents::copy(BufferState& buffer, std::size_t offset, const BufferState& source, std::size_t source_offset,
                          std::size_t bytes, StreamOrder order) {
    std::unique_lock lock(buffer, std::defer_lock);
    std::unique_lock source_lock(source, std::defer_lock);
    if (&source == &buffer) {
        lock.lock();
    } else {
        std::lock(lock, source_lock);
    }
    buffer.require_alive();
    source.require_alive();
    require_same_device(buffer, source);
    check_range(buffer, offset, bytes, "copying to");
    check_range(source, source_offset, bytes, "copying from");
    if (&source == &buffer && offset < source_offset + bytes && source_offset < offset + bytes && bytes > 0) {
        throw invalid_argument("copying within '" + buffer.label() + "': " + std::to_string(bytes) +
                               " bytes from byte " + std::to_string(source_offset) + " and to byte " +
                               std::to_string(offset) + " overlap");
    }
    copy_range(buffer, offset, source, source_offset, bytes, order);
}

void BufferContents::copy_range(BufferState& buffer, std::size_t offset, const BufferState& source,
                                std::size_t source_offset, std::size_t bytes, StreamOrder order) {
    buffer.touch();
    source.touch();
    if (bytes == 0) return;
    Submission work(*buffer.core_->resources, order, buffer.label());
    buffer.order_after_uses(work);
    work.copy_on_device(buffer.storage_.data() + offset, source.storage_.data() + source_offset, bytes,
                        "copying between buffers");
    work.finish();
}

}  // namespace triune
