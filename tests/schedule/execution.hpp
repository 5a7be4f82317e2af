// SPDX-License-Identifier: Apache-2.0
// One execution of a scenario: who runs, what it sees, and what it does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "choices.hpp"
#include "explorer.hpp"
#include "fibers.hpp"
#include "memory.hpp"

namespace schedule {

// While it lives, what the thread does is the checker's own.
class InChecker {
  public:
    InChecker() noexcept { Fibers::enter_checker(true); }
    InChecker(const InChecker&) = delete;
    InChecker& operator=(const InChecker&) = delete;
    ~InChecker() { Fibers::enter_checker(false); }
};

class Execution {
  public:
    using Change = std::function<std::optional<std::uint64_t>(std::uint64_t)>;

    static Execution& instance();

    Outcome explore(const Scenario& scenario, Bounds bounds, Variant variant);
    void fail(const std::string& what);
    void keep_quiet(const void* begin, std::size_t bytes) { memory_.keep_strong(begin, bytes); }

    // What the instrumented program does, for the thread that runs. `place` is where, in the program.
    std::uint64_t load(const void* address, std::size_t bytes, int order, const void* place);
    void store(void* address, std::size_t bytes, std::uint64_t value, int order, const void* place);
    std::uint64_t exchange(void* address, std::size_t bytes, int order, int failure, const void* place,
                           const Change& change);
    void access(const void* address, std::size_t bytes, bool write);
    void forget(const void* address, std::size_t bytes) { memory_.forget(address, bytes); }
    void yield();
    void sleep(long nanoseconds);
    long now() const noexcept { return now_; }
    bool barrier();
    // False where the value is another already.
    bool wait(const void* address, std::uint32_t value);
    void wake(const void* address, int most);

  private:
    enum class State { runs, yielded, waits, finished };
    struct Thread {
        State state = State::runs;
        const void* waits_on = nullptr;
        int since = 0;
        const void* spins_on = nullptr;  // what it has loaded last, if it has done nothing else
        std::uint64_t spin_value = 0;
        int spins = 0;
    };
    struct Step {
        int thread;
        const char* what;
        const void* address;
        std::uint64_t value;
    };

    static void begin_fiber();
    void run(const Scenario& scenario);
    // Before an access: who goes on? `free`: nobody is preempted.
    void point(bool free);
    void switch_away();
    void let_others_go_on();
    // False once others have gone on.
    bool spins_in_vain();
    int next_yielded() const noexcept;
    void wake_yielded() noexcept;
    bool is_quiet(const void* address) const noexcept { return memory_.is_strong(address); }
    Thread& self_thread() noexcept { return threads_[static_cast<std::size_t>(fibers_.current())]; }
    int order_at(Place place, const char* access);
    void note_place(Place place, const char* access);
    void note(const char* what, const void* address, std::uint64_t value);
    std::string trace_text() const;

    Bounds bounds_;
    Variant variant_;
    Choices choices_;
    Memory memory_;
    Fibers fibers_;
    Program program_;
    std::vector<Thread> threads_;
    Outcome outcome_;
    int preemptions_left_ = 0;
    int old_values_left_ = 0;
    int barriers_left_ = 0;
    int steps_ = 0;
    long now_ = 0;
    std::vector<Step> trace_;
};

}  // namespace schedule
