#include <triune/triune.hpp>

// Größe
std::size_t size(const triune::Buffer<float>& buffer) {
	return buffer.size();
}

int main() {
	return size(triune::Buffer<float>::zeroed(3)) == 3 ? 0 : 1;  // Größe
}