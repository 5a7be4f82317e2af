// SPDX-License-Identifier: Apache-2.0
#include "execution.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <array>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <utility>

namespace schedule {

Execution& Execution::instance() {
    static Execution* const one = new Execution;
    return *one;
}

void Execution::begin_fiber() {
    Execution& execution = instance();
    const int self = execution.fibers_.current();
    Fibers::enter_checker(false);
    try {
        execution.program_.threads[static_cast<std::size_t>(self)]();
    } catch (const std::exception& thrown) {
        Fibers::enter_checker(true);
        execution.fail(thrown.what());
    }
    Fibers::enter_checker(true);
    execution.threads_[static_cast<std::size_t>(self)].state = State::finished;
    execution.switch_away();
}

Outcome Execution::explore(const Scenario& scenario, Bounds bounds, Variant variant) {
    bounds_ = bounds;
    variant_ = variant;
    choices_ = {};
    outcome_ = {};
    do {
        run(scenario);
        ++outcome_.executions;
        if (!outcome_.fault.empty()) return std::move(outcome_);
        if (outcome_.executions == bounds.executions) return std::move(outcome_);
    } while (choices_.advance());
    outcome_.complete = true;
    return std::move(outcome_);
}

void Execution::run(const Scenario& scenario) {
    preemptions_left_ = bounds_.preemptions;
    old_values_left_ = bounds_.old_values;
    barriers_left_ = variant_.barriers_until_refusal;
    steps_ = 0;
    now_ = 0;
    trace_.clear();
    memory_.begin(max_threads);
    program_ = scenario();
    const int count = static_cast<int>(program_.threads.size());
    threads_.assign(program_.threads.size(), {});
    fibers_.prepare(count, begin_fiber);
    fibers_.switch_to(choices_.next(count));
    Fibers::enter_checker(false);
    if (outcome_.fault.empty()) program_.at_end();
    memory_.end();
    program_ = {};
}

void Execution::fail(const std::string& what) {
    if (outcome_.fault.empty()) outcome_.fault = what + "\n" + trace_text();
    if (fibers_.current() != Fibers::none) fibers_.switch_to(Fibers::none);
}

// Round robin among those that have yielded; the one that runs comes last.
int Execution::next_yielded() const noexcept {
    const int count = static_cast<int>(threads_.size());
    for (int i = 1; i <= count; ++i) {
        const int number = (fibers_.current() + i) % count;
        if (threads_[static_cast<std::size_t>(number)].state == State::yielded) return number;
    }
    return Fibers::none;
}

void Execution::point(bool free) {
    constexpr int max_steps = 4000;
    if (++steps_ > max_steps) fail("it does not end");
    const int self = fibers_.current();
    std::array<int, max_threads> options{};
    int count = 0;
    const bool goes_on = self_thread().state == State::runs;
    if (goes_on) options[static_cast<std::size_t>(count++)] = self;
    if (!goes_on || free || preemptions_left_ > 0) {
        for (int other = 0; other < static_cast<int>(threads_.size()); ++other) {
            if (other != self && threads_[static_cast<std::size_t>(other)].state == State::runs)
                options[static_cast<std::size_t>(count++)] = other;
        }
    }
    int next = count > 0 ? options[static_cast<std::size_t>(choices_.next(count))] : next_yielded();
    if (next == Fibers::none) {
        for (const Thread& thread : threads_) {
            if (thread.state == State::waits) return fail("all threads wait for one another");
        }
        return fibers_.switch_to(Fibers::none);
    }
    if (next != self && goes_on && !free) --preemptions_left_;
    Thread& to = threads_[static_cast<std::size_t>(next)];
    to.state = State::runs;
    fibers_.switch_to(next);
}

void Execution::switch_away() { point(true); }

void Execution::yield() {
    if (self_thread().spins_on == nullptr) return let_others_go_on();
    spins_in_vain();
}

void Execution::let_others_go_on() {
    self_thread().state = State::yielded;
    point(true);
    memory_.arrives_at_last(fibers_.current());
}

// A value is new: whoever waits for one may go on.
void Execution::wake_yielded() noexcept {
    for (Thread& thread : threads_) {
        if (thread.state == State::yielded) thread.state = State::runs;
    }
}

int Execution::order_at(Place place, const char* access) {
    note_place(place, access);
    return place == variant_.weakened ? variant_.weakened_to : place.order;
}

void Execution::note_place(Place place, const char* access) {
    std::string& text = outcome_.places[place];
    if (!text.empty()) return;
    static constexpr const char* orders[] = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
    Dl_info info{};
    std::string function = "?";
    if (::dladdr(place.code, &info) != 0 && info.dli_sname != nullptr) {
        int status = 0;
        char* const name = abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status);
        function = name != nullptr ? name : info.dli_sname;
        std::free(name);
    }
    text = function + " " + access + " " + orders[place.order];
}

