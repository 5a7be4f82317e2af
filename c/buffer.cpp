// SPDX-License-Identifier: Apache-2.0
// Buffers of bytes.
#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/manage/buffer_contents.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>

#include "call.hpp"
#include "exports.hpp"
#include "objects.hpp"
#include "place.hpp"

using namespace triune::c;
using triune::StreamOrder;
using triune::UntypedHandle;

namespace {

const UntypedHandle& handle_of(const triune_buffer* buffer) { return object<BufferObject>(buffer, "buffer").handle; }

triune::BufferConfig config_of(const triune_buffer_config* config) {
    const triune_buffer_config defaults = TRIUNE_BUFFER_CONFIG_INIT;
    const triune_buffer_config asked = config == nullptr ? defaults : read_struct(config, defaults, "config");
    return {asked.bytes_per_element, asked.growth_factor,       asked.max_size_bytes, asked.min_size_bytes,
            asked.enable_async != 0, asked.stable_address != 0, asked.zeroed != 0};
}

void refuse_exported(const UntypedHandle& handle, const char* what) {
    const std::size_t count = export_count(handle.state());
    if (count == 0) return;
    throw BufferExported{"'" + handle.state().label() + "' cannot " + what + " while " + std::to_string(count) +
                         " tensors of other libraries have its address"};
}

// A buffer with a stable address grows in place or not at all.
void refuse_to_move(const UntypedHandle& handle, std::size_t count) {
    if (count <= handle.capacity() || export_count(handle.state()) == 0) return;
    const bool stays = handle.state().description().config.stable_address &&
                       handle.state().core().resources->device.properties().virtual_memory;
    if (!stays) refuse_exported(handle, "grow, and perhaps move,");
}

// Calls `body` with the stream that is named, or without one.
template <typename Body>
void on_stream(void* stream, const Body& body) {
    if (stream == TRIUNE_NO_STREAM) {
        body();
    } else {
        body(raw_stream(stream));
    }
}

std::size_t bytes_of(const UntypedHandle& handle, std::size_t count) {
    std::size_t bytes = 0;
    if (!triune::multiply(count, handle.element_size(), bytes)) {
        throw triune::invalid_argument("'" + handle.state().label() + "': " + std::to_string(count) + " elements of " +
                                       std::to_string(handle.element_size()) + " bytes are more than memory can hold");
    }
    return bytes;
}

void require_name(const char* name) { require(name, "name"); }

void open_found(triune_buffer** buffer, UntypedHandle found, const std::shared_ptr<triune::GpuMemoryManager>& manager) {
    open_handle(buffer, std::make_unique<BufferObject>(BufferObject{std::move(found), nullptr, manager}));
}

}  // namespace

triune_status triune_buffer_create(triune_manager* manager, const char* name, size_t count,
                                   const triune_buffer_config* config, const triune_place* where,
                                   triune_buffer** buffer) {
    return guarded(__func__, [&] {
        triune::GpuMemoryManager& maker = *object<ManagerObject>(manager, "manager").manager;
        require_name(name);
        require(buffer, "buffer");
        auto made =
            std::make_shared<triune::UntypedBuffer>(maker.make_untyped(name, config_of(config), place_of(where)));
        if (count > 0) made->state().allocate_exactly(bytes_of(*made, count), StreamOrder::after_all());
        UntypedHandle handle = *made;
        open_handle(buffer, std::make_unique<BufferObject>(BufferObject{std::move(handle), std::move(made), {}}));
    });
}

triune_status triune_buffer_get_or_create(triune_manager* manager, const char* name, const triune_buffer_config* config,
                                          const triune_place* where, triune_buffer** buffer) {
    return guarded(__func__, [&] {
        const auto& owner = object<ManagerObject>(manager, "manager").manager;
        require_name(name);
        require(buffer, "buffer");
        open_found(buffer, owner->get_or_create(name, config_of(config), place_of(where)), owner);
    });
}

triune_status triune_buffer_find(triune_manager* manager, const char* name, triune_buffer** buffer) {
    return guarded(__func__, [&] {
        const auto& owner = object<ManagerObject>(manager, "manager").manager;
        require_name(name);
        require(buffer, "buffer");
        open_found(buffer, owner->get_untyped(name), owner);
    });
}

