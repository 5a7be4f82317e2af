// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/untyped_buffer.hpp>

#include <triune/base/error.hpp>
#include <triune/detail/manage/buffer_contents.hpp>
#include <triune/detail/manage/buffer_downloads.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/element_bytes.hpp>
#include <triune/manage/growth_set.hpp>

namespace triune {

std::size_t UntypedHandle::element_size() const { return state().description().element_size; }

std::size_t UntypedHandle::size() const { return element_size() == 0 ? 0 : size_bytes() / element_size(); }
std::size_t UntypedHandle::capacity() const { return element_size() == 0 ? 0 : capacity_bytes() / element_size(); }

std::size_t UntypedHandle::bytes_of(std::size_t count) const {
    return detail::element_bytes(label(), count, element_size());
}

void UntypedHandle::reserve(std::size_t count, CallSite where) const {
    detail::at(where, [&] { detail::on_untyped([&] { state().reserve(bytes_of(count), StreamOrder::after_all()); }); });
}
void UntypedHandle::reserve(std::size_t count, StreamHandle stream, CallSite where) const {
    detail::at(where, [&] { detail::on_untyped([&] { state().reserve(bytes_of(count), StreamOrder::on(stream)); }); });
}
void UntypedHandle::reserve(std::size_t count, GrowthSet& together, CallSite where) const {
    detail::at(where, [&] { detail::on_untyped([&] { together.require(*this, bytes_of(count)); }); });
}
void UntypedHandle::ensure_capacity(std::size_t count, CallSite where) const {
    detail::at(where, [&] { detail::on_untyped([&] { state().ensure(bytes_of(count), StreamOrder::after_all()); }); });
}
void UntypedHandle::ensure_capacity(std::size_t count, StreamHandle stream, CallSite where) const {
    detail::at(where, [&] { detail::on_untyped([&] { state().ensure(bytes_of(count), StreamOrder::on(stream)); }); });
}
void UntypedHandle::set_size(std::size_t count, CallSite where) const {
    detail::at(where, [&] {
        std::size_t bytes = capacity() * element_size();
        if (count < capacity()) bytes = count * element_size();
        state().set_size_bytes(bytes);
    });
}
void UntypedHandle::set_size_bytes(std::size_t bytes) const { state().set_size_bytes(bytes); }

void UntypedHandle::upload_bytes(const void* source, std::size_t bytes, std::size_t offset, CallSite where) const {
    detail::at(where, [&] { BufferContents::upload(state(), offset, source, bytes, StreamOrder::after_all()); });
}
void UntypedHandle::upload_bytes(const void* source, std::size_t bytes, std::size_t offset, StreamHandle stream,
                                 CallSite where) const {
    detail::at(where, [&] { BufferContents::upload(state(), offset, source, bytes, StreamOrder::on(stream)); });
}
void UntypedHandle::download_bytes(void* destination, std::size_t bytes, std::size_t offset, CallSite where) const {
    detail::at(where, [&] { BufferContents::download(state(), offset, destination, bytes, StreamOrder::after_all()); });
}
void UntypedHandle::download_bytes(void* destination, std::size_t bytes, std::size_t offset, StreamHandle stream,
                                   CallSite where) const {
    detail::at(where, [&] { BufferContents::download(state(), offset, destination, bytes, StreamOrder::on(stream)); });
}
void UntypedHandle::fill(const void* element, CallSite where) const {
    detail::at(where, [&] { BufferContents::fill_all(state(), element, StreamOrder::after_all()); });
}
void UntypedHandle::fill(const void* element, StreamHandle stream, CallSite where) const {
    detail::at(where, [&] { BufferContents::fill_all(state(), element, StreamOrder::on(stream)); });
}
void UntypedHandle::copy_from(const BufferAccess& source, CallSite where) const {
    detail::at(where, [&] { BufferContents::copy_all(state(), source.state(), StreamOrder::after_all()); });
}
void UntypedHandle::copy_from(const BufferAccess& source, StreamHandle stream, CallSite where) const {
    detail::at(where, [&] { BufferContents::copy_all(state(), source.state(), StreamOrder::on(stream)); });
}
void UntypedHandle::copy_bytes(std::size_t offset, const BufferAccess& source, std::size_t source_offset,
                               std::size_t bytes, CallSite where) const {
    detail::at(where, [&] {
        BufferContents::copy(state(), offset, source.state(), source_offset, bytes, StreamOrder::after_all());
    });
}
void UntypedHandle::copy_bytes(std::size_t offset, const BufferAccess& source, std::size_t source_offset,
                               std::size_t bytes, StreamHandle stream, CallSite where) const {
    detail::at(where, [&] {
        BufferContents::copy(state(), offset, source.state(), source_offset, bytes, StreamOrder::on(stream));
    });
}

void UntypedHandle::start_async_download(StreamHandle stream, DownloadMode mode, CallSite where) const {
    detail::at(where, [&] { BufferDownloads::start(state(), StreamOrder::on(stream), mode); });
}
void UntypedHandle::start_async_download(DownloadMode mode, CallSite where) const {
    detail::at(where, [&] { BufferDownloads::start(state(), StreamOrder::after_all(), mode); });
}
HostView<std::byte> UntypedHandle::wait_for_download(WaitMode mode, CallSite where) const {
    return detail::at(where, [&] { return BufferDownloads::wait(state(), mode).view<std::byte>(0); });
}
HostView<std::byte> UntypedHandle::latest(CallSite where) const {
    return detail::at(where, [&] { return BufferDownloads::latest(state()).view<std::byte>(0); });
}

UntypedBuffer& UntypedBuffer::operator=(UntypedBuffer&& other) noexcept {
    if (this != &other) {
        reset();
        UntypedHandle::operator=(std::move(other));
    }
    return *this;
}

}  // namespace triune
