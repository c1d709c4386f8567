/* SPDX-License-Identifier: Apache-2.0 */
/* An input through the pipeline, and what comes of it to the sink. */
#include "feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "message.h"
#include "text.h"
#include "value.h"

#define BAD_LINES_SHOWN 5
#define BAD_LINE_TEXT 100
#define OBJECTS_SHOWN 5
#define BROKEN_SHOWN 5 /* of each input */

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
    notice("%s%s%.*s:%" PRIu64 ": %s%s%s%s: %s%s", r->of.name, bad->place.len > 0 ? ", " : "",
           (int)bad->place.len, bad->place.data ? bad->place.data : "", r->of.line + bad->line,
           reason, *bad->field ? " (" : "", bad->field, *bad->field ? ")" : "", line,
           cut ? "..." : "");
}

static void note_rejects(run *r)
{
    const size_t n = flowenrich_pipeline_rejects(r->pipeline);
    const uint64_t before = n > 0 ? atomic_fetch_add(&r->whole->bad, n) : 0;

    for (size_t i = 0; i < n && before + i < BAD_LINES_SHOWN; i++) {
        flowenrich_reject bad = { .size = sizeof bad };

        if (flowenrich_pipeline_reject(r->pipeline, i, &bad, NULL) == FLOWENRICH_OK)
            show_reject(r, &bad);
    }
    if (before <= BAD_LINES_SHOWN && before + n > BAD_LINES_SHOWN)
        notice("further bad lines are only counted");
}

