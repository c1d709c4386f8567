/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of an input: text as it comes, payloads as they can be read, the rest once it is whole. */
#include "base/error.h"
#include "pipeline/pipeline.h"
#include "unwrap/envelope.h"

#define PIECE ((size_t)1 << 20) /* bytes of a payload that are worth being read by themselves */

void fle_input_init(fle_input *input, const fle_allocator *allocator)
{
    fle_buffer_init(&input->held, allocator);
}

void fle_input_free(fle_input *input)
{
    fle_buffer_free(&input->held);
}

flowenrich_status fle_input_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                  flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    const fle_buffer held = input->held;
    flowenrich_status status = flowenrich_envelope_begin(pipeline->envelope, source, error);

    /* The envelope has read the key. */
    if (status == FLOWENRICH_OK)
        status = fle_reading_begin(pipeline, &pipeline->envelope->base.source, error);
    if (status != FLOWENRICH_OK)
        return status;
    *input = (fle_input){ .held = held };
    fle_buffer_clear(&input->held);
    input->kind = pipeline->settings.is_text ? FLE_INPUT_TEXT : FLE_INPUT_UNKNOWN;
    return status;
}

/*
 * What an input is must not depend on how it is cut, so it is told from its first
 * FLE_CONTENT_TOLD bytes, or all of a shorter one, and from nothing else.
 */
static void tell_kind(flowenrich_pipeline *pipeline)
{
    fle_input *input = &pipeline->input;
    const flowenrich_text held = fle_text(input->held.data, input->held.len);

    input->kind = FLE_INPUT_PAYLOAD;
    if (held.len > 0 && !fle_content_is_plain(held.data, held.len))
        return;
    input->kind = FLE_INPUT_TEXT;
    pipeline->reading.text = held;
}

/* Of any input, text too, as many bytes may be held as tell what it is. */
static size_t most_held(const flowenrich_pipeline *pipeline)
{
    const size_t most = pipeline->settings.limits.payload;

    return most < FLE_CONTENT_TOLD ? FLE_CONTENT_TOLD : most;
}

/* Copy bytes that nothing can be done with yet. */
static flowenrich_status hold(flowenrich_pipeline *pipeline, const char *data, size_t len,
                              flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    const size_t most = most_held(pipeline);

    if (len > most - input->held.len) {
        input->kind = FLE_INPUT_REFUSED;
        fle_buffer_clear(&input->held);
        return fle_error_at(error, FLOWENRICH_ERR_LIMIT, 0, 0, input->offset,
                            "this is one value of more than the %zu bytes that the limit 'payload' "
                            "allows: split it, or raise that",
                            most);
    }
    fle_buffer_append(&input->held, data, len);
    return input->held.failed ? fle_error_nomem(error) : FLOWENRICH_OK;
}

/* The limit holds for what can't be cut, so pieces stay well below it. */
static size_t piece_size(const flowenrich_pipeline *pipeline)
{
    const size_t most = pipeline->settings.limits.payload / 4 + 1;

    return most < PIECE ? most : PIECE;
}

/* Let the envelope read 'len' bytes of what is held. */
static bool begin_piece(flowenrich_pipeline *pipeline, size_t len)
{
    pipeline->input.piece = len;
    pipeline->reading.is_first = true;
    return len > 0;
}

/* See whether more of the payload can be read. */
static bool next_piece(flowenrich_pipeline *pipeline)
{
    fle_input *input = &pipeline->input;
    const flowenrich_text held = fle_text(input->held.data, input->held.len);

    if (input->kind != FLE_INPUT_PAYLOAD)
        return false;
    return begin_piece(
        pipeline,
        input->is_ending ? held.len : fle_piece_find(held, piece_size(pipeline), &input->searched));
}

/* Nothing is left of the input but the text being parsed, whose last line counts. */
static bool is_over(const fle_input *input)
{
    return input->is_ending && !input->is_broken &&
           (input->kind != FLE_INPUT_PAYLOAD || input->held.len == 0);
}

