/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich enrich, pairs and parse: records in, JSON lines out. */
#include "command.h"
#include "configuration.h"
#include "output.h"
#include "run.h"

static outcome take(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    (void)batch;
    return output_write(ctx, encoded.data, encoded.len);
}

static outcome hand_on(void *ctx)
{
    return output_flush(ctx);
}

static outcome write_records(run *r)
{
    output out = { .fd = -1 };
    const sink writing = { &out, take, hand_on };
    outcome done = output_open(&out, r->opt->output);

    if (done == OUTCOME_DONE)
        done = run_logs(r, &writing);
    if (done == OUTCOME_DONE)
        done = output_commit(&out);
    else if (done == OUTCOME_BAD_LINES)
        (void)output_flush(&out); /* to stdout, what was before them is given */
    output_free(&out);
    return done == OUTCOME_DONE ? run_end(r) : done;
}

outcome command_records(const options *opt)
{
    run r;
    outcome done;

    if (opt->print_config)
        return configuration_print(opt);
    done = run_init(&r, opt, &opt->arguments);
    if (done == OUTCOME_DONE)
        done = write_records(&r);
    run_free(&r);
    return done;
}
