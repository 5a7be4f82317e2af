// SPDX-License-Identifier: Apache-2.0
// The library's exceptions: one base, one type a kind of failure.
#pragma once

#include <stdexcept>
#include <string>
#include <system_error>

#include <triune/base/printable.hpp>
#include <triune/base/status.hpp>

#if !defined(__cpp_exceptions)
#error "Triune tells errors by exceptions: compile this unit with -fexceptions (docs/api.md, Compiler flags)"
#endif

namespace triune {

enum class Errc {
    buffer_not_found = 1,
    type_mismatch,
    limit_exceeded,
    max_size_exceeded,
    out_of_memory,
    async_not_enabled,
    no_pending_download,
    download_in_flight,
    stale_handle,
    invalid_argument,
    device_error,
};

const std::error_category& error_category() noexcept;
std::error_code make_error_code(Errc code) noexcept;

namespace detail {

// Runs `call`, which makes or grows an untyped buffer; an Error that leaves it says so.
template <typename Call>
decltype(auto) on_untyped(const Call& call);

}  // namespace detail

// Base of everything that the library throws. what() names the buffer or argument concerned, with bytes where it is
// about memory; it is printable whatever the names are. Copying does not throw.
class Error : public std::runtime_error {
  public:
    Error(Errc code, const std::string& what, int cuda_error)
        : std::runtime_error(printable(what)), code_(code), cuda_error_(cuda_error) {}

    std::error_code code() const noexcept { return make_error_code(code_); }
    // The number of the CUDA error behind it, or the one that a CUDA call would give for the same mistake.
    int cuda_error() const noexcept { return cuda_error_; }
    // Whether what failed was making or growing an untyped buffer. Handlers that treat those apart ask: the class that
    // such buffers replace never threw the others' exception.
    bool untyped() const noexcept { return untyped_; }

  private:
    template <typename Call>
    friend decltype(auto) detail::on_untyped(const Call& call);

    Errc code_;
    int cuda_error_;
    bool untyped_ = false;
};

namespace detail {

template <typename Call>
decltype(auto) on_untyped(const Call& call) {
    try {
        return call();
    } catch (Error& error) {
        error.untyped_ = true;
        throw;
    }
}

template <Errc kind, int default_cuda_error>
class ErrorOf : public Error {
  public:
    explicit ErrorOf(const std::string& what, int cuda_error = default_cuda_error) : Error(kind, what, cuda_error) {}
};

}  // namespace detail

// Named like the standard's exceptions, after the error codes.
using buffer_not_found = detail::ErrorOf<Errc::buffer_not_found, cuda_error::invalid_value>;
using type_mismatch = detail::ErrorOf<Errc::type_mismatch, cuda_error::invalid_value>;
using limit_exceeded = detail::ErrorOf<Errc::limit_exceeded, cuda_error::out_of_memory>;
using max_size_exceeded = detail::ErrorOf<Errc::max_size_exceeded, cuda_error::invalid_value>;
using out_of_memory = detail::ErrorOf<Errc::out_of_memory, cuda_error::out_of_memory>;
using async_not_enabled = detail::ErrorOf<Errc::async_not_enabled, cuda_error::invalid_value>;
using no_pending_download = detail::ErrorOf<Errc::no_pending_download, cuda_error::invalid_value>;
using download_in_flight = detail::ErrorOf<Errc::download_in_flight, cuda_error::not_ready>;
using stale_handle = detail::ErrorOf<Errc::stale_handle, cuda_error::invalid_resource_handle>;
using invalid_argument = detail::ErrorOf<Errc::invalid_argument, cuda_error::invalid_value>;
using device_error = detail::ErrorOf<Errc::device_error, cuda_error::unknown>;

// Throws where `status` is a failure: out_of_memory where memory ran out, else device_error. `doing` says what was
// being done and to which buffer: "zeroing 'positions'".
void check(Status status, const std::string& doing);
void check(Status status, const char* doing);

// For destructors and deallocation, which cannot throw: logs the failure and counts it.
void report_teardown(Status status, const char* doing) noexcept;
// Failures reported that way since the process began.
unsigned long long teardown_failures() noexcept;

}  // namespace triune

template <>
struct std::is_error_code_enum<triune::Errc> : std::true_type {};
