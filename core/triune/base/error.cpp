// SPDX-License-Identifier: Apache-2.0
#include <triune/base/error.hpp>

#include <atomic>
#include <chrono>
#include <new>
#include <thread>

#include <triune/base/log.hpp>
#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/base/printable.hpp>

namespace triune {
namespace {

class Category final : public std::error_category {
  public:
    const char* name() const noexcept override { return "triune"; }
    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
            case Errc::buffer_not_found:
                return "no buffer of that name";
            case Errc::type_mismatch:
                return "the buffer holds another type";
            case Errc::limit_exceeded:
                return "the manager's memory limit would be exceeded";
            case Errc::max_size_exceeded:
                return "the buffer's maximum size would be exceeded";
            case Errc::out_of_memory:
                return "out of memory";
            case Errc::async_not_enabled:
                return "the buffer was made without enable_async";
            case Errc::no_pending_download:
                return "no download was started";
            case Errc::download_in_flight:
                return "both download slots are taken";
            case Errc::stale_handle:
                return "the buffer behind the handle is gone";
            case Errc::invalid_argument:
                return "invalid argument";
            case Errc::device_error:
                return "the device reported an error";
        }
        return "unknown error";
    }
};

std::atomic<unsigned long long> teardown_count{0};

// The driver says so to threads that are still at work when the process ends. What they are thrown would mostly go
// uncaught, and the program would end with another status than its own. So the end may come first; a thread that
// something waits for goes on afterwards.
void let_the_process_end() {
    if (!HeldLocks::any()) std::this_thread::sleep_for(std::chrono::seconds{1});
}

std::string with_facts(const std::string& sentence, const std::vector<std::string>& facts) {
    std::string text = printable(sentence);
    for (const std::string& fact : facts) text += "\n  " + printable(fact);
    return text;
}

std::string describe(Status status, const std::string& doing) {
    return doing + ": " + status.verb + " failed with CUDA error " + std::to_string(status.cuda_error);
}

}  // namespace

const std::error_category& error_category() noexcept {
    static const Category category;
    return category;
}

std::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), error_category()}; }

Error::Error(Errc code, const std::string& sentence, int cuda_error, const std::vector<std::string>& facts)
    : Error(code, std::runtime_error(with_facts(sentence, facts)), cuda_error) {}

Error::Error(Errc code, const std::runtime_error& message, int cuda_error)
    : std::runtime_error(message), message_(message), code_(code), cuda_error_(cuda_error) {}

std::string_view Error::sentence() const noexcept {
    const std::string_view text = message();
    return text.substr(0, text.find('\n'));
}

void Error::called_at(const CallSite& where) noexcept {
    if (where.line() == 0) return;
    where_ = where;
    try {
        std::string text(sentence());
        text += " (called at " + printable(where.file_name()) + ":" + std::to_string(where.line()) + ")";
        text += message() + sentence().size();
        std::runtime_error::operator=(std::runtime_error(text));
    } catch (const std::bad_alloc&) {  // where() still tells
    }
}

void check(Status status, const std::string& doing) {
    if (status.ok()) return;
    if (status.cuda_error == cuda_error::deinitialized) let_the_process_end();
    if (status.cuda_error == cuda_error::out_of_memory) throw out_of_memory(describe(status, doing));
    throw device_error(describe(status, doing), status.cuda_error);
}

void check(Status status, const char* doing) {
    if (!status.ok()) check(status, std::string(doing));
}

void report_teardown(Status status, const char* doing) noexcept {
    if (status.ok()) return;
    teardown_count.fetch_add(1, std::memory_order_relaxed);
    try {
        log::error(describe(status, doing));
    } catch (...) {  // no memory for the text: the count still tells
    }
}

unsigned long long teardown_failures() noexcept { return teardown_count.load(std::memory_order_relaxed); }

}  // namespace triune
