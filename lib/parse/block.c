/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of one plan become rows, many at a time. */
#include "parse/block.h"

#include "parse/convert.h"

/* The values of fields that nobody asked for, converted to check them. */
typedef union unasked {
    uint32_t u32[FLE_BLOCK];
    uint64_t u64[FLE_BLOCK];
    fle_address addresses[FLE_BLOCK];
} unasked;

/* Where the rows' values of a column begin; 'width' is a value's. */
static void *values_of(const fle_step *step, const flowenrich_batch *batch, size_t width,
                       unasked *other)
{
    if (step->column == FLE_ABSENT)
        return other;
    return (char *)batch->columns[step->column].values + batch->rows * width;
}

static fle_rows convert(const fle_kernel *kernel, const fle_step *step, const fle_lines *lines,
                        flowenrich_batch *batch)
{
    const size_t at = step->position;
    unasked other;

    switch (step->type) {
    case FLOWENRICH_TYPE_U32:
        return kernel->u32(lines, at, step->max, values_of(step, batch, sizeof(uint32_t), &other));
    case FLOWENRICH_TYPE_U64:
        return kernel->u64(lines, at, UINT64_MAX, values_of(step, batch, sizeof(uint64_t), &other));
    case FLOWENRICH_TYPE_TIME:
        /* Milliseconds are odd: a line that has some is read by itself. */
        return kernel->u64(lines, at, FLE_LEAST_MILLISECONDS - 1,
                           values_of(step, batch, sizeof(uint64_t), &other));
    default:
        return kernel->address(lines, at, values_of(step, batch, sizeof(fle_address), &other));
    }
}

/* The words of log-status stand in the order of fle_row; what isn't there is traffic. */
static fle_rows match(const fle_kernel *kernel, const fle_step *step, const fle_lines *lines,
                      flowenrich_batch *batch)
{
    uint8_t other[FLE_BLOCK];
    uint8_t *numbers = step->field == FLE_FIELD_LOG_STATUS ? batch->kinds + batch->rows : other;

    return kernel->word(lines, step->position, step->codes, step->n_codes, numbers);
}

/* Decoded, a text isn't longer: it stays where it is. */
static void decode(const fle_column *column, flowenrich_batch *batch, size_t n)
{
    flowenrich_slice *slices = (flowenrich_slice *)column->values + batch->rows;

    for (size_t i = 0; i < n; i++) {
        char *text = batch->text.data + slices[i].offset;

        slices[i].length = (uint32_t)fle_convert_percent(fle_text(text, slices[i].length), text);
    }
}

static void place(const fle_kernel *kernel, const fle_step *step, const fle_lines *lines,
                  size_t offset, flowenrich_batch *batch)
{
    fle_column *column = &batch->columns[step->column];
    const fle_rows rows = kernel->text(lines, step->position, offset,
                                       (flowenrich_slice *)column->values + batch->rows);

    if (step->is_encoded)
        decode(column, batch, lines->n);
    fle_column_mark(column, batch->rows, rows.valid);
}

/*
 * What can be odd comes first. Only then is it known how many rows there will be, and which bits
 * of validity may be set; texts are decoded last, as that can't be done twice.
 */
bool fle_block_fill(fle_plan *plan, const fle_lines *lines, size_t offset, flowenrich_batch *batch,
                    size_t *n)
{
    const fle_kernel *kernel = fle_kernel_best();
    uint64_t valid[FLE_FORMAT_FIELDS], odd = 0;
    fle_lines taken = *lines;

    *n = 0;
    if (!fle_plan_bind(plan, batch))
        return false;
    memset(batch->kinds + batch->rows, FLE_ROW_TRAFFIC, lines->n);
    for (size_t i = 0; i < plan->n_steps && !(odd & 1); i++) {
        const fle_step *step = &plan->steps[i];

        if (step->type != FLOWENRICH_TYPE_TEXT) {
            const fle_rows rows = convert(kernel, step, lines, batch);

            valid[i] = rows.valid;
            odd |= rows.odd;
        } else if (step->n_codes > 0) {
            odd |= match(kernel, step, lines, batch).odd;
        }
    }
    while (*n < lines->n && !(odd >> *n & 1))
        ++*n;
    taken.n = *n;
    for (size_t i = 0; i < *n; i++)
        batch->shape_of[batch->rows + i] = plan->shape;
    for (size_t i = 0; i<plan->n_steps && * n> 0; i++) {
        const fle_step *step = &plan->steps[i];

        if (step->column == FLE_ABSENT)
            continue;
        if (step->type == FLOWENRICH_TYPE_TEXT)
            place(kernel, step, &taken, offset, batch);
        else
            fle_column_mark(&batch->columns[step->column], batch->rows,
                            valid[i] & (~UINT64_C(0) >> (FLE_BLOCK - *n)));
    }
    return true;
}
