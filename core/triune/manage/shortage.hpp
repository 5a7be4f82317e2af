// SPDX-License-Identifier: Apache-2.0
// What a call lacks when memory has run out, and the loop that asks the manager's failure hook about it.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <memory>

#include <triune/base/error.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

class ManagerCore;

// Note [Asking the hook]
// The hook is asked between two attempts and never inside one: an attempt that runs out notes what it lacks, undoes all
// it has done and unlocks all it has locked. So the hook, which may use the manager and all its buffers, meets no lock
// of the library. What it may free meanwhile, the manager's core and the allocation concerned, is held here.
class Shortage {
  public:
    // Runs `attempt(shortage)`; where that throws limit_exceeded or out_of_memory, has noted what it lacks, and the
    // failure hook says so, again.
    template <typename Attempt>
    static decltype(auto) retry(Attempt&& attempt) {
        for (Shortage shortage;;) {
            try {
                return attempt(shortage);
            } catch (const limit_exceeded&) {
                if (!shortage.ask()) throw;
            } catch (const out_of_memory&) {
                if (!shortage.ask()) throw;
            }
        }
    }

    // `bytes` more were wanted for `whose`, which still has an owner and is of `core`. While the failure is handled.
    void note(ManagerCore& core, const TrackedAllocation& whose, std::size_t bytes);

  private:
    bool ask();

    std::shared_ptr<ManagerCore> core_;
    boost::intrusive_ptr<const TrackedAllocation> whose_;
    std::size_t bytes_ = 0;
};

}  // namespace triune
