/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of one batch, copied to the end of another. */
#include "record/append.h"

#include "base/hash.h"

/* Rows on their way, and where each column of theirs goes; FLE_ABSENT: it stays behind. */
typedef struct move {
    flowenrich_batch *to;
    const flowenrich_batch *from;
    size_t row, n;
    uint32_t *columns;
} move;

/* ---- Columns. ---- */

/* Lists are what other stages add. */
static bool has_values(const fle_column *column, size_t row, size_t n)
{
    if (column->type == FLOWENRICH_TYPE_LIST)
        return false;
    for (size_t i = row; i < row + n; i++)
        if (fle_column_valid(column, i))
            return true;
    return false;
}

static bool add_column(move *m, uint32_t number)
{
    const fle_column *column = &m->from->columns[number];
    const flowenrich_text path = fle_text_of(column->path);
    const fle_column *added;

    if (m->columns[number] != FLE_ABSENT)
        return true;
    if (column->field != FLE_FIELD_COUNT)
        added = fle_batch_add_field(m->to, column->field);
    else if (column->dictionary)
        added = fle_batch_add_codes(m->to, path, column->dictionary, column->dictionary_len);
    else
        added = fle_batch_add(m->to, path, column->type);
    if (!added)
        return false;
    m->columns[number] = (uint32_t)(added - m->to->columns);
    return true;
}

static bool add_columns(move *m)
{
    const fle_shape *last = NULL;

    for (uint32_t i = 0; i < m->from->n_columns; i++)
        if (has_values(&m->from->columns[i], m->row, m->n) && !add_column(m, i))
            return false;
    for (size_t i = m->row; i < m->row + m->n; i++) {
        const fle_shape *shape = fle_batch_shape(m->from, i);

        for (size_t k = 0; shape && shape != last && k < shape->n; k++)
            if (!add_column(m, shape->columns[k]))
                return false;
        last = shape;
    }
    return true;
}

/* ---- Shapes. ---- */

static bool is_shape(const move *m, const fle_shape *made, const fle_shape *shape)
{
    if (made->n != shape->n)
        return false;
    for (size_t i = 0; i < shape->n; i++)
        if (made->columns[i] != m->columns[shape->columns[i]])
            return false;
    return true;
}

/* The number of the same shape over there; FLE_ABSENT if memory ran out. */
static uint32_t find_shape(const move *m, const fle_shape *shape)
{
    uint32_t number;

    for (number = 0; number < m->to->n_shapes; number++)
        if (is_shape(m, &m->to->shapes[number], shape))
            return number;
    number = fle_batch_new_shape(m->to, shape->n);
    for (size_t i = 0; number != FLE_ABSENT && i < shape->n; i++)
        m->to->shapes[number].columns[i] = m->columns[shape->columns[i]];
    return number;
}

static bool set_shapes(const move *m)
{
    const fle_shape *last = NULL;
    uint32_t number = FLE_ABSENT;

    for (size_t i = 0; i < m->n; i++) {
        const fle_shape *shape = fle_batch_shape(m->from, m->row + i);

        if (shape && shape != last)
            number = find_shape(m, shape);
        if (shape && number == FLE_ABSENT)
            return false;
        m->to->shape_of[m->to->rows + i] = shape ? number : FLE_ABSENT;
        last = shape;
    }
    return true;
}

/* ---- Values. ---- */

/* What a row says is often what the row before said: it is kept once. */
static bool copy_text(const move *m, fle_column *to, size_t row, flowenrich_text text)
{
    flowenrich_slice slice;

    if (row > 0 && fle_column_valid(to, row - 1) &&
        fle_text_equal(fle_batch_text(m->to, to, row - 1), text))
        slice = ((const flowenrich_slice *)to->values)[row - 1];
    else if (!fle_batch_append_text(m->to, text.data, text.len, &slice))
        return false;
    fle_column_set_slice(to, row, slice);
    return true;
}

static bool copy_texts(const move *m, const fle_column *from, fle_column *to)
{
    for (size_t i = 0; i < m->n; i++)
        if (fle_column_valid(from, m->row + i) &&
            !copy_text(m, to, m->to->rows + i, fle_batch_text(m->from, from, m->row + i)))
            return false;
    return true;
}

static bool is_plain_text(const fle_column *column)
{
    return column->type == FLOWENRICH_TYPE_TEXT && !column->dictionary;
}

