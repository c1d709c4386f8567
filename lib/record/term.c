/* SPDX-License-Identifier: Apache-2.0 */
/* What a filter is made of: tests of values and how they are joined, for 64 rows at once. */
#include "record/term.h"

enum { UNDECIDED, IS_NOT, IS };

void fle_term_open(fle_term *term, const flowenrich_batch *batch)
{
    const fle_path *at = &term->at;

    term->codes = 0;
    (void)fle_path_open(&term->at, batch, term->path);
    if (term->kind == FLE_TERM_PATH)
        (void)fle_path_open(&term->other_at, batch, term->other);
    else if (at->end != FLE_N_ENDS)
        term->codes = batch->n_answers + 1;
    else if (at->column != FLE_ABSENT && batch->columns[at->column].dictionary)
        term->codes = batch->columns[at->column].dictionary_len + 1;
}

/* How many of a block's 64 rows there are. */
static size_t rows_of(const flowenrich_batch *batch, size_t first)
{
    return batch->rows - first < 64 ? batch->rows - first : 64;
}

/* Bits of a bitmap; those past the last row are any. */
static uint64_t bits_of(const uint8_t *bits, size_t first, size_t n)
{
    uint64_t out = 0;

    for (size_t i = 0; i < (n + 7) / 8; i++)
        out |= (uint64_t)bits[first / 8 + i] << 8 * i;
    return out;
}

/* Values of the kinds that are whole numbers, as a range to be within: modulo 2^64, so for both. */
typedef struct range {
    uint64_t least, span;
    bool is_empty;
} range;

static range range_of(uint64_t wanted, fle_compare compare, uint64_t least, uint64_t most)
{
    switch (compare) {
    case FLE_LESS:
        return (range){ least, wanted - 1 - least, wanted == least };
    case FLE_AT_MOST:
        return (range){ least, wanted - least, false };
    case FLE_MORE:
        return (range){ wanted + 1, most - wanted - 1, wanted == most };
    case FLE_AT_LEAST:
        return (range){ wanted, most - wanted, false };
    default:
        return (range){ wanted, 0, compare != FLE_EQUAL };
    }
}

static uint64_t u32_rows(const uint32_t *values, size_t n, range in)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < n; i++)
        rows |= (uint64_t)(values[i] - in.least <= in.span) << i;
    return rows;
}

static uint64_t u64_rows(const uint64_t *values, size_t n, range in)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < n; i++)
        rows |= (uint64_t)(values[i] - in.least <= in.span) << i;
    return rows;
}

static bool is_whole(uint32_t type)
{
    return type == FLOWENRICH_TYPE_U32 || type == FLOWENRICH_TYPE_U64 ||
           type == FLOWENRICH_TYPE_TIME;
}

static uint64_t whole_rows(const fle_term *term, const flowenrich_batch *batch, size_t first)
{
    const fle_column *column = &batch->columns[term->at.column];
    const size_t n = rows_of(batch, first);
    const uint64_t valid = bits_of(column->validity, first, n);
    uint64_t rows = 0;

    for (const fle_wanted *wanted = term->wanted; wanted; wanted = wanted->next) {
        const bool is_time = column->type == FLOWENRICH_TYPE_TIME;
        const range in = is_time ? range_of((uint64_t)wanted->time, term->compare,
                                            (uint64_t)INT64_MIN, INT64_MAX)
                                 : range_of(wanted->number, term->compare, 0, UINT64_MAX);

        if (wanted->text.len == 0)
            rows |= ~valid;
        else if (in.is_empty || !(is_time ? wanted->is_time : wanted->is_number))
            continue;
        else if (column->type == FLOWENRICH_TYPE_U32)
            rows |= valid & u32_rows((const uint32_t *)column->values + first, n, in);
        else
            rows |= valid & u64_rows((const uint64_t *)column->values + first, n, in);
    }
    return rows;
}

static bool row_fits(const fle_term *term, const flowenrich_batch *batch, size_t row)
{
    fle_value value, other;

    fle_path_get(&term->at, batch, row, &value);
    if (term->kind == FLE_TERM_PRESENT)
        return value.type != 0;
    if (term->kind == FLE_TERM_PATH) {
        fle_path_get(&term->other_at, batch, row, &other);
        return fle_values_fit(&value, term->compare, &other);
    }
    for (const fle_wanted *wanted = term->wanted; wanted; wanted = wanted->next)
        if (fle_wanted_fits(wanted, term->compare, &value))
            return true;
    return false;
}

/* The code of a row's value, or the one behind the last: absent. */
static size_t code_of(const fle_path *at, const flowenrich_batch *batch, size_t row)
{
    const fle_column *column;
    uint32_t answer;

    if (at->end != FLE_N_ENDS) {
        answer = batch->ends[at->end][row];
        return answer != FLE_ABSENT ? answer : batch->n_answers;
    }
    column = &batch->columns[at->column];
    return fle_column_valid(column, row) ? ((const uint32_t *)column->values)[row]
                                         : column->dictionary_len;
}

/* What one row of a code comes to, all of them do. */
static bool code_fits(const fle_term *term, const flowenrich_batch *batch, size_t row)
{
    uint8_t *decided = &term->decided[code_of(&term->at, batch, row)];

    if (*decided == UNDECIDED)
        *decided = row_fits(term, batch, row) ? IS : IS_NOT;
    return *decided == IS;
}

static uint64_t value_rows(const fle_term *term, const flowenrich_batch *batch, size_t first,
                           uint64_t asked)
{
    const size_t n = rows_of(batch, first);
    uint64_t rows = 0;

    if (term->kind == FLE_TERM_VALUE && term->at.column != FLE_ABSENT && is_whole(term->at.type))
        return asked & whole_rows(term, batch, first);
    for (size_t i = 0; i < n; i++)
        if (asked >> i & 1)
            rows |= (uint64_t)(term->codes > 0 ? code_fits(term, batch, first + i)
                                               : row_fits(term, batch, first + i))
                    << i;
    return rows;
}

/* Rows that are decided aren't asked for again. */
uint64_t fle_term_rows(const fle_term *term, const flowenrich_batch *batch, size_t first,
                       uint64_t asked)
{
    uint64_t rows = asked;

    switch (term->kind) {
    case FLE_TERM_ALL:
        for (const fle_term *child = term->child; child && rows; child = child->next)
            rows = fle_term_rows(child, batch, first, rows);
        return rows;
    case FLE_TERM_ANY:
        for (const fle_term *child = term->child; child && rows; child = child->next)
            rows &= ~fle_term_rows(child, batch, first, rows);
        return asked & ~rows;
    case FLE_TERM_NOT:
        return asked & ~fle_term_rows(term->child, batch, first, asked);
    default:
        return value_rows(term, batch, first, asked);
    }
}