static void note_objects(run *r)
{
    flowenrich_source object = FLOWENRICH_SOURCE_INIT;

    for (size_t i = 0; flowenrich_pipeline_object(r->pipeline, i, &object, NULL) == FLOWENRICH_OK;
         i++) {
        const uint64_t before = atomic_fetch_add(&r->whole->objects, 1);

        r->of.objects++;
        if (before < OBJECTS_SHOWN)
            notice("%s: this only tells of s3://%.*s/%.*s: get that object (aws s3 cp) and read it",
                   r->of.name, (int)object.bucket.len, object.bucket.data, (int)object.key.len,
                   object.key.data);
        else if (before == OBJECTS_SHOWN)
            notice("further objects are only counted");
    }
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

/* Conversations always have both. */
static bool are_conversations(flowenrich_batch *batch)
{
    flowenrich_column sequence;

    return value_column(batch, "sequence", &sequence, NULL) == FLOWENRICH_OK &&
           sequence.type == FLOWENRICH_TYPE_U32;
}

static void note_addresses(run *r, flowenrich_batch *batch)
{
    const bool paired = are_conversations(batch);

    r->of.has_source = paired || r->of.has_source || any_present(batch, "srcaddr") ||
                       any_present(batch, "pkt_srcaddr");
    r->of.has_destination = paired || r->of.has_destination || any_present(batch, "dstaddr") ||
                            any_present(batch, "pkt_dstaddr");
}

static outcome take_rows(run *r)
{
    flowenrich_batch *batch = flowenrich_pipeline_batch(r->pipeline);
    outcome done;

    if (batch == NULL)
        return OUTCOME_DONE;
    note_addresses(r, batch);
    r->of.rows += flowenrich_batch_rows(batch);
    r->kept += flowenrich_batch_rows(batch);
    done = sightings_note(&r->seen, batch, r->names);
    return done == OUTCOME_DONE
               ? r->sink.take(r->sink.ctx, flowenrich_pipeline_output(r->pipeline), batch)
               : done;
}

/* What is wrong with a part of it; the others are still read. */
static void tell_broken(run *r, const flowenrich_error *error)
{
    if (r->of.broken++ < BROKEN_SHOWN)
        failure("%s: %s (byte %" PRIu64 ")", r->of.name, error->message, error->offset);
    else if (r->of.broken == BROKEN_SHOWN + 1)
        failure("%s: further broken parts of it aren't told", r->of.name);
}

/* What was before the bad lines is given all the same, and what was held back. */
static outcome stop(run *r)
{
    outcome given = OUTCOME_DONE;
    flowenrich_time now = 0;
    int32_t done = 0;

    while (given == OUTCOME_DONE && now != FLOWENRICH_TIME_END) {
        now = done ? FLOWENRICH_TIME_END : 0;
        if (flowenrich_pipeline_advance(r->pipeline, now, &done, NULL) != FLOWENRICH_OK)
            break;
        given = take_rows(r);
    }
    return given == OUTCOME_DONE ? OUTCOME_BAD_LINES : given;
}

/* Take what a call brought, and see what it came to. An error with a line is about bad lines. */
static outcome collect(run *r, flowenrich_status status, const flowenrich_error *error)
{
    const uint64_t most = r->opt->max_bad_lines;
    outcome done;

    note_rejects(r);
    note_objects(r);
    done = take_rows(r);
    if (done != OUTCOME_DONE)
        return done;
    if (r->whole->bad > most) {
        if (!atomic_exchange(&r->whole->stops, true))
            failure("%s: there are more than %" PRIu64 " bad lines (--max-bad-lines): stopped here",
                    r->of.name, most);
        return stop(r);
    }
    if (status == FLOWENRICH_ERR_LIMIT && error->line > 0) {
        flowenrich_error there = *error;

        there.line += (uint32_t)r->of.line;
        failure_of(r->of.name, &there);
        return stop(r);
    }
    if (status == FLOWENRICH_ERR_SYNTAX || status == FLOWENRICH_ERR_LIMIT ||
        status == FLOWENRICH_ERR_UNSUPPORTED)
        tell_broken(r, error);
    else if (status != FLOWENRICH_OK)
        return failure_of(r->of.name, error);
    return OUTCOME_DONE;
}

outcome feed_begin(run *r, const char *name, const flowenrich_source *source)
{
    flowenrich_error error;

    r->of = (file_tally){ .name = name };
    if (flowenrich_pipeline_begin(r->pipeline, source, &error) != FLOWENRICH_OK)
        return failure_of(name, &error);
    return OUTCOME_DONE;
}

outcome feed_data(run *r, const char *data, size_t len)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE && len > 0) {
        flowenrich_error error;
        size_t used = 0;
        const flowenrich_status status =
            flowenrich_pipeline_feed(r->pipeline, data, len, &used, &error);

        data += used;
        len -= used;
        done = collect(r, status, &error);
    }
    return done;
}

/* What has come so far, all the way, but for what is held back at that time. */
static outcome drain(run *r, flowenrich_time now)
{
    outcome done = OUTCOME_DONE;
    int32_t is_over = 0;

    while (done == OUTCOME_DONE && !is_over) {
        flowenrich_error error;
        const flowenrich_status status =
            flowenrich_pipeline_advance(r->pipeline, now, &is_over, &error);

        done = collect(r, status, &error);
    }
    return done;
}

outcome feed_pause(run *r)
{
    const outcome done = drain(r, time(NULL));

    return done == OUTCOME_DONE && r->sink.pause ? r->sink.pause(r->sink.ctx) : done;
}

outcome feed_end(run *r, bool *whole)
{
    outcome done = OUTCOME_DONE;
    int32_t is_over = 0;

    if (!*whole)
        flowenrich_pipeline_break_off(r->pipeline, NULL);
    while (done == OUTCOME_DONE && !is_over) {
        flowenrich_error error;
        const flowenrich_status status = flowenrich_pipeline_end(r->pipeline, &is_over, &error);

        done = collect(r, status, &error);
    }
    *whole = *whole && r->of.broken == 0;
    return done == OUTCOME_DONE ? drain(r, r->is_last ? FLOWENRICH_TIME_END : time(NULL)) : done;
}

outcome feed_finish(run *r)
{
    r->of = (file_tally){ .name = "the logs" };
    return drain(r, FLOWENRICH_TIME_END);
}
