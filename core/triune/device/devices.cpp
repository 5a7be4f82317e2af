// SPDX-License-Identifier: Apache-2.0
#include <triune/device/devices.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/base/environment.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/device/cuda/cuda_device.hpp>
#include <triune/device/sim/sim_device.hpp>

namespace triune {
namespace {

constexpr int no_device = 100;  // cudaErrorNoDevice

struct Choice {
    DeviceKind kind;
    std::string why_not_cuda;  // where nobody named a device and there is no GPU
};

Choice choose() {
    constexpr const char* variable = "TRIUNE_DEVICE";
    const std::string_view asked = environment::text(variable);
    if (environment::same_word(asked, "sim")) return {DeviceKind::simulated, {}};
    const bool demanded = environment::same_word(asked, "cuda");
    if (!demanded && !asked.empty()) {
        throw invalid_argument(environment::bad_value(variable, asked, "'cuda' or 'sim'"));
    }
    if (cuda::device_count() > 0) return {DeviceKind::cuda, {}};
    const std::string why = cuda::why_no_device();
    if (demanded) throw device_error("TRIUNE_DEVICE=cuda, but no CUDA device was found: " + why, no_device);
    return {DeviceKind::simulated, why};
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
        : choice_(choose()),
          devices_(kind() == DeviceKind::cuda ? static_cast<std::size_t>(cuda::device_count()) : std::size_t{1}) {}

    DeviceKind kind() const noexcept { return choice_.kind; }

    // Once, and not by the constructor: a sink may ask for the device.
    void tell_choice() noexcept {
        if (told_.load(std::memory_order_relaxed) || told_.exchange(true)) return;
        if (kind() == DeviceKind::cuda) {
            log::info([&] { return "using CUDA, " + std::to_string(devices_.size()) + " device(s)"; });
        } else if (choice_.why_not_cuda.empty()) {
            log::info("using the simulated device");
        } else {
            log::warn([&] {
                return "using the simulated device: " + choice_.why_not_cuda +
                       "; TRIUNE_DEVICE=sim chooses it without this warning";
            });
        }
    }

    Device& at(int ordinal) {
        if (ordinal < 0 || static_cast<std::size_t>(ordinal) >= devices_.size()) {
            throw invalid_argument("there is no device " + std::to_string(ordinal) + "; there are " +
                                   std::to_string(devices_.size()));
        }
        std::atomic<Device*>& slot = devices_[static_cast<std::size_t>(ordinal)];
        if (Device* device = slot.load(std::memory_order_acquire)) return *device;

        const std::lock_guard lock(opening_);
        if (Device* device = slot.load(std::memory_order_relaxed)) return *device;
        Device* opened = (kind() == DeviceKind::cuda ? open_cuda(ordinal) : open_simulated()).release();
        slot.store(opened, std::memory_order_release);
        return *opened;
    }

  private:
    const Choice choice_;
    std::atomic<bool> told_{false};
    Mutex opening_;
    std::vector<std::atomic<Device*>> devices_;
};

// Never destroyed, nor are the devices: objects that outlive main still find theirs. A choice that throws is made again
// at the next call.
DeviceTable& table() {
    static DeviceTable* const instance = new DeviceTable;
    instance->tell_choice();
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
