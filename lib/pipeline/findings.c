/* SPDX-License-Identifier: Apache-2.0 */
/* What a call of the pipeline met with: lines that were refused, objects to fetch. */
#include "pipeline/pipeline.h"

void fle_findings_init(fle_findings *findings, const fle_allocator *allocator)
{
    fle_arena_init(&findings->texts, allocator);
}

void fle_findings_free(fle_findings *findings)
{
    fle_free(findings->texts.allocator, findings->objects);
    fle_arena_free(&findings->texts);
}

void fle_findings_clear(fle_findings *findings)
{
    fle_arena_clear(&findings->texts);
    findings->n_rejects = findings->n_objects = 0;
}

bool fle_findings_add_rejects(fle_findings *findings, const flowenrich_batch *batch,
                              const fle_buffer *place)
{
    for (; findings->told < batch->n_rejects; findings->told++) {
        const size_t at = findings->n_rejects++;
        flowenrich_reject *reject;

        if (findings->told >= FLE_REJECTS_KEPT || at >= FLE_REJECTS_KEPT)
            continue;
        reject = &findings->rejects[at];
        *reject = batch->rejects[findings->told];
        if (!fle_arena_text(&findings->texts, reject->text.data, reject->text.len, &reject->text) ||
            !fle_arena_text(&findings->texts, place->data, place->len, &reject->place))
            return false;
    }
    return true;
}

bool fle_findings_add_object(fle_findings *findings, const flowenrich_source *object)
{
    flowenrich_source copy = FLOWENRICH_SOURCE_INIT;
    flowenrich_source *objects =
        fle_grow(findings->texts.allocator, findings->objects, &findings->objects_capacity,
                 findings->n_objects + 1, sizeof *objects);

    if (!objects)
        return false;
    findings->objects = objects;
    if (!fle_arena_text(&findings->texts, object->region.data, object->region.len, &copy.region) ||
        !fle_arena_text(&findings->texts, object->bucket.data, object->bucket.len, &copy.bucket) ||
        !fle_arena_text(&findings->texts, object->key.data, object->key.len, &copy.key))
        return false;
    objects[findings->n_objects++] = copy;
    return true;
}
