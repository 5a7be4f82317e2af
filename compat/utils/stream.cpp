// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <triune/device/stream.hpp>

#include "legacy_error.hpp"
#include "utils/device_buffer.hpp"

namespace utils {

namespace compat = triune::compat;

struct Stream::Impl {
    triune::Stream stream;
};

Stream::Stream() : impl_(compat::with_cuda_exceptions([] { return new Impl; })) {}
Stream::~Stream() { delete impl_; }
Stream::Stream(Stream&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
Stream& Stream::operator=(Stream&& other) noexcept {
    if (this != &other) delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    return *this;
}

void Stream::synchronize() const {
    compat::with_cuda_exceptions([&] { impl_->stream.synchronize(); });
}

void* Stream::handle() const noexcept { return impl_ == nullptr ? nullptr : impl_->stream.handle(); }

}  // namespace utils
