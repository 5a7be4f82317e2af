# SPDX-License-Identifier: Apache-2.0
# Run by ctest (see CMakeLists.txt beside this file). Every step must succeed, except the build that must not.
set(ENV{DESTDIR} "")
file(REMOVE_RECURSE "${WORK_DIR}")
set(prefix "${WORK_DIR}/prefix")
set(build "${WORK_DIR}/build")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${status}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${prefix}")

# What another project includes must not reach into this one's sources or the toolkit.
file(GLOB_RECURSE headers "${prefix}/include/*.hpp")
if(NOT headers)
  message(FATAL_ERROR "no header was installed")
endif()
foreach(header IN LISTS headers)
  file(STRINGS "${header}" cuda_includes REGEX "# *include *[<\"]cuda[a-z_]*[.]h")
  if(cuda_includes)
    message(FATAL_ERROR "${header} includes a CUDA header: ${cuda_includes}")
  endif()
endforeach()

set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=${SANITIZE}")
endif()
run("${CMAKE_COMMAND}" -S "${SOURCE_DIR}" -B "${build}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${prefix}"
  "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${flags}" -DWITH_COMPAT=${WITH_COMPAT} -DWITH_C=${WITH_C}
  "-DCCCL_DIRS=${CCCL_DIRS}")
run("${CMAKE_COMMAND}" --build "${build}")
run("${build}/first_program")
if(NOT output STREQUAL "5000 positions, the last is 0\n")
  message(FATAL_ERROR "first_program printed: ${output}")
endif()

run("${build}/first_program_shared")
if(NOT output STREQUAL "5000 positions, the last is 0\n")
  message(FATAL_ERROR "first_program_shared printed: ${output}")
endif()

# The tool that looks into recordings finds its parts.
file(WRITE "${WORK_DIR}/recording.jsonl" "{\"schema\":\"triune.recording\",\"version\":1}\n{\"end\":0,\"lost\":0}\n")
run("${prefix}/bin/triune-snapshot" page "${WORK_DIR}/recording.jsonl" --output "${WORK_DIR}/page.html")

# The shared core is one library under one name, and each of its symbols has a version.
file(GLOB shared_core "${prefix}/lib*/libtriune.so.*.*.*" "${prefix}/lib*/*/libtriune.so.*.*.*")
run(readelf -d --dyn-syms -W "${shared_core}")
if(NOT output MATCHES "SONAME[^\n]*libtriune[.]so[.][0-9]+\\]")
  message(FATAL_ERROR "${shared_core} has no name with a version")
endif()
string(REGEX MATCHALL "(GLOBAL|WEAK|UNIQUE) +DEFAULT +[0-9]+ [^\n]+" defined "${output}")
list(FILTER defined EXCLUDE REGEX "@@?TRIUNE_[0-9]+[.][0-9]+$|ABS TRIUNE_[0-9]+[.][0-9]+$")
if(defined)
  message(FATAL_ERROR "${shared_core} shows, without a version: ${defined}")
endif()

if(WITH_C)
  run("${build}/c_program")
endif()
run("${build}/pinned_vector")
if(NOT output STREQUAL "the last is 2.5\n")
  message(FATAL_ERROR "pinned_vector printed: ${output}")
endif()
if(CCCL_DIRS)
  run("${build}/pool_resource")
  if(NOT output STREQUAL "4096 bytes at most, 0 still out\n")
    message(FATAL_ERROR "pool_resource printed: ${output}")
  endif()
  run("${build}/thrust_vector")
  if(NOT output STREQUAL "the first is 999, 4000 bytes\n")
    message(FATAL_ERROR "thrust_vector printed: ${output}")
  endif()
endif()

# The README shows this very program.
file(READ "${README}" readme)
file(READ "${SOURCE_DIR}/first_program.cpp" program)
string(REPLACE "// SPDX-License-Identifier: Apache-2.0\n" "" program "${program}")
string(FIND "${readme}" "${program}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "the first program in ${README} is not ${SOURCE_DIR}/first_program.cpp")
endif()

if(WITH_COMPAT)
  # The shared facades want neither Boost nor a toolkit to be found; who asks for the core is told what it lacks.
  set(alone "${CMAKE_COMMAND}" -S "${FACADES_ALONE}" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${flags}")
  run(${alone} -B "${build}/alone" -DCOMPONENT=compat_shared)
  run("${CMAKE_COMMAND}" --build "${build}/alone")
  run("${build}/alone/legacy_program")
  execute_process(COMMAND ${alone} -B "${build}/lacking" -DCOMPONENT=core
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "for want of Boost")
    message(FATAL_ERROR "without Boost find_package(triune COMPONENTS core) said:\n${output}")
  endif()
  run("${build}/words_compat")
  run("${build}/words_compat_shared")
  run("${build}/legacy_program")
  execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" --target must_not_compile
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "deprecated")
    message(FATAL_ERROR "triune_track_migration(... ERROR) let a legacy class pass:\n${output}")
  endif()
endif()
