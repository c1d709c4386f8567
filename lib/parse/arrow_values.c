/* SPDX-License-Identifier: Apache-2.0 */
/* The values of somebody's Arrow columns, of the types that flow logs come in. */
#include "parse/arrow_values.h"

static const struct {
    const char *format;
    fle_arrow_class is;
    unsigned width;
} plain_formats[] = {
    { "n", FLE_ARROW_IS_ABSENT, 0 },
    { "u", FLE_ARROW_IS_TEXT, 4 },      { "z", FLE_ARROW_IS_TEXT, 4 },
    { "U", FLE_ARROW_IS_TEXT, 8 },      { "Z", FLE_ARROW_IS_TEXT, 8 },
    { "vu", FLE_ARROW_IS_TEXT, 0 },     { "vz", FLE_ARROW_IS_TEXT, 0 },
    { "c", FLE_ARROW_IS_SIGNED, 1 },    { "C", FLE_ARROW_IS_UNSIGNED, 1 },
    { "s", FLE_ARROW_IS_SIGNED, 2 },    { "S", FLE_ARROW_IS_UNSIGNED, 2 },
    { "i", FLE_ARROW_IS_SIGNED, 4 },    { "I", FLE_ARROW_IS_UNSIGNED, 4 },
    { "l", FLE_ARROW_IS_SIGNED, 8 },    { "L", FLE_ARROW_IS_UNSIGNED, 8 },
    { "f", FLE_ARROW_IS_FLOAT, 4 },     { "g", FLE_ARROW_IS_FLOAT, 8 },
    { "b", FLE_ARROW_IS_BOOL, 0 },      { "w:16", FLE_ARROW_IS_ADDRESS, 16 },
};

/* A time's zone doesn't matter: what is counted is always UTC. */
static const struct {
    const char *format;
    int64_t unit;
} time_formats[] = { { "tss:", 1 }, { "tsm:", 1000 }, { "tsu:", 1000000 }, { "tsn:", 1000000000 } };

static void open_plain(fle_arrow_plain *plain, const struct ArrowSchema *schema,
                       const struct ArrowArray *array, int64_t offset)
{
    const flowenrich_text format = fle_text_of(schema->format);

    *plain = (fle_arrow_plain){ .offset = array->offset + offset, .array = array };
    for (size_t i = 0; i < sizeof plain_formats / sizeof *plain_formats; i++)
        if (fle_text_is(format, plain_formats[i].format)) {
            plain->is = plain_formats[i].is;
            plain->width = plain_formats[i].width;
        }
    for (size_t i = 0; i < sizeof time_formats / sizeof *time_formats; i++)
        if (fle_text_starts(format, time_formats[i].format)) {
            plain->is = FLE_ARROW_IS_TIME;
            plain->width = sizeof(int64_t);
            plain->unit = time_formats[i].unit;
        }
}

fle_arrow_class fle_arrow_open(fle_arrow_values *values, const struct ArrowSchema *schema,
                               const struct ArrowArray *array, int64_t offset)
{
    open_plain(&values->rows, schema, array, offset);
    values->is_coded = schema->dictionary != NULL;
    if (!values->is_coded)
        return values->rows.is;
    open_plain(&values->words, schema->dictionary, array->dictionary, 0);
    return values->words.is;
}

bool fle_arrow_is_null(const struct ArrowArray *array, int64_t row)
{
    const uint8_t *bits = array->null_count != 0 && array->n_buffers > 0 ? array->buffers[0] : NULL;

    return bits && !(bits[row >> 3] >> (row & 7) & 1);
}

static flowenrich_text read_view(const struct ArrowArray *array, int64_t at)
{
    const char *view = (const char *)array->buffers[1] + 16 * at;
    int32_t len, where[2];

    memcpy(&len, view, sizeof len);
    if (len <= 12)
        return fle_text(view + sizeof len, (size_t)len);
    memcpy(where, view + 8, sizeof where);
    return fle_text((const char *)array->buffers[2 + where[0]] + where[1], (size_t)len);
}

