// SPDX-License-Identifier: Apache-2.0
#include <triune/device/devices.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <triune/base/environment.hpp>
#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/device/cuda/cuda_device.hpp>
#include <triune/device/sim/sim_device.hpp>

namespace triune {
namespace {

constexpr int no_device = 100;  // cudaErrorNoDevice

DeviceKind choose_kind() {
    constexpr const char* variable = "TRIUNE_DEVICE";
    const std::string_view asked = environment::text(variable);
    if (environment::same_word(asked, "sim")) return DeviceKind::simulated;
    if (environment::same_word(asked, "cuda")) {
        if (cuda::device_count() > 0) return DeviceKind::cuda;
        throw device_error("TRIUNE_DEVICE=cuda, but no CUDA device was found", no_device);
    }
    if (!asked.empty()) throw invalid_argument(environment::bad_value(variable, asked, "'cuda' or 'sim'"));
    return cuda::device_count() > 0 ? DeviceKind::cuda : DeviceKind::simulated;
}

std::unique_ptr<Device> open_simulated() {
    sim::SimOptions options;
    options.capacity_bytes = environment::bytes("TRIUNE_SIM_CAPACITY").value_or(options.capacity_bytes);
    return std::make_unique<sim::SimDevice>(options);
}

std::unique_ptr<Device> open_cuda(int ordinal) {
    Status status = success;
    auto device = cuda::open_device(ordinal, status);
    check(status, "opening CUDA device " + std::to_string(ordinal));
    return device;
}

// The devices of the default kind, each opened when it is first asked for. Reading an open one takes no lock.
class DeviceTable {
  public:
    DeviceTable()
        : kind_(choose_kind()),
          devices_(kind_ == DeviceKind::cuda ? static_cast<std::size_t>(cuda::device_count()) : std::size_t{1}) {
        if (!log::enabled(log::Level::info)) return;
        log::info(kind_ == DeviceKind::cuda ? "using CUDA, " + std::to_string(devices_.size()) + " device(s)"
                                            : std::string("using the simulated device"));
    }

    DeviceKind kind() const noexcept { return kind_; }

    Device& at(int ordinal) {
        if (ordinal < 0 || static_cast<std::size_t>(ordinal) >= devices_.size()) {
            throw invalid_argument("there is no device " + std::to_string(ordinal) + "; there are " +
                                   std::to_string(devices_.size()));
        }
        std::atomic<Device*>& slot = devices_[static_cast<std::size_t>(ordinal)];
        if (Device* device = slot.load(std::memory_order_acquire)) return *device;

        const std::lock_guard lock(opening_);
        if (Device* device = slot.load(std::memory_order_relaxed)) return *device;
        Device* opened = (kind_ == DeviceKind::cuda ? open_cuda(ordinal) : open_simulated()).release();
        slot.store(opened, std::memory_order_release);
        return *opened;
    }

  private:
    const DeviceKind kind_;
    std::mutex opening_;
    std::vector<std::atomic<Device*>> devices_;
};

// Never destroyed, nor are the devices: objects that outlive main still find theirs. A choice that throws is made again
// at the next call.
DeviceTable& table() {
    static DeviceTable* const instance = new DeviceTable;
    return *instance;
}

}  // namespace

DeviceKind default_device_kind() { return table().kind(); }

Device& current_device() {
    DeviceTable& devices = table();
    return devices.at(devices.kind() == DeviceKind::cuda ? cuda::current_ordinal() : 0);
}

Device& device_at(int ordinal) { return table().at(ordinal); }

}  // namespace triune
