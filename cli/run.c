/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the logs through the library, which enrich, parse and top share. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "feed.h"
#include "judge.h"
#include "lesson.h"
#include "message.h"
#include "moment.h"
#include "shares.h"
#include "stats.h"
#include "summary.h"
#include "unfinished.h"

#define PATIENCE 3 /* seconds that nobody asks why nothing comes */

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static outcome list_files(run *r, const text_list *given)
{
    static const char *const endings[] = { ".log", ".gz", ".txt", NULL };
    outcome done = OUTCOME_DONE;

    if (given->n == 0 && isatty(STDIN_FILENO))
        return misuse("no logs: name files or folders, or - for stdin; see 'flowenrich help'");
    if (given->n == 0)
        return file_list_add(&r->files, "-", endings, NULL);
    for (size_t i = 0; done == OUTCOME_DONE && i < given->n; i++)
        done = file_list_add(&r->files, given->items[i], endings, "logs (*.log, *.gz, *.txt)");
    return done;
}

static outcome load_inventory(run *r)
{
    const options *opt = r->opt;

    if (r->names)
        return inventory_load(&r->inventory, opt, r->pipeline, opt->learn || opt->adds);
    if (opt->inventory.n > 0)
        return failure("%s: 'enrich: false' leaves nothing for --inventory to name", opt->config);
    return OUTCOME_DONE;
}

/* The configuration may say that nobody is to be named. */
static bool names(const run *r)
{
    return flowenrich_pipeline_set_snapshot(r->pipeline, NULL, NULL) == FLOWENRICH_OK;
}

outcome run_init(run *r, const options *opt, const text_list *logs)
{
    lesson how = LESSON_NONE;
    outcome done;

    memset(r, 0, sizeof *r);
    r->opt = opt;
    r->whole = r;
    r->began = now();
    unfinished_watch();
    sightings_init(&r->seen);
    done = input_init(&r->input);
    if (done == OUTCOME_DONE)
        done = configuration_make(&r->configuration, &r->pipeline, opt);
    if (done == OUTCOME_DONE && logs)
        done = list_files(r, logs);
    if (options_pair(opt))
        file_list_order(&r->files);
    r->names = done == OUTCOME_DONE && names(r);
    if (done == OUTCOME_DONE && logs)
        done = lesson_choose(r, &how);
    if (done == OUTCOME_DONE && how == LESSON_WHILE)
        done = lesson_hold(r);
    if (done == OUTCOME_DONE)
        done = load_inventory(r);
    if (done == OUTCOME_DONE && r->inventory.snapshot)
        r->snapshot = flowenrich_snapshot_ref(r->inventory.snapshot);
    if (done == OUTCOME_DONE && (how == LESSON_FIRST || how == LESSON_ONLY))
        done = lesson_take(r, how);
    r->failed = r->files.failed;
    return done;
}

void run_free(run *r)
{
    shares_free(r);
    flowenrich_pipeline_free(r->pipeline);
    flowenrich_snapshot_free(r->snapshot);
    configuration_free(&r->configuration);
    inventory_free(&r->inventory);
    file_list_free(&r->files);
    input_free(&r->input);
}

/* Its key begins with what AWS writes, below any folder. */
flowenrich_source run_source(const char *path)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    const char *key = strstr(path, "AWSLogs/");

    flowenrich_source_from_key(&source, path, strlen(path));
    source.key = (flowenrich_text){ key, key ? strlen(key) : 0 };
    return source;
}

/*
 * Until more can be read, what is due comes out; whoever waits for what isn't is told why
 * there is nothing to be seen.
 */
static outcome wait_for_more(run *r)
{
    outcome done = OUTCOME_DONE;
    stats counted;

    for (int seconds = 0; done == OUTCOME_DONE && !input_ready(&r->input, 1000); seconds++) {
        done = feed_pause(r);
        stats_of(&counted, r->pipeline);
        if (seconds < PATIENCE || r->told_to_wait || stats_get(&counted, "held") == 0)
            continue;
        notice("%s: records are held back until the other end's may have come, as long as the "
               "longest covers and 15 minutes; with --hold off they come out at once",
               r->input.name);
        r->told_to_wait = true;
    }
    return done;
}

/* The windows of an open file. *whole tells whether it was read to its end. */
static outcome read_windows(run *r, bool *whole)
{
    outcome done = OUTCOME_DONE;
    const char *data, *other;
    size_t len;

    for (bool first = true; done == OUTCOME_DONE && !r->whole->stops; first = false) {
        if (r->input.waits && !first)
            done = wait_for_more(r);
        if (done != OUTCOME_DONE)
            break;
        *whole = input_next(&r->input, &data, &len) == OUTCOME_DONE;
        if (!*whole || len == 0)
            break;
        other = first ? input_is_no_log(data, len) : NULL;
        if (other) {
            *whole = false;
            failure("%s: %s", r->input.name, other);
            break;
        }
        done = feed_data(r, data, len);
        if (done == OUTCOME_DONE && r->input.waits)
            done = feed_pause(r);
        progress_update(&r->shown, r->bytes + r->input.bytes, r->kept);
    }
    return done == OUTCOME_DONE ? feed_end(r, whole) : done;
}

