#pragma once
// Said by a project's own header, so that it gives no warnings.
#pragma GCC system_header
#include <triune/triune.hpp>

inline std::size_t length(const triune::Buffer<int>& values) { return values.size(); }
