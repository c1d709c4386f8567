/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON value as a read-only tree in an arena. */
#ifndef FLE_BASE_JSON_TREE_H
#define FLE_BASE_JSON_TREE_H

#include "base/alloc.h"
#include "base/text.h"

typedef enum fle_json_kind {
    FLE_JSON_NULL,
    FLE_JSON_BOOLEAN,
    FLE_JSON_NUMBER,
    FLE_JSON_STRING,
    FLE_JSON_ARRAY,
    FLE_JSON_OBJECT
} fle_json_kind;

/* Any value. NULL is a missing one: all functions below take it. */
typedef struct fle_json {
    fle_json_kind kind;
    flowenrich_text key;  /* of a member */
    flowenrich_text text; /* of a string, unescaped; else as it is written */
    const struct fle_json *items;
    size_t n;
} fle_json;

/*
 * Read the next value of a text that may hold several, back to back.
 *
 * '*at' is moved behind it. '*out' is NULL if only blanks are left. The tree lives
 * in 'arena', and texts without escapes in 'data'. ERR_SYNTAX with line and
 * column, ERR_NOMEM.
 */
flowenrich_status fle_json_read(const fle_json **out, const char *data, size_t len, size_t *at,
                                fle_arena *arena, flowenrich_error *error);

bool fle_json_is_object(const fle_json *value);
bool fle_json_is_array(const fle_json *value);

/* The value under a key of an object, the last if there are several; NULL if there is none. */
const fle_json *fle_json_get(const fle_json *object, const char *key);

/* The items of an array; none if it is no array. */
size_t fle_json_count(const fle_json *array);
const fle_json *fle_json_at(const fle_json *array, size_t index);

/* The text of a string, "true" or "false" of a boolean, empty of all others. */
flowenrich_text fle_json_text(const fle_json *value);

/* A number that is a decimal without a sign. False if it isn't one. */
bool fle_json_number(const fle_json *value, uint64_t *out);

#endif
