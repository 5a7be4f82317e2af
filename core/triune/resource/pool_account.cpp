// SPDX-License-Identifier: Apache-2.0
#include <triune/resource/pool_account.hpp>

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/alloc/span/span.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/recording.hpp>
#include <triune/detail/resource/alignment.hpp>
#include <triune/detail/track/kept_origin.hpp>
#include <triune/detail/track/tracked_pieces.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/shortage.hpp>
#include <triune/resource/bad_allocation.hpp>

namespace triune {

namespace {

// Before the allocation whose origin it is.
struct AccountOrigin {
    AllocationOrigin account_origin;
};

// Never 0, and another for each of four billion accounts in turn.
std::uint32_t next_number() noexcept {
    static constinit std::atomic<std::uint32_t> last{0};
    std::uint32_t number = 0;
    while (number == 0) number = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return number;
}

}  // namespace

// Note [Pieces without a list]
// A piece is known by its block: the device's table says which block an address belongs to, and the block's record whose
// it is and how much was asked for. So an account keeps no list, and its threads share nothing.
class PoolAccount::State final : private AccountOrigin, public TrackedPieces {
  public:
    // Owned by all copies of an account.
    static std::shared_ptr<State> make(GpuMemoryManager& manager, std::string_view name, std::source_location where) {
        boost::intrusive_ptr<State> made(new State(manager, name, where));
        State* const state = made.get();
        return {state, [owner = std::move(made)](State*) mutable { owner.reset(); }};
    }

    void* allocate(std::size_t bytes, std::size_t alignment, StreamOrder order);
    void deallocate(void* address, StreamOrder order) noexcept;
    std::uint32_t pool_user() const noexcept override { return number_; }

  private:
    State(GpuMemoryManager& manager, std::string_view name, std::source_location where)
        : AccountOrigin{{OwnerKind::account, nullptr, kept_place(where)}},
          TrackedPieces(account_origin, name, manager.core()->registry.tallies()),
          number_(next_number()),
          core_(manager.core()) {
        core_->registry.add(*this);
    }
    void dispose() noexcept override;
    void* draw(std::size_t bytes, std::size_t alignment, StreamOrder order);
    void* enter(const Block& block, std::size_t bytes, std::size_t alignment);
    void tell_drawn(const void* data, std::size_t bytes, StreamOrder order) const noexcept;
    // Of a piece that is in no table any more.
    void release(Span& span, StreamOrder order) noexcept;

