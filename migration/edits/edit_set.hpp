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

// In the text of an edit: where `triune::` goes, unless a using-directive makes it unnecessary there.
inline constexpr char scope_mark = '\x01';

struct edit {
    std::string file;  // real path
    unsigned offset = 0;
    unsigned length = 0;
    std::string text;
    // Where set, the text is followed by what another range of the file has become.
    unsigned moved_offset = 0;
    unsigned moved_length = 0;
    groups::key group = 0;
    // Among insertions at one place: outer beginnings first, inner endings first.
    int order = 0;
    // What stands there instead where a place that stays needs the class `stand_in_for` to keep its old names.
    std::string stand_in = {};
    std::string stand_in_for = {};

    unsigned end() const { return offset + length; }
    auto operator<=>(const edit&) const = default;
};

class edit_set {
  public:
    void add(const edit& wanted);

    // Blocks every group that has two different edits at one place, or edits that cross.
    void block_conflicts(groups& together) const;

    // The edits of a file whose group may go, in the order in which they are applied.
    std::vector<edit> accepted(const std::string& file, const groups& together) const;
    std::vector<std::string> files() const;
    const std::map<std::string, std::vector<edit>>& all() const { return edits_; }

  private:
    // Places first: the files' names are long and mostly begin alike.
    struct by_place {
        bool operator()(const edit& left, const edit& right) const {
            return left.offset != right.offset ? left.offset < right.offset : left < right;
        }
    };

    std::map<std::string, std::vector<edit>> edits_;
    std::set<edit, by_place> known_;
};

struct applied_edit {
    unsigned old_offset, old_end, new_offset, new_end;
    groups::key group;
};

struct applied_text {
    std::string text;
    std::vector<applied_edit> edits;  // in order
};

// `edits` sorted, as `accepted` gives them. Edits inside a moved range are carried along with it.
applied_text apply_edits(const std::string& original, const std::vector<edit>& edits);

}  // namespace migrate
