#include "core_memory.hpp"

#include <utility>

#include <triune/manage/default_manager.hpp>

namespace triune::compat {
namespace {

std::shared_ptr<BufferState> counted(BufferDescription description) {
    description.kind = OwnerKind::untyped;
    description.refusable = false;
    auto buffer = std::make_shared<BufferState>(default_manager().core(), std::move(description));
    buffer->enter_books();
    return buffer;
}

}  // namespace

std::shared_ptr<BufferState> fixed_memory(std::size_t bytes, std::size_t element_size) {
    if (bytes == 0) return nullptr;
    BufferDescription description;
    description.element_size = element_size;
    description.config.max_size_bytes = bytes;  // what cannot grow needs no addresses to grow into
    auto buffer = counted(std::move(description));
    buffer->allocate_exactly(bytes, StreamOrder::after_all());
    return buffer;
}

std::shared_ptr<BufferState> growing_memory(std::string name, const BufferConfig& config) {
    BufferDescription description;
    description.name = std::move(name);
    description.element_size = config.bytes_per_element;
    description.config = config;
    return counted(std::move(description));
}

}  // namespace triune::compat
