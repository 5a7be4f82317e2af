// SPDX-License-Identifier: Apache-2.0
// The binary interface of DLPack, versions 0.6 to 1, as far as it is needed here.
#pragma once

#include <cstdint>

namespace triune::c {

enum class DeviceType : std::int32_t { cpu = 1, cuda = 2 };

struct TensorDevice {
    DeviceType type;
    std::int32_t ordinal;
};

struct ElementType {
    std::uint8_t code;
    std::uint8_t bits;
    std::uint16_t lanes;
};

struct Tensor {
    void* data;
    TensorDevice device;
    std::int32_t dimensions;
    ElementType element;
    std::int64_t* shape;
    std::int64_t* strides;  // in elements
    std::uint64_t byte_offset;
};
static_assert(sizeof(Tensor) == 48);

}  // namespace triune::c

// The tags are those of triune.h.
struct DLManagedTensor {
    triune::c::Tensor tensor;
    void* context;
    void (*deleter)(DLManagedTensor* self);
};

struct DLManagedTensorVersioned {
    std::uint32_t major;
    std::uint32_t minor;
    void* context;
    void (*deleter)(DLManagedTensorVersioned* self);
    std::uint64_t flags;  // 0: may be written, no copy
    triune::c::Tensor tensor;
};
static_assert(sizeof(DLManagedTensor) == 64 && sizeof(DLManagedTensorVersioned) == 80);
