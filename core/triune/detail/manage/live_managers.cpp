// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/live_managers.hpp>

#include <mutex>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/manage/ended_managers.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

// Never destroyed: managers may be made and go after main.
struct LiveManagers::List {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    Entry* first = nullptr;
    Entry* last = nullptr;
    ForkGuard fork_guard{ForkGuard::Rank::device_table, *this};
};

LiveManagers::List& LiveManagers::list() {
    static List* const instance = new List;
    return *instance;
}

LiveManagers::Entry::Entry(const ManagerCore& core) : core_(core), device_(core.resources->device.properties().name) {
    List& all = list();
    const std::lock_guard lock(all.mutex);
    previous_ = all.last;
    (previous_ != nullptr ? previous_->next_ : all.first) = this;
    all.last = this;
}

// What the process may be asked for at its end is kept in the same step, so that a report has each manager once.
LiveManagers::Entry::~Entry() {
    List& all = list();
    const std::lock_guard lock(all.mutex);
    if (EndedManagers::are_kept()) EndedManagers::keep(core_, device_);
    (previous_ != nullptr ? previous_->next_ : all.first) = next_;
    (next_ != nullptr ? next_->previous_ : all.last) = previous_;
}

void LiveManagers::for_each(const std::function<void(const ManagerCore&, const std::string&)>& visit) {
    List& all = list();
    const std::lock_guard lock(all.mutex);
    for (const Entry* each = all.first; each != nullptr; each = each->next_) visit(each->core_, each->device_);
}

}  // namespace triune
