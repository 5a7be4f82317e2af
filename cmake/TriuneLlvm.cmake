# SPDX-License-Identifier: Apache-2.0
# The LLVM that triune-migrate is built with: sets Clang_FOUND and what Clang's own package sets with it.
set(TRIUNE_LLVM_VERSION "" CACHE STRING
  "Major version of the LLVM in /usr/lib/llvm-<version> to build triune-migrate with; empty: the oldest that serves, 19 or newer")

set(triune_llvm_versions ${TRIUNE_LLVM_VERSION})
if(NOT triune_llvm_versions)
  set(triune_llvm_versions 19 20 21 22)
elseif(NOT Clang_DIR STREQUAL "/usr/lib/llvm-${TRIUNE_LLVM_VERSION}/lib/cmake/clang")
  unset(Clang_DIR CACHE)  # what an earlier run in this build folder found
endif()
if(Clang_DIR)  # named by who configures, or found before
  find_package(Clang QUIET CONFIG)
endif()
foreach(version IN LISTS triune_llvm_versions)
  # Distributions install the CMake files of a version without its headers. No version is asked of find_package, because
  # Clang's own version file accepts none but its full number.
  if(NOT Clang_FOUND AND EXISTS /usr/lib/llvm-${version}/include/clang/AST/ASTContext.h)
    find_package(Clang QUIET CONFIG PATHS /usr/lib/llvm-${version}/lib/cmake/clang NO_DEFAULT_PATH)
  endif()
endforeach()
if(TRIUNE_LLVM_VERSION AND NOT Clang_FOUND)
  message(FATAL_ERROR "no LLVM ${TRIUNE_LLVM_VERSION} with Clang's headers in /usr/lib/llvm-${TRIUNE_LLVM_VERSION} "
    "(packages llvm-${TRIUNE_LLVM_VERSION}-dev and libclang-${TRIUNE_LLVM_VERSION}-dev)")
endif()
