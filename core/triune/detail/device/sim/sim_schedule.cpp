// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_schedule.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace triune::sim {

namespace {

// Shared by all devices of the process, so that no two streams ever have one number.
std::atomic<std::uint64_t> streams_made{0};

bool all_reached(const std::vector<SimPosition>& positions) {
    return std::all_of(positions.begin(), positions.end(),
                       [](const SimPosition& position) { return position.stream->finished >= position.sequence; });
}

}  // namespace

SimSchedule::~SimSchedule() {
    std::vector<std::thread> workers;
    std::vector<std::shared_ptr<SimStream>> streams;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_all();
        workers = std::move(ended_);
        streams = streams_;
        for (const auto& stream : streams) workers.push_back(std::move(stream->worker));
    }
    for (std::thread& worker : workers) worker.join();
    // Waits name other streams: cleared, so that streams which waited for each other do not keep each other alive.
    for (const auto& stream : streams) stream->work.clear();
}

std::shared_ptr<SimStream> SimSchedule::open() {
    auto stream = std::make_shared<SimStream>(++streams_made);
    std::vector<std::thread> ended = remove_ended();
    for (std::thread& worker : ended) worker.join();
    const std::lock_guard lock(mutex_);
    streams_.reserve(streams_.size() + 1);
    stream->worker = std::thread([this, stream] { work(*stream); });
    streams_.push_back(stream);
    return stream;
}

std::vector<std::thread> SimSchedule::remove_ended() {
    const std::lock_guard lock(mutex_);
    return std::exchange(ended_, {});
}

void SimSchedule::close(SimStream& stream) {
    const std::lock_guard lock(mutex_);
    stream.closing = true;
    stream.wake.notify_all();
}

bool SimSchedule::enqueue(SimStream& stream, SimWork work) {
    const std::lock_guard lock(mutex_);
    if (stream.closing) return false;
    if (stream.capture != SimStream::Capture::none) return true;
    work.begins = std::chrono::steady_clock::now() + lateness_;
    stream.work.push_back(std::move(work));
    ++stream.queued;
    stream.wake.notify_all();
    return true;
}

void SimSchedule::begin_capture(SimStream& stream) {
    const std::lock_guard lock(mutex_);
    stream.capture = SimStream::Capture::active;
}

bool SimSchedule::end_capture(SimStream& stream) {
    const std::lock_guard lock(mutex_);
    return std::exchange(stream.capture, SimStream::Capture::none) == SimStream::Capture::active;
}

bool SimSchedule::capturing(const SimStream& stream) const {
    const std::lock_guard lock(mutex_);
    return stream.capture != SimStream::Capture::none;
}

bool SimSchedule::lose_capture(SimStream& stream) {
    const std::lock_guard lock(mutex_);
    if (stream.capture == SimStream::Capture::none) return false;
    stream.capture = SimStream::Capture::lost;
    return true;
}

bool SimSchedule::lose_captures() {
    const std::lock_guard lock(mutex_);
    bool any = false;
    for (const auto& stream : streams_) {
        if (stream->capture == SimStream::Capture::none) continue;
        stream->capture = SimStream::Capture::lost;
        any = true;
    }
    return any;
}

bool SimSchedule::idle(const SimStream& stream) const {
    const std::lock_guard lock(mutex_);
    return stream.finished == stream.queued;
}

int SimSchedule::finish(SimStream& stream) {
    Lock lock(mutex_);
    const std::uint64_t target = stream.queued;
    stream.demanded = std::max(stream.demanded, target);
    stream.wake.notify_all();
    progress_.wait(lock, [&] { return stream.finished >= target; });
    return std::exchange(stream.error, 0);
}

int SimSchedule::finish_all() {
    Lock lock(mutex_);
    const std::vector<SimPosition> positions = all_positions();
    await(lock, positions);
    return pop_error(positions);
}

int SimSchedule::pop_error() {
    const std::lock_guard lock(mutex_);
    return pop_error(all_positions());
}

