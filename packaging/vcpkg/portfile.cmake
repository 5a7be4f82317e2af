# SPDX-License-Identifier: Apache-2.0
# Triune for vcpkg: `vcpkg install triune --overlay-ports=packaging/vcpkg` in a clone. The sources are those of the clone.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS features
  FEATURES
    compat TRIUNE_COMPAT
    cuda TRIUNE_CUDA)

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    ${features}
    -DTRIUNE_MIGRATION=OFF
    -DTRIUNE_TESTS=OFF
    -DTRIUNE_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME triune CONFIG_PATH lib/cmake/triune)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
