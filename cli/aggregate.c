/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich aggregate and top: sums of records and conversations, and the largest of them. */
#include <stddef.h>

#include "command.h"
#include "groups.h"
#include "message.h"
#include "run.h"
#include "stats.h"

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
    return OUTCOME_DONE;
}

/* Sums that were saved before need no logs beside them. */
static bool reads_logs(const options *opt)
{
    return opt->arguments.n > 0 || opt->merge.n == 0;
}

/* The field's most common mistake, said where it is known to be made. */
static void tell_of_both_ends(const run *r)
{
    stats counted;

    stats_of(&counted, r->pipeline);
    if (stats_get(&counted, "paired") == 0 && stats_get(&counted, "named_mirror") > 0)
        notice("both ends logged some of these packets, and bytes are the sum of their records: "
               "--level conversation counts each byte once");
}

static outcome sum_up(run *r, groups *to)
{
    const options *opt = r->opt;
    const sink adding = groups_sink(to);
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < opt->merge.n; i++)
        done = groups_merge(to, opt->merge.items[i]);
    if (done == OUTCOME_DONE && reads_logs(opt))
        done = run_logs(r, &adding);
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
        done = sum_up(r, &to);
    groups_free(&to);
    return done == OUTCOME_DONE && reads_logs(opt) ? run_end(r) : done;
}

outcome command_aggregate(const options *opt)
{
    run r;
    outcome done = check_options(opt);

    if (done != OUTCOME_DONE || opt->print_config)
        return done == OUTCOME_DONE ? configuration_print(opt) : done;
    done = run_init(&r, opt, reads_logs(opt) ? &opt->arguments : NULL);
    if (done == OUTCOME_DONE)
        done = run_with(&r, opt);
    run_free(&r);
    return done;
}
