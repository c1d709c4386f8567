/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of rows: how they are summed up, and how they are shown. */
#include "groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "configuration.h"
#include "input.h"
#include "message.h"
#include "value.h"

#define ROWS 2048
#define MOST_SERIES 65536 /* of one exposition, which can't be parted */

flowenrich_aggregator_options groups_asked(const options *opt)
{
    flowenrich_aggregator_options asked = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    asked.by = opt->by.items;
    asked.by_count = opt->by.n;
    asked.measures = opt->measures.n > 0 ? opt->measures.items : NULL;
    asked.measure_count = opt->measures.n;
    asked.window = opt->window;
    asked.slide = opt->slide;
    asked.lateness = opt->lateness;
    asked.spread = opt->spread;
    return asked;
}

static bool can_be_made(const flowenrich_aggregator_options *asked, flowenrich_error *error)
{
    flowenrich_aggregator *made;
    const flowenrich_status status = flowenrich_aggregator_new(&made, asked, error);

    flowenrich_aggregator_free(made);
    return status == FLOWENRICH_OK;
}

outcome groups_check(const options *opt)
{
    flowenrich_aggregator_options asked = groups_asked(opt);
    flowenrich_error error;
    const char *blamed = "--measure"; /* whose lack mends it */

    if (configuration_check_paths(opt) != OUTCOME_DONE)
        return OUTCOME_MISUSE;
    if (can_be_made(&asked, &error))
        return OUTCOME_DONE;
    asked.measures = NULL;
    asked.measure_count = 0;
    if (!can_be_made(&asked, NULL)) {
        asked.window = asked.slide = asked.lateness = 0;
        blamed = can_be_made(&asked, NULL) ? "--window" : "--by";
    }
    return misuse("%s: %s", blamed, error.message);
}

