// SPDX-License-Identifier: Apache-2.0
// Any bytes as a recorded trace: read, or refused with an error, and what is read can be replayed.
#include <sys/mman.h>
#include <unistd.h>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../tools/bench/trace.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
    const int file = ::memfd_create("trace", 0);
    fuzz::require(::write(file, data, bytes) == static_cast<ssize_t>(bytes), "the input cannot be written");
    try {
        const bench::Trace trace = bench::read_trace("/proc/self/fd/" + std::to_string(file));
        std::vector<bool> live(trace.places);
        std::size_t left = 0;
        for (const bench::Operation& operation : trace.operations) {
            fuzz::require(operation.place < trace.places, "a place is beyond the end");
            fuzz::require(operation.stream < trace.streams, "a stream is beyond the end");
            fuzz::require(live[operation.place] == operation.frees, "a place is taken twice, or freed twice");
            live[operation.place] = !operation.frees;
            left += operation.frees ? std::size_t(-1) : 1;
        }
        fuzz::require(left == 0, "a block is never freed");
    } catch (const std::runtime_error&) {
    }
    ::close(file);
    return 0;
}
