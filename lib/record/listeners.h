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

/*
 * Sorted by protocol, port, type and address. Every record asks for several, most of which nobody
 * listens on: so there are slots, a power of two of them and at most half taken, with the numbers
 * of the items from 1, in their order. An empty one, 0, ends the search.
 */
typedef struct fle_listeners {
    const fle_listener *items;
    size_t n;
    const uint32_t *slots;
    size_t n_slots;       /* 0 if there are no listeners */
    const uint8_t *ports; /* a bit for each remainder of those that somebody listens on */
    bool are_typed;       /* all of them are about one type each */
} fle_listeners;

#define FLE_LISTENERS_PORTS 4096 /* bits of 'ports' */

extern const fle_listeners fle_listeners_of_types; /* data/listeners.yaml: with a type */
extern const fle_listeners fle_listeners_by_name;  /* without */

/*
 * The listener that an end would be. Unknown protocols are taken for TCP, which
 * nearly everything is. 'address' may be NULL. NULL if there is none.
 */
const fle_listener *fle_listeners_look_up(const fle_listeners *listeners, uint32_t protocol,
                                          uint32_t port, flowenrich_text type,
                                          const fle_address *address);

/* One side of nearly every record has a port that nobody listens on. */
static inline const fle_listener *fle_listeners_find(const fle_listeners *listeners,
                                                     uint32_t protocol, uint32_t port,
                                                     flowenrich_text type,
                                                     const fle_address *address)
{
    const uint32_t bit = port % FLE_LISTENERS_PORTS;

    return listeners->n == 0 || !(listeners->ports[bit / 8] >> bit % 8 & 1)
               ? NULL
               : fle_listeners_look_up(listeners, protocol, port, type, address);
}

/* Read a list; what is read lives in 'arena'. 'list' may be NULL. ERR_SYNTAX, ERR_NOMEM. */
flowenrich_status fle_listeners_read(fle_listeners *out, const fle_yaml *list, fle_arena *arena,
                                     flowenrich_error *error);

#endif
