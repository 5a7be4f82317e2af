// What a buffer is made from, but for its name.
#pragma once

#include <array>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <cstddef>
#include <mutex>

#include <triune/manage/buffer_config.hpp>
#include <triune/track/allocation_origin.hpp>

namespace triune {

struct BufferDescription : AllocationOrigin {
    std::size_t element_size = 1;
    BufferConfig config;
    bool refusable = true;  // false: counted, never refused by the limit
};

struct SharedDescription : BufferDescription, boost::intrusive_ref_counter<SharedDescription> {
    explicit SharedDescription(const BufferDescription& description) : BufferDescription(description) {}
};

// A description is four times as big as what else a small buffer needs, and the buffers of one call have the same:
// those used last are remembered here and shared. Thread-safe.
class DescriptionTable {
  public:
    // Throws std::bad_alloc.
    boost::intrusive_ptr<const SharedDescription> share(const BufferDescription& description);

  private:
    std::mutex mutex_;
    std::array<boost::intrusive_ptr<const SharedDescription>, 64> last_used_;
};

}  // namespace triune
