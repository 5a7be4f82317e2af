# SPDX-License-Identifier: Apache-2.0
# Test code runs once: the time goes into compiling it. What it tests is optimised as ever.
set(triune_test_code_options -O0 -g1)

# triune_add_tests(triune_<layer>_tests
#   SOURCES <name>_test.cpp ... other.cpp ...  # each <name>_test.cpp holds one Boost.Test suite called <name>
#   LIBRARIES <target> ...
#   [LABELS <label> ...]
#   [SUITE_PREFIX <text>]                      # where the suites lie inside others: "*/"
#   [SIMULATED_ONLY <reason>])                 # why the program cannot run with a GPU as the current device
# Builds one program and registers each of its suites with ctest as <layer>.<name>. A suite that is not in the program
# fails there: Boost.Test refuses a filter that matches nothing. The whole program is registered once more, as
# gpu.<layer> with the label gpu: with TRIUNE_DEVICE=cuda, and skipped where there is no GPU (see test_main.cpp).

function(triune_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SUITE_PREFIX;SIMULATED_ONLY" "SOURCES;LIBRARIES;LABELS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES OR NOT name MATCHES "^triune_(.+)_tests$")
    message(FATAL_ERROR "triune_add_tests(${name}): needs a name triune_<layer>_tests and SOURCES; "
      "cannot use '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  set(layer ${CMAKE_MATCH_1})

  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE triune_test_main triune_options ${arg_LIBRARIES})
  target_compile_options(${name} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${triune_test_code_options}>")
  target_precompile_headers(${name} REUSE_FROM triune_test_main)

  foreach(source IN LISTS arg_SOURCES)
    get_filename_component(stem ${source} NAME_WE)  # of a .cpp or a .cu
    if(NOT stem MATCHES "^(.+)_test$")
      continue()
    endif()
    set(suite ${CMAKE_MATCH_1})
    # The current device is never closed, so its streams' threads are there at exit.
    add_test(NAME ${layer}.${suite} COMMAND ${name} --run_test=${arg_SUITE_PREFIX}${suite})
    set_tests_properties(${layer}.${suite} PROPERTIES
      LABELS "${layer};${arg_LABELS}" TIMEOUT 600 ENVIRONMENT "TRIUNE_DEVICE=sim;TSAN_OPTIONS=report_thread_leaks=0")
  endforeach()

  if(arg_SIMULATED_ONLY)
    target_compile_definitions(${name} PRIVATE TRIUNE_SIMULATED_ONLY="${arg_SIMULATED_ONLY}")
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/simulated_only.cpp)
  endif()
  if(NOT TRIUNE_SANITIZE AND NOT "gpu" IN_LIST arg_LABELS)  # there it is what its suites are already
    add_test(NAME gpu.${layer} COMMAND ${name})
    set_tests_properties(gpu.${layer} PROPERTIES
      LABELS gpu TIMEOUT 600 ENVIRONMENT "TRIUNE_DEVICE=cuda" SKIP_RETURN_CODE 77 RESOURCE_LOCK gpu)
  endif()
endfunction()
