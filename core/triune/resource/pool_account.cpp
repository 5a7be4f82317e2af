#include <triune/resource/pool_account.hpp>

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/manager_core.hpp>
#include <triune/resource/alignment.hpp>
#include <triune/resource/bad_allocation.hpp>

namespace triune {

class PoolAccount::State {
  public:
    State(GpuMemoryManager& manager, std::string_view name, std::source_location where)
        : core_(manager.core()), name_(name) {
        AllocationRecord record;
        record.name = name_;
        record.kind = OwnerKind::untyped;
        record.where = where;
        record_ = core_->registry.add(std::move(record));
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    void* allocate(std::size_t bytes, std::size_t alignment, StreamOrder order);
    void deallocate(void* address, StreamOrder order) noexcept;
    std::size_t drawn_bytes() const {
        const std::lock_guard lock(mutex_);
        return drawn_bytes_;
    }

  private:
    struct Piece {
        Block block;
        std::size_t bytes = 0;  // as asked for
    };

    void* draw(std::size_t bytes, std::size_t alignment, StreamOrder order);
    void enter(void* address, const Piece& piece);
    void uncount(std::size_t bytes) noexcept;

    const std::shared_ptr<ManagerCore> core_;
    const std::string name_;
    std::uint64_t record_ = 0;
    mutable std::mutex mutex_;
    std::unordered_map<void*, Piece> drawn_;
    std::size_t drawn_bytes_ = 0;
};

PoolAccount::State::~State() {
    if (!drawn_.empty()) {
        try {
            log::warn("'" + name_ + "' goes and gives back " + std::to_string(drawn_bytes_) + " bytes in " +
                      std::to_string(drawn_.size()) + " pieces that were still out");
        } catch (...) {  // no memory for the text
        }
    }
    for (const auto& [address, piece] : drawn_) {
        core_->resources->pool.deallocate(piece.block, StreamOrder::after_all());
        uncount(piece.bytes);
    }
    core_->registry.remove(record_);
}

void PoolAccount::State::uncount(std::size_t bytes) noexcept {
    core_->memory.subtract(bytes);
    core_->allocated.subtract(bytes);
}

void* PoolAccount::State::allocate(std::size_t bytes, std::size_t alignment, StreamOrder order) {
    check_alignment(alignment);
    if (bytes == 0) return nullptr;
    for (;;) {
        try {
            return draw(bytes, alignment, order);
        } catch (const limit_exceeded& failure) {
            if (!core_->ask_failure_hook(bytes)) throw bad_allocation(failure);
        } catch (const out_of_memory& failure) {
            if (!core_->ask_failure_hook(bytes)) throw bad_allocation(failure);
        }
    }
}

void* PoolAccount::State::draw(std::size_t bytes, std::size_t alignment, StreamOrder order) {
    DeviceResources& resources = *core_->resources;
    // Nothing is ever freed in the service stream's order, so what the pool hands out for it waits for no work at all.
    const StreamHandle stream = order.names_stream() ? order.stream() : resources.service.handle();
    core_->charge(bytes, name_.c_str(), true);
    Piece piece{{}, bytes};
    try {
        piece.block = core_->obtain_memory(bytes, name_.c_str(), [&] {
            return resources.pool.allocate(padded(bytes, alignment, block_alignment), stream);
        });
        void* const address = aligned(piece.block.data, alignment);
        enter(address, piece);
        return address;
    } catch (...) {
        resources.pool.deallocate(piece.block, order);
        core_->memory.subtract(bytes);
        throw;
    }
}

void PoolAccount::State::enter(void* address, const Piece& piece) {
    const std::lock_guard lock(mutex_);
    drawn_.emplace(address, piece);
    drawn_bytes_ += piece.bytes;
    core_->allocated.add(piece.bytes);
    core_->counters.allocations.fetch_add(1, std::memory_order_relaxed);
    core_->registry.resized(record_, drawn_bytes_, false);
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
    drawn_bytes_ -= piece.bytes;
    core_->registry.resized(record_, drawn_bytes_, false);
    lock.unlock();
    core_->resources->pool.deallocate(piece.block, order);
    uncount(piece.bytes);
}

// Shared while anybody holds it, so that a program that has given all back has no record left either.
std::shared_ptr<PoolAccount::State> PoolAccount::default_state() {
    static std::mutex* const mutex = new std::mutex;
    static auto* const known = new std::map<const ManagerCore*, std::weak_ptr<State>>;
    GpuMemoryManager& manager = default_manager();
    const std::lock_guard lock(*mutex);
    std::weak_ptr<State>& entry = (*known)[manager.core().get()];
    if (auto alive = entry.lock()) return alive;
    auto made = std::make_shared<State>(manager, "default account", std::source_location{});
    entry = made;
    return made;
}

PoolAccount::PoolAccount() : state_(default_state()) {}

PoolAccount::PoolAccount(GpuMemoryManager& manager, std::string_view name, std::source_location where)
    : state_(std::make_shared<State>(manager, name, where)) {}

void* PoolAccount::allocate(std::size_t bytes, std::size_t alignment, StreamOrder order) const {
    return state_->allocate(bytes, alignment, order);
}

void PoolAccount::deallocate(void* address, StreamOrder order) const noexcept { state_->deallocate(address, order); }

std::size_t PoolAccount::drawn_bytes() const { return state_->drawn_bytes(); }

}  // namespace triune
