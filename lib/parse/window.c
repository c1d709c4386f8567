/* SPDX-License-Identifier: Apache-2.0 */
/* Whole lines out of many bytes at once. */
#include "parse/window.h"

#include "base/error.h"
#include "parse/block.h"

#define BYTES_A_ROW 256 /* looked at, at most, where a batch has room for few more rows */

typedef struct window {
    flowenrich_parser *parser;
    flowenrich_batch *out;
    const fle_marks *marks;
    const char *bytes; /* the caller's */
    size_t len;
    bool is_copied; /* into the batch's text, too, from 'offset' on */
    size_t offset;
    size_t n_lines; /* that can be read */
    size_t line;    /* the next of them */
} window;

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static const uint32_t *starts_of(const window *w, size_t line)
{
    return w->marks->starts + w->marks->lines[line];
}

static size_t start_of(const window *w, size_t line)
{
    return *starts_of(w, line);
}

/* Of the line with its newline. */
static size_t end_of(const window *w, size_t line)
{
    return start_of(w, line + 1);
}

static size_t marks_in(const window *w, size_t line)
{
    return w->marks->lines[line + 1] - w->marks->lines[line];
}

static bool has_return(const window *w, size_t line)
{
    return w->marks->has_odd && marks_in(w, line) > 1 && w->bytes[end_of(w, line) - 2] == '\r';
}

/* Without the empty one between CR and newline. */
static size_t values_in(const window *w, size_t line)
{
    return marks_in(w, line) - has_return(w, line);
}

/* The plan that is tried first for a line of so many values; NULL if there is none. */
static fle_plan *plan_for(const flowenrich_parser *parser, size_t n_values)
{
    fle_plan *const *plans = parser->has_header ? &parser->header : parser->tried;
    const size_t n = parser->has_header ? parser->header != NULL : parser->n_tried;

    for (size_t i = 0; i < n; i++)
        if (plans[i]->format->n_fields == n_values)
            return plans[i];
    return NULL;
}

static bool keeps_text(const flowenrich_parser *parser)
{
    bool keeps = parser->header && parser->header->keeps_text;

    for (size_t i = 0; i < parser->n_tried; i++)
        keeps |= parser->tried[i]->keeps_text;
    return keeps;
}