    const std::uint32_t number_;
    std::shared_ptr<ManagerCore> core_;  // null once the last copy is gone
};

void PoolAccount::State::dispose() noexcept {
    const std::size_t bytes = piece_bytes();
    if (bytes > 0) {
        std::size_t pieces = 0;
        std::size_t cursor = 0;
        for (; Span* const span = core_->resources->pool.next_of(number_, cursor); ++pieces) {
            core_->resources->drawn.remove(span);
            release(*span, StreamOrder::after_all());
        }
        log::warn([&] {
            return "'" + name() + "' goes and gives back " + std::to_string(bytes) + " bytes in " +
                   std::to_string(pieces) + " pieces that were still out";
        });
    }
    core_->registry.remove(*this);
    core_.reset();
}

void PoolAccount::State::release(Span& span, StreamOrder order) noexcept {
    const std::size_t bytes = span.requested_bytes;
    span.user.store(0, std::memory_order_relaxed);
    if (recorder::is_on()) recording::freed(*core_, *this, order, span.data, bytes);
    Part& part = own_part();
    core_->resources->pool.deallocate({span.data, span.bytes, &span}, order);
    core_->registry.piece_removed(*this, part, bytes, core_->memory);
}

void* PoolAccount::State::allocate(std::size_t bytes, std::size_t alignment, StreamOrder order) {
    check_alignment(alignment);
    if (bytes == 0) return nullptr;
    const auto attempt = [&](Shortage& shortage) {
        try {
            return draw(bytes, alignment, order);
        } catch (const Error&) {
            shortage.note(*core_, *this, bytes);
            throw;
        }
    };
    try {
        return Shortage::retry(attempt);
    } catch (const limit_exceeded& failure) {
        throw bad_allocation(failure);
    } catch (const out_of_memory& failure) {
        throw bad_allocation(failure);
    }
}

void* PoolAccount::State::draw(std::size_t bytes, std::size_t alignment, StreamOrder order) {
    DeviceResources& resources = *core_->resources;
    const StreamHandle stream = order.names_stream() ? order.stream() : resources.workless.handle();
    const std::size_t padded_bytes = padded(bytes, alignment, block_alignment);
    Part& part = own_part();
    const MemoryRequest request{.label = name(), .bytes = bytes, .held = 0, .pieces = this};
    core_->charge(request, *part.tally);
    Block block;
    try {
        block = core_->acquire_memory(request, [&] { return resources.pool.allocate(padded_bytes, stream); });
        void* const address = enter(block, bytes, alignment);
        core_->registry.piece_added(*this, part, bytes);
        if (recorder::is_on()) tell_drawn(block.data, bytes, order);
        return address;
    } catch (...) {
        if (block.span != nullptr) block.span->user.store(0, std::memory_order_relaxed);
        resources.pool.deallocate(block, order);
        core_->memory.subtract(bytes, *part.tally);
        throw;
    }
}

void PoolAccount::State::tell_drawn(const void* data, std::size_t bytes, StreamOrder order) const noexcept {
    MemoryEvent event = recording::event(MemoryEventKind::allocate, *core_, *this, order);
    event.address = data;
    event.bytes = bytes;
    recorder::note(event);
}

// The bytes and the user are there before anybody can find them.
void* PoolAccount::State::enter(const Block& block, std::size_t bytes, std::size_t alignment) {
    void* const address = aligned(block.data, alignment);
    block.span->requested_bytes = bytes;
    block.span->user.store(number_, std::memory_order_relaxed);
    core_->resources->drawn.enter(address, block.span);
    return address;
}

void PoolAccount::State::deallocate(void* address, StreamOrder order) noexcept {
    if (address == nullptr) return;
    AddressTable& drawn = core_->resources->drawn;
    Span* const span = drawn.find(address);
    const bool mine = span != nullptr && span->user.load(std::memory_order_relaxed) == number_;
    if (!mine || !drawn.remove(address, span)) {
        return report_teardown(Status{cuda_error::invalid_value, "deallocate"},
                               "giving back device memory that is not out on this account");
    }
    release(*span, order);
}

// Shared while anybody holds it, so that a program that has given all back has no record left either.
std::shared_ptr<PoolAccount::State> PoolAccount::default_state() {
    struct Known {
        void lock_for_fork() noexcept { mutex.lock(); }
        void unlock_after_fork() noexcept { mutex.unlock(); }

        Mutex mutex;
        std::map<const ManagerCore*, std::weak_ptr<State>> states;
        ForkGuard fork_guard{ForkGuard::Rank::device_table, *this};
    };
    static Known* const known = new Known;
    GpuMemoryManager& manager = default_manager();
    const auto find = [&] { return known->states[manager.core().get()].lock(); };
    {
        const std::lock_guard lock(known->mutex);
        if (auto alive = find()) return alive;
    }
    auto made = State::make(manager, "default account", std::source_location{});
    const std::lock_guard lock(known->mutex);
    if (auto first = find()) return first;
    known->states[manager.core().get()] = made;
    return made;
}

PoolAccount::PoolAccount() : state_(default_state()) {}

PoolAccount::PoolAccount(GpuMemoryManager& manager, std::string_view name, std::source_location where)
    : state_(State::make(manager, name, where)) {}

void* PoolAccount::allocate(std::size_t bytes, std::size_t alignment, StreamOrder order) const {
    return state_->allocate(bytes, alignment, order);
}

void PoolAccount::deallocate(void* address, StreamOrder order) const noexcept { state_->deallocate(address, order); }

std::size_t PoolAccount::drawn_bytes() const { return state_->piece_bytes(); }

}  // namespace triune
