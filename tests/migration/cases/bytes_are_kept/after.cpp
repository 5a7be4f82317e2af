#include <triune/triune.hpp>

// Größe
std::size_t size(const triune::Buffer<float>& buffer) {
	return buffer.size();
}