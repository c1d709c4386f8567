# SPDX-License-Identifier: Apache-2.0
# FLOWENRICH_ARCHIVES: the dependencies to link into a module that other programs load. Its host may
# export functions of the same names, and those would be called, so they come from archives where
# these can be linked into one (Debian's can).

include(CheckCSourceCompiles)

set(FLOWENRICH_ARCHIVES "")
set(calls "")
if(FLOWENRICH_WITH_YAML)
    find_library(YAML_ARCHIVE libyaml.a HINTS ${YAML_LIBDIR})
    list(APPEND FLOWENRICH_ARCHIVES ${YAML_ARCHIVE})
    string(APPEND calls "int yaml_parser_initialize(void *); int y(void *p) { return yaml_parser_initialize(p); }")
endif()
if(FLOWENRICH_WITH_ZLIB)
    find_library(ZLIB_ARCHIVE libz.a HINTS ${ZLIB_LIBDIR})
    list(APPEND FLOWENRICH_ARCHIVES ${ZLIB_ARCHIVE})
    string(APPEND calls "int inflate(void *, int); int z(void *p) { return inflate(p, 0); }")
endif()
set(CMAKE_REQUIRED_FLAGS -fPIC)
set(CMAKE_REQUIRED_LINK_OPTIONS -shared LINKER:--exclude-libs,ALL)
set(CMAKE_REQUIRED_LIBRARIES ${FLOWENRICH_ARCHIVES})
check_c_source_compiles("${calls}" FLOWENRICH_ARCHIVES_ARE_PIC)
unset(CMAKE_REQUIRED_FLAGS)
unset(CMAKE_REQUIRED_LINK_OPTIONS)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT FLOWENRICH_ARCHIVES_ARE_PIC)
    message(STATUS "Modules will use their hosts' libyaml and zlib, if those have any: no archive "
        "of them that can be linked into one was found")
    set(FLOWENRICH_ARCHIVES ${dependencies})
endif()

# A module of the sources given and the library, which exports what exports.map says.
function(flowenrich_module target)
    add_library(${target} MODULE ${ARGN} $<TARGET_OBJECTS:flowenrich_objects>)
    flowenrich_target(${target})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(${target} PRIVATE ${FLOWENRICH_ARCHIVES})
    target_link_options(${target} PRIVATE
        LINKER:--version-script=${CMAKE_CURRENT_SOURCE_DIR}/exports.map)
    set_target_properties(${target} PROPERTIES
        PREFIX ""
        LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/exports.map)
endfunction()
