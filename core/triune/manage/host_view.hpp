// SPDX-License-Identifier: Apache-2.0
// A completed download, in pinned memory, without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace triune {

// One array of a snapshot. While a view of a slot is held, a start that would overwrite it throws download_in_flight;
// the memory lives as long as its last view, also after its buffer is gone. Copies share the hold. An empty view,
// before there is any snapshot, has size 0 and sequence 0. Reading is safe from any thread.
template <typename T>
class HostView {
  public:
    HostView() noexcept = default;
    HostView(std::shared_ptr<const void> hold, const T* data, std::size_t size, std::uint64_t sequence) noexcept
        : hold_(std::move(hold)), data_(data), size_(size), sequence_(sequence) {}

    const T* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    const T* begin() const noexcept { return data_; }
    const T* end() const noexcept { return data_ + size_; }
    const T& operator[](std::size_t index) const noexcept { return data_[index]; }
    // Throws std::out_of_range.
    const T& at(std::size_t index) const {
        if (index >= size_)
            throw std::out_of_range("element " + std::to_string(index) + " of a view of " + std::to_string(size_));
        return data_[index];
    }
    std::span<const T> span() const noexcept { return {data_, size_}; }
    std::vector<T> to_vector() const { return {begin(), end()}; }

    // Counts the starts of its buffer from 1: a later snapshot has a higher number.
    std::uint64_t sequence() const noexcept { return sequence_; }

  private:
    std::shared_ptr<const void> hold_;
    const T* data_ = nullptr;
    std::size_t size_ = 0;
    std::uint64_t sequence_ = 0;
};

}  // namespace triune
