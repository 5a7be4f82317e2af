// SPDX-License-Identifier: Apache-2.0
// Prints the stack of an allocation, for stack_trace_test: a program of a user, compiled with -g.
#include <iostream>

#include <triune/manage/manager.hpp>

namespace {

int line = 0;

[[gnu::noinline]] triune::Buffer<float> make_positions(triune::GpuMemoryManager& manager) {
    line = __LINE__ + 1;
    auto made = manager.make_buffer<float>("positions", 100);
    asm volatile("" ::: "memory");  // no tail call
    return made;
}

}  // namespace

int main() {
    triune::GpuMemoryManager manager;
    manager.set_stack_traces(true);
    const auto made = make_positions(manager);
    std::cout << "line " << line << '\n';
    for (const triune::AllocationRecord& record : manager.check_leaks()) {
        if (record.stack() == nullptr) continue;
        for (const std::string& text : record.stack()->lines()) std::cout << text << '\n';
    }
}
