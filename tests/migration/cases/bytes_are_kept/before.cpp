#include "utils/gpu_memory.hpp"
#include "utils/device_buffer.hpp"

// Größe
std::size_t size(const utils::DeviceBuffer<float>& buffer) {
	return buffer.len();
}

int main() {
	return size(utils::DeviceBuffer<float>::zeroed(3)) == 3 ? 0 : 1;  // Größe
}