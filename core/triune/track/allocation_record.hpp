// SPDX-License-Identifier: Apache-2.0
// What the registry tells about one live allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <triune/track/tracked_allocation.hpp>

namespace triune {

// The figures are of the moment when the list was made, the rest never changes. A value: it may outlive buffer, manager
// and device, and costs no copy of the name.
struct AllocationRecord : AllocationFacts {
    using AllocationFacts::AllocationFacts;

    std::uint32_t resizes = 0;
    std::size_t bytes = 0;       // capacity as asked for
    std::size_t peak_bytes = 0;  // the highest capacity it ever had

    // "float"; empty where unknown.
    std::string type_name() const;
    // By now.
    double age_seconds() const;
    // "'positions' (float, 4000 bytes, layout.cpp:12)", on one line and printable, whatever the name is.
    std::string describe() const;
    // The same without the bytes: "'positions' (float, layout.cpp:12)".
    std::string owner() const;
};

}  // namespace triune