int SimSchedule::pop_error(const std::vector<SimPosition>& positions) {
    int error = std::exchange(closed_error_, 0);
    for (const SimPosition& position : positions) {
        const int own = std::exchange(position.stream->error, 0);
        if (error == 0) error = own;
    }
    return error;
}

SimCapture SimSchedule::capture(const std::shared_ptr<SimStream>& stream) const {
    const std::lock_guard lock(mutex_);
    return std::make_shared<const std::vector<SimPosition>>(1, SimPosition{stream, stream->queued});
}

SimCapture SimSchedule::capture_all() const {
    const std::lock_guard lock(mutex_);
    return std::make_shared<const std::vector<SimPosition>>(all_positions());
}

bool SimSchedule::reached(const SimCapture& capture) const {
    if (!capture) return true;
    const std::lock_guard lock(mutex_);
    return all_reached(*capture);
}

void SimSchedule::reach(const SimCapture& capture) {
    if (!capture) return;
    Lock lock(mutex_);
    await(lock, *capture);
}

bool SimSchedule::reach(const SimCapture& capture, std::chrono::nanoseconds at_most) {
    if (!capture) return true;
    Lock lock(mutex_);
    demand(*capture);
    return progress_.wait_for(lock, at_most, [&] { return all_reached(*capture); });
}

void SimSchedule::hold() {
    const std::lock_guard lock(mutex_);
    ++holds_;
}

void SimSchedule::release() {
    const std::lock_guard lock(mutex_);
    if (holds_ > 0 && --holds_ == 0) wake_all();
}

void SimSchedule::await(Lock& lock, const std::vector<SimPosition>& positions) {
    demand(positions);
    progress_.wait(lock, [&] { return all_reached(positions); });
}

void SimSchedule::demand(const std::vector<SimPosition>& positions) {
    for (const SimPosition& position : positions) {
        SimStream& stream = *position.stream;
        if (stream.demanded >= position.sequence) continue;
        stream.demanded = position.sequence;
        stream.wake.notify_all();
    }
}

std::vector<SimPosition> SimSchedule::all_positions() const {
    std::vector<SimPosition> positions;
    positions.reserve(streams_.size());
    for (const auto& stream : streams_) positions.push_back({stream, stream->queued});
    return positions;
}

void SimSchedule::wake_all() {
    for (const auto& stream : streams_) stream->wake.notify_all();
    progress_.notify_all();
}

// Runs on the stream's own thread.
void SimSchedule::work(SimStream& stream) {
    Lock lock(mutex_);
    while (await_turn(stream, lock)) {
        SimWork item = std::move(stream.work.front());
        stream.work.pop_front();
        lock.unlock();
        const int error = item.run ? item.run() : 0;
        item = {};  // what the work holds is let go before the lock is taken
        lock.lock();
        ++stream.finished;
        if (error != 0) stream.error = error;
        progress_.notify_all();
    }
    if (!stopping_) end(stream);
}

// False when the worker shall end. See Note [Late work].
bool SimSchedule::await_turn(SimStream& stream, Lock& lock) {
    for (;;) {
        if (stopping_) return false;
        if (stream.work.empty() && stream.closing) return false;
        if (stream.work.empty() || holds_ > 0) {
            stream.wake.wait(lock);
            continue;
        }
        const SimWork& next = stream.work.front();
        if (stream.demanded <= stream.finished && std::chrono::steady_clock::now() < next.begins) {
            stream.wake.wait_until(lock, next.begins);
            continue;
        }
        if (next.after && !all_reached(*next.after)) {
            demand(*next.after);
            progress_.wait(lock);
            continue;
        }
        return true;
    }
}

void SimSchedule::end(SimStream& stream) {
    if (stream.error != 0) closed_error_ = stream.error;
    ended_.push_back(std::move(stream.worker));
    std::erase_if(streams_, [&](const auto& other) { return other.get() == &stream; });
}

}  // namespace triune::sim
