/* SPDX-License-Identifier: Apache-2.0 */
/* YAML documents as a tree that knows its lines; the one place that includes libyaml. */
#ifndef FLE_BASE_YAML_H
#define FLE_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/alloc.h"
#include "flowenrich.h"

typedef enum fle_yaml_kind { FLE_YAML_SCALAR, FLE_YAML_SEQUENCE, FLE_YAML_MAPPING } fle_yaml_kind;

typedef struct fle_yaml {
    fle_yaml_kind kind;
    uint32_t line, column;  /* from 1 */
    flowenrich_text scalar; /* of a scalar */
    struct fle_yaml *key;   /* of a mapping's entry */
    struct fle_yaml *child; /* first item of a sequence, first value of a mapping */
    struct fle_yaml *next;  /* the next item or entry */
} fle_yaml;

/*
 * Read a document into nodes that live in 'arena'. Of several, which must be
 * mappings, the keys of a later one replace those of the ones before it. Depth
 * and number of nodes are bounded, aliases and a key given twice refused.
 * ERR_SYNTAX with line and column, ERR_NOMEM, ERR_UNSUPPORTED (built without
 * libyaml).
 */
flowenrich_status fle_yaml_read(fle_yaml **out, const char *data, size_t len, fle_arena *arena,
                                flowenrich_error *error);

/* The value under a key of a mapping, NULL if it isn't there. */
const fle_yaml *fle_yaml_get(const fle_yaml *mapping, const char *key);

/* How many items a sequence has, or entries a mapping. */
size_t fle_yaml_count(const fle_yaml *node);

/* All keys of a mapping are among 'known', or an error that names the nearest one. */
flowenrich_status fle_yaml_keys(const fle_yaml *mapping, const char *const *known, size_t n,
                                flowenrich_error *error);

/* The node is of this kind, or an error that says what was wanted: "networks must be a list". */
flowenrich_status fle_yaml_expect(const fle_yaml *node, fle_yaml_kind kind, const char *what,
                                  flowenrich_error *error);

/* A mapping's required or optional scalars; an optional one that is missing leaves '*out' alone. */
flowenrich_status fle_yaml_text(const fle_yaml *mapping, const char *key, bool required,
                                flowenrich_text *out, flowenrich_error *error);
flowenrich_status fle_yaml_u32(const fle_yaml *mapping, const char *key, bool required,
                               uint32_t max, uint32_t *out, flowenrich_error *error);
flowenrich_status fle_yaml_bool(const fle_yaml *mapping, const char *key, bool *out,
                                flowenrich_error *error);
/* One of 'names', whose number is stored. */
flowenrich_status fle_yaml_choice(const fle_yaml *mapping, const char *key,
                                  const char *const *names, size_t n, size_t *out,
                                  flowenrich_error *error);
flowenrich_status fle_yaml_cidr(const fle_yaml *mapping, const char *key, bool required,
                                fle_cidr *out, flowenrich_error *error);

/* How much of a text to quote in a message, for the rest of it to find room; for "%.*s". */
#define FLE_YAML_QUOTE(text) ((text).len < 60 ? (int)(text).len : 60)

/* An error at a node. Returns 'ERR_SYNTAX'. */
flowenrich_status fle_yaml_error(const fle_yaml *node, flowenrich_error *error, const char *format,
                                 ...) __attribute__((format(printf, 3, 4)));

#endif
