/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration document: its sections, whoever reads which. */
#ifndef FLE_RECORD_CONFIGURATION_H
#define FLE_RECORD_CONFIGURATION_H

#include "base/yaml.h"

/*
 * Read a configuration into 'arena': its version and the names of its sections
 * are checked, what is in them isn't. ERR_SYNTAX, ERR_NOMEM, ERR_UNSUPPORTED.
 */
flowenrich_status fle_configuration_read(fle_yaml **out, const char *yaml, size_t len,
                                         fle_arena *arena, flowenrich_error *error);

/* A section; NULL if it isn't there, or if all of its lines are commented out. */
const fle_yaml *fle_configuration_section(const fle_yaml *configuration, const char *name);

#endif