static bool copy_values(const move *m)
{
    for (size_t k = 0; k < m->from->n_columns; k++) {
        const fle_column *from = &m->from->columns[k];
        fle_column *to;

        if (m->columns[k] == FLE_ABSENT)
            continue;
        to = &m->to->columns[m->columns[k]];
        if (is_plain_text(from)) {
            if (!copy_texts(m, from, to))
                return false;
            continue;
        }
        for (size_t i = 0; i < m->n; i++)
            if (fle_column_valid(from, m->row + i))
                fle_column_copy(to, m->to->rows + i, from, m->row + i);
    }
    return true;
}

/* Rows behind the last are absent; half-made ones are so again. */
static void take_back(const move *m)
{
    for (size_t k = 0; k < m->to->n_columns; k++)
        for (size_t i = 0; i < m->n; i++)
            fle_column_clear(&m->to->columns[k], m->to->rows + i);
    for (size_t i = 0; i < m->n; i++)
        m->to->shape_of[m->to->rows + i] = FLE_ABSENT;
}

bool fle_batch_append_rows(flowenrich_batch *to, const flowenrich_batch *from, size_t row, size_t n)
{
    move m = { to, from, row, n, NULL };
    bool done;

    m.columns = fle_alloc(&to->allocator, (from->n_columns + 1) * sizeof *m.columns);
    if (!m.columns)
        return false;
    memset(m.columns, 0xff, (from->n_columns + 1) * sizeof *m.columns);
    done = add_columns(&m) && set_shapes(&m) && copy_values(&m);
    fle_free(&to->allocator, m.columns);
    if (!done) {
        take_back(&m);
        return false;
    }
    memcpy(to->kinds + to->rows, from->kinds + row, n);
    memcpy(to->lines + to->rows, from->lines + row, n * sizeof *to->lines);
    to->rows += n;
    return true;
}

/* A text's new slice; texts as they were are the keys of 'places', where they are now. */
static bool share_text(fle_buffer *to, fle_map *places, const char *text, flowenrich_slice *slice)
{
    const uint32_t *place = fle_map_find(places, text, slice->length);

    slice->offset = place ? *place : (uint32_t)to->len;
    if (place)
        return true;
    fle_buffer_append(to, text, slice->length);
    return !to->failed && fle_map_add(places, text, slice->length, slice->offset);
}

/* What repeats is often in rows that follow one another. */
static bool share_column(const flowenrich_batch *batch, fle_buffer *to, fle_map *places,
                         const fle_column *column, flowenrich_slice *out)
{
    const flowenrich_slice *slices = column->values;
    flowenrich_slice last = { 0, 0 }, shared = { 0, 0 };

    for (size_t row = 0; row < batch->rows; row++) {
        if (!fle_column_valid(column, row))
            continue;
        if (slices[row].offset != last.offset || slices[row].length != last.length) {
            last = shared = slices[row];
            if (!share_text(to, places, batch->text.data + last.offset, &shared))
                return false;
        }
        out[row] = shared;
    }
    return true;
}

static bool share_columns(flowenrich_batch *batch, fle_buffer *to, fle_map *places,
                          flowenrich_slice *slices)
{
    for (size_t i = 0; i < batch->n_columns; i++) {
        const fle_column *column = &batch->columns[i];

        if (is_plain_text(column) &&
            !share_column(batch, to, places, column, slices + i * batch->rows))
            return false;
    }
    return true;
}

/* All texts are shared before any slice changes, so a failure leaves the batch as it was. */
bool fle_batch_share_texts(flowenrich_batch *batch, uint64_t hash_seed)
{
    const size_t n = batch->n_columns * batch->rows;
    flowenrich_slice *slices = fle_alloc_zeroed(&batch->allocator, (n + 1) * sizeof *slices);
    fle_map *places = fle_map_new(&batch->allocator, hash_seed);
    fle_buffer texts;
    bool done;

    fle_buffer_init(&texts, &batch->allocator);
    done = slices && places && share_columns(batch, &texts, places, slices);
    for (size_t i = 0; done && i < batch->n_columns; i++)
        if (is_plain_text(&batch->columns[i]))
            memcpy(batch->columns[i].values, slices + i * batch->rows,
                   batch->rows * sizeof *slices);
    fle_buffer_free(done ? &batch->text : &texts);
    if (done)
        batch->text = texts;
    fle_map_free(places);
    fle_free(&batch->allocator, slices);
    return done;
}

uint64_t fle_batch_bytes(const flowenrich_batch *batch)
{
    uint64_t bytes = batch->text.len + batch->capacity * (1 + sizeof *batch->lines);

    for (size_t i = 0; i < batch->n_columns; i++)
        bytes += batch->capacity * fle_column_width(&batch->columns[i]) + batch->capacity / 8;
    return bytes;
}
