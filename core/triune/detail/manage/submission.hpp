// SPDX-License-Identifier: Apache-2.0
// One call's work on the device: where it is queued, and whether the call waits for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <triune/base/status.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

class DeviceResources;

// As check(), for a call on a stream that the user named: invalid_argument where the device does not know it, which the
// simulated device always finds out and CUDA mostly. Both name `label`, of the buffer or group, where there is one.
void check_on_stream(Status status, const char* doing, std::string_view label = {});
void check_for(Status status, const char* doing, std::string_view label);

// With a stream named, work goes there and nothing is waited for. Without one it goes to the service stream and
// finish() waits for it, so that the call has finished when it returns. A submission that ends without finish(), by an
// exception, waits for what it queued: nothing then still reads or writes memory that the caller is about to give back.
class Submission {
  public:
    // `label`, for errors, outlives this.
    Submission(DeviceResources& resources, StreamOrder order, std::string_view label = {}) noexcept;
    Submission(const Submission&) = delete;
    Submission& operator=(const Submission&) = delete;
    ~Submission();

    StreamHandle stream() const noexcept { return stream_; }
    // For memory that others' work may still use: without a stream named, what follows runs after all that work.
    void after_earlier_work();
    // These throw device_error naming what was being done, invalid_argument for a stream that is gone.
    void copy(void* to, const void* from, std::size_t bytes, const char* doing);
    // From device memory to device memory that does not overlap it.
    void copy_on_device(void* to, const void* from, std::size_t bytes, const char* doing);
    void zero(void* to, std::size_t bytes, const char* doing);
    void fill(void* to, std::uint32_t value, unsigned width, std::size_t count, const char* doing);
    void finish();

  private:
    DeviceResources& resources_;
    StreamOrder order_;
    StreamHandle stream_;
    std::string_view label_;
    bool joined_ = false;
    bool queued_ = false;
};

}  // namespace triune
