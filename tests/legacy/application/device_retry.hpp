// What the application does where the device refuses: waits and tries again, makes room, or goes on without.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "utils/cuda_error_handling.hpp"
#include "utils/device_buffer.hpp"

namespace package_map {

struct RetryCounts {
    std::size_t refusals = 0;  // calls that failed
    std::size_t retries = 0;
    std::size_t given_up = 0;
};

class DeviceRetry {
  public:
    explicit DeviceRetry(std::shared_ptr<utils::CudaErrorHandler> errors = utils::get_global_cuda_error_handler())
        : errors_(std::move(errors)) {}

    // Runs `call`, at most `attempts` times; only memory that runs out is worth another try, after `make_room`. Throws
    // what the last attempt threw.
    template <typename Call, typename MakeRoom>
    auto run(Call&& call, MakeRoom&& make_room, std::size_t attempts = 3) -> decltype(call()) {
        for (std::size_t attempt = 1;; ++attempt) {
            try {
                return call();
            } catch (const utils::CudaException& error) {
                ++counts_.refusals;
                if (error.code() != utils::CudaError::OutOfMemory || attempt == attempts) {
                    ++counts_.given_up;
                    throw;
                }
            }
            ++counts_.retries;
            make_room(attempt);
        }
    }

    // The largest of count, count/2, count/4, ... elements that the device has room for; none where that ends below
    // `least`.
    template <typename T>
    std::optional<utils::DeviceBuffer<T>> as_many_as_fit(std::size_t count, std::size_t least = 1);

    // A device error's text, or nothing where `call` succeeds.
    template <typename Call>
    static std::string refusal_of(Call&& call) {
        try {
            call();
        } catch (const utils::CudaException& error) {
            return std::string(utils::to_string(error.code())) + ": " + error.what();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    }

    const RetryCounts& counts() const noexcept { return counts_; }
    bool device_is_lost() const { return errors_ != nullptr && errors_->should_fallback_to_cpu(); }

  private:
    std::shared_ptr<utils::CudaErrorHandler> errors_;
    RetryCounts counts_;
};

template <typename T>
std::optional<utils::DeviceBuffer<T>> DeviceRetry::as_many_as_fit(std::size_t count, std::size_t least) {
    for (; count >= least && count > 0; count /= 2) {
        try {
            return utils::DeviceBuffer<T>::zeroed(count);
        } catch (const utils::CudaException& error) {
            ++counts_.refusals;
            if (error.code() != utils::CudaError::OutOfMemory) {
                throw;
            }
        }
    }
    ++counts_.given_up;
    return std::nullopt;
}

}  // namespace package_map
