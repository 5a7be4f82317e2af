// SPDX-License-Identifier: Apache-2.0
// What a parser said about a unit that it does not accept.
#pragma once

#include <string>
#include <vector>

namespace migrate {

struct ParseError {
    std::string file;  // real path, empty where the error has no place
    unsigned offset = 0;
    unsigned line = 0;
    std::string message;
    bool fatal = false;                   // nothing behind it was understood
    bool of_meaning = false;              // it parses, and means something else than before
    std::vector<std::string> parts = {};  // ... which these groups may be the cause of, by their keys
};

// How the parse of a unit ended, in a process that may have gone.
struct ParseOutcome {
    std::vector<ParseError> errors;
    bool readable = false;  // the syntax tree was read, but for declarations with errors in them
    bool skipped = false;   // nothing legacy is seen, so it was not parsed
};

}  // namespace migrate
