/* SPDX-License-Identifier: Apache-2.0 */
/* Batches moved together into one table. */
#include "base/error.h"
#include "record/arrow_gather.h"
#include "record/arrow_stream.h"

struct flowenrich_table {
    fle_allocator allocator;
    flowenrich_arrow_options options; /* with fields of its own */
    fle_arena names;
    fle_arrow_field *fields; /* of all chunks; with options.fields, these */
    bool *known;             /* is a field's type that of a chunk, or only guessed? */
    size_t n_fields, fields_capacity, known_capacity;
    fle_arrow_chunk **chunks;
    size_t n_chunks, chunks_capacity;
    size_t rows;
};

static bool reserve_fields(flowenrich_table *table, size_t more)
{
    const size_t need = table->n_fields + more;
    fle_arrow_field *fields =
        fle_grow(&table->allocator, table->fields, &table->fields_capacity, need, sizeof *fields);
    bool *known;

    if (fields)
        table->fields = fields;
    known = fle_grow(&table->allocator, table->known, &table->known_capacity, need, sizeof *known);
    if (known)
        table->known = known;
    return fields && known;
}

static bool copy_fields(flowenrich_table *table)
{
    const size_t n = table->options.field_count;
    const char **paths = fle_arena_alloc(&table->names, n * sizeof *paths);

    if (!paths || !reserve_fields(table, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *path = table->options.fields[i];
        flowenrich_text copy;

        if (!fle_arena_text(&table->names, path, strlen(path), &copy))
            return false;
        paths[i] = copy.data;
        table->known[i] = false;
        fle_arrow_field_unknown(&table->fields[i], copy.data, &table->options);
    }
    table->options.fields = paths;
    table->n_fields = n;
    return true;
}

flowenrich_status flowenrich_table_new(flowenrich_table **out,
                                       const flowenrich_arrow_options *arrow,
                                       const flowenrich_options *options, flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_arrow_options arrow_options;
    flowenrich_table *table;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status == FLOWENRICH_OK)
        status = fle_arrow_options_import(&arrow_options, arrow, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    table = fle_alloc_zeroed(&allocator, sizeof *table);
    if (!table)
        return fle_error_nomem(error);
    table->allocator = allocator;
    table->options = arrow_options;
    fle_arena_init(&table->names, &table->allocator);
    if (arrow_options.fields && !copy_fields(table)) {
        flowenrich_table_free(table);
        return fle_error_nomem(error);
    }
    *out = table;
    return fle_error_ok(error);
}

void flowenrich_table_free(flowenrich_table *table)
{
    fle_allocator allocator;

    if (!table)
        return;
    allocator = table->allocator;
    for (size_t i = 0; i < table->n_chunks; i++)
        fle_arrow_chunk_free(table->chunks[i]);
    fle_free(&allocator, table->chunks);
    fle_free(&allocator, table->fields);
    fle_free(&allocator, table->known);
    fle_arena_free(&table->names);
    fle_free(&allocator, table);
}

size_t flowenrich_table_rows(const flowenrich_table *table)
{
    return table->rows;
}

static size_t find_field(const flowenrich_table *table, const char *path)
{
    size_t i = 0;

    while (i < table->n_fields && strcmp(table->fields[i].path, path) != 0)
        i++;
    return i;
}

/* Can the chunk's columns stand below those that are there? */
static flowenrich_status check_types(const flowenrich_table *table, const fle_arrow_chunk *chunk,
                                     flowenrich_error *error)
{
    for (size_t i = 0; i < chunk->n_columns; i++) {
        const fle_arrow_field *field = &chunk->columns[i].field;
        const size_t at = find_field(table, field->path);

        if (at < table->n_fields && table->known[at] && table->fields[at].kind != field->kind)
            return fle_error(error, FLOWENRICH_ERR_ARG,
                             "the column '%s' has another type than in the batches before",
                             field->path);
    }
    return FLOWENRICH_OK;
}

/* There is room for all of them. False if memory ran out, and then some may be there. */
static bool add_fields(flowenrich_table *table, const fle_arrow_chunk *chunk)
{
    for (size_t i = 0; i < chunk->n_columns; i++) {
        const fle_arrow_field *field = &chunk->columns[i].field;
        const size_t at = find_field(table, field->path);
        flowenrich_text path;

        if (at == table->n_fields) {
            if (!fle_arena_text(&table->names, field->path, strlen(field->path), &path))
                return false;
            table->fields[at].path = path.data;
            table->n_fields++;
        }
        table->fields[at].type = field->type;
        table->fields[at].kind = field->kind;
        table->known[at] = true;
    }
    return true;
}

static flowenrich_status add_chunk(flowenrich_table *table, fle_arrow_chunk *chunk,
                                   flowenrich_error *error)
{
    const size_t n_fields = table->n_fields;
    const flowenrich_status status = check_types(table, chunk, error);
    fle_arrow_chunk **chunks;

    if (status != FLOWENRICH_OK)
        return status;
    chunks = fle_grow(&table->allocator, table->chunks, &table->chunks_capacity,
                      table->n_chunks + 1, sizeof *chunks);
    if (chunks)
        table->chunks = chunks;
    if (!chunks || !reserve_fields(table, chunk->n_columns))
        return fle_error_nomem(error);
    if (!add_fields(table, chunk)) {
        table->n_fields = n_fields;
        return fle_error_nomem(error);
    }
    chunks[table->n_chunks++] = chunk;
    table->rows += chunk->rows;
    return FLOWENRICH_OK;
}

flowenrich_status flowenrich_table_add(flowenrich_table *table, flowenrich_batch *batch,
                                       flowenrich_error *error)
{
    fle_arrow_chunk *chunk;
    flowenrich_status status;

    if (!table || !batch)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'table' or 'batch' is NULL");
    status = fle_arrow_gather(&chunk, batch, &table->options, error);
    if (status != FLOWENRICH_OK)
        return status;
    status = add_chunk(table, chunk, error);
    if (status == FLOWENRICH_OK)
        fle_arrow_give(chunk, batch);
    else
        fle_arrow_chunk_free(chunk);
    return status;
}

flowenrich_status flowenrich_table_stream(flowenrich_table *table, struct ArrowArrayStream *out,
                                          flowenrich_error *error)
{
    if (!table || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'table' or 'out' is NULL");
    if (!fle_arrow_stream(out, &table->allocator, table->fields, table->n_fields,
                          table->options.nested != 0, table->chunks, table->n_chunks))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}
