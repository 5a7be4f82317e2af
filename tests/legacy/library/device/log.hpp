// One line a message on stderr.
#pragma once

#include <string>

namespace legacy {

void log_warning(const std::string& message) noexcept;
void log_error(const std::string& message) noexcept;

}  // namespace legacy
