/* SPDX-License-Identifier: Apache-2.0 */
/* watch --evidence: who is behind an alarm, as finer groups of its window. */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "message.h"
#include "value.h"

#define ROWS 2048

static const char *const who[] = { "client.addr", "server.addr", "server.port", "verdict" };
static const char *const measures[] = { "records", "packets", "bytes", "rejects", "first", "last" };

enum { N_WHO = sizeof who / sizeof *who, N_MEASURES = sizeof measures / sizeof *measures };

struct evidence_alarm {
    buffer key;           /* its window and group */
    buffer line;          /* of JSON, as far as it goes */
    size_t number;        /* among all that wait */
    uint64_t found;       /* rows of evidence in it */
    const char *measured; /* what a row must have some of, or NULL */
};

/* ---- Making one ---- */

static outcome list_paths(evidence *of)
{
    const text_list *asked = &of->opt->by;

    of->by = calloc(asked->n + N_WHO, sizeof *of->by);
    if (of->by == NULL)
        return failure_no_memory();
    for (; of->n_by < asked->n; of->n_by++)
        of->by[of->n_by] = asked->items[of->n_by];
    for (size_t i = 0; i < N_WHO; i++) {
        bool is_there = false;

        for (size_t j = 0; j < asked->n; j++)
            is_there = is_there || strcmp(asked->items[j], who[i]) == 0;
        if (!is_there)
            of->by[of->n_by++] = who[i];
    }
    return OUTCOME_DONE;
}

