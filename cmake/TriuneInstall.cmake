# SPDX-License-Identifier: Apache-2.0
# Install and export: find_package(triune) gives triune::core, triune::compat, their shared libraries and
# triune_track_migration(); the rewriter goes to bin with its own directory's rules. The components are those of the
# packages: runtime, development and migrate.
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)

set(triune_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/triune")

# Three sets, by what a user must have: for the shared facades nothing, for the shared core Boost's headers, for the static
# libraries the CUDA runtime too, where they are built with it.
set(triune_core_exported core)
set(triune_core_shared_exported core_shared)
if(BUILD_SHARED_LIBS)
  set(triune_core_exported core_static)
  set(triune_core_shared_exported core)
endif()
set_target_properties(triune_core PROPERTIES EXPORT_NAME ${triune_core_exported})
set_target_properties(triune_core_shared PROPERTIES EXPORT_NAME ${triune_core_shared_exported})

# The package finds its own static CUDA runtime: an absolute path of the building machine would not travel.
if(TRIUNE_CUDA_FOUND)
  target_link_libraries(triune_core INTERFACE $<INSTALL_INTERFACE:CUDA::cudart_static>)
endif()

# Builds every library that is installed: what `cmake --install` needs, beside the rewriter.
add_custom_target(triune_installed)
function(triune_install export)
  add_dependencies(triune_installed ${ARGN})
  install(TARGETS ${ARGN} EXPORT ${export}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
  install(EXPORT ${export} NAMESPACE triune:: FILE ${export}Targets.cmake DESTINATION ${triune_package_dir}
    COMPONENT development)
endfunction()
triune_install(triuneShared triune_headers triune_core_shared)
if(TARGET triune_compat)
  triune_install(triuneStatic triune_core triune_compat)
  triune_install(triuneSharedFacades triune_compat_shared)
else()
  triune_install(triuneStatic triune_core)
endif()
if(TARGET triune_c)
  triune_install(triuneC triune_c)
  install(FILES c/triune.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
# Those of the core: what users include and what that leads to.
install(CODE "set(triune_core_dir \"${PROJECT_SOURCE_DIR}/core\")
  set(triune_include_dir \"${CMAKE_INSTALL_INCLUDEDIR}\")" COMPONENT development)
install(SCRIPT cmake/TriuneInstallHeaders.cmake COMPONENT development)
if(TARGET triune_compat)
  # The facades keep their old paths (utils/..., gpu/...), in a folder of their own: those names are too common for the
  # top of a shared include directory.
  target_include_directories(triune_compat INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/triune-compat>)
  install(DIRECTORY compat/utils compat/gpu compat/triune DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/triune-compat
    COMPONENT development FILES_MATCHING PATTERN "*.hpp")
endif()

configure_package_config_file(cmake/triuneConfig.cmake.in "${PROJECT_BINARY_DIR}/triuneConfig.cmake"
  INSTALL_DESTINATION ${triune_package_dir})
# Before 1.0 a minor version may change what users compile against.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/triuneConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/triuneConfig.cmake"
  "${PROJECT_BINARY_DIR}/triuneConfigVersion.cmake"
  cmake/TriuneTrackMigration.cmake
  DESTINATION ${triune_package_dir} COMPONENT development)

# For builds without CMake. Each file finds its prefix from where it lies, so that an installed tree may be moved.
set(triune_pc_dir "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH triune_pc_prefix "${triune_pc_dir}" "${CMAKE_INSTALL_PREFIX}")
file(RELATIVE_PATH triune_pc_include "${triune_pc_dir}" "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
set(triune_pc_cuda_variable "")
set(triune_pc_cuda_libs "")
if(TRIUNE_CUDA_FOUND)
  get_filename_component(triune_pc_cuda_dir "${CUDA_cudart_static_LIBRARY}" DIRECTORY)
  set(triune_pc_cuda_variable "cudalibdir=${triune_pc_cuda_dir}\n")
  set(triune_pc_cuda_libs "-L\${cudalibdir} -lcudart_static -lrt ")
endif()
set(triune_pc_compat_libs "")
if(BUILD_SHARED_LIBS)
  set(triune_pc_compat_libs "-ltriune ")
endif()
set(triune_pc_names triune triune-static)
if(TARGET triune_compat)
  list(APPEND triune_pc_names triune-compat)
endif()
foreach(name IN LISTS triune_pc_names)
  configure_file(packaging/pkgconfig/${name}.pc.in "${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT development)
endforeach()

# Looks into snapshots and recordings; needs Python alone.
install(PROGRAMS tools/snapshot/triune-snapshot DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT development)
install(DIRECTORY tools/snapshot/triune_snapshot DESTINATION ${CMAKE_INSTALL_DATADIR}/triune COMPONENT development
  FILES_MATCHING PATTERN "*.py" PATTERN "*.html" PATTERN "*.css" PATTERN "*.js")
install(FILES docs/schemas/memory-snapshot.json DESTINATION ${CMAKE_INSTALL_DATADIR}/triune/triune_snapshot
  COMPONENT development)

# It writes its own manual page and what shells read.
find_package(Python3 QUIET COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND)
  set(written ${PROJECT_BINARY_DIR}/triune-snapshot-written)
  function(triune_snapshot_writes file folder)
    execute_process(COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/tools/snapshot/triune-snapshot ${ARGN}
      OUTPUT_FILE ${written}/${file} COMMAND_ERROR_IS_FATAL ANY)
    install(FILES ${written}/${file} DESTINATION ${folder} COMPONENT development)
  endfunction()
  file(MAKE_DIRECTORY ${written})
  file(GLOB triune_snapshot_sources CONFIGURE_DEPENDS tools/snapshot/triune_snapshot/*.py)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${triune_snapshot_sources})
  triune_snapshot_writes(triune-snapshot.1 ${CMAKE_INSTALL_MANDIR}/man1 --man)
  triune_snapshot_writes(triune-snapshot ${CMAKE_INSTALL_DATADIR}/bash-completion/completions --completion bash)
  triune_snapshot_writes(_triune-snapshot ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions --completion zsh)
  triune_snapshot_writes(triune-snapshot.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d --completion fish)
endif()

if(PROJECT_IS_TOP_LEVEL)
  include(TriunePackages)
endif()