triune_status triune_buffer_free(triune_buffer* buffer, void* stream) {
    return guarded(__func__, [&] {
        const BufferObject& freed = object<BufferObject>(buffer, "buffer");
        static_cast<void>(freed.handle.capacity_bytes());  // throws stale_handle
        refuse_exported(freed.handle, "be freed");
        const auto manager = freed.manager.lock();
        // Under its name first, so that nobody finds it; a buffer that has the name meanwhile is another one.
        if (manager != nullptr && manager->contains(freed.handle.name()) &&
            &manager->get_untyped(freed.handle.name()).state() == &freed.handle.state()) {
            on_stream(stream, [&](auto... named) { manager->free(freed.handle.name(), named...); });
        } else {
            freed.handle.state().free(order_of(stream));
        }
    });
}

triune_status triune_buffer_release(triune_buffer* buffer) {
    return guarded(__func__, [&] { closed<BufferObject>(buffer, "buffer"); });
}

triune_status triune_buffer_data(const triune_buffer* buffer, void** data) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        require(data, "data");
        *data = handle.state().data();
    });
}

triune_status triune_buffer_size(const triune_buffer* buffer, size_t* count) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        require(count, "count");
        static_cast<void>(handle.state().size_bytes());  // throws stale_handle
        *count = handle.size();
    });
}

triune_status triune_buffer_capacity(const triune_buffer* buffer, size_t* count) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        require(count, "count");
        static_cast<void>(handle.state().capacity_bytes());  // throws stale_handle
        *count = handle.capacity();
    });
}

triune_status triune_buffer_element_size(const triune_buffer* buffer, size_t* bytes) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        require(bytes, "bytes");
        *bytes = handle.element_size();
    });
}

triune_status triune_buffer_name(const triune_buffer* buffer, const char** name) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        require(name, "name");
        *name = handle.name().c_str();
    });
}

triune_status triune_buffer_reserve(triune_buffer* buffer, size_t count, void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        refuse_to_move(handle, count);
        on_stream(stream, [&](auto... named) { handle.reserve(count, named...); });
    });
}

triune_status triune_buffer_ensure_capacity(triune_buffer* buffer, size_t count, void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        refuse_to_move(handle, count);
        on_stream(stream, [&](auto... named) { handle.ensure_capacity(count, named...); });
    });
}

triune_status triune_buffer_resize(triune_buffer* buffer, size_t count, void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        refuse_to_move(handle, count);
        on_stream(stream, [&](auto... named) { handle.ensure_capacity(count, named...); });
        handle.set_size(count);
    });
}

triune_status triune_buffer_shrink_to_fit(triune_buffer* buffer, void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        refuse_exported(handle, "shrink");
        on_stream(stream, [&](auto... named) { handle.shrink_to_fit(named...); });
    });
}

triune_status triune_buffer_upload(triune_buffer* buffer, size_t offset_bytes, const void* source, size_t bytes,
                                   void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        if (bytes > 0) require(source, "source");
        triune::BufferContents::upload(handle.state(), offset_bytes, source, bytes, order_of(stream));
    });
}

triune_status triune_buffer_download(const triune_buffer* buffer, size_t offset_bytes, void* destination, size_t bytes,
                                     void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        if (bytes > 0) require(destination, "destination");
        triune::BufferContents::download(handle.state(), offset_bytes, destination, bytes, order_of(stream));
    });
}

triune_status triune_buffer_fill(triune_buffer* buffer, const void* element, void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& handle = handle_of(buffer);
        require(element, "element");
        on_stream(stream, [&](auto... named) { handle.fill(element, named...); });
    });
}

triune_status triune_buffer_copy(triune_buffer* buffer, size_t offset_bytes, const triune_buffer* source,
                                 size_t source_offset_bytes, size_t bytes, void* stream) {
    return guarded(__func__, [&] {
        const UntypedHandle& to = handle_of(buffer);
        const UntypedHandle& from = object<BufferObject>(source, "source").handle;
        triune::BufferContents::copy(to.state(), offset_bytes, from.state(), source_offset_bytes, bytes,
                                     order_of(stream));
    });
}
