/* SPDX-License-Identifier: Apache-2.0 */
/* A format compiled into the steps that turn a line into a row. */
#include "parse/plan.h"

#include "parse/convert.h"
#include "parse/kernel.h"

const char *const fle_bad_names[FLE_BAD_COUNT] = {
    [FLE_BAD_TOO_FEW_FIELDS] = "too_few_fields",
    [FLE_BAD_TOO_MANY_FIELDS] = "too_many_fields",
    [FLE_BAD_NUMBER] = "bad_number",
    [FLE_BAD_ADDRESS] = "bad_address",
    [FLE_BAD_TOO_LONG] = "too_long",
    [FLE_BAD_NUL_BYTE] = "nul_byte",
    [FLE_BAD_NO_FORMAT] = "no_format",
};

static const char *const actions[] = { "ACCEPT", "REJECT", NULL };
static const char *const statuses[] = { "OK", "NODATA", "SKIPDATA", NULL };
static const char *const directions[] = { "ingress", "egress", NULL };

/* Text that isn't free: it tells what a line of unknown format can't be. */
static const char *const *words_of(fle_field field)
{
    switch (field) {
    case FLE_FIELD_ACTION:
        return actions;
    case FLE_FIELD_LOG_STATUS:
        return statuses;
    case FLE_FIELD_FLOW_DIRECTION:
        return directions;
    default:
        return NULL;
    }
}

static bool is_selected(const fle_selection *selection, const char *path)
{
    if (selection->all)
        return true;
    for (size_t i = 0; i < selection->n; i++)
        if (strcmp(selection->paths[i], path) == 0)
            return true;
    return false;
}

static fle_step make_step(const fle_format_field *from, size_t position, bool checks_all)
{
    fle_step step = { .path = from->path,
                      .field = from->field,
                      .type = FLOWENRICH_TYPE_TEXT,
                      .position = (uint32_t)position,
                      .column = FLE_ABSENT };

    if (from->field != FLE_FIELD_COUNT) {
        step.type = fle_fields[from->field].type;
        step.max = fle_fields[from->field].max;
        step.is_encoded = fle_fields[from->field].encoded;
        step.words = checks_all ? words_of(from->field) : NULL;
        if (step.words || step.field == FLE_FIELD_LOG_STATUS)
            for (const char *const *word = words_of(from->field); *word; word++)
                step.codes[step.n_codes++] = fle_kernel_word(*word);
    }
    return step;
}

static void compile(fle_plan *plan, const fle_selection *selection)
{
    plan->n_steps = 0;
    plan->keeps_text = false;
    plan->tells_headers = false;
    plan->is_bound = false;
    for (size_t i = 0; i < plan->format->n_fields; i++) {
        fle_step step = make_step(&plan->format->fields[i], i, plan->checks_all);
        const bool is_text = step.type == FLOWENRICH_TYPE_TEXT;

        step.is_selected = is_selected(selection, step.path);
        plan->keeps_text |= step.is_selected && is_text;
        if (step.is_selected || step.field == FLE_FIELD_LOG_STATUS || step.words ||
            (plan->checks_all && !is_text)) {
            plan->steps[plan->n_steps++] = step;
            plan->tells_headers |= !is_text;
        }
    }
}

fle_plan *fle_plan_new(const fle_allocator *allocator, flowenrich_format *format,
                       const fle_selection *selection, bool checks_all)
{
    fle_plan *plan = fle_alloc_zeroed(allocator, sizeof *plan);
    fle_step *steps = fle_alloc(allocator, format->n_fields * sizeof *steps);

    if (!plan || !steps) {
        fle_free(allocator, plan);
        fle_free(allocator, steps);
        flowenrich_format_free(format);
        return NULL;
    }
    plan->format = format;
    plan->steps = steps;
    plan->checks_all = checks_all;
    compile(plan, selection);
    return plan;
}

void fle_plan_free(fle_plan *plan, const fle_allocator *allocator)
{
    if (!plan)
        return;
    flowenrich_format_free(plan->format);
    fle_free(allocator, plan->steps);
    fle_free(allocator, plan);
}

void fle_plan_check_all(fle_plan *plan, const fle_selection *selection)
{
    plan->checks_all = true;
    compile(plan, selection);
}

/* The rows to come have the columns of these steps. */
static bool make_shape(fle_plan *plan, flowenrich_batch *batch)
{
    fle_shape *shape;

    plan->shape = fle_batch_new_shape(batch, plan->n_steps);
    if (plan->shape == FLE_ABSENT)
        return false;
    shape = &batch->shapes[plan->shape];
    shape->n = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].column != FLE_ABSENT)
            shape->columns[shape->n++] = plan->steps[i].column;
    return true;
}

