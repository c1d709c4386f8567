/* SPDX-License-Identifier: Apache-2.0 */
/* Text of flow logs through the library, batch by batch, to the sink. */
#include "feed.h"

#include <inttypes.h>
#include <stdio.h>

#include "message.h"
#include "text.h"
#include "value.h"

#define BAD_LINES_SHOWN 5
#define BAD_LINE_TEXT 100

/* "too_few_fields" reads as it is, but for the underscores. */
static void show_reject(const run *r, const flowenrich_reject *bad)
{
    const bool cut = bad->text.len > BAD_LINE_TEXT;
    const size_t len = cut ? BAD_LINE_TEXT : bad->text.len;
    char reason[64], line[4 * BAD_LINE_TEXT + 1];

    snprintf(reason, sizeof reason, "%s", bad->reason);
    for (char *c = reason; *c; c++)
        if (*c == '_')
            *c = ' ';
    text_visible(line, sizeof line, bad->text.data, len);
    notice("%s:%" PRIu64 ": %s%s%s%s: %s%s", r->place, bad->line, reason, *bad->field ? " (" : "",
           bad->field, *bad->field ? ")" : "", line, cut ? "..." : "");
}

static void note_rejects(run *r)
{
    const size_t n = flowenrich_batch_rejects(r->batch);

    for (size_t i = 0; i < n && r->bad + i < BAD_LINES_SHOWN; i++) {
        flowenrich_reject bad = { .size = sizeof bad };

        if (flowenrich_batch_reject(r->batch, i, &bad, NULL) == FLOWENRICH_OK)
            show_reject(r, &bad);
    }
    if (r->bad <= BAD_LINES_SHOWN && r->bad + n > BAD_LINES_SHOWN)
        notice("further bad lines are only counted");
    r->bad += n;
}

static bool any_present(flowenrich_batch *batch, const char *path)
{
    flowenrich_column column;
    size_t row = 0;

    if (value_column(batch, path, &column, NULL) != FLOWENRICH_OK)
        return false;
    while (row < column.rows && !value_present(&column, row))
        row++;
    return row < column.rows;
}

static void note_addresses(run *r)
{
    r->has_source =
        r->has_source || any_present(r->batch, "srcaddr") || any_present(r->batch, "pkt_srcaddr");
    r->has_destination = r->has_destination || any_present(r->batch, "dstaddr") ||
                         any_present(r->batch, "pkt_dstaddr");
}

static outcome name_ends(run *r)
{
    flowenrich_error error;

    if (!r->names)
        return OUTCOME_DONE;
    if (flowenrich_enricher_enrich(r->naming.enricher, r->batch, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

outcome feed_drain(run *r)
{
    outcome done;

    note_rejects(r);
    note_addresses(r);
    done = selection_keep_times(&r->selection, r->batch);
    if (done == OUTCOME_DONE)
        done = name_ends(r);
    if (done == OUTCOME_DONE)
        done = sightings_note(&r->seen, r->batch, r->names);
    if (done == OUTCOME_DONE)
        done = selection_keep_values(&r->selection, r->batch);
    r->kept += flowenrich_batch_rows(r->batch);
    if (done == OUTCOME_DONE)
        done = r->sink.take(r->sink.ctx, r->batch);
    flowenrich_batch_clear(r->batch);
    if (done == OUTCOME_DONE && r->bad > r->opt->max_bad_lines) {
        failure("%s: there are more than %" PRIu64 " bad lines (--max-bad-lines): stopped here",
                r->place, r->opt->max_bad_lines);
        done = OUTCOME_BAD_LINES;
    }
    return done;
}

/* Lines that were refused are told with the place they are in, so before it changes. */
outcome feed_begin(run *r, const char *place, const flowenrich_source *source)
{
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    if (flowenrich_batch_rejects(r->batch) > 0)
        done = feed_drain(r);
    snprintf(r->place, sizeof r->place, "%s", place);
    if (flowenrich_parser_begin(r->parser, source, &error) != FLOWENRICH_OK)
        return failure_of(place, &error);
    return done;
}

outcome feed_text(run *r, const char *data, size_t len)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE && len > 0) {
        flowenrich_error error;
        size_t used;

        if (flowenrich_parser_parse(r->parser, data, len, &used, r->batch, &error) != FLOWENRICH_OK)
            return failure_of(r->place, &error);
        data += used;
        len -= used;
        if (len > 0)
            done = feed_drain(r);
    }
    return done;
}

outcome feed_end(run *r)
{
    outcome done = OUTCOME_DONE;
    int32_t finished = 0;

    while (done == OUTCOME_DONE && !finished) {
        flowenrich_error error;

        if (flowenrich_parser_finish(r->parser, r->batch, &finished, &error) != FLOWENRICH_OK)
            return failure_of(r->place, &error);
        if (!finished)
            done = feed_drain(r);
    }
    return done;
}
