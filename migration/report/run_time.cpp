// SPDX-License-Identifier: Apache-2.0
#include "report/run_time.hpp"

#include <cstdlib>
#include <ctime>

namespace migrate {

std::string run_time() {
    std::time_t time = std::time(nullptr);
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) time = std::strtoll(fixed, nullptr, 10);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace migrate
