/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names ends by two tables in Redis, which feed.c fills: address to ARN, and ARN to tags.
 *
 *     resolver HOST:PORT <LOG >RECORDS
 *
 * All questions of a batch go in one round trip, and the tags of whom they found in another. A
 * cache before it asks once for as long as an answer holds.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdint.h>

#include "../passing.h"
#include "tables.h"

/* Who held an address when it was asked for; empty if nobody is known. */
typedef struct holder {
    char arn[512];
    int64_t from, until;
} holder;

static flowenrich_status fail(const redisContext *redis, flowenrich_error *error)
{
    snprintf(error->message, sizeof error->message, "Redis: %s", redis->errstr);
    return FLOWENRICH_ERR_RESOLVER;
}

/* The next answer; NULL after a failure, which an error of Redis's own is, too. */
static redisReply *take(redisContext *redis)
{
    redisReply *reply = NULL;

    if (redisGetReply(redis, (void **)&reply) != REDIS_OK)
        return NULL;
    if (reply->type != REDIS_REPLY_ERROR)
        return reply;
    snprintf(redis->errstr, sizeof redis->errstr, "%.120s", reply->str);
    freeReplyObject(reply);
    return NULL;
}

/* In writing, as the feeder has it from AWS. */
static const char *write_address(const flowenrich_key *key, char out[INET6_ADDRSTRLEN])
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

    return memcmp(key->address, mapped, sizeof mapped) == 0
               ? inet_ntop(AF_INET, key->address + sizeof mapped, out, INET6_ADDRSTRLEN)
               : inet_ntop(AF_INET6, key->address, out, INET6_ADDRSTRLEN);
}

/* Without a VPC or times nobody can tell whose an address was. */
static int can_ask(const flowenrich_key *key)
{
    return key->kind == FLOWENRICH_KEY_ADDRESS && key->vpc.len > 0 &&
           key->from != FLOWENRICH_TIME_ABSENT;
}

/* What was last before the time asked for, and what came first after that. */
static void ask(redisContext *redis, const flowenrich_key *key)
{
    char address[INET6_ADDRSTRLEN];

    write_address(key, address);
    redisAppendCommand(redis, "ZREVRANGEBYSCORE " HELD "%b:%s %lld -inf LIMIT 0 1", key->vpc.data,
                       key->vpc.len, address, (long long)key->from);
    redisAppendCommand(redis, "ZRANGEBYSCORE " HELD "%b:%s (%lld +inf LIMIT 0 1", key->vpc.data,
                       key->vpc.len, address, (long long)key->from);
}

/* Read "TIME ARN", of which the ARN may be empty. */
static int read_member(const redisReply *list, int64_t *time, char *arn, size_t size)
{
    char *end;

    if (list->type != REDIS_REPLY_ARRAY || list->elements == 0)
        return 0;
    *time = strtoll(list->element[0]->str, &end, 10);
    if (arn)
        snprintf(arn, size, "%s", *end == ' ' ? end + 1 : end);
    return 1;
}

/* Whoever holds it until something else is known holds it that long, and no longer. */
static flowenrich_status hear(redisContext *redis, const flowenrich_key *key, holder *out)
{
    redisReply *before = take(redis), *after = before ? take(redis) : NULL;
    int64_t next;

    if (!after) {
        freeReplyObject(before);
        return FLOWENRICH_ERR_RESOLVER;
    }
    out->from = key->from;
    out->until = key->until;
    if (read_member(after, &next, NULL, 0))
        out->until = next - 1;
    if (!read_member(before, &out->from, out->arn, sizeof out->arn) || out->until < key->until)
        out->arn[0] = '\0';
    freeReplyObject(before);
    freeReplyObject(after);
    return FLOWENRICH_OK;
}

static flowenrich_status name(redisContext *redis, const holder *who, flowenrich_answer *answer)
{
    redisReply *tags = take(redis);
    flowenrich_status status;

    if (!tags)
        return FLOWENRICH_ERR_RESOLVER;
    status = flowenrich_answer_set(answer, "arns", who->arn, strlen(who->arn));
    for (size_t i = 0; status == FLOWENRICH_OK && i + 1 < tags->elements; i += 2) {
        char path[300];

        snprintf(path, sizeof path, "tags.%s", tags->element[i]->str);
        status = flowenrich_answer_set(answer, path, tags->element[i + 1]->str,
                                       tags->element[i + 1]->len);
    }
    freeReplyObject(tags);
    flowenrich_answer_hold(answer, who->from, who->until);
    return status;
}

static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    redisContext *redis = ctx;
    flowenrich_status status = FLOWENRICH_OK;
    holder *holders = calloc(n, sizeof *holders);

    if (!holders)
        return FLOWENRICH_ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (can_ask(&keys[i]))
            ask(redis, &keys[i]);
    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        if (can_ask(&keys[i]))
            status = hear(redis, &keys[i], &holders[i]);
    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        if (holders[i].arn[0])
            redisAppendCommand(redis, "HGETALL " TAGS "%s", holders[i].arn);
    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        if (holders[i].arn[0])
            status = name(redis, &holders[i], answers[i]);
    free(holders);
    return status == FLOWENRICH_ERR_RESOLVER ? fail(redis, error) : status;
}

static void destroy(void *ctx)
{
    redisFree(ctx);
}

int main(int argc, char **argv)
{
    redisContext *redis = argc == 2 ? connect_to(argv[1]) : NULL;
    const flowenrich_resolver inner = { sizeof inner, redis, "redis", resolve, destroy };
    flowenrich_resolver cached;
    flowenrich_error error = { 0 };

    if (argc != 2) {
        fprintf(stderr, "usage: resolver HOST:PORT <LOG >RECORDS\n");
        return 2;
    }
    if (redis && flowenrich_resolver_cached(&cached, &inner, NULL, &error) == FLOWENRICH_OK &&
        pass_stdin(&cached, &error) == FLOWENRICH_OK)
        return 0;
    fprintf(stderr, "resolver: %s\n", redis ? error.message : "no Redis");
    return 1;
}
