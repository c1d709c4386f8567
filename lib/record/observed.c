/* SPDX-License-Identifier: Apache-2.0 */
/* What the records of a batch's observers said of them. */
#include "record/observed.h"

static bool copy_text(flowenrich_batch *batch, flowenrich_text *text)
{
    if (text->len > 0)
        return fle_arena_text(&batch->arena, text->data, text->len, text);
    *text = fle_text("", 0);
    return true;
}

static fle_observed *copy(flowenrich_batch *batch, const fle_observed *observed)
{
    fle_observed *kept = fle_arena_alloc(&batch->arena, sizeof *kept);

    if (!kept)
        return NULL;
    *kept = *observed;
    return copy_text(batch, &kept->id) && copy_text(batch, &kept->vpc_id) &&
                   copy_text(batch, &kept->subnet_id) && copy_text(batch, &kept->account_id) &&
                   copy_text(batch, &kept->instance_id) && copy_text(batch, &kept->task_arn) &&
                   copy_text(batch, &kept->az_id) && copy_text(batch, &kept->region) &&
                   copy_text(batch, &kept->resource_id) && copy_text(batch, &kept->interface_type)
               ? kept
               : NULL;
}

static const uint32_t *find(const flowenrich_batch *batch, flowenrich_text id)
{
    return batch->by_observer ? fle_map_find(batch->by_observer, id.data, id.len) : NULL;
}

uint32_t fle_batch_add_observed(flowenrich_batch *batch, const fle_observed *observed)
{
    const uint32_t *number = find(batch, observed->id);
    fle_observed **items, *kept;

    if (number)
        return *number;
    if (!batch->by_observer)
        batch->by_observer = fle_map_new(&batch->allocator, batch->hash_seed);
    items = fle_grow(&batch->allocator, batch->observed, &batch->observed_capacity,
                     batch->n_observed + 1, sizeof *items);
    if (items)
        batch->observed = items;
    if (!items || !batch->by_observer)
        return FLE_ABSENT;
    kept = copy(batch, observed);
    if (!kept ||
        !fle_map_add(batch->by_observer, kept->id.data, kept->id.len, (uint32_t)batch->n_observed))
        return FLE_ABSENT;
    items[batch->n_observed] = kept;
    return (uint32_t)batch->n_observed++;
}

const fle_observed *fle_batch_observed(const flowenrich_batch *batch, flowenrich_text id)
{
    const uint32_t *number = find(batch, id);

    return number ? batch->observed[*number] : NULL;
}
