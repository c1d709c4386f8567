/* SPDX-License-Identifier: Apache-2.0 */
/* What a row has several of, as Arrow's lists and maps. */
#include "record/arrow_list.h"

#include "record/arrow_text.h"
#include "record/list.h"

/* A path that is laid out. */
typedef struct source {
    fle_arrow_chunk *chunk;
    const flowenrich_batch *batch;
    const fle_path *path;
    const fle_column *column; /* NULL: of an end */
    size_t stride;            /* texts an item: two are a pair of a map */
} source;

static size_t n_items(const source *from, size_t row)
{
    fle_value value;

    if (from->column)
        return fle_list_longest(from->batch, from->column, row);
    fle_path_get(from->path, from->batch, row, &value);
    return value.type ? value.as.texts.n / from->stride : 0;
}

/* Where each row's items begin. 'n' receives how many there are. */
static flowenrich_status put_offsets(struct ArrowArray *array, const source *from, size_t *n)
{
    const size_t rows = from->batch->rows;
    int32_t *offsets = fle_arrow_chunk_block(from->chunk, (rows + 1) * sizeof *offsets);
    uint8_t *validity = fle_arrow_chunk_bitmap(from->chunk, rows);
    size_t n_valid = 0;

    *n = 0;
    if (!offsets || !validity)
        return FLOWENRICH_ERR_NOMEM;
    array->buffers[1] = offsets;
    for (size_t row = 0; row < rows; row++) {
        const size_t more = n_items(from, row);

        offsets[row] = (int32_t)*n;
        *n += more;
        if (*n > INT32_MAX)
            return FLOWENRICH_ERR_LIMIT;
        if (more > 0) {
            fle_arrow_set_bit(validity, row);
            n_valid++;
        }
    }
    offsets[rows] = (int32_t)*n;
    fle_arrow_mark_valid(array, validity, n_valid);
    if (*n > from->chunk->most_items)
        from->chunk->most_items = *n;
    return FLOWENRICH_OK;
}

/*
 * The 'part'th texts of all rows' items, one after another: 'n' in all. Not as codes
 * of a dictionary, though these would be smaller: DuckDB can't read lists of
 * those where it comes upon rows whose lists are all empty. Of a column, an empty
 * text is an item that isn't known.
 */
static flowenrich_status put_texts(struct ArrowArray *array, const source *from, size_t part,
                                   size_t n)
{
    uint8_t *validity = fle_arrow_chunk_bitmap(from->chunk, n);
    size_t n_valid = 0;
    fle_arrow_writer writer;
    flowenrich_status status = fle_arrow_writer_init(&writer, from->chunk, n);

    if (!validity)
        status = FLOWENRICH_ERR_NOMEM;
    for (size_t row = 0; row < from->batch->rows && status == FLOWENRICH_OK; row++) {
        const size_t len = n_items(from, row);
        fle_value value;

        fle_path_get(from->path, from->batch, row, &value);
        for (size_t i = 0; i < len && status == FLOWENRICH_OK; i++) {
            const size_t at = i * from->stride + part;
            const bool has = value.type && at < value.as.texts.n;
            const flowenrich_text text = has ? value.as.texts.items[at] : fle_text(NULL, 0);

            if (text.len > 0 || !from->column) {
                fle_arrow_set_bit(validity, writer.n);
                n_valid++;
            }
            status = fle_arrow_writer_add(&writer, text);
        }
    }
    status = fle_arrow_writer_end(&writer, array, status);
    if (status == FLOWENRICH_OK)
        fle_arrow_mark_valid(array, validity, n_valid);
    return status;
}

static flowenrich_status put_numbers(struct ArrowArray *array, const source *from, size_t n)
{
    uint64_t *numbers = fle_arrow_chunk_block(from->chunk, n * sizeof *numbers);
    uint8_t *validity = fle_arrow_chunk_bitmap(from->chunk, n);
    size_t at = 0, n_valid = 0;

    if (!numbers || !validity || !fle_arrow_array_init(array, &from->chunk->arena, n, 2, 0))
        return FLOWENRICH_ERR_NOMEM;
    for (size_t row = 0; row < from->batch->rows; row++) {
        const size_t len = n_items(from, row), own = fle_list_len(from->column, row);

        for (size_t i = 0; i < len; i++, at++) {
            numbers[at] = i < own ? fle_list_u64(from->column, row, i) : 0;
            if (i < own) {
                fle_arrow_set_bit(validity, at);
                n_valid++;
            }
        }
    }
    array->buffers[1] = numbers;
    fle_arrow_mark_valid(array, validity, n_valid);
    return FLOWENRICH_OK;
}

flowenrich_status fle_arrow_list(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                 const flowenrich_batch *batch, const fle_path *path)
{
    const source from = {
        .chunk = chunk,
        .batch = batch,
        .path = path,
        .column = path->column != FLE_ABSENT ? &batch->columns[path->column] : NULL,
        .stride = path->type == FLOWENRICH_TYPE_MAP ? 2 : 1,
    };
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    struct ArrowArray *items;
    size_t n;

    if (fle_arrow_array_init(array, &chunk->arena, batch->rows, 2, 1))
        status = put_offsets(array, &from, &n);
    if (status != FLOWENRICH_OK)
        return status;
    items = array->children[0];
    if (path->item == FLOWENRICH_TYPE_U64)
        return put_numbers(items, &from, n);
    if (from.stride == 1)
        return put_texts(items, &from, 0, n);
    if (!fle_arrow_array_init(items, &chunk->arena, n, 1, from.stride))
        return FLOWENRICH_ERR_NOMEM;
    for (size_t part = 0; part < from.stride && status == FLOWENRICH_OK; part++)
        status = put_texts(items->children[part], &from, part, n);
    return status;
}
