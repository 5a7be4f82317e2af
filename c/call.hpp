// SPDX-License-Identifier: Apache-2.0
// One call of the C interface: what it is given is checked, and what it throws becomes a status and a sentence.
#pragma once

#include <triune.h>

#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <triune/device/stream_order.hpp>

#include "handle_table.hpp"

namespace triune::c {

// Says which function the thread is in, for messages.
class Call {
  public:
    explicit Call(const char* function) noexcept;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

  private:
    const char* const outer_;
};

// Throws invalid_argument: "triune_buffer_size: 'count' is null".
[[noreturn]] void refuse(const std::string& why);
void require(const void* pointer, const char* parameter);

// The status of the exception that is being handled; keeps its sentence for triune_last_error(). Throws nothing.
triune_status note_failure() noexcept;
// The same of a failure without an exception.
triune_status note_failure(triune_status status, const std::string& sentence, int cuda_error);

// What the C interface has errors for and the core has not.
struct BufferExported {
    std::string sentence;
};

template <typename Body>
triune_status guarded(const char* function, const Body& body) noexcept {
    const Call call(function);
    try {
        body();
        return TRIUNE_OK;
    } catch (...) {
        return note_failure();
    }
}

// Throws invalid_argument, or stale_handle where it was released.
void* object_of(std::uintptr_t handle, HandleKind kind, const char* parameter);
void* closed_object_of(std::uintptr_t handle, HandleKind kind, const char* parameter);

// Each kind of handle has a class behind it, with its `kind`.
template <typename Object, typename Handle>
Object& object(const Handle* handle, const char* parameter) {
    return *static_cast<Object*>(object_of(std::bit_cast<std::uintptr_t>(handle), Object::kind, parameter));
}
template <typename Object, typename Handle>
void open_handle(Handle** handle, std::unique_ptr<Object> made) {
    *handle = std::bit_cast<Handle*>(HandleTable::instance().open(Object::kind, made.get()));
    static_cast<void>(made.release());
}
// The object of a handle that is gone now; null of null.
template <typename Object, typename Handle>
std::unique_ptr<Object> closed(Handle* handle, const char* parameter) {
    if (handle == nullptr) return nullptr;
    return std::unique_ptr<Object>(
        static_cast<Object*>(closed_object_of(std::bit_cast<std::uintptr_t>(handle), Object::kind, parameter)));
}

// A parameter `stream` as the core takes it. Raw streams are aligned, so that none looks like a handle.
StreamHandle raw_stream(void* stream) noexcept;
inline StreamOrder order_of(void* stream) noexcept {
    return stream == TRIUNE_NO_STREAM ? StreamOrder::after_all() : StreamOrder::on(raw_stream(stream));
}

// Copies `from` to where the caller wants it, as much of it as the caller's version of the struct has.
template <typename Struct>
void write_struct(Struct* to, Struct from, const char* parameter) {
    require(to, parameter);
    const std::size_t bytes = to->struct_size;
    if (bytes <= sizeof(from.struct_size)) refuse(std::string("'") + parameter + "' has no struct_size");
    from.struct_size = bytes;
    std::memcpy(static_cast<void*>(to), &from, bytes < sizeof(from) ? bytes : sizeof(from));
}
// The caller's struct over the defaults.
template <typename Struct>
Struct read_struct(const Struct* from, Struct defaults, const char* parameter) {
    if (from->struct_size <= sizeof(from->struct_size) || from->struct_size > sizeof(Struct)) {
        refuse(std::string("'") + parameter + "' has the struct_size " + std::to_string(from->struct_size) +
               ", and this library knows " + std::to_string(sizeof(Struct)) + " bytes");
    }
    std::memcpy(static_cast<void*>(&defaults), from, from->struct_size);
    return defaults;
}

// A text of the caller's.
char* caller_text(const std::string& text);

}  // namespace triune::c
