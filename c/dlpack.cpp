// SPDX-License-Identifier: Apache-2.0
#include "dlpack.hpp"

#include <array>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>

#include "call.hpp"
#include "exports.hpp"
#include "objects.hpp"

using namespace triune::c;

namespace {

constexpr std::int32_t max_dimensions = 8;

// Keeps the memory, and says that it is exported, for as long as it is there.
struct Export {
    explicit Export(const BufferObject& of)
        : handle(of.handle), owner(of.owner), manager(of.manager.lock()), state(of.handle.state()) {
        note_export(state);
    }
    Export(const Export&) = delete;
    Export& operator=(const Export&) = delete;
    ~Export() { note_export_gone(state); }

    const triune::UntypedHandle handle;
    const std::shared_ptr<triune::UntypedBuffer> owner;
    const std::shared_ptr<triune::GpuMemoryManager> manager;
    const triune::BufferState& state;
    std::array<std::int64_t, max_dimensions> shape{};
    std::array<std::int64_t, max_dimensions> strides{};
};

template <typename Managed>
struct ExportedTensor {
    explicit ExportedTensor(const BufferObject& of) : kept(of) {}

    Export kept;
    Managed managed{};
};

// Fills in shape and strides; answers the bytes.
std::size_t lay_out(Export& made, const triune_tensor_shape& shape) {
    std::size_t bytes = shape.type_bits / 8U;
    for (std::int32_t i = shape.dimensions - 1; i >= 0; --i) {
        const auto at = static_cast<std::size_t>(i);
        const std::int64_t length = shape.shape[i];
        if (length < 0) refuse("'shape' has the length " + std::to_string(length));
        made.shape[at] = length;
        made.strides[at] =
            at + 1 == static_cast<std::size_t>(shape.dimensions) ? 1 : made.strides[at + 1] * made.shape[at + 1];
        if (!triune::multiply(bytes, static_cast<std::size_t>(length), bytes)) refuse("'shape' overflows");
    }
    return bytes;
}

void check_shape(const triune_tensor_shape* shape) {
    require(shape, "shape");
    if (shape->struct_size < sizeof(triune_tensor_shape)) refuse("'shape' has no struct_size");
    require(shape->shape, "shape->shape");
    if (shape->dimensions < 1 || shape->dimensions > max_dimensions)
        refuse("'shape' has " + std::to_string(shape->dimensions) + " dimensions; 1 to 8 are possible");
    if (shape->type_bits == 0 || shape->type_bits % 8 != 0)
        refuse("'shape' has elements of " + std::to_string(shape->type_bits) + " bits");
}

template <typename Managed>
Managed* exported(const triune_buffer* buffer, const triune_tensor_shape* shape) {
    const BufferObject& of = object<BufferObject>(buffer, "buffer");
    const std::size_t size_bytes = of.handle.size_bytes();
    check_shape(shape);
    auto made = std::make_unique<ExportedTensor<Managed>>(of);
    const std::size_t bytes = lay_out(made->kept, *shape);
    if (bytes > size_bytes) {
        refuse("'shape' has " + std::to_string(bytes) + " bytes, and '" + of.handle.state().label() + "' " +
               std::to_string(size_bytes));
    }
    const triune::DeviceProperties& device = of.handle.state().core().resources->device.properties();
    const bool on_host = device.kind == triune::DeviceKind::simulated;
    Tensor& tensor = made->managed.tensor;
    tensor.data = of.handle.state().data();
    tensor.device = on_host ? TensorDevice{DeviceType::cpu, 0} : TensorDevice{DeviceType::cuda, device.ordinal};
    tensor.dimensions = shape->dimensions;
    tensor.element = {shape->type_code, shape->type_bits, 1};
    tensor.shape = made->kept.shape.data();
    tensor.strides = made->kept.strides.data();
    made->managed.context = made.get();
    made->managed.deleter = [](Managed* self) {
        if (self != nullptr) delete static_cast<ExportedTensor<Managed>*>(self->context);
    };
    return &made.release()->managed;
}

}  // namespace

triune_status triune_buffer_to_dlpack(triune_buffer* buffer, const triune_tensor_shape* shape,
                                      DLManagedTensor** tensor) {
    return guarded(__func__, [&] {
        require(tensor, "tensor");
        *tensor = exported<DLManagedTensor>(buffer, shape);
    });
}

triune_status triune_buffer_to_dlpack_versioned(triune_buffer* buffer, const triune_tensor_shape* shape,
                                                DLManagedTensorVersioned** tensor) {
    return guarded(__func__, [&] {
        require(tensor, "tensor");
        *tensor = exported<DLManagedTensorVersioned>(buffer, shape);
        (*tensor)->major = 1;
    });
}
