// SPDX-License-Identifier: Apache-2.0
// What the user wants left: places under a comment, and rules that were not chosen.
#pragma once

#include "facts/facts.hpp"
#include "project/options.hpp"

namespace migrate {

// `// triune-migrate: keep` is about its line, or about the next one where it stands alone; `keep begin` and `keep end`
// are about what stands between them. Call it once all sites are known.
void leave_by_choice(Facts& found, const Options& asked);

}  // namespace migrate
