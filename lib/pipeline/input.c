/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of an input on their way into the batch: text as it comes, the rest once it is whole. */
#include "base/error.h"
#include "pipeline/pipeline.h"
#include "unwrap/envelope.h"

flowenrich_status fle_input_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                  flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status = flowenrich_envelope_begin(pipeline->envelope, source, error);

    /* The envelope has read the key. */
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_begin(pipeline->parser, &pipeline->envelope->base.source, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_buffer_clear(&input->held);
    input->kind = pipeline->settings.is_text ? FLE_INPUT_TEXT : FLE_INPUT_UNKNOWN;
    input->is_ending = input->is_over = input->has_message = false;
    input->is_open = true;
    input->taken = 0;
    input->text = fle_text(NULL, 0);
    return status;
}

/*
 * What an input is must not depend on how it is cut, so it is told from its first
 * FLE_CONTENT_TOLD bytes, or all of a shorter one, and from nothing else.
 */
static void tell_kind(fle_input *input)
{
    const size_t len = input->held.len < FLE_CONTENT_TOLD ? input->held.len : FLE_CONTENT_TOLD;

    input->kind = FLE_INPUT_TEXT;
    if (len == 0 || fle_content_is_plain(input->held.data, len))
        input->text = fle_text(input->held.data, input->held.len);
    else
        input->kind = FLE_INPUT_PAYLOAD;
}

/* Copy bytes that nothing can be done with yet. */
static flowenrich_status hold(flowenrich_pipeline *pipeline, const char *data, size_t len,
                              flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    const uint32_t most = pipeline->settings.limits.payload;

    if (len > most - input->held.len) {
        input->kind = FLE_INPUT_REFUSED;
        fle_buffer_clear(&input->held);
        return fle_error(error, FLOWENRICH_ERR_LIMIT,
                         "what isn't plain text is held until its end, and this is more than the "
                         "%u bytes that the limit 'payload' allows",
                         (unsigned)most);
    }
    fle_buffer_append(&input->held, data, len);
    return input->held.failed ? fle_error_nomem(error) : FLOWENRICH_OK;
}

/* ---- Steps towards the batch. Each does a little, so that output can be taken in between. ---- */

static flowenrich_status parse(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_text *text = &pipeline->input.text;
    size_t used = 0;
    flowenrich_status status = flowenrich_parser_parse(pipeline->parser, text->data, text->len,
                                                       &used, pipeline->batch, error);

    *text = fle_text(text->data + used, text->len - used);
    if (status == FLOWENRICH_OK && text->len > 0)
        status = fle_stages_run(pipeline, error);
    return status;
}

/* The text that is open is over. */
static flowenrich_status finish(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    int32_t done = 0;
    flowenrich_status status =
        flowenrich_parser_finish(pipeline->parser, pipeline->batch, &done, error);

    pipeline->input.is_open = !done;
    if (status == FLOWENRICH_OK && !done)
        status = fle_stages_run(pipeline, error);
    return status;
}

static flowenrich_status open_message(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status = FLOWENRICH_OK;

    if (input->message.part == 0)
        status = flowenrich_parser_begin(pipeline->parser, input->message.source, error);
    input->text = input->message.text;
    input->is_open = true;
    input->has_message = false;
    return status;
}

static flowenrich_status read_message(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    const char *left = input->held.data + input->taken;
    size_t used = 0;
    flowenrich_status status;

    input->message = (flowenrich_message)FLOWENRICH_MESSAGE_INIT;
    status = flowenrich_envelope_read(pipeline->envelope, left, input->held.len - input->taken,
                                      &used, &input->message, error);
    input->taken += used;
    if (status != FLOWENRICH_OK)
        return status;
    input->has_message = input->message.kind == FLOWENRICH_MESSAGE_TEXT;
    input->is_over = input->message.kind == FLOWENRICH_MESSAGE_NONE;
    if (input->message.kind == FLOWENRICH_MESSAGE_OBJECT &&
        !fle_findings_add_object(&pipeline->findings, input->message.source))
        return fle_error_nomem(error);
    return status;
}

/* Make the steps that can be made, until there is output to be taken or no more to do. */
static flowenrich_status advance(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status = FLOWENRICH_OK;

    while (status == FLOWENRICH_OK && !pipeline->is_ready) {
        const bool is_payload = input->kind == FLE_INPUT_PAYLOAD && input->is_ending;
        const bool text_ends = input->has_message
                                   ? input->message.part == 0
                                   : input->is_ending && (!is_payload || input->is_over);

        if (input->text.len > 0)
            status = parse(pipeline, error);
        else if (input->is_open && text_ends)
            status = finish(pipeline, error);
        else if (input->has_message)
            status = open_message(pipeline, error);
        else if (is_payload && !input->is_over)
            status = read_message(pipeline, error);
        else
            break;
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
            tell_kind(input);
    }
    if (status == FLOWENRICH_OK && input->kind == FLE_INPUT_TEXT)
        status = advance(pipeline, error); /* what was held of it comes first */
    if (status == FLOWENRICH_OK && input->kind == FLE_INPUT_TEXT && !pipeline->is_ready) {
        input->text = fle_text(data + *used, len - *used);
        status = advance(pipeline, error);
        *used = len - input->text.len;
        input->text = fle_text(NULL, 0);
    } else if (status == FLOWENRICH_OK && input->kind == FLE_INPUT_PAYLOAD) {
        status = hold(pipeline, data + *used, len - *used, error);
        *used = len;
    } else if (input->kind == FLE_INPUT_REFUSED) {
        *used = len;
    }
    return status;
}

flowenrich_status fle_input_end(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    flowenrich_status status;

    input->is_ending = true;
    if (input->kind == FLE_INPUT_UNKNOWN)
        tell_kind(input);
    status = advance(pipeline, error);
    if (status == FLOWENRICH_OK && input->text.len == 0 && !input->is_open) {
        input->kind = FLE_INPUT_NONE;
        input->is_ending = false;
    }
    return status;
}