std::uint64_t Execution::load(const void* address, std::size_t bytes, int order, const void* place) {
    order = order_at({place, order}, "load");
    Thread& self = self_thread();
    const bool again = self.spins_on == address;
    const bool quiet = is_quiet(address) || (again && spins_in_vain());
    if (!quiet) point(false);
    const std::uint64_t value =
        memory_.load(fibers_.current(), address, bytes, static_cast<std::memory_order>(order), [&](int possible) {
            if (quiet) return is_quiet(address) ? 0 : possible - 1;  // what it saw before
            if (old_values_left_ == 0) return 0;
            const int older = choices_.next(possible);
            old_values_left_ -= older > 0 ? 1 : 0;
            return older;
        });
    if (is_quiet(address)) return value;
    if (!again || self.spin_value != value) self.spins = 0;
    self.spins_on = address;
    self.spin_value = value;
    note("load", address, value);
    return value;
}

// Whoever looks at one value again and again sees nothing new until others go on. It spins a while, so that it comes to
// what it does after spinning; then the others go on.
bool Execution::spins_in_vain() {
    constexpr int in_vain = 40;
    if (++self_thread().spins < in_vain) return true;
    let_others_go_on();
    return false;
}

void Execution::store(void* address, std::size_t bytes, std::uint64_t value, int order, const void* place) {
    order = order_at({place, order}, "store");
    if (!is_quiet(address)) point(false);
    self_thread().spins_on = nullptr;
    note("store", address, value);
    if (memory_.store(fibers_.current(), address, bytes, value, static_cast<std::memory_order>(order))) wake_yielded();
}

std::uint64_t Execution::exchange(void* address, std::size_t bytes, int order, int failure, const void* place,
                                  const Change& change) {
    const int written = order;
    order = order_at({place, order}, "exchange");
    if (order != written) failure = 0;
    if (!is_quiet(address)) point(false);
    self_thread().spins_on = nullptr;
    std::optional<std::uint64_t> after;
    const std::uint64_t before = memory_.exchange(fibers_.current(), address, bytes,
                                                  static_cast<std::memory_order>(order),
                                                  static_cast<std::memory_order>(failure),
                                                  [&](std::uint64_t value) { return after = change(value); });
    note("exchange", address, after.value_or(before));
    if (after && *after != before) wake_yielded();
    return before;
}

void Execution::access(const void* address, std::size_t bytes, bool write) {
    if (fibers_.is_own(address)) return;
    if (const auto race = memory_.access(fibers_.current(), address, bytes, write)) fail(*race);
}

bool Execution::barrier() {
    point(false);
    note("barrier", nullptr, 0);
    if (barriers_left_ == 0) return false;
    if (barriers_left_ > 0) --barriers_left_;
    if (variant_.barriers == Barriers::work) memory_.everything_arrives();
    return true;
}

// A store has arrived after 20 ms, and a sleep takes longer than it should.
void Execution::sleep(long nanoseconds) {
    point(true);
    note("sleep", nullptr, static_cast<std::uint64_t>(nanoseconds));
    if (nanoseconds < 1'000'000) return let_others_go_on();
    now_ += 25'000'000;
    memory_.everything_arrives();
}

bool Execution::wait(const void* address, std::uint32_t value) {
    point(false);
    std::uint32_t now = 0;
    std::memcpy(&now, address, sizeof now);
    note("wait", address, value);
    if (now != value) return false;
    Thread& self = self_thread();
    self.state = State::waits;
    self.waits_on = address;
    self.since = steps_;
    switch_away();
    return true;
}

void Execution::wake(const void* address, int most) {
    point(false);
    note("wake", address, static_cast<std::uint64_t>(most));
    for (; most > 0; --most) {
        Thread* first = nullptr;
        for (Thread& thread : threads_) {
            if (thread.state == State::waits && thread.waits_on == address &&
                (first == nullptr || thread.since < first->since))
                first = &thread;
        }
        if (first == nullptr) return;
        first->state = State::runs;
    }
}

void Execution::note(const char* what, const void* address, std::uint64_t value) {
    trace_.push_back({fibers_.current(), what, address, value});
}

std::string Execution::trace_text() const {
    std::string text;
    const std::size_t shown = 60;
    for (std::size_t at = trace_.size() > shown ? trace_.size() - shown : 0; at < trace_.size(); ++at) {
        const Step& step = trace_[at];
        text += "  thread " + std::to_string(step.thread) + " " + step.what;
        if (step.address != nullptr) text += " object " + std::to_string(memory_.location_number(step.address));
        text += " " + std::to_string(step.value) + "\n";
    }
    return text;
}

}  // namespace schedule
