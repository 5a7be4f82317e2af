# Runs PROGRAM, linked with the legacy shared library LEGACY_NAME, as it is and with LIBRARY in that one's place: found first
# under its name, and preloaded. Fails unless it prints the same, or where the replacement was not used.
string(REPLACE "," ";" CLIENTS "${CLIENTS}")
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
file(CREATE_LINK ${LIBRARY} ${WORK}/${LEGACY_NAME} SYMBOLIC)
foreach(client IN LISTS CLIENTS)
  execute_process(COMMAND ${PROGRAM} ${client} OUTPUT_VARIABLE expected ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${PROGRAM} ${client} failed: ${failed}")
  endif()
  foreach(how "LD_LIBRARY_PATH=${WORK}" "LD_PRELOAD=${LIBRARY}")
    # An unknown device is refused by the replacement alone: so it is the one that runs.
    execute_process(COMMAND ${CMAKE_COMMAND} -E env ${how} TRIUNE_DEVICE=none ${PROGRAM} ${client}
      OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE refused)
    if(NOT refused)
      message(FATAL_ERROR "${how}: the legacy library still answers")
    endif()
    execute_process(COMMAND ${CMAKE_COMMAND} -E env ${how} ${PROGRAM} ${client}
      OUTPUT_VARIABLE output ERROR_VARIABLE said RESULT_VARIABLE failed)
    if(failed OR NOT output STREQUAL expected)
      message(FATAL_ERROR "${how}: ${client} (${failed}) printed\n${output}\n${said}\n--- and not\n${expected}")
    endif()
  endforeach()
endforeach()
