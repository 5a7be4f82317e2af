# SPDX-License-Identifier: Apache-2.0
# triune_track_migration(<target> [ERROR])
#
# Makes every use of a legacy class or function in <target> a warning, or with ERROR an error: legacy headers mark what
# they declare [[deprecated]], and the message says what to use and how to rewrite it. A team turns ERROR on for a target
# once it is migrated, so that nothing legacy comes back. C++ by g++ and clang, CUDA by nvcc and clang.
function(triune_track_migration target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ERROR" "" "")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "triune_track_migration: unknown argument '${arg_UNPARSED_ARGUMENTS}' (ERROR or none)")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "triune_track_migration: '${target}' is not a target")
  endif()

  set(option -Wdeprecated-declarations)
  set(nvcc_option -Xcompiler=-Wdeprecated-declarations)
  if(arg_ERROR)
    set(option -Werror=deprecated-declarations)
    set(nvcc_option --Werror=deprecated-declarations)  # nvcc hands it on to the host compiler
  endif()
  get_target_property(type ${target} TYPE)
  set(scope PRIVATE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(scope INTERFACE)
  endif()
  target_compile_options(${target} ${scope}
    "$<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>:${option}>"
    "$<$<COMPILE_LANG_AND_ID:CUDA,Clang>:${option}>"
    "$<$<COMPILE_LANG_AND_ID:CUDA,NVIDIA>:${nvcc_option}>")
endfunction()
