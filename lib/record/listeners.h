/* SPDX-License-Identifier: Apache-2.0 */
/* Ports that servers listen on: data/listeners.yaml, and the `listeners:` of a configuration. */
#ifndef FLE_RECORD_LISTENERS_H
#define FLE_RECORD_LISTENERS_H

#include "base/yaml.h"

/* Does an end listen on its port, as far as documents tell? */
typedef enum fle_listens {
    FLE_LISTENS_UNKNOWN,
    FLE_LISTENS_HERE,
    FLE_LISTENS_ELSEWHERE /* on other ports only */
} fle_listens;

typedef struct fle_listener {
    uint32_t protocol, port;
    const char *name;
    flowenrich_text type; /* the only type of end it is about; empty = any */
    bool has_cidr;        /* the only addresses it is about */
    fle_cidr cidr;
    uint32_t line; /* of the configuration */
} fle_listener;

#define FLE_LISTENER_BITS 2048

/* By protocol and port. */
typedef struct fle_listeners {
    const fle_listener *items;
    size_t n;
    const uint32_t *ports; /* bits of all ports, modulo: most are nobody's. NULL: not known */
} fle_listeners;

extern const fle_listeners fle_listeners_of_types; /* data/listeners.yaml: with a type */
extern const fle_listeners fle_listeners_by_name;  /* without */

/*
 * The listener that an end would be. Unknown protocols are taken for TCP, which
 * nearly everything is. 'address' may be NULL. NULL if there is none.
 */
const fle_listener *fle_listeners_find(const fle_listeners *listeners, uint32_t protocol,
                                       uint32_t port, flowenrich_text type,
                                       const fle_address *address);

/* Read a list; what is read lives in 'arena'. 'list' may be NULL. ERR_SYNTAX, ERR_NOMEM. */
flowenrich_status fle_listeners_read(fle_listeners *out, const fle_yaml *list, fle_arena *arena,
                                     flowenrich_error *error);

#endif
