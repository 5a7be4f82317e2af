#include <triune/manage/buffer_access.hpp>

#include <triune/base/error.hpp>
#include <triune/manage/buffer_state.hpp>

namespace triune {

BufferState& BufferAccess::state() const {
    if (!state_) throw invalid_argument("a handle that refers to no buffer was used");
    return *state_;
}

void* BufferAccess::raw_data() const { return state_ ? state_->data() : nullptr; }
std::size_t BufferAccess::size_bytes() const { return state_ ? state_->size_bytes() : 0; }
std::size_t BufferAccess::capacity_bytes() const { return state_ ? state_->capacity_bytes() : 0; }

const std::string& BufferAccess::name() const noexcept {
    static const std::string* const none = new std::string;  // outlives every static owner
    return state_ && state_->description().name ? *state_->description().name : *none;
}

const char* BufferAccess::label() const noexcept { return state_ ? state_->label() : "(no buffer)"; }
BufferStats BufferAccess::stats() const { return state().stats(); }
bool BufferAccess::valid() const noexcept { return state_ && !state_->freed(); }
void BufferAccess::shrink_to_fit() const { state().shrink_to_fit(StreamOrder::after_all()); }

void BufferAccess::release_state(StreamOrder order) noexcept {
    if (!state_) return;
    state_->free(order);
    state_.reset();
}

}  // namespace triune
