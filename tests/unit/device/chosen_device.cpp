// SPDX-License-Identifier: Apache-2.0
// Says which device this process gets and what else the environment says, for devices_test: all that is read once a
// process, so each case needs its own.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include <triune/base/error.hpp>
#include <triune/detail/alloc/central/pool.hpp>
#include <triune/detail/alloc/device_memory/chunk_pool.hpp>
#include <triune/device/devices.hpp>

#include "../../listening.hpp"

namespace {

// A sink that asks for the device of which it hears.
void listen(std::optional<triune::Listening>& listening) {
    if (std::getenv("CHOSEN_DEVICE_LISTENS") == nullptr) return;
    listening.emplace([](const std::string& line) {
        const triune::DeviceKind kind = triune::current_device().properties().kind;
        std::cout << "heard '" << line << "' of kind " << (kind == triune::DeviceKind::simulated) << '\n';
    });
}

}  // namespace

int main() {
    try {
        std::optional<triune::Listening> listening;
        listen(listening);
        const triune::DeviceKind kind = triune::default_device_kind();
        const triune::DeviceProperties& properties = triune::current_device().properties();
        const bool same = &triune::current_device() == &triune::device_at(properties.ordinal);
        std::cout << (kind == triune::DeviceKind::cuda ? "cuda" : "sim") << " bytes=" << properties.total_bytes
                  << " same=" << same;
        for (const int ordinal : {-1, 1 << 20}) {
            try {
                triune::device_at(ordinal);
            } catch (const triune::invalid_argument&) {
                std::cout << " refused=" << ordinal;
            }
        }
        for (int again = 0; again < 2; ++again) {
            std::cout << " whole=" << triune::ChunkPool::max_whole_bytes() / triune::MiB
                      << " wait=" << std::chrono::duration_cast<std::chrono::seconds>(triune::Pool::max_wait()).count();
        }
        std::cout << '\n';
    } catch (const triune::Error& error) {
        std::cout << error.code().message() << ": " << error.what() << " (" << error.cuda_error() << ")\n";
        return 1;
    }
    return 0;
}
