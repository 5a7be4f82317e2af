// SPDX-License-Identifier: Apache-2.0
#include "pool_world.hpp"

#include <triune/base/error.hpp>

#include "apart.hpp"

namespace triune::sequences {

PoolWorld::PoolWorld(const Letters& letters, std::size_t capacity_bytes, Work work)
    : letters_(letters), work_(work), device_(capacity_bytes) {
    for (StreamHandle& stream : streams_) triune::check(device_.stream_create(stream), "making a stream");
    chunks_.emplace(device_, 0);
    pool_.emplace(*chunks_);
}

PoolWorld::~PoolWorld() { device_.failures.clear(); }

// Work on a block of nobody's stream is waited for, as a call without a stream does.
bool PoolWorld::allocate(std::size_t bytes, Who who) {
    Live made{{}, bytes, who, 0};
    try {
        made.block = pool_->allocate(bytes, handle(who));
    } catch (const out_of_memory&) {
        require(!live_.empty() || bytes > device_.properties().total_bytes || device_.injected() > 0,
                "an empty pool refuses " + std::to_string(bytes) + " bytes");
        return false;
    } catch (const device_error&) {
        require(device_.injected() > 0, "the device failed by itself");
        return false;
    }
    require(made.block.bytes >= bytes, "a block is smaller than asked for");
    last_tag_ = static_cast<std::uint8_t>(last_tag_ % 200 + 1);
    made.tag = last_tag_;
    live_.push_back(made);
    const StreamHandle user = who == Who::nobody ? nullptr : handle(who);
    device_.write(made.block.data, made.block.bytes, made.tag, user);
    if (who == Who::nobody) device_.finish(user);
    return true;
}

// Another stream is ordered behind the work of its own, as its user must.
void PoolWorld::free(std::size_t index, Order order) {
    const Live gone = live_[index];
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
    const StreamHandle own = gone.who == Who::nobody ? nullptr : handle(gone.who);
    device_.expect(gone.block.data, gone.block.bytes, gone.tag, own);
    if (gone.who == Who::nobody) device_.finish(own);
    if (order == Order::all) return pool_->deallocate(gone.block, StreamOrder::after_all());
    if (order == Order::own) return pool_->deallocate(gone.block, StreamOrder::on(own));
    const StreamHandle other = handle(gone.who == Who::s ? Who::t : Who::s);
    device_.order(other, own);
    pool_->deallocate(gone.block, StreamOrder::on(other));
}

void PoolWorld::run(const Letter<PoolWorld>& letter) {
    letter.run(*this);
    if (work_ == Work::done) device_.finish_all();
}

void PoolWorld::check() const {
    pool_->check_invariants();
    check_places();
    check_books();
    require(device_.misuse().empty(), device_.misuse());
}

void PoolWorld::check_places() const {
    Places places;
    for (const Live& each : live_) places.push_back({each.block.data, each.block.bytes});
    require_apart(device_.memory(), places);
}

void PoolWorld::check_books() const {
    const PoolStatistics books = pool_->statistics();
    std::size_t live = 0;
    for (const Live& each : live_) live += each.block.bytes;
    require(books.live_blocks == live_.size() && books.live_bytes == live, "the pool counts other live blocks");
    require(books.reserved_bytes ==
                books.live_bytes + books.cached_bytes + books.waiting_bytes + books.idle_bytes + books.lost_bytes,
            "the pool's bytes do not add up");
    const std::size_t given = device_.memory().chunk_bytes();  // with what it would not unmap when it failed
    require(given == books.reserved_bytes || (device_.refused_releases() > 0 && given > books.reserved_bytes),
            "the device has given other memory");
    require(books.lost_bytes == 0 || device_.injected() > 0, "memory is lost");
}

void PoolWorld::end() {
    device_.failures.clear();
    while (!live_.empty()) free(live_.size() - 1, live_.size() % 2 == 0 ? Order::own : Order::all);
    device_.finish_all();
    check();
    pool_->trim_all();
    check();
    require(pool_->statistics().lost_bytes == 0, "memory is lost for good");
    // What the device would not take back stays with the pool until that goes, or is lost.
    require(pool_->statistics().reserved_bytes == 0 || device_.refused_releases() > 0,
            "memory that nobody uses is not given back");
    pool_.reset();
    chunks_.reset();
    require(device_.misuse().empty(), device_.misuse());
    require(device_.holds_nothing_but(streams_.size()) || device_.refused_releases() > 0, device_.describe());
}

// --- the letters. A stream's name means nothing: `s` is the one that is used first.

PoolWorld::Letters PoolWorld::letter_allocate(const std::string& name, std::size_t bytes, Who who) {
    return {{name, [who](const PoolWorld& world) { return who != Who::t || world.used_s_; },
             [bytes, who](PoolWorld& world) {
                 world.used_s_ = world.used_s_ || who == Who::s;
                 world.trimmed_ = false;
                 world.allocate(bytes, who);
             }}};
}

PoolWorld::Letters PoolWorld::letter_row(const std::string& name, int count, std::size_t bytes) {
    return {{name, [](const PoolWorld&) { return true; },
             [=](PoolWorld& world) {
                 world.used_s_ = true;
                 world.trimmed_ = false;
                 for (int left = count; left > 0 && world.allocate(bytes, Who::s); --left) {
                 }
             }}};
}

PoolWorld::Letters PoolWorld::letter_last(const std::string& name, std::size_t bytes) {
    return {{name, [](const PoolWorld& world) { return world.used_s_; },
             [bytes](PoolWorld& world) {
                 world.allocate(bytes, Who::t);
                 world.ended_ = true;
             }}};
}

PoolWorld::Letters PoolWorld::letter_free(int index, Order order) {
    const auto chosen = [index](const PoolWorld& world) {
        return index >= 0 ? static_cast<std::size_t>(index) : world.live_.size() - 1;
    };
    const std::string orders[] = {"own", "other", "all"};
    const std::string which = index >= 0 ? std::to_string(index) : "last";
    return {{"free-" + which + "-" + orders[static_cast<int>(order)],
             [=](const PoolWorld& world) {
                 if (world.live_.empty() || chosen(world) >= world.live_.size()) return false;
                 return order == Order::all || world.live_[chosen(world)].who != Who::nobody;
             },
             [=](PoolWorld& world) {
                 world.trimmed_ = false;
                 world.free(chosen(world), order);
             }}};
}

PoolWorld::Letters PoolWorld::letter_free_every_other() {
    return {{"free-every-other-all", [](const PoolWorld& world) { return world.live_.size() > 2; },
             [](PoolWorld& world) {
                 world.trimmed_ = false;
                 for (std::size_t i = 0; i < world.live_.size(); ++i) world.free(i, Order::all);
             }}};
}

PoolWorld::Letters PoolWorld::letter_fill_up(std::size_t bytes) {
    return {{"fill-up", [](const PoolWorld& world) { return world.device_.memory().free_bytes() > 0; },
             [bytes](PoolWorld& world) {
                 world.used_s_ = true;
                 world.trimmed_ = false;
                 while (world.allocate(bytes, Who::s)) {
                 }
             }}};
}

PoolWorld::Letters PoolWorld::letter_trim() {
    return {{"trim", [](const PoolWorld& world) { return !world.trimmed_; },
             [](PoolWorld& world) {
                 world.trimmed_ = true;
                 world.pool_->trim();
             }}};
}

PoolWorld::Letters PoolWorld::letter_finish() {
    return {{"finish", [](const PoolWorld& world) { return !world.device_.idle(); },
             [](PoolWorld& world) {
                 world.trimmed_ = false;
                 world.device_.finish_all();
             }}};
}

}  // namespace triune::sequences
