/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration document: whole, so that an error is found whoever reads it. */
#ifndef FLE_ENRICH_CONFIG_H
#define FLE_ENRICH_CONFIG_H

#include "enrich/listeners.h"
#include "enrich/networks.h"

typedef struct fle_config {
    fle_networks networks;
    fle_listeners listeners;
} fle_config;

/* Read a configuration, which lives in 'arena'. ERR_SYNTAX, ERR_NOMEM, ERR_UNSUPPORTED. */
flowenrich_status fle_config_read(fle_config *out, const char *yaml, size_t len, fle_arena *arena,
                                  flowenrich_error *error);

#endif
