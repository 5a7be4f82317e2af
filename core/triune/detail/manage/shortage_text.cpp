// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/shortage_text.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <triune/detail/alloc/central/pool_visitor.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

using Facts = std::vector<std::string>;

constexpr std::size_t holders_shown = 5;

// The pieces of the pool that are free for any stream.
class FreePieces final : public PoolVisitor {
  public:
    void cache_of_thread(std::size_t, std::size_t) override {}
    void cache_between_threads(std::size_t, std::size_t) override {}
    void segment(const Segment&, HeapKind) override {}
    void span(const Span& span) override {
        if (span.state != SpanState::free) return;
        ++count_;
        largest_ = std::max(largest_, span.bytes);
    }
    void alias(const AliasMappings&, const Alias&) override {}

    std::string text() const {
        return "in " + std::to_string(count_) + (count_ == 1 ? " piece" : " pieces, the largest " + byte_text(largest_));
    }

  private:
    std::size_t count_ = 0;
    std::size_t largest_ = 0;
};

std::string device_name(const Device& device) {
    const DeviceProperties& properties = device.properties();
    return "device " + std::to_string(properties.ordinal) + " (" + properties.name + ")";
}

// "'x' has 1 MiB (1048576 bytes) and needs 2 MiB (2097152 bytes) more", or "'x' needs ...".
std::string wanted(const MemoryRequest& request) {
    std::string text = "'" + request.label + "'";
    const std::size_t held = request.held_bytes();
    if (held > 0) text += " has " + byte_text(held) + " and";
    return text + " needs " + byte_text(request.bytes) + (held > 0 ? " more" : "");
}

void add_device(Facts& facts, Device& device) {
    DeviceMemoryInfo info;
    if (!device.memory_info(info).ok()) return;
    facts.push_back(device_name(device) + " has " + byte_text(info.free_bytes) + " free of " +
                    byte_text(info.total_bytes));
}

// What the pool has and no buffer holds: all that a request of another size or stream might find in its way.
void add_pool(Facts& facts, const ManagerCore& core) {
    const PoolFigures pool = core.pool_figures();
    facts.push_back("its pool has reserved " + byte_text(pool.reserved_bytes) + ", " + byte_text(pool.live_bytes) +
                    " in use");
    const auto add = [&](std::size_t bytes, const std::string& what) {
        if (bytes > 0) facts.push_back("  " + byte_text(bytes) + " " + what);
    };
    if (pool.idle_bytes > 0) {
        FreePieces pieces;
        core.resources->pool.show(pieces);
        add(pool.idle_bytes, "free, " + pieces.text());
    }
    add(pool.cached_bytes, "kept by threads for their streams");
    add(pool.waiting_bytes + pool.lost_bytes, "freed, but queued work may still use them");
    add(pool.retired_bytes, "mapped for buffers that are gone");
    add(pool.spare_chunk_bytes, "mapped nowhere");
}

// `failed` of what calls have asked for is what has just been refused.
void add_manager(Facts& facts, const ManagerCore& core, std::size_t failed) {
    const std::size_t held = core.registry.total_bytes();
    facts.push_back("the manager holds " + byte_text(held) + ", its limit is " + byte_text(core.memory.limit()));
    const std::size_t counted = core.memory.total();
    if (counted > held + failed) {
        facts.push_back("  " + byte_text(counted - held - failed) + " more are asked for by calls under way");
    }
    for (const AllocationRecord& each : core.registry.top_holders(holders_shown)) {
        facts.push_back("  " + byte_text(each.bytes) + " by " + each.owner());
    }
}

std::string next_step(bool waiting) {
    return waiting ? "next: wait for the streams whose work uses what is freed; or free a holder"
                   : "next: free a holder, here or in a failure hook (set_failure_hook); trim() other managers; or look "
                     "at snapshot(SnapshotDetail::layout)";
}

}  // namespace

limit_exceeded limit_error(const ManagerCore& core, const MemoryRequest& request) {
    Facts facts;
    add_manager(facts, core, 0);
    add_device(facts, core.resources->device);
    facts.emplace_back(
        "next: raise the limit (GpuMemoryManager::with_limit), or free a holder, here or in a failure hook "
        "(set_failure_hook)");
    const std::size_t limit = core.memory.limit();
    return limit_exceeded(wanted(request) + ", but the manager's limit of " + byte_text(limit) + " leaves " +
                              byte_text(core.memory.room()),
                          facts);
}

out_of_memory memory_error(const ManagerCore& core, const MemoryRequest& request, const out_of_memory& why) {
    Facts facts;
    facts.emplace_back(why.message());
    add_device(facts, core.resources->device);
    add_pool(facts, core);
    add_manager(facts, core, request.bytes);
    if (dynamic_cast<const addresses_exhausted*>(&why) != nullptr) {
        facts.emplace_back("next: give large buffers a max_size_bytes of what they may become: they reserve so much");
        return out_of_memory(wanted(request) + ", but the process has no addresses left for it", facts);
    }
    facts.push_back(next_step(core.pool_figures().waiting_bytes > 0));
    return out_of_memory(wanted(request) + ", but " + device_name(core.resources->device) + " has no memory left for it",
                         facts);
}

}  // namespace triune
