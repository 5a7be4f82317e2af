// SPDX-License-Identifier: Apache-2.0
// Copies by plain calls of the device, with nothing around them: into pinned memory, the least there is to do, and into
// pageable memory, which blocks.
#include <array>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/event.hpp>
#include <triune/device/stream.hpp>

#include "device_array.hpp"
#include "downloader.hpp"

namespace bench {
namespace {

// Two sets of three arrays, which the kernels write in turn.
class TwoSets {
  public:
    explicit TwoSets(std::size_t count) : count_(count), memory_(6 * count * sizeof(float)) {
        triune::Device& device = triune::current_device();
        triune::check(device.fill(memory_.data(), 0, 4, 6 * count, nullptr), "zeroing");
        triune::check(device.synchronize(), "zeroing");
    }
    float* array(std::size_t set, std::size_t axis) const {
        return static_cast<float*>(memory_.data()) + (3 * set + axis) * count_;
    }
    FrameArrays arrays(std::size_t to) const {
        FrameArrays arrays;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            arrays.in[axis] = array(1 - to, axis);
            arrays.out[axis] = array(to, axis);
        }
        arrays.count = count_;
        return arrays;
    }

  private:
    std::size_t count_;
    DeviceArray memory_;
};

class Pinned final : public Downloader {
  public:
    explicit Pinned(std::size_t count) : count_(count), sets_(count), host_(6 * count * sizeof(float)) {}
    ~Pinned() override { triune::report_teardown(triune::current_device().synchronize(), "the last copies"); }

    triune::StreamHandle stream() override { return compute_.handle(); }
    FrameArrays arrays() override { return sets_.arrays(next_); }
    void start() override {
        triune::Device& device = triune::current_device();
        written_.record(compute_.handle());
        triune::check(device.stream_wait(transfer_.handle(), written_.handle()), "waiting for the kernel");
        for (std::size_t axis = 0; axis < 3; ++axis) {
            triune::check(device.copy(host(next_) + axis * count_, sets_.array(next_, axis), count_ * sizeof(float),
                                      transfer_.handle()),
                          "copying");
        }
        copied_[next_].record(transfer_.handle());
        next_ = 1 - next_;
    }
    bool ready() override { return copied_[1 - next_].query(); }
    float take() override {
        copied_[1 - next_].synchronize();
        return *host(1 - next_);
    }

  private:
    float* host(std::size_t set) const { return static_cast<float*>(host_.data()) + 3 * set * count_; }

    std::size_t count_;
    TwoSets sets_;
    PinnedArray host_;
    triune::Stream compute_;
    triune::Stream transfer_;
    triune::Event written_{triune::current_device(), triune::EventUse::between_streams};
    std::array<triune::Event, 2> copied_;
    std::size_t next_ = 0;
};

class Pageable final : public Downloader {
  public:
    explicit Pageable(std::size_t count) : sets_(count), count_(count), host_(3, std::vector<float>(count)) {}

    triune::StreamHandle stream() override { return compute_.handle(); }
    FrameArrays arrays() override { return sets_.arrays(next_); }
    void start() override {
        triune::Device& device = triune::current_device();
        for (std::size_t axis = 0; axis < 3; ++axis) {
            triune::check(
                device.copy(host_[axis].data(), sets_.array(next_, axis), count_ * sizeof(float), compute_.handle()),
                "copying");
        }
        compute_.synchronize();
        next_ = 1 - next_;
    }
    bool ready() override { return true; }
    float take() override { return host_[0][0]; }

  private:
    TwoSets sets_;
    std::size_t count_;
    std::vector<std::vector<float>> host_;
    triune::Stream compute_;
    std::size_t next_ = 0;
};

}  // namespace

std::vector<DownloaderEntry> raw_downloaders() {
    return {{"raw pinned", [](std::size_t count) { return std::make_unique<Pinned>(count); }},
            {"raw pageable", [](std::size_t count) { return std::make_unique<Pageable>(count); }}};
}

}  // namespace bench
