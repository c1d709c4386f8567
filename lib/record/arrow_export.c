/* SPDX-License-Identifier: Apache-2.0 */
/* A batch's rows out to Arrow. */
#include "base/error.h"
#include "record/arrow_gather.h"
#include "record/arrow_owner.h"

/* The fields of the options, or else all of the chunk. NULL if memory ran out. */
static const fle_arrow_field *fields_of(fle_arrow_chunk *chunk,
                                        const flowenrich_arrow_options *options, size_t *n)
{
    fle_arrow_field *fields;
    size_t next = 0;

    *n = options->fields ? options->field_count : chunk->n_columns;
    fields = fle_arena_alloc(&chunk->arena, *n * sizeof *fields);
    for (size_t i = 0; fields && i < *n; i++) {
        /* The chunk has its columns in the same order, but may lack some. */
        if (next < chunk->n_columns &&
            (!options->fields || strcmp(chunk->columns[next].field.path, options->fields[i]) == 0))
            fields[i] = chunk->columns[next++].field;
        else
            fle_arrow_field_unknown(&fields[i], options->fields[i], options);
    }
    return fields;
}

static bool export_chunk(fle_arrow_chunk *chunk, const flowenrich_arrow_options *options,
                         struct ArrowSchema *schema, struct ArrowArray *array)
{
    const bool nested = options->nested != 0;
    size_t n;
    const fle_arrow_field *fields = fields_of(chunk, options, &n);

    if (!fields || !fle_arrow_schema_export(schema, &chunk->allocator, fields, n, nested))
        return false;
    if (fle_arrow_array_export(array, chunk, fields, n, nested))
        return true;
    schema->release(schema);
    return false;
}

flowenrich_status flowenrich_batch_export(flowenrich_batch *batch,
                                          const flowenrich_arrow_options *options,
                                          struct ArrowSchema *schema, struct ArrowArray *array,
                                          flowenrich_error *error)
{
    flowenrich_arrow_options opt;
    fle_arrow_chunk *chunk;
    flowenrich_status status;

    if (!batch || !schema || !array)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'batch', 'schema' or 'array' is NULL");
    memset(schema, 0, sizeof *schema);
    memset(array, 0, sizeof *array);
    status = fle_arrow_options_import(&opt, options, error);
    if (status == FLOWENRICH_OK)
        status = fle_arrow_gather(&chunk, batch, &opt, error);
    if (status != FLOWENRICH_OK)
        return status;
    if (export_chunk(chunk, &opt, schema, array))
        fle_arrow_give(chunk, batch);
    else
        status = fle_error_nomem(error);
    fle_arrow_chunk_free(chunk);
    return status;
}