static flowenrich_text read_text(const fle_arrow_plain *plain, int64_t at)
{
    const void *const *buffers = plain->array->buffers;

    if (plain->width == 0)
        return read_view(plain->array, at);
    if (plain->width == sizeof(int32_t)) {
        const int32_t *offsets = (const int32_t *)buffers[1] + at;

        return fle_text((const char *)buffers[2] + offsets[0], (size_t)(offsets[1] - offsets[0]));
    } else {
        const int64_t *offsets = (const int64_t *)buffers[1] + at;

        return fle_text((const char *)buffers[2] + offsets[0], (size_t)(offsets[1] - offsets[0]));
    }
}

static int64_t read_signed(const void *values, unsigned width, int64_t at)
{
    switch (width) {
    case 1:
        return ((const int8_t *)values)[at];
    case 2:
        return ((const int16_t *)values)[at];
    case 4:
        return ((const int32_t *)values)[at];
    default:
        return ((const int64_t *)values)[at];
    }
}

static uint64_t read_unsigned(const void *values, unsigned width, int64_t at)
{
    switch (width) {
    case 1:
        return ((const uint8_t *)values)[at];
    case 2:
        return ((const uint16_t *)values)[at];
    case 4:
        return ((const uint32_t *)values)[at];
    default:
        return ((const uint64_t *)values)[at];
    }
}

/* Fractions of seconds before 1970 belong to the second before. */
static int64_t to_seconds(int64_t time, int64_t unit)
{
    return time / unit - (time % unit < 0);
}

static void read_plain(const fle_arrow_plain *plain, int64_t row, fle_arrow_value *out)
{
    const int64_t at = plain->offset + row;
    const void *values;

    out->is = FLE_ARROW_IS_ABSENT;
    if (plain->is == FLE_ARROW_IS_ABSENT || fle_arrow_is_null(plain->array, at))
        return;
    values = plain->array->buffers[1];
    out->is = plain->is;
    switch (plain->is) {
    case FLE_ARROW_IS_TEXT:
        out->as.text = read_text(plain, at);
        break;
    case FLE_ARROW_IS_SIGNED:
        out->as.i64 = read_signed(values, plain->width, at);
        break;
    case FLE_ARROW_IS_UNSIGNED:
        out->as.u64 = read_unsigned(values, plain->width, at);
        break;
    case FLE_ARROW_IS_FLOAT:
        out->as.f64 = plain->width == sizeof(float) ? (double)((const float *)values)[at]
                                                    : ((const double *)values)[at];
        break;
    case FLE_ARROW_IS_BOOL:
        out->as.u64 = ((const uint8_t *)values)[at >> 3] >> (at & 7) & 1;
        break;
    case FLE_ARROW_IS_TIME:
        out->as.i64 = to_seconds(((const int64_t *)values)[at], plain->unit);
        break;
    case FLE_ARROW_IS_ADDRESS:
        out->as.address = (const fle_address *)values + at;
        break;
    default:
        break;
    }
}

void fle_arrow_read(const fle_arrow_values *values, int64_t row, fle_arrow_value *out)
{
    read_plain(&values->rows, row, out);
    if (values->is_coded && out->is != FLE_ARROW_IS_ABSENT)
        read_plain(&values->words,
                   out->is == FLE_ARROW_IS_SIGNED ? out->as.i64 : (int64_t)out->as.u64, out);
}

static flowenrich_text read_metadata(const char **at)
{
    int32_t len;
    flowenrich_text text;

    memcpy(&len, *at, sizeof len);
    text = fle_text(*at + sizeof len, (size_t)len);
    *at = text.data + text.len;
    return text;
}

flowenrich_text fle_arrow_metadata(const struct ArrowSchema *schema, const char *key)
{
    const char *at = schema->metadata;
    int32_t n = 0;

    if (at) {
        memcpy(&n, at, sizeof n);
        at += sizeof n;
    }
    for (; n > 0; n--) {
        const flowenrich_text name = read_metadata(&at), value = read_metadata(&at);

        if (fle_text_is(name, key))
            return value;
    }
    return fle_text(NULL, 0);
}
