// SPDX-License-Identifier: Apache-2.0
#include "core_memory.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <triune/detail/manage/buffer_contents.hpp>
#include <triune/manage/default_manager.hpp>

#include "legacy_error.hpp"

namespace triune::compat {
namespace {

thread_local StreamOrder drawing_order = StreamOrder::after_all();
thread_local const std::shared_ptr<ManagerCore>* drawing_core = nullptr;  // null: that of the current device

BufferReference counted(std::optional<std::string> name, BufferDescription description) {
    description.kind = OwnerKind::untyped;
    description.refusable = false;
    const auto& core = drawing_core != nullptr ? *drawing_core : default_manager().core();
    return BufferReference(new BufferState(core, std::move(name), description));
}

// Fresh memory is zero already.
bool all_zero(const void* value, std::size_t bytes) noexcept {
    const auto* const first = static_cast<const unsigned char*>(value);
    return value == nullptr || std::all_of(first, first + bytes, [](unsigned char byte) { return byte == 0; });
}

}  // namespace

DrawnTogether::DrawnTogether(std::shared_ptr<ManagerCore> core) noexcept : core_(std::move(core)) {
    drawing_order = StreamOrder::on(resources().service.handle());
    drawing_core = &core_;
}

DrawnTogether::~DrawnTogether() {
    drawing_order = StreamOrder::after_all();
    drawing_core = nullptr;
}

void DrawnTogether::synchronize() { resources().service.synchronize(); }

BufferReference fixed_memory(std::size_t count, std::size_t element_size, const void* value) {
    const std::size_t bytes = checked_bytes(count, element_size);
    if (bytes == 0) return nullptr;
    BufferDescription description;
    description.element_size = element_size;
    description.config.max_size_bytes = bytes;  // what cannot grow needs no addresses to grow into
    auto buffer = counted(std::nullopt, description);
    buffer->allocate_exactly(bytes, drawing_order);
    if (!all_zero(value, element_size)) BufferContents::fill(*buffer, 0, value, count, drawing_order);
    return buffer;
}

BufferReference growing_memory(std::string name, const BufferConfig& config) {
    BufferDescription description;
    description.element_size = config.bytes_per_element;
    description.config = config;
    return counted(std::move(name), description);
}

}  // namespace triune::compat