static outcome make_encoder(evidence *of)
{
    flowenrich_encoder_options settings = FLOWENRICH_ENCODER_OPTIONS_INIT;
    const char *fields[N_WHO + N_MEASURES];
    flowenrich_error error;

    memcpy(fields, who, sizeof who);
    memcpy(fields + N_WHO, measures, sizeof measures);
    settings.hash_seed = options_seed(of->opt);
    settings.fields = fields;
    settings.field_count = N_WHO + N_MEASURES;
    if (flowenrich_encoder_new(&of->encoder, "json", &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

outcome evidence_init(evidence *of, const options *opt)
{
    flowenrich_aggregator_options asked = groups_asked(opt);
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    memset(of, 0, sizeof *of);
    of->opt = opt;
    if (list_paths(of) != OUTCOME_DONE)
        return OUTCOME_FAILED;
    asked.hash_seed = settings.hash_seed = options_seed(opt);
    asked.by = of->by;
    asked.by_count = of->n_by;
    asked.measures = measures;
    asked.measure_count = N_MEASURES;
    if (flowenrich_aggregator_new(&of->aggregator, &asked, &error) != FLOWENRICH_OK ||
        flowenrich_batch_new(&of->rows, ROWS, &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return make_encoder(of);
}

static void forget_alarms(evidence *of)
{
    for (size_t i = 0; i < of->n; i++) {
        free(of->alarms[i].key.data);
        free(of->alarms[i].line.data);
    }
    of->n = 0;
}

void evidence_free(evidence *of)
{
    forget_alarms(of);
    free(of->alarms);
    free(of->lines.data);
    free(of->key.data);
    free(of->by);
    flowenrich_encoder_free(of->encoder);
    flowenrich_batch_free(of->rows);
    flowenrich_aggregator_free(of->aggregator);
}

outcome evidence_add(evidence *of, flowenrich_batch *batch)
{
    flowenrich_error error;

    return flowenrich_aggregator_add(of->aggregator, batch, &error) == FLOWENRICH_OK
               ? OUTCOME_DONE
               : failure_of(NULL, &error);
}

/* ---- Which row is of which alarm ---- */

static bool add_value(buffer *key, const flowenrich_column *column, size_t row)
{
    char buf[VALUE_TEXT];
    bool done;
    value has;

    value_get(column, row, buf, &has);
    done = buffer_append(key, &has.n, sizeof has.n);
    for (size_t i = 0; done && i < has.n; i++)
        done = buffer_append(key, &has.items[i].len, sizeof has.items[i].len) &&
               buffer_append(key, has.items[i].data, has.items[i].len);
    return done;
}

/* Its window, and the values of the paths that are watched. */
static outcome read_key(evidence *of, flowenrich_batch *batch, size_t row)
{
    const text_list *by = &of->opt->by;

    of->key.len = 0;
    for (size_t i = 0; i <= by->n; i++) {
        flowenrich_column column;
        flowenrich_error error;

        if (value_column(batch, i < by->n ? by->items[i] : "window.start", &column, &error) !=
            FLOWENRICH_OK)
            return failure_of(NULL, &error);
        if (!add_value(&of->key, &column, row))
            return failure_no_memory();
    }
    return OUTCOME_DONE;
}

static int compare_keys(const buffer *a, const buffer *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return memcmp(a->data, b->data, a->len);
}

static int by_key(const void *a, const void *b)
{
    const evidence_alarm *first = a, *second = b;

    return compare_keys(&first->key, &second->key);
}

static int by_number(const void *a, const void *b)
{
    const evidence_alarm *first = a, *second = b;

    return (first->number > second->number) - (first->number < second->number);
}

/* The first alarm of the key, of those that are sorted by it; 'n' if there is none. */
static size_t find(const evidence *of)
{
    size_t low = 0, high = of->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_keys(&of->alarms[middle].key, &of->key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < of->n && compare_keys(&of->alarms[low].key, &of->key) == 0 ? low : of->n;
}

/* What is counted among the evidence, a row of it must have, too. */
static outcome read_measure(flowenrich_batch *alarms, size_t row, const char **out)
{
    flowenrich_column column;
    flowenrich_error error;

    if (value_column(alarms, "alarm.measure", &column, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    *out = NULL;
    for (size_t i = 0; i < N_MEASURES; i++)
        if (value_is(&column, row, measures[i]))
            *out = measures[i];
    return OUTCOME_DONE;
}

static outcome fits(evidence *of, const evidence_alarm *alarm, size_t row, bool *out)
{
    flowenrich_column column;
    flowenrich_error error;

    *out = alarm->found < of->opt->evidence;
    if (!*out || alarm->measured == NULL)
        return OUTCOME_DONE;
    if (value_column(of->rows, alarm->measured, &column, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    *out = value_number(&column, row) > 0;
    return OUTCOME_DONE;
}

/* ---- Alarms and their rows ---- */

static evidence_alarm *add_alarm(evidence *of)
{
    if (of->n == of->capacity) {
        const size_t capacity = 2 * of->capacity + 64;
        evidence_alarm *larger = realloc(of->alarms, capacity * sizeof *larger);

        if (larger == NULL)
            return NULL;
        of->alarms = larger;
        of->capacity = capacity;
    }
    memset(&of->alarms[of->n], 0, sizeof *of->alarms);
    of->alarms[of->n].number = of->n;
    return &of->alarms[of->n++];
}

outcome evidence_await(evidence *of, flowenrich_encoder *encoder, flowenrich_batch *alarms)
{
    outcome done = buffer_encode(&of->lines, encoder, alarms);
    size_t at = 0;

    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(alarms); row++) {
        const flowenrich_text line = buffer_line(&of->lines, &at);
        evidence_alarm *alarm = add_alarm(of);

        if (alarm == NULL || !buffer_append(&alarm->line, line.data, line.len))
            return failure_no_memory();
        done = read_measure(alarms, row, &alarm->measured);
        if (done == OUTCOME_DONE)
            done = read_key(of, alarms, row);
        if (done == OUTCOME_DONE && !buffer_append(&alarm->key, of->key.data, of->key.len))
            return failure_no_memory();
    }
    return done;
}

static bool add_line(evidence_alarm *alarm, flowenrich_text line)
{
    static const char begin[] = ",\"Evidence\":[";
    const char *before = alarm->found++ == 0 ? begin : ",";

    return buffer_append(&alarm->line, before, strlen(before)) &&
           buffer_append(&alarm->line, line.data, line.len) && buffer_append(&alarm->line, "}", 1);
}

/* Rows that are of no alarm are left out, so that few are encoded. */
static outcome keep_wanted(evidence *of)
{
    uint8_t keep[ROWS / 8] = { 0 };
    flowenrich_error error;

    for (size_t row = 0; row < flowenrich_batch_rows(of->rows); row++) {
        if (read_key(of, of->rows, row) != OUTCOME_DONE)
            return OUTCOME_FAILED;
        if (find(of) < of->n)
            keep[row / 8] |= (uint8_t)(1U << row % 8);
    }
    if (flowenrich_batch_keep(of->rows, keep, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return buffer_encode(&of->lines, of->encoder, of->rows);
}

static outcome add_rows(evidence *of)
{
    outcome done = keep_wanted(of);
    size_t at = 0;

    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(of->rows); row++) {
        const flowenrich_text line = buffer_line(&of->lines, &at);

        done = read_key(of, of->rows, row);
        for (size_t i = find(of); done == OUTCOME_DONE && i < of->n; i++) {
            bool is_wanted;

            if (compare_keys(&of->alarms[i].key, &of->key) != 0)
                break;
            done = fits(of, &of->alarms[i], row, &is_wanted);
            if (done == OUTCOME_DONE && is_wanted && !add_line(&of->alarms[i], line))
                done = failure_no_memory();
        }
    }
    return done;
}

/* All that is due is taken, so that more may be added. */
static outcome collect(evidence *of, flowenrich_time watermark)
{
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    if (flowenrich_aggregator_advance(of->aggregator, watermark, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (;;) {
        if (flowenrich_aggregator_take(of->aggregator, of->rows, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        if (flowenrich_batch_rows(of->rows) == 0)
            return OUTCOME_DONE;
        if (of->n > 0)
            done = add_rows(of);
        if (done != OUTCOME_DONE)
            return done;
    }
}

outcome evidence_write(evidence *of, flowenrich_time watermark, output *out)
{
    outcome done;

    if (of->n > 0)
        qsort(of->alarms, of->n, sizeof *of->alarms, by_key);
    done = collect(of, watermark);
    if (of->n > 0)
        qsort(of->alarms, of->n, sizeof *of->alarms, by_number);
    for (size_t i = 0; done == OUTCOME_DONE && i < of->n; i++) {
        evidence_alarm *alarm = &of->alarms[i];
        const char *end = alarm->found > 0 ? "]}\n" : "}\n";

        done = buffer_append(&alarm->line, end, strlen(end)) ? OUTCOME_DONE : failure_no_memory();
        if (done == OUTCOME_DONE)
            done = output_write(out, alarm->line.data, alarm->line.len);
    }
    forget_alarms(of);
    return done;
}
