/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: how encoders, groups and filters reach any value of any batch. */
#ifndef FLE_RECORD_PATH_H
#define FLE_RECORD_PATH_H

#include "record/batch.h"

/* The type of a value that is a list of U64; LIST and MAP are of texts. */
#define FLE_NUMBERS 32

typedef struct fle_numbers {
    const uint64_t *items;
    size_t n;
} fle_numbers;

/* A value of any type. 'type' 0 is absent. */
typedef struct fle_value {
    uint32_t type; /* flowenrich_type, FLE_NUMBERS or 0 */
    union {
        uint64_t u64; /* also of U32 and BOOL */
        flowenrich_time time;
        double f64;
        const fle_address *address;
        flowenrich_text text;
        fle_texts texts;     /* of a list or map */
        fle_numbers numbers; /* of a list of U64 */
    } as;
} fle_value;

/* A path compiled for one batch; stale once the batch gets new columns or ends. */
typedef struct fle_path {
    uint32_t column; /* number of a column, or FLE_ABSENT */
    fle_end end;     /* of an end's attribute, else FLE_N_ENDS */
    fle_attribute attribute;
    flowenrich_text tag; /* key of a single tag */
    uint32_t type;       /* flowenrich_type it gives, 0 if the batch has no such path */
    uint32_t item;       /* and that of a list's items */
} fle_path;

/* Compile. False if the batch has no such path; the path then gives absent values. */
bool fle_path_open(fle_path *path, const flowenrich_batch *batch, flowenrich_text text);

/* The value of a row. */
void fle_path_get(const fle_path *path, const flowenrich_batch *batch, size_t row, fle_value *out);

/* Let memory come that an end's attribute will be asked for, of answers all of which are there. */
void fle_path_expect(const fle_path *path, const flowenrich_answer *const *answers, size_t n);

/* Are they the same attribute, of whichever end? */
bool fle_path_is_alike(const fle_path *a, const fle_path *b);

/* The flowenrich_type that a path of AWS's fields or of what is added has; 0 if it is neither. */
uint32_t fle_path_type(flowenrich_text text);
/* The same of the items, if that is a list: TEXT or U64, else 0. */
uint32_t fle_path_item(flowenrich_text text);

/* Whether naming the ends gives rows this path, so that no log has to have it. */
bool fle_path_is_added(flowenrich_text text);

/* The known path that somebody may have meant. False if none is near. */
#define FLE_PATH_TEXT 64
bool fle_path_nearest(flowenrich_text text, char out[FLE_PATH_TEXT]);

#endif
