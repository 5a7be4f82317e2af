// SPDX-License-Identifier: Apache-2.0
#include <triune/resource/pool_account.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/fork_guard.hpp>
#include <triune/base/log.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/manager_core.hpp>
#include <triune/manage/shortage.hpp>
#include <triune/resource/alignment.hpp>
#include <triune/resource/bad_allocation.hpp>
#include <triune/track/kept_origin.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

namespace {

// Before the allocation whose origin it is.
struct AccountOrigin {
    AllocationOrigin account_origin;
};

}  // namespace

class PoolAccount::State final : private AccountOrigin, public TrackedAllocation {
  public:
    // Owned by all copies of an account.
    static std::shared_ptr<State> make(GpuMemoryManager& manager, std::string_view name, std::source_location where) {
        boost::intrusive_ptr<State> made(new State(manager, name, where));
        State* const state = made.get();
        return {state, [owner = std::move(made)](State*) mutable { owner.reset(); }};
    }

    void* allocate(std::size_t bytes, std::size_t alignment, StreamOrder order);
    void deallocate(void* address, StreamOrder order) noexcept;
    std::size_t drawn_bytes() const noexcept { return capacity_; }

  private:
    struct Piece {
        Block block;
        std::size_t bytes = 0;  // as asked for
    };

    State(GpuMemoryManager& manager, std::string_view name, std::source_location where)
        : AccountOrigin{{OwnerKind::account, nullptr, kept_place(where)}},
          TrackedAllocation(account_origin, name),
          core_(manager.core()) {
        core_->registry.add(*this);
    }
    void dispose() noexcept override;
    Block obtain(std::size_t bytes, std::size_t padded_bytes, StreamOrder order);
    void* draw(std::size_t bytes, std::size_t alignment, StreamOrder order);
    void enter(void* address, const Piece& piece);
    void give_back(const Piece& piece, StreamOrder order) noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    std::shared_ptr<ManagerCore> core_;  // null once the last copy is gone
    mutable Mutex mutex_;
    std::unordered_map<void*, Piece> drawn_;
    ForkGuard fork_guard_{ForkGuard::Rank::manager, *this};
};

void PoolAccount::State::dispose() noexcept {
    if (!drawn_.empty()) {
        log::warn([&] {
            return "'" + name() + "' goes and gives back " + std::to_string(drawn_bytes()) + " bytes in " +
                   std::to_string(drawn_.size()) + " pieces that were still out";
        });
    }
    for (const auto& [address, piece] : drawn_) give_back(piece, StreamOrder::after_all());
    drawn_.clear();
    core_->registry.remove(*this);
    core_.reset();
}

void PoolAccount::State::give_back(const Piece& piece, StreamOrder order) noexcept {
    core_->resources->pool.deallocate(piece.block, order);
    core_->registry.piece_removed(*this, piece.bytes);
    core_->memory.subtract(piece.bytes);
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

Block PoolAccount::State::obtain(std::size_t bytes, std::size_t padded_bytes, StreamOrder order) {
    DeviceResources& resources = *core_->resources;
    const StreamHandle stream = order.names_stream() ? order.stream() : resources.workless.handle();
    core_->charge(bytes, name(), true);
    try {
        return core_->obtain_memory(bytes, name(), [&] { return resources.pool.allocate(padded_bytes, stream); });
    } catch (...) {
        core_->memory.subtract(bytes);
        throw;
    }
}

void* PoolAccount::State::draw(std::size_t bytes, std::size_t alignment, StreamOrder order) {
    const Piece piece{obtain(bytes, padded(bytes, alignment, block_alignment), order), bytes};
    void* const address = aligned(piece.block.data, alignment);
    try {
        enter(address, piece);
    } catch (...) {
        core_->resources->pool.deallocate(piece.block, order);
        core_->memory.subtract(bytes);
        throw;
    }
    return address;
}

void PoolAccount::State::enter(void* address, const Piece& piece) {
    const std::lock_guard lock(mutex_);
    drawn_.emplace(address, piece);
    core_->registry.piece_added(*this, piece.bytes);
}

void PoolAccount::State::deallocate(void* address, StreamOrder order) noexcept {
    if (address == nullptr) return;
    std::unique_lock lock(mutex_);
    const auto found = drawn_.find(address);
    if (found == drawn_.end()) {
        lock.unlock();
        return report_teardown(Status{cuda_error::invalid_value, "deallocate"},
                               "giving back device memory that is not out on this account");
    }
    const Piece piece = found->second;
    drawn_.erase(found);
    lock.unlock();
    give_back(piece, order);
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

std::size_t PoolAccount::drawn_bytes() const { return state_->drawn_bytes(); }

}  // namespace triune
