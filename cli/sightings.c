/* SPDX-License-Identifier: Apache-2.0 */
/* What the logs were like: material for the diagnosis. */
#include "sightings.h"

#include <string.h>

#include "message.h"
#include "value.h"

/* Each batch is looked at only so far: a sample is wanted, not all. */
#define ROWS_SAMPLED 64

enum { MOST = sizeof((sample *)0)->texts / sizeof *((sample *)0)->texts };

void sightings_init(sightings *seen)
{
    memset(seen, 0, sizeof *seen);
    seen->first = seen->last = FLOWENRICH_TIME_ABSENT;
}

static void add(sample *to, flowenrich_text text)
{
    char *slot = to->texts[to->n < MOST ? to->n : 0];

    if (to->n == MOST || text.len == 0 || text.len >= sizeof to->texts[0])
        return;
    for (size_t i = 0; i < to->n; i++)
        if (strlen(to->texts[i]) == text.len && memcmp(to->texts[i], text.data, text.len) == 0)
            return;
    memcpy(slot, text.data, text.len);
    slot[text.len] = '\0';
    to->n++;
}

static void add_all(sample *to, const sample *more)
{
    for (size_t i = 0; i < more->n; i++)
        add(to, (flowenrich_text){ more->texts[i], strlen(more->texts[i]) });
}

void sightings_add(sightings *to, const sightings *more)
{
    to->rows += more->rows;
    if (to->first == FLOWENRICH_TIME_ABSENT ||
        (more->first != FLOWENRICH_TIME_ABSENT && more->first < to->first))
        to->first = more->first;
    to->last = more->last > to->last ? more->last : to->last;
    add_all(&to->vpcs, &more->vpcs);
    add_all(&to->observers, &more->observers);
    add_all(&to->addresses, &more->addresses);
}

static void add_value(sample *to, const flowenrich_column *column, size_t row)
{
    char buf[VALUE_TEXT];
    value has;

    value_get(column, row, buf, &has);
    if (has.n > 0)
        add(to, has.items[0]);
}

static void note_times(sightings *seen, const flowenrich_column *start,
                       const flowenrich_column *end)
{
    for (size_t row = 0; row < start->rows; row++)
        if (value_present(start, row) &&
            (seen->first == FLOWENRICH_TIME_ABSENT || value_time(start, row) < seen->first))
            seen->first = value_time(start, row);
    for (size_t row = 0; row < end->rows; row++) /* no time is less than any */
        if (value_present(end, row) && value_time(end, row) > seen->last)
            seen->last = value_time(end, row);
}

/* The columns that tell of one end. */
typedef struct end_columns {
    flowenrich_column addr, type, by, reason, observer;
} end_columns;

static void note_end(sightings *seen, const end_columns *end, size_t row)
{
    if (value_is(&end->reason, row, "unknown_space") || value_is(&end->by, row, "record"))
        add_value(&seen->observers, &end->observer, row);
    else if (value_is(&end->reason, row, "not_in_inventory") &&
             !value_is(&end->type, row, "internet"))
        add_value(&seen->addresses, &end->addr, row);
}

static outcome note_ends(sightings *seen, flowenrich_batch *batch, const char *const paths[4])
{
    end_columns end;
    flowenrich_error error;

    if (seen->observers.n == MOST && seen->addresses.n == MOST)
        return OUTCOME_DONE;
    if (value_column(batch, paths[0], &end.addr, &error) != FLOWENRICH_OK ||
        value_column(batch, paths[1], &end.type, &error) != FLOWENRICH_OK ||
        value_column(batch, paths[2], &end.by, &error) != FLOWENRICH_OK ||
        value_column(batch, paths[3], &end.reason, &error) != FLOWENRICH_OK ||
        value_column(batch, "observer", &end.observer, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (size_t row = 0; row < end.reason.rows && row < ROWS_SAMPLED; row++)
        note_end(seen, &end, row);
    return OUTCOME_DONE;
}

outcome sightings_note(sightings *seen, flowenrich_batch *batch, bool named)
{
    static const char *const client[] = { "client.addr", "client.type", "client.by",
                                          "client.reason" };
    static const char *const server[] = { "server.addr", "server.type", "server.by",
                                          "server.reason" };
    flowenrich_column start, end, vpc;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    if (value_column(batch, "start", &start, &error) != FLOWENRICH_OK ||
        value_column(batch, "end", &end, &error) != FLOWENRICH_OK ||
        value_column(batch, "vpc_id", &vpc, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    seen->rows += flowenrich_batch_rows(batch);
    note_times(seen, &start, &end);
    for (size_t row = 0; row < vpc.rows && row < ROWS_SAMPLED; row++)
        add_value(&seen->vpcs, &vpc, row);
    if (named)
        done = note_ends(seen, batch, client);
    if (named && done == OUTCOME_DONE)
        done = note_ends(seen, batch, server);
    return done;
}
