// Places that nothing uses from now on, until the work that is queued by now is done.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include <triune/alloc/event_pool.hpp>
#include <triune/device/device.hpp>

namespace triune {

// Not thread-safe. The device must have `device_events`.
class RetiredPlaces {
  public:
    explicit RetiredPlaces(Device& device) noexcept : device_(device), events_(device) {}
    RetiredPlaces(const RetiredPlaces&) = delete;
    RetiredPlaces& operator=(const RetiredPlaces&) = delete;
    // Forgets them.
    ~RetiredPlaces();

    // Throws device_error or std::bad_alloc, and then has none of them.
    void add(std::vector<std::size_t> offsets);
    // Takes at most so many that no queued work uses any more out of it, the longest retired ones. Throws
    // std::bad_alloc.
    std::vector<std::size_t> take(std::size_t most);

  private:
    struct Batch {
        EventHandle event;
        std::vector<std::size_t> offsets;
    };

    Device& device_;
    EventPool events_;
    std::deque<Batch> oldest_first_;
};

}  // namespace triune
