/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of a row, for encodings that write one value behind another. */
#include "encode/cells.h"

#include "encode/json.h"
#include "encode/paths.h"
#include "record/protocol.h"

void fle_cells_init(void *state, const fle_allocator *allocator, fle_field_list fields)
{
    fle_cells *cells = state;

    memset(cells, 0, sizeof *cells);
    cells->allocator = allocator;
    cells->fields = fields;
    fle_arena_init(&cells->paths, allocator);
    fle_buffer_init(&cells->scratch, allocator);
}

void fle_cells_free(void *state)
{
    fle_cells *cells = state;

    fle_free(cells->allocator, cells->items);
    fle_arena_free(&cells->paths);
    fle_buffer_free(&cells->scratch);
}

static bool is_enriched(const flowenrich_batch *batch)
{
    return batch->ends[FLE_CLIENT] != NULL;
}

/* The path with this number; empty data past the last. */
static flowenrich_text path_at(const fle_cells *cells, const flowenrich_batch *batch, size_t index)
{
    const char *path;

    if (cells->fields.n > 0)
        return index < cells->fields.n ? cells->fields.items[index] : fle_text(NULL, 0);
    path = is_enriched(batch) ? fle_paths_of_level(batch->level, index)
                              : flowenrich_batch_path(batch, index);
    return path ? fle_text_of(path) : fle_text(NULL, 0);
}

/* Paths are copied, since the batch that they are first taken from may go. */
bool fle_cells_choose(fle_cells *cells, const flowenrich_batch *batch)
{
    flowenrich_text path;

    fle_arena_clear(&cells->paths);
    cells->n = 0;
    while ((path = path_at(cells, batch, cells->n)).data) {
        fle_cell *items =
            fle_grow(cells->allocator, cells->items, &cells->capacity, cells->n + 1, sizeof *items);

        if (!items)
            return false;
        cells->items = items;
        if (!fle_arena_text(&cells->paths, path.data, path.len, &items[cells->n].path))
            return false;
        items[cells->n++].is_protocol = fle_text_is(path, "protocol");
    }
    return true;
}

void fle_cells_open(fle_cells *cells, const flowenrich_batch *batch)
{
    cells->batch = batch;
    for (size_t i = 0; i < cells->n; i++)
        fle_path_open(&cells->items[i].compiled, batch, cells->items[i].path);
}

static bool is_among(const fle_cells *cells, const char *path)
{
    for (size_t i = 0; i < cells->n; i++)
        if (fle_text_is(cells->items[i].path, path))
            return true;
    return false;
}

const char *fle_cells_left_out(const fle_cells *cells)
{
    const char *path;

    if (cells->fields.n > 0 || is_enriched(cells->batch))
        return NULL;
    for (size_t i = 0; (path = flowenrich_batch_path(cells->batch, i)) != NULL; i++)
        if (!is_among(cells, path))
            return path;
    return NULL;
}

bool fle_cells_has_row(const fle_cells *cells, size_t row)
{
    return !is_enriched(cells->batch) || cells->batch->kinds[row] == FLE_ROW_TRAFFIC;
}

void fle_cells_get(const fle_cells *cells, size_t index, size_t row, fle_value *out)
{
    const fle_cell *cell = &cells->items[index];
    const char *name = NULL;

    fle_path_get(&cell->compiled, cells->batch, row, out);
    if (cell->is_protocol && out->type == FLOWENRICH_TYPE_U32)
        name = fle_protocol_name((uint32_t)out->as.u64);
    if (name) {
        out->type = FLOWENRICH_TYPE_TEXT;
        out->as.text = fle_text_of(name);
    }
}

/* As JSON, which has no quotes around what is neither a text nor an address. */
static bool render(fle_buffer *scratch, const fle_value *value, flowenrich_text *out)
{
    fle_output json = { 0 };

    do {
        if (!fle_buffer_reserve(scratch, json.len + 1))
            return false;
        json = (fle_output){ scratch->data, scratch->capacity, 0 };
        fle_json_value(&json, value);
    } while (!fle_output_fits(&json));
    *out = fle_text(json.data, json.len);
    return true;
}

bool fle_cells_text(fle_cells *cells, size_t index, size_t row, flowenrich_text *out)
{
    char address[FLE_ADDRESS_TEXT];
    fle_value value;

    *out = fle_text(NULL, 0);
    fle_cells_get(cells, index, row, &value);
    if (value.type == 0)
        return true;
    if (value.type == FLOWENRICH_TYPE_TEXT) {
        *out = value.as.text.data ? value.as.text : fle_text("", 0);
        return true;
    }
    fle_buffer_clear(&cells->scratch);
    if (value.type != FLOWENRICH_TYPE_ADDRESS)
        return render(&cells->scratch, &value, out);
    fle_buffer_append(&cells->scratch, address, fle_address_format(value.as.address, address));
    *out = fle_text(cells->scratch.data, cells->scratch.len);
    return !cells->scratch.failed;
}

static bool is_usual(flowenrich_text path, flowenrich_text value)
{
    if (fle_text_is(path, "sequence"))
        return fle_text_is(value, "0");
    return fle_text_is(value, "false") &&
           (fle_text_is(path, "other") || fle_text_is(path, "late") ||
            fle_text_is(path, "reversal"));
}

bool fle_cells_label(fle_cells *cells, size_t index, size_t row, flowenrich_text *out)
{
    if (!fle_cells_text(cells, index, row, out))
        return false;
    if (is_usual(cells->items[index].path, *out))
        *out = fle_text(NULL, 0);
    return true;
}

/*
 * Ports, protocols and the like have 32 bits, what is summed has 64. A list isn't one value that
 * rows could have in common.
 */
bool fle_cell_is_measure(const fle_cell *cell)
{
    switch (cell->compiled.type) {
    case FLOWENRICH_TYPE_U64:
    case FLOWENRICH_TYPE_F64:
    case FLOWENRICH_TYPE_TIME:
    case FLOWENRICH_TYPE_LIST:
    case FLOWENRICH_TYPE_MAP:
        return true;
    default:
        return false;
    }
}

bool fle_value_is_finite(const fle_value *value)
{
    return value->type != FLOWENRICH_TYPE_F64 || value->as.f64 - value->as.f64 == 0;
}

void fle_cells_escape(fle_output *out, flowenrich_text text, const fle_escapes escapes)
{
    size_t start = 0; /* of what needs no escape and isn't written yet */

    for (size_t i = 0; i < text.len;) {
        const unsigned char c = (unsigned char)text.data[i];
        const size_t width = fle_utf8_width(text.data + i, text.len - i);
        const char *instead = c < 0x80 ? escapes[c] : width == 0 ? FLE_CELLS_LOST : NULL;

        if (instead) {
            fle_output_append(out, text.data + start, i - start);
            fle_output_append(out, instead, strlen(instead));
            start = i + 1;
        }
        i += width > 0 ? width : 1;
    }
    fle_output_append(out, text.data + start, text.len - start);
}
