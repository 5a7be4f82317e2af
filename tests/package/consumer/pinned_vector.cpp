// SPDX-License-Identifier: Apache-2.0
#include <triune/triune.hpp>

#include <iostream>
#include <memory_resource>
#include <vector>

int main() {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    const auto field = manager.allocate<float>("field", 1000);

    triune::PinnedResource pinned(manager);
    std::pmr::vector<float> sent(1000, 2.5F, &pinned);
    std::pmr::vector<float> received(1000, &pinned);
    field.upload(sent, stream.handle());  // at the link's full speed, and nobody waits
    field.download(received, stream.handle());
    stream.synchronize();

    std::cout << "the last is " << received.back() << '\n';
}
