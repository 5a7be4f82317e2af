// SPDX-License-Identifier: Apache-2.0
// CUB: keys in a buffer, scratch memory from an account in the order of the stream. Needs a GPU.
#include <cub/device/device_radix_sort.cuh>

#include <iostream>
#include <vector>

#include <triune/triune.hpp>

int main() {
    if (triune::default_device_kind() != triune::DeviceKind::cuda) {
        std::cout << "skipped: CUB needs a GPU\n";
        return 77;
    }
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    constexpr int count = 1'000'000;
    std::vector<unsigned> values(count);
    for (int i = 0; i < count; ++i) values[static_cast<std::size_t>(i)] = static_cast<unsigned>(count - i);
    const auto keys = manager.make_buffer_from("keys", values);
    const auto sorted = manager.make_buffer<unsigned>("sorted", count);

    const triune::PoolAccount account(manager, "CUB");
    const auto order = triune::StreamOrder::on(stream.handle());
    const auto raw = static_cast<cudaStream_t>(stream.handle());
    const auto sort = [&](void* scratch, std::size_t& bytes) {
        return cub::DeviceRadixSort::SortKeys(scratch, bytes, keys.data(), sorted.data(), count, 0, 32, raw);
    };
    std::size_t bytes = 0;
    if (sort(nullptr, bytes) != cudaSuccess) return 1;  // asks how much it needs
    void* const scratch = account.allocate(bytes, 256, order);
    if (sort(scratch, bytes) != cudaSuccess) return 1;
    account.deallocate(scratch, order);  // serves again on this stream at once, elsewhere once the sort has run

    stream.synchronize();
    const std::vector<unsigned> result = sorted.download();
    std::cout << "sorted " << count << " keys with " << bytes << " bytes of scratch memory; the first is " << result[0]
              << '\n';
    return result.front() == 1 && result.back() == count ? 0 : 1;
}
