#include <triune/alloc/arena.hpp>

#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

Arena::Arena(Device& device, std::size_t bytes) : device_(&device) {
    if (bytes == 0) throw invalid_argument("an arena of 0 bytes was asked for");
    const std::size_t rounded = round_up(bytes, device.properties().chunk_granularity);
    void* base = nullptr;
    check(device.address_reserve(base, rounded), "reserving addresses for an arena");
    base_ = static_cast<std::byte*>(base);
    reserved_ = rounded;
}

Arena::Arena(Arena&& other) noexcept
    : device_(other.device_),
      base_(std::exchange(other.base_, nullptr)),
      reserved_(std::exchange(other.reserved_, 0)),
      committed_(std::exchange(other.committed_, 0)),
      chunks_(std::move(other.chunks_)) {
    other.chunks_.clear();
}

Arena& Arena::operator=(Arena&& other) noexcept {
    if (this != &other) {
        release();
        device_ = other.device_;
        base_ = std::exchange(other.base_, nullptr);
        reserved_ = std::exchange(other.reserved_, 0);
        committed_ = std::exchange(other.committed_, 0);
        chunks_ = std::exchange(other.chunks_, {});
    }
    return *this;
}

Arena::~Arena() { release(); }

// One chunk for all that is missing: creating and mapping cost by the chunk, so few large ones are cheapest.
void Arena::commit(std::size_t bytes) {
    if (bytes <= committed_) return;
    if (bytes > reserved_) {
        throw invalid_argument("an arena of " + std::to_string(reserved_) + " reserved bytes cannot commit " +
                               std::to_string(bytes));
    }
    const std::size_t missing = round_up(bytes - committed_, device_->properties().chunk_granularity);
    chunks_.reserve(chunks_.size() + 1);  // before the device changes: push_back below cannot fail
    ChunkHandle chunk = 0;
    check(device_->chunk_create(chunk, missing), "committing memory to an arena");
    std::byte* const at = base_ + committed_;
    if (const Status mapped = device_->map(at, chunk, missing); !mapped.ok()) {
        report_teardown(device_->chunk_release(chunk), "undoing a failed commit");
        check(mapped, "mapping memory into an arena");
    }
    if (const Status usable = device_->set_access(at, missing); !usable.ok()) {
        report_teardown(device_->unmap(at, missing), "undoing a failed commit");
        report_teardown(device_->chunk_release(chunk), "undoing a failed commit");
        check(usable, "making an arena's memory accessible");
    }
    chunks_.push_back({chunk, missing});
    committed_ += missing;
}

void Arena::decommit(std::size_t bytes) noexcept {
    while (!chunks_.empty() && committed_ - chunks_.back().bytes >= bytes) {
        const Chunk chunk = chunks_.back();
        const Status unmapped = device_->unmap(base_ + committed_ - chunk.bytes, chunk.bytes);
        report_teardown(unmapped, "decommitting an arena's memory");
        if (!unmapped.ok()) return;  // still mapped, so still committed
        chunks_.pop_back();
        committed_ -= chunk.bytes;
        report_teardown(device_->chunk_release(chunk.handle), "decommitting an arena's memory");
    }
}

void Arena::release() noexcept {
    if (base_ == nullptr) return;
    decommit(0);
    // Addresses that are still mapped cannot be given back: they are lost, as report_teardown has told.
    if (committed_ == 0) report_teardown(device_->address_release(base_, reserved_), "releasing an arena's addresses");
    base_ = nullptr;
    reserved_ = 0;
    committed_ = 0;
    chunks_.clear();
}

}  // namespace triune
