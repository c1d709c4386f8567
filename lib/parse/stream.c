/* SPDX-License-Identifier: Apache-2.0 */
/* Lines out of chunks, and a plan for each line. */
#include <inttypes.h>

#include "base/error.h"
#include "parse/header.h"
#include "parse/parser.h"
#include "parse/window.h"

/* Count a line that can't be read and keep it in the batch. */
static flowenrich_status refuse(flowenrich_parser *parser, flowenrich_text text, const fle_fit *fit,
                                flowenrich_batch *out, flowenrich_error *error)
{
    const flowenrich_reject reject = { .size = sizeof reject,
                                       .line = parser->number,
                                       .offset = parser->start,
                                       .reason = fle_bad_names[fit->bad],
                                       .field = fit->field,
                                       .text = text };

    parser->stats[FLE_STAT_BAD + fit->bad]++;
    parser->bad_lines++;
    if (!fle_batch_add_reject(out, &reject))
        return fle_error_nomem(error);
    if (parser->bad_lines > parser->max_bad_lines)
        return fle_error_at(error, FLOWENRICH_ERR_LIMIT, parser->number, fit->column, parser->start,
                            "%" PRIu64 " lines can't be read, more than are allowed; "
                            "this one: %s%s%s",
                            parser->bad_lines, reject.reason, *fit->field ? " in " : "",
                            fit->field);
    return FLOWENRICH_OK;
}

/*
 * From here on lines are as this header says. If it can't be used (a name twice),
 * none can be read until the next one: with the layout of before they would be
 * read wrongly.
 */
static flowenrich_status take_header(flowenrich_parser *parser, const fle_line *line,
                                     flowenrich_batch *out, flowenrich_error *error)
{
    const fle_fit unusable = { FLE_BAD_NO_FORMAT, "", 0, 0 };
    flowenrich_status status;

    fle_parser_drop_header(parser);
    parser->has_header = true;
    status = fle_parser_new_plan(&parser->header, parser, line->text, false, error);
    if (status == FLOWENRICH_ERR_SYNTAX)
        return refuse(parser, line->text, &unusable, out, error);
    if (status != FLOWENRICH_OK)
        return status;
    parser->stats[FLE_STAT_HEADERS]++;
    parser->stats[FLE_STAT_UNKNOWN_FIELDS] += parser->header->format->n_unknown;
    return FLOWENRICH_OK;
}

static void take_row(flowenrich_parser *parser, const fle_line *line, const fle_fit *fit,
                     flowenrich_batch *out)
{
    parser->stats[FLE_STAT_RECORDS + out->kinds[out->rows]]++;
    parser->stats[FLE_STAT_MILLISECONDS] += fit->milliseconds;
    parser->stats[FLE_STAT_DOUBLED_SPACES] += line->doubled;
    out->lines[out->rows++] = parser->number;
}

/*
 * Why a line has a number of fields that no plan has: by how it misses the one
 * plan there is, or the one that the lines before it fitted.
 */
static fle_bad miscounted(const flowenrich_parser *parser, const fle_line *line,
                          fle_plan *const *plans, size_t n)
{
    const fle_plan *meant = n == 1 ? plans[0] : parser->fitted;

    if (n == 0 || !meant)
        return FLE_BAD_NO_FORMAT;
    return line->n < meant->format->n_fields ? FLE_BAD_TOO_FEW_FIELDS : FLE_BAD_TOO_MANY_FIELDS;
}

/*
 * The header's plan, or the first of the others that the line fits. If it fits
 * none, the first that has as many fields says why.
 */
