/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of an input on their way into the batch, in steps between which output is taken. */
#include "base/error.h"
#include "pipeline/pipeline.h"
#include "unwrap/envelope.h"

#define ALL_PARTS ((1u << FLE_N_PARTS) - 1)

void fle_reading_init(fle_reading *reading, const fle_allocator *allocator)
{
    fle_buffer_init(&reading->place, allocator);
    fle_arena_init(&reading->lines_texts, allocator);
}

void fle_reading_free(fle_reading *reading)
{
    fle_buffer_free(&reading->place);
    fle_arena_free(&reading->lines_texts);
}

flowenrich_status fle_reading_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                    flowenrich_error *error)
{
    fle_reading *reading = &pipeline->reading;

    fle_buffer_clear(&reading->place);
    reading->text = fle_text(NULL, 0);
    reading->is_open = true;
    reading->has_message = reading->has_lines = false;
    return fle_stages_begin(pipeline, source, error);
}

/* After too many bad lines only the rows before them are wanted. */
static flowenrich_status give_up(flowenrich_pipeline *pipeline, flowenrich_status status)
{
    fle_reading *reading = &pipeline->reading;

    reading->text = fle_text(NULL, 0);
    reading->is_open = reading->has_message = false;
    pipeline->input.kind = FLE_INPUT_REFUSED;
    pipeline->input.piece = 0;
    return status;
}

static flowenrich_status parse(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_text *text = &pipeline->reading.text;
    size_t used = 0;
    flowenrich_status status = flowenrich_parser_parse(pipeline->parser, text->data, text->len,
                                                       &used, pipeline->batch, error);

    if (status != FLOWENRICH_OK)
        return give_up(pipeline, status);
    *text = fle_text(text->data + used, text->len - used);
    return text->len > 0 ? fle_stages_run(pipeline, error) : status;
}

static flowenrich_status finish(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    int32_t done = 0;
    flowenrich_status status =
        flowenrich_parser_finish(pipeline->parser, pipeline->batch, &done, error);

    if (status != FLOWENRICH_OK)
        return give_up(pipeline, status);
    pipeline->reading.is_open = !done;
    return done ? status : fle_stages_run(pipeline, error);
}

static void write_place(fle_buffer *out, const flowenrich_message *message)
{
    fle_buffer_clear(out);
    if (message->record.len > 0)
        fle_buffer_string(out, "record ");
    fle_buffer_text(out, message->record);
    if (message->source->log_stream.len > 0)
        fle_buffer_string(out, out->len > 0 ? ", log stream " : "log stream ");
    fle_buffer_text(out, message->source->log_stream);
}

/* Lines that were refused are told with the text they were in, so before another begins. */
static flowenrich_status open_message(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_reading *reading = &pipeline->reading;
    flowenrich_status status = FLOWENRICH_OK;

    if (!reading->goes_on) {
        if (!fle_findings_add_rejects(&pipeline->findings, pipeline->batch, &reading->place))
            return fle_error_nomem(error);
        write_place(&reading->place, &reading->message);
        if (reading->place.failed)
            return fle_error_nomem(error);
        status = fle_stages_begin(pipeline, reading->message.source, error);
    }
    reading->text = reading->message.text;
    reading->is_open = true;
    reading->has_message = false;
    return status;
}

/*
 * Line events of one stream are one text: its header, if it has one, is the first of
 * them. Within a piece the envelope says so; they are of the payload itself, not of
 * something in it, if the envelope is no deeper than that.
 */
static bool note_message(flowenrich_pipeline *pipeline)
{
    fle_reading *reading = &pipeline->reading;
    const fle_parts parts = fle_parts_of(reading->message.source);
    const bool is_lines = pipeline->envelope->depth == 1;
    const bool is_next = is_lines && reading->has_lines && reading->is_first &&
                         fle_parts_equal(&parts, &reading->lines);

    reading->has_message = true;
    reading->goes_on = reading->is_open && (reading->message.part > 0 || is_next);
    reading->has_lines = is_lines;
    if (!is_lines || reading->goes_on)
        return true;
    fle_arena_clear(&reading->lines_texts);
    return fle_parts_copy(&reading->lines, reading->message.source, ALL_PARTS,
                          &reading->lines_texts);
}

/* Conversations count what is delivered again once: it has no lines then. */
static bool pass_over_copy(flowenrich_pipeline *pipeline)
{
    fle_reading *reading = &pipeline->reading;

    if (reading->message.part == 0 &&
        !fle_pairing_knows(pipeline, reading->message.source, &reading->is_again))
        return false;
    if (reading->is_again)
        reading->message.text.len = 0;
    return true;
}

/* The piece was read: forget it, keep what has come behind it. */
static void drop_piece(fle_input *input)
{
    input->offset += input->piece;
    input->held.len -= input->piece;
    memmove(input->held.data, input->held.data + input->piece, input->held.len);
    input->piece = input->taken = input->searched = 0;
}

static flowenrich_status read_message(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    fle_input *input = &pipeline->input;
    fle_reading *reading = &pipeline->reading;
    flowenrich_message *message = &reading->message;
    const char *left = input->held.data + input->taken;
    bool has_memory = true;
    size_t used = 0;
    flowenrich_status status;

    *message = (flowenrich_message)FLOWENRICH_MESSAGE_INIT;
    status = flowenrich_envelope_read(pipeline->envelope, left, input->piece - input->taken, &used,
                                      message, error);
    input->taken += used;
    if (status != FLOWENRICH_OK && error)
        error->offset += input->offset;
    if (status == FLOWENRICH_OK && message->kind == FLOWENRICH_MESSAGE_NONE)
        drop_piece(input);
    else if (message->kind == FLOWENRICH_MESSAGE_TEXT)
        has_memory = pass_over_copy(pipeline) && note_message(pipeline);
    else
        reading->has_lines = false;
    if (message->kind == FLOWENRICH_MESSAGE_OBJECT)
        has_memory = fle_findings_add_object(&pipeline->findings, message->source);
    reading->is_first = false;
    return has_memory ? status : fle_error_nomem(error);
}

flowenrich_status fle_reading_step(flowenrich_pipeline *pipeline, bool is_over, bool *more,
                                   flowenrich_error *error)
{
    const fle_reading *reading = &pipeline->reading;

    *more = true;
    if (pipeline->is_passing)
        return fle_stages_run(pipeline, error);
    if (reading->text.len > 0)
        return parse(pipeline, error);
    if (reading->is_open && (reading->has_message ? !reading->goes_on : is_over))
        return finish(pipeline, error);
    if (reading->has_message)
        return open_message(pipeline, error);
    if (pipeline->input.piece > 0)
        return read_message(pipeline, error);
    *more = false;
    return FLOWENRICH_OK;
}
