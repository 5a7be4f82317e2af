// SPDX-License-Identifier: Apache-2.0
#include "call.hpp"

#include <cstdlib>
#include <new>

#include <triune/base/error.hpp>
#include <triune/resource/bad_allocation.hpp>

namespace triune::c {
namespace {

thread_local const char* current_function = "";

struct LastError {
    std::string kept;
    const char* sentence = "";
    int cuda_error = 0;
};
thread_local LastError last_error;

void keep_sentence(const std::string& sentence, int cuda_error) noexcept {
    last_error.cuda_error = cuda_error;
    try {
        last_error.kept = sentence;
        last_error.sentence = last_error.kept.c_str();
    } catch (...) {
        last_error.sentence = "the host has no memory left for the sentence of this error";
    }
}

[[noreturn]] void throw_refusal(const HandleTable::Found& found, HandleKind kind, const char* parameter) {
    const std::string named = std::string("'") + parameter + "' is ";
    switch (found.answer) {
        case HandleTable::Answer::released:
            throw stale_handle(current_function + (": " + named) + "a handle that was released");
        case HandleTable::Answer::null:
            refuse(named + "null");
        case HandleTable::Answer::other_kind:
            refuse(named + "the handle of " + kind_with_article(found.kind) + ", not of " + kind_with_article(kind));
        default:
            refuse(named + "no handle of " + kind_with_article(kind));
    }
}

// Of our own the code is the status.
triune_status status_of(std::error_code code) noexcept { return static_cast<triune_status>(code.value()); }

}  // namespace

Call::Call(const char* function) noexcept : outer_(std::exchange(current_function, function)) {}
Call::~Call() { current_function = outer_; }

void refuse(const std::string& why) { throw invalid_argument(std::string(current_function) + ": " + why); }

void require(const void* pointer, const char* parameter) {
    if (pointer == nullptr) refuse(std::string("'") + parameter + "' is null");
}

triune_status note_failure(triune_status status, const std::string& sentence, int cuda_error) {
    keep_sentence(sentence, cuda_error);
    return status;
}

triune_status note_failure() noexcept {
    try {
        throw;
    } catch (const Error& error) {
        keep_sentence(error.message(), error.cuda_error());
        return status_of(error.code());
    } catch (const bad_allocation& error) {
        keep_sentence(error.what(), error.cuda_error());
        return status_of(error.code());
    } catch (const BufferExported& error) {
        keep_sentence(error.sentence, cuda_error::invalid_value);
        return TRIUNE_BUFFER_EXPORTED;
    } catch (const std::bad_alloc&) {
        keep_sentence("the host has no memory left", cuda_error::out_of_memory);
        return TRIUNE_OUT_OF_HOST_MEMORY;
    } catch (const std::exception& error) {
        keep_sentence(error.what(), cuda_error::unknown);
        return TRIUNE_UNEXPECTED;
    } catch (...) {
        keep_sentence("an exception of an unknown type", cuda_error::unknown);
        return TRIUNE_UNEXPECTED;
    }
}

void* object_of(std::uintptr_t handle, HandleKind kind, const char* parameter) {
    const HandleTable::Found found = HandleTable::instance().find(handle, kind);
    if (found.answer != HandleTable::Answer::found) throw_refusal(found, kind, parameter);
    return found.object;
}

void* closed_object_of(std::uintptr_t handle, HandleKind kind, const char* parameter) {
    const HandleTable::Found found = HandleTable::instance().close(handle, kind);
    if (found.answer != HandleTable::Answer::found) throw_refusal(found, kind, parameter);
    return found.object;
}

char* caller_text(const std::string& text) {
    auto* const made = static_cast<char*>(std::malloc(text.size() + 1));
    if (made == nullptr) throw std::bad_alloc();
    std::memcpy(made, text.c_str(), text.size() + 1);
    return made;
}

}  // namespace triune::c

const char* triune_last_error(void) { return triune::c::last_error.sentence; }
int triune_last_cuda_error(void) { return triune::c::last_error.cuda_error; }
void triune_text_release(char* text) { std::free(text); }
