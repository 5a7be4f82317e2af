#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>

// No header declares these, so the linker alone brings them together with what another unit defines.
extern utils::ManagedDeviceBuffer<int> kept_there;
extern utils::MultiStreamManager* streams;
namespace lib {
std::size_t length(const utils::DeviceBuffer<int>& values);
std::size_t length(const triune::Buffer<float>& values);
utils::ManagedDeviceBuffer<char>* kept();
template <typename T>
std::size_t doubled(const utils::DeviceBuffer<T>& values);
}  // namespace lib
extern "C" void forget(utils::LabelMappingCache& cache);

static std::size_t own(const triune::Buffer<long>& values) { return values.size(); }

int main() {
    std::printf("%zu\n", kept_there.as_device_buffer().len());
    streams->synchronize_all();
    std::printf("%zu\n", lib::length(utils::DeviceBuffer<int>::zeroed(2)));
    std::printf("%zu\n", lib::length(triune::Buffer<float>::zeroed(3)));
    std::printf("%s\n", lib::kept()->name().c_str());
    std::printf("%zu\n", lib::doubled(utils::DeviceBuffer<short>::zeroed(4)));
    utils::LabelMappingCache cache;
    forget(cache);
    std::printf("%zu\n", own(triune::Buffer<long>::zeroed(5)));
}
