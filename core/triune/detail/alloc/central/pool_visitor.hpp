// SPDX-License-Identifier: Apache-2.0
// Who is shown what the pool has.
#pragma once

#include <cstddef>

#include <triune/detail/alloc/mapping/alias_mappings.hpp>
#include <triune/detail/alloc/span/segment.hpp>
#include <triune/detail/alloc/span/size_class.hpp>

namespace triune {

// Called under the pool's lock: it uses nothing of the library. What it throws reaches the caller of Pool::show().
class PoolVisitor {
  public:
    virtual void cache_of_thread(std::size_t bytes, std::size_t blocks) = 0;
    virtual void cache_between_threads(std::size_t bytes, std::size_t blocks) = 0;
    virtual void segment(const Segment& segment, HeapKind kind) = 0;
    // Of the segment shown last, by address.
    virtual void span(const Span& span) = 0;
    virtual void alias(const AliasMappings& mappings, const Alias& alias) = 0;

  protected:
    ~PoolVisitor() = default;
};

}  // namespace triune