/* Make the steps that can be made, until there is output to be taken or no more to do. */
static flowenrich_status advance(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    bool more = true;

    while (status == FLOWENRICH_OK && more && !pipeline->is_ready) {
        status = fle_reading_step(pipeline, is_over(&pipeline->input), &more, error);
        more = more || next_piece(pipeline);
    }
    return status;
}

static flowenrich_status feed_text(flowenrich_pipeline *pipeline, const char *data, size_t len,
                                   size_t *used, flowenrich_error *error)
{
    flowenrich_status status = advance(pipeline, error); /* what was held of it comes first */

    if (status != FLOWENRICH_OK || pipeline->is_ready)
        return status;
    pipeline->reading.text = fle_text(data + *used, len - *used);
    status = advance(pipeline, error);
    *used = len - pipeline->reading.text.len;
    pipeline->reading.text = fle_text(NULL, 0);
    return status;
}

/*
 * No more is held than a piece needs, however much has come; and a value is over the
 * limit only if it can't be cut with all the bytes in view that the limit allows.
 */
static flowenrich_status feed_payload(flowenrich_pipeline *pipeline, const char *data, size_t len,
                                      size_t *used, flowenrich_error *error)
{
    const size_t most = piece_size(pipeline);
    flowenrich_status status = advance(pipeline, error);

    while (status == FLOWENRICH_OK && !pipeline->is_ready && *used < len) {
        const size_t room = most_held(pipeline) - pipeline->input.held.len;
        size_t n = len - *used < most ? len - *used : most;

        n = room > 0 && room < n ? room : n;
        status = hold(pipeline, data + *used, n, error);
        *used += n;
        if (status == FLOWENRICH_OK)
            status = advance(pipeline, error);
    }
    return status;
}

flowenrich_status fle_input_feed(flowenrich_pipeline *pipeline, const char *data, size_t len,
                                 size_t *used, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status = FLOWENRICH_OK;

    *used = 0;
    if (input->kind == FLE_INPUT_UNKNOWN) {
        const size_t missing = FLE_CONTENT_TOLD - input->held.len;

        *used = len < missing ? len : missing;
        status = hold(pipeline, data, *used, error);
        if (status == FLOWENRICH_OK && input->held.len == FLE_CONTENT_TOLD)
            tell_kind(pipeline);
    }
    if (status == FLOWENRICH_OK && input->kind == FLE_INPUT_TEXT)
        status = feed_text(pipeline, data, len, used, error);
    else if (status == FLOWENRICH_OK && input->kind == FLE_INPUT_PAYLOAD)
        status = feed_payload(pipeline, data, len, used, error);
    if (input->kind == FLE_INPUT_REFUSED)
        *used = len;
    return status;
}

flowenrich_status fle_input_flush(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status = advance(pipeline, error);

    if (status != FLOWENRICH_OK || pipeline->is_ready || input->kind != FLE_INPUT_PAYLOAD)
        return status;
    begin_piece(pipeline,
                fle_piece_last(fle_text(input->held.data, input->held.len), &input->searched));
    return advance(pipeline, error);
}

/* A line that was cut short could look right; JSON that was doesn't. */
void fle_input_break_off(flowenrich_pipeline *pipeline)
{
    fle_input *input = &pipeline->input;
    fle_buffer *held = &input->held;

    if (input->kind == FLE_INPUT_UNKNOWN)
        tell_kind(pipeline);
    input->is_broken = input->kind == FLE_INPUT_TEXT;
    if (input->kind == FLE_INPUT_PAYLOAD && fle_piece_is_text(fle_text(held->data, held->len)))
        while (held->len > input->piece && held->data[held->len - 1] != '\n')
            held->len--;
}

flowenrich_status fle_input_end(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status;

    input->is_ending = true;
    if (input->kind == FLE_INPUT_UNKNOWN)
        tell_kind(pipeline);
    status = advance(pipeline, error);
    if (status == FLOWENRICH_OK && pipeline->reading.text.len == 0 &&
        (input->is_broken || !pipeline->reading.is_open)) {
        input->kind = FLE_INPUT_NONE;
        input->is_ending = false;
    }
    return status;
}
