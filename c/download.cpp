// SPDX-License-Identifier: Apache-2.0
// Downloads and their views.
#include <triune/base/error.hpp>
#include <triune/detail/manage/buffer_downloads.hpp>

#include "call.hpp"
#include "objects.hpp"

using namespace triune::c;

namespace {

const triune::UntypedHandle& handle_of(const triune_buffer* buffer) {
    return object<BufferObject>(buffer, "buffer").handle;
}

void open_view(triune_view** view, triune::HostView<std::byte> made) {
    open_handle(view, std::make_unique<ViewObject>(ViewObject{std::move(made)}));
}

}  // namespace

triune_status triune_download_start(triune_buffer* buffer, void* stream, int mode) {
    return guarded(__func__, [&] {
        const triune::UntypedHandle& handle = handle_of(buffer);
        if (mode != TRIUNE_STAGED && mode != TRIUNE_DIRECT) {
            refuse("'mode' is " + std::to_string(mode) + ", neither TRIUNE_STAGED nor TRIUNE_DIRECT");
        }
        triune::BufferDownloads::start(
            handle.state(), order_of(stream),
            mode == TRIUNE_DIRECT ? triune::DownloadMode::direct : triune::DownloadMode::staged);
    });
}

triune_status triune_download_poll(const triune_buffer* buffer, int* complete) {
    return guarded(__func__, [&] {
        const triune::UntypedHandle& handle = handle_of(buffer);
        require(complete, "complete");
        *complete = handle.poll_download() ? 1 : 0;
    });
}

triune_status triune_download_wait(triune_buffer* buffer, triune_view** view) {
    return guarded(__func__, [&] {
        const triune::UntypedHandle& handle = handle_of(buffer);
        require(view, "view");
        open_view(view, handle.wait_for_download());
    });
}

triune_status triune_download_latest(triune_buffer* buffer, triune_view** view) {
    return guarded(__func__, [&] {
        const triune::UntypedHandle& handle = handle_of(buffer);
        require(view, "view");
        open_view(view, handle.latest());
    });
}

triune_status triune_view_data(const triune_view* view, const void** data, size_t* bytes) {
    return guarded(__func__, [&] {
        const auto& of = object<ViewObject>(view, "view").view;
        require(data, "data");
        require(bytes, "bytes");
        *data = of.data();
        *bytes = of.size();
    });
}

triune_status triune_view_sequence(const triune_view* view, uint64_t* sequence) {
    return guarded(__func__, [&] {
        const auto& of = object<ViewObject>(view, "view").view;
        require(sequence, "sequence");
        *sequence = of.sequence();
    });
}

triune_status triune_view_release(triune_view* view) {
    return guarded(__func__, [&] { closed<ViewObject>(view, "view"); });
}
