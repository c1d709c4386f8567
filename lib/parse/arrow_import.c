/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of Arrow become records, as lines of text would. */
#include <inttypes.h>
#include <stdio.h>

#include "base/decimal.h"
#include "base/error.h"
#include "parse/arrow_values.h"
#include "parse/convert.h"
#include "parse/format.h"
#include "parse/plan.h"
#include "record/path.h"
#include "record/source.h"

/* A column that is read, and the batch's that it goes to. */
typedef struct source {
    fle_arrow_values values;
    fle_field field; /* FLE_FIELD_COUNT if it is none of AWS's */
    flowenrich_text path;
    uint32_t type; /* flowenrich_type */
    uint32_t column;
    bool is_encoded; /* by percent */
    bool is_of_log;  /* it is no part of where the log is from */
} source;

typedef struct importing {
    flowenrich_batch *batch;
    const struct ArrowArray *array;
    source *sources;
    size_t n;
    uint32_t shape;
} importing;

/* Why a row is refused: what of it, and what stood there. */
typedef struct refusal {
    fle_bad bad;
    const source *source;
    fle_arrow_value value;
} refusal;

/* The classes that a type of ours can be read from. */
static bool is_read_from(uint32_t type, bool is_known, fle_arrow_class is)
{
    switch (is) {
    case FLE_ARROW_IS_ABSENT:
    case FLE_ARROW_IS_TEXT:
        return true;
    case FLE_ARROW_IS_SIGNED:
    case FLE_ARROW_IS_UNSIGNED:
        return type != FLOWENRICH_TYPE_ADDRESS;
    case FLE_ARROW_IS_FLOAT: /* pandas makes these of integers that may be absent */
        return type != FLOWENRICH_TYPE_ADDRESS && is_known;
    case FLE_ARROW_IS_TIME:
        return type == FLOWENRICH_TYPE_TIME || type == FLOWENRICH_TYPE_TEXT;
    case FLE_ARROW_IS_BOOL:
        return type == FLOWENRICH_TYPE_TEXT;
    case FLE_ARROW_IS_ADDRESS:
        return type == FLOWENRICH_TYPE_ADDRESS;
    default:
        return false;
    }
}

/* A field that this library doesn't know has a column of its own name, spelled as paths are. */
static bool spell_as_path(fle_arena *arena, flowenrich_text *name)
{
    char *path = fle_arena_alloc(arena, name->len);

    if (!path)
        return false;
    for (size_t i = 0; i < name->len; i++)
        path[i] = name->data[i] == '-' ? '_' : name->data[i];
    name->data = path;
    return true;
}

/*
 * What a column is by its name. One that we exported tells its path, and if that is
 * what enrichment made of the records, it isn't read: it will be made again. Nor is
 * what can't be the name of a field.
 */
static bool recognize(source *from, const struct ArrowSchema *schema, fle_arena *arena, bool *reads)
{
    const flowenrich_text own = fle_arrow_metadata(schema, "flowenrich.path");
    const flowenrich_text name = own.len > 0 ? own : fle_text_of(schema->name ? schema->name : "");

    *reads = true;
    from->field = fle_field_find(name);
    from->type = FLOWENRICH_TYPE_TEXT;
    from->path = name;
    from->is_of_log = true;
    if (from->field != FLE_FIELD_COUNT) {
        from->path = fle_text_of(fle_fields[from->field].path);
        from->type = fle_fields[from->field].type;
        from->is_encoded = fle_fields[from->field].encoded && own.len == 0;
        return true;
    }
    if (fle_part_find(name) != FLE_N_PARTS) {
        from->is_of_log = false;
        return true;
    }
    *reads = fle_format_is_name(name) && (own.len == 0 || fle_path_type(name) == 0);
    return !*reads || spell_as_path(arena, &from->path);
}

