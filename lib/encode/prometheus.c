/* SPDX-License-Identifier: Apache-2.0 */
/* The encoding "prometheus": text exposition, a metric for each measure, a series for each row. */
#include <stdio.h>

#include "base/error.h"
#include "encode/cells.h"
#include "encode/json.h"

#define PREFIX "flowenrich_"

typedef struct writer {
    fle_cells cells;
    fle_arena texts;
    flowenrich_text *names; /* of each cell, as a label or metric */
    fle_path time;          /* of a sample: when its window ends */
} writer;

static void init(void *state, const fle_allocator *allocator, fle_field_list fields)
{
    writer *w = state;

    fle_cells_init(&w->cells, allocator, fields);
    fle_arena_init(&w->texts, allocator);
}

static void free_writer(void *state)
{
    writer *w = state;

    fle_cells_free(&w->cells);
    fle_arena_free(&w->texts);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, digits and single underscores: `client.tags.app` is client_tags_app. */
static size_t clean(char *name, flowenrich_text path)
{
    size_t n = 0;

    for (size_t i = 0; i < path.len; i++) {
        const char c = path.data[i];

        if (c >= '0' && c <= '9' && n == 0)
            name[n++] = '_';
        if (is_letter(c) || (c >= '0' && c <= '9'))
            name[n++] = c;
        else if (n > 0 && name[n - 1] != '_')
            name[n++] = '_';
    }
    while (n > 0 && name[n - 1] == '_')
        n--;
    if (n == 0)
        name[n++] = '_';
    return n;
}

static bool is_taken(const writer *w, size_t n, flowenrich_text name)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_equal(w->names[i], name))
            return true;
    return false;
}

/* What two paths have in common once they are clean gets a number. */
static bool make_name(writer *w, size_t index)
{
    const flowenrich_text path = w->cells.items[index].path;
    char *name = fle_arena_alloc(&w->texts, path.len + 32); /* a digit before, a number behind */
    size_t len, more = 0;

    if (!name)
        return false;
    len = clean(name, path);
    for (size_t number = 2; is_taken(w, index, fle_text(name, len + more)); number++)
        more = (size_t)snprintf(name + len, 24, "_%zu", number);
    w->names[index] = fle_text(name, len + more);
    return true;
}

static flowenrich_status begin(void *state, const flowenrich_batch *batch, flowenrich_error *error)
{
    writer *w = state;

    if (!fle_cells_choose(&w->cells, batch))
        return fle_error_nomem(error);
    fle_cells_open(&w->cells, batch);
    fle_path_open(&w->time, batch, FLE_TEXT("window.end"));
    fle_arena_clear(&w->texts);
    w->names = fle_arena_alloc(&w->texts, w->cells.n * sizeof *w->names);
    if (!w->names)
        return fle_error_nomem(error);
    for (size_t i = 0; i < w->cells.n; i++)
        if (!make_name(w, i))
            return fle_error_nomem(error);
    return FLOWENRICH_OK;
}

/* Windows are in the samples' times. */
static bool is_window(const fle_cell *cell)
{
    return fle_text_is(cell->path, "window.start") || fle_text_is(cell->path, "window.end");
}