/* The columns are kept by number, since adding one moves the others. */
bool fle_plan_bind(fle_plan *plan, flowenrich_batch *batch)
{
    if (plan->is_bound)
        return true;
    for (size_t i = 0; i < plan->n_steps; i++) {
        fle_step *step = &plan->steps[i];
        const flowenrich_text path = fle_text_of(step->path);
        const fle_column *column;

        step->column = FLE_ABSENT;
        if (!step->is_selected)
            continue;
        if (step->field != FLE_FIELD_COUNT)
            column = fle_batch_add_field(batch, step->field);
        else if (batch->n_columns < FLE_MOST_COLUMNS || fle_batch_find(batch, path))
            column = fle_batch_add(batch, path, step->type);
        else
            continue;
        if (!column)
            return false;
        step->column = (uint32_t)(column - batch->columns);
    }
    plan->is_bound = make_shape(plan, batch);
    return plan->is_bound;
}

/* The row being filled. */
typedef struct filling {
    flowenrich_batch *batch;
    size_t row;
    size_t text_start; /* of the line's copy in the batch's text */
    fle_fit *fit;
} filling;

fle_row fle_plan_kind(flowenrich_text status)
{
    if (fle_text_is(status, "NODATA"))
        return FLE_ROW_NODATA;
    return fle_text_is(status, "SKIPDATA") ? FLE_ROW_SKIPDATA : FLE_ROW_TRAFFIC;
}

static bool is_among(const char *const *words, flowenrich_text value)
{
    while (*words && !fle_text_is(value, *words))
        words++;
    return *words != NULL;
}

/*
 * Where the value lies in the batch's text: in the copy of its line, or decoded
 * behind it. There is room, since decoding makes nothing longer.
 */
static flowenrich_slice place_text(const fle_step *step, const filling *to, flowenrich_slice at,
                                   flowenrich_text value)
{
    fle_buffer *text = &to->batch->text;
    flowenrich_slice slice = { (uint32_t)(to->text_start + at.offset), at.length };

    if (step->is_encoded && memchr(value.data, '%', value.len)) {
        slice.offset = (uint32_t)text->len;
        slice.length = (uint32_t)fle_convert_percent(value, text->data + text->len);
        text->len += slice.length;
    }
    return slice;
}

/* Values that nobody selected are converted, too, where a step is for them: to check them. */
static fle_bad store(const fle_step *step, const filling *to, const fle_line *line)
{
    const flowenrich_slice at = line->values[step->position];
    const flowenrich_text value = fle_text(line->text.data + at.offset, at.length);
    fle_column *column = step->column == FLE_ABSENT ? NULL : &to->batch->columns[step->column];
    union {
        uint32_t u32;
        uint64_t u64;
        flowenrich_time time;
        fle_address address;
    } as;
    bool was_milliseconds;

    if (value.len == 1 && *value.data == '-')
        return FLE_BAD_NONE;
    switch (step->type) {
    case FLOWENRICH_TYPE_U32:
        if (!fle_convert_u32(value, step->max, &as.u32))
            return FLE_BAD_NUMBER;
        if (column)
            fle_column_set_u32(column, to->row, as.u32);
        break;
    case FLOWENRICH_TYPE_U64:
        if (!fle_convert_u64(value, &as.u64))
            return FLE_BAD_NUMBER;
        if (column)
            fle_column_set_u64(column, to->row, as.u64);
        break;
    case FLOWENRICH_TYPE_TIME:
        if (!fle_convert_time(value, &as.time, &was_milliseconds))
            return FLE_BAD_NUMBER;
        to->fit->milliseconds += was_milliseconds;
        if (column)
            fle_column_set_time(column, to->row, as.time);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        if (!fle_address_parse(value.data, value.len, &as.address))
            return FLE_BAD_ADDRESS;
        if (column)
            fle_column_set_address(column, to->row, &as.address);
        break;
    default:
        if (step->words && !is_among(step->words, value))
            return FLE_BAD_NO_FORMAT;
        if (step->field == FLE_FIELD_LOG_STATUS)
            to->batch->kinds[to->row] = (uint8_t)fle_plan_kind(value);
        if (column)
            fle_column_set_slice(column, to->row, place_text(step, to, at, value));
        break;
    }
    return FLE_BAD_NONE;
}

/* Rows behind the last one have no values: who fills one need not clear what it lacks. */
static void undo(const fle_plan *plan, const filling *to)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].column != FLE_ABSENT)
            fle_column_clear(&to->batch->columns[plan->steps[i].column], to->row);
    to->batch->text.len = to->text_start;
}

bool fle_plan_fill(fle_plan *plan, const fle_line *line, flowenrich_batch *batch, fle_fit *fit)
{
    const filling to = { batch, batch->rows, batch->text.len, fit };

    *fit = (fle_fit){ FLE_BAD_NONE, "", 0, 0 };
    if (!fle_plan_bind(plan, batch))
        return false;
    if (plan->keeps_text) {
        if (!fle_buffer_reserve(&batch->text, 2 * line->text.len))
            return false;
        fle_buffer_text(&batch->text, line->text);
    }
    batch->kinds[to.row] = FLE_ROW_TRAFFIC;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const fle_step *step = &plan->steps[i];

        fit->bad = store(step, &to, line);
        if (fit->bad != FLE_BAD_NONE) {
            fit->field = step->path;
            fit->column = line->values[step->position].offset + 1;
            undo(plan, &to);
            return true;
        }
    }
    batch->shape_of[to.row] = plan->shape;
    return true;
}
