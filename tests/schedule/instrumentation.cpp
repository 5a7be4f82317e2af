// SPDX-License-Identifier: Apache-2.0
// Answers what -fsanitize=thread makes the program call, and the system calls that threads make: see explorer.hpp.
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <time.h>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "execution.hpp"

using schedule::Execution;
using schedule::InChecker;

namespace {

bool ours() { return schedule::Fibers::program_runs(); }
void access(const void* address, std::size_t bytes, bool write) {
    if (!ours()) return;
    const InChecker here;
    Execution::instance().access(address, bytes, write);
}

void note_new(void* memory, std::size_t bytes) {
    if (!ours()) return;
    const InChecker here;
    Execution::instance().forget(memory, bytes);
}

// Outside of an exploration there is one thread.
template <typename T>
T load(const volatile T* address, int order, const void* place) {
    if (!ours()) return *address;
    const InChecker here;
    return static_cast<T>(Execution::instance().load(const_cast<const T*>(address), sizeof(T), order, place));
}
template <typename T>
void store(volatile T* address, T value, int order, const void* place) {
    if (!ours()) {
        *address = value;
        return;
    }
    const InChecker here;
    Execution::instance().store(const_cast<T*>(address), sizeof(T), value, order, place);
}
template <typename T, typename Operation>
T exchange(volatile T* address, int order, const void* place, Operation&& operation) {
    if (!ours()) {
        const T before = *address;
        *address = static_cast<T>(operation(before));
        return before;
    }
    const InChecker here;
    return static_cast<T>(Execution::instance().exchange(
        const_cast<T*>(address), sizeof(T), order, order, place, [&](std::uint64_t before) {
            return std::optional<std::uint64_t>(static_cast<T>(operation(static_cast<T>(before))));
        }));
}
template <typename T>
int compare_exchange(volatile T* address, T* expected, T desired, int order, int failure, const void* place) {
    T before = *address;
    if (!ours()) {
        if (before == *expected) *address = desired;
    } else {
        const InChecker here;
        before = static_cast<T>(Execution::instance().exchange(
            const_cast<T*>(address), sizeof(T), order, failure, place, [&](std::uint64_t value) {
                return static_cast<T>(value) == *expected ? std::optional<std::uint64_t>(desired) : std::nullopt;
            }));
    }
    if (before == *expected) return 1;
    *expected = before;
    return 0;
}

}  // namespace

#define PLACE __builtin_return_address(0)

#define PLAIN(bytes)                                                                     \
    void __tsan_read##bytes(void* address) { access(address, bytes, false); }            \
    void __tsan_write##bytes(void* address) { access(address, bytes, true); }            \
    void __tsan_unaligned_read##bytes(void* address) { access(address, bytes, false); }  \
    void __tsan_unaligned_write##bytes(void* address) { access(address, bytes, true); }  \
    void __tsan_volatile_read##bytes(void* address) { access(address, bytes, false); }   \
    void __tsan_volatile_write##bytes(void* address) { access(address, bytes, true); }

#define MODIFY(bits, name, expression)                                                              \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* address,         \
                                                     std::uint##bits##_t operand, int order) {      \
        return exchange(address, order, PLACE, [&](std::uint##bits##_t before) { return expression; }); \
    }

#define ATOMIC(bits)                                                                                               \
    std::uint##bits##_t __tsan_atomic##bits##_load(const volatile std::uint##bits##_t* address, int order) {       \
        return load(address, order, PLACE);                                                                        \
    }                                                                                                              \
    void __tsan_atomic##bits##_store(volatile std::uint##bits##_t* address, std::uint##bits##_t value,             \
                                     int order) {                                                                  \
        store(address, value, order, PLACE);                                                                       \
    }                                                                                                              \
    MODIFY(bits, exchange, (static_cast<void>(before), operand))                                                   \
    MODIFY(bits, fetch_add, before + operand)                                                                      \
    MODIFY(bits, fetch_sub, before - operand)                                                                      \
    MODIFY(bits, fetch_and, before & operand)                                                                      \
    MODIFY(bits, fetch_or, before | operand)                                                                       \
    MODIFY(bits, fetch_xor, before ^ operand)                                                                      \
    MODIFY(bits, fetch_nand, ~(before & operand))                                                                  \
    int __tsan_atomic##bits##_compare_exchange_strong(volatile std::uint##bits##_t* address,                       \
                                                      std::uint##bits##_t* expected, std::uint##bits##_t desired,  \
                                                      int order, int failure) {                                    \
        return compare_exchange(address, expected, desired, order, failure, PLACE);                                \
    }                                                                                                              \
    int __tsan_atomic##bits##_compare_exchange_weak(volatile std::uint##bits##_t* address,                         \
                                                    std::uint##bits##_t* expected, std::uint##bits##_t desired,    \
                                                    int order, int failure) {                                      \
        return compare_exchange(address, expected, desired, order, failure, PLACE);                                \
    }

extern "C" {

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)
void __tsan_read_range(void* address, std::size_t bytes) { access(address, bytes, false); }
void __tsan_write_range(void* address, std::size_t bytes) { access(address, bytes, true); }
void __tsan_vptr_update(void** address, void*) { access(address, sizeof(void*), true); }
void __tsan_vptr_read(void** address) { access(address, sizeof(void*), false); }
void __tsan_atomic_signal_fence(int) {}
void __tsan_atomic_thread_fence(int) {
    if (!ours()) return;
    const InChecker here;
    Execution::instance().fail("the checker does not know fences");
}
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}

// By the linker's --wrap.
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long arguments[6];
    for (long& argument : arguments) argument = va_arg(list, long);
    va_end(list);
    if (ours() && number == SYS_membarrier) {
        const InChecker here;
        if (Execution::instance().barrier()) return 0;
        errno = EPERM;
        return -1;
    }
    if (ours() && number == SYS_futex) {
        const InChecker here;
        const void* const address = reinterpret_cast<void*>(arguments[0]);
        const int command = static_cast<int>(arguments[1]) & FUTEX_CMD_MASK;
        if (command == FUTEX_WAKE) {
            Execution::instance().wake(address, static_cast<int>(arguments[2]));
            return 0;
        }
        if (Execution::instance().wait(address, static_cast<std::uint32_t>(arguments[2]))) return 0;
        errno = EAGAIN;
        return -1;
    }
    return __real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

int __real_sched_yield();
int __wrap_sched_yield() {
    if (!ours()) return __real_sched_yield();
    const InChecker here;
    Execution::instance().yield();
    return 0;
}

int __real_nanosleep(const timespec* asked, timespec* rest);
int __wrap_nanosleep(const timespec* asked, timespec* rest) {
    if (!ours()) return __real_nanosleep(asked, rest);
    const InChecker here;
    Execution::instance().sleep(asked->tv_sec * 1'000'000'000 + asked->tv_nsec);
    return 0;
}

std::chrono::steady_clock::time_point __real__ZNSt6chrono3_V212steady_clock3nowEv();
std::chrono::steady_clock::time_point __wrap__ZNSt6chrono3_V212steady_clock3nowEv() {
    if (!ours()) return __real__ZNSt6chrono3_V212steady_clock3nowEv();
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(Execution::instance().now()));
}

}  // extern "C"

void* operator new(std::size_t bytes) {
    void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
    if (memory == nullptr) throw std::bad_alloc();
    note_new(memory, bytes);
    return memory;
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return ::operator new(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    const std::size_t step = static_cast<std::size_t>(alignment);
    void* const memory = std::aligned_alloc(step, (bytes + step - 1) / step * step);
    if (memory == nullptr) throw std::bad_alloc();
    note_new(memory, bytes);
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
