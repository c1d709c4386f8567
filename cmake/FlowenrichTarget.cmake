# SPDX-License-Identifier: Apache-2.0
# What every program and library of the project is compiled with.

set(FLOWENRICH_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wstrict-prototypes -Wmissing-prototypes)

# Flags that compiling and linking must agree on.
set(FLOWENRICH_INSTRUMENTATION "")
if(FLOWENRICH_SANITIZE)
    list(APPEND FLOWENRICH_INSTRUMENTATION
        -fsanitize=${FLOWENRICH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
if(FLOWENRICH_BUILD_FUZZ)
    list(APPEND FLOWENRICH_INSTRUMENTATION -fsanitize=fuzzer-no-link)
endif()
if(FLOWENRICH_COVERAGE)
    list(APPEND FLOWENRICH_INSTRUMENTATION --coverage)
endif()

function(flowenrich_link_options target)
    target_link_options(${target} PRIVATE ${FLOWENRICH_INSTRUMENTATION})
endfunction()

function(flowenrich_target target)
    target_compile_features(${target} PRIVATE c_std_11)
    target_compile_options(${target} PRIVATE
        ${FLOWENRICH_WARNINGS}
        $<$<BOOL:${FLOWENRICH_WERROR}>:-Werror>
        ${FLOWENRICH_INSTRUMENTATION})
    set_target_properties(${target} PROPERTIES
        C_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON)
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "OBJECT_LIBRARY")
        flowenrich_link_options(${target})
    endif()
endfunction()
