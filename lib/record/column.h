/* SPDX-License-Identifier: Apache-2.0 */
/* One column of a batch: values in Arrow's layout, or codes into a dictionary. */
#ifndef FLE_RECORD_COLUMN_H
#define FLE_RECORD_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/address.h"
#include "base/alloc.h"
#include "record/field.h"

#define FLE_ABSENT UINT32_MAX /* a code, or a column number, that isn't there */

/* A column: values, or codes into a dictionary that outlives the batch. */
typedef struct fle_column {
    const char *path;
    uint32_t type;     /* flowenrich_type of what the column shows */
    fle_field field;   /* FLE_FIELD_COUNT if it is no field of AWS's */
    void *values;      /* 'capacity' of them; u32 codes if there is a dictionary */
    uint8_t *validity; /* one bit a row */
    const flowenrich_text *dictionary;
    size_t dictionary_len;
    uint32_t item; /* of a list: the flowenrich_type of its items; see record/list.h */
    void *items;   /* of all rows; 'values' are slices of them */
    size_t n_items, items_capacity;
} fle_column;

/*
 * Room for 'capacity' rows, all absent: what they have for values is any bytes.
 * False if memory ran out, and nothing is held then.
 */
bool fle_column_init(fle_column *column, const fle_allocator *allocator, size_t capacity);
void fle_column_free(fle_column *column, const fle_allocator *allocator);

/* Bytes of a value as it lies in memory; 0 for bits. */
size_t fle_column_width(const fle_column *column);

/* Mark the rows valid whose bits are set, the lowest being that of 'row'. */
void fle_column_mark(fle_column *column, size_t row, uint64_t rows);
void fle_column_clear(fle_column *column, size_t row);

static inline void fle_bit_set(uint8_t *bits, size_t i, bool value)
{
    const uint8_t mask = (uint8_t)(1u << (i & 7));

    if (value)
        bits[i >> 3] |= mask;
    else
        bits[i >> 3] &= (uint8_t)~mask;
}

/* Store a value of 'len' bytes and mark it valid. The row must be below 'capacity'. */
static inline void fle_column_set(fle_column *column, size_t row, const void *value, size_t len)
{
    memcpy((char *)column->values + row * len, value, len);
    fle_bit_set(column->validity, row, true);
}

static inline void fle_column_set_u32(fle_column *column, size_t row, uint32_t value) /* or code */
{
    fle_column_set(column, row, &value, sizeof value);
}

static inline void fle_column_set_u64(fle_column *column, size_t row, uint64_t value)
{
    fle_column_set(column, row, &value, sizeof value);
}

static inline void fle_column_set_time(fle_column *column, size_t row, flowenrich_time value)
{
    fle_column_set(column, row, &value, sizeof value);
}

static inline void fle_column_set_f64(fle_column *column, size_t row, double value)
{
    fle_column_set(column, row, &value, sizeof value);
}

static inline void fle_column_set_bool(fle_column *column, size_t row, bool value)
{
    fle_bit_set(column->values, row, value);
    fle_bit_set(column->validity, row, true);
}

static inline void fle_column_set_address(fle_column *column, size_t row, const fle_address *value)
{
    fle_column_set(column, row, value, sizeof *value);
}

static inline void fle_column_set_slice(fle_column *column, size_t row, flowenrich_slice value)
{
    fle_column_set(column, row, &value, sizeof value);
}

static inline bool fle_column_valid(const fle_column *column, size_t row)
{
    return column && (column->validity[row >> 3] >> (row & 7) & 1) != 0;
}

/* Read a value; absent is 0, FLOWENRICH_TIME_ABSENT, NULL or empty. 'column' may be NULL. */
static inline uint32_t fle_column_u32(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? ((const uint32_t *)column->values)[row] : 0;
}

static inline uint64_t fle_column_u64(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? ((const uint64_t *)column->values)[row] : 0;
}

static inline flowenrich_time fle_column_time(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? ((const flowenrich_time *)column->values)[row]
                                         : FLOWENRICH_TIME_ABSENT;
}

static inline const fle_address *fle_column_address(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? (const fle_address *)column->values + row : NULL;
}

/* Let a row have what a row of another column has, which is of the same kind. */
void fle_column_copy(fle_column *to, size_t to_row, const fle_column *from, size_t from_row);

#endif
