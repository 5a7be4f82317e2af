# SPDX-License-Identifier: Apache-2.0
# Run by `cmake --install`, see TriuneInstall.cmake: the headers of `triune_core_dir` that users include, and those that
# they lead to, go to `triune_include_dir`. All else in triune/detail/ is for the library's own sources alone. It reads
# the includes as they are now; a configuration may be older than an edit.
cmake_policy(PUSH)
cmake_policy(VERSION 3.25)
file(GLOB_RECURSE triune_installed RELATIVE "${triune_core_dir}" "${triune_core_dir}/triune/*.hpp")
list(FILTER triune_installed EXCLUDE REGEX "^triune/detail/")
set(triune_unread ${triune_installed})
while(triune_unread)
  list(POP_FRONT triune_unread header)
  file(STRINGS "${triune_core_dir}/${header}" lines REGEX "^ *# *include *<triune/")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^[^<]*<([^>]+)>.*$" "\\1" included "${line}")
    if(NOT included IN_LIST triune_installed)
      list(APPEND triune_installed "${included}")
      list(APPEND triune_unread "${included}")
    endif()
  endforeach()
endwhile()

cmake_path(ABSOLUTE_PATH triune_include_dir BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")
foreach(header IN LISTS triune_installed)
  cmake_path(GET header PARENT_PATH folder)
  file(INSTALL DESTINATION "${triune_include_dir}/${folder}" TYPE FILE FILES "${triune_core_dir}/${header}")
endforeach()
cmake_policy(POP)