/* A name begins with a letter, and a header has nothing but names. */
static bool may_be_header(const window *w, size_t line)
{
    const uint32_t *starts = starts_of(w, line);

    for (size_t i = 0; i < values_in(w, line); i++) {
        const char first = w->bytes[starts[i]];

        if (!((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')))
            return false;
    }
    return true;
}

/*
 * Printable ASCII with one space between two values, but for a CR at the end. All bytes are looked
 * at, for the compiler.
 */
static bool is_clean(const window *w, size_t line)
{
    const uint32_t *starts = starts_of(w, line);
    const size_t end = end_of(w, line) - 1 - has_return(w, line);
    const size_t n_values = w->marks->has_empty ? values_in(w, line) : 0;
    bool is_odd = false;

    for (size_t i = 0; i < n_values; i++)
        if (starts[i + 1] == starts[i] + 1)
            return false;
    for (size_t i = start_of(w, line); w->marks->has_odd && i < end; i++)
        is_odd |= (signed char)w->bytes[i] < ' ';
    return !is_odd;
}

/*
 * A header is never taken for a record by a plan that reads a number or an address. The plan gets
 * its columns before that shows, though, and a header must not make any.
 */
static bool is_usual(const window *w, const fle_plan *plan, size_t line)
{
    if ((w->marks->has_empty || w->marks->has_odd) && !is_clean(w, line))
        return false;
    return (plan->tells_headers && plan->is_bound) || !may_be_header(w, line);
}

/* How many of the next lines, up to 'most', can be converted together by the plan. */
static size_t count_usual(const window *w, const fle_plan *plan, size_t most)
{
    const size_t n_values = plan->format->n_fields, n_marks = marks_in(w, w->line);
    size_t n = 0;

    if (plan->keeps_text && !w->is_copied)
        return 0;
    if (most > w->n_lines - w->line)
        most = w->n_lines - w->line;
    if (most > w->out->capacity - w->out->rows)
        most = w->out->capacity - w->out->rows;
    while (n < most && marks_in(w, w->line + n) == n_marks &&
           values_in(w, w->line + n) == n_values && is_usual(w, plan, w->line + n))
        n++;
    return n;
}

static void count_rows(flowenrich_parser *parser, flowenrich_batch *out, size_t n)
{
    size_t nodata = 0, skipdata = 0;

    for (size_t i = 0; i < n; i++) {
        nodata += out->kinds[out->rows + i] == FLE_ROW_NODATA;
        skipdata += out->kinds[out->rows + i] == FLE_ROW_SKIPDATA;
        out->lines[out->rows + i] = parser->number + i;
    }
    parser->stats[FLE_STAT_LINES] += n;
    parser->stats[FLE_STAT_RECORDS] += n - nodata - skipdata;
    parser->stats[FLE_STAT_NODATA] += nodata;
    parser->stats[FLE_STAT_SKIPDATA] += skipdata;
    out->rows += n;
}

/* The parser goes on behind the next 'n' lines. */
static void advance(window *w, size_t n)
{
    flowenrich_parser *parser = w->parser;

    parser->position += start_of(w, w->line + n) - start_of(w, w->line);
    parser->start = parser->position;
    parser->number += n;
    w->line += n;
}

/* Rows of the next lines, at most 'most'. How many of them were tried, and how many taken? */
static flowenrich_status take_block(window *w, size_t most, size_t *tried, size_t *taken,
                                    flowenrich_error *error)
{
    fle_plan *plan = plan_for(w->parser, values_in(w, w->line));
    fle_lines lines;

    *taken = 0;
    *tried = lines.n = plan ? count_usual(w, plan, most) : 0;
    if (lines.n == 0)
        return FLOWENRICH_OK;
    lines.text = w->is_copied ? w->out->text.data + w->offset : w->bytes;
    lines.starts = starts_of(w, w->line);
    lines.n_values = marks_in(w, w->line);
    if (!fle_block_fill(plan, &lines, w->offset, w->out, taken))
        return fle_error_nomem(error);
    if (*taken > 0)
        w->parser->fitted = plan;
    count_rows(w->parser, w->out, *taken);
    advance(w, *taken);
    return FLOWENRICH_OK;
}

static flowenrich_status take_one(window *w, flowenrich_error *error)
{
    const size_t start = start_of(w, w->line), len = end_of(w, w->line) - 1 - start;
    const flowenrich_text text = fle_text(w->bytes + start, len);
    const flowenrich_status status = fle_parser_take_line(w->parser, text, w->out, error);

    if (status == FLOWENRICH_OK)
        advance(w, 1);
    return status;
}

/*
 * Blocks, and what stopped one by itself. The lines behind that are converted a second time, so at
 * most twice as many are tried as went well the time before: however many are odd, less than two
 * lines are converted in vain for each that is taken, and one block in each window.
 */
static flowenrich_status take_lines(window *w, flowenrich_error *error)
{
    size_t most = FLE_BLOCK;

    while (w->line < w->n_lines && fle_parser_has_room(w->parser, w->out)) {
        flowenrich_status status;
        size_t tried, taken;

        status = take_block(w, most, &tried, &taken, error);
        if (status == FLOWENRICH_OK && (taken < tried || tried == 0))
            status = take_one(w, error);
        if (status != FLOWENRICH_OK)
            return status;
        most = taken < tried ? taken + (taken == 0) : least(2 * most, FLE_BLOCK);
        /* A header may have come that wants what wasn't copied. */
        if (!w->is_copied && keeps_text(w->parser))
            break;
    }
    return FLOWENRICH_OK;
}

/* Mark what lies in the window. Behind the caller's last byte nothing may be read. */
static bool look(window *w, size_t behind)
{
    char *copy = NULL;

    if (w->is_copied) {
        if (!fle_buffer_reserve(&w->out->text, w->len + FLE_SLACK))
            return false;
        copy = w->out->text.data + w->offset;
        w->out->text.len += w->len;
    }
    fle_kernel_best()->scan(w->bytes, w->len, copy, w->parser->marks);
    w->n_lines = w->marks->n_lines;
    while (!copy && w->n_lines > 0 && w->len + behind - end_of(w, w->n_lines - 1) < FLE_SLACK)
        w->n_lines--;
    return true;
}

flowenrich_status fle_window_take(flowenrich_parser *parser, const char *bytes, size_t len,
                                  flowenrich_batch *out, size_t *taken, flowenrich_error *error)
{
    const size_t rows = out->rows, room = out->capacity - rows;
    const size_t most = least(least(FLE_WINDOW, parser->max_line), room * BYTES_A_ROW);
    window w = {
        parser, out, parser->marks, bytes, least(len, most), keeps_text(parser), out->text.len, 0, 0
    };
    flowenrich_status status;

    *taken = 0;
    if (!fle_parser_has_room(parser, out))
        return FLOWENRICH_OK;
    if (!look(&w, len - w.len))
        return fle_error_nomem(error);
    status = take_lines(&w, error);
    *taken = start_of(&w, w.line);
    /* What no row came of isn't kept, unless something stands behind it. */
    if (w.is_copied && out->text.len == w.offset + w.len)
        out->text.len = w.offset + (out->rows > rows ? *taken : 0);
    return status;
}
