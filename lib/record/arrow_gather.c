/* SPDX-License-Identifier: Apache-2.0 */
/* From a batch to Arrow's layout. */
#include "record/arrow_gather.h"

#include "base/error.h"
#include "record/arrow_ends.h"
#include "record/arrow_list.h"
#include "record/arrow_text.h"
#include "record/arrow_view.h"

flowenrich_status fle_arrow_options_import(flowenrich_arrow_options *out,
                                           const flowenrich_arrow_options *from,
                                           flowenrich_error *error)
{
    static const flowenrich_arrow_options defaults = FLOWENRICH_ARROW_OPTIONS_INIT;

    *out = defaults;
    if (from && !fle_struct_import(out, sizeof *out, from))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the options don't begin with their size, or set a member that this "
                         "version of the library lacks: start from FLOWENRICH_ARROW_OPTIONS_INIT");
    if (!out->fields && out->field_count > 0)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'fields' is NULL and 'field_count' isn't 0");
    for (size_t i = 0; i < out->field_count; i++) {
        if (!out->fields[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "'fields[%zu]' is NULL", i);
        for (size_t k = 0; k < i; k++)
            if (strcmp(out->fields[k], out->fields[i]) == 0)
                return fle_error(error, FLOWENRICH_ERR_ARG, "the field '%s' is asked for twice",
                                 out->fields[i]);
    }
    return fle_error_ok(error);
}

/* Bits of up to 64 rows. */
static uint64_t bits_at(const uint8_t *bits, size_t row, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < (n + 7) / 8; i++)
        word |= (uint64_t)bits[row / 8 + i] << 8 * i;
    return word;
}

/* Let those of 'n' rows without their bit have zeros for a value of so many words. */
static void clear_words(uint32_t *words, size_t width, uint64_t valid, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t mask = 0 - (uint32_t)(valid >> i & 1);

        for (size_t k = 0; k < width; k++)
            words[i * width + k] &= mask;
    }
}

/* Let rows without a value have zeros for one, and count them: no memory of others may show. */
static size_t clear_absent(const fle_column *column, size_t rows)
{
    const size_t width = fle_column_width(column) / sizeof(uint32_t);
    size_t n_absent = 0;

    for (size_t row = 0; row < rows; row += 64) {
        const size_t n = rows - row < 64 ? rows - row : 64;
        const uint64_t all = ~UINT64_C(0) >> (64 - n);
        const uint64_t valid = bits_at(column->validity, row, n);
        uint32_t *words = (uint32_t *)column->values + row * width;

        if (valid == all)
            continue;
        switch (width) { /* each is a loop of its own */
        case 1:
            clear_words(words, 1, valid, n);
            break;
        case 2:
            clear_words(words, 2, valid, n);
            break;
        default:
            clear_words(words, 4, valid, n);
            break;
        }
        for (uint64_t absent = all & ~valid; absent; absent &= absent - 1)
            n_absent++;
    }
    return n_absent;
}

/* Bits without a value are cleared, all at once. */
static size_t clear_absent_bits(const fle_column *column, size_t rows)
{
    uint8_t *values = column->values;
    size_t n = 0;

    for (size_t i = 0; i < (rows + 7) / 8; i++)
        values[i] &= column->validity[i];
    for (size_t row = 0; row < rows; row++)
        n += !fle_column_valid(column, row);
    return n;
}

static fle_arrow_kind kind_of_type(uint32_t type)
{
    static const fle_arrow_kind kinds[] = {
        [FLOWENRICH_TYPE_U32] = FLE_ARROW_U32,   [FLOWENRICH_TYPE_U64] = FLE_ARROW_U64,
        [FLOWENRICH_TYPE_TIME] = FLE_ARROW_TIME, [FLOWENRICH_TYPE_F64] = FLE_ARROW_F64,
        [FLOWENRICH_TYPE_BOOL] = FLE_ARROW_BOOL, [FLOWENRICH_TYPE_ADDRESS] = FLE_ARROW_ADDRESS,
        [FLOWENRICH_TYPE_TEXT] = FLE_ARROW_TEXT, [FLOWENRICH_TYPE_LIST] = FLE_ARROW_LIST,
        [FLOWENRICH_TYPE_MAP] = FLE_ARROW_MAP,
    };

    return type < sizeof kinds / sizeof *kinds ? kinds[type] : FLE_ARROW_NOTHING;
}

/* The type of a path, which the batch has or not. Addresses in writing are texts. */
static fle_arrow_kind kind_of(uint32_t type, uint32_t item, const flowenrich_arrow_options *options)
{
    if (type == FLOWENRICH_TYPE_ADDRESS && options->addresses != 0)
        return FLE_ARROW_TEXT;
    return item == FLOWENRICH_TYPE_U64 ? FLE_ARROW_NUMBERS : kind_of_type(type);
}

void fle_arrow_field_unknown(fle_arrow_field *field, const char *path,
                             const flowenrich_arrow_options *options)
{
    field->path = path;
    field->type = fle_path_type(fle_text_of(path));
    field->kind = kind_of(field->type, fle_path_item(fle_text_of(path)), options);
}

