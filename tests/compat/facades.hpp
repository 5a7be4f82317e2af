// SPDX-License-Identifier: Apache-2.0
// What the facades' tests stand on: the simulated device behind them, the lines they log, and the errors they throw.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/sim/sim_device.hpp>
#include <triune/manage/default_manager.hpp>

#include "../written_log.hpp"
#include "utils/cuda_error_handling.hpp"

// Each case starts and ends with nothing held and nothing to fail, and without a misuse of the device.
struct Facades {
    triune::sim::SimDevice& device = dynamic_cast<triune::sim::SimDevice&>(triune::current_device());
    triune::GpuMemoryManager& manager = triune::default_manager();
    triune::WrittenLog log;
    std::size_t misuses = device.misuse().size();  // a case that misuses the device on purpose adds its own

    Facades() { BOOST_TEST_REQUIRE(manager.total_allocated_bytes() == 0U); }
    ~Facades() {
        device.clear_failures();
        BOOST_TEST(manager.total_allocated_bytes() == 0U);
        BOOST_TEST(manager.check_leaks(triune::RecordFilter::all).empty());
        BOOST_TEST(device.misuse().size() == misuses);
    }
    bool logged(const std::string& words) const { return log.text().find(words) != std::string::npos; }
    std::size_t lines() const {
        const std::string text = log.text();
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
};

// The code of the CudaException that `call` throws; Success where it throws none.
template <typename Call>
utils::CudaError code_of(Call&& call) {
    try {
        call();
    } catch (const utils::CudaException& error) {
        return error.code();
    }
    return utils::CudaError::Success;
}

// The text of the plain std::runtime_error that `call` throws; empty where it throws none.
template <typename Call>
std::string text_of(Call&& call) {
    try {
        call();
    } catch (const utils::CudaException& error) {
        return std::string("a CudaException: ") + error.what();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

namespace utils {
inline std::ostream& operator<<(std::ostream& out, CudaError code) { return out << to_string(code); }
}  // namespace utils