static const char *help_of(flowenrich_text path)
{
    static const struct {
        const char *path, *help;
    } known[] = {
        { "records", "Records of flow logs." },
        { "conversations", "Exchanges, both directions of each once." },
        { "bytes", "Bytes." },
        { "packets", "Packets." },
        { "uploaded", "Bytes from client to server." },
        { "downloaded", "Bytes from server to client." },
        { "uploaded_packets", "Packets from client to server." },
        { "downloaded_packets", "Packets from server to client." },
        { "rejects", "Denied records or conversations." },
        { "amount", "What it cost, in thousand-millionths of the currency." },
        { "uncosted_bytes", "Bytes whose cost isn't known." },
        { "first", "When it was first seen, in seconds since 1970." },
        { "last", "When it was last seen, in seconds since 1970." },
        { "error", "Bytes of the group that may be in the one called other." },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (fle_text_is(path, known[i].path))
            return known[i].help;
    return NULL;
}

static void write_head(const writer *w, size_t index, fle_output *out)
{
    static const fle_escapes escapes = { ['\\'] = "\\\\", ['\n'] = "\\n" };
    const flowenrich_text path = w->cells.items[index].path, name = w->names[index];
    const char *help = help_of(path);

    fle_output_append(out, "# HELP " PREFIX, sizeof "# HELP " PREFIX - 1);
    fle_output_append(out, name.data, name.len);
    fle_output_char(out, ' ');
    fle_cells_escape(out, help ? fle_text_of(help) : path, escapes);
    fle_output_append(out, "\n# TYPE " PREFIX, sizeof "\n# TYPE " PREFIX - 1);
    fle_output_append(out, name.data, name.len);
    fle_output_append(out, " gauge\n", 7);
}

/* A label without a value is as good as none. */
static bool write_labels(writer *w, size_t row, fle_output *out)
{
    static const fle_escapes escapes = { ['\\'] = "\\\\", ['"'] = "\\\"", ['\n'] = "\\n" };
    char before = '{';

    for (size_t i = 0; i < w->cells.n; i++) {
        flowenrich_text text;

        if (fle_cell_is_measure(&w->cells.items[i]))
            continue;
        if (!fle_cells_label(&w->cells, i, row, &text))
            return false;
        if (text.len == 0)
            continue;
        fle_output_char(out, before);
        before = ',';
        fle_output_append(out, w->names[i].data, w->names[i].len);
        fle_output_append(out, "=\"", 2);
        fle_cells_escape(out, text, escapes);
        fle_output_char(out, '"');
    }
    if (before == ',')
        fle_output_char(out, '}');
    return true;
}

/* Only numbers can be samples. */
static bool is_number(const fle_value *value)
{
    return (value->type == FLOWENRICH_TYPE_U64 || value->type == FLOWENRICH_TYPE_TIME ||
            value->type == FLOWENRICH_TYPE_F64) &&
           fle_value_is_finite(value);
}

static void write_time(const writer *w, size_t row, fle_output *out)
{
    const flowenrich_time most = INT64_MAX / 1000;
    fle_value value;

    fle_path_get(&w->time, w->cells.batch, row, &value);
    if (value.type != FLOWENRICH_TYPE_TIME || value.as.time > most || value.as.time < -most)
        return;
    fle_output_char(out, ' ');
    fle_json_i64(out, value.as.time * 1000);
}

/* All samples of a metric, which must not be parted. */
static bool write_metric(writer *w, size_t index, size_t first, fle_output *out)
{
    bool begun = false;

    for (size_t row = first; row < w->cells.batch->rows; row++) {
        fle_value value;

        fle_cells_get(&w->cells, index, row, &value);
        if (!is_number(&value) || !fle_cells_has_row(&w->cells, row))
            continue;
        if (!begun)
            write_head(w, index, out);
        begun = true;
        fle_output_append(out, PREFIX, sizeof PREFIX - 1);
        fle_output_append(out, w->names[index].data, w->names[index].len);
        if (!write_labels(w, row, out))
            return false;
        fle_output_char(out, ' ');
        fle_json_value(out, &value);
        write_time(w, row, out);
        fle_output_char(out, '\n');
    }
    return true;
}

static bool write_rows(void *state, size_t first, fle_output *out)
{
    writer *w = state;

    for (size_t i = 0; i < w->cells.n; i++) {
        const fle_cell *cell = &w->cells.items[i];

        if (fle_cell_is_measure(cell) && !is_window(cell) && !write_metric(w, i, first, out))
            return false;
    }
    return true;
}

const fle_encoding fle_encoding_prometheus = {
    .name = "prometheus",
    .size = sizeof(writer),
    .init = init,
    .free = free_writer,
    .begin = begin,
    .rows = write_rows,
};
