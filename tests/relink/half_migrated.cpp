// A program of which one half is migrated: both halves must meet one manager, however it is linked.
#include <triune/triune.hpp>

#include "utils/gpu_memory.hpp"

#include <iostream>

int main() {
    const auto legacy = utils::create_managed_buffer<float>(10, "legacy");
    const auto migrated = triune::default_manager().make_buffer<float>("migrated", 20);
    const auto usage = utils::get_gpu_memory_usage();
    const auto total = triune::default_manager().total_allocated_bytes();
    const bool one = usage == triune::default_manager().usage_by_name() && usage.first == 120 && total == 120;
    bool caught = false;
    try {
        static_cast<void>(triune::default_manager().get_buffer<float>("legacy"));
    } catch (const triune::buffer_not_found&) {
        caught = true;
    }
    std::cout << usage.first << " bytes by name, " << total << " in all, " << (caught ? "" : "not ") << "caught\n";
    return one && caught ? 0 : 1;
}
