/* SPDX-License-Identifier: Apache-2.0 */
/* Values that filters compare with, and how a row's value compares. */
#ifndef FLE_RECORD_WANTED_H
#define FLE_RECORD_WANTED_H

#include "record/path.h"

typedef enum fle_compare {
    FLE_EQUAL, /* of a list: one of its values */
    FLE_LESS,
    FLE_AT_MOST,
    FLE_MORE,
    FLE_AT_LEAST,
    FLE_MATCHES /* a pattern, whose '*' stands for any bytes */
} fle_compare;

/* A value to compare with, read as each type that it can be. */
typedef struct fle_wanted {
    struct fle_wanted *next;
    flowenrich_text text; /* len 0: no value at all */
    bool is_number, is_fraction, is_time, is_network;
    uint64_t number;
    double fraction;
    flowenrich_time time;
    fle_cidr network; /* a lone address is one of its own */
} fle_wanted;

/* Read a value to compare with what is at 'path'; the text is borrowed. */
void fle_wanted_read(fle_wanted *out, flowenrich_text path, flowenrich_text text);

/* What a value of this flowenrich_type must be; NULL if this one can be one. */
const char *fle_wanted_mismatch(uint32_t type, const fle_wanted *wanted);

/* A value that is absent compares with nothing but an absent one. */
bool fle_wanted_fits(const fle_wanted *wanted, fle_compare compare, const fle_value *value);

/* Do two values compare so? Never if one is absent, or if they are of two kinds. */
bool fle_values_fit(const fle_value *a, fle_compare compare, const fle_value *b);

#endif
