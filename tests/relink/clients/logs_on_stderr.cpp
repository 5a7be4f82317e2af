// SPDX-License-Identifier: Apache-2.0
// What is said on stderr: the wording is free, a line names its buffer, a leak's line its bytes too.
#include "client.hpp"
#include "utils/cuda_error_handling.hpp"
#include "utils/gpu_memory.hpp"

void logs_on_stderr(std::ostream& out) {
    const auto one = utils::create_managed_buffer<float>(250, "left behind");
    const auto other = utils::create_managed_buffer<char>(1234567, "left too");
    out << utils::check_gpu_memory_leaks().size() << " leaks\n";
    logs(out, "left behind 1000");
    logs(out, "left too 1234567");
}
