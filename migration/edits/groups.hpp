// SPDX-License-Identifier: Apache-2.0
// Which places stand or fall together: a union of keys. A key is a declaration, a site or a full expression, written as
// a string that is the same in every unit that sees it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace migrate {

class groups {
  public:
    using key = int;
    // One key as it stands: its name, the key that speaks for its group, and that one's reason.
    struct entry {
        std::string name;
        key root = 0;
        std::string reason;
    };

    groups() = default;
    explicit groups(const std::vector<entry>& all);
    std::vector<entry> members() const;  // by key

    key of(const std::string& name);
    void unite(key left, key right);
    key find(key member) const;

    // The first reason given stays; it names the place that started it.
    void block(key member, const std::string& reason);
    // Empty where the group may go.
    std::string why_blocked(key member) const;

  private:
    std::map<std::string, key> keys_;
    mutable std::vector<key> parent_;
    std::vector<std::string> reason_;
};

}  // namespace migrate
