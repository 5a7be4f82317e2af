// SPDX-License-Identifier: Apache-2.0
#include "buffer_world.hpp"

#include <algorithm>

#include <triune/base/error.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>

#include "apart.hpp"

namespace triune::sequences {
namespace {

constexpr std::size_t max_buffers = 6;

std::size_t bytes_of(const Runs& runs) {
    std::size_t bytes = 0;
    for (const Run& run : runs) bytes += run.bytes;
    return bytes;
}

// The first `bytes`, with zeroes behind what there is.
Runs resized(const Runs& runs, std::size_t bytes) {
    Runs found;
    std::size_t left = bytes;
    for (const Run& run : runs) {
        append(found, {std::min(left, run.bytes), run.value});
        left -= std::min(left, run.bytes);
    }
    append(found, {left, 0});
    return found;
}

Runs behind(const Runs& runs, std::size_t bytes) {
    Runs found;
    std::size_t begin = 0;
    for (const Run& run : runs) {
        const std::size_t end = begin + run.bytes;
        if (end > bytes) append(found, {end - std::max(begin, bytes), run.value});
        begin = end;
    }
    return found;
}

std::string text_of(const Runs& runs) {
    std::string text;
    for (const Run& run : runs) {
        if (!text.empty()) text += ", ";
        text += std::to_string(run.bytes) + " times " + std::to_string(run.value);
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace

BufferWorld::BufferWorld(const Letters& letters, std::size_t capacity_bytes, Work work)
    : letters_(letters), work_(work), device_(capacity_bytes) {
    for (StreamHandle& stream : streams_) triune::check(device_.stream_create(stream), "making a stream");
    manager_.emplace(device_);
}

BufferWorld::~BufferWorld() { device_.failures.clear(); }

void BufferWorld::run(const Letter<BufferWorld>& letter) {
    letter.run(*this);
    if (work_ == Work::done) device_.finish_all();
}

template <typename Call>
bool BufferWorld::works(Call&& call) {
    trimmed_ = false;
    try {
        call();
        return true;
    } catch (const out_of_memory&) {
        require(!live_.empty() || device_.injected() > 0, "an empty device refuses a buffer");
    } catch (const Error& failure) {
        require(device_.injected() > 0, failure.what());
    }
    return false;
}

void BufferWorld::hand_over(Live& buffer, Who who) {
    if (who == Who::nobody || buffer.last == Who::nobody || who == buffer.last) {
        buffer.last = who;
        return;
    }
    device_.order(handle(who), handle(buffer.last));
    buffer.last = who;
}

void BufferWorld::make(std::size_t bytes, Who who, bool stable) {
    BufferConfig config = GpuMemoryManager::unbounded();
    config.enable_async = true;
    config.stable_address = stable;
    Live made;
    const bool done = works([&] {
        made.buffer = who == Who::nobody ? manager_->make_buffer<std::uint8_t>("b", bytes, config)
                                         : manager_->make_buffer<std::uint8_t>("b", bytes, config, handle(who));
    });
    if (!done) return;
    made.contents = {{made.buffer.capacity(), 0}};
    made.last = who;
    live_.push_back(std::move(made));
    fill(live_.back(), who);
}

// Only the first half: the zeroes behind it stay a new buffer's.
void BufferWorld::fill(Live& live, Who who) {
    const std::size_t bytes = live.buffer.size() / 2;
    last_tag_ = static_cast<std::uint8_t>(last_tag_ % 200 + 1);
    hand_over(live, who);
    const bool done = works([&] {
        who == Who::nobody ? live.buffer.fill_at(0, bytes, last_tag_)
                           : live.buffer.fill_at(0, bytes, last_tag_, handle(who));
    });
    const Runs second = behind(live.contents, bytes);
    if (done) {
        live.contents = {{bytes, last_tag_}};
    } else {  // it may have been written all the same
        device_.finish_all();
        live.contents = device_.contents(live.buffer.data(), bytes);
    }
    for (const Run& run : second) append(live.contents, run);
}

Runs BufferWorld::contents_of(const Live& live) { return resized(live.contents, live.buffer.size()); }

void BufferWorld::drop(int index, Order order) {
    Live& live = at(index);
    trimmed_ = false;
    if (order == Order::all || live.last == Who::nobody) {
        live.buffer.reset();
    } else {
        const Who other = live.last == Who::s ? Who::t : Who::s;
        const Who who = order == Order::own ? live.last : other;
        hand_over(live, who);
        live.buffer.reset(handle(who));
    }
    live_.erase(index >= 0 ? live_.begin() + index : live_.end() - 1);
}

void BufferWorld::grow(Live& live, Who who) {
    const std::size_t bytes = 2 * live.buffer.size();
    hand_over(live, who);
    const bool done = works([&] {
        who == Who::nobody ? live.buffer.ensure_capacity(bytes) : live.buffer.ensure_capacity(bytes, handle(who));
    });
    if (done) live.contents = resized(live.contents, live.buffer.capacity());
}

// Where it does not work, what lay behind the size lies there still.
void BufferWorld::shrink(Live& live, Who who) {
    live.buffer.set_size((live.buffer.size() + 1) / 2);
    hand_over(live, who);
    works([&] { who == Who::nobody ? live.buffer.shrink_to_fit() : live.buffer.shrink_to_fit(handle(who)); });
    live.contents = resized(live.contents, live.buffer.capacity());
}

// Both ends: all of it would be megabytes of the host's.
void BufferWorld::download(Live& live) {
    std::array<std::uint8_t, 2>& found = downloaded_.emplace_back();
    const std::size_t last = live.buffer.size() - 1;
    const bool done = works([&] {
        live.buffer.download_at(0, std::span(found).first(1));
        live.buffer.download_at(last, std::span(found).last(1));
    });
    if (done) {
        const Runs contents = contents_of(live);
        require(found[0] == contents.front().value && found[1] == contents.back().value,
                "a download brings something else");
        live.last = Who::nobody;
    }
}

void BufferWorld::check() const {
    std::size_t bytes = 0;
    for (const Live& live : live_) {
        bytes += live.buffer.capacity_bytes();
        require(live.buffer.capacity() == bytes_of(live.contents), "a buffer has another capacity");
        if (!device_.idle()) continue;
        const Runs found = device_.contents(live.buffer.data(), live.buffer.capacity());
        require(found == live.contents, "a buffer holds " + text_of(found) + " and not " + text_of(live.contents));
    }
    const auto stats = manager_->stats();
    require(stats.total_allocated_bytes == bytes && stats.buffer_count == live_.size(), "the books are wrong");
    require(stats.peak_allocated_bytes >= bytes, "the peak is below the total");
    manager_->core()->resources->pool.check_invariants();
    check_places();
    require(device_.misuse().empty(), device_.misuse());
}

void BufferWorld::check_places() const {
    Places places;
    for (const Live& live : live_) places.push_back({live.buffer.data(), live.buffer.capacity_bytes()});
    require_apart(device_.memory(), places);
}

void BufferWorld::end() {
    device_.failures.clear();
    device_.finish_all();
    check();
    while (!live_.empty()) drop(0, live_.size() % 2 == 0 ? Order::own : Order::all);
    check();
    device_.finish_all();
    manager_->trim();
    const PoolStatistics left = manager_->core()->resources->pool.statistics();
    require(left.lost_bytes == 0, "memory is lost for good");
    // What the device would not take back stays with the pool until that goes, or is lost.
    require(device_.memory().chunk_bytes() == 0 || device_.refused_releases() > 0,
            "the device does not get its memory back");
    manager_.reset();
    require(device_.misuse().empty(), device_.misuse());
    require(device_.holds_nothing_but(streams_.size()) || device_.refused_releases() > 0, device_.describe());
}

// --- the letters

BufferWorld::Letters BufferWorld::letter_make(const std::string& name, std::size_t bytes, Who who, bool stable) {
    return {{name,
             [who](const BufferWorld& world) {
                 return world.live_.size() < max_buffers && (who != Who::t || world.used_s_);
             },
             [=](BufferWorld& world) {
                 world.used_s_ = world.used_s_ || who == Who::s;
                 world.make(bytes, who, stable);
             }}};
}

BufferWorld::Letters BufferWorld::letter_last(const std::string& name, std::size_t bytes) {
    return {{name, [](const BufferWorld&) { return true; },
             [=](BufferWorld& world) {
                 world.make(bytes, Who::t, false);
                 world.ended_ = true;
             }}};
}

BufferWorld::Letters BufferWorld::letter_drop(int index, Order order) {
    const std::string orders[] = {"own", "other", "all"};
    return {{"drop-" + (index >= 0 ? std::to_string(index) : "last") + "-" + orders[static_cast<int>(order)],
             [=](const BufferWorld& world) {
                 if (!world.has(index)) return false;
                 const Live& live = index >= 0 ? world.live_[static_cast<std::size_t>(index)] : world.live_.back();
                 return order == Order::all || live.last != Who::nobody;
             },
             [=](BufferWorld& world) { world.drop(index, order); }}};
}

BufferWorld::Letters BufferWorld::letter_grow(int index, Who who) {
    const std::string suffix = who == Who::nobody ? "" : who == Who::s ? "-s" : "-t";
    return {{"grow-" + (index >= 0 ? std::to_string(index) : "last") + suffix,
             [=](const BufferWorld& world) { return world.has(index) && (who != Who::t || world.used_s_); },
             [=](BufferWorld& world) {
                 world.used_s_ = world.used_s_ || who == Who::s;
                 world.grow(world.at(index), who);
             }}};
}

BufferWorld::Letters BufferWorld::letter_shrink(Who who) {
    return {{who == Who::nobody ? "shrink-0" : "shrink-0-s",
             [](const BufferWorld& world) { return world.has(0) && world.live_[0].buffer.size() > 1; },
             [=](BufferWorld& world) {
                 world.used_s_ = world.used_s_ || who == Who::s;
                 world.shrink(world.at(0), who);
             }}};
}

BufferWorld::Letters BufferWorld::letter_download() {
    return {{"download-0", [](const BufferWorld& world) { return world.has(0); },
             [](BufferWorld& world) { world.download(world.at(0)); }}};
}

BufferWorld::Letters BufferWorld::letter_start() {
    return {{"start-0", [](const BufferWorld& world) { return world.has(0) && world.live_[0].flight.empty(); },
             [](BufferWorld& world) {
                 Live& live = world.at(0);
                 world.used_s_ = true;
                 world.hand_over(live, Who::s);
                 if (world.works([&] { live.buffer.start_async_download(world.handle(Who::s)); }))
                     live.flight = contents_of(live);
             }}};
}

BufferWorld::Letters BufferWorld::letter_wait() {
    return {{"wait-0", [](const BufferWorld& world) { return world.has(0) && !world.live_[0].flight.empty(); },
             [](BufferWorld& world) {
                 Live& live = world.at(0);
                 HostView<std::uint8_t> view;
                 if (!world.works([&] { view = live.buffer.wait_for_download(); })) return;
                 const Runs brought = std::exchange(live.flight, {});
                 require(view.size() == bytes_of(brought) && view.data()[0] == brought.front().value &&
                             view.data()[view.size() - 1] == brought.back().value,
                         "a flight brings something else");
             }}};
}

BufferWorld::Letters BufferWorld::letter_trim() {
    return {{"trim", [](const BufferWorld& world) { return !world.trimmed_; },
             [](BufferWorld& world) {
                 world.manager_->trim();
                 world.trimmed_ = true;
             }}};
}

BufferWorld::Letters BufferWorld::letter_finish() {
    return {{"finish", [](const BufferWorld& world) { return !world.device_.idle(); },
             [](BufferWorld& world) {
                 world.trimmed_ = false;
                 world.device_.finish_all();
             }}};
}

}  // namespace triune::sequences
