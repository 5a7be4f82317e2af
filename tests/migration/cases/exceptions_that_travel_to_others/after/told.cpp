#include "jobs.hpp"

#include "utils/cuda_error_handling.hpp"

// Handed on as what it is: this handler stays, and so do the calls whose failures come out here.
static int told(const utils::CudaException& error) { return error.code() == utils::CudaError::OutOfMemory ? 1 : 2; }

int tell() {
    try {
        std::rethrow_exception(last_failure);
    } catch (const utils::CudaException& error) {
        return told(error);
    } catch (const std::exception&) {
        return 3;
    }
}

int wait() {
    try {
        return later().get();
    } catch (const utils::CudaException& error) {
        return 10 + told(error);
    } catch (const std::exception&) {
        return 13;
    }
}
