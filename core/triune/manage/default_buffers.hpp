// SPDX-License-Identifier: Apache-2.0
// Buffer<T>'s own makers: unnamed memory of the default manager.
#pragma once

#include <triune/manage/default_manager.hpp>

namespace triune {

template <DeviceElement T>
Buffer<T> Buffer<T>::zeroed(std::size_t count, std::source_location where) {
    return default_manager().make_buffer<T>(count, GpuMemoryManager::unbounded(), where);
}

template <DeviceElement T>
Buffer<T> Buffer<T>::filled(std::size_t count, const T& value, std::source_location where) {
    Buffer buffer = zeroed(count, where);
    buffer.fill(value);
    return buffer;
}

template <DeviceElement T>
Buffer<T> Buffer<T>::from_host(std::span<const T> values, std::source_location where) {
    Buffer buffer = zeroed(values.size(), where);
    buffer.upload(values);
    return buffer;
}

}  // namespace triune
