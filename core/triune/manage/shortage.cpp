// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/shortage.hpp>

#include <utility>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/recording.hpp>

namespace triune {

void Shortage::note(ManagerCore& core, const TrackedAllocation& whose, std::size_t bytes) {
    core_ = core.shared_from_this();
    whose_ = &whose;
    bytes_ = bytes;
    if (recorder::is_on()) recording::failed(core, whose, bytes);
}

// What is held goes with the next note at the latest, or with this.
bool Shortage::ask() { return core_ && std::exchange(core_, nullptr)->ask_failure_hook(bytes_); }

}  // namespace triune
