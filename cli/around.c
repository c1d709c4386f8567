/* SPDX-License-Identifier: Apache-2.0 */
/* ask around-the-load-balancer: who reaches targets of a load balancer without it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "group_rows.h"
#include "groups.h"
#include "message.h"
#include "question.h"

/* As the question has them. */
enum { SERVER_APP, INTERFACE, PORT, CLIENT_APP, CLIENT_TYPE, CLIENT_ADDR, N_KEYS };
enum { CONVERSATIONS, BYTES, N_SUMS };

static const answer_column columns[] = {
    { "client.tags.app", ANSWER_TEXT, false },      { "client.type", ANSWER_TEXT, false },
    { "client.addr", ANSWER_TEXT, false },          { "server.tags.app", ANSWER_TEXT, false },
    { "server.interface_id", ANSWER_TEXT, false },  { "server.port", ANSWER_TEXT, false },
    { "balancer", ANSWER_TEXT, false },             { "around", ANSWER_TEXT, false },
    { "conversations", ANSWER_COUNT, false },       { "bytes", ANSWER_BYTES, false },
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* By the port of an interface: what may be one target. */
static int compare_targets(const void *a, const void *b)
{
    const group_row *const *left = a, *const *right = b;
    const int order = compare_texts((*left)->keys[INTERFACE], (*right)->keys[INTERFACE]);

    return order ? order : compare_texts((*left)->keys[PORT], (*right)->keys[PORT]);
}

static bool is_type(const group_row *row, const char *type)
{
    return row->keys[CLIENT_TYPE] && strcmp(row->keys[CLIENT_TYPE], type) == 0;
}

static bool is_balancer(const group_row *row)
{
    return row->keys[CLIENT_TYPE] && strncmp(row->keys[CLIENT_TYPE], "elb:", strlen("elb:")) == 0;
}

/*
 * Which kind of balancer talks to the target of each row, NULL if none was seen to: a target is
 * known by its balancer's connections and health checks. Of several kinds, the one by which less
 * can be told. To be freed; NULL without memory.
 */
static const char **find_balancers(const group_rows *rows)
{
    const group_row **sorted = calloc(rows->n + 1, sizeof *sorted);
    const char **balancers = calloc(rows->n + 1, sizeof *balancers);

    if (!sorted || !balancers) {
        free(sorted);
        free(balancers);
        return NULL;
    }
    for (size_t i = 0; i < rows->n; i++)
        sorted[i] = &rows->items[i];
    qsort(sorted, rows->n, sizeof *sorted, compare_targets);
    for (size_t i = 0, end; i < rows->n; i = end) {
        const char *found = NULL;

        for (end = i; end < rows->n && compare_targets(&sorted[i], &sorted[end]) == 0; end++)
            if (is_balancer(sorted[end]) && (!found || is_type(sorted[end], "elb:network")))
                found = sorted[end]->keys[CLIENT_TYPE];
        for (size_t k = i; k < end && sorted[i]->keys[PORT] && sorted[i]->keys[INTERFACE]; k++)
            balancers[sorted[k] - rows->items] = found;
    }
    free(sorted);
    return balancers;
}

/*
 * An application or classic load balancer speaks for its clients, so whoever else is there came
 * around it. A network load balancer may pass packets on with their clients' addresses, which look
 * as if these had come by themselves. And whoever isn't known may be the balancer.
 */
static const char *judge(const group_row *row, const char *balancer)
{
    const bool is_known = row->keys[CLIENT_TYPE] && !is_type(row, "private");

    return strcmp(balancer, "elb:network") != 0 && is_known ? "yes" : "unknown";
}

static outcome add_row(answer *to, const group_row *row, const char *balancer)
{
    const char *const texts[] = {
        row->keys[CLIENT_APP],
        row->keys[CLIENT_TYPE],
        row->keys[CLIENT_ADDR],
        row->keys[SERVER_APP],
        row->keys[INTERFACE],
        row->keys[PORT],
        balancer,
        judge(row, balancer),
    };
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < sizeof texts / sizeof *texts; i++)
        done = answer_add_text(to, texts[i]);
    if (done == OUTCOME_DONE)
        done = answer_add_number(to, (int64_t)row->sums[CONVERSATIONS]);
    return done == OUTCOME_DONE ? answer_add_number(to, (int64_t)row->sums[BYTES]) : done;
}

static void tell(size_t targets, size_t found, uint64_t more)
{
    if (targets == 0)
        notice("unknown: no load balancer was seen to talk to anybody: that takes logs of its "
               "targets' interfaces, or its own, and describe-network-interfaces");
    else if (found == 0)
        notice("nobody: only load balancers talked to their targets");
    groups_tell_more(more);
}

static outcome write_rows(const group_rows *rows, const char *const *balancers, const options *opt,
                          output *out)
{
    const uint64_t most = opt->groups > 0 ? opt->groups : UINT64_MAX;
    size_t targets = 0, found = 0;
    answer to;
    outcome done = answer_init(&to, opt, columns, N_COLUMNS);

    for (size_t i = 0; done == OUTCOME_DONE && i < rows->n; i++) {
        targets += balancers[i] != NULL;
        if (balancers[i] == NULL || is_balancer(&rows->items[i]))
            continue;
        if (found++ < most)
            done = add_row(&to, &rows->items[i], balancers[i]);
    }
    if (done == OUTCOME_DONE)
        done = answer_write(&to, NULL, out);
    if (done == OUTCOME_DONE)
        tell(targets, found, found > most ? found - most : 0);
    answer_free(&to);
    return done;
}

static outcome show(groups *from, const options *opt)
{
    const char **balancers = NULL;
    group_rows rows;
    outcome done;

    group_rows_init(&rows, opt->by.items, opt->by.n, opt->measures.items, opt->measures.n);
    done = group_rows_take(&rows, from->aggregator);
    if (done == OUTCOME_DONE) {
        balancers = find_balancers(&rows);
        done = balancers ? write_rows(&rows, balancers, opt, &from->out) : failure_no_memory();
    }
    if (done == OUTCOME_DONE)
        done = output_commit(&from->out);
    free(balancers);
    group_rows_free(&rows);
    return done;
}

outcome question_around_prepare(options *opt)
{
    if (opt->by.n != N_KEYS || strcmp(opt->by.items[INTERFACE], "server.interface_id") != 0)
        return misuse("ask around-the-load-balancer: its paths can't be chosen: leave out --by");
    return OUTCOME_DONE;
}

outcome question_around(run *r, const options *opt)
{
    return groups_of_logs(r, opt, show);
}
