/* SPDX-License-Identifier: Apache-2.0 */
/* Where an input is from, as columns of the rows that come of it. */
#include "record/source.h"

#include "base/error.h"

const char *const fle_part_paths[FLE_N_PARTS] = {
    [FLE_PART_ID] = "flow_log.id",         [FLE_PART_ACCOUNT] = "flow_log.account",
    [FLE_PART_REGION] = "flow_log.region", [FLE_PART_GROUP] = "flow_log.group",
    [FLE_PART_STREAM] = "flow_log.stream", [FLE_PART_INTERFACE_ID] = "flow_log.interface_id",
    [FLE_PART_BUCKET] = "flow_log.bucket", [FLE_PART_KEY] = "flow_log.key",
};

fle_part fle_part_find(flowenrich_text path)
{
    size_t part = 0;

    while (part < FLE_N_PARTS && !fle_text_is(path, fle_part_paths[part]))
        part++;
    return (fle_part)part;
}

flowenrich_status fle_source_import(flowenrich_source *out, const flowenrich_source *from,
                                    flowenrich_error *error)
{
    static const flowenrich_source nothing = FLOWENRICH_SOURCE_INIT;

    *out = nothing;
    if (from && !fle_struct_import(out, sizeof *out, from))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the source doesn't begin with its size, or sets a member that this "
                         "version of the library lacks: start from FLOWENRICH_SOURCE_INIT");
    return fle_error_ok(error);
}

fle_parts fle_parts_of(const flowenrich_source *source)
{
    return (fle_parts){ {
        [FLE_PART_ID] = source->flow_log,
        [FLE_PART_ACCOUNT] = source->account,
        [FLE_PART_REGION] = source->region,
        [FLE_PART_GROUP] = source->log_group,
        [FLE_PART_STREAM] = source->log_stream,
        [FLE_PART_INTERFACE_ID] = source->interface_id,
        [FLE_PART_BUCKET] = source->bucket,
        [FLE_PART_KEY] = source->key,
    } };
}

bool fle_parts_equal(const fle_parts *a, const fle_parts *b)
{
    size_t part = 0;

    while (part < FLE_N_PARTS && fle_text_equal(a->of[part], b->of[part]))
        part++;
    return part == FLE_N_PARTS;
}

bool fle_parts_copy(fle_parts *parts, const flowenrich_source *source, uint32_t asked,
                    fle_arena *arena)
{
    *parts = fle_parts_of(source);
    for (size_t part = 0; part < FLE_N_PARTS; part++) {
        flowenrich_text *text = &parts->of[part];

        if (!(asked >> part & 1))
            text->len = 0;
        if (text->len > 0 && !fle_arena_text(arena, text->data, text->len, text))
            return false;
    }
    return true;
}

static fle_column *column_of(flowenrich_batch *batch, size_t part)
{
    return fle_batch_add(batch, fle_text_of(fle_part_paths[part]), FLOWENRICH_TYPE_TEXT);
}

bool fle_parts_bind(const fle_parts *parts, flowenrich_batch *batch)
{
    for (size_t part = 0; part < FLE_N_PARTS; part++)
        if (parts->of[part].len > 0 && !column_of(batch, part))
            return false;
    return true;
}

static bool fill(flowenrich_batch *batch, size_t part, flowenrich_text text, size_t first)
{
    fle_column *column = column_of(batch, part);
    flowenrich_slice slice;

    if (!column || !fle_batch_append_text(batch, text.data, text.len, &slice))
        return false;
    for (size_t row = first; row < batch->rows; row++)
        fle_column_set_slice(column, row, slice);
    return true;
}

bool fle_parts_fill(const fle_parts *parts, flowenrich_batch *batch, size_t first)
{
    for (size_t part = 0; part < FLE_N_PARTS && first < batch->rows; part++)
        if (parts->of[part].len > 0 && !fill(batch, part, parts->of[part], first))
            return false;
    return true;
}
