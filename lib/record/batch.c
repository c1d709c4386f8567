/* SPDX-License-Identifier: Apache-2.0 */
/* The one table that moves between the stages: its life, rows, rejects and ends. */
#include "record/batch.h"

#include "base/error.h"
#include "record/column.h"

#define MAX_CAPACITY ((size_t)1 << 20)

/* Bytes of text with which a batch is full: for each row it has room for, and at least. */
#define TEXT_A_ROW 384
#define LEAST_TEXT ((size_t)1 << 18)

const char *const fle_end_names[FLE_OWNER] = { "client", "server" };

flowenrich_status flowenrich_batch_new(flowenrich_batch **out, size_t capacity,
                                       const flowenrich_options *options, flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    if (capacity == 0 || capacity > MAX_CAPACITY)
        return fle_error(error, FLOWENRICH_ERR_ARG, "a batch holds 1 to %zu rows, not %zu",
                         MAX_CAPACITY, capacity);
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    batch = fle_alloc_zeroed(&allocator, sizeof *batch);
    if (!batch)
        return fle_error_nomem(error);

    batch->allocator = allocator;
    batch->hash_seed = opt.hash_seed;
    batch->capacity = capacity;
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        batch->of_field[i] = FLE_ABSENT;
    fle_arena_init(&batch->names, &batch->allocator);
    fle_arena_init(&batch->arena, &batch->allocator);
    fle_buffer_init(&batch->text, &batch->allocator);
    batch->kinds = fle_alloc_zeroed(&batch->allocator, capacity);
    batch->lines = fle_alloc_zeroed(&batch->allocator, capacity * sizeof *batch->lines);
    batch->shape_of = fle_alloc(&batch->allocator, capacity * sizeof *batch->shape_of);
    batch->by_path = fle_map_new(&batch->allocator, batch->hash_seed);
    batch->rejects = fle_alloc(&batch->allocator, FLE_REJECTS_KEPT * sizeof *batch->rejects);
    if (!batch->kinds || !batch->lines || !batch->shape_of || !batch->by_path || !batch->rejects) {
        flowenrich_batch_free(batch);
        return fle_error_nomem(error);
    }
    memset(batch->shape_of, 0xff, capacity * sizeof *batch->shape_of);
    *out = batch;
    return fle_error_ok(error);
}

static void drop_ends(flowenrich_batch *batch)
{
    batch->n_answers = 0;
    batch->generation++;
    for (size_t end = 0; end < FLE_N_ENDS; end++) {
        fle_free(&batch->allocator, batch->ends[end]);
        batch->ends[end] = NULL;
    }
    if (batch->snapshot)
        batch->release(batch->snapshot);
    batch->snapshot = NULL;
    fle_mirrors_free(batch->mirrors);
    batch->mirrors = NULL;
    fle_shared_free(batch->kept);
    batch->kept = NULL;
}

void flowenrich_batch_free(flowenrich_batch *batch)
{
    fle_allocator allocator;

    if (!batch)
        return;
    allocator = batch->allocator;
    drop_ends(batch);
    for (size_t i = 0; i < batch->n_columns; i++)
        fle_column_free(&batch->columns[i], &allocator);
    fle_free(&allocator, batch->columns);
    fle_free(&allocator, batch->kinds);
    fle_free(&allocator, batch->lines);
    fle_free(&allocator, batch->shape_of);
    fle_free(&allocator, batch->shapes);
    fle_free(&allocator, batch->answers);
    fle_free(&allocator, batch->rejects);
    fle_map_free(batch->by_path);
    fle_map_free(batch->by_observer);
    fle_free(&allocator, batch->observed);
    fle_arena_free(&batch->names);
    fle_arena_free(&batch->arena);
    fle_buffer_free(&batch->text);
    fle_free(&allocator, batch);
}

static void clear_rows(flowenrich_batch *batch)
{
    drop_ends(batch);
    memset(batch->shape_of, 0xff, batch->rows * sizeof *batch->shape_of);
    batch->rows = 0;
    batch->level = FLE_LEVEL_RECORD;
    batch->n_shapes = 0;
    batch->n_rejects = 0;
    batch->n_observed = 0;
    if (batch->by_observer)
        fle_map_clear(batch->by_observer);
    fle_buffer_clear(&batch->text);
    fle_arena_clear(&batch->arena);
}

void flowenrich_batch_clear(flowenrich_batch *batch)
{
    const size_t bytes = (batch->capacity + 7) / 8;

    for (size_t i = 0; i < batch->n_columns; i++) {
        memset(batch->columns[i].validity, 0, bytes);
        batch->columns[i].n_items = 0;
    }
    clear_rows(batch);
}

void fle_batch_drop_columns(flowenrich_batch *batch)
{
    for (size_t i = 0; i < batch->n_columns; i++)
        fle_column_free(&batch->columns[i], &batch->allocator);
    batch->n_columns = 0;
    fle_map_clear(batch->by_path);
    fle_arena_clear(&batch->names);
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        batch->of_field[i] = FLE_ABSENT;
    clear_rows(batch);
}

size_t flowenrich_batch_rows(const flowenrich_batch *batch)
{
    return batch->rows;
}

uint64_t flowenrich_batch_line(const flowenrich_batch *batch, size_t row)
{
    return row < batch->rows ? batch->lines[row] : 0;
}

