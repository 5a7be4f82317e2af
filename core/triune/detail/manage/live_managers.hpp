// SPDX-License-Identifier: Apache-2.0
// The managers of the process that are there.
#pragma once

#include <functional>
#include <string>

namespace triune {

class ManagerCore;

// Thread-safe. A manager is among them as long as its core is: until its last buffer has gone. Nothing is owned.
class LiveManagers {
  public:
    // A core's place among them. The last member of the core, so that all of it is there for as long as this is.
    class Entry {
      public:
        explicit Entry(const ManagerCore& core);
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        ~Entry();

      private:
        friend class LiveManagers;

        const ManagerCore& core_;
        const std::string device_;
        Entry* previous_ = nullptr;
        Entry* next_ = nullptr;
    };

    // Calls visit(core, name of its device) for each, the oldest first, under a lock: no manager comes or goes
    // meanwhile. The name is that of the beginning, since a manager that is never destroyed may outlive its device.
    static void for_each(const std::function<void(const ManagerCore& core, const std::string& device)>& visit);

  private:
    struct List;
    static List& list();
};

}  // namespace triune
