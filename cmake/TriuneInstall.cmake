# Install and export: find_package(triune) gives triune::core, triune::compat and triune_track_migration(); the rewriter
# goes to bin with its own directory's rules.
include(CMakePackageConfigHelpers)

set(triune_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/triune")
set(triune_exported triune_core)
if(TARGET triune_compat)
  list(APPEND triune_exported triune_compat triune_compat_shared)
endif()

# The package finds its own static CUDA runtime: an absolute path of the building machine would not travel.
if(TRIUNE_CUDA_FOUND)
  target_link_libraries(triune_core INTERFACE $<INSTALL_INTERFACE:CUDA::cudart_static>)
endif()

install(TARGETS ${triune_exported} EXPORT triune
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Without the headers that need the toolkit; nothing outside device/cuda includes them.
install(DIRECTORY core/triune DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp" PATTERN "driver.hpp" EXCLUDE PATTERN "current_context.hpp" EXCLUDE PATTERN "gather.hpp" EXCLUDE)
if(TARGET triune_compat)
  # The facades keep their old paths (utils/..., gpu/...), in a folder of their own: those names are too common for the
  # top of a shared include directory.
  target_include_directories(triune_compat INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/triune-compat>)
  install(DIRECTORY compat/utils compat/gpu compat/triune DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/triune-compat
    FILES_MATCHING PATTERN "*.hpp")
endif()

install(EXPORT triune NAMESPACE triune:: FILE triuneTargets.cmake DESTINATION ${triune_package_dir})
configure_package_config_file(cmake/triuneConfig.cmake.in "${PROJECT_BINARY_DIR}/triuneConfig.cmake"
  INSTALL_DESTINATION ${triune_package_dir})
# Before 1.0 a minor version may change what users compile against.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/triuneConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/triuneConfig.cmake"
  "${PROJECT_BINARY_DIR}/triuneConfigVersion.cmake"
  cmake/TriuneTrackMigration.cmake
  DESTINATION ${triune_package_dir})
