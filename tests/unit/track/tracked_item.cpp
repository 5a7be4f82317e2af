// SPDX-License-Identifier: Apache-2.0
#include "tracked_item.hpp"

namespace triune {

const AllocationOrigin& origin_of(OwnerKind kind) {
    static const AllocationOrigin typed{OwnerKind::typed, &typeid(float), std::source_location::current()};
    static const AllocationOrigin untyped{OwnerKind::untyped, nullptr, std::source_location::current()};
    static const AllocationOrigin member{OwnerKind::member, &typeid(float), std::source_location::current()};
    static const AllocationOrigin alias{OwnerKind::alias, nullptr, {}};
    return kind == OwnerKind::typed     ? typed
           : kind == OwnerKind::untyped ? untyped
           : kind == OwnerKind::member  ? member
                                        : alias;
}

}  // namespace triune