/* The columns that are read. */
static flowenrich_status open_sources(importing *in, const struct ArrowSchema *schema,
                                      flowenrich_error *error)
{
    in->sources =
        fle_alloc_zeroed(&in->batch->allocator, (size_t)schema->n_children * sizeof *in->sources);
    if (!in->sources)
        return fle_error_nomem(error);
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *child = schema->children[i];
        source *from = &in->sources[in->n];
        bool reads, is_known;

        if (!recognize(from, child, &in->batch->arena, &reads))
            return fle_error_nomem(error);
        is_known = from->field != FLE_FIELD_COUNT;
        if (reads && !is_read_from(from->type, is_known,
                                   fle_arrow_open(&from->values, child, in->array->children[i],
                                                  in->array->offset))) {
            if (is_known)
                return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                                 "the column '%s' is of the Arrow type '%s', which no '%s' is "
                                 "read from",
                                 child->name, child->format, fle_fields[from->field].path);
            reads = false;
        }
        in->n += reads;
    }
    return FLOWENRICH_OK;
}

/* Columns are kept by number, since adding one moves the others. */
static flowenrich_status make_columns(importing *in, flowenrich_error *error)
{
    flowenrich_batch *batch = in->batch;
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++) {
        source *from = &in->sources[i];
        const fle_column *column;

        if (from->field != FLE_FIELD_COUNT)
            column = fle_batch_add_field(batch, from->field);
        else if (batch->n_columns < FLE_MOST_COLUMNS || fle_batch_find(batch, from->path))
            column = fle_batch_add(batch, from->path, FLOWENRICH_TYPE_TEXT);
        else
            continue;
        if (!column)
            return fle_error_nomem(error);
        from->column = (uint32_t)(column - batch->columns);
        for (size_t k = 0; k < n; k++)
            if (in->sources[k].column == from->column)
                return fle_error(error, FLOWENRICH_ERR_ARG, "two columns are the field '%s'",
                                 column->path);
        in->sources[n++] = *from;
    }
    in->n = n;
    return FLOWENRICH_OK;
}

/* The rows have the fields in the order of their columns. */
static bool make_shape(importing *in)
{
    fle_shape *shape;

    in->shape = fle_batch_new_shape(in->batch, in->n);
    if (in->shape == FLE_ABSENT)
        return false;
    shape = &in->batch->shapes[in->shape];
    shape->n = 0;
    for (size_t i = 0; i < in->n; i++)
        if (in->sources[i].is_of_log)
            shape->columns[shape->n++] = in->sources[i].column;
    return true;
}

/* As in text, "-" is absent; so is what no text could hold, and a number that is none. */
static bool is_absent(const fle_arrow_value *value)
{
    if (value->is == FLE_ARROW_IS_TEXT)
        return value->as.text.len == 0 || fle_text_is(value->as.text, "-");
    return value->is == FLE_ARROW_IS_ABSENT ||
           (value->is == FLE_ARROW_IS_FLOAT && value->as.f64 != value->as.f64);
}

static bool to_u64(const fle_arrow_value *value, uint64_t max, uint64_t *out)
{
    switch (value->is) {
    case FLE_ARROW_IS_TEXT:
        return fle_convert_u64(value->as.text, out) && *out <= max;
    case FLE_ARROW_IS_SIGNED:
    case FLE_ARROW_IS_TIME:
        *out = (uint64_t)value->as.i64;
        return value->as.i64 >= 0 && *out <= max;
    case FLE_ARROW_IS_UNSIGNED:
        *out = value->as.u64;
        return *out <= max;
    case FLE_ARROW_IS_FLOAT: /* all whole numbers below 2^53 are exact */
        if (!(value->as.f64 >= 0 && value->as.f64 <= 9007199254740992.0))
            return false;
        *out = (uint64_t)value->as.f64;
        return (double)*out == value->as.f64 && *out <= max;
    default:
        return false;
    }
}

static bool to_time(const fle_arrow_value *value, flowenrich_time *out)
{
    uint64_t seconds;

    if (!to_u64(value, INT64_MAX, &seconds))
        return false;
    if (value->is != FLE_ARROW_IS_TIME && seconds >= FLE_LEAST_MILLISECONDS)
        seconds /= 1000;
    *out = (flowenrich_time)seconds;
    return true;
}

