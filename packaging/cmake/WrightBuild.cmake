# How every target of this tree is built: one place for the language level, warnings and hardening.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The build tree looks like an installed one: bin/wright finds ../lib/wright/plugins.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(WRIGHT_LIBRARY_DIRECTORY ${CMAKE_BINARY_DIR}/lib/wright)
set(WRIGHT_PLUGIN_DIRECTORY ${WRIGHT_LIBRARY_DIRECTORY}/plugins)

find_program(WRIGHT_CCACHE ccache)
if(WRIGHT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${WRIGHT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WRIGHT_CCACHE})
endif()

add_library(wright_flags INTERFACE)
target_compile_options(wright_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow "$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Woverloaded-virtual>"
  -fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees restrict and overlap problems inside its own <string> at -O2 (GCC bug 105651).
  # Its -Wmaybe-uninitialized takes the other members of a moved std::variant for read (105562, 80635).
  target_compile_options(wright_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
target_compile_definitions(wright_flags INTERFACE _GLIBCXX_ASSERTIONS)

# wright_library(NAME SOURCES ... [DEPENDS ...] [PRIVATE ...])
# A static library of one core folder. DEPENDS are the folders its headers use; PRIVATE what only its .cpp files use.
function(wright_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/core)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE wright_flags ${ARG_PRIVATE})
endfunction()

# wright_unit_test(NAME SOURCES ... LIBRARIES ...): one GoogleTest program, each of its tests an entry of ctest.
function(wright_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} wright_flags GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120 LABELS unit)
endfunction()
