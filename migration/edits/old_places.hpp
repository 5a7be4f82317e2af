// SPDX-License-Identifier: Apache-2.0
// Places of an edited text and of the unedited one, so that both can be compared.
#pragma once

#include <optional>

#include "edits/edit_set.hpp"

namespace migrate {

// Where it stood before. What is in a replacement stands where the replaced text begins; nothing for inserted text.
std::optional<unsigned> old_offset(const AppliedText& applied, unsigned offset);
// Of the unedited text: what is replaced stands where that begins, too.
unsigned settled_offset(const AppliedText& applied, unsigned offset);

}  // namespace migrate
