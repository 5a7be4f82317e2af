# Test code runs once: the time goes into compiling it. What it tests is optimised as ever.
set(triune_test_code_options -O0 -g1)

# triune_add_tests(triune_<layer>_tests
#   SOURCES <name>_test.cpp ... other.cpp ...  # each <name>_test.cpp holds one Boost.Test suite called <name>
#   LIBRARIES <target> ...
#   [LABELS <label> ...]
#   [SUITE_PREFIX <text>])                     # where the suites lie inside others: "*/"
# Builds one program and registers each of its suites with ctest as <layer>.<name>. A suite that is not in the program
# fails there: Boost.Test refuses a filter that matches nothing.

function(triune_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SUITE_PREFIX" "SOURCES;LIBRARIES;LABELS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES OR NOT name MATCHES "^triune_(.+)_tests$")
    message(FATAL_ERROR "triune_add_tests(${name}): needs a name triune_<layer>_tests and SOURCES; "
      "cannot use '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  set(layer ${CMAKE_MATCH_1})

  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE triune_test_main triune_options ${arg_LIBRARIES})
  target_compile_options(${name} PRIVATE ${triune_test_code_options})
  target_precompile_headers(${name} REUSE_FROM triune_test_main)

  foreach(source IN LISTS arg_SOURCES)
    get_filename_component(stem ${source} NAME_WE)
    if(NOT stem MATCHES "^(.+)_test$")
      continue()
    endif()
    set(suite ${CMAKE_MATCH_1})
    # The current device is never closed, so its streams' threads are there at exit.
    add_test(NAME ${layer}.${suite} COMMAND ${name} --run_test=${arg_SUITE_PREFIX}${suite})
    set_tests_properties(${layer}.${suite} PROPERTIES
      LABELS "${layer};${arg_LABELS}" TIMEOUT 300 ENVIRONMENT "TRIUNE_DEVICE=sim;TSAN_OPTIONS=report_thread_leaks=0")
  endforeach()
endfunction()
