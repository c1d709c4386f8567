/* SPDX-License-Identifier: Apache-2.0 */
/* Dropping rows of a batch: a column at a time, by the numbers of the rows that stay. */
#include "base/error.h"
#include "record/batch.h"

#define BLOCK 1024 /* rows that are looked at together */

/* Rows of one block that stay, and where the first of them goes: never behind where it was. */
typedef struct staying {
    size_t to;
    size_t n;
    uint32_t rows[BLOCK];
} staying;

static void find_rows(staying *s, const uint8_t *keep, size_t first, size_t end)
{
    s->n = 0;
    for (size_t row = first; row < end; row++) {
        s->rows[s->n] = (uint32_t)row;
        s->n += keep[row >> 3] >> (row & 7) & 1;
    }
}

/* Inlined where 'width' is known, and then a load and a store. */
static inline void move_values(const staying *s, void *values, size_t width)
{
    char *to = (char *)values + s->to * width;

    for (size_t i = 0; i < s->n; i++)
        memmove(to + i * width, (const char *)values + s->rows[i] * width, width);
}

static void move_bits(const staying *s, uint8_t *bits)
{
    for (size_t i = 0; i < s->n; i++) {
        const size_t from = s->rows[i], to = s->to + i;
        const unsigned bit = (unsigned)bits[from >> 3] >> (from & 7) & 1;

        bits[to >> 3] = (uint8_t)((bits[to >> 3] & ~(1u << (to & 7))) | bit << (to & 7));
    }
}

static void move_column(const staying *s, fle_column *column)
{
    switch (fle_column_width(column)) {
    case 0:
        move_bits(s, column->values);
        break;
    case 4:
        move_values(s, column->values, 4);
        break;
    case 8:
        move_values(s, column->values, 8);
        break;
    default:
        move_values(s, column->values, sizeof(fle_address));
        break;
    }
    move_bits(s, column->validity);
}

static void move_rows(flowenrich_batch *batch, const staying *s)
{
    for (size_t i = 0; i < batch->n_columns; i++)
        move_column(s, &batch->columns[i]);
    for (size_t end = 0; end < FLE_N_ENDS; end++)
        if (batch->ends[end])
            move_values(s, batch->ends[end], sizeof *batch->ends[end]);
    move_values(s, batch->kinds, sizeof *batch->kinds);
    move_values(s, batch->lines, sizeof *batch->lines);
    move_values(s, batch->shape_of, sizeof *batch->shape_of);
}

/* Rows that come there have nothing yet. */
static void clear_behind(flowenrich_batch *batch, size_t rows)
{
    const size_t whole = (rows + 7) / 8, end = (batch->rows + 7) / 8;

    for (size_t i = 0; i < batch->n_columns; i++) {
        uint8_t *validity = batch->columns[i].validity;

        if (rows % 8 != 0)
            validity[rows / 8] &= (uint8_t)((1u << rows % 8) - 1);
        memset(validity + whole, 0, end - whole);
    }
    memset(batch->shape_of + rows, 0xff, (batch->rows - rows) * sizeof *batch->shape_of);
}

flowenrich_status flowenrich_batch_keep(flowenrich_batch *batch, const uint8_t *keep,
                                        flowenrich_error *error)
{
    staying s;
    size_t end;

    if (!batch || !keep)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'batch' or 'keep' is NULL");
    s.to = 0;
    for (size_t first = 0; first < batch->rows; first = end) {
        end = batch->rows - first < BLOCK ? batch->rows : first + BLOCK;
        find_rows(&s, keep, first, end);
        if (s.to < first || s.n < end - first) /* else they are where they belong */
            move_rows(batch, &s);
        s.to += s.n;
    }
    clear_behind(batch, s.to);
    batch->rows = s.to;
    return fle_error_ok(error);
}
