// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_failures.hpp>

#include <algorithm>

namespace triune::sim {

void SimFailures::fail(Verb verb, std::uint64_t nth, int cuda_error, std::uint64_t times) {
    if (nth == 0 || times == 0) return;
    const std::lock_guard lock(mutex_);
    pending_.push_back({verb, nth, cuda_error, times});
    any_ = true;
}

void SimFailures::clear() {
    const std::lock_guard lock(mutex_);
    pending_.clear();
    any_ = false;
}

std::uint64_t SimFailures::calls(Verb verb) const noexcept { return calls_[static_cast<std::size_t>(verb)]; }

int SimFailures::count_call(Verb verb) noexcept {
    ++calls_[static_cast<std::size_t>(verb)];
    if (!any_) return 0;
    const std::lock_guard lock(mutex_);
    int error = 0;
    for (Pending& pending : pending_) {
        if (pending.verb != verb && pending.verb != Verb::count) continue;
        if (pending.left > 0) --pending.left;
        if (pending.left > 0) continue;
        error = pending.cuda_error;
        --pending.times;
    }
    std::erase_if(pending_, [](const Pending& pending) { return pending.times == 0; });
    any_ = !pending_.empty();
    return error;
}

}  // namespace triune::sim
