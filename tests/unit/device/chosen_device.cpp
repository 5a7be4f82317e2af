// SPDX-License-Identifier: Apache-2.0
// Says which device this process gets, for devices_test: the choice is made once a process, so each case needs its own.
#include <exception>
#include <iostream>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>

int main() {
    try {
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
        std::cout << '\n';
    } catch (const triune::Error& error) {
        std::cout << error.code().message() << ": " << error.what() << " (" << error.cuda_error() << ")\n";
        return 1;
    }
    return 0;
}
