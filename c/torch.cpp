// SPDX-License-Identifier: Apache-2.0
// The functions that PyTorch calls by name: no argument of theirs says whose memory it is, so a table by device does.
#include <array>
#include <atomic>
#include <forward_list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include <triune/base/error.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/devices.hpp>
#include <triune/manage/default_manager.hpp>

#include "call.hpp"
#include "objects.hpp"

using namespace triune::c;
using triune::PoolAccount;
using triune::StreamOrder;

namespace {

constexpr std::size_t block_alignment = 256;

// Accounts that were in use once stay for good: PyTorch gives back when it likes, after main too.
std::array<std::atomic<const PoolAccount*>, 64> accounts{};

// The account, in a place that is never given back, however often another one follows.
const PoolAccount* kept(const PoolAccount& account) {
    static triune::Mutex& mutex = *new triune::Mutex;
    static std::forward_list<PoolAccount>& all = *new std::forward_list<PoolAccount>;
    const std::lock_guard lock(mutex);
    return &all.emplace_front(account);
}

std::atomic<const PoolAccount*>& entry_of(int device) {
    if (device < 0 || static_cast<std::size_t>(device) >= accounts.size())
        throw triune::invalid_argument("PyTorch asks for memory of the device " + std::to_string(device));
    return accounts[static_cast<std::size_t>(device)];
}

const PoolAccount& account_of(int device) {
    std::atomic<const PoolAccount*>& entry = entry_of(device);
    if (const PoolAccount* const known = entry.load(std::memory_order_acquire)) return *known;
    const int current = triune::current_device().properties().ordinal;
    if (current != device) {
        throw triune::invalid_argument("PyTorch asks for memory of the device " + std::to_string(device) +
                                       " while the device " + std::to_string(current) + " is the current one");
    }
    auto made = std::make_unique<const PoolAccount>(triune::default_manager(), "PyTorch", std::source_location{});
    const PoolAccount* first = nullptr;
    if (entry.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) return *made.release();
    return *first;
}

// Memory that other streams use too. Never destroyed.
struct OnOtherStreams {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    std::atomic<std::size_t> count{0};  // where it is 0 nobody takes the lock
    triune::Mutex mutex;
    std::unordered_set<const void*> addresses;
    triune::ForkGuard fork_guard{triune::ForkGuard::Rank::text, *this};
};

OnOtherStreams& on_other_streams() {
    static OnOtherStreams* const instance = new OnOtherStreams;
    return *instance;
}

bool was_on_other_streams(const void* address) {
    OnOtherStreams& all = on_other_streams();
    if (all.count.load(std::memory_order_relaxed) == 0) return false;
    const std::lock_guard lock(all.mutex);
    if (all.addresses.erase(address) == 0) return false;
    all.count.fetch_sub(1, std::memory_order_relaxed);
    return true;
}

}  // namespace

triune_status triune_torch_draw_from(triune_account* account) {
    return guarded(__func__, [&] {
        const AccountObject& asked = object<AccountObject>(account, "account");
        std::atomic<const PoolAccount*>& entry = entry_of(asked.device);
        const PoolAccount* known = entry.load(std::memory_order_acquire);
        if (known != nullptr && *known == asked.account) return;
        if (known != nullptr && known->drawn_bytes() > 0) {
            refuse("PyTorch has " + std::to_string(known->drawn_bytes()) +
                   " bytes out of another account, where they have to go back");
        }
        entry.store(kept(asked.account), std::memory_order_release);
    });
}

void* triune_torch_malloc(ptrdiff_t bytes, int device, void* stream) {
    if (bytes < 0) throw triune::invalid_argument("PyTorch asks for " + std::to_string(bytes) + " bytes");
    return account_of(device).allocate(static_cast<std::size_t>(bytes), block_alignment, StreamOrder::on(stream));
}

void triune_torch_free(void* address, ptrdiff_t /*bytes*/, int device, void* stream) {
    if (address == nullptr) return;
    const StreamOrder order = was_on_other_streams(address) ? StreamOrder::after_all() : StreamOrder::on(stream);
    const auto place = static_cast<std::size_t>(device);
    const PoolAccount* const known =
        place < accounts.size() ? accounts[place].load(std::memory_order_acquire) : nullptr;
    if (known != nullptr) return known->deallocate(address, order);
    triune::report_teardown({triune::cuda_error::invalid_value, "deallocate"},
                            "giving back memory for PyTorch, which has drawn none of this device");
}

void triune_torch_record_stream(void* address, void* /*stream*/) {
    if (address == nullptr) return;
    OnOtherStreams& all = on_other_streams();
    const std::lock_guard lock(all.mutex);
    if (all.addresses.insert(address).second) all.count.fetch_add(1, std::memory_order_relaxed);
}
