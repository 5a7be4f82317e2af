#include "utils/gpu_memory.hpp"

utils::ManagedDeviceBuffer<int> kept_there = utils::create_managed_buffer<int>(1, "there");  // triune-migrate: keep
static utils::MultiStreamManager own_streams;
utils::MultiStreamManager* streams = &own_streams;  // triune-migrate: keep

namespace lib {
std::size_t length(const utils::DeviceBuffer<int>& values) { return values.len(); }  // triune-migrate: keep
std::size_t length(const utils::DeviceBuffer<float>& values) { return values.len(); }
utils::ManagedDeviceBuffer<char>* kept() {  // triune-migrate: keep
    static auto buffer = utils::create_managed_buffer<char>(1, "char");
    return &buffer;
}
template <typename T>
std::size_t doubled(const utils::DeviceBuffer<T>& values) {  // triune-migrate: keep
    return 2 * values.len();
}
template std::size_t doubled(const utils::DeviceBuffer<short>& values);
}  // namespace lib
extern "C" void forget(utils::LabelMappingCache& cache) { cache.get_cache_stats(); }  // triune-migrate: keep

static std::size_t own(const utils::DeviceBuffer<long>& values) { return values.len(); }  // triune-migrate: keep
std::size_t used() { return own(utils::DeviceBuffer<long>::zeroed(6)); }
