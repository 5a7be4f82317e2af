// SPDX-License-Identifier: Apache-2.0
// A recorded sequence of allocations and frees, in the form that rmm's replay benchmark reads, or in our recorder's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct Operation {
    std::uint32_t place = 0;  // of the block among those that can be alive: an index into an array of `places`
    bool frees = false;
    std::size_t bytes = 0;
    std::uint32_t stream = 0;  // streams are numbered from 0 in the order of their first use
};

struct Trace {
    std::string name;
    std::vector<Operation> operations;
    std::size_t places = 0;
    std::size_t streams = 0;
    std::size_t peak_live_bytes = 0;
};

// CSV with the columns Thread,Time,Action,Pointer,Size,Stream, or lines of JSON as docs/looking-inside.md describes them,
// plain or gzip'd; what is still alive at the end is freed there, and what is allocated anew at an address in use just
// before that. Throws std::runtime_error naming file and line.
Trace read_trace(const std::string& path);

}  // namespace bench