static flowenrich_status take_record(flowenrich_parser *parser, const fle_line *line,
                                     flowenrich_batch *out, flowenrich_error *error)
{
    fle_plan *const *plans = parser->has_header ? &parser->header : parser->tried;
    const size_t n = parser->has_header ? parser->header != NULL : parser->n_tried;
    fle_fit first = { FLE_BAD_NONE, "", 0, 0 };

    for (size_t i = 0; i < n; i++) {
        fle_fit fit;

        if (plans[i]->format->n_fields != line->n)
            continue;
        if (!fle_plan_fill(plans[i], line, out, &fit))
            return fle_error_nomem(error);
        if (fit.bad == FLE_BAD_NONE) {
            parser->fitted = plans[i];
            take_row(parser, line, &fit, out);
            return FLOWENRICH_OK;
        }
        if (first.bad == FLE_BAD_NONE)
            first = fit;
    }
    if (first.bad == FLE_BAD_NONE)
        first.bad = miscounted(parser, line, plans, n);
    return refuse(parser, line->text, &first, out, error);
}

static flowenrich_text trim(flowenrich_text text)
{
    static const char bom[] = "\xef\xbb\xbf"; /* of each of several files in one stream */

    if (fle_text_starts(text, bom))
        text = fle_text(text.data + sizeof bom - 1, text.len - (sizeof bom - 1));
    if (text.len > 0 && text.data[text.len - 1] == '\r')
        text.len--;
    return text;
}

flowenrich_status fle_parser_take_line(flowenrich_parser *parser, flowenrich_text text,
                                       flowenrich_batch *out, flowenrich_error *error)
{
    const fle_fit has_nul = { FLE_BAD_NUL_BYTE, "", 0, 0 };
    fle_line line;

    parser->stats[FLE_STAT_LINES]++;
    fle_line_split(&line, trim(text));
    if (line.has_nul)
        return refuse(parser, line.text, &has_nul, out, error);
    if (line.n == 0)
        return FLOWENRICH_OK;
    if (fle_header_is(&line))
        return take_header(parser, &line, out, error);
    return take_record(parser, &line, out, error);
}

/* A line grew too long: count it, and skip to its end without keeping more of it. */
static flowenrich_status give_up_line(flowenrich_parser *parser, flowenrich_text piece,
                                      flowenrich_batch *out, flowenrich_error *error)
{
    const fle_fit too_long = { FLE_BAD_TOO_LONG, "", 0, 0 };
    const size_t room = parser->max_line - parser->carry.len;
    flowenrich_status status;

    /* What is shown of it must not depend on where it was cut. */
    fle_buffer_append(&parser->carry, piece.data, piece.len < room ? piece.len : room);
    if (parser->carry.failed)
        return fle_error_nomem(error);
    parser->stats[FLE_STAT_LINES]++;
    parser->is_skipping = true;
    status = refuse(parser, fle_text(parser->carry.data, parser->carry.len), &too_long, out, error);
    fle_buffer_clear(&parser->carry);
    return status;
}

/* A piece of a line that began before it or goes on behind it. */
static flowenrich_status carry_piece(flowenrich_parser *parser, flowenrich_text piece, bool is_last,
                                     flowenrich_batch *out, flowenrich_error *error)
{
    fle_buffer *carry = &parser->carry;
    flowenrich_status status = FLOWENRICH_OK;

    fle_buffer_text(carry, piece);
    if (carry->failed)
        return fle_error_nomem(error);
    if (is_last) {
        status = fle_parser_take_line(parser, fle_text(carry->data, carry->len), out, error);
        fle_buffer_clear(carry);
    }
    return status;
}

/* A piece of a line, which ends with it if a newline follows. */
static flowenrich_status take_piece(flowenrich_parser *parser, flowenrich_text piece, bool is_last,
                                    flowenrich_batch *out, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (!parser->is_skipping) {
        if (piece.len > parser->max_line - parser->carry.len)
            status = give_up_line(parser, piece, out, error);
        else if (is_last && parser->carry.len == 0)
            status = fle_parser_take_line(parser, piece, out, error);
        else
            status = carry_piece(parser, piece, is_last, out, error);
    }
    parser->position += piece.len + is_last;
    if (is_last) {
        parser->is_skipping = false;
        parser->number++;
        parser->start = parser->position;
    }
    return status;
}

