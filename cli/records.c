/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich enrich, flowenrich parse: records in, JSON lines out. */
#include "command.h"
#include "message.h"
#include "output.h"
#include "path.h"
#include "run.h"

/* Where records are written to. */
typedef struct writer {
    flowenrich_encoder *encoder;
    output out;
} writer;

static outcome take(void *ctx, flowenrich_batch *batch)
{
    writer *to = ctx;

    return output_encode(&to->out, to->encoder, batch);
}

static outcome hand_on(void *ctx)
{
    writer *to = ctx;

    return output_flush(&to->out);
}

static outcome make_writer(writer *to, const options *opt, const char *encoder, uint64_t seed)
{
    flowenrich_encoder_options settings = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_error error;

    for (size_t i = 0; i < opt->fields.n; i++)
        if (path_check("--fields", opt->fields.items[i], opt->command != COMMAND_PARSE))
            return OUTCOME_MISUSE;
    settings.hash_seed = seed;
    settings.fields = opt->fields.n > 0 ? opt->fields.items : NULL;
    settings.field_count = opt->fields.n;
    if (flowenrich_encoder_new(&to->encoder, encoder, &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return output_open(&to->out, opt->output);
}

static outcome run_with(run *r, const options *opt, const char *encoder)
{
    writer to = { .out = { .fd = -1 } };
    const sink writing = { &to, take, hand_on };
    outcome done = make_writer(&to, opt, encoder, r->seed);

    if (done == OUTCOME_DONE)
        done = run_logs(r, &writing);
    if (done == OUTCOME_DONE)
        done = output_commit(&to.out);
    else if (done == OUTCOME_BAD_LINES)
        (void)output_flush(&to.out); /* to stdout, what was before them is given */
    output_free(&to.out);
    flowenrich_encoder_free(to.encoder);
    return done == OUTCOME_DONE ? run_end(r) : done;
}

static outcome write_records(const options *opt, const char *encoder, bool names)
{
    run r;
    outcome done = run_init(&r, opt, names, &opt->arguments);

    if (done == OUTCOME_DONE)
        done = run_with(&r, opt, encoder);
    run_free(&r);
    return done;
}

outcome command_enrich(const options *opt)
{
    return write_records(opt, "json", true);
}

outcome command_parse(const options *opt)
{
    return write_records(opt, "json-flat", false);
}
