// SPDX-License-Identifier: Apache-2.0
// Types and places of callers, for as long as they are told of.
#pragma once

#include <source_location>
#include <typeinfo>

namespace triune {

// Note [Texts of code that goes]
// A type_info and the texts of a source_location lie in the library that made the call. A plugin may be unloaded while
// what it allocated lives on, and then they are gone, or something else lies there. So what is kept is a copy: one for
// equal texts, never freed, since records may outlive every manager. Nothing is copied of code that stays for as long as
// this copy of the core does: the program, the library that holds the core, and the C++ runtime.
// All of these are thread-safe, and throw std::bad_alloc.

// Whether what lies there stays for as long as this copy of the core. Null does.
bool stays_loaded(const void* address) noexcept;

// The type itself, or one that is equal to it, or has its name where it is of one unit alone (in an unnamed namespace).
const std::type_info* kept_type(const std::type_info* type);
// One that says the same; the unknown one where the compiler's source_location is not as expected.
std::source_location kept_place(const std::source_location& place);

// Whether no other unit can have this type: then only an equal address says that two are the same.
bool is_local_type(const std::type_info& type);

}  // namespace triune
