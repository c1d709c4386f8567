/* SPDX-License-Identifier: Apache-2.0 */
/* The logs of a run shared out to threads, each with a pipeline of its own. */
#include "shares.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "relay.h"
#include "stats.h"

#define MOST_THREADS 256

/* Is there enough to be cut? */
static bool can_cut(const run *r)
{
    return !r->files.unsized && r->files.bytes > 2 * RELAY_PIECE;
}

size_t shares_wanted(const run *r)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t n = r->opt->threads;

    if (n == 0)
        n = processors > 0 ? (uint64_t)processors : 1;
    if (n > MOST_THREADS)
        n = MOST_THREADS;
    if (n > r->files.n && !can_cut(r))
        n = r->files.n;
    return n > 0 ? (size_t)n : 1;
}

static outcome make_share(run *share, run *whole)
{
    flowenrich_error error;
    outcome done;

    share->opt = whole->opt;
    share->whole = whole;
    share->names = whole->names;
    sightings_init(&share->seen);
    done = input_init(&share->input);
    if (done == OUTCOME_DONE)
        done = configuration_pipeline(&whole->configuration, &share->pipeline, whole->opt,
                                      CONFIGURATION_HOLDS_NOT);
    if (done == OUTCOME_DONE && share->names &&
        flowenrich_pipeline_set_snapshot(share->pipeline, whole->snapshot, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    if (done == OUTCOME_DONE && whole->learns &&
        flowenrich_pipeline_set_learning(share->pipeline, 1, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    share->files.items = calloc(whole->files.n, sizeof *share->files.items);
    return done == OUTCOME_DONE && share->files.items == NULL ? failure_no_memory() : done;
}

/* Each file goes to who has least so far. A small one is some work, too. */
static void deal(run *r)
{
    enum { WORK_OF_FILE = 4096 };

    for (size_t i = 0; i < r->files.n; i++) {
        file_list *least = &r->shares[0].files;

        for (size_t share = 1; share < r->n_shares; share++)
            if (r->shares[share].files.bytes < least->bytes)
                least = &r->shares[share].files;
        least->items[least->n++] = r->files.items[i];
        least->bytes += r->files.items[i].size + WORK_OF_FILE;
    }
}

/* Has one much more to read than others? Then files are cut, though one thread unpacks them all. */
static bool is_uneven(const run *r)
{
    uint64_t most = 0;

    for (size_t i = 0; i < r->n_shares; i++)
        if (r->shares[i].files.bytes > most)
            most = r->shares[i].files.bytes;
    return can_cut(r) && most > r->files.bytes / r->n_shares / 4 * 5;
}

typedef struct task {
    run *share;
    const sink *to;
    pthread_t thread;
    outcome done;
} task;

static void *read_share(void *ctx)
{
    task *of = ctx;

    of->done = run_files(of->share, of->to);
    if (of->done != OUTCOME_DONE)
        of->share->whole->stops = true;
    return NULL;
}

/* Where no thread is to be had, the share is read here. */
static void start(task *tasks, bool *is_thread, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        is_thread[i] = pthread_create(&tasks[i].thread, NULL, read_share, &tasks[i]) == 0;
        if (!is_thread[i])
            read_share(&tasks[i]);
    }
}

static outcome read_files(run *r, const sink *sinks)
{
    task tasks[MOST_THREADS];
    bool is_thread[MOST_THREADS];
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; i < r->n_shares; i++)
        tasks[i] = (task){ .share = &r->shares[i], .to = &sinks[i] };
    start(tasks, is_thread, r->n_shares);
    for (size_t i = 0; i < r->n_shares; i++) {
        if (is_thread[i])
            pthread_join(tasks[i].thread, NULL);
        if (done == OUTCOME_DONE)
            done = tasks[i].done;
    }
    return done;
}

static outcome read_all(run *r, const sink *sinks)
{
    bool started = false;
    outcome done = OUTCOME_DONE;

    if (is_uneven(r))
        done = relay_run(r, sinks, &started);
    return started || done != OUTCOME_DONE ? done : read_files(r, sinks);
}

/* What is told at the end is of all. */
static void add_up(run *r)
{
    for (size_t i = 0; i < r->n_shares; i++) {
        const run *share = &r->shares[i];

        r->bytes += share->bytes;
        r->read += share->read;
        r->failed += share->failed;
        r->kept += share->kept;
        sightings_add(&r->seen, &share->seen);
    }
}

outcome shares_run(run *r, const sink *sinks, size_t n)
{
    outcome done = OUTCOME_DONE;

    r->shares = calloc(n, sizeof *r->shares);
    if (r->shares == NULL)
        return failure_no_memory();
    for (; done == OUTCOME_DONE && r->n_shares < n; r->n_shares++)
        done = make_share(&r->shares[r->n_shares], r);
    if (done != OUTCOME_DONE)
        return done;
    deal(r);
    run_begin_progress(r);
    done = read_all(r, sinks);
    progress_end();
    add_up(r);
    return done;
}

static bool has_read(const run *share)
{
    stats counted;

    stats_of(&counted, share->pipeline);
    return stats_lines(&counted) > 0;
}

static bool misses(const run *share, const char *path)
{
    const char *missing;

    for (size_t i = 0; (missing = flowenrich_pipeline_missing(share->pipeline, i)) != NULL; i++)
        if (strcmp(missing, path) == 0)
            return true;
    return !has_read(share);
}

static bool all_miss(const run *r, const char *path)
{
    for (size_t i = 0; i < r->n_shares; i++)
        if (!misses(&r->shares[i], path))
            return false;
    return true;
}

const char *shares_missing(const run *r, size_t index)
{
    const run *first = r;
    const char *path;

    for (size_t i = 0; i < r->n_shares && first == r; i++)
        if (has_read(&r->shares[i]))
            first = &r->shares[i];
    for (size_t i = 0; (path = flowenrich_pipeline_missing(first->pipeline, i)) != NULL; i++)
        if (all_miss(r, path) && index-- == 0)
            return path;
    return NULL;
}

/* The paths are the whole's. */
void shares_free(run *r)
{
    for (size_t i = 0; i < r->n_shares; i++) {
        free(r->shares[i].files.items);
        memset(&r->shares[i].files, 0, sizeof r->shares[i].files);
        run_free(&r->shares[i]);
    }
    free(r->shares);
    r->shares = NULL;
    r->n_shares = 0;
}
