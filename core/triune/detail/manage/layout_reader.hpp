// SPDX-License-Identifier: Apache-2.0
// Reads where a manager's memory lies.
#pragma once

#include <memory>

#include <triune/track/allocation_list.hpp>
#include <triune/track/memory_layout.hpp>

namespace triune {

class ManagerCore;

class LayoutReader {
  public:
    explicit LayoutReader(const ManagerCore& core) noexcept : core_(core) {}

    // Of the whole device; owners are those in `records`. Each part is of one moment, so that of two parts one may know
    // of memory that the other does not. Throws std::bad_alloc.
    std::shared_ptr<const MemoryLayout> read(const AllocationList& records) const;

  private:
    const ManagerCore& core_;
};

}  // namespace triune
