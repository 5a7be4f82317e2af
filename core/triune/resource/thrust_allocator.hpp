// SPDX-License-Identifier: Apache-2.0
// The pool as an allocator of Thrust's containers. Needs the headers of Thrust on the include path.
#pragma once

#include <cstddef>
#include <limits>
#include <source_location>
#include <string_view>
#include <type_traits>

#include <thrust/device_ptr.h>
#include <thrust/device_reference.h>

#include <triune/resource/pool_account.hpp>

namespace triune {

// thrust::device_vector<float, triune::ThrustAllocator<float>> v(1000, triune::ThrustAllocator<float>(manager)).
// Copies, also those for another T, are the same account and equal; PoolAccount says what is counted, what bad input
// gets and what may outlive what. A container that is moved or swapped takes its allocator along. Memory serves any
// stream; given back, it waits for all work queued by then. For an algorithm's temporary memory see ThrustTemporaries.
// Thread-safe.
template <typename T>
class ThrustAllocator {
  public:
    using value_type = T;
    using pointer = thrust::device_ptr<T>;
    using const_pointer = thrust::device_ptr<const T>;
    using reference = thrust::device_reference<T>;
    using const_reference = thrust::device_reference<const T>;
    using size_type = std::size_t;
    using difference_type = typename pointer::difference_type;
    using propagate_on_container_copy_assignment = std::false_type;
    using propagate_on_container_move_assignment = std::true_type;
    using propagate_on_container_swap = std::true_type;
    using is_always_equal = std::false_type;
    // The same account for elements of another type.
    template <typename U>
    struct rebind {
        using other = ThrustAllocator<U>;
    };

    // Of the current device's default manager; all such are equal. Throws device_error.
    ThrustAllocator() = default;
    explicit ThrustAllocator(GpuMemoryManager& manager, std::string_view name = "Thrust",
                             std::source_location where = std::source_location::current())
        : account_(manager, name, where) {}
    explicit ThrustAllocator(const PoolAccount& account) noexcept : account_(account) {}
    template <typename U>
    ThrustAllocator(const ThrustAllocator<U>& other) noexcept : account_(other.account()) {}

    const PoolAccount& account() const noexcept { return account_; }

    // Null for 0 elements. Throws bad_allocation, device_error.
    pointer allocate(size_type count) {
        const size_type bytes = count > max_size() ? std::numeric_limits<size_type>::max() : count * sizeof(T);
        return pointer(static_cast<T*>(account_.allocate(bytes, alignof(T), StreamOrder::after_all())));
    }
    void deallocate(pointer address, size_type /*count*/) noexcept {
        account_.deallocate(address.get(), StreamOrder::after_all());
    }
    size_type max_size() const noexcept { return std::numeric_limits<size_type>::max() / sizeof(T); }

    template <typename U>
    friend bool operator==(const ThrustAllocator& a, const ThrustAllocator<U>& b) noexcept {
        return a.account() == b.account();
    }

  private:
    PoolAccount account_;
};

}  // namespace triune