static outcome read_file(run *r, const file *from)
{
    const flowenrich_source source = run_source(from->path);
    const file_counts before = judge_count(r);
    bool whole = false;
    outcome done;

    if (input_open(&r->input, from->path) != OUTCOME_DONE) {
        r->failed++;
        return OUTCOME_DONE;
    }
    done = feed_begin(r, r->input.name, &source);
    if (done == OUTCOME_DONE)
        done = read_windows(r, &whole);
    if (done != OUTCOME_DONE)
        return done;
    r->of.counts = judge_since(r, &before);
    if (whole)
        whole = judge_file(r, &r->of, r->input.bytes) == OUTCOME_DONE;
    r->read++;
    r->failed += !whole;
    r->bytes += r->input.bytes;
    input_close(&r->input);
    return OUTCOME_DONE;
}

/*
 * A log that doesn't tell who logged it teaches nothing. That others of one run are no better is a
 * guess, which shares that read parts of files don't make.
 */
static bool is_vain(const run *r)
{
    stats counted;

    stats_of(&counted, r->pipeline);
    return r->learns && stats_get(&counted, "records") > 0 &&
           stats_get(&counted, "learned_records") + stats_get(&counted, "unlearned_records") == 0;
}

void run_begin_progress(run *r)
{
    const options *opt = r->opt;

    r->shown = (progress_share){ 0, 0 };
    progress_begin(opt->progress, opt->output == NULL && !(opt->command & COMMANDS_GROUPING),
                   r->files.unsized ? 0 : r->files.bytes);
}

outcome run_files(run *r, const sink *to)
{
    outcome done = OUTCOME_DONE;

    r->sink = *to;
    for (size_t i = 0; done == OUTCOME_DONE && i < r->files.n && !is_vain(r) && !r->whole->stops;
         i++) {
        r->is_last = i + 1 == r->files.n;
        done = read_file(r, &r->files.items[i]);
    }
    return done == OUTCOME_DONE && !r->whole->stops ? feed_finish(r) : done;
}

outcome run_logs(run *r, const sink *to)
{
    outcome done;

    run_begin_progress(r);
    done = run_files(r, to);
    progress_end();
    return done;
}

outcome run_text(run *r, const sink *to, const char *name, const char *text)
{
    const file_counts before = judge_count(r);
    const size_t len = strlen(text);
    bool whole = true;
    outcome done;

    r->sink = *to;
    r->is_last = true;
    done = feed_begin(r, name, NULL);
    if (done == OUTCOME_DONE)
        done = feed_data(r, text, len);
    if (done == OUTCOME_DONE)
        done = feed_end(r, &whole);
    r->of.counts = judge_since(r, &before);
    if (done == OUTCOME_DONE && whole)
        done = judge_file(r, &r->of, len);
    return done == OUTCOME_DONE && !whole ? OUTCOME_FAILED : done;
}

bool run_failed(const run *r)
{
    return r->failed + r->inventory.failed > 0;
}

void run_count(const run *r, stats *out)
{
    stats_of(out, r->pipeline);
    for (size_t i = 0; i < r->n_shares; i++)
        stats_add(out, r->shares[i].pipeline);
    stats_take(out, "unknown_fields", r->repeated);
}

static void print_conditions(FILE *out, const options *opt)
{
    char at[MOMENT_TEXT];

    for (size_t i = 0; i < opt->where.n; i++)
        fprintf(out, ", %s", opt->where.items[i]);
    if (opt->since != FLOWENRICH_TIME_ABSENT)
        fprintf(out, ", since %s", moment_text(opt->since, at));
    if (opt->until != FLOWENRICH_TIME_ABSENT)
        fprintf(out, ", until %s", moment_text(opt->until, at));
}

/* Lest what is empty for a reason looks as if something was broken. */
static void tell_nothing_fits(const run *r)
{
    char *text = NULL;
    size_t len = 0;
    FILE *conditions;
    stats counted;

    run_count(r, &counted);
    if (r->kept > 0 || stats_get(&counted, "records") == 0)
        return;
    conditions = open_memstream(&text, &len);
    if (conditions == NULL)
        return;
    print_conditions(conditions, r->opt);
    if (fclose(conditions) == 0 && len > 0)
        notice("nothing fits %s", text + strlen(", "));
    else if (stats_get(&counted, "dropped") > 0)
        notice("nothing fits the filter of --config");
    free(text);
}

outcome run_end(run *r)
{
    const outcome done = summarize(r, now() - r->began);
    const char *path;

    tell_nothing_fits(r);

    for (size_t i = 0; (path = shares_missing(r, i)) != NULL; i++)
        notice("%s: no log has a field '%s'",
               configuration_of_path(&r->configuration, r->opt, path), path);
    return done == OUTCOME_DONE && run_failed(r) ? OUTCOME_FAILED : done;
}
