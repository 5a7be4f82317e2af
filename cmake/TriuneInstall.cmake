# SPDX-License-Identifier: Apache-2.0
# Install and export: find_package(triune) gives triune::core, triune::compat, their shared libraries and
# triune_track_migration(); the rewriter goes to bin with its own directory's rules.
include(CMakePackageConfigHelpers)

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
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(EXPORT ${export} NAMESPACE triune:: FILE ${export}Targets.cmake DESTINATION ${triune_package_dir})
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
# Without the backend's own, which need the toolkit; nothing outside of them includes them.
install(DIRECTORY core/triune DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp" PATTERN "device/cuda" EXCLUDE)
if(TARGET triune_compat)
  # The facades keep their old paths (utils/..., gpu/...), in a folder of their own: those names are too common for the
  # top of a shared include directory.
  target_include_directories(triune_compat INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/triune-compat>)
  install(DIRECTORY compat/utils compat/gpu compat/triune DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/triune-compat
    FILES_MATCHING PATTERN "*.hpp")
endif()

configure_package_config_file(cmake/triuneConfig.cmake.in "${PROJECT_BINARY_DIR}/triuneConfig.cmake"
  INSTALL_DESTINATION ${triune_package_dir})
# Before 1.0 a minor version may change what users compile against.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/triuneConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/triuneConfig.cmake"
  "${PROJECT_BINARY_DIR}/triuneConfigVersion.cmake"
  cmake/TriuneTrackMigration.cmake
  DESTINATION ${triune_package_dir})
