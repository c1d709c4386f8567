/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows are wanted: the `filter:` of a configuration. */
#ifndef FLE_RECORD_FILTER_H
#define FLE_RECORD_FILTER_H

#include "base/yaml.h"
#include "record/path.h"

/* A value to compare with, read as each type that it can be. */
typedef struct fle_wanted {
    flowenrich_text text; /* len 0: no value at all */
    bool is_number, is_time, is_address;
    uint64_t number;
    flowenrich_time time;
    fle_address address;
} fle_wanted;

/* A row fits if its value at 'path' is one of these, or is none; of a list, one of its values. */
typedef struct fle_condition {
    flowenrich_text path;
    bool is_not;
    fle_wanted *values;
    size_t n;
} fle_condition;

/* All conditions must hold. */
typedef struct fle_filter {
    fle_condition *conditions;
    size_t n;
} fle_filter;

/*
 * Read a mapping of paths to what is wanted there, or a list of such mappings, into
 * 'arena'. 'node' may be NULL: all rows are wanted. A path nobody has, or a value
 * that can't be of its type, is ERR_SYNTAX; else ERR_NOMEM.
 */
flowenrich_status fle_filter_read(fle_filter *out, const fle_yaml *node, fle_arena *arena,
                                  flowenrich_error *error);

/* Check a path of a configuration: unknown, and near to a known one, is ERR_SYNTAX. */
flowenrich_status fle_filter_check_path(const fle_yaml *node, flowenrich_text path,
                                        flowenrich_error *error);

/* Drop the rows that don't fit. 'keep' has room for a bit of each row. */
void fle_filter_apply(const fle_filter *filter, flowenrich_batch *batch, uint8_t *keep);

#endif
