#include <cstdio>

#include "utils/gpu_memory.hpp"

std::size_t length(const ::utils::ManagedDeviceBuffer<char>& some) { return some.size_bytes(); }

using Failure = utils::CudaException;

int failed(std::size_t bytes, int way) {
    const auto use = [&] { return length(utils::create_managed_buffer<char>(bytes, "some")); };
    switch (way) {
        case 0:
            try {
                use();
            } catch (const utils::CudaException& e) {
                return e.code(/* the number */) == utils::CudaError::OutOfMemory ? 1 : 2;
            }
            break;
        case 1:
            try {
                use();
            } catch (utils :: CudaException const & e) {
                std::printf("%zu\n", sizeof(e . what ( )));
                return static_cast<int>(e . code // of the device
                                        ( ));
            }
            break;
        case 2:
            try {
                use();
            } catch (const ::utils::CudaException& e) {
                return static_cast<int>((e).code()) + static_cast<int>(e.utils::CudaException::code(/**/));
            }
            break;
        case 3:
            try {
                use();
            } catch (const Failure& e) {
                return static_cast<int>(/* again */ e.code() /* and again */) + (e.std::runtime_error::what() == nullptr);
            }
            break;
        default:
            break;
    }
    return 0;
}

int main() {
    for (int way = 0; way < 4; ++way) std::printf("%d %d\n", failed(12, way), failed(~std::size_t{0} / 2, way));
}
