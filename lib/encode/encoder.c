/* SPDX-License-Identifier: Apache-2.0 */
/* Turns batches into bytes, by the encoding of the caller's choice. */
#include "base/error.h"
#include "encode/encoding.h"

static const fle_encoding *const encodings[] = {
    &fle_encoding_json,         &fle_encoding_json_flat, &fle_encoding_msgpack,
    &fle_encoding_msgpack_flat, &fle_encoding_csv,       &fle_encoding_influx,
    &fle_encoding_prometheus,
};

#define N_ENCODINGS (sizeof encodings / sizeof *encodings)

struct flowenrich_encoder {
    fle_allocator allocator;
    const fle_encoding *encoding;
    void *state;
    fle_arena texts;
    flowenrich_text *fields;
    /* Where the last call stopped: what goes on from there needn't begin anew. */
    const flowenrich_batch *batch;
    uint64_t generation;
    size_t next;
    bool has_head; /* what comes before the first row was written */
};

static const fle_encoding *find_encoding(const char *name)
{
    for (size_t i = 0; i < N_ENCODINGS; i++)
        if (strcmp(encodings[i]->name, name) == 0)
            return encodings[i];
    return NULL;
}

static flowenrich_status no_encoding(const char *name, flowenrich_error *error)
{
    char names[96] = "";

    for (size_t i = 0; i < N_ENCODINGS; i++) {
        strncat(names, i ? ", " : "", sizeof names - strlen(names) - 1);
        strncat(names, encodings[i]->name, sizeof names - strlen(names) - 1);
    }
    return fle_error(error, FLOWENRICH_ERR_ARG, "there is no encoder '%s'; there are: %s", name,
                     names);
}

static bool copy_fields(flowenrich_encoder *encoder, const char *const *fields, size_t n)
{
    encoder->fields = fle_arena_alloc(&encoder->texts, n * sizeof *encoder->fields);
    if (!encoder->fields)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!fle_arena_text(&encoder->texts, fields[i], strlen(fields[i]), &encoder->fields[i]))
            return false;
    return true;
}

static flowenrich_status check_fields(const flowenrich_encoder_options *opt,
                                      flowenrich_error *error)
{
    if (opt->field_count > 0 && !opt->fields)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'fields' is NULL, and 'field_count' isn't 0");
    for (size_t i = 0; i < opt->field_count; i++)
        if (!opt->fields[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "field %zu is NULL", i);
    return FLOWENRICH_OK;
}

flowenrich_status flowenrich_encoder_new(flowenrich_encoder **out, const char *name,
                                         const flowenrich_encoder_options *options,
                                         flowenrich_error *error)
{
    flowenrich_encoder_options opt = FLOWENRICH_ENCODER_OPTIONS_INIT;
    const fle_encoding *encoding;
    flowenrich_encoder *encoder;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out || !name)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' or 'name' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status == FLOWENRICH_OK)
        status = check_fields(&opt, error);
    if (status != FLOWENRICH_OK)
        return status;
    encoding = find_encoding(name);
    if (!encoding)
        return no_encoding(name, error);
    fle_allocator_init(&allocator, opt.allocator);
    encoder = fle_alloc_zeroed(&allocator, sizeof *encoder);
    if (!encoder)
        return fle_error_nomem(error);

    encoder->allocator = allocator;
    encoder->encoding = encoding;
    fle_arena_init(&encoder->texts, &encoder->allocator);
    if (copy_fields(encoder, opt.fields, opt.field_count)) {
        const fle_field_list fields = { encoder->fields, opt.field_count };

        encoder->state = fle_alloc_zeroed(&encoder->allocator, encoding->size);
        if (encoder->state)
            encoding->init(encoder->state, &encoder->allocator, fields);
    }
    if (!encoder->state) {
        flowenrich_encoder_free(encoder);
        return fle_error_nomem(error);
    }
    *out = encoder;
    return fle_error_ok(error);
}

void flowenrich_encoder_free(flowenrich_encoder *encoder)
{
    fle_allocator allocator;

    if (!encoder)
        return;
    allocator = encoder->allocator;
    if (encoder->state)
        encoder->encoding->free(encoder->state);
    fle_free(&allocator, encoder->state);
    fle_arena_free(&encoder->texts);
    fle_free(&allocator, encoder);
}

/* Is this where the last call stopped, in the same rows? */
static bool goes_on(const flowenrich_encoder *encoder, const flowenrich_batch *batch, size_t row)
{
    return row > 0 && row == encoder->next && batch == encoder->batch &&
           batch->generation == encoder->generation;
}

static flowenrich_status begin(flowenrich_encoder *encoder, const flowenrich_batch *batch,
                               flowenrich_error *error)
{
    const flowenrich_status status = encoder->encoding->begin(encoder->state, batch, error);

    encoder->batch = status == FLOWENRICH_OK ? batch : NULL;
    encoder->generation = batch->generation;
    return status;
}

/* As many rows as fit, and '*row' behind them. False = no memory. */
static bool append_rows(flowenrich_encoder *encoder, size_t *row, fle_output *out, size_t *len)
{
    const fle_encoding *encoding = encoder->encoding;

    while (*row < encoder->batch->rows) {
        if (encoding->head && !encoder->has_head)
            encoding->head(encoder->state, out);
        if (!(encoding->rows ? encoding->rows : encoding->row)(encoder->state, *row, out))
            return false;
        if (!fle_output_fits(out))
            break;
        encoder->has_head = true;
        *row = encoding->rows ? encoder->batch->rows : *row + 1;
        *len = out->len;
    }
    return true;
}

flowenrich_status flowenrich_encoder_encode(flowenrich_encoder *encoder, flowenrich_batch *batch,
                                            size_t *row, char *buf, size_t cap, size_t *len,
                                            flowenrich_error *error)
{
    fle_output out = { buf, cap, 0 };

    if (!encoder || !batch || !row || !len || (!buf && cap > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'encoder', 'batch', 'row', 'len' or 'buf' is NULL");
    *len = 0;
    if (*row > batch->rows)
        return fle_error(error, FLOWENRICH_ERR_ARG, "the batch has %zu rows, and no row %zu",
                         batch->rows, *row);
    if (!goes_on(encoder, batch, *row)) {
        const flowenrich_status status = begin(encoder, batch, error);

        if (status != FLOWENRICH_OK)
            return status;
    }
    if (!append_rows(encoder, row, &out, len))
        return fle_error_nomem(error);
    encoder->next = *row;
    if (*len > 0 || *row == batch->rows)
        return fle_error_ok(error);
    *len = out.len;
    return fle_error(error, FLOWENRICH_ERR_LIMIT, "what comes next needs %zu bytes, not %zu",
                     out.len, cap);
}
