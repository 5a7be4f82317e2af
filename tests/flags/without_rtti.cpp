// SPDX-License-Identifier: Apache-2.0
// Compiled without run-time type information: what such a unit may do with a buffer that another has made.
#include <triune/device/stream.hpp>
#include <triune/manage/buffer.hpp>

#ifdef __cpp_rtti
#error "this unit is to be compiled with -fno-rtti"
#endif

std::size_t grow_and_download(triune::BufferHandle<float> buffer, triune::StreamHandle stream) {
    buffer.ensure_capacity(2000, stream);
    buffer.set_size(2000);
    buffer.start_async_download(stream);
    const triune::HostView<float> seen = buffer.wait_for_download();
    return seen.size();
}

bool refuses_what_is_too_big(triune::Buffer<float>& buffer) {  // of 4096 bytes at most
    try {
        buffer.ensure_capacity(1025);
    } catch (const triune::Error& error) {
        return error.code() == triune::Errc::max_size_exceeded;
    }
    return false;
}
