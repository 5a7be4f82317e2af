// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/buffer_access.hpp>

#include <triune/base/error.hpp>
#include <triune/detail/manage/buffer_downloads.hpp>

namespace triune {

BufferState& BufferAccess::state() const {
    if (!state_) throw invalid_argument("a handle that refers to no buffer was used");
    return *state_;
}

void* BufferAccess::raw_data() const { return state_ ? state_->data() : nullptr; }
std::size_t BufferAccess::size_bytes() const { return state_ ? state_->size_bytes() : 0; }
std::size_t BufferAccess::capacity_bytes() const { return state_ ? state_->capacity_bytes() : 0; }

// Their stand-ins outlive every static owner.
const std::string& BufferAccess::name() const noexcept {
    static const std::string* const none = new std::string;
    return state_ ? state_->name() : *none;
}
const std::string& BufferAccess::label() const noexcept {
    static const std::string* const none = new std::string("(no buffer)");
    return state_ ? state_->label() : *none;
}
BufferStats BufferAccess::stats() const { return state().stats(); }
bool BufferAccess::valid() const noexcept { return state_ && !state_->freed(); }
void BufferAccess::shrink_to_fit(CallSite where) const {
    detail::at(where, [&] { state().shrink_to_fit(StreamOrder::after_all()); });
}
void BufferAccess::shrink_to_fit(StreamHandle stream, CallSite where) const {
    detail::at(where, [&] { state().shrink_to_fit(StreamOrder::on(stream)); });
}
bool BufferAccess::download_pending() const { return BufferDownloads::pending(state()); }
bool BufferAccess::poll_download(CallSite where) const {
    return detail::at(where, [&] { return BufferDownloads::poll(state()); });
}

void BufferAccess::release_state(StreamOrder order) noexcept {
    if (!state_) return;
    state_->free(order);
    state_.reset();
}

}  // namespace triune
