// Who owns what: one record for every live allocation of a manager.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace triune {

// What kind of owner a record stands for.
enum class OwnerKind {
    typed,    // a buffer with an element type
    untyped,  // a buffer of bytes with a run-time element size
    member,   // an array of a group or of graph arrays
};

struct AllocationRecord {
    std::uint64_t id = 0;             // ascending in the order of creation
    std::optional<std::string> name;  // nothing for unnamed memory; the empty string is a name
    OwnerKind kind = OwnerKind::typed;
    std::string type;       // of the elements; empty where unknown
    std::size_t bytes = 0;  // capacity as asked for
    std::size_t resizes = 0;
    std::source_location where;
    std::thread::id thread;
    std::chrono::steady_clock::time_point created;

    double age_seconds() const;
    // "'positions' (float, 4000 bytes, layout.cpp:12)"
    std::string describe() const;
};

// Thread-safe; every answer is of one moment. A record that adds nothing to the device (a facade's name for memory that
// is recorded elsewhere) may be entered too: totals are not made here.
class Registry {
  public:
    // Which records a listing is about: those with a name and an element type, as leaks and usage by name list them, or
    // all.
    enum class Filter { named_typed, all };

    // Sets id, thread and created. Throws std::bad_alloc.
    std::uint64_t add(AllocationRecord record);
    // `again`: not the first memory of a buffer that began with none.
    void resized(std::uint64_t id, std::size_t bytes, bool again) noexcept;
    void remove(std::uint64_t id) noexcept;

    std::size_t size() const;
    // Most bytes first, of equal ones the older first.
    std::vector<AllocationRecord> records(Filter filter = Filter::all) const;
    // The `count` biggest, one description each, joined by ", ": for messages about memory.
    std::string top_holders(std::size_t count = 3) const;

  private:
    mutable std::mutex mutex_;
    std::unordered_map<std::uint64_t, AllocationRecord> records_;
    std::uint64_t last_id_ = 0;
};

}  // namespace triune
