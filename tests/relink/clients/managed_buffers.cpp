// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "utils/gpu_memory.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace {

struct Particle {
    float x = 1.5F;
    std::int32_t id = -1;
    double mass = 2.25;
};

void usage(std::ostream& out) {
    const auto [sum, names] = utils::get_gpu_memory_usage();
    out << "sum " << sum;
    for (const auto& [name, bytes] : std::map<std::string, std::size_t>(names.begin(), names.end())) {
        out << " [" << name << "]=" << bytes;
    }
    auto leaks = utils::check_gpu_memory_leaks();
    std::sort(leaks.begin(), leaks.end());
    print(out, " leaks", leaks);
}

}  // namespace

void managed_buffers(std::ostream& out) {
    usage(out);
    auto floats = utils::create_managed_buffer<float>(5, "floats");
    auto particles = utils::create_managed_buffer<Particle>(3, "particles");
    const auto from = utils::create_managed_buffer_from_slice(std::vector<int>{3, 1, 4}, "slice");
    const auto empty = utils::create_managed_buffer<double>(0, "");
    const auto told = utils::ManagedDeviceBuffer<char>(utils::DeviceBuffer<char>::zeroed(2), "told", 77);
    const auto plain = utils::DeviceBuffer<float>::filled(100, 1.0F);
    usage(out);
    std::vector<Particle> read(3);
    particles.as_device_buffer().copy_to(read);
    for (const Particle& p : read) out << p.x << ' ' << p.id << ' ' << p.mass << '\n';
    floats.as_device_buffer_mut().copy_from({1, 2, 3, 4, 5});
    std::vector<float> values(floats.as_device_buffer().len());
    floats.as_device_buffer().copy_to(values);
    print(out, "floats", values);
    out << floats.name() << ' ' << floats.size_bytes() << ' ' << empty.as_device_buffer().is_empty() << '\n';
    auto moved = std::move(floats);
    floats = utils::create_managed_buffer<float>(1, "again");
    usage(out);
    auto held = std::make_unique<utils::ManagedDeviceBuffer<float>>(std::move(moved));
    held.reset();
    usage(out);
}
