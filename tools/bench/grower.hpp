// SPDX-License-Identifier: Apache-2.0
// What the growth benchmark compares: ways of making an array of device memory larger, its contents kept.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <triune/device/device.hpp>

namespace bench {

// One array. For one thread; all work is queued on `stream`.
class Grower {
  public:
    Grower() = default;
    Grower(const Grower&) = delete;
    Grower& operator=(const Grower&) = delete;
    virtual ~Grower() = default;

    // An array of so many bytes in place of what there was; it will grow to `most` at most.
    virtual void begin(std::size_t bytes, std::size_t most, triune::StreamHandle stream) = 0;
    // `at_peak` is called where most memory is held; it may be empty.
    virtual void grow(std::size_t bytes, triune::StreamHandle stream, const std::function<void()>& at_peak) = 0;
    virtual void* data() = 0;
    virtual std::size_t bytes() = 0;
    // Gives back everything, its caches included.
    virtual void end(triune::StreamHandle stream) = 0;
};

struct GrowerEntry {
    std::string name;
    std::function<std::unique_ptr<Grower>()> make;
    std::size_t least_bytes = 0;  // of the array it can begin with
};

// Triune's own: what users call, zeroed and not; and, as bounds, each tier whatever the policy says.
std::vector<GrowerEntry> triune_growers();
// The driver's map and access alone, onto physical memory that is there already: what growing in place cannot beat.
std::vector<GrowerEntry> driver_growers();
// Every contestant of the allocation benchmark: allocate, copy, free.
std::vector<GrowerEntry> copying_growers();
std::vector<GrowerEntry> rmm_growers();  // device_buffer::resize; in builds that found rmm

}  // namespace bench
