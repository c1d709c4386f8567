/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface is, by the table in data/kinds.yaml. */
#ifndef FLE_CATALOG_KINDS_H
#define FLE_CATALOG_KINDS_H

#include "base/alloc.h"
#include "base/text.h"
#include "record/identity.h"

/* A kind, and what it is known by. Patterns and {names} are explained in data/kinds.yaml. */
typedef struct fle_kind {
    flowenrich_text type, path, arn, resource;
    fle_texts interface_types, descriptions, requesters;
    bool forwards;
} fle_kind;

typedef struct fle_kinds {
    const fle_kind *items;
    size_t n;
    fle_texts user_types; /* interface types that users make, and describe as they like */
} fle_kinds;

/* What documents say of an interface that tells its kind. */
typedef struct fle_evidence {
    flowenrich_text resource; /* "instance", "nat-gateway"… as in data/kinds.yaml */
    flowenrich_text interface_type, description, requester, instance_owner;
    bool requester_managed;
} fle_evidence;

/* What {names} stand for. Texts are borrowed. */
#define FLE_VARIABLES 16
typedef struct fle_variables {
    struct {
        flowenrich_text name, value;
    } items[FLE_VARIABLES];
    size_t n;
} fle_variables;

/* The table made from data/kinds.yaml. */
extern const fle_kinds fle_kinds_builtin;

/* Read a table in the shape of data/kinds.yaml; it lives in 'arena'. */
flowenrich_status fle_kinds_read(fle_kinds *out, const char *yaml, size_t len, fle_arena *arena,
                                 flowenrich_error *error);

/*
 * The kind of an interface, NULL if the table has none for it. What its description's pattern
 * captures is appended to 'variables'.
 */
const fle_kind *fle_kinds_find(const fle_kinds *kinds, const fle_evidence *evidence,
                               fle_variables *variables);

/* Set a variable, unless there are too many. */
void fle_variables_set(fle_variables *variables, flowenrich_text name, flowenrich_text value);

/* Append a kind's ARN to 'out'. False, with nothing appended, if it has none or lacks a name. */
bool fle_kind_arn(const fle_kind *kind, const fle_variables *variables, fle_buffer *out);

#endif