bool fle_parser_has_room(const flowenrich_parser *parser, const flowenrich_batch *batch)
{
    return fle_batch_has_room(batch) &&
           batch->text.len <= UINT32_MAX - 2 * (size_t)parser->max_line;
}

/* What there is of the next line; nothing of it if that is all of it, and there is no room. */
static flowenrich_status take_next(flowenrich_parser *parser, const char *bytes, size_t len,
                                   flowenrich_batch *out, size_t *taken, flowenrich_error *error)
{
    const char *end = memchr(bytes, '\n', len);
    const size_t piece = end ? (size_t)(end - bytes) : len;
    flowenrich_status status;

    if (end && !fle_parser_has_room(parser, out))
        return FLOWENRICH_OK;
    status = take_piece(parser, fle_text(bytes, piece), end != NULL, out, error);
    if (status == FLOWENRICH_OK)
        *taken = piece + (end != NULL);
    return status;
}

/* The batch may be another one than in the last call, or have been changed since. */
static void unbind(flowenrich_parser *parser)
{
    if (parser->header)
        parser->header->is_bound = false;
    for (size_t i = 0; i < parser->n_tried; i++)
        parser->tried[i]->is_bound = false;
}

static flowenrich_status take_lines(flowenrich_parser *parser, const char *bytes, size_t len,
                                    size_t *used, flowenrich_batch *out, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    unbind(parser);
    *used = 0;
    while (*used < len && status == FLOWENRICH_OK) {
        size_t taken = 0;

        if (parser->carry.len == 0 && !parser->is_skipping)
            status = fle_window_take(parser, bytes + *used, len - *used, out, &taken, error);
        if (status == FLOWENRICH_OK && taken == 0)
            status = take_next(parser, bytes + *used, len - *used, out, &taken, error);
        *used += taken;
        if (taken == 0)
            break;
    }
    return status;
}

/* The rows from 'first' on came of this input. Those before a failing line did as well. */
static flowenrich_status tell_source(const flowenrich_parser *parser, flowenrich_batch *out,
                                     size_t first, flowenrich_status status,
                                     flowenrich_error *error)
{
    const bool filled = fle_parts_fill(&parser->source, out, first);

    return filled || status != FLOWENRICH_OK ? status : fle_error_nomem(error);
}

flowenrich_status flowenrich_parser_parse(flowenrich_parser *parser, const void *data, size_t len,
                                          size_t *used, flowenrich_batch *out,
                                          flowenrich_error *error)
{
    size_t first;
    flowenrich_status status;

    if (!parser || !used || !out || (!data && len > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'parser', 'data', 'used' or 'out' is NULL");
    fle_error_ok(error);
    if (!fle_parts_bind(&parser->source, out))
        return fle_error_nomem(error);
    first = out->rows;
    status = take_lines(parser, data, len, used, out, error);
    return tell_source(parser, out, first, status, error);
}

flowenrich_status flowenrich_parser_finish(flowenrich_parser *parser, flowenrich_batch *out,
                                           int32_t *done, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    size_t first;
    bool is_done;

    if (!parser || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'parser' or 'out' is NULL");
    is_done = parser->carry.len == 0 || fle_parser_has_room(parser, out);
    if (!is_done && !done)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is full, and 'done' is NULL");
    if (done)
        *done = is_done;
    unbind(parser);
    if (!fle_parts_bind(&parser->source, out))
        return fle_error_nomem(error);
    first = out->rows;
    if (is_done && parser->carry.len > 0)
        status = fle_parser_take_line(parser, fle_text(parser->carry.data, parser->carry.len), out,
                                      error);
    status = tell_source(parser, out, first, status, error);
    if (is_done && status == FLOWENRICH_OK)
        status = flowenrich_parser_begin(parser, NULL, error);
    return status;
}
