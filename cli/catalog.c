/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich catalog: what the documents tell, without logs. */
#include "catalog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "inventory.h"
#include "message.h"
#include "output.h"
#include "run.h"
#include "text.h"

/* Loaded as for logs, so that both say the same. */
static outcome load(inventory *out, const options *opt)
{
    run r;
    options naming = *opt;
    outcome done;

    naming.fields.n = 0; /* they are of what is written, and not of records */
    done = run_init(&r, &naming, NULL);
    *out = r.inventory;
    memset(&r.inventory, 0, sizeof r.inventory);
    run_free(&r);
    return done;
}

/* JSON too is for people here: one object. */
static outcome write_info(output *out, const options *opt, const flowenrich_stat *counted, size_t n)
{
    table rows;
    outcome done = OUTCOME_DONE;
    char text[128];

    if (opt->json) {
        for (size_t i = 0; done == OUTCOME_DONE && i < n; i++) {
            snprintf(text, sizeof text, "%s\"%s\": %" PRIu64 "%s", i == 0 ? "{" : ", ",
                     counted[i].name, counted[i].value, i + 1 == n ? "}\n" : "");
            done = output_write(out, text, strlen(text));
        }
        return done;
    }
    table_init(&rows, 2, 1);
    for (size_t i = 0; done == OUTCOME_DONE && i < n; i++) {
        char number[NUMBER_TEXT];

        done = table_add(&rows, counted[i].name, strlen(counted[i].name));
        text_count(counted[i].value, number);
        if (done == OUTCOME_DONE)
            done = table_add(&rows, number, strlen(number));
    }
    if (done == OUTCOME_DONE)
        done = output_table(out, &rows, false);
    table_free(&rows);
    return done;
}

static outcome info(const options *opt, flowenrich_snapshot *snapshot)
{
    flowenrich_stat counted[32];
    const size_t n = flowenrich_snapshot_stats(snapshot, counted, sizeof counted / sizeof *counted);
    output out = { .fd = -1 };
    outcome done = output_open(&out, opt->output);

    if (done == OUTCOME_DONE)
        done = write_info(&out, opt, counted, n);
    if (done == OUTCOME_DONE)
        done = output_commit(&out);
    output_free(&out);
    return done;
}

static const struct {
    const char *name;
    outcome (*run)(const options *opt, flowenrich_snapshot *snapshot);
} actions[] = {
    { "build", NULL },
    { "info", info },
    { "lookup", catalog_lookup },
};

enum { BUILD, INFO, LOOKUP, N_ACTIONS };

static size_t find(const char *name)
{
    size_t i = 0;

    while (i < N_ACTIONS && strcmp(name, actions[i].name) != 0)
        i++;
    return i;
}

/* With the logs that are learned from, if there are any. */
static outcome build(const options *opt, const text_list *logs)
{
    run r;
    outcome done = run_init(&r, opt, opt->learn ? logs : NULL);

    if (done == OUTCOME_DONE)
        done = image_write(r.pipeline, opt->output);
    if (done == OUTCOME_DONE && run_failed(&r))
        done = OUTCOME_FAILED;
    run_free(&r);
    return done;
}

/* Where nothing could be read there is nothing to say: a wrong path isn't an empty inventory. */
static bool is_nothing(const inventory *known)
{
    return known->failed > 0 && known->documents == 0;
}

/* What is no address is an inventory: 'catalog build -o FILE inventory/'. */
static outcome load_and_run(const options *opt, size_t action)
{
    const text_list rest = { opt->arguments.items + 1, opt->arguments.n - 1 };
    options asked = *opt;
    inventory known = { 0 };
    outcome done;

    if (action != LOOKUP && rest.n > 0 && !opt->learn) {
        if (opt->inventory.n > 0)
            return misuse("catalog %s: name the inventory once, with --inventory or without",
                          actions[action].name);
        asked.inventory = rest;
    }
    if (asked.inventory.n == 0 && !opt->learn)
        return misuse(
            "catalog %s: --inventory is missing: a document of AWS's, a folder of them, or "
            "an image",
            actions[action].name);
    asked.adds = action == BUILD;
    if (action == BUILD)
        return build(&asked, &rest);
    done = load(&known, &asked);
    if (done == OUTCOME_DONE && !is_nothing(&known))
        done = actions[action].run(&asked, known.snapshot);
    inventory_free(&known);
    return done == OUTCOME_DONE && known.failed > 0 ? OUTCOME_FAILED : done;
}

/* The two are loaded one by one: neither says anything of the other. */
static outcome load_and_compare(const options *opt)
{
    inventory known[2] = { { 0 }, { 0 } };
    outcome done = OUTCOME_DONE;
    uint64_t failed;

    for (size_t i = 0; done == OUTCOME_DONE && i < 2; i++) {
        options asked = *opt;

        asked.inventory = (text_list){ opt->arguments.items + 1 + i, 1 };
        done = load(&known[i], &asked);
    }
    if (done == OUTCOME_DONE && !is_nothing(&known[0]) && !is_nothing(&known[1]))
        done = catalog_diff(opt, known[0].snapshot, known[1].snapshot);
    failed = known[0].failed + known[1].failed;
    inventory_free(&known[0]);
    inventory_free(&known[1]);
    return done == OUTCOME_DONE && failed > 0 ? OUTCOME_FAILED : done;
}

static outcome compare(const options *opt)
{
    if (opt->inventory.n > 0 || opt->arguments.n != 3)
        return misuse("catalog diff: name two inventories: 'flowenrich catalog diff BEFORE AFTER'");
    return load_and_compare(opt);
}

outcome command_catalog(const options *opt)
{
    const size_t action = opt->arguments.n > 0 ? find(opt->arguments.items[0]) : N_ACTIONS;

    if (opt->arguments.n > 0 && strcmp(opt->arguments.items[0], "diff") == 0)
        return compare(opt);
    if (action == N_ACTIONS)
        return misuse("catalog: say what to do: build, diff, info or lookup; see 'flowenrich help "
                      "catalog'");
    if (action == LOOKUP && opt->arguments.n == 1)
        return misuse("catalog lookup: the address is missing");
    if (opt->history && opt->at != FLOWENRICH_TIME_ABSENT)
        return misuse("--history tells of all times: leave out --at, or --history");
    if (action != BUILD && opt->learn)
        return misuse("--learn: 'catalog build' learns, and no other");
    if (action == BUILD && (opt->output == NULL || strcmp(opt->output, "-") == 0))
        return misuse("catalog build: --output is missing: the file to write");
    return load_and_run(opt, action);
}
