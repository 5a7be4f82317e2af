// SPDX-License-Identifier: Apache-2.0
// A plugin with a copy of the core in it, linked statically.
#include <atomic>
#include <string>

#include <triune/triune.hpp>

#include "own_core.hpp"

namespace {

// Never destroyed: the plugin stays loaded for as long as a thread that used it.
struct Mine {
    triune::GpuMemoryManager manager;
    triune::PoolAccount account{manager};
    triune::Stream stream;
};

Mine& mine() {
    static Mine* const instance = new Mine;
    return *instance;
}

}  // namespace

void* draw(unsigned long bytes) {
    return mine().account.allocate(bytes, 256, triune::StreamOrder::on(mine().stream.handle()));
}
void give_back(void* address) { mine().account.deallocate(address, triune::StreamOrder::on(mine().stream.handle())); }
unsigned long live_bytes() { return mine().manager.stats().pool.live_bytes; }

// A named buffer, from the first element to its download.
int has_a_whole_life() {
    static std::atomic<int> lives{0};
    auto& manager = mine().manager;
    const std::string name = "life " + std::to_string(lives.fetch_add(1));  // threads live at once
    const auto buffer = manager.allocate<float>(name, 1000, triune::BufferConfig::for_positions());
    buffer.fill(2.0F, mine().stream.handle());
    buffer.start_async_download(mine().stream.handle());
    const bool right = buffer.wait_for_download()[999] == 2.0F && manager.stats().buffer_count >= 1;
    manager.free(name);
    return right ? 1 : 0;
}
