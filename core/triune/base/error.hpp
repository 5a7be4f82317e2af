// SPDX-License-Identifier: Apache-2.0
// The library's exceptions: one base, one type a kind of failure.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <triune/base/call_site.hpp>
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
// about memory, and where the program called; it is printable whatever the names are. Copying does not throw.
class Error : public std::runtime_error {
  public:
    // `facts` come below the sentence, a line each.
    Error(Errc code, const std::string& sentence, int cuda_error, const std::vector<std::string>& facts = {});

    std::error_code code() const noexcept { return make_error_code(code_); }
    // The number of the CUDA error behind it, or the one that a CUDA call would give for the same mistake.
    int cuda_error() const noexcept { return cuda_error_; }
    // what() without the place: the sentence, and below it the facts.
    const char* message() const noexcept { return message_.what(); }
    // One line.
    std::string_view sentence() const noexcept;
    // The call of the library that threw; line() is 0 where that is not known, as of adaptors. Its names of file and
    // function lie in the program or library that called: read them before that is unloaded. what() has a copy.
    const CallSite& where() const noexcept { return where_; }
    // Whether what failed was making or growing an untyped buffer. Handlers that treat those apart ask: the class that
    // such buffers replace never threw the others' exception.
    bool untyped() const noexcept { return untyped_; }

    // From now on what() names this place. For functions that are built on the library's and tell where they were
    // called.
    void called_at(const CallSite& where) noexcept;

  private:
    template <typename Call>
    friend decltype(auto) detail::on_untyped(const Call& call);

    Error(Errc code, const std::runtime_error& message, int cuda_error);

    std::runtime_error message_;
    CallSite where_;
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

// Runs `call`; an Error that leaves it names `where`. Of calls within calls the outermost is named: the program's.
template <typename Call>
decltype(auto) at(const CallSite& where, const Call& call) {
    try {
        return call();
    } catch (Error& error) {
        error.called_at(where);
        throw;
    }
}

template <Errc kind, int default_cuda_error>
class ErrorOf : public Error {
  public:
    explicit ErrorOf(const std::string& sentence, int cuda_error = default_cuda_error,
                     const std::vector<std::string>& facts = {})
        : Error(kind, sentence, cuda_error, facts) {}
    ErrorOf(const std::string& sentence, const std::vector<std::string>& facts)
        : Error(kind, sentence, default_cuda_error, facts) {}
};

}  // namespace detail

// Named like the standard's exceptions, after the error codes. Classes, so that the name of one that nobody catches can
// be read.
class buffer_not_found : public detail::ErrorOf<Errc::buffer_not_found, cuda_error::invalid_value> {
  public:
    using ErrorOf::ErrorOf;
};
class type_mismatch : public detail::ErrorOf<Errc::type_mismatch, cuda_error::invalid_value> {
  public:
    using ErrorOf::ErrorOf;
};
class limit_exceeded : public detail::ErrorOf<Errc::limit_exceeded, cuda_error::out_of_memory> {
  public:
    using ErrorOf::ErrorOf;
};
class max_size_exceeded : public detail::ErrorOf<Errc::max_size_exceeded, cuda_error::invalid_value> {
  public:
    using ErrorOf::ErrorOf;
};
class out_of_memory : public detail::ErrorOf<Errc::out_of_memory, cuda_error::out_of_memory> {
  public:
    using ErrorOf::ErrorOf;
};
class async_not_enabled : public detail::ErrorOf<Errc::async_not_enabled, cuda_error::invalid_value> {
  public:
    using ErrorOf::ErrorOf;
};
class no_pending_download : public detail::ErrorOf<Errc::no_pending_download, cuda_error::invalid_value> {
  public:
    using ErrorOf::ErrorOf;
};
class download_in_flight : public detail::ErrorOf<Errc::download_in_flight, cuda_error::not_ready> {
  public:
    using ErrorOf::ErrorOf;
};
class stale_handle : public detail::ErrorOf<Errc::stale_handle, cuda_error::invalid_resource_handle> {
  public:
    using ErrorOf::ErrorOf;
};
class invalid_argument : public detail::ErrorOf<Errc::invalid_argument, cuda_error::invalid_value> {
  public:
    using ErrorOf::ErrorOf;
};
class device_error : public detail::ErrorOf<Errc::device_error, cuda_error::unknown> {
  public:
    using ErrorOf::ErrorOf;
};

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
