// SPDX-License-Identifier: Apache-2.0
#include "fibers.hpp"

#include <link.h>
#include <algorithm>
#include <cstring>

namespace schedule {
namespace {

struct ThreadLocals {
    std::byte* variables = nullptr;
    const std::byte* image = nullptr;
    std::size_t image_bytes = 0;
    std::size_t bytes = 0;
};

// Of the program itself, which comes first.
int note_locals(dl_phdr_info* info, std::size_t, void* out) {
    auto& locals = *static_cast<ThreadLocals*>(out);
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type != PT_TLS) continue;
        locals.variables = static_cast<std::byte*>(info->dlpi_tls_data);
        locals.image = reinterpret_cast<const std::byte*>(info->dlpi_addr + header.p_vaddr);
        locals.image_bytes = header.p_filesz;
        locals.bytes = header.p_memsz;
    }
    return 1;
}

}  // namespace

Fibers::Fibers() {
    ThreadLocals locals;
    ::dl_iterate_phdr(note_locals, &locals);
    variables_ = locals.variables;
    initial_.resize(locals.bytes);
    std::copy_n(locals.image, locals.image_bytes, initial_.begin());
}

void Fibers::prepare(int count, void (*begin)()) {
    for (int number = 0; number < count; ++number) {
        Fiber& fiber = of(number);
        if (!fiber.stack) fiber.stack = std::make_unique<std::byte[]>(stack_bytes);
        fiber.variables = initial_;
        ::getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = fiber.stack.get();
        fiber.context.uc_stack.ss_size = stack_bytes;
        fiber.context.uc_link = nullptr;
        ::makecontext(&fiber.context, begin, 0);
    }
    of(none).variables = initial_;
}

void Fibers::switch_to(int number) noexcept {
    if (number == current_) return;
    Fiber& from = of(current_);
    Fiber& to = of(number);
    std::memcpy(from.variables.data(), variables_, initial_.size());
    std::memcpy(variables_, to.variables.data(), initial_.size());
    current_ = number;
    inside_ = number != none;
    ::swapcontext(&from.context, &to.context);
}

bool Fibers::is_own(const void* address) const noexcept {
    const std::byte* const stack = fibers_[static_cast<std::size_t>(current_ + 1)].stack.get();
    const auto* const at = static_cast<const std::byte*>(address);
    return (at >= stack && at < stack + stack_bytes) || (at >= variables_ && at < variables_ + initial_.size());
}

}  // namespace schedule
