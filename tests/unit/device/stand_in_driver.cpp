// SPDX-License-Identifier: Apache-2.0
// As libcuda.so.1, for devices_test: a driver of the version STAND_IN_VERSION that answers every call with the error
// STAND_IN_ERROR, else with 999. The runtime finds all it needs by the functions here.
#include <cstdlib>
#include <cstring>

namespace {

int number(const char* variable) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? 0 : std::atoi(text);
}

int refuse() {
    const int error = number("STAND_IN_ERROR");
    return error != 0 ? error : 999;  // never success, for nothing is done
}

}  // namespace

extern "C" {

int cuDriverGetVersion(int* version) {
    *version = number("STAND_IN_VERSION");
    return 0;
}

int cuGetProcAddress_v2(const char* name, void** function, int, unsigned long long, int* found) {
    if (std::strcmp(name, "cuDriverGetVersion") == 0) {
        *function = reinterpret_cast<void*>(&cuDriverGetVersion);
    } else if (std::strcmp(name, "cuGetProcAddress") == 0) {
        *function = reinterpret_cast<void*>(&cuGetProcAddress_v2);
    } else {
        *function = reinterpret_cast<void*>(&refuse);
    }
    if (found != nullptr) *found = 0;
    return 0;
}
}
