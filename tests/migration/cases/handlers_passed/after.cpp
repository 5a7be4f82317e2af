#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>

#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

// Failures of the untyped buffers were never a CudaException, so they reached the handler behind the one for it.
triune::GpuMemoryManager& buffers() {
    static triune::GpuMemoryManager all;
    return all;
}

void fill(std::size_t bytes, std::size_t elements) {
    auto typed = triune::default_manager().make_buffer<char>("typed", bytes);
    buffers().get_or_create("untyped", triune::BufferConfig::for_positions()).reserve(elements);
}

int told_apart(std::size_t bytes, std::size_t elements) {
    try {
        fill(bytes, elements);
    } catch (const std::invalid_argument&) {
        return 3;
    } catch (const triune::Error& e) {  // the device
        if (e.untyped()) {
            // the buffers; what is new there stands behind it
            std::printf("%.83s\n", e.what());

            return 2;
        }
        return static_cast<utils::CudaError>(e.cuda_error()) == utils::CudaError::OutOfMemory ? 1 : 4;
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
    } catch (const triune::Error& error) {
        if (error.untyped()) throw;
        if (static_cast<utils::CudaError>(error.cuda_error()) != utils::CudaError::OutOfMemory) {
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
    } catch (const triune::Error& error) {
        if (error.untyped()) {
            const std::exception& problem = error;
            said = std::string(problem.what()).substr(0, 83);
        } else {
            said = "device " + std::to_string(error.cuda_error());

            result = 1;
        }
    } catch (const std::exception& problem) {
        said = std::string(problem.what()).substr(0, 83);
    }
    std::printf("%s\n", said.c_str());
    return result;
}

int on_one_line(std::size_t bytes, std::size_t elements) {
    try { fill(bytes, elements); } catch (const triune::Error& error) { if (error.untyped()) { return 2; } return 1; } catch (...) { return 2; }
    return 0;
}

// Nothing of its own to do, and a changeable object behind.
int ignored(std::size_t bytes, std::size_t elements) {
    int result = 0;
    try {
        fill(bytes, elements);
    } catch (const triune::Error& busy) {
        if (busy.untyped()) {
            const std::exception& problem = busy;
            result = problem.what()[0];
        }
        // the device
    } catch (std::exception& problem) { result = problem.what()[0]; }
    return result;
}

int described(const std::exception& problem) { return static_cast<int>(std::string(problem.what()).size() > 0) + 1; }

int unnamed(std::size_t bytes, std::size_t elements) {
    try {
        fill(bytes, elements);
    } catch (const triune::Error& failure) {
        if (failure.untyped()) {
            const std::runtime_error& error = failure;
            return described(error);
        }
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
    } catch (const triune::Error& e) {
        if (e.untyped()) {
            return -1;
        }
        return e.cuda_error();
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
    } catch (const triune::Error& e) {
        if (e.untyped()) {
            return -1;
        }
        return e.cuda_error();
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
        buffers().get_or_create("alone", triune::BufferConfig::for_positions()).reserve(elements);
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
