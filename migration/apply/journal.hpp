// SPDX-License-Identifier: Apache-2.0
// What --fix wrote, so that --undo can take it back, and so that a run that was killed half-way can be.
//
// Note [Journal]
// A run keeps BUILD/.triune-migrate/N/: the old bytes of each file it changes (0, 1, ...), then `journal`, which names
// files, old and new digests. `journal` appears by a rename once all of that is on disk; only then is the first source
// file replaced, each by a rename of its own. `done` appears behind the last. So at any instant a file holds its old or
// its new bytes, and a journal that could restore it exists before it changes. A folder without `journal` was never
// acted upon. Undo asks no state: a file that holds the new bytes gets the old ones, one that holds the old ones is
// left, any other was changed by somebody and is left and reported.
#pragma once

#include <string>
#include <vector>

namespace migrate {

struct Replacement {
    std::string path;  // real
    std::string before;
    std::string after;
};

struct Undone {
    std::vector<std::string> restored;  // paths
    std::vector<std::string> problems;
    bool found = false;  // there was a run to take back
};

class Journal {
  public:
    // `roots`: the real folders that may be restored to. A journal may have come with somebody else's project.
    Journal(const std::string& build_directory, std::vector<std::string> roots);

    // Why the folder of journals cannot be trusted; empty where it can, or is not there.
    std::string distrust() const;
    // Takes a run back that was killed before its end; finds nothing in the ordinary case.
    Undone recover();
    // Writes all files. Where one cannot be written those before it are restored. Empty on success.
    std::vector<std::string> write(const std::vector<Replacement>& files);
    // Takes the last run back, whole or not, and forgets it unless something stood in the way.
    Undone undo();

  private:
    // The number of the newest run with a journal; 0 where there is none.
    unsigned newest() const;
    std::string folder(unsigned run) const;
    void forget(unsigned run) const;
    Undone take_back(unsigned run) const;

    std::string root_;
    std::vector<std::string> project_;
};

}  // namespace migrate
