#include "device/log.hpp"

#include <cstdio>

namespace legacy {

void log_warning(const std::string& message) noexcept { std::fprintf(stderr, "[WARN] %s\n", message.c_str()); }

void log_error(const std::string& message) noexcept { std::fprintf(stderr, "[ERROR] %s\n", message.c_str()); }

}  // namespace legacy
