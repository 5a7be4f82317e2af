// One live allocation in the books: base of whoever holds it.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/intrusive/list_hook.hpp>
#include <boost/intrusive/unordered_set_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <triune/track/allocation_origin.hpp>
#include <triune/track/stack_trace.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

// Note [One record, inside its owner]
// What is known of an allocation stands here once; the registry links it into a list and an index and copies nothing.
// So bookkeeping allocates nothing and a live buffer costs no second record. Two counts keep it. Owners
// (boost::intrusive_ptr, as handles are) keep all of it; when the last one is gone, dispose() gives up what holds on to
// a device. AllocationFacts keep the memory alone, so that a list made by one thread can tell names and threads of what
// another has freed meanwhile, and may outlive manager and device.
class TrackedAllocation {
  public:
    using Clock = std::chrono::steady_clock;
    using Link = boost::intrusive::link_mode<boost::intrusive::normal_link>;

    TrackedAllocation(const TrackedAllocation&) = delete;
    TrackedAllocation& operator=(const TrackedAllocation&) = delete;

    // The empty string is a name, too.
    bool has_name() const noexcept { return has_name_; }
    const std::string& name() const noexcept { return name_; }
    const AllocationOrigin& origin() const noexcept { return *origin_; }
    // What is in use of what is there. A growth or shrinking in between shows no utilization above 1.
    BufferStats stats() const;

  protected:
    // `origin` stays as long as this does.
    TrackedAllocation(const AllocationOrigin& origin, std::optional<std::string> name)
        : kind_(origin.kind),
          has_name_(name.has_value()),
          name_(std::move(name).value_or(std::string())),
          origin_(&origin) {}
    virtual ~TrackedAllocation();

    // Called once, when the last owner is gone. The allocation has left the registry when it returns.
    virtual void dispose() noexcept = 0;

    void touch() const noexcept { last_access_.store(Clock::now(), std::memory_order_relaxed); }

  private:
    friend class AllocationFacts;
    friend class NameIndex;
    friend class Registry;
    friend void intrusive_ptr_add_ref(const TrackedAllocation* owned) noexcept {
        owned->owners_.fetch_add(1, std::memory_order_relaxed);
    }
    friend void intrusive_ptr_release(const TrackedAllocation* owned) noexcept {
        if (owned->owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        const_cast<TrackedAllocation*>(owned)->dispose();
        owned->forget();
    }
    void note_stack(const StackTrace& trace);
    void keep() const noexcept { kept_.fetch_add(1, std::memory_order_relaxed); }
    void forget() const noexcept {
        if (kept_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    // What a list of all allocations reads comes first: of a million buffers it is as fast as memory is.
    mutable std::atomic<std::uint32_t> kept_{1};  // by all owners together, and by each AllocationFacts
    mutable std::atomic<std::uint32_t> owners_{0};
    boost::intrusive::list_member_hook<Link> in_order_;
    std::uint32_t resizes_ = 0;
    const OwnerKind kind_;
    const bool has_name_;
    bool listed_ = false;
    bool traced_ = false;  // has an entry in the table of stack traces
    std::size_t peak_bytes_ = 0;

  protected:
    // As asked for; the storage may have more. Written by Registry::resized alone.
    std::atomic<std::size_t> capacity_{0};
    std::atomic<std::size_t> size_{0};

  private:
    boost::intrusive::unordered_set_member_hook<Link> by_name_;
    const std::string name_;
    const AllocationOrigin* const origin_;
    // Set when the registry takes it in, facts from then on.
    std::uint64_t id_ = 0;
    std::thread::id thread_;
    Clock::time_point created_ = Clock::now();
    mutable std::atomic<Clock::time_point> last_access_{created_};
};

// What never changes about an allocation. Keeps the words, not the memory on the device, and may outlive everything
// else. A value; each object is for one thread at a time.
class AllocationFacts {
  public:
    explicit AllocationFacts(const TrackedAllocation& allocation) noexcept : kept_(&allocation) { kept_->keep(); }
    AllocationFacts(const AllocationFacts& other) noexcept : AllocationFacts(*other.kept_) {}
    AllocationFacts(AllocationFacts&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
    AllocationFacts& operator=(AllocationFacts other) noexcept {
        std::swap(kept_, other.kept_);
        return *this;
    }
    ~AllocationFacts() {
        if (kept_ != nullptr) kept_->forget();
    }

    // Ascending in the order of creation, from 1.
    std::uint64_t id() const noexcept { return kept_->id_; }
    bool has_name() const noexcept { return kept_->has_name_; }
    const std::string& name() const noexcept { return kept_->name_; }
    OwnerKind kind() const noexcept { return kept_->kind_; }
    // Of the elements; null where unknown.
    const std::type_info* type() const noexcept { return kept_->origin_->type; }
    // Line 0 where unknown.
    const std::source_location& where() const noexcept { return kept_->origin_->where; }
    // Null where none was asked for. As long as this lives.
    const StackTrace* stack() const noexcept;
    std::thread::id thread() const noexcept { return kept_->thread_; }  // that made it
    TrackedAllocation::Clock::time_point created() const noexcept { return kept_->created_; }

  private:
    const TrackedAllocation* kept_;
};

}  // namespace triune
