/* SPDX-License-Identifier: Apache-2.0 */
/* The encoding "csv": RFC 4180, with a header, and lines that end as Unix's do. */
#include "base/error.h"
#include "encode/cells.h"
#include "encode/json.h"

typedef struct writer {
    fle_cells cells;
    bool chosen; /* which columns there are, for good: a header can't be taken back */
} writer;

static flowenrich_status begin(void *state, const flowenrich_batch *batch, flowenrich_error *error)
{
    writer *w = state;
    const char *more;

    if (!w->chosen && !fle_cells_choose(&w->cells, batch))
        return fle_error_nomem(error);
    w->chosen = true;
    fle_cells_open(&w->cells, batch);
    more = fle_cells_left_out(&w->cells);
    if (more)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'%s' came up after the header of the CSV was written: name the fields "
                         "that are wanted",
                         more);
    return FLOWENRICH_OK;
}

static bool needs_quotes(flowenrich_text text)
{
    for (size_t i = 0; i < text.len; i++)
        switch (text.data[i]) {
        case '"':
        case ',':
        case '\r':
        case '\n':
            return true;
        default:
            break;
        }
    return text.len == 0; /* told from absent by its quotes */
}

static void write_text(fle_output *out, flowenrich_text text)
{
    static const fle_escapes escapes = { ['"'] = "\"\"" };
    const bool quoted = needs_quotes(text);

    if (quoted)
        fle_output_char(out, '"');
    fle_cells_escape(out, text, escapes);
    if (quoted)
        fle_output_char(out, '"');
}

static void write_separator(const writer *w, size_t index, fle_output *out)
{
    fle_output_char(out, index + 1 < w->cells.n ? ',' : '\n');
}

static void write_header(void *state, fle_output *out)
{
    const writer *w = state;

    for (size_t i = 0; i < w->cells.n; i++) {
        write_text(out, w->cells.items[i].path);
        write_separator(w, i, out);
    }
}

/*
 * What most cells are goes from its column to the output: numbers and addresses, in which nothing
 * needs quotes, and what is absent.
 */
static bool write_plain(const fle_cell *cell, const flowenrich_batch *batch, size_t row,
                        fle_output *out)
{
    const fle_column *column;

    if (cell->compiled.column == FLE_ABSENT || cell->is_protocol)
        return false;
    column = &batch->columns[cell->compiled.column];
    if (!fle_column_valid(column, row))
        return true;
    switch (column->type) {
    case FLOWENRICH_TYPE_U32:
        fle_json_u64(out, ((const uint32_t *)column->values)[row]);
        return true;
    case FLOWENRICH_TYPE_U64:
        fle_json_u64(out, ((const uint64_t *)column->values)[row]);
        return true;
    case FLOWENRICH_TYPE_TIME:
        fle_json_i64(out, ((const flowenrich_time *)column->values)[row]);
        return true;
    case FLOWENRICH_TYPE_ADDRESS:
        fle_json_address(out, &((const fle_address *)column->values)[row]);
        return true;
    default:
        return false;
    }
}

static bool write_cell(writer *w, size_t index, size_t row, fle_output *out)
{
    flowenrich_text text;

    if (write_plain(&w->cells.items[index], w->cells.batch, row, out))
        return true;
    if (!fle_cells_text(&w->cells, index, row, &text))
        return false;
    if (text.data)
        write_text(out, text);
    return true;
}

static bool write_row(void *state, size_t row, fle_output *out)
{
    writer *w = state;

    if (!fle_cells_has_row(&w->cells, row))
        return true;
    for (size_t i = 0; i < w->cells.n; i++) {
        if (!write_cell(w, i, row, out))
            return false;
        write_separator(w, i, out);
    }
    return true;
}

const fle_encoding fle_encoding_csv = {
    .name = "csv",
    .size = sizeof(writer),
    .init = fle_cells_init,
    .free = fle_cells_free,
    .begin = begin,
    .head = write_header,
    .row = write_row,
};
