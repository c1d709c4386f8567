/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of lists: what a row has several of, as texts or numbers. */
#include "record/list.h"

static bool is_text(const fle_column *column)
{
    return column->item == FLOWENRICH_TYPE_TEXT;
}

/* Where a row's items lie among those of the column. */
static flowenrich_slice slice_of(const fle_column *column, size_t row)
{
    static const flowenrich_slice none = { 0, 0 };

    return fle_column_valid(column, row) ? ((const flowenrich_slice *)column->values)[row] : none;
}

void *fle_list_add(flowenrich_batch *batch, fle_column *column, size_t row, size_t n)
{
    const size_t width = is_text(column) ? sizeof(flowenrich_text) : sizeof(uint64_t);
    const size_t before = column->n_items;
    flowenrich_slice slice = slice_of(column, row);
    char *items = before <= UINT32_MAX - n ? fle_grow(&batch->allocator, column->items,
                                                      &column->items_capacity, before + n, width)
                                           : NULL;

    if (!items)
        return NULL;
    if (slice.length == 0)
        slice.offset = (uint32_t)before;
    slice.length += (uint32_t)n;
    fle_column_set_slice(column, row, slice);
    column->items = items;
    column->n_items += n;
    return items + before * width;
}

bool fle_list_add_kept(flowenrich_batch *batch, fle_column *column, size_t row,
                       flowenrich_text text)
{
    flowenrich_text *item = fle_list_add(batch, column, row, 1);

    if (item)
        *item = text;
    return item != NULL;
}

bool fle_list_add_text(flowenrich_batch *batch, fle_column *column, size_t row, const char *data,
                       size_t len)
{
    flowenrich_text copy = { NULL, 0 };

    if (len > 0 && !fle_arena_text(&batch->arena, data, len, &copy))
        return false;
    return fle_list_add_kept(batch, column, row, copy);
}

bool fle_list_add_u64(flowenrich_batch *batch, fle_column *column, size_t row, uint64_t value)
{
    uint64_t *item = fle_list_add(batch, column, row, 1);

    if (item)
        *item = value;
    return item != NULL;
}

void fle_list_clear(fle_column *column, size_t rows)
{
    memset(column->validity, 0, (rows + 7) / 8);
    column->n_items = 0;
}

size_t fle_list_len(const fle_column *column, size_t row)
{
    return slice_of(column, row).length;
}

fle_texts fle_list_texts(const fle_column *column, size_t row)
{
    const flowenrich_slice slice = slice_of(column, row);
    fle_texts texts = { NULL, slice.length };

    if (texts.n > 0)
        texts.items = (const flowenrich_text *)column->items + slice.offset;
    return texts;
}

const uint64_t *fle_list_numbers(const fle_column *column, size_t row)
{
    const flowenrich_slice slice = slice_of(column, row);

    return slice.length > 0 ? (const uint64_t *)column->items + slice.offset : NULL;
}

flowenrich_text fle_list_text(const fle_column *column, size_t row, size_t i)
{
    return fle_list_texts(column, row).items[i];
}

uint64_t fle_list_u64(const fle_column *column, size_t row, size_t i)
{
    return fle_list_numbers(column, row)[i];
}

flowenrich_text fle_list_name(flowenrich_text path)
{
    static const char *const names[] = { "hops.", "meters.", "charges." };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fle_text_starts(path, names[i]))
            return fle_text(path.data, strlen(names[i]) - 1);
    return fle_text(NULL, 0);
}

size_t fle_list_longest(const flowenrich_batch *batch, const fle_column *column, size_t row)
{
    const flowenrich_text name = fle_list_name(fle_text_of(column->path));
    size_t longest = fle_list_len(column, row);

    for (size_t i = 0; name.len > 0 && i < batch->n_columns; i++) {
        const fle_column *other = &batch->columns[i];

        if (other->type == FLOWENRICH_TYPE_LIST &&
            fle_text_equal(fle_list_name(fle_text_of(other->path)), name) &&
            fle_list_len(other, row) > longest)
            longest = fle_list_len(other, row);
    }
    return longest;
}
