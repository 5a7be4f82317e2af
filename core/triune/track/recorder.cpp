// SPDX-License-Identifier: Apache-2.0
#include <triune/track/recorder.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/thread_owned.hpp>
#include <triune/detail/track/recording_text.hpp>

namespace triune::recorder {

constinit std::atomic<bool> detail::on{false};

namespace {

constexpr std::chrono::milliseconds between_writes{20};

std::string reason_of(int error) { return std::string(": ") + std::strerror(error); }

// Of a file, with no buffer of its own, so that a forked child has nothing to write twice.
bool write_all(int file, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

int create(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    if (file < 0) throw invalid_argument("the recording '" + path + "' cannot be written" + reason_of(errno));
    return file;
}

class Recorder {
  public:
    void start(const Options& options);
    void stop() noexcept;
    std::string text();
    void append_snapshot(std::string_view json);
    std::uint64_t lost_count();
    void note(const MemoryEvent& event) noexcept;

  private:
    void note_with_stack(const MemoryEvent& event) noexcept;
    void note(const MemoryEvent& event, const StackTrace* stack) noexcept;
    void write_as_they_come() noexcept;
    // Under the lock. What went wrong, to be logged without it; else empty.
    std::string write_some() noexcept;
    static void tell(const std::string& problem) noexcept;
    std::uint64_t lost() noexcept;
    void close() noexcept;

    friend class triune::ForkGuard;
    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

    ThreadOwned<EventStore> threads_;
    std::atomic<std::size_t> max_bytes_{0};
    std::atomic<bool> stacks_{false};
    std::atomic<std::uint64_t> lost_without_store_{0};

    std::mutex calls_;  // start and stop, one at a time
    std::mutex mutex_;  // guards what follows
    std::condition_variable stopping_;
    bool stop_writing_ = false;
    int file_ = -1;
    std::string path_;
    std::uint64_t began_ = 0;
    std::optional<RecordingText> lines_;  // of the file
    std::optional<std::thread> writer_;
    ForkGuard fork_guard_{ForkGuard::Rank::text, *this};
};

// Never destroyed: memory is freed after main, too.
constinit std::atomic<Recorder*> made{nullptr};

Recorder& recorder() {
    static Recorder* const instance = [] {
        auto* const fresh = new Recorder;
        made.store(fresh, std::memory_order_release);
        std::atexit([] { recorder::stop(); });
        return fresh;
    }();
    return *instance;
}

void Recorder::start(const Options& options) {
    static_cast<void>(EventClock::get());
    if (options.stacks) static_cast<void>(StackTrace::capture());  // loads what it needs
    const std::lock_guard call(calls_);
    if (is_on()) throw invalid_argument("a recording is on already: stop it first");
    const int file = options.file.empty() ? -1 : create(options.file);
    const std::lock_guard lock(mutex_);
    threads_.for_each([](EventStore& store) {
        const RevokerLock guard(store.mutex);
        store.reset();
    });
    lost_without_store_.store(0, std::memory_order_relaxed);
    max_bytes_.store(options.bytes_per_thread, std::memory_order_relaxed);
    stacks_.store(options.stacks, std::memory_order_relaxed);
    file_ = file;
    path_ = options.file;
    began_ = event_ticks();
    lines_.emplace(began_);
    stop_writing_ = false;
    if (file_ >= 0) {
        try {
            if (!write_all(file_, lines_->head())) {
                throw invalid_argument("the recording '" + path_ + "' cannot be written" + reason_of(errno));
            }
            writer_.emplace([this] { write_as_they_come(); });
        } catch (...) {
            close();
            throw;
        }
    }
    detail::on.store(true, std::memory_order_release);
}

void Recorder::stop() noexcept {
    const std::lock_guard call(calls_);
    if (!is_on()) return;
    detail::on.store(false, std::memory_order_release);
    std::optional<std::thread> writer;
    {
        const std::lock_guard lock(mutex_);
        stop_writing_ = true;
        writer.swap(writer_);
    }
    if (!writer) return;
    stopping_.notify_one();
    writer->join();
    std::string problem;
    {
        const std::lock_guard lock(mutex_);
        problem = write_some();
        if (file_ >= 0) write_all(file_, lines_->end(event_ticks(), lost()));
        close();
    }
    tell(problem);
}

void Recorder::tell(const std::string& problem) noexcept {
    if (!problem.empty()) log::error(problem);
}

void Recorder::close() noexcept {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
}

void Recorder::write_as_they_come() noexcept {
    std::unique_lock lock(mutex_);
    while (!stop_writing_) {
        stopping_.wait_for(lock, between_writes);
        const std::string problem = write_some();
        lock.unlock();
        tell(problem);
        lock.lock();
    }
}

// The threads go on meanwhile with the blocks that they have left.
std::string Recorder::write_some() noexcept {
    if (file_ < 0) return {};
    std::string problem;
    struct Removed {
        EventStore* store;
        EventBlock* blocks;
    };
    std::vector<Removed> removed;
    try {
        threads_.for_each([&](EventStore& store) { removed.push_back({&store, nullptr}); });
        for (Removed& each : removed) {
            const RevokerLock guard(each.store->mutex);
            each.blocks = each.store->remove_all();
        }
        std::vector<const StoredEvent*> events;
        for (const Removed& each : removed) {
            for (const EventBlock* block = each.blocks; block != nullptr; block = block->next) {
                block->for_each([&](const StoredEvent& event) { events.push_back(&event); });
            }
        }
        std::string text;
        lines_->append(text, std::move(events));
        if (!write_all(file_, text)) {
            problem = "the recording '" + path_ + "' ends early" + reason_of(errno);
            close();
        }
    } catch (const std::bad_alloc&) {
        problem = "no memory";  // which needs none itself
    }
    for (const Removed& each : removed) {
        const RevokerLock guard(each.store->mutex);
        each.store->bring_back(each.blocks);
    }
    return problem;
}

std::string Recorder::text() {
    const std::lock_guard lock(mutex_);
    std::vector<std::unique_ptr<EventBlock>> copies;
    threads_.for_each([&](EventStore& store) {
        const RevokerLock guard(store.mutex);
        if (path_.empty()) store.copy_to(copies);
    });
    std::vector<const StoredEvent*> events;
    for (const auto& copy : copies) copy->for_each([&](const StoredEvent& event) { events.push_back(&event); });
    RecordingText lines(began_);
    std::string text = lines.head();
    lines.append(text, std::move(events));
    return text + lines.end(event_ticks(), lost());
}

void Recorder::append_snapshot(std::string_view json) {
    std::string line =
        R"({"t":)" + std::to_string(EventClock::get().nanoseconds(began_, event_ticks())) + R"(,"snapshot":)";
    for (const char character : json) {
        if (character != '\n') line += character;  // within texts there is none: they are escaped there
    }
    line += "}\n";
    std::string problem;
    {
        const std::lock_guard lock(mutex_);
        problem = write_some();
        if (file_ >= 0) write_all(file_, line);
    }
    tell(problem);
}

std::uint64_t Recorder::lost() noexcept {
    std::uint64_t lost = lost_without_store_.load(std::memory_order_relaxed);
    threads_.for_each([&](EventStore& store) {
        const RevokerLock guard(store.mutex);
        lost += store.lost();
    });
    return lost;
}

std::uint64_t Recorder::lost_count() {
    const std::lock_guard lock(mutex_);
    return lost();
}

// The time is that of the caller, who knows when others could see what happened.
void Recorder::note(const MemoryEvent& event) noexcept {
    if (stacks_.load(std::memory_order_relaxed)) return note_with_stack(event);
    note(event, nullptr);
}

// A function of its own: the other way then clears no place for a stack.
[[gnu::noinline]] void Recorder::note_with_stack(const MemoryEvent& event) noexcept {
    const StackTrace stack = StackTrace::capture(3);
    note(event, &stack);
}

inline void Recorder::note(const MemoryEvent& event, const StackTrace* stack) noexcept {
    EventStore* const mine = threads_.own();
    if (mine == nullptr) {
        lost_without_store_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    const OwnerLock guard(mine->mutex);
    if (is_on()) mine->note(event, stack, max_bytes_.load(std::memory_order_relaxed));
}

void Recorder::lock_for_fork() noexcept {
    calls_.lock();
    mutex_.lock();
    threads_.lock();
    threads_.for_each([](EventStore& store) { store.mutex.lock_as_revoker(); });
}

// The child has no thread that writes, and the file is the parent's.
void Recorder::unlock_after_fork() noexcept {
    if (ForkGuard::in_child() && writer_) {
        detail::on.store(false, std::memory_order_relaxed);
        static_cast<void>(new (std::nothrow)
                              std::optional<std::thread>(std::move(writer_)));  // of nobody who could be joined
        writer_.reset();
        close();
    }
    threads_.for_each([](EventStore& store) { store.mutex.unlock_as_revoker(); });
    threads_.unlock();
    mutex_.unlock();
    calls_.unlock();
}

}  // namespace

void start(const Options& options) { recorder().start(options); }

void stop() noexcept {
    if (Recorder* const there = made.load(std::memory_order_acquire)) there->stop();
}

std::string text() { return recorder().text(); }

void write(const std::string& path) {
    const std::string lines = text();
    const int file = create(path);
    const bool whole = write_all(file, lines);
    const int error = errno;
    ::close(file);
    if (!whole) throw invalid_argument("the recording '" + path + "' cannot be written" + reason_of(error));
}

void append_snapshot(std::string_view json) {
    if (is_on()) recorder().append_snapshot(json);
}

std::uint64_t lost_count() {
    Recorder* const there = made.load(std::memory_order_acquire);
    return there == nullptr ? 0 : there->lost_count();
}

void note(const MemoryEvent& event) noexcept {
    if (Recorder* const there = made.load(std::memory_order_acquire)) there->note(event);
}

}  // namespace triune::recorder
