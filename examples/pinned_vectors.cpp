// SPDX-License-Identifier: Apache-2.0
// std::pmr: containers in pinned memory, which cross the link at its full speed while nobody waits.
#include <triune/triune.hpp>

#include <iostream>
#include <memory_resource>
#include <string>
#include <unordered_map>
#include <vector>

int main() {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    const auto field = manager.allocate<float>("field", 1000);

    triune::PinnedResource pinned(manager);
    std::pmr::vector<float> sent(1000, 2.5F, &pinned);
    std::pmr::vector<float> received(1000, &pinned);
    field.upload(sent, stream.handle());
    field.download(received, stream.handle());
    stream.synchronize();

    // The pinned pool hands out whole pages: many small pieces take a pool of the standard library in between.
    std::pmr::unsynchronized_pool_resource nodes(&pinned);
    std::pmr::unordered_map<int, std::pmr::string> names(&nodes);
    for (int i = 0; i < 100; ++i) names[i] = "a name that is too long to lie within the string";

    std::cout << "the last is " << received.back() << ", " << pinned.drawn_bytes() / 1024 << " KiB are pinned\n";
    return received.back() == 2.5F && names.size() == 100 ? 0 : 1;
}
