/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that records have, to catch misspelt ones before the run. */
#include "path.h"

#include <stdio.h>
#include <string.h>

#include "flowenrich.h"
#include "message.h"
#include "text.h"

#define END(end)                                                                                   \
    end ".addr", end ".port", end ".type", end ".arns", end ".interface_id", end ".subnet_id",     \
        end ".vpc_id", end ".account_id", end ".security_group_ids", end ".availability_zone",     \
        end ".availability_zone_id", end ".region", end ".aws_service", end ".network",            \
        end ".via_public", end ".behind", end ".rfc1918", end ".tags", end ".by", end ".sure",     \
        end ".reason"

/* What naming the ends adds; docs/output.md tells what each is. */
static const char *const added[] = {
    "uploaded",
    "downloaded",
    "direction.by",
    "direction.confidence",
    "scope",
    "path",
    "observer",
    "verdict",
    END("client"),
    END("server"),
    /* and what conversations have */
    "id",
    "sequence",
    "final",
    "late",
    "reversal",
    "uploaded_packets",
    "downloaded_packets",
    "records",
    "refused_by",
    "nat",
    "outside.addr",
    "outside.port",
    "marks",
    "observers",
    "tgw",
    "uncosted_bytes",
    "uncosted",
    "client.observer",
    "server.observer",
    "hops.observer",
    "hops.direction",
    "hops.type",
    "hops.kind",
    "hops.arn",
    "hops.availability_zone_id",
    "hops.vpc_id",
    "hops.account_id",
    "meters.observer",
    "meters.direction",
    "meters.flow_log",
    "meters.bytes",
    "meters.packets",
    "charges.meter",
    "charges.payer",
    "charges.region",
    "charges.currency",
    "charges.rate",
    "charges.price",
    "charges.unit",
    "charges.bytes",
    "charges.amount",
};

/* What holds several values, and one of them. */
static const char *const groups[][2] = {
    { "client", "client.addr" },
    { "server", "server.addr" },
    { "direction", "direction.by" },
    { "hops", "hops.observer" },
    { "meters", "meters.bytes" },
    { "charges", "charges.amount" },
};

/* Where the record was read from, as far as that is known. */
static const char *const of_source[] = {
    "flow_log.id",     "flow_log.account",      "flow_log.region", "flow_log.group",
    "flow_log.stream", "flow_log.interface_id", "flow_log.bucket", "flow_log.key",
};

enum { N_OF_SOURCE = sizeof of_source / sizeof *of_source };
enum { N_ADDED = sizeof added / sizeof *added, MOST = 256 };

static size_t collect(const char *known[MOST], bool named)
{
    flowenrich_field field = { .size = sizeof field };
    size_t n = 0;

    while (n < MOST - N_ADDED - N_OF_SOURCE && flowenrich_field_at(n, &field) == FLOWENRICH_OK)
        known[n++] = field.path;
    for (size_t i = 0; i < N_OF_SOURCE; i++)
        known[n++] = of_source[i];
    for (size_t i = 0; named && i < N_ADDED; i++)
        known[n++] = added[i];
    return n;
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Where the key of a tag begins, with its dot: behind the second part. */
static const char *behind_second_part(const char *path)
{
    const char *dot = strchr(path, '.');

    dot = dot ? strchr(dot + 1, '.') : NULL;
    return dot ? dot : path + strlen(path);
}

static bool is_of_end(const char *path)
{
    return starts(path, "client.") || starts(path, "server.");
}

static bool is_known(const char *path, const char *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(path, known[i]) == 0)
            return true;
    return is_of_end(path) && starts(path + strlen("client."), "tags.") &&
           path[strlen("client.tags.")];
}

/* Why there is no such path where the ends are named, if that can be told. */
static outcome check_named(const char *option, const char *path, const char *const *known, size_t n)
{
    char of_client[128];

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(path, groups[i][0]) == 0)
            return misuse("%s: '%s' holds several values: name one, such as %s", option, path,
                          groups[i][1]);
    snprintf(of_client, sizeof of_client, "client.%s", path);
    if (is_known(of_client, known, n))
        return misuse("%s: there is no path '%s'; did you mean client.%s or server.%s?", option,
                      path, path, path);
    return OUTCOME_DONE;
}

/* The keys of tags may have any characters. */
size_t path_without_length(const char *path)
{
    const size_t len = strlen(path);
    const char *slash = strrchr(path, '/');

    if (slash == NULL || strstr(path, ".tags.") || strspn(slash + 1, "0123456789") == 0 ||
        slash[1 + strspn(slash + 1, "0123456789")] != '\0')
        return len;
    return (size_t)(slash - path);
}

outcome path_check(const char *option, const char *path, bool named)
{
    const char *known[MOST], *nearest, *rest;
    char parts[128];
    const size_t n = collect(known, named);

    if (*path == '\0')
        return misuse("%s: a path is missing", option);
    if (is_of_end(path) && !named)
        return misuse("%s: '%s': this command doesn't name the ends; enrich and top do", option,
                      path);
    if (is_known(path, known, n))
        return OUTCOME_DONE;
    if (named && check_named(option, path, known, n) != OUTCOME_DONE)
        return OUTCOME_MISUSE;
    rest = behind_second_part(path);
    snprintf(parts, sizeof parts, "%.*s", (int)(rest - path), path);
    nearest = text_nearest(parts, known, n);
    if (nearest)
        return misuse("%s: there is no path '%s'; did you mean %s%s?", option, path, nearest, rest);
    if (is_of_end(path))
        return misuse("%s: there is no path '%s'; docs/output.md has all of them", option, path);
    return OUTCOME_DONE;
}

static void doubt_field(const char *name, const char *const *known, size_t n)
{
    const char *nearest = text_nearest(name, known, n);

    if (nearest && strcmp(nearest, name) != 0)
        notice("--format: '%s' is no field that is known; did you mean %s?", name, nearest);
}

void path_doubt_format(const char *text)
{
    flowenrich_field field = { .size = sizeof field };
    flowenrich_format *format;
    const char *known[MOST];
    size_t n = 0;

    while (n < MOST && flowenrich_field_at(n, &field) == FLOWENRICH_OK)
        known[n++] = field.name;
    if (flowenrich_format_new(&format, text, strlen(text), NULL, NULL) != FLOWENRICH_OK)
        return; /* the pipeline says why */
    for (size_t i = 0; i < flowenrich_format_fields(format); i++)
        doubt_field(flowenrich_format_field(format, i), known, n);
    flowenrich_format_free(format);
}
