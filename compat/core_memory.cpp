#include "core_memory.hpp"

#include <optional>
#include <utility>

#include <triune/manage/default_manager.hpp>

namespace triune::compat {
namespace {

BufferReference counted(std::optional<std::string> name, BufferDescription description) {
    description.kind = OwnerKind::untyped;
    description.refusable = false;
    return BufferReference(new BufferState(default_manager().core(), std::move(name), description));
}

}  // namespace

BufferReference fixed_memory(std::size_t bytes, std::size_t element_size) {
    if (bytes == 0) return nullptr;
    BufferDescription description;
    description.element_size = element_size;
    description.config.max_size_bytes = bytes;  // what cannot grow needs no addresses to grow into
    auto buffer = counted(std::nullopt, description);
    buffer->allocate_exactly(bytes, StreamOrder::after_all());
    return buffer;
}

BufferReference growing_memory(std::string name, const BufferConfig& config) {
    BufferDescription description;
    description.element_size = config.bytes_per_element;
    description.config = config;
    return counted(std::move(name), description);
}

}  // namespace triune::compat
