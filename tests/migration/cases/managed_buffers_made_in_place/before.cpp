#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

// The standard library builds these out of a buffer, a name and a number, which the new class cannot be.
int main() {
    std::vector<utils::ManagedDeviceBuffer<int>> grown;
    grown.emplace_back(utils::DeviceBuffer<int>::zeroed(1), "grown", 1);
    const auto owned = std::make_unique<utils::ManagedDeviceBuffer<float>>(utils::DeviceBuffer<float>::zeroed(2), "owned", 2);
    std::optional<utils::ManagedDeviceBuffer<char>> perhaps;
    perhaps.emplace(utils::DeviceBuffer<char>::zeroed(3), "perhaps", 3);
    std::map<int, utils::ManagedDeviceBuffer<short>> pieces;
    pieces.emplace(std::piecewise_construct, std::forward_as_tuple(4),
                   std::forward_as_tuple(utils::DeviceBuffer<short>::zeroed(4), "pieces", 4));
    const auto whole =
        std::make_from_tuple<utils::ManagedDeviceBuffer<long>>(std::make_tuple(utils::DeviceBuffer<long>::zeroed(5), "whole", 5));
    std::printf("%s %zu\n", grown[0].name().c_str(), grown[0].as_device_buffer().len());
    std::printf("%s %zu\n", owned->name().c_str(), owned->as_device_buffer().len());
    std::printf("%s %zu\n", perhaps->name().c_str(), perhaps->as_device_buffer().len());
    std::printf("%s %zu\n", pieces.at(4).name().c_str(), pieces.at(4).as_device_buffer().len());
    std::printf("%s %zu\n", whole.name().c_str(), whole.as_device_buffer().len());

    // A tuple of them, and one that is moved in, are built as before.
    std::vector<utils::ManagedDeviceBuffer<double>> moved;
    moved.emplace_back(utils::create_managed_buffer<double>(6, "moved"));
    auto both = std::make_tuple(utils::DeviceBuffer<unsigned>::zeroed(7), std::string("both"), 7);
    std::map<std::string, std::variant<utils::ManagedDeviceBuffer<long long>, utils::DeviceBuffer<unsigned long>>> either;
    either.emplace("either", utils::DeviceBuffer<unsigned long>::zeroed(8));
    std::printf("%s %zu\n", moved[0].name().c_str(), moved[0].as_device_buffer().len());
    std::printf("%s %zu\n", std::get<1>(both).c_str(), std::get<0>(both).len());
    std::printf("%zu\n", either.at("either").index());
}