static bool to_address(const fle_arrow_value *value, fle_address *out)
{
    if (value->is == FLE_ARROW_IS_ADDRESS)
        memcpy(out, value->as.address, sizeof *out);
    return value->is == FLE_ARROW_IS_ADDRESS ||
           fle_address_parse(value->as.text.data, value->as.text.len, out);
}

/* A value in writing, in 'buf' if it isn't a text itself. */
static flowenrich_text to_text(const fle_arrow_value *value, char buf[FLE_ADDRESS_TEXT])
{
    int len = 0;

    switch (value->is) {
    case FLE_ARROW_IS_TEXT:
        return value->as.text;
    case FLE_ARROW_IS_SIGNED:
    case FLE_ARROW_IS_TIME:
        len = snprintf(buf, FLE_ADDRESS_TEXT, "%" PRId64, value->as.i64);
        break;
    case FLE_ARROW_IS_UNSIGNED:
        len = snprintf(buf, FLE_ADDRESS_TEXT, "%" PRIu64, value->as.u64);
        break;
    case FLE_ARROW_IS_FLOAT:
        return fle_text(buf, fle_decimal_format(value->as.f64, buf));
    case FLE_ARROW_IS_BOOL:
        return fle_text_of(value->as.u64 ? "true" : "false");
    default:
        break;
    }
    return fle_text(buf, len > 0 ? (size_t)len : 0);
}

/* Is there room for a text in the batch, of 4 GiB in all? */
static bool fits(const flowenrich_batch *batch, flowenrich_text text)
{
    return text.len <= UINT32_MAX - batch->text.len;
}

static bool set_text(importing *in, const source *from, flowenrich_text text)
{
    flowenrich_batch *batch = in->batch;
    flowenrich_slice slice;

    if (!fle_batch_append_text(batch, text.data, text.len, &slice))
        return false;
    if (from->is_encoded) { /* decoded, it isn't longer */
        char *copy = batch->text.data + slice.offset;

        slice.length = (uint32_t)fle_convert_percent(fle_text(copy, slice.length), copy);
    }
    if (from->field == FLE_FIELD_LOG_STATUS)
        batch->kinds[batch->rows] = (uint8_t)fle_plan_kind(text);
    fle_column_set_slice(&batch->columns[from->column], batch->rows, slice);
    return true;
}

/* Put a value into the row behind the last one. False if memory ran out. */
static bool set(importing *in, const source *from, const fle_arrow_value *value, fle_bad *bad)
{
    fle_column *column = &in->batch->columns[from->column];
    const size_t row = in->batch->rows;
    char buf[FLE_ADDRESS_TEXT];
    flowenrich_time time;
    flowenrich_text text;
    fle_address address;
    uint64_t number;

    *bad = FLE_BAD_NUMBER;
    switch (from->type) {
    case FLOWENRICH_TYPE_U32:
        if (!to_u64(value, fle_fields[from->field].max, &number))
            return true;
        fle_column_set_u32(column, row, (uint32_t)number);
        break;
    case FLOWENRICH_TYPE_U64:
        if (!to_u64(value, UINT64_MAX, &number))
            return true;
        fle_column_set_u64(column, row, number);
        break;
    case FLOWENRICH_TYPE_TIME:
        if (!to_time(value, &time))
            return true;
        fle_column_set_time(column, row, time);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        *bad = FLE_BAD_ADDRESS;
        if (!to_address(value, &address))
            return true;
        fle_column_set_address(column, row, &address);
        break;
    default:
        *bad = FLE_BAD_TOO_LONG;
        text = to_text(value, buf);
        if (!fits(in->batch, text))
            return true;
        if (!set_text(in, from, text))
            return false;
        break;
    }
    *bad = FLE_BAD_NONE;
    return true;
}

