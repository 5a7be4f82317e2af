// Arenas that their owners are done with but queued work may still use.
#pragma once

#include <boost/intrusive/list.hpp>
#include <memory>
#include <mutex>

#include <triune/alloc/arena.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// An arena together with what retiring it needs, made when the arena is, so that retiring cannot fail for want of
// memory.
struct RetirableArena {
    RetirableArena(ChunkPool& chunks, std::size_t reserve_bytes);
    RetirableArena(const RetirableArena&) = delete;
    RetirableArena& operator=(const RetirableArena&) = delete;
    ~RetirableArena();

    Device& device;
    Arena arena;
    EventHandle event = nullptr;
    boost::intrusive::list_member_hook<> queue;
};

// Unmapping under a running kernel is a fault, and cannot be ordered on a stream: so an arena waits here for an event.
// Thread-safe.
class RetiredArenas {
  public:
    explicit RetiredArenas(Device& device) noexcept : device_(device) {}
    RetiredArenas(const RetiredArenas&) = delete;
    RetiredArenas& operator=(const RetiredArenas&) = delete;
    // Waits for the work that is left.
    ~RetiredArenas();

    // `arena` is released once the work queued by now is done: on the stream that `order` names, or on all.
    void retire(std::unique_ptr<RetirableArena> arena, StreamOrder order) noexcept;
    // Releases those that nothing uses any more; waits for nothing.
    void collect() noexcept;
    // Releases all, after waiting.
    void drain() noexcept;

  private:
    using Queue = boost::intrusive::list<
        RetirableArena,
        boost::intrusive::member_hook<RetirableArena, boost::intrusive::list_member_hook<>, &RetirableArena::queue>>;

    Device& device_;
    std::mutex mutex_;
    Queue queue_;
};

}  // namespace triune
