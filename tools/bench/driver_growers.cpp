// SPDX-License-Identifier: Apache-2.0
// The driver's two calls that growing in place cannot do without, onto a chunk that is there already.
#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/device/devices.hpp>

#include "grower.hpp"

namespace bench {
namespace {

class DriverCalls final : public Grower {
  public:
    ~DriverCalls() override { release(); }

    void begin(std::size_t bytes, std::size_t most, triune::StreamHandle) override {
        triune::check(device_.synchronize(), "idling");
        const std::size_t step = device_.properties().chunk_granularity;
        if (reserved_ != most || first_bytes_ != triune::round_up(bytes, step)) {
            release();
            first_bytes_ = triune::round_up(bytes, step);
            second_bytes_ = triune::round_up(most, step) - first_bytes_;
            triune::check(device_.address_reserve(base_, first_bytes_ + second_bytes_), "reserving");
            reserved_ = most;
            triune::check(device_.chunk_create(first_, first_bytes_), "creating");
            triune::check(device_.chunk_create(second_, second_bytes_), "creating");
            triune::check(device_.map(base_, first_, first_bytes_), "mapping");
            triune::check(device_.set_access(base_, first_bytes_), "setting access");
        }
        if (bytes_ > first_bytes_) triune::check(device_.unmap(behind(), second_bytes_), "unmapping");
        bytes_ = first_bytes_;
    }
    void grow(std::size_t, triune::StreamHandle, const std::function<void()>& at_peak) override {
        triune::check(device_.map(behind(), second_, second_bytes_), "mapping");
        triune::check(device_.set_access(behind(), second_bytes_), "setting access");
        bytes_ = first_bytes_ + second_bytes_;
        if (at_peak) at_peak();
    }
    void* data() override { return base_; }
    std::size_t bytes() override { return bytes_; }
    void end(triune::StreamHandle) override { release(); }

  private:
    void* behind() const noexcept { return static_cast<char*>(base_) + first_bytes_; }
    void release() noexcept {
        if (reserved_ == 0) return;
        triune::report_teardown(device_.synchronize(), "idling");
        triune::report_teardown(device_.unmap(base_, first_bytes_), "unmapping");
        if (bytes_ > first_bytes_) triune::report_teardown(device_.unmap(behind(), second_bytes_), "unmapping");
        triune::report_teardown(device_.chunk_release(first_), "releasing");
        triune::report_teardown(device_.chunk_release(second_), "releasing");
        triune::report_teardown(device_.address_release(base_, first_bytes_ + second_bytes_), "releasing");
        reserved_ = bytes_ = 0;
    }

    triune::Device& device_ = triune::current_device();
    void* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::size_t first_bytes_ = 0;
    std::size_t second_bytes_ = 0;
    std::size_t bytes_ = 0;
    triune::ChunkHandle first_ = 0;
    triune::ChunkHandle second_ = 0;
};

}  // namespace

std::vector<GrowerEntry> driver_growers() {
    if (!triune::current_device().properties().virtual_memory) return {};
    const std::size_t least = triune::current_device().properties().chunk_granularity;
    return {{"driver calls", [] { return std::make_unique<DriverCalls>(); }, least}};
}

}  // namespace bench
