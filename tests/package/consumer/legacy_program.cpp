// SPDX-License-Identifier: Apache-2.0
// What a program written for the replaced modules looks like; it relinks unchanged.
#include "utils/device_buffer.hpp"

#include <vector>

int main() {
    const std::vector<float> sent{1.0F, 2.0F, 3.0F};
    const auto buffer = utils::DeviceBuffer<float>::from_slice(sent);
    std::vector<float> received(buffer.len());
    buffer.copy_to(received);
    return received == sent ? 0 : 1;
}