/* Usual lines run out of rows first; 2,000 of the longest would have 128 MiB of text. */
bool fle_batch_has_room(const flowenrich_batch *batch)
{
    const size_t share = batch->capacity * TEXT_A_ROW;

    return batch->rows < batch->capacity &&
           (batch->rows == 0 || batch->text.len < (share > LEAST_TEXT ? share : LEAST_TEXT));
}

bool fle_batch_append_text(flowenrich_batch *batch, const char *data, size_t len,
                           flowenrich_slice *out)
{
    if (len > UINT32_MAX - batch->text.len || !fle_buffer_reserve(&batch->text, len))
        return false;
    out->offset = (uint32_t)batch->text.len;
    out->length = (uint32_t)len;
    fle_buffer_append(&batch->text, data, len);
    return true;
}

uint32_t fle_batch_new_shape(flowenrich_batch *batch, size_t n)
{
    fle_shape *shapes = fle_grow(&batch->allocator, batch->shapes, &batch->shapes_capacity,
                                 batch->n_shapes + 1, sizeof *shapes);
    uint32_t *columns = fle_arena_alloc(&batch->arena, n * sizeof *columns);

    if (shapes)
        batch->shapes = shapes;
    if (!shapes || !columns)
        return FLE_ABSENT;
    shapes[batch->n_shapes] = (fle_shape){ columns, n };
    return (uint32_t)batch->n_shapes++;
}

const fle_shape *fle_batch_shape(const flowenrich_batch *batch, size_t row)
{
    const uint32_t number = batch->shape_of[row];

    return number == FLE_ABSENT ? NULL : &batch->shapes[number];
}

static bool begin(flowenrich_batch *batch, fle_end first, fle_end last,
                  flowenrich_snapshot *snapshot, void (*release)(flowenrich_snapshot *))
{
    const size_t bytes = batch->capacity * sizeof **batch->ends;

    drop_ends(batch);
    for (size_t end = first; end <= last; end++) {
        batch->ends[end] = fle_alloc(&batch->allocator, bytes);
        if (!batch->ends[end]) {
            drop_ends(batch);
            return false;
        }
        memset(batch->ends[end], 0xff, bytes);
    }
    batch->snapshot = snapshot;
    batch->release = release;
    return true;
}

bool fle_batch_begin_ends(flowenrich_batch *batch, flowenrich_snapshot *snapshot,
                          void (*release)(flowenrich_snapshot *))
{
    return begin(batch, FLE_CLIENT, FLE_SERVER, snapshot, release);
}

bool fle_batch_begin_owners(flowenrich_batch *batch, flowenrich_snapshot *snapshot,
                            void (*release)(flowenrich_snapshot *))
{
    return begin(batch, FLE_OWNER, FLE_OWNER, snapshot, release);
}

uint32_t fle_batch_take_answer(flowenrich_batch *batch, flowenrich_answer *answer)
{
    flowenrich_answer **answers =
        fle_grow(&batch->allocator, batch->answers, &batch->answers_capacity, batch->n_answers + 1,
                 sizeof *answers);

    if (!answers)
        return FLE_ABSENT;
    batch->answers = answers;
    answers[batch->n_answers] = answer;
    return (uint32_t)batch->n_answers++;
}

uint32_t fle_batch_new_answer(flowenrich_batch *batch)
{
    flowenrich_answer *answer = fle_arena_alloc(&batch->arena, sizeof *answer);

    if (!answer)
        return FLE_ABSENT;
    fle_answer_init(answer, &batch->arena);
    return fle_batch_take_answer(batch, answer);
}

flowenrich_answer *fle_batch_answer(const flowenrich_batch *batch, fle_end end, size_t row)
{
    const uint32_t code = batch->ends[end] ? batch->ends[end][row] : FLE_ABSENT;

    return code == FLE_ABSENT ? NULL : batch->answers[code];
}

bool fle_batch_add_reject(flowenrich_batch *batch, const flowenrich_reject *reject)
{
    const size_t len = reject->text.len < FLE_REJECT_TEXT ? reject->text.len : FLE_REJECT_TEXT;
    flowenrich_reject kept = *reject;

    if (batch->n_rejects < FLE_REJECTS_KEPT) {
        if (!fle_arena_text(&batch->arena, reject->text.data, len, &kept.text))
            return false;
        kept.size = sizeof kept;
        batch->rejects[batch->n_rejects] = kept;
    }
    batch->n_rejects++;
    return true;
}

size_t flowenrich_batch_rejects(const flowenrich_batch *batch)
{
    return batch->n_rejects;
}

flowenrich_status flowenrich_batch_reject(const flowenrich_batch *batch, size_t index,
                                          flowenrich_reject *out, flowenrich_error *error)
{
    const size_t kept = batch->n_rejects < FLE_REJECTS_KEPT ? batch->n_rejects : FLE_REJECTS_KEPT;

    if (index >= kept || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "the batch keeps %zu refused lines", kept);
    if (!fle_struct_export(out, &batch->rejects[index], sizeof batch->rejects[index]))
        return fle_error(error, FLOWENRICH_ERR_ARG, "the size of 'out' isn't set");
    return fle_error_ok(error);
}
