# SPDX-License-Identifier: Apache-2.0
# The headers, the library, the tool, and what pkg-config and find_package() read.
# A static and a shared build may be installed into one prefix, one after the other.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/flowenrich)
if(BUILD_SHARED_LIBS)
    set(kind shared)
    set(PC_REQUIRES Requires.private)
else()
    set(kind static)
    set(PC_REQUIRES Requires)
endif()

install(FILES include/flowenrich.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/flowenrich DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS flowenrich EXPORT flowenrich)
install(EXPORT flowenrich
    NAMESPACE flowenrich::
    FILE flowenrich-${kind}-targets.cmake
    DESTINATION ${package_dir})

configure_package_config_file(cmake/flowenrich-config.cmake.in flowenrich-config.cmake
    INSTALL_DESTINATION ${package_dir}
    NO_SET_AND_CHECK_MACRO)
# A 0.x release promises nothing to the next one.
write_basic_package_version_file(flowenrich-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/flowenrich-config.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/flowenrich-config-version.cmake
    DESTINATION ${package_dir})

# The prefix is told from where the .pc lies, so that the tree can be moved.
file(RELATIVE_PATH PC_PREFIX_FROM_PCFILEDIR
    "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
string(REGEX REPLACE "/$" "" PC_PREFIX_FROM_PCFILEDIR "${PC_PREFIX_FROM_PCFILEDIR}")
configure_file(pkgconfig/flowenrich.pc.in flowenrich.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/flowenrich.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The built-in tables, as a start for one's own.
install(FILES data/kinds.yaml data/listeners.yaml data/protocols.yaml data/rates/aws.yaml
    DESTINATION ${CMAKE_INSTALL_DATADIR}/flowenrich)
install(DIRECTORY data/questions DESTINATION ${CMAKE_INSTALL_DATADIR}/flowenrich)

if(FLOWENRICH_BUILD_CLI)
    install(TARGETS flowenrich_cli)
    install(PROGRAMS examples/collect-inventory.sh DESTINATION ${CMAKE_INSTALL_DATADIR}/flowenrich)
    install(FILES cli/flowenrich.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES cli/completions/flowenrich.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME flowenrich)
    install(FILES cli/completions/_flowenrich
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
    install(FILES cli/completions/flowenrich.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