static outcome make_encoder(groups *to)
{
    flowenrich_encoder_options settings = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_error error;

    settings.hash_seed = options_seed(to->opt);
    if (flowenrich_encoder_new(&to->encoder, options_encoder(to->opt), &settings, &error) !=
        FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

outcome groups_init_part(groups *part, const options *opt,
                         const flowenrich_aggregator_options *asked)
{
    flowenrich_aggregator_options wanted = *asked;
    flowenrich_error error;

    memset(part, 0, sizeof *part);
    part->opt = opt;
    part->out.fd = -1;
    wanted.hash_seed = options_seed(opt);
    if (flowenrich_aggregator_new(&part->aggregator, &wanted, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

outcome groups_init(groups *to, const options *opt, const flowenrich_aggregator_options *asked)
{
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;
    outcome done = groups_init_part(to, opt, asked);

    if (done != OUTCOME_DONE)
        return done;
    to->watermark = to->window = FLOWENRICH_TIME_ABSENT;
    to->left = opt->groups > 0 ? opt->groups : UINT64_MAX;
    to->streams = asked->window > 0 && options_encoder(opt) && options_reads_stream(opt) &&
                  !opt->prometheus && !opt->save_state;
    settings.hash_seed = options_seed(opt);
    if (flowenrich_batch_new(&to->rows, opt->prometheus ? MOST_SERIES : ROWS, &settings, &error) !=
        FLOWENRICH_OK)
        return failure_of(NULL, &error);
    if (options_encoder(opt))
        done = make_encoder(to);
    group_table_init(&to->table, opt, asked->by_count);
    if (done == OUTCOME_DONE && !opt->save_state)
        done = output_open(&to->out, opt->output);
    return done;
}

void groups_free(groups *to)
{
    output_free(&to->out);
    group_table_free(&to->table);
    flowenrich_encoder_free(to->encoder);
    flowenrich_batch_free(to->rows);
    flowenrich_aggregator_free(to->aggregator);
}

/* Which rows are shown: of each window, as many as are wanted. */
static outcome choose(groups *to, size_t rows)
{
    uint8_t *keep = calloc(rows / 8 + 1, 1);
    flowenrich_column start;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    if (keep == NULL)
        return failure_no_memory();
    if (value_column(to->rows, "window.start", &start, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    for (size_t row = 0; done == OUTCOME_DONE && row < rows; row++) {
        if (value_present(&start, row) && value_time(&start, row) != to->window) {
            to->window = value_time(&start, row);
            to->left = to->opt->groups > 0 ? to->opt->groups : UINT64_MAX;
        }
        if (to->left > 0)
            keep[row / 8] |= (uint8_t)(1U << row % 8);
        else
            to->more++;
        to->left -= to->left > 0;
    }
    if (done == OUTCOME_DONE && flowenrich_batch_keep(to->rows, keep, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    free(keep);
    return done;
}

/* All that is due, a batch at a time. */
static outcome take_due(groups *to)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE) {
        flowenrich_error error;
        size_t rows;

        if (flowenrich_aggregator_take(to->aggregator, to->rows, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        rows = flowenrich_batch_rows(to->rows);
        if (rows == 0)
            break;
        done = choose(to, rows);
        if (done != OUTCOME_DONE || flowenrich_batch_rows(to->rows) == 0)
            continue;
        if (to->opt->prometheus && to->batches > 0)
            return failure("--prometheus writes up to %d groups: ask for fewer by -n, or by fewer "
                           "paths",
                           MOST_SERIES);
        to->batches++;
        if (to->show)
            done = to->show(to->show_ctx, to->rows, &to->out);
        else
            done = to->encoder ? output_encode(&to->out, to->encoder, to->rows)
                               : group_table_add(&to->table, to->rows);
    }
    return done;
}

static outcome advance(groups *to, flowenrich_time watermark)
{
    flowenrich_error error;
    outcome done;

    if (flowenrich_aggregator_advance(to->aggregator, watermark, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    done = take_due(to);
    return done == OUTCOME_DONE && to->shown ? to->shown(to->show_ctx, watermark, &to->out) : done;
}

/* Of what comes in as it happens, the latest start is as far as time has gone on. */
static outcome go_on(groups *to, flowenrich_batch *batch)
{
    flowenrich_column start;
    flowenrich_error error;

    if (value_column(batch, "start", &start, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (size_t row = 0; row < start.rows; row++)
        if (value_present(&start, row) && value_time(&start, row) > to->watermark)
            to->watermark = value_time(&start, row);
    return to->watermark == FLOWENRICH_TIME_ABSENT ? OUTCOME_DONE : advance(to, to->watermark);
}

static outcome add(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    groups *to = ctx;
    flowenrich_error error;

    (void)encoded;
    if (flowenrich_aggregator_add(to->aggregator, batch, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return to->streams ? go_on(to, batch) : OUTCOME_DONE;
}

static outcome hand_on(void *ctx)
{
    groups *to = ctx;

    return to->streams ? output_flush(&to->out) : OUTCOME_DONE;
}

sink groups_sink(groups *to)
{
    return (sink){ to, add, hand_on };
}

outcome groups_of_logs(run *r, const options *opt, outcome (*show)(groups *of, const options *opt))
{
    const flowenrich_aggregator_options asked = groups_asked(opt);
    groups of;
    const sink adding = groups_sink(&of);
    outcome done = groups_init(&of, opt, &asked);

    if (done == OUTCOME_DONE)
        done = run_logs(r, &adding);
    if (done == OUTCOME_DONE)
        done = show(&of, opt);
    groups_free(&of);
    return done;
}

outcome groups_add(groups *to, groups *part)
{
    flowenrich_error error;

    if (flowenrich_aggregator_merge(to->aggregator, part->aggregator, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    flowenrich_aggregator_free(part->aggregator);
    part->aggregator = NULL;
    return OUTCOME_DONE;
}

outcome groups_merge(groups *to, const char *path)
{
    flowenrich_error error;
    flowenrich_status status;
    char *data;
    size_t len;

    if (input_read_all(path, &data, &len) != OUTCOME_DONE)
        return OUTCOME_FAILED;
    status = flowenrich_aggregator_load(to->aggregator, data, len, &error);
    free(data);
    return status == FLOWENRICH_OK ? OUTCOME_DONE : failure_of(path, &error);
}

outcome groups_save(groups *to, const char *path)
{
    output out = { .fd = -1 };
    flowenrich_error error;
    size_t len = 0;
    char *data = NULL;
    flowenrich_status status = flowenrich_aggregator_save(to->aggregator, NULL, 0, &len, &error);
    outcome done = OUTCOME_DONE;

    if (status == FLOWENRICH_ERR_LIMIT) {
        data = malloc(len);
        if (data == NULL)
            return failure_no_memory();
        status = flowenrich_aggregator_save(to->aggregator, data, len, &len, &error);
    }
    if (status != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    if (done == OUTCOME_DONE)
        done = output_open(&out, path);
    if (done == OUTCOME_DONE)
        done = output_write(&out, data, len);
    if (done == OUTCOME_DONE)
        done = output_commit(&out);
    output_free(&out);
    free(data);
    return done;
}

outcome groups_show(groups *to)
{
    outcome done = advance(to, FLOWENRICH_TIME_END);

    if (done == OUTCOME_DONE && !to->encoder)
        done = group_table_write(&to->table, &to->out);
    return done == OUTCOME_DONE ? output_commit(&to->out) : done;
}

/* A counter of the aggregator's, by its name. */
static uint64_t counted(const groups *of, const char *name)
{
    flowenrich_stat all[32];
    const size_t n = flowenrich_aggregator_stats(of->aggregator, all, 32);

    for (size_t i = 0; i < n && i < 32; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].value;
    return 0;
}

void groups_tell_more(uint64_t more)
{
    if (more > 0)
        notice("more groups: %" PRIu64 "; -n 0 shows all", more);
}

void groups_tell(const groups *of)
{
    groups_tell_more(of->more);
    if (counted(of, "evicted") > 0)
        notice("there was no room for all groups: the smallest are one, called other, and of each "
               "that is shown 'error' bytes, at most, are in it");
    if (counted(of, "too_late") > 0)
        notice("rows that came after their window was over: %" PRIu64 "; they are told as late",
               counted(of, "too_late"));
}
