# SPDX-License-Identifier: Apache-2.0
# Debian packages, made by cpack: what programs run with, what they are built with, and the rewriter.
#   libtriune0     the shared core and the shared facades
#   libtriune-dev  headers, static libraries, the CMake package, pkg-config
#   triune-migrate the rewriter, its manual page, what shells read
set(CPACK_PACKAGE_CONTACT "The maintainers of Triune <triune@localhost>" CACHE STRING "Who packages it: name and address")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME triune)
set(CPACK_PACKAGE_VENDOR Triune)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The facades' library may need the core's, which is in the same package.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/core")

# Files that a package has by Debian's rules and a plain installation has not.
function(triune_package component name section summary)
  set(in ${component})
  string(TOUPPER ${component} component)
  set(CPACK_DEBIAN_${component}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${component}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_COMPONENT_${component}_DESCRIPTION "${summary}" PARENT_SCOPE)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} RENAME copyright
    COMPONENT ${in} EXCLUDE_FROM_ALL)
endfunction()

set(triune_runtime_package libtriune${PROJECT_VERSION_MAJOR})
triune_package(runtime ${triune_runtime_package} libs "One manager of GPU memory, shared libraries")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Says to other packages which of ours a program needs that is linked with its libraries.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")

triune_package(development libtriune-dev libdevel "One manager of GPU memory, headers and static libraries")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS python3)  # runs triune-snapshot
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "${triune_runtime_package} (= ${PROJECT_VERSION}), libboost-dev (>= 1.74) | libboost1.81-dev | libboost1.83-dev")

if(TARGET triune-migrate)
  list(APPEND CPACK_COMPONENTS_ALL migrate)
  triune_package(migrate triune-migrate devel "Moves code from legacy GPU memory modules to triune")
  # It parses with the headers of the Clang in it, and edited units include ours.
  set(CPACK_DEBIAN_MIGRATE_PACKAGE_DEPENDS
    "libtriune-dev (= ${PROJECT_VERSION}), libclang-common-${LLVM_VERSION_MAJOR}-dev")
endif()
include(CPack)
