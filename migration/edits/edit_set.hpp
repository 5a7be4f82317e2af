// SPDX-License-Identifier: Apache-2.0
// The edits of one run: collected from every unit, deduplicated, checked for overlap, applied to raw bytes.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "edits/groups.hpp"

namespace migrate {

struct Edit {
    std::string file;  // real path
    unsigned offset = 0;
    unsigned length = 0;
    std::string text;
    // Where set, the text is followed by what another range of the file has become.
    unsigned moved_offset = 0;
    unsigned moved_length = 0;
    Groups::Key group = 0;
    // Among insertions at one place: outer beginnings first, inner endings first.
    int order = 0;
    // What stands there instead where a place that stays needs the class `stand_in_for` to keep its old names.
    std::string stand_in = {};
    std::string stand_in_for = {};

    unsigned end() const { return offset + length; }
    auto operator<=>(const Edit&) const = default;
};

class EditSet {
  public:
    void add(const Edit& wanted);

    // Blocks every group that has two different edits at one place, or edits that cross.
    void block_conflicts(Groups& together) const;

    // The edits of a file whose group may go, in the order in which they are applied.
    std::vector<Edit> accepted(const std::string& file, const Groups& together) const;
    std::vector<std::string> files() const;
    const std::map<std::string, std::vector<Edit>>& all() const { return edits_; }

  private:
    // Places first: the files' names are long and mostly begin alike.
    struct ByPlace {
        bool operator()(const Edit& left, const Edit& right) const {
            return left.offset != right.offset ? left.offset < right.offset : left < right;
        }
    };

    std::map<std::string, std::vector<Edit>> edits_;
    std::set<Edit, ByPlace> known_;
};

struct AppliedEdit {
    unsigned old_offset, old_end, new_offset, new_end;
    Groups::Key group;
};

struct AppliedText {
    std::string text;
    std::vector<AppliedEdit> edits;  // in order
};

// `edits` sorted, as `accepted` gives them. Edits inside a moved range are carried along with it.
AppliedText apply_edits(const std::string& original, const std::vector<Edit>& edits);

}  // namespace migrate