/* A column of the batch: its buffers as they lie, but for texts. */
static flowenrich_status lay_out_column(fle_arrow_column *out, fle_arrow_chunk *chunk,
                                        flowenrich_batch *batch, const fle_column *column)
{
    struct ArrowArray *array = &out->array;
    const size_t n_absent = fle_column_width(column) ? clear_absent(column, batch->rows)
                                                     : clear_absent_bits(column, batch->rows);

    if (!fle_arrow_array_init(array, &chunk->arena, batch->rows, FLE_ARROW_MOST_BUFFERS, 0))
        return FLOWENRICH_ERR_NOMEM;
    array->n_buffers = 2;
    array->null_count = (int64_t)n_absent;
    array->buffers[0] = n_absent > 0 ? column->validity : NULL;
    if (column->dictionary) {
        out->field.kind = FLE_ARROW_CODES;
        array->buffers[1] = column->values;
        array->dictionary = fle_arena_alloc(&chunk->arena, sizeof *array->dictionary);
        return array->dictionary ? fle_arrow_texts(array->dictionary, chunk, column->dictionary,
                                                   column->dictionary_len)
                                 : FLOWENRICH_ERR_NOMEM;
    }
    if (out->field.kind == FLE_ARROW_TEXT)
        return column->type == FLOWENRICH_TYPE_TEXT
                   ? fle_arrow_views_of_texts(array, chunk, batch, column->values)
                   : fle_arrow_views_of_addresses(array, chunk, column);
    array->buffers[1] = column->values;
    return FLOWENRICH_OK;
}

/* Nothing is laid out of a path that the batch lacks. */
static flowenrich_status lay_out(fle_arrow_chunk *chunk, flowenrich_batch *batch, const char *name,
                                 const flowenrich_arrow_options *options)
{
    fle_arrow_column *out = &chunk->columns[chunk->n_columns];
    flowenrich_text copy;
    fle_path path;

    if (!fle_path_open(&path, batch, fle_text_of(name)))
        return FLOWENRICH_OK;
    if (!fle_arena_text(&chunk->arena, name, strlen(name), &copy))
        return FLOWENRICH_ERR_NOMEM;
    out->field = (fle_arrow_field){ copy.data, path.type, kind_of(path.type, path.item, options) };
    out->column = path.column;
    chunk->n_columns++;
    if (path.column != FLE_ABSENT && path.type == FLOWENRICH_TYPE_LIST)
        return fle_arrow_list(&out->array, chunk, batch, &path);
    if (path.column != FLE_ABSENT)
        return lay_out_column(out, chunk, batch, &batch->columns[path.column]);
    if (out->field.kind == FLE_ARROW_TEXT)
        out->field.kind = FLE_ARROW_CODES;
    return fle_arrow_end(&out->array, chunk, batch, &path);
}

static flowenrich_status lay_out_all(fle_arrow_chunk *chunk, flowenrich_batch *batch,
                                     const flowenrich_arrow_options *options)
{
    flowenrich_status status = FLOWENRICH_OK;
    size_t n = 0;

    while (options->fields ? n < options->field_count : flowenrich_batch_path(batch, n) != NULL)
        n++;
    chunk->columns = fle_arena_alloc(&chunk->arena, n * sizeof *chunk->columns);
    if (!chunk->columns)
        return FLOWENRICH_ERR_NOMEM;
    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        status = lay_out(chunk, batch,
                         options->fields ? options->fields[i] : flowenrich_batch_path(batch, i),
                         options);
    /* For what is given up of them. */
    if (status == FLOWENRICH_OK && !fle_arrow_chunk_reserve(chunk, 2 * n))
        status = FLOWENRICH_ERR_NOMEM;
    return status;
}

flowenrich_status fle_arrow_gather(fle_arrow_chunk **out, flowenrich_batch *batch,
                                   const flowenrich_arrow_options *options, flowenrich_error *error)
{
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&batch->allocator);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    *out = NULL;
    if (chunk) {
        chunk->rows = batch->rows;
        status = lay_out_all(chunk, batch, options);
    }
    if (status == FLOWENRICH_OK) {
        *out = chunk;
        return fle_error_ok(error);
    }
    fle_arrow_chunk_free(chunk);
    return status == FLOWENRICH_ERR_NOMEM
               ? fle_error_nomem(error)
               : fle_error(error, status,
                           "a column has over 2 GiB of text, more than Arrow's offsets reach: "
                           "export fewer rows at a time");
}

void fle_arrow_give(fle_arrow_chunk *chunk, flowenrich_batch *batch)
{
    for (size_t i = 0; i < chunk->n_columns; i++) {
        const fle_arrow_column *from = &chunk->columns[i];
        fle_column *column = from->column == FLE_ABSENT ? NULL : &batch->columns[from->column];

        if (column && from->array.buffers[0] == column->validity) {
            fle_arrow_chunk_take(chunk, column->validity);
            column->validity = NULL;
        }
        if (column && from->array.buffers[1] == column->values) {
            fle_arrow_chunk_take(chunk, column->values);
            column->values = NULL;
        }
    }
    fle_batch_drop_columns(batch);
}
