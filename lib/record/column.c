/* SPDX-License-Identifier: Apache-2.0 */
/* One column of a batch: values in Arrow's layout, or codes into a dictionary. */
#include "record/column.h"

#include <string.h>

/* Maps exist only as what ends are known by. */
size_t fle_column_width(const fle_column *column)
{
    if (column->dictionary)
        return sizeof(uint32_t);
    switch (column->type) {
    case FLOWENRICH_TYPE_U32:
        return sizeof(uint32_t);
    case FLOWENRICH_TYPE_ADDRESS:
        return sizeof(fle_address);
    case FLOWENRICH_TYPE_BOOL:
        return 0;
    default:
        return sizeof(uint64_t); /* U64, TIME, F64, and a slice of two u32: a text or list */
    }
}

bool fle_column_init(fle_column *column, const fle_allocator *allocator, size_t capacity)
{
    const size_t bits = (capacity + 7) / 8;
    const size_t width = fle_column_width(column);
    const size_t bytes = width ? width * capacity : bits;

    column->values = fle_alloc(allocator, bytes);
    column->validity = fle_alloc_zeroed(allocator, bits);
    if (column->values && column->validity)
        return true;
    fle_column_free(column, allocator);
    return false;
}

void fle_column_free(fle_column *column, const fle_allocator *allocator)
{
    fle_free(allocator, column->values);
    fle_free(allocator, column->validity);
    fle_free(allocator, column->items);
}

/* Up to nine bytes; those that have no bit to set may lie past the end, and aren't touched. */
void fle_column_mark(fle_column *column, size_t row, uint64_t rows)
{
    uint8_t *bits = column->validity + (row >> 3);
    const unsigned shift = row & 7;

    *bits |= (uint8_t)(rows << shift);
    for (rows >>= 8 - shift; rows != 0; rows >>= 8)
        *++bits |= (uint8_t)rows;
}

void fle_column_clear(fle_column *column, size_t row)
{
    fle_bit_set(column->validity, row, false);
}

void fle_column_copy(fle_column *to, size_t to_row, const fle_column *from, size_t from_row)
{
    const size_t len = fle_column_width(from);
    const uint8_t *bits = from->values;

    fle_bit_set(to->validity, to_row, fle_column_valid(from, from_row));
    if (len)
        memcpy((char *)to->values + to_row * len, (const char *)from->values + from_row * len, len);
    else
        fle_bit_set(to->values, to_row, (bits[from_row >> 3] >> (from_row & 7) & 1) != 0);
}
