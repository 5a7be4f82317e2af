#include <cstdio>

#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

std::size_t length(const triune::Buffer<char>& some) { return some.size_bytes(); }

using Failure = utils::CudaException;

int failed(std::size_t bytes, int way) {
    const auto use = [&] { return length(triune::default_manager().make_buffer<char>("some", bytes)); };
    switch (way) {
        case 0:
            try {
                use();
            } catch (const triune::Error& e) {
                return static_cast<utils::CudaError>(e.cuda_error(/* the number */)) == utils::CudaError::OutOfMemory ? 1 : 2;
            }
            break;
        case 1:
            try {
                use();
            } catch (triune::Error const & e) {
                std::printf("%zu\n", sizeof(e . what ( )));
                return e . cuda_error // of the device
                                        ( );
            }
            break;
        case 2:
            try {
                use();
            } catch (const triune::Error& e) {
                return (e).cuda_error() + e.cuda_error(/**/);
            }
            break;
        case 3:
            try {
                use();
            } catch (const triune::Error& e) {
                return static_cast<int>(/* again */ static_cast<utils::CudaError>(e.cuda_error()) /* and again */) + (e.std::runtime_error::what() == nullptr);
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
