#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>

#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"

// Failures of the untyped buffers were never a CudaException, so they reached the handler behind the one for it.
gpu::DynamicBufferManager& buffers() {
    static gpu::DynamicBufferManager all(utils::get_global_cuda_error_handler());
    return all;
}

void fill(std::size_t bytes, std::size_t elements) {
    auto typed = utils::create_managed_buffer<char>(bytes, "typed");
    buffers().get_or_create_buffer("untyped", gpu::BufferConfig::for_positions()).ensure_capacity(elements);
}

int told_apart(std::size_t bytes, std::size_t elements) {
    try {
        fill(bytes, elements);
    } catch (const std::invalid_argument&) {
        return 3;
    } catch (const utils::CudaException& e) {  // the device
        return e.code() == utils::CudaError::OutOfMemory ? 1 : 4;
    } catch (const std::runtime_error& e) {
        // the buffers; what is new there stands behind it
        std::printf("%.83s\n", e.what());

        return 2;
    }
    return 0;
}

// Nothing behind it: they left the function.
int left(std::size_t bytes, std::size_t elements) {
    try {
        fill(bytes, elements);
    } catch (const utils::CudaException& error) {
        if (error.code() != utils::CudaError::OutOfMemory) {
            throw;
        }
        return 1;
    }
    return 0;
}

int caught_outside(std::size_t bytes, std::size_t elements) {
    try {
        return left(bytes, elements);
    } catch (std::exception& e) {
        return 2;
    }
}

// What stands behind both handlers runs after either.
int gone_on(std::size_t bytes, std::size_t elements) {
    std::string said = "nothing";
    int result = 0;
    try {
        fill(bytes, elements);
    } catch (const utils::CudaException& error) {
        said = "device " + std::to_string(static_cast<int>(error.code()));

        result = 1;
    } catch (const std::exception& problem) {
        said = std::string(problem.what()).substr(0, 83);
    }
    std::printf("%s\n", said.c_str());
    return result;
}

int on_one_line(std::size_t bytes, std::size_t elements) {
    try { fill(bytes, elements); } catch (const utils::CudaException&) { return 1; } catch (...) { return 2; }
    return 0;
}

// Nothing of its own to do, and a changeable object behind.
int ignored(std::size_t bytes, std::size_t elements) {
    int result = 0;
    try {
        fill(bytes, elements);
    } catch (const utils::CudaException& busy) {
        // the device
    } catch (std::exception& problem) { result = problem.what()[0]; }
    return result;
}

int described(const std::exception& problem) { return static_cast<int>(std::string(problem.what()).size() > 0) + 1; }

int unnamed(std::size_t bytes, std::size_t elements) {
    try {
        fill(bytes, elements);
    } catch (const utils::CudaException&) {
        return 1;
    } catch (const std::runtime_error& error) {
        return described(error);
    }
    return 0;
}

// The old exception can come here too.
int both_kinds(std::size_t bytes, std::size_t elements) {
    try {
        fill(bytes, elements);
        utils::get_global_cuda_error_handler()->check_error("fill");
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    } catch (const std::exception&) {
        return -1;
    }
    return 0;
}

// What is called here nobody knows.
int of_anything(const std::function<void()>& call) {
    try {
        call();
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    } catch (const std::runtime_error& e) {
        return -1;
    }
    return 0;
}

// Only failures that pass it: the handler stays what it is.
int untyped_alone(std::size_t elements) {
    try {
        buffers().get_or_create_buffer("alone", gpu::BufferConfig::for_positions()).ensure_capacity(elements);
    } catch (const utils::CudaException&) {
        return 1;
    } catch (const std::runtime_error&) {
        return 2;
    }
    return 0;
}

int main() {
    constexpr std::size_t huge = ~std::size_t{0} / 64;
    const std::size_t bytes[] = {12, huge, 12};
    const std::size_t elements[] = {100, 100, huge};
    for (int which = 0; which < 3; ++which) {
        const std::size_t b = bytes[which];
        const std::size_t e = elements[which];
        std::printf("%d %d %d %d\n", told_apart(b, e), caught_outside(b, e), gone_on(b, e), on_one_line(b, e));
        std::printf("%d %d %d %d %d\n", ignored(b, e), unnamed(b, e), both_kinds(b, e), of_anything([=] { fill(b, e); }), untyped_alone(e));
    }
}
