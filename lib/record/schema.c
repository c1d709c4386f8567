/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a batch: finding and adding them. */
#include "record/batch.h"

fle_column *fle_batch_find(const flowenrich_batch *batch, flowenrich_text path)
{
    const uint32_t *at = fle_map_find(batch->by_path, path.data, path.len);

    return at ? &batch->columns[*at] : NULL;
}

fle_column *fle_batch_field(const flowenrich_batch *batch, fle_field field)
{
    const uint32_t at = batch->of_field[field];

    return at == FLE_ABSENT ? NULL : &batch->columns[at];
}

/* 'made' holds the column's path and kind; its path must live as long as the batch. */
static fle_column *append_column(flowenrich_batch *batch, fle_column made)
{
    const size_t number = batch->n_columns;
    fle_column *columns = fle_grow(&batch->allocator, batch->columns, &batch->columns_capacity,
                                   number + 1, sizeof *columns);

    if (!columns)
        return NULL;
    batch->columns = columns;
    if (!fle_column_init(&made, &batch->allocator, batch->capacity))
        return NULL;
    if (!fle_map_add(batch->by_path, made.path, strlen(made.path), (uint32_t)number)) {
        fle_column_free(&made, &batch->allocator);
        return NULL;
    }
    columns[number] = made;
    batch->n_columns++;
    if (made.field != FLE_FIELD_COUNT)
        batch->of_field[made.field] = (uint32_t)number;
    return &columns[number];
}

/*
 * A batch may serve one stage after another, and a path mean another kind of
 * column to each (a log may have a field called "scope"). The last who asks has
 * it as asked: what was there is dropped.
 */
static fle_column *remake_column(flowenrich_batch *batch, fle_column *found, fle_column made)
{
    if (found->type == made.type && found->dictionary == made.dictionary &&
        found->item == made.item)
        return found;
    if (!fle_column_init(&made, &batch->allocator, batch->capacity))
        return NULL;
    fle_column_free(found, &batch->allocator);
    made.path = found->path;
    made.field = found->field;
    *found = made;
    return found;
}

static fle_column *add_column(flowenrich_batch *batch, flowenrich_text path, fle_column made)
{
    fle_column *found = fle_batch_find(batch, path);
    flowenrich_text name;

    if (found)
        return remake_column(batch, found, made);
    if (!fle_arena_text(&batch->names, path.data, path.len, &name))
        return NULL;
    made.path = name.data;
    return append_column(batch, made);
}

fle_column *fle_batch_add(flowenrich_batch *batch, flowenrich_text path, uint32_t type)
{
    const fle_column made = { .type = type, .field = FLE_FIELD_COUNT };

    return add_column(batch, path, made);
}

fle_column *fle_batch_add_codes(flowenrich_batch *batch, flowenrich_text path,
                                const flowenrich_text *dictionary, size_t n)
{
    const fle_column made = { .type = FLOWENRICH_TYPE_TEXT,
                              .field = FLE_FIELD_COUNT,
                              .dictionary = dictionary,
                              .dictionary_len = n };

    return add_column(batch, path, made);
}

fle_column *fle_batch_add_list(flowenrich_batch *batch, flowenrich_text path, uint32_t item)
{
    const fle_column made = { .type = FLOWENRICH_TYPE_LIST,
                              .field = FLE_FIELD_COUNT,
                              .item = item };

    return add_column(batch, path, made);
}

fle_column *fle_batch_add_field(flowenrich_batch *batch, fle_field field)
{
    const fle_column made = { .path = fle_fields[field].path,
                              .type = fle_fields[field].type,
                              .field = field };
    fle_column *found = fle_batch_field(batch, field);

    if (!found)
        found = fle_batch_find(batch, fle_text_of(made.path));

    if (!found)
        return append_column(batch, made);
    found = remake_column(batch, found, made);
    if (found) {
        found->field = field;
        batch->of_field[field] = (uint32_t)(found - batch->columns);
    }
    return found;
}
