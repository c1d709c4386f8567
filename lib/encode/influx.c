/* SPDX-License-Identifier: Apache-2.0 */
/* The encoding "influx": line protocol, a point a row. */
#include "base/error.h"
#include "encode/cells.h"
#include "encode/json.h"

#define NANOSECONDS INT64_C(1000000000)

typedef struct writer {
    fle_cells cells;
    fle_path time; /* of the point, whether or not it is among the cells */
    const char *time_path;
} writer;

static flowenrich_status begin(void *state, const flowenrich_batch *batch, flowenrich_error *error)
{
    writer *w = state;

    if (!fle_cells_choose(&w->cells, batch))
        return fle_error_nomem(error);
    fle_cells_open(&w->cells, batch);
    w->time_path = "window.start";
    if (!fle_path_open(&w->time, batch, fle_text_of(w->time_path))) {
        w->time_path = "start";
        fle_path_open(&w->time, batch, fle_text_of(w->time_path));
    }
    return FLOWENRICH_OK;
}

/* A backslash is doubled: whoever reads it may show two, but none can take it for an escape. */
static void write_name(fle_output *out, flowenrich_text text)
{
    static const fle_escapes escapes = {
        [','] = "\\,",           ['='] = "\\=",           [' '] = "\\ ",
        ['\\'] = "\\\\",         ['\t'] = FLE_CELLS_LOST, ['\n'] = FLE_CELLS_LOST,
        ['\v'] = FLE_CELLS_LOST, ['\f'] = FLE_CELLS_LOST, ['\r'] = FLE_CELLS_LOST,
        ['\0'] = FLE_CELLS_LOST,
    };

    fle_cells_escape(out, text, escapes);
}

static void write_string(fle_output *out, flowenrich_text text)
{
    static const fle_escapes escapes = {
        ['"'] = "\\\"",          ['\\'] = "\\\\",         ['\n'] = FLE_CELLS_LOST,
        ['\r'] = FLE_CELLS_LOST, ['\0'] = FLE_CELLS_LOST,
    };

    fle_output_char(out, '"');
    fle_cells_escape(out, text, escapes);
    fle_output_char(out, '"');
}

/* No tag may be empty. */
static bool write_tags(writer *w, size_t row, fle_output *out)
{
    for (size_t i = 0; i < w->cells.n; i++) {
        flowenrich_text text;

        if (fle_cell_is_measure(&w->cells.items[i]))
            continue;
        if (!fle_cells_label(&w->cells, i, row, &text))
            return false;
        if (text.len == 0)
            continue;
        fle_output_char(out, ',');
        write_name(out, w->cells.items[i].path);
        fle_output_char(out, '=');
        write_name(out, text);
    }
    return true;
}

/*
 * Integers are signed ("i"), which every reader knows, unlike "u": InfluxDB 1, QuestDB. Those
 * beyond are the most that this holds.
 */
static bool write_value(writer *w, size_t index, size_t row, const fle_value *value,
                        fle_output *out)
{
    const uint64_t most = INT64_MAX;
    flowenrich_text text;

    switch (value->type) {
    case FLOWENRICH_TYPE_U64:
        fle_json_u64(out, value->as.u64 < most ? value->as.u64 : most);
        fle_output_char(out, 'i');
        return true;
    case FLOWENRICH_TYPE_TIME:
        fle_json_i64(out, value->as.time);
        fle_output_char(out, 'i');
        return true;
    case FLOWENRICH_TYPE_F64:
        fle_json_f64(out, value->as.f64);
        return true;
    default:
        if (!fle_cells_text(&w->cells, index, row, &text))
            return false;
        write_string(out, text);
        return true;
    }
}

static bool write_fields(writer *w, size_t row, fle_output *out)
{
    char before = ' ';

    for (size_t i = 0; i < w->cells.n; i++) {
        const fle_cell *cell = &w->cells.items[i];
        fle_value value;

        if (!fle_cell_is_measure(cell) || fle_text_is(cell->path, w->time_path))
            continue;
        fle_cells_get(&w->cells, i, row, &value);
        if (value.type == 0 || !fle_value_is_finite(&value))
            continue;
        fle_output_char(out, before);
        before = ',';
        write_name(out, cell->path);
        fle_output_char(out, '=');
        if (!write_value(w, i, row, &value, out))
            return false;
    }
    return true;
}

/*
 * Nanoseconds end in 2262; what is beyond is as late, or early, as can be told. Without a time,
 * a point is of when it arrives.
 */
static void write_time(const writer *w, size_t row, fle_output *out)
{
    const flowenrich_time most = INT64_MAX / NANOSECONDS;
    flowenrich_time seconds;
    fle_value value;

    fle_path_get(&w->time, w->cells.batch, row, &value);
    if (value.type != FLOWENRICH_TYPE_TIME)
        return;
    seconds = value.as.time > most ? most : value.as.time < -most ? -most : value.as.time;
    fle_output_char(out, ' ');
    fle_json_i64(out, seconds * NANOSECONDS);
}

/* A point must have a field: a row that counts nothing is none. */
static bool write_row(void *state, size_t row, fle_output *out)
{
    writer *w = state;
    const size_t start = out->len;
    size_t tagged;

    if (!fle_cells_has_row(&w->cells, row))
        return true;
    fle_output_append(out, "flowenrich", 10);
    if (!write_tags(w, row, out))
        return false;
    tagged = out->len;
    if (!write_fields(w, row, out))
        return false;
    if (out->len == tagged) {
        out->len = start;
        return true;
    }
    write_time(w, row, out);
    fle_output_char(out, '\n');
    return true;
}

const fle_encoding fle_encoding_influx = {
    .name = "influx",
    .size = sizeof(writer),
    .init = fle_cells_init,
    .free = fle_cells_free,
    .begin = begin,
    .row = write_row,
};
