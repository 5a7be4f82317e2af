// SPDX-License-Identifier: Apache-2.0
// One live allocation in the registry: base of whoever holds it.
#pragma once

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <triune/track/allocation_origin.hpp>
#include <triune/track/stack_trace.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

struct LedgerPage;

// Note [One record, inside its owner]
// What is known of an allocation stands here once, but for the figures that lists read, which stand in the Ledger; the
// registry links it into an index by name and copies nothing. So a live buffer costs no second record. Two counts keep
// it. Owners (boost::intrusive_ptr, as handles are) keep all of it; when the last one is gone, dispose() gives up what
// holds on to a device. AllocationFacts keep the memory alone, so that a record made by one thread can tell names and
// threads of what another has freed meanwhile, and may outlive manager and device; an AllocationList does the same for
// all that are on it, see Note [One hold a list].
class TrackedAllocation {
  public:
    using Clock = std::chrono::steady_clock;
    // What times are taken by: the same clock as of the kernel's last tick, some milliseconds ago, because reading it
    // exactly would be a fifth of what making a buffer takes. Never ahead of Clock::now().
    static Clock::time_point recently() noexcept;

    TrackedAllocation(const TrackedAllocation&) = delete;
    TrackedAllocation& operator=(const TrackedAllocation&) = delete;

    // The empty string is a name, too.
    bool has_name() const noexcept { return has_name_; }
    const std::string& name() const noexcept { return name_; }
    OwnerKind kind() const noexcept { return kind_; }
    const AllocationOrigin& origin() const noexcept { return *origin_; }
    // 0 before the registry takes it in.
    std::uint64_t id() const noexcept { return id_; }
    // Where its memory begins, of this moment; null where there is none, or more than one piece of it. For who tells of
    // it, not for who follows it: it may be gone.
    virtual const void* address() const noexcept { return nullptr; }
    // As whose the pool knows pieces of it; 0 where it has none.
    virtual std::uint32_t pool_user() const noexcept { return 0; }
    // What is in use of what is there. A growth or shrinking in between shows no utilization above 1.
    BufferStats stats() const;

  protected:
    // `origin` stays as long as this does. With no owner yet.
    TrackedAllocation(const AllocationOrigin& origin, std::optional<std::string_view> name)
        : name_(name.value_or(std::string_view())), origin_(&origin), kind_(origin.kind), has_name_(name.has_value()) {}
    virtual ~TrackedAllocation() {
        if (traced_) drop_stack();
    }

    // Called once, when the last owner is gone. The allocation has left the registry when it returns.
    virtual void dispose() noexcept = 0;

    // Whether the caller's is the only owner: then no other thread can be using this, or come to.
    bool has_one_owner() const noexcept { return owners_.load(std::memory_order_acquire) == 1; }
    // In place of the first owner's count, before anybody else knows of this.
    void begin_owned() noexcept { owners_.store(1, std::memory_order_relaxed); }

    void touch() const noexcept {
        const std::chrono::duration<float> since = recently() - created_;
        last_access_.store(since.count(), std::memory_order_relaxed);
    }

