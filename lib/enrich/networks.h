/* SPDX-License-Identifier: Apache-2.0 */
/* Named networks: the `networks:` of a configuration. */
#ifndef FLE_ENRICH_NETWORKS_H
#define FLE_ENRICH_NETWORKS_H

#include "base/yaml.h"

/* A tag as an answer takes it: the path "tags.site" and the value. */
typedef struct fle_network_tag {
    const char *path;
    flowenrich_text value;
} fle_network_tag;

typedef struct fle_network {
    fle_cidr cidr;
    flowenrich_text name;
    flowenrich_text vpc; /* whose observers alone see it; empty = all */
    const fle_network_tag *tags;
    size_t n_tags;
    uint32_t line;
} fle_network;

/* The most specific first. */
typedef struct fle_networks {
    const fle_network *items;
    size_t n;
    size_t starts[130]; /* where those of at most 128, 127, … 0 bits begin; then 'n' */
} fle_networks;

/* Read a list; what is read lives in 'arena'. 'list' may be NULL. ERR_SYNTAX, ERR_NOMEM. */
flowenrich_status fle_networks_read(fle_networks *out, const fle_yaml *list, fle_arena *arena,
                                    flowenrich_error *error);

/* The most specific network of an address as seen from a VPC; NULL if there is none. */
const fle_network *fle_networks_find(const fle_networks *networks, const fle_address *address,
                                     flowenrich_text vpc);

#endif
