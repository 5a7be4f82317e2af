// SPDX-License-Identifier: Apache-2.0
// The streams and events of a device on paper: queues without threads.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <triune/device/device.hpp>

namespace triune::sequences {

struct PaperStream;
struct PaperPosition {
    std::shared_ptr<PaperStream> stream;
    std::uint64_t sequence = 0;
};
using PaperCapture = std::vector<PaperPosition>;

struct PaperWork {
    std::function<void()> run;
    PaperCapture after;
};

struct PaperStream {
    std::uint64_t id = 0;
    std::deque<PaperWork> work;
    std::uint64_t queued = 0;
    std::uint64_t finished = 0;
};

// Work runs in the thread that waits for it, and only what that wait needs: nothing is done by luck. Handles are never
// used twice.
class PaperStreams {
  public:
    PaperStreams() { alive_.emplace(nullptr, make()); }

    StreamHandle create() {
        const auto made = make();
        alive_.emplace(made.get(), made);
        return made.get();
    }
    bool destroy(StreamHandle stream) { return stream != nullptr && alive_.erase(stream) > 0; }
    std::shared_ptr<PaperStream> find(StreamHandle stream) const {
        const auto found = alive_.find(stream);
        return found == alive_.end() ? nullptr : found->second;
    }
    static void enqueue(PaperStream& stream, PaperWork work) {
        stream.work.push_back(std::move(work));
        ++stream.queued;
    }

    PaperCapture capture_all() const {
        PaperCapture all;
        for (const auto& stream : made_) {
            if (stream->finished < stream->queued) all.push_back({stream, stream->queued});
        }
        return all;
    }
    static bool reached(const PaperCapture& capture) {
        for (const auto& [stream, sequence] : capture) {
            if (stream->finished < sequence) return false;
        }
        return true;
    }
    static void reach(const PaperCapture& capture) {
        for (const auto& [stream, sequence] : capture) {
            while (stream->finished < sequence) run_next(*stream);
        }
    }
    std::size_t count() const noexcept { return alive_.size() - 1; }
    bool idle() const { return capture_all().empty(); }

  private:
    std::shared_ptr<PaperStream> make() {
        made_.push_back(std::make_shared<PaperStream>());
        made_.back()->id = made_.size();
        return made_.back();
    }
    static void run_next(PaperStream& stream) {
        const PaperWork next = std::move(stream.work.front());
        stream.work.pop_front();
        reach(next.after);
        if (next.run) next.run();
        ++stream.finished;
    }

    std::map<StreamHandle, std::shared_ptr<PaperStream>> alive_;
    std::vector<std::shared_ptr<PaperStream>> made_;  // work of a destroyed stream still runs
};

}  // namespace triune::sequences
