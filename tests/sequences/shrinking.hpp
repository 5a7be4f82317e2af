// SPDX-License-Identifier: Apache-2.0
// A sequence that fails, made shorter.
#pragma once

#include "source.hpp"

namespace triune::sequences {

// Whether it crashes, hangs or breaks an invariant; in a child process. One that cannot be run does not fail.
bool fails(const Alphabet& alphabet, const Sequence& sequence);
// Leaves out letters, one or two at a time, as long as the rest still fails.
Sequence shrink(const Alphabet& alphabet, Sequence sequence);

}  // namespace triune::sequences
