# wright_lab_test(NAME name [LANE 1|2|3] COMMAND command...): a test on hosts of a lab.
#
# There are three labs, each with one test at a time: lane 1 (the default; two hosts, host1 and host2), lanes 2 and 3 (host1).
# ctest boots a lab before the first of its tests and ends it after the last. In the test's environment WRIGHT_LAB is the
# lab's name and WRIGHT_LAB_TOOL the program tests/lab/lab. A test resets what it changed, or starts with `lab reset`. A lab of its own is named "${WRIGHT_LAB}-something", so that an interrupted run still ends it.
include_guard(DIRECTORY)

# tests/run makes the same name.
string(MD5 WRIGHT_LAB_NAME "${CMAKE_BINARY_DIR}")
string(SUBSTRING ${WRIGHT_LAB_NAME} 0 6 WRIGHT_LAB_NAME)
set(WRIGHT_LAB_NAME "test-${WRIGHT_LAB_NAME}")
set(WRIGHT_LAB_TOOL ${CMAKE_SOURCE_DIR}/tests/lab/lab)

function(wright_lab_test)
  cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME;LANE;TIMEOUT" "COMMAND")
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT 300)
  endif()
  set(lane "")
  if(test_LANE GREATER 1)
    set(lane -${test_LANE})
  endif()
  add_test(NAME ${test_NAME} COMMAND ${test_COMMAND})
  set_tests_properties(${test_NAME} PROPERTIES LABELS lab FIXTURES_REQUIRED lab${lane} RESOURCE_LOCK lab${lane}
    TIMEOUT ${test_TIMEOUT} ENVIRONMENT "WRIGHT_LAB=${WRIGHT_LAB_NAME}${lane};WRIGHT_LAB_TOOL=${WRIGHT_LAB_TOOL}")
endfunction()
