# wright_add_plugin(NAME SOURCES ... [TEMPLATES ...] [OUTPUT_NAME ...])
# A plugin NAME.so that exports the entry symbol and nothing else. With TEMPLATES, #include <templates/NAME.hpp> has each
# file as templates::name_of_file. The plugin goes to WRIGHT_PLUGIN_DIRECTORY when that is set, and with `cmake --install` to
# WRIGHT_PLUGIN_INSTALL_DIRECTORY.
function(wright_add_plugin name)
  cmake_parse_arguments(ARG "" "OUTPUT_NAME" "SOURCES;TEMPLATES" ${ARGN})
  if(NOT ARG_SOURCES OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "wright_add_plugin(${name}): SOURCES and optionally TEMPLATES were expected")
  endif()
  if(NOT ARG_OUTPUT_NAME)
    set(ARG_OUTPUT_NAME ${name})
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME ${ARG_OUTPUT_NAME}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_libraries(${name} PRIVATE wright::sdk $<TARGET_NAME_IF_EXISTS:wright_flags>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map -Wl,-z,relro,-z,now)
  # With a sanitizer, its runtime is in the program that loads the plugin.
  if(NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
  if(WRIGHT_PLUGIN_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${WRIGHT_PLUGIN_DIRECTORY})
  endif()
  if(ARG_TEMPLATES)
    set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded-${name}/templates/${ARG_OUTPUT_NAME}.hpp)
    list(TRANSFORM ARG_TEMPLATES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
    add_custom_command(OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -DOUT=${header} "-DFILES=${ARG_TEMPLATES}" -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/WrightEmbed.cmake
      DEPENDS ${ARG_TEMPLATES} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/WrightEmbed.cmake
      COMMENT "Embedding the templates of ${name}" VERBATIM)
    target_sources(${name} PRIVATE ${header})
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded-${name})
  endif()
  if(WRIGHT_PLUGIN_INSTALL_DIRECTORY)
    install(TARGETS ${name} LIBRARY DESTINATION ${WRIGHT_PLUGIN_INSTALL_DIRECTORY})
  endif()
endfunction()
