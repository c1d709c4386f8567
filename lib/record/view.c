/* SPDX-License-Identifier: Apache-2.0 */
/* The public view of a batch: its paths and columns. */
#include "base/error.h"
#include "record/list.h"
#include "record/path.h"

#define END_PATHS(end)                                                                             \
    end ".type", end ".interface_id", end ".subnet_id", end ".vpc_id", end ".account_id",          \
        end ".availability_zone", end ".availability_zone_id", end ".region", end ".aws_service",  \
        end ".network", end ".via_public", end ".arns", end ".security_group_ids", end ".tags",    \
        end ".behind", end ".by", end ".sure", end ".reason"

/* In the order of fle_end and fle_attribute. */
static const char *const end_paths[FLE_OWNER * FLE_ATTR_COUNT] = {
    END_PATHS("client"),
    END_PATHS("server"),
};

const char *flowenrich_batch_path(const flowenrich_batch *batch, size_t index)
{
    const size_t n_ends = batch->ends[FLE_CLIENT] ? sizeof end_paths / sizeof *end_paths : 0;
    const size_t n_owners = batch->ends[FLE_OWNER] ? FLE_ATTR_COUNT : 0;

    if (index < batch->n_columns)
        return batch->columns[index].path;
    index -= batch->n_columns;
    if (index < n_ends)
        return end_paths[index];
    return index < n_owners ? fle_attribute_paths[index] : NULL;
}

/* Codes of a dictionary column, with FLE_ABSENT where the row has no value. */
static bool view_codes(flowenrich_batch *batch, const fle_column *column, flowenrich_column *out)
{
    uint32_t *codes = fle_arena_alloc(&batch->arena, (batch->rows + 1) * sizeof *codes);

    if (!codes)
        return false;
    for (size_t row = 0; row < batch->rows; row++)
        codes[row] = fle_column_valid(column, row) ? fle_column_u32(column, row) : FLE_ABSENT;
    out->codes = codes;
    out->dictionary = column->dictionary;
    out->dictionary_len = column->dictionary_len;
    return true;
}

/* A column of lists: what rows that are left have, one row's items behind another's. */
static bool view_list(flowenrich_batch *batch, const fle_column *column, flowenrich_column *out)
{
    const bool is_text = column->item == FLOWENRICH_TYPE_TEXT;
    const size_t width = is_text ? sizeof(flowenrich_text) : sizeof(uint64_t);
    uint32_t *lists = fle_arena_alloc(&batch->arena, (batch->rows + 1) * sizeof *lists);
    char *items = fle_arena_alloc(&batch->arena, (column->n_items + 1) * width);
    size_t n = 0;

    if (!lists || !items)
        return false;
    for (size_t row = 0; row < batch->rows; row++) {
        const size_t len = fle_list_len(column, row);
        const void *from = is_text ? (const void *)fle_list_texts(column, row).items
                                   : fle_list_numbers(column, row);

        lists[row] = (uint32_t)n;
        if (len > 0)
            memcpy(items + n * width, from, len * width);
        n += len;
    }
    lists[batch->rows] = (uint32_t)n;
    out->item = column->item;
    out->validity = column->validity;
    out->lists = lists;
    out->dictionary_len = n;
    if (is_text)
        out->dictionary = (const flowenrich_text *)(const void *)items;
    else
        out->values = items;
    return true;
}

static bool view_column(flowenrich_batch *batch, const fle_column *column, flowenrich_column *out)
{
    if (column->dictionary)
        return view_codes(batch, column, out);
    if (column->type == FLOWENRICH_TYPE_LIST)
        return view_list(batch, column, out);
    out->values = column->values;
    out->validity = column->validity;
    out->text = batch->text.data;
    return true;
}

/* An attribute with one value: the rows' answer numbers, and each answer's text. */
static bool view_texts(flowenrich_batch *batch, const fle_path *path, flowenrich_column *out)
{
    const size_t n = batch->n_answers;
    flowenrich_text *texts = fle_arena_alloc(&batch->arena, (n + 1) * sizeof *texts);

    if (!texts)
        return false;
    for (size_t i = 0; i < n; i++)
        texts[i] = path->tag.len ? fle_identity_tag(&batch->answers[i]->identity, path->tag)
                                 : fle_answer_text(batch->answers[i], path->attribute);
    out->dictionary = texts;
    out->dictionary_len = n;
    return true;
}

/* An attribute with several: the same, with the answers' texts one after another. */
static bool view_lists(flowenrich_batch *batch, const fle_path *path, flowenrich_column *out)
{
    uint32_t *lists = fle_arena_alloc(&batch->arena, (batch->n_answers + 1) * sizeof *lists);
    flowenrich_text *texts;
    size_t n = 0;

    if (!lists)
        return false;
    for (size_t i = 0; i < batch->n_answers; i++) {
        lists[i] = (uint32_t)n;
        n += fle_answer_texts(batch->answers[i], path->attribute).n;
    }
    lists[batch->n_answers] = (uint32_t)n;
    texts = fle_arena_alloc(&batch->arena, (n + 1) * sizeof *texts);
    if (!texts)
        return false;
    for (size_t i = 0; i < batch->n_answers; i++) {
        const fle_texts list = fle_answer_texts(batch->answers[i], path->attribute);

        if (list.n)
            memcpy(texts + lists[i], list.items, list.n * sizeof *texts);
    }
    out->item = FLOWENRICH_TYPE_TEXT;
    out->dictionary = texts;
    out->dictionary_len = n;
    out->lists = lists;
    return true;
}

/* Rows whose answer lacks a single-valued attribute are absent, not empty. */
static bool view_attribute(flowenrich_batch *batch, const fle_path *path, flowenrich_column *out)
{
    uint32_t *codes = fle_arena_alloc(&batch->arena, (batch->rows + 1) * sizeof *codes);
    const bool single = path->type == FLOWENRICH_TYPE_TEXT;

    if (!codes)
        return false;
    if (single ? !view_texts(batch, path, out) : !view_lists(batch, path, out))
        return false;
    for (size_t row = 0; row < batch->rows; row++) {
        codes[row] = batch->ends[path->end][row];
        if (single && codes[row] != FLE_ABSENT && out->dictionary[codes[row]].len == 0)
            codes[row] = FLE_ABSENT;
    }
    out->codes = codes;
    return true;
}

flowenrich_status flowenrich_batch_column(flowenrich_batch *batch, const char *name,
                                          flowenrich_column *out, flowenrich_error *error)
{
    flowenrich_column view = { 0 };
    fle_path path;
    bool done;

    if (!batch || !name || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'batch', 'path' or 'out' is NULL");
    if (!fle_path_open(&path, batch, fle_text_of(name)))
        return fle_error(error, FLOWENRICH_ERR_ARG, "the batch has no '%s'", name);
    view.size = sizeof view;
    view.type = path.type;
    view.rows = batch->rows;
    done = path.column != FLE_ABSENT ? view_column(batch, &batch->columns[path.column], &view)
                                     : view_attribute(batch, &path, &view);
    if (!done)
        return fle_error_nomem(error);
    if (!fle_struct_export(out, &view, sizeof view))
        return fle_error(error, FLOWENRICH_ERR_ARG, "the size of 'out' isn't set");
    return fle_error_ok(error);
}
