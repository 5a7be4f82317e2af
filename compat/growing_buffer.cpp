// SPDX-License-Identifier: Apache-2.0
#include "growing_buffer.hpp"

#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>

#include "core_memory.hpp"

namespace triune::compat {

GrowingBuffer::GrowingBuffer(std::string name, const gpu::BufferConfig& legacy_config,
                             std::shared_ptr<utils::CudaErrorHandler> handler)
    : state(
          growing_memory(std::move(name), {legacy_config.bytes_per_node, legacy_config.growth_factor,
                                           legacy_config.max_size_bytes, legacy_config.min_size_bytes, false, false})),
      config(legacy_config),
      error_handler(std::move(handler)) {}

GrowingBuffer::~GrowingBuffer() {
    if (holdings) holdings->capacities.subtract(noted_);
}

std::size_t GrowingBuffer::bytes_of(std::size_t elements) const {
    std::size_t bytes = 0;
    if (multiply(elements, config.bytes_per_node, bytes)) return bytes;
    throw invalid_argument("Required size of " + std::to_string(elements) + " elements of " +
                           std::to_string(config.bytes_per_node) + " bytes is more than memory can hold for " +
                           state->label());
}

void GrowingBuffer::note_growth() {
    const std::size_t capacity = state->capacity_bytes();
    if (!holdings || capacity == noted_) return;
    holdings->capacities.add(capacity - noted_);
    noted_ = capacity;
    const std::size_t total = holdings->capacities.total();
    if (total <= Holdings::limit_bytes || !log::enabled(log::Level::warn)) return;
    log::warn("growing '" + std::string(state->label()) + "' to " + std::to_string(capacity) +
              " bytes takes its manager to " + std::to_string(total) + ", past the limit of " +
              std::to_string(Holdings::limit_bytes));
}

}  // namespace triune::compat
