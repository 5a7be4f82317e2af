// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/device_memory/growable_mapping.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

GrowableMapping::GrowableMapping(ChunkPool& chunks, std::size_t bytes) : chunks_(&chunks) {
    if (bytes == 0) throw invalid_argument("a growable mapping of 0 bytes was asked for");
    Device& device = chunks.device();
    const std::size_t rounded = round_up(bytes, device.properties().chunk_granularity);
    void* base = nullptr;
    const Status status = device.address_reserve(base, rounded);
    if (status.cuda_error == cuda_error::out_of_memory) {
        throw addresses_exhausted("the process has no range of " + std::to_string(rounded) +
                                  " addresses left (" + status.verb + "); " +
                                  std::to_string(chunks.reserved_addresses()) + " are reserved for other growable mappings");
    }
    check(status, "reserving addresses for a growable mapping");
    base_ = static_cast<std::byte*>(base);
    reserved_ = rounded;
    chunks.count_addresses(reserved_);
}

GrowableMapping::GrowableMapping(GrowableMapping&& other) noexcept
    : chunks_(other.chunks_),
      base_(std::exchange(other.base_, nullptr)),
      reserved_(std::exchange(other.reserved_, 0)),
      committed_(std::exchange(other.committed_, 0)),
      mapped_(std::exchange(other.mapped_, {})) {}

GrowableMapping& GrowableMapping::operator=(GrowableMapping&& other) noexcept {
    if (this != &other) {
        release();
        chunks_ = other.chunks_;
        base_ = std::exchange(other.base_, nullptr);
        reserved_ = std::exchange(other.reserved_, 0);
        committed_ = std::exchange(other.committed_, 0);
        mapped_ = std::exchange(other.mapped_, {});
    }
    return *this;
}

GrowableMapping::~GrowableMapping() { release(); }

void GrowableMapping::commit(std::size_t bytes) {
    if (bytes <= committed_) return;
    if (bytes > reserved_) {
        throw invalid_argument("a growable mapping of " + std::to_string(reserved_) + " reserved bytes cannot commit " +
                               std::to_string(bytes));
    }
    Device& device = chunks_->device();
    const std::size_t begin = committed_;
    const std::size_t more = round_up(bytes - begin, device.properties().chunk_granularity);
    const std::vector<Chunk> chunks = chunks_->acquire(more, Pieces::one);
    Mapped added;  // made first: what the device has mapped is then never without a record
    std::size_t mapped_end = begin;
    const auto undo = [&]() noexcept {
        std::size_t offset = begin;
        for (const Chunk& chunk : chunks) {
            const Status unmapped = offset < mapped_end ? device.unmap(base_ + offset, chunk.bytes) : success;
            report_teardown(unmapped, "undoing a failed commit");
            if (unmapped.ok()) chunks_->release(chunk);  // else it is lost: mapped twice it would serve two
            offset += chunk.bytes;
        }
    };
    try {
        std::size_t offset = begin;
        for (const Chunk& chunk : chunks) {
            added.emplace(offset, chunk);
            offset += chunk.bytes;
        }
        for (const auto& [at, chunk] : added) {
            check(device.map(base_ + at, chunk.handle, chunk.bytes), "mapping memory into a growable mapping");
            mapped_end = at + chunk.bytes;
        }
        check(device.set_access(base_ + begin, more), "making a growable mapping's memory accessible");
    } catch (...) {
        undo();
        throw;
    }
    mapped_.merge(added);
    committed_ += more;
}

bool GrowableMapping::unmap(Mapped::iterator chunk) noexcept {
    const Status unmapped = chunks_->device().unmap(base_ + chunk->first, chunk->second.bytes);
    report_teardown(unmapped, "decommitting a growable mapping's memory");
    if (!unmapped.ok()) return false;  // still mapped, so still committed
    committed_ -= chunk->second.bytes;
    chunks_->release(chunk->second);
    mapped_.erase(chunk);
    return true;
}

void GrowableMapping::decommit(std::size_t bytes) noexcept {
    while (!mapped_.empty()) {
        const auto last = std::prev(mapped_.end());
        if (last->first < bytes || !unmap(last)) return;
    }
}

std::size_t GrowableMapping::committed_after_decommit(std::size_t bytes) const noexcept {
    const auto behind = mapped_.lower_bound(bytes);
    return behind == mapped_.end() ? committed_ : behind->first;
}

void GrowableMapping::release() noexcept {
    if (base_ == nullptr) return;
    decommit(0);
    // Addresses that are still mapped cannot be given back: they are lost, as report_teardown has told.
    if (mapped_.empty()) {
        const Status released = chunks_->device().address_release(base_, reserved_);
        report_teardown(released, "releasing a growable mapping's addresses");
        if (released.ok()) chunks_->uncount_addresses(reserved_);
    }
    base_ = nullptr;
    reserved_ = 0;
    committed_ = 0;
    mapped_.clear();
}

}  // namespace triune
