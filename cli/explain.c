/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich explain: why the ends of a record are named as they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "message.h"
#include "run.h"

typedef struct explaining {
    run run;
    uint64_t rows;
} explaining;

static outcome print_row(flowenrich_pipeline *pipeline, size_t row)
{
    flowenrich_error error;
    size_t len = 0;
    char *text;
    outcome done = OUTCOME_DONE;

    flowenrich_pipeline_explain_row(pipeline, row, NULL, 0, &len, NULL);
    text = malloc(len + 1);
    if (text == NULL)
        return failure_no_memory();
    if (flowenrich_pipeline_explain_row(pipeline, row, text, len, &len, &error) == FLOWENRICH_OK)
        fwrite(text, 1, len, stdout);
    else
        done = failure_of(NULL, &error);
    free(text);
    return done;
}

static outcome explain_batch(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    explaining *about = ctx;
    outcome done = OUTCOME_DONE;

    (void)encoded;
    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(batch); row++) {
        if (about->rows++ > 0)
            putchar('\n');
        done = print_row(about->run.pipeline, row);
    }
    return done;
}

/* A line that wasn't quoted comes as several words. */
static outcome explain_line(explaining *about, const options *opt)
{
    const sink explain = { about, explain_batch, NULL };
    char *line = text_list_joined(&opt->arguments);
    const outcome done =
        line ? run_text(&about->run, &explain, "the line", line) : failure_no_memory();

    free(line);
    return done;
}

outcome command_explain(const options *opt)
{
    explaining about = { .rows = 0 };
    const sink explain = { &about, explain_batch, NULL };
    const bool from_stdin = opt->arguments.n == 1 && strcmp(opt->arguments.items[0], "-") == 0;
    outcome done;

    if (opt->arguments.n == 0)
        return misuse("explain: the line is missing; - reads it from stdin");
    done = run_init(&about.run, opt, from_stdin ? &opt->arguments : NULL);
    if (done == OUTCOME_DONE)
        done = from_stdin ? run_logs(&about.run, &explain) : explain_line(&about, opt);
    if (done == OUTCOME_DONE && run_failed(&about.run))
        done = OUTCOME_FAILED;
    run_free(&about.run);
    return done;
}
