// SPDX-License-Identifier: Apache-2.0
// Where a program calls the library.
#pragma once

#include <source_location>
#include <string>

namespace triune {

// The last parameter of every function that can throw, so that errors name the line of the program which called. Refers
// to texts of the program or library that called, and is good for as long as that is loaded.
using CallSite = std::source_location;

// "main.cpp:12": the file without its folders.
std::string place_text(const CallSite& where);

}  // namespace triune
