/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich aggregate and top: sums of records and conversations, and the largest of them. */
#include <stdlib.h>

#include "command.h"
#include "groups.h"
#include "message.h"
#include "shares.h"
#include "stats.h"

static outcome cannot_pair(void)
{
    return misuse("--threads: records of all files are paired to conversations, which one thread "
                  "does: leave it out");
}

static outcome check_options(const options *opt)
{
    if (opt->command == COMMAND_TOP && opt->by.n == 0)
        return misuse("top: --by is missing: what to group by, such as --by client.tags.app");
    if (opt->json + opt->csv + opt->influx + opt->prometheus > 1)
        return misuse("of --json, --csv, --influx and --prometheus only one can be written");
    if (opt->slide > 0 && opt->window == 0)
        return misuse("--slide is how far windows are apart: it needs --window");
    if (opt->save_state && opt->output)
        return misuse("--save-state saves the sums in place of showing them: leave out --output");
    if (opt->threads != 1 && options_pair(opt))
        return cannot_pair();
    if (opt->threads != 1 && opt->hold != HOLD_UNSAID && opt->hold != HOLD_OFF)
        return misuse("--hold: what is held back waits for records of other files, which other "
                      "threads read: leave out --threads or --hold");
    return groups_check(opt);
}

/* The field's most common mistake, said where it is known to be made. */
static void tell_of_both_ends(const run *r)
{
    stats counted;

    run_count(r, &counted);
    if (stats_get(&counted, "paired") == 0 && stats_get(&counted, "named_mirror") > 0)
        notice("both ends logged some of these packets, and bytes are the sum of their records: "
               "--level conversation counts each byte once");
}

/* Can the files be read apart from one another? */
static outcome check_threads(const run *r)
{
    stats stages;

    if (r->opt->threads == 1)
        return OUTCOME_DONE;
    stats_of(&stages, r->pipeline);
    if (stats_has(&stages, "paired"))
        return cannot_pair();
    if (r->files.unsized)
        return misuse("--threads shares out files: name them, not stdin or a pipe");
    return OUTCOME_DONE;
}

/* Each thread sums up what it reads; to the sums of the first those of the others are added. */
static outcome sum_in_threads(run *r, groups *to, const flowenrich_aggregator_options *asked,
                              size_t n)
{
    groups *parts = calloc(n, sizeof *parts);
    sink *sinks = calloc(n, sizeof *sinks);
    outcome done = parts && sinks ? OUTCOME_DONE : failure_no_memory();
    size_t made = 1;

    for (; done == OUTCOME_DONE && made < n; made++) {
        done = groups_init_part(&parts[made], r->opt, asked);
        sinks[made] = groups_sink(&parts[made]);
    }
    if (done == OUTCOME_DONE) {
        sinks[0] = groups_sink(to);
        done = shares_run(r, sinks, n);
    }
    for (size_t i = 1; done == OUTCOME_DONE && i < n; i++)
        done = groups_add(to, &parts[i]);
    for (size_t i = 1; parts && i < made; i++)
        groups_free(&parts[i]);
    free(parts);
    free(sinks);
    return done;
}

static outcome sum_logs(run *r, groups *to, const flowenrich_aggregator_options *asked)
{
    const sink adding = groups_sink(to);
    const outcome done = check_threads(r);
    const size_t n = shares_wanted(r);

    if (done != OUTCOME_DONE)
        return done;
    return n > 1 ? sum_in_threads(r, to, asked, n) : run_logs(r, &adding);
}

static outcome sum_up(run *r, groups *to, const flowenrich_aggregator_options *asked)
{
    const options *opt = r->opt;
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < opt->merge.n; i++)
        done = groups_merge(to, opt->merge.items[i]);
    if (done == OUTCOME_DONE && options_reads_logs(opt))
        done = sum_logs(r, to, asked);
    if (done == OUTCOME_DONE)
        done = opt->save_state ? groups_save(to, opt->save_state) : groups_show(to);
    if (done == OUTCOME_DONE)
        groups_tell(to);
    if (done == OUTCOME_DONE)
        tell_of_both_ends(r);
    return done;
}

static outcome run_with(run *r, const options *opt)
{
    static const char *const sums_of_top[] = { "bytes", "packets", "records" };
    flowenrich_aggregator_options asked = groups_asked(opt);
    groups to;
    outcome done;

    if (opt->command == COMMAND_TOP) {
        asked.measures = sums_of_top;
        asked.measure_count = sizeof sums_of_top / sizeof *sums_of_top;
    }
    done = groups_init(&to, opt, &asked);
    if (done == OUTCOME_DONE)
        done = sum_up(r, &to, &asked);
    groups_free(&to);
    return done == OUTCOME_DONE && options_reads_logs(opt) ? run_end(r) : done;
}

outcome command_aggregate(const options *opt)
{
    run r;
    outcome done = check_options(opt);

    if (done != OUTCOME_DONE || opt->print_config)
        return done == OUTCOME_DONE ? configuration_print(opt) : done;
    done = run_init(&r, opt, options_reads_logs(opt) ? &opt->arguments : NULL);
    if (done == OUTCOME_DONE)
        done = run_with(&r, opt);
    run_free(&r);
    return done;
}
