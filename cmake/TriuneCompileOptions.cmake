# SPDX-License-Identifier: Apache-2.0
# The options that everything in this project is compiled with, as one interface target.
add_library(triune_options INTERFACE)
target_compile_features(triune_options INTERFACE cxx_std_20)
target_compile_options(triune_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wconversion -Wshadow>
  # At -O3 g++ 12 warns of std::string's own concatenation (GCC bug 105329).
  $<$<AND:$<CONFIG:Release>,$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # clang takes what libstdc++ 12 calls inside std::stable_sort for a use of ours.
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-deprecated-declarations>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${TRIUNE_WARNINGS_AS_ERRORS}>>:-Werror>)
if(TRIUNE_SANITIZE)
  add_compile_options(-fsanitize=${TRIUNE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TRIUNE_SANITIZE})
  # As g++ says it; clang itself from 22 on.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 22)
    if(TRIUNE_SANITIZE MATCHES "address")
      add_compile_definitions(__SANITIZE_ADDRESS__=1)
    elseif(TRIUNE_SANITIZE MATCHES "thread")
      add_compile_definitions(__SANITIZE_THREAD__=1)
    endif()
  endif()
endif()
# See Note [Nothing waits under a lock] in core/triune/detail/base/held_locks.hpp.
if(TRIUNE_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_definitions(TRIUNE_CHECK_LOCKS)
endif()
