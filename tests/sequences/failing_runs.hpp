// SPDX-License-Identifier: Apache-2.0
// A sequence run again and again, each time with another call of the device failing.
#pragma once

#include <cstddef>

#include "source.hpp"

namespace triune::sequences {

// Every call once: it fails alone, with those of its verb behind it, and with all behind it whatever they are, as while
// a stream is captured. Answers how many runs that took. Throws std::logic_error, which says what failed.
std::size_t run_with_failures(const Alphabet& alphabet, std::span<const std::size_t> sequence);

}  // namespace triune::sequences
