// SPDX-License-Identifier: Apache-2.0
// Bytes in and out of the public arrays of a UnifiedGPUCompute, which callers may have replaced by others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/detail/graph/graph_growth.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/device_resources.hpp>

#include "utils/device_buffer.hpp"

namespace triune::compat {

template <typename T>
void expect_length(const utils::DeviceBuffer<T>& array, std::size_t required) {
    if (array.len() >= required) return;
    throw invalid_argument("an array of " + std::to_string(array.len()) + " elements stands where " +
                           std::to_string(required) + " are in use");
}

// One call's copies between the host and the front of arrays: they run after all work queued on the device, and
// finish() waits for them. Throws the core's errors.
class GraphCopies {
  public:
    explicit GraphCopies(DeviceResources& resources) : work_(resources, StreamOrder::after_all()) {
        work_.after_earlier_work();
    }

    template <typename T>
    void upload(const utils::DeviceBuffer<T>& array, const std::vector<T>& values) {
        expect_length(array, values.size());
        work_.copy(array.as_device_ptr(), values.data(), values.size() * sizeof(T), "uploading to a graph's array");
    }
    template <typename T>
    void download(const utils::DeviceBuffer<T>& array, std::vector<T>& values) {
        expect_length(array, values.size());
        work_.copy(values.data(), array.as_device_ptr(), values.size() * sizeof(T), "downloading a graph's array");
    }
    template <typename T>
    void move(const utils::DeviceBuffer<T>& to, const utils::DeviceBuffer<T>& from, std::size_t count) {
        work_.copy(to.as_device_ptr(), from.as_device_ptr(), count * sizeof(T), "moving a growing graph's array");
    }
    // Elements [first, last) become `value`.
    template <typename T>
    void fill(const utils::DeviceBuffer<T>& array, std::size_t first, std::size_t last, T value) {
        static_assert(sizeof(T) == sizeof(std::uint32_t));
        std::uint32_t bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        if (first < last)
            work_.fill(array.as_device_ptr() + first, bits, sizeof bits, last - first, "filling new nodes");
    }
    void finish() { work_.finish(); }

  private:
    Submission work_;
};

// An array that is to have `required` elements in use. Where it has too few, prepare() makes a longer one; it takes its
// place with commit(), which cannot fail.
template <typename T>
class NextArray {
  public:
    // The first `used` elements of `array` are kept, the others become `value`. Where it must grow it will have `grown`
    // elements.
    NextArray(utils::DeviceBuffer<T>& array, std::size_t used, std::size_t required, std::size_t grown, T value)
        : array_(array), used_(used), required_(required), value_(value), grows_(required > array.len()) {
        if (grows_) longer_ = utils::DeviceBuffer<T>::filled(grown, value);
    }
    bool grows() const noexcept { return grows_; }
    void copy(GraphCopies& copies) {
        if (grows_) {
            copies.move(longer_, array_, std::min(used_, array_.len()));
        } else {
            copies.fill(array_, used_, required_, value_);
        }
    }
    void commit() noexcept {
        if (grows_) array_ = std::move(longer_);
    }

  private:
    utils::DeviceBuffer<T>& array_;
    std::size_t used_;
    std::size_t required_;
    T value_;
    bool grows_;
    utils::DeviceBuffer<T> longer_;
};

}  // namespace triune::compat
