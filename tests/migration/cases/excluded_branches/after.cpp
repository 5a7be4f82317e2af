#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#ifdef NEVER_DEFINED
#include "gpu/dynamic_buffer_manager.hpp"
std::size_t other() { return utils::check_gpu_memory_leaks().size(); }
#endif

std::size_t leaks() { return triune::default_manager().report_leaks().size(); }

int main() { return static_cast<int>(leaks()); }
