/* SPDX-License-Identifier: Apache-2.0 */
/* The values of somebody's Arrow columns, of the types that flow logs come in. */
#ifndef FLE_PARSE_ARROW_VALUES_H
#define FLE_PARSE_ARROW_VALUES_H

#include "base/address.h"
#include "base/text.h"
#include "record/arrow_abi.h"

typedef enum fle_arrow_class {
    FLE_ARROW_IS_OTHER,  /* nothing that is read here */
    FLE_ARROW_IS_ABSENT, /* of a column: it has nothing but nulls */
    FLE_ARROW_IS_TEXT,
    FLE_ARROW_IS_SIGNED,
    FLE_ARROW_IS_UNSIGNED,
    FLE_ARROW_IS_FLOAT,
    FLE_ARROW_IS_BOOL,
    FLE_ARROW_IS_TIME, /* signed, in seconds */
    FLE_ARROW_IS_ADDRESS
} fle_arrow_class;

typedef struct fle_arrow_value {
    fle_arrow_class is;
    union {
        flowenrich_text text;
        int64_t i64;  /* also of times */
        uint64_t u64; /* also of BOOL */
        double f64;
        const fle_address *address;
    } as;
} fle_arrow_value;

/* A column of a plain type. */
typedef struct fle_arrow_plain {
    fle_arrow_class is;
    unsigned width; /* bytes of a number, of a text's offsets; 0 = views, or bits */
    int64_t unit;   /* of times: how many are a second */
    int64_t offset; /* of the first row */
    const struct ArrowArray *array;
} fle_arrow_plain;

/* A column: plain, or indices of a dictionary. */
typedef struct fle_arrow_values {
    fle_arrow_plain rows;
    fle_arrow_plain words; /* if 'is_coded' */
    bool is_coded;
} fle_arrow_values;

/* Open a column whose rows begin at 'offset' of it. One of IS_OTHER can't be read. */
fle_arrow_class fle_arrow_open(fle_arrow_values *values, const struct ArrowSchema *schema,
                               const struct ArrowArray *array, int64_t offset);

/* The value of a row; IS_ABSENT if it is null. Texts and addresses are the producer's. */
void fle_arrow_read(const fle_arrow_values *values, int64_t row, fle_arrow_value *out);

/* Is a row null by the array's bitmap? 'row' counts from the bitmap's beginning. */
bool fle_arrow_is_null(const struct ArrowArray *array, int64_t row);

/* The value of a key of a schema's metadata; empty if it has none. */
flowenrich_text fle_arrow_metadata(const struct ArrowSchema *schema, const char *key);

#endif
