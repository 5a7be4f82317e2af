// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/service_stream.hpp>

#include <mutex>

#include <triune/base/error.hpp>

namespace triune {

ServiceStream::ServiceStream(Device& device)
    : device_(device), stream_(device), joined_(device, EventUse::between_streams) {}

void ServiceStream::join_all() {
    const DeviceProperties& device = device_.properties();
    if (!device.device_events || device.unseen_captures) return check(device_.synchronize(), "waiting for the device");
    const std::lock_guard lock(mutex_);
    joined_.record_device();
    check(device_.stream_wait(stream_.handle(), joined_.handle()), "ordering a call after the device's work");
}

}  // namespace triune
