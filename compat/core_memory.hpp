// Memory of the core as the facades hold it.
#pragma once

#include <cstddef>
#include <string>

#include <triune/device/device.hpp>
#include <triune/manage/buffer_config.hpp>
#include <triune/manage/buffer_state.hpp>

namespace triune::compat {

// All of it is the default manager's: counted in its total and never refused by its limit, freed after all work that
// the device has by then. Both throw the core's errors; with_cuda_exceptions() turns them into legacy ones.

// `bytes` zeroed bytes of no name that stay as many. Null for none.
BufferReference fixed_memory(std::size_t bytes, std::size_t element_size);
// A named buffer that grows and holds nothing yet; not among leaks and usage by name.
BufferReference growing_memory(std::string name, const BufferConfig& config);

}  // namespace triune::compat
