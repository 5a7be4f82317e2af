// SPDX-License-Identifier: Apache-2.0
// Places that nothing uses from now on, until the work that is queued by now is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include <triune/alloc/event_pool.hpp>
#include <triune/device/device.hpp>

namespace triune {

// A place, by its offset, and when it retired: by then its addresses may have been used anew, and retired again.
struct RetiredPlace {
    std::size_t offset = 0;
    std::uint64_t time = 0;
};

// Not thread-safe. The device must have `device_events`.
class RetiredPlaces {
  public:
    explicit RetiredPlaces(Device& device) noexcept : device_(device), events_(device) {}
    RetiredPlaces(const RetiredPlaces&) = delete;
    RetiredPlaces& operator=(const RetiredPlaces&) = delete;
    // Forgets them.
    ~RetiredPlaces();

    // Answers the time, above 0 and later than any before. Throws device_error or std::bad_alloc, and then has none of
    // them.
    std::uint64_t add(std::vector<std::size_t> offsets);
    // Takes at most so many that no queued work uses any more out of it, the longest retired ones. Throws
    // std::bad_alloc.
    std::vector<RetiredPlace> take(std::size_t most);

  private:
    struct Batch {
        EventHandle event;
        std::uint64_t time;
        std::vector<std::size_t> offsets;
    };

    Device& device_;
    EventPool events_;
    std::uint64_t clock_ = 0;
    std::deque<Batch> oldest_first_;
};

}  // namespace triune
