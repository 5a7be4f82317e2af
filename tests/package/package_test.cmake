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
  "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${flags}" -DWITH_COMPAT=${WITH_COMPAT})
run("${CMAKE_COMMAND}" --build "${build}")
run("${build}/first_program")
if(NOT output STREQUAL "5000 positions, the last is 0\n")
  message(FATAL_ERROR "first_program printed: ${output}")
endif()

# The README shows this very program.
file(READ "${README}" readme)
file(READ "${SOURCE_DIR}/first_program.cpp" program)
string(FIND "${readme}" "${program}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "the first program in ${README} is not ${SOURCE_DIR}/first_program.cpp")
endif()

if(WITH_COMPAT)
  run("${build}/legacy_program")
  execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" --target must_not_compile
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "deprecated")
    message(FATAL_ERROR "triune_track_migration(... ERROR) let a legacy class pass:\n${output}")
  endif()
endif()
