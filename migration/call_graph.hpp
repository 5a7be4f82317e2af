// What a place in the program can reach by calls, as far as the units that were read tell.
#pragma once

#include "facts.hpp"

namespace migrate {

struct reached {
    std::set<groups::key> throwing;   // legacy uses that can throw CudaException
    std::set<std::string> downloads;  // what a legacy call there may start or finish to download
    bool legacy = false;              // a source of CudaException that stays
    bool unknown = false;             // calls of what was not read: then everything above is the whole program's
};

// `start` is a key of facts::calls.
reached reach(const facts& found, const std::string& start);

}  // namespace migrate