  private:
    friend class AllocationFacts;
    friend class Ledger;
    friend class Listing;
    friend class NameIndex;
    friend class NameTable;
    friend class Registry;
    friend void intrusive_ptr_add_ref(const TrackedAllocation* owned) noexcept {
        owned->owners_.fetch_add(1, std::memory_order_relaxed);
    }
    // Where one count is left it is the caller's own, and nobody is there who could add one: then a load does, at a
    // fraction of the price.
    friend void intrusive_ptr_release(const TrackedAllocation* owned) noexcept {
        if (owned->owners_.load(std::memory_order_acquire) != 1 &&
            owned->owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            return;
        }
        const_cast<TrackedAllocation*>(owned)->dispose();
        owned->forget();
    }
    void note_stack(const StackTrace& trace);
    void drop_stack() noexcept;
    void keep() const noexcept { kept_.fetch_add(1, std::memory_order_relaxed); }
    void forget() const noexcept {
        if (kept_.load(std::memory_order_acquire) == 1 || kept_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete this;
    }

    bool listed() const noexcept { return place_ != not_listed; }

    // Wide members first, so that what derives begins where these end: a million buffers are a million of these.
    mutable std::atomic<std::uint32_t> kept_{1};  // by all owners together, by each AllocationFacts, by lists together
    mutable std::atomic<std::uint32_t> owners_{0};
    union {
        LedgerPage* page_ = nullptr;    // of the ledger, while it is listed there
        TrackedAllocation* next_kept_;  // once it is not, and a list still tells of it
    };
    TrackedAllocation* next_named_ = nullptr;  // in its chain of the index

  protected:
    // As asked for; the storage may have more. Written by Registry alone.
    std::atomic<std::size_t> capacity_{0};
    std::atomic<std::size_t> size_{0};

  private:
    const std::string name_;
    const AllocationOrigin* const origin_;
    // Set when the registry takes it in, facts from then on.
    std::uint64_t id_ = 0;
    std::thread::id thread_;
    const Clock::time_point created_ = recently();
    mutable std::atomic<float> last_access_{0};  // seconds since then: to seven digits, and half as wide as a time
    std::uint32_t name_hash_ = 0;                // once its name is entered
    const OwnerKind kind_ : 4;
    const bool has_name_ : 1;
    bool traced_ : 1 = false;  // has an entry in the table of stack traces; set before anybody else knows of it
    std::uint8_t shard_ = 0;   // of the registry, for good
    static constexpr std::size_t max_shards = 256;
    static constexpr std::uint8_t not_listed = 0xFF;
    std::uint8_t place_ = not_listed;  // in its page of the ledger
};

// What never changes about an allocation. Keeps the words, not the memory on the device, and may outlive everything
// else. A value; each object is for one thread at a time.
class AllocationFacts {
  public:
    explicit AllocationFacts(const TrackedAllocation& allocation) noexcept : of_(&allocation), keeps_(true) {
        of_->keep();
    }
    AllocationFacts(const AllocationFacts& other) noexcept : AllocationFacts(*other.of_) {}
    AllocationFacts(AllocationFacts&& other) noexcept
        : of_(std::exchange(other.of_, nullptr)), keeps_(std::exchange(other.keeps_, false)) {}
    AllocationFacts& operator=(AllocationFacts other) noexcept {
        std::swap(of_, other.of_);
        std::swap(keeps_, other.keeps_);
        return *this;
    }
    ~AllocationFacts() {
        if (keeps_) of_->forget();
    }

    // Ascending in the order of creation, from 1.
    std::uint64_t id() const noexcept { return of_->id_; }
    bool has_name() const noexcept { return of_->has_name_; }
    const std::string& name() const noexcept { return of_->name_; }
    OwnerKind kind() const noexcept { return of_->kind_; }
    // Of the elements; null where unknown.
    const std::type_info* type() const noexcept { return of_->origin_->type; }
    // Line 0 where unknown.
    const std::source_location& where() const noexcept { return of_->origin_->where; }
    // Null where none was asked for. As long as this lives.
    const StackTrace* stack() const noexcept;
    std::thread::id thread() const noexcept { return of_->thread_; }  // that made it
    // As the allocation's, of this moment.
    const void* address() const noexcept { return of_->address(); }
    std::uint32_t pool_user() const noexcept { return of_->pool_user(); }
    TrackedAllocation::Clock::time_point created() const noexcept { return of_->created_; }

  private:
    friend class Listing;
    struct OnList {};
    // On a list, which keeps it.
    AllocationFacts(const TrackedAllocation& allocation, OnList) noexcept : of_(&allocation), keeps_(false) {}

    const TrackedAllocation* of_;
    bool keeps_;
};

}  // namespace triune
