/* SPDX-License-Identifier: Apache-2.0 */
/* The questions that `flowenrich ask` knows. data/questions has them as pipelines. */
#include "question.h"

#include <string.h>

#include "message.h"
#include "text.h"

static const question questions[] = {
    {
        .name = "cross-az",
        .asks = "Who talks across zones, and what does it cost?",
        .by = { "client.tags.app", "client.type", "server.tags.app", "server.type" },
        .measures = { "conversations", "bytes", "amount" },
        .where = { "scope=cross-az" },
    },
    {
        .name = "who-talked-to",
        .argument = "APP",
        .asks = "Who talked to this app, on which port, and was it let in?",
        .by = { "client.tags.app", "client.type", "client.addr", "server.port", "verdict" },
        .measures = { "conversations", "bytes", "first", "last" },
        .where_argument = "server.tags.app=",
    },
    {
        .name = "around-the-load-balancer",
        .asks = "Who reaches the targets of a load balancer without it?",
        .by = { "server.tags.app", "server.interface_id", "server.port", "client.tags.app",
                "client.type", "client.addr" },
        .measures = { "conversations", "bytes" },
        .where = { "verdict=accepted" },
        .prepare = question_around_prepare,
        .answer = question_around,
    },
    {
        .name = "database-without-proxy",
        .asks = "Who talks to a database of RDS, and not through its proxy?",
        .by = { "client.tags.app", "client.tags.Name", "client.type", "server.addr",
                "server.port" },
        .measures = { "conversations", "bytes", "amount", "first", "last" },
        .where = { "server.type=rds:db", "client.type!=rds:proxy", "verdict=accepted" },
    },
    {
        .name = "why-did-transfer-grow",
        .asks = "Which pairs, paths and meters moved most between two periods?",
        .by = { "client.tags.app", "client.type", "server.tags.app", "server.type", "path" },
        .measures = { "bytes", "amount" },
        .prepare = question_growth_prepare,
        .answer = question_growth,
    },
};

enum { N_QUESTIONS = sizeof questions / sizeof *questions };

const question *question_at(size_t index)
{
    return index < N_QUESTIONS ? &questions[index] : NULL;
}

const question *question_find(const char *name)
{
    const char *known[N_QUESTIONS], *nearest;

    for (size_t i = 0; i < N_QUESTIONS; i++) {
        if (strcmp(name, questions[i].name) == 0)
            return &questions[i];
        known[i] = questions[i].name;
    }
    nearest = text_nearest(name, known, N_QUESTIONS);
    if (nearest)
        misuse("ask: there is no question '%s'; did you mean %s?", name, nearest);
    else
        misuse("ask: there is no question '%s'; see 'flowenrich ask --list'", name);
    return NULL;
}
