/* SPDX-License-Identifier: Apache-2.0 */
/* What enrichment takes from a configuration: all of it at a time, so that errors are found. */
#ifndef FLE_ENRICH_CONFIG_H
#define FLE_ENRICH_CONFIG_H

#include "enrich/networks.h"
#include "record/listeners.h"

typedef struct fle_config {
    fle_networks networks;
    fle_listeners listeners;
} fle_config;

/* Read them of a configuration; they live in 'arena'. ERR_SYNTAX, ERR_NOMEM, ERR_UNSUPPORTED. */
flowenrich_status fle_config_read(fle_config *out, const char *yaml, size_t len, fle_arena *arena,
                                  flowenrich_error *error);

#endif
