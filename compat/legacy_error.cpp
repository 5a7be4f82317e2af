// SPDX-License-Identifier: Apache-2.0
#include "legacy_error.hpp"

#include <new>
#include <stdexcept>

#include <triune/base/error.hpp>

namespace triune::compat {
namespace {

utils::CudaError code_of(const Error& error) noexcept {
    if (error.code() == Errc::out_of_memory || error.code() == Errc::limit_exceeded)
        return utils::CudaError::OutOfMemory;
    return legacy_code(error.cuda_error());
}

// Legacy callers may look for that sentence. What else they are told is for people.
std::string text_of(const Error& error) {
    return error.code() == Errc::max_size_exceeded ? std::string(error.sentence()) : error.message();
}

}  // namespace

utils::CudaError legacy_code(int number) noexcept {
    switch (number) {
        case 100:
            return utils::CudaError::NoDevice;
        case 201:
            return utils::CudaError::InvalidContext;
        case cuda_error::invalid_resource_handle:
            return utils::CudaError::InvalidResourceHandle;
        case cuda_error::not_ready:
            return utils::CudaError::NotReady;
        default:
            return static_cast<utils::CudaError>(number);
    }
}

void throw_as_cuda_exception() {
    try {
        throw;
    } catch (const Error& error) {
        throw utils::CudaException(code_of(error), text_of(error));
    } catch (const std::bad_alloc&) {
        throw utils::CudaException(utils::CudaError::OutOfMemory, "out of host memory");
    } catch (const std::length_error&) {  // a vector of more than any memory holds
        throw utils::CudaException(utils::CudaError::OutOfMemory, "out of host memory");
    }
}

void throw_as_runtime_error() {
    try {
        throw;
    } catch (const Error& error) {
        throw std::runtime_error(text_of(error));
    } catch (const std::bad_alloc&) {
        throw std::runtime_error("out of host memory");
    } catch (const std::length_error&) {
        throw std::runtime_error("out of host memory");
    }
}

std::size_t checked_bytes(std::size_t count, std::size_t size) {
    std::size_t bytes = 0;
    if (multiply(count, size, bytes)) return bytes;
    throw utils::CudaException(
        utils::CudaError::OutOfMemory,
        "Allocation of " + std::to_string(count) + " elements of " + std::to_string(size) + " bytes is too large");
}

}  // namespace triune::compat
