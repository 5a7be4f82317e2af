// SPDX-License-Identifier: Apache-2.0
// What the allocation benchmarks compare: allocators of device memory behind one face.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bench {

// A stream as the device knows it (cudaStream_t on a GPU).
using Stream = void*;

// Thread-safe, as the allocators are. A failure ends the program: a benchmark has nothing to go on with.
class Contestant {
  public:
    Contestant() = default;
    Contestant(const Contestant&) = delete;
    Contestant& operator=(const Contestant&) = delete;
    virtual ~Contestant() = default;

    // `token` is handed back at the free: what the allocator itself wants to see again, beside the address.
    struct Piece {
        void* data = nullptr;
        void* token = nullptr;
    };
    virtual Piece allocate(std::size_t bytes, Stream stream) = 0;
    virtual void deallocate(Piece piece, std::size_t bytes, Stream stream) = 0;
    // Device memory that it holds at the moment, used or not.
    virtual std::size_t reserved_bytes() = 0;
};

struct Entry {
    std::string name;
    std::function<std::unique_ptr<Contestant>()> make;
    bool slow = false;  // takes part in short runs only
};

// Those of this build: Triune as its users call it, the pool inside it as a bound, then the peers. Each is made anew
// for a measurement and gives all back when it goes.
std::vector<Entry> contestants();

}  // namespace bench
