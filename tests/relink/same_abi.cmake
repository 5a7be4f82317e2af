# SPDX-License-Identifier: Apache-2.0
# Compares the symbols and the types of the two shared libraries; what their public headers do not show may differ.
find_program(abidiff abidiff)
if(NOT abidiff)
  message(NOTICE "skipped: no abidiff (package abigail-tools)")
  return()
endif()
execute_process(COMMAND ${abidiff} --headers-dir1 ${LEGACY_HEADERS} --headers-dir2 ${TRIUNE_HEADERS} --no-added-syms
    --drop-private-types --fail-no-debug-info ${LEGACY} ${TRIUNE}
  OUTPUT_VARIABLE report ERROR_VARIABLE said RESULT_VARIABLE status)
# The libraries' own names differ, which abidiff counts as a change: so its summaries decide. Bits 1 and 2 are its failures.
math(EXPR broken "${status} & 3")
if(broken OR NOT report MATCHES "Functions changes summary: 0 Removed, 0 Changed[ (,]"
    OR NOT report MATCHES "Variables changes summary: 0 Removed, 0 Changed[ (,]")
  message(FATAL_ERROR "abidiff: ${status}\n${report}${said}")
endif()
