// SPDX-License-Identifier: Apache-2.0
// The core's errors as numbers of C.
#include <triune.h>

#include <triune/base/error.hpp>

namespace {

using triune::Errc;

// No default: an error that the core gets shows here, as a warning of the compiler.
constexpr triune_status status_of(Errc code) noexcept {
    switch (code) {
        case Errc::buffer_not_found:
            return TRIUNE_BUFFER_NOT_FOUND;
        case Errc::type_mismatch:
            return TRIUNE_TYPE_MISMATCH;
        case Errc::limit_exceeded:
            return TRIUNE_LIMIT_EXCEEDED;
        case Errc::max_size_exceeded:
            return TRIUNE_MAX_SIZE_EXCEEDED;
        case Errc::out_of_memory:
            return TRIUNE_OUT_OF_MEMORY;
        case Errc::async_not_enabled:
            return TRIUNE_ASYNC_NOT_ENABLED;
        case Errc::no_pending_download:
            return TRIUNE_NO_PENDING_DOWNLOAD;
        case Errc::download_in_flight:
            return TRIUNE_DOWNLOAD_IN_FLIGHT;
        case Errc::stale_handle:
            return TRIUNE_STALE_HANDLE;
        case Errc::invalid_argument:
            return TRIUNE_INVALID_ARGUMENT;
        case Errc::device_error:
            return TRIUNE_DEVICE_ERROR;
    }
    return TRIUNE_UNEXPECTED;
}

// They are the same numbers, so that an error's code is its status.
constexpr bool same_numbers() noexcept {
    for (int value = 1; value < 100; ++value) {
        const triune_status status = status_of(static_cast<Errc>(value));
        if (status != TRIUNE_UNEXPECTED && status != static_cast<triune_status>(value)) return false;
    }
    return true;
}
static_assert(same_numbers());

}  // namespace

int triune_version(void) { return TRIUNE_VERSION_MAJOR * 1000000 + TRIUNE_VERSION_MINOR * 1000 + TRIUNE_VERSION_PATCH; }

const char* triune_status_name(int status) {
    switch (status) {
        case TRIUNE_OK:
            return "TRIUNE_OK";
        case TRIUNE_BUFFER_NOT_FOUND:
            return "TRIUNE_BUFFER_NOT_FOUND";
        case TRIUNE_TYPE_MISMATCH:
            return "TRIUNE_TYPE_MISMATCH";
        case TRIUNE_LIMIT_EXCEEDED:
            return "TRIUNE_LIMIT_EXCEEDED";
        case TRIUNE_MAX_SIZE_EXCEEDED:
            return "TRIUNE_MAX_SIZE_EXCEEDED";
        case TRIUNE_OUT_OF_MEMORY:
            return "TRIUNE_OUT_OF_MEMORY";
        case TRIUNE_ASYNC_NOT_ENABLED:
            return "TRIUNE_ASYNC_NOT_ENABLED";
        case TRIUNE_NO_PENDING_DOWNLOAD:
            return "TRIUNE_NO_PENDING_DOWNLOAD";
        case TRIUNE_DOWNLOAD_IN_FLIGHT:
            return "TRIUNE_DOWNLOAD_IN_FLIGHT";
        case TRIUNE_STALE_HANDLE:
            return "TRIUNE_STALE_HANDLE";
        case TRIUNE_INVALID_ARGUMENT:
            return "TRIUNE_INVALID_ARGUMENT";
        case TRIUNE_DEVICE_ERROR:
            return "TRIUNE_DEVICE_ERROR";
        case TRIUNE_OUT_OF_HOST_MEMORY:
            return "TRIUNE_OUT_OF_HOST_MEMORY";
        case TRIUNE_BUFFER_EXPORTED:
            return "TRIUNE_BUFFER_EXPORTED";
        case TRIUNE_UNEXPECTED:
            return "TRIUNE_UNEXPECTED";
    }
    return nullptr;
}

const char* triune_status_text(int status) {
    switch (status) {
        case TRIUNE_OK:
            return "no error";
        case TRIUNE_BUFFER_NOT_FOUND:
            return "no buffer of that name";
        case TRIUNE_TYPE_MISMATCH:
            return "the buffer holds another type";
        case TRIUNE_LIMIT_EXCEEDED:
            return "the manager's memory limit would be exceeded";
        case TRIUNE_MAX_SIZE_EXCEEDED:
            return "the buffer's maximum size would be exceeded";
        case TRIUNE_OUT_OF_MEMORY:
            return "out of memory";
        case TRIUNE_ASYNC_NOT_ENABLED:
            return "the buffer was made without enable_async";
        case TRIUNE_NO_PENDING_DOWNLOAD:
            return "no download was started";
        case TRIUNE_DOWNLOAD_IN_FLIGHT:
            return "both download slots are taken";
        case TRIUNE_STALE_HANDLE:
            return "the buffer behind the handle is gone, or the handle was released";
        case TRIUNE_INVALID_ARGUMENT:
            return "invalid argument";
        case TRIUNE_DEVICE_ERROR:
            return "the device reported an error";
        case TRIUNE_OUT_OF_HOST_MEMORY:
            return "the host has no memory left";
        case TRIUNE_BUFFER_EXPORTED:
            return "the buffer's memory would move or go while another library has its address";
        case TRIUNE_UNEXPECTED:
            return "an exception that the library did not expect";
    }
    return nullptr;
}
