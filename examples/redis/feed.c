/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the tables of tables.h from CloudTrail: one record a line, or files of them.
 *
 *     feed HOST:PORT <EVENTS
 *
 * An event's time is that of the request, and what it asks for is done within a minute or so: an
 * address counts as an instance's from 60 s after the launch until the end was asked for.
 */
#define _GNU_SOURCE /* timegm, strptime */
#include <stdint.h>
#include <time.h>

#include <jansson.h>

#include "tables.h"

#define SETTLES 60 /* seconds */

typedef struct feeding {
    redisContext *redis;
    const char *region, *account;
    int64_t time;
    int failed;
} feeding;

/* What isn't there is "", as in most events most things aren't. */
static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

/* CloudTrail wraps lists: {"items": [...]}, or {"item": [...]} of addresses. */
static const json_t *list(const json_t *object, const char *key)
{
    const json_t *wrapped = json_object_get(object, key);
    const json_t *items = json_object_get(wrapped, "items");

    return items ? items : json_object_get(wrapped, "item");
}

static void check(feeding *f, redisReply *reply)
{
    if (!reply || reply->type == REDIS_REPLY_ERROR) {
        fprintf(stderr, "feed: %s\n", reply ? reply->str : f->redis->errstr);
        f->failed = 1;
    }
    if (reply)
        freeReplyObject(reply);
}

static void instance_arn(const feeding *f, const char *id, char out[512])
{
    snprintf(out, 512, "arn:aws:ec2:%s:%s:instance/%s", f->region, f->account, id);
}

static void add_tags(feeding *f, const char *arn, const json_t *tags)
{
    size_t i;
    const json_t *tag;

    json_array_foreach(tags, i, tag) check(f, redisCommand(f->redis, "HSET " TAGS "%s %s %s", arn,
                                                           text(tag, "key"), text(tag, "value")));
}

/* From 'time' on the ARN, which may be empty, holds an address. */
static void hold(feeding *f, const char *vpc, const char *address, int64_t time, const char *arn)
{
    char member[600];

    snprintf(member, sizeof member, "%lld %s", (long long)time, arn);
    check(f, redisCommand(f->redis, "ZADD " HELD "%s:%s %lld %s", vpc, address, (long long)time,
                          member));
}

/* An instance's interface, with the addresses that it was launched with. */
static void add_interface(feeding *f, const json_t *interface, const char *instance,
                          const char *arn)
{
    const json_t *addresses = list(interface, "privateIpAddressesSet"), *address;
    const char *vpc = text(interface, "vpcId");
    size_t i;

    json_array_foreach(addresses, i, address)
    {
        const char *private = text(address, "privateIpAddress");

        hold(f, vpc, private, f->time + SETTLES, arn);
        check(f, redisCommand(f->redis, "SADD " OF "%s %s", instance, vpc));
        check(f, redisCommand(f->redis, "SADD " OF "%s:%s %s", instance, vpc, private));
    }
}

static void run_instances(feeding *f, const json_t *record)
{
    const json_t *instances = list(json_object_get(record, "responseElements"), "instancesSet");
    const json_t *instance, *interface;
    size_t i, k;

    json_array_foreach(instances, i, instance)
    {
        char arn[512];

        instance_arn(f, text(instance, "instanceId"), arn);
        add_tags(f, arn, list(instance, "tagSet"));
        json_array_foreach(list(instance, "networkInterfaceSet"), k, interface)
            add_interface(f, interface, text(instance, "instanceId"), arn);
    }
}

/* What an instance held, nobody holds any more. */
static void give_back(feeding *f, const char *instance)
{
    redisReply *vpcs = redisCommand(f->redis, "SMEMBERS " OF "%s", instance);

    for (size_t i = 0; vpcs && i < vpcs->elements; i++) {
        const char *vpc = vpcs->element[i]->str;
        redisReply *held = redisCommand(f->redis, "SMEMBERS " OF "%s:%s", instance, vpc);

        for (size_t k = 0; held && k < held->elements; k++)
            hold(f, vpc, held->element[k]->str, f->time, "");
        check(f, held);
    }
    check(f, vpcs);
}

static void terminate_instances(feeding *f, const json_t *record)
{
    const json_t *instances = list(json_object_get(record, "requestParameters"), "instancesSet");
    const json_t *instance;
    size_t i;

    json_array_foreach(instances, i, instance) give_back(f, text(instance, "instanceId"));
}

/* "i-…" is all that a request names an instance by. */
static void change_tags(feeding *f, const json_t *record)
{
    const json_t *request = json_object_get(record, "requestParameters");
    const json_t *resources = list(request, "resourcesSet"), *tags = list(request, "tagSet");
    const int adds = strcmp(text(record, "eventName"), "CreateTags") == 0;
    const json_t *resource, *tag;
    size_t i, k;

    json_array_foreach(resources, i, resource)
    {
        const char *id = text(resource, "resourceId");
        char arn[512];

        if (strncmp(id, "i-", 2) != 0)
            continue;
        instance_arn(f, id, arn);
        if (adds)
            add_tags(f, arn, tags);
        else
            json_array_foreach(tags, k, tag)
                check(f, redisCommand(f->redis, "HDEL " TAGS "%s %s", arn, text(tag, "key")));
    }
}

/* Calls that failed are recorded, too, and changed nothing. */
static void feed_record(feeding *f, const json_t *record)
{
    static const struct {
        const char *name;
        void (*feed)(feeding *f, const json_t *record);
    } calls[] = {
        { "RunInstances", run_instances },
        { "TerminateInstances", terminate_instances },
        { "CreateTags", change_tags },
        { "DeleteTags", change_tags },
    };
    struct tm when = { 0 };

    if (json_object_get(record, "errorCode") ||
        !strptime(text(record, "eventTime"), "%Y-%m-%dT%H:%M:%SZ", &when))
        return;
    f->time = timegm(&when);
    f->region = text(record, "awsRegion");
    f->account = text(record, "recipientAccountId");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(text(record, "eventName"), calls[i].name) == 0)
            calls[i].feed(f, record);
}

/* A file of CloudTrail's, an event of EventBridge's, or the record itself. */
static void feed_value(feeding *f, const json_t *value)
{
    const json_t *records = json_object_get(value, "Records"), *record;
    const json_t *detail = json_object_get(value, "detail");
    size_t i;

    if (!records)
        feed_record(f, detail ? detail : value);
    json_array_foreach(records, i, record) feed_record(f, record);
}

/* Anything but blanks? */
static int has_more(void)
{
    int c = getchar();

    while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        c = getchar();
    return c != EOF && ungetc(c, stdin) != EOF;
}

int main(int argc, char **argv)
{
    feeding f = { .redis = argc == 2 ? connect_to(argv[1]) : NULL };
    json_error_t wrong;
    json_t *value;

    if (argc != 2) {
        fprintf(stderr, "usage: feed HOST:PORT <EVENTS\n");
        return 2;
    }
    if (!f.redis)
        return 1;
    while (!f.failed && has_more()) {
        value = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &wrong);
        if (value) {
            feed_value(&f, value);
        } else {
            fprintf(stderr, "feed: not JSON: %s\n", wrong.text);
            f.failed = 1;
        }
        json_decref(value);
    }
    redisFree(f.redis);
    return f.failed;
}
