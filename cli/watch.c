/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich watch: alarms about groups, window by window. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "evidence.h"
#include "groups.h"
#include "input.h"
#include "message.h"
#include "run.h"

#define ROWS 1024 /* more than a policy has rules */

typedef struct watch {
    flowenrich_watcher *watcher;
    flowenrich_batch *alarms;
    flowenrich_encoder *encoder;
    evidence evidence; /* if it is wanted */
    sink groups;       /* what rows are added to */
    uint64_t told;
} watch;

static outcome make_watcher(watch *w, const options *opt)
{
    flowenrich_watcher_options settings = FLOWENRICH_WATCHER_OPTIONS_INIT;
    flowenrich_status status;
    flowenrich_error error;
    char *policy = NULL;

    if (opt->policy && input_read_all(opt->policy, &policy, &settings.policy_len) != OUTCOME_DONE)
        return OUTCOME_FAILED;
    settings.policy = policy;
    settings.hash_seed = options_seed(opt);
    settings.by = opt->by.items;
    settings.by_count = opt->by.n;
    settings.slide = opt->slide;
    status = flowenrich_watcher_new(&w->watcher, &settings, &error);
    free(policy);
    return status == FLOWENRICH_OK ? OUTCOME_DONE : failure_of(opt->policy, &error);
}

static outcome make(watch *w, const options *opt)
{
    flowenrich_encoder_options encoding = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;
    const outcome done = make_watcher(w, opt);

    if (done != OUTCOME_DONE)
        return done;
    encoding.hash_seed = settings.hash_seed = options_seed(opt);
    if (flowenrich_batch_new(&w->alarms, ROWS, &settings, &error) != FLOWENRICH_OK ||
        flowenrich_encoder_new(&w->encoder, options_encoder(opt), &encoding, &error) !=
            FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return opt->evidence > 0 ? evidence_init(&w->evidence, opt) : OUTCOME_DONE;
}

/* Groups that are due: tell what is wrong with them. */
static outcome look(void *ctx, flowenrich_batch *rows, output *out)
{
    watch *w = ctx;
    outcome done = OUTCOME_DONE;
    size_t row = 0;

    while (done == OUTCOME_DONE && row < flowenrich_batch_rows(rows)) {
        flowenrich_error error;

        if (flowenrich_watcher_watch(w->watcher, rows, &row, w->alarms, &error) != FLOWENRICH_OK)
            return failure("%s", error.message);
        w->told += flowenrich_batch_rows(w->alarms);
        if (flowenrich_batch_rows(w->alarms) == 0)
            continue;
        done = w->evidence.aggregator ? evidence_await(&w->evidence, w->encoder, w->alarms)
                                      : output_encode(out, w->encoder, w->alarms);
    }
    return done;
}

static outcome tell_evidence(void *ctx, flowenrich_time watermark, output *out)
{
    watch *w = ctx;

    return evidence_write(&w->evidence, watermark, out);
}

static outcome add(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    watch *w = ctx;
    const outcome done = evidence_add(&w->evidence, batch);

    return done == OUTCOME_DONE ? w->groups.take(w->groups.ctx, encoded, batch) : done;
}

static outcome pause_logs(void *ctx)
{
    watch *w = ctx;

    return w->groups.pause(w->groups.ctx);
}

static void tell(const watch *w)
{
    flowenrich_stat all[16];
    const size_t n = flowenrich_watcher_stats(w->watcher, all, 16);

    for (size_t i = 0; i < n && i < 16; i++)
        if (strcmp(all[i].name, "untracked") == 0 && all[i].value > 0)
            notice("there was no room for the past of %" PRIu64 " groups: watch fewer, by fewer "
                   "paths or --where",
                   all[i].value);
}

static outcome watch_all(watch *w, run *r)
{
    const flowenrich_aggregator_options asked = groups_asked(r->opt);
    groups to;
    outcome done = groups_init(&to, r->opt, &asked);

    to.show = look;
    to.show_ctx = w;
    w->groups = groups_sink(&to);
    if (done == OUTCOME_DONE && r->opt->evidence > 0) {
        const sink adding = { w, add, pause_logs };

        to.shown = tell_evidence;
        done = run_logs(r, &adding);
    } else if (done == OUTCOME_DONE) {
        done = run_logs(r, &w->groups);
    }
    if (done == OUTCOME_DONE)
        done = groups_show(&to);
    if (done == OUTCOME_DONE) {
        groups_tell(&to);
        tell(w);
    }
    groups_free(&to);
    return done;
}

outcome command_watch(const options *opt)
{
    watch w = { 0 };
    run r;
    outcome done;

    if (opt->by.n == 0)
        return misuse("watch: --by is missing: whom to watch, such as --by "
                      "client.tags.app,server.tags.app");
    done = groups_check(opt);
    if (done != OUTCOME_DONE)
        return done;
    done = run_init(&r, opt, &opt->arguments);
    if (done == OUTCOME_DONE)
        done = make(&w, opt);
    if (done == OUTCOME_DONE)
        done = watch_all(&w, &r);
    if (done == OUTCOME_DONE)
        done = run_end(&r);
    if (done == OUTCOME_DONE && w.told > 0)
        done = OUTCOME_ALARMS;
    evidence_free(&w.evidence);
    flowenrich_encoder_free(w.encoder);
    flowenrich_batch_free(w.alarms);
    flowenrich_watcher_free(w.watcher);
    run_free(&r);
    return done;
}