/* Fill the row behind the last one. False if memory ran out. */
static bool fill(importing *in, int64_t row, refusal *why)
{
    const bool is_null = fle_arrow_is_null(in->array, in->array->offset + row);

    why->bad = FLE_BAD_NONE;
    in->batch->kinds[in->batch->rows] = FLE_ROW_TRAFFIC;
    in->batch->shape_of[in->batch->rows] = in->shape;
    for (size_t i = 0; !is_null && i < in->n && why->bad == FLE_BAD_NONE; i++) {
        why->source = &in->sources[i];
        fle_arrow_read(&why->source->values, row, &why->value);
        if (!is_absent(&why->value) && !set(in, why->source, &why->value, &why->bad))
            return false;
    }
    return true;
}

/* Rows behind the last one have no values. */
static void undo(importing *in, size_t text_len)
{
    for (size_t i = 0; i < in->n; i++)
        fle_column_clear(&in->batch->columns[in->sources[i].column], in->batch->rows);
    in->batch->shape_of[in->batch->rows] = FLE_ABSENT;
    in->batch->text.len = text_len;
}

static bool refuse(importing *in, size_t row, const refusal *why)
{
    char buf[FLE_ADDRESS_TEXT];
    flowenrich_reject reject = { .size = sizeof reject, .line = row + 1 };

    reject.reason = fle_bad_names[why->bad];
    reject.field = in->batch->columns[why->source->column].path;
    reject.text = to_text(&why->value, buf);
    return fle_batch_add_reject(in->batch, &reject);
}

static flowenrich_status take_rows(importing *in, size_t *row, flowenrich_error *error)
{
    flowenrich_batch *batch = in->batch;

    for (; *row < (size_t)in->array->length && fle_batch_has_room(batch); ++*row) {
        const size_t text_len = batch->text.len;
        refusal why;
        const bool done = fill(in, (int64_t)*row, &why);

        if (done && why.bad == FLE_BAD_NONE) {
            batch->lines[batch->rows++] = *row + 1;
            continue;
        }
        undo(in, text_len);
        if (!done)
            return fle_error_nomem(error);
        /* The batch's text is full: only what an empty one has no room for is too long. */
        if (why.bad == FLE_BAD_TOO_LONG && text_len > 0)
            break;
        if (!refuse(in, *row, &why))
            return fle_error_nomem(error);
    }
    return FLOWENRICH_OK;
}

static flowenrich_status check(const struct ArrowSchema *schema, const struct ArrowArray *array,
                               size_t row, flowenrich_error *error)
{
    if (!schema->release || !array->release)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'schema' or 'array' is released");
    if (strcmp(schema->format, "+s") != 0)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the array is of the Arrow type '%s', not a struct with a column for "
                         "each field",
                         schema->format);
    if (schema->n_children != array->n_children)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the schema has %" PRId64 " columns, the array %" PRId64,
                         schema->n_children, array->n_children);
    if (row > (size_t)array->length)
        return fle_error(error, FLOWENRICH_ERR_ARG, "row %zu is past the last of %" PRId64, row,
                         array->length);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_batch_import(flowenrich_batch *batch, const struct ArrowSchema *schema,
                                          const struct ArrowArray *array, size_t *row,
                                          flowenrich_error *error)
{
    importing in = { batch, array, NULL, 0, FLE_ABSENT };
    flowenrich_status status;

    if (!batch || !schema || !array || !row)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'batch', 'schema', 'array' or 'row' is NULL");
    status = check(schema, array, *row, error);
    if (status == FLOWENRICH_OK)
        status = open_sources(&in, schema, error);
    if (status == FLOWENRICH_OK && *row < (size_t)array->length && fle_batch_has_room(batch)) {
        status = make_columns(&in, error);
        if (status == FLOWENRICH_OK)
            status = make_shape(&in) ? take_rows(&in, row, error) : fle_error_nomem(error);
    }
    fle_free(&batch->allocator, in.sources);
    return status;
}
