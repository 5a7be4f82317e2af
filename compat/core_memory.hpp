// SPDX-License-Identifier: Apache-2.0
// Memory of the core as the facades hold it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/device/device.hpp>
#include <triune/manage/buffer_config.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune::compat {

// All of it is the default manager's: counted in its total and never refused by its limit, freed after all work that
// the device has by then. Both throw the core's errors; with_cuda_exceptions() turns them into legacy ones.

// Elements of no name that stay as many: each is *value, or zero bytes where that is null. Null for 0 bytes.
BufferReference fixed_memory(std::size_t count, std::size_t element_size, const void* value);
// A named buffer that grows and holds nothing yet; not among leaks and usage by name.
BufferReference growing_memory(std::string name, const BufferConfig& config);

// A graph draws sixteen arrays at once and a grid thirteen. A wait for each would be most of the time that takes, and
// so would asking CUDA for the current device each time. While one of these lives, what its thread draws is `core`'s,
// the default manager of one device, and fixed_memory() fills on the service stream without a wait; synchronize() waits for
// all of it. One a thread.
class DrawnTogether {
  public:
    explicit DrawnTogether(std::shared_ptr<ManagerCore> core) noexcept;
    DrawnTogether(const DrawnTogether&) = delete;
    DrawnTogether& operator=(const DrawnTogether&) = delete;
    ~DrawnTogether();

    void synchronize();

    DeviceResources& resources() const noexcept { return *core_->resources; }

  private:
    const std::shared_ptr<ManagerCore> core_;
};

}  // namespace triune::compat
