// SPDX-License-Identifier: Apache-2.0
// Which records a listing is about.
#pragma once

namespace triune {

enum class RecordFilter {
    named_typed,  // those with a name and an element type, as leaks and usage by name list them
    all,
};

}  // namespace triune
