// SPDX-License-Identifier: Apache-2.0
// Which places stand or fall together: a union of keys. A key is a declaration, a site or a full expression, written as
// a string that is the same in every unit that sees it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace migrate {

class Groups {
  public:
    using Key = int;
    // One key as it stands: its name, the key that speaks for its group, and that one's reason.
    struct Entry {
        std::string name;
        Key root = 0;
        std::string reason;
    };

    Groups() = default;
    explicit Groups(const std::vector<Entry>& all);
    std::vector<Entry> members() const;  // by key

    Key of(const std::string& name);
    void unite(Key left, Key right);
    Key find(Key member) const;

    // The first reason given stays; it names the place that started it.
    void block(Key member, const std::string& reason);
    // Empty where the group may go.
    std::string why_blocked(Key member) const;

  private:
    std::map<std::string, Key> keys_;
    mutable std::vector<Key> parent_;
    std::vector<std::string> reason_;
};

}  // namespace migrate
