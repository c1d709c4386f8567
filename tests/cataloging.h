/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogs made of a few lines of JSON, and questions to their snapshots. */
#ifndef TESTS_CATALOGING_H
#define TESTS_CATALOGING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing.h"
#include "record/directory.h"

#define NOON 1795176000 /* 2026-11-20 12:00:00 UTC */
#define HOUR 3600

struct cataloging {
    failing f; /* lets everything succeed, and counts what isn't freed */
    flowenrich_allocator allocator;
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_error error;
    fle_allocator plain; /* for what is asked, apart from what is tested */
    fle_arena told;
};

static inline flowenrich_status cataloging_new(struct cataloging *c, const char *kinds,
                                               int64_t assume)
{
    flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;

    memset(c, 0, sizeof *c);
    c->f.succeed = SIZE_MAX;
    fle_allocator_init(&c->plain, NULL);
    fle_arena_init(&c->told, &c->plain);
    c->allocator = failing_allocator(&c->f);
    opt.allocator = &c->allocator;
    opt.kinds = kinds;
    opt.kinds_len = kinds ? strlen(kinds) : 0;
    opt.assume = assume;
    return flowenrich_catalog_new(&c->catalog, &opt, &c->error);
}

/* 'json' has apostrophes for quotes, to be readable in C. */
static inline flowenrich_status cataloging_load(struct cataloging *c, const char *json,
                                                flowenrich_time observed_at)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    const size_t len = strlen(json);
    char *copy = malloc(len + 1);
    flowenrich_status status;

    if (!copy)
        return FLOWENRICH_ERR_NOMEM;
    for (size_t i = 0; i <= len; i++)
        copy[i] = (char)(json[i] == '\'' ? '"' : json[i]);
    document.observed_at = observed_at;
    status = flowenrich_catalog_load(c->catalog, copy, len, &document, NULL, &c->error);
    free(copy);
    return status;
}

static inline flowenrich_status cataloging_publish(struct cataloging *c)
{
    flowenrich_snapshot_free(c->snapshot);
    return flowenrich_catalog_publish(c->catalog, &c->snapshot, &c->error);
}

/* Returns how many pieces of memory are left. */
static inline size_t cataloging_free(struct cataloging *c)
{
    flowenrich_snapshot_free(c->snapshot);
    flowenrich_catalog_free(c->catalog);
    fle_arena_free(&c->told);
    return c->f.live;
}

static inline const fle_entry *cataloging_entry(const struct cataloging *c, const char *id)
{
    return fle_snapshot_interface(c->snapshot, fle_text_of(id));
}

/* All of an entry, which may be NULL; until the catalog is freed. */
static inline const fle_identity *cataloging_tell(struct cataloging *c, const fle_entry *entry)
{
    fle_identity *told = fle_arena_alloc(&c->told, sizeof *told);

    return entry && told && fle_snapshot_tell(c->snapshot, entry, &c->told, told) ? told : NULL;
}

static inline const fle_identity *cataloging_interface(struct cataloging *c, const char *id)
{
    return cataloging_tell(c, cataloging_entry(c, id));
}

static inline fle_finding cataloging_ask(const struct cataloging *c, const char *vpc,
                                         const char *address, flowenrich_time from,
                                         flowenrich_time until)
{
    fle_question question = { .from = from, .until = until };
    fle_finding finding;

    memset(&finding, 0, sizeof finding);
    question.space = fle_snapshot_space(c->snapshot, fle_text_of(vpc));
    if (fle_address_parse(address, strlen(address), &question.address))
        fle_snapshot_owner(c->snapshot, &question, &finding);
    return finding;
}

/* Where the address lies that was asked for; NULL if that isn't known, or there is none. */
static inline const fle_entry *cataloging_place(const struct cataloging *c,
                                                const fle_finding *finding, const char *address)
{
    fle_address parsed;

    if (!address || !fle_address_parse(address, strlen(address), &parsed))
        return NULL;
    return fle_snapshot_place(c->snapshot, finding->space, &parsed);
}

/*
 * A finding in one line: "eni-1 address sighted", "owner_changed eni-2"; behind it
 * the place of 'address', if that isn't NULL: "in subnet-1".
 */
static inline const char *cataloging_say(const struct cataloging *c, const fle_finding *finding,
                                         const char *address, char *out, size_t size)
{
    const flowenrich_text none = { "", 0 };
    const flowenrich_text owner =
        finding->owner ? fle_snapshot_text(c->snapshot, finding->owner, FLE_ATTR_INTERFACE_ID)
                       : none;
    const fle_entry *place = cataloging_place(c, finding, address);
    const flowenrich_text subnet =
        place ? fle_snapshot_text(c->snapshot, place, FLE_ATTR_SUBNET_ID) : none;
    const flowenrich_text rival = finding->rival.data ? finding->rival : none;

    if (finding->owner)
        snprintf(out, size, "%.*s %s %s", (int)owner.len, owner.data, fle_by_names[finding->by],
                 fle_sure_names[finding->sure]);
    else
        snprintf(out, size, "%s%s%.*s", fle_reason_names[finding->reason], rival.len ? " " : "",
                 (int)rival.len, rival.data);
    if (subnet.len)
        snprintf(out + strlen(out), size - strlen(out), " in %.*s", (int)subnet.len, subnet.data);
    return out;
}

/* All of an identity in one line, for comparing. */
static inline void cataloging_identity(const fle_identity *identity, fle_buffer *out)
{
    const fle_texts lists[] = { identity->arns, identity->security_group_ids, identity->tags };

    for (size_t i = 0; i < FLE_N_SINGLE; i++) {
        fle_buffer_text(out, identity->single[i]);
        fle_buffer_char(out, '|');
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t k = 0; k < lists[i].n; k++) {
            fle_buffer_text(out, lists[i].items[k]);
            fle_buffer_char(out, ',');
        }
        fle_buffer_char(out, '|');
    }
    fle_buffer_text(out, identity->path);
    fle_buffer_char(out, identity->forwards ? '>' : '.');
    fle_buffer_u64(out, identity->space);
}

/* What cmocka calls around a test, whose state is a catalog. */
static inline int cataloging_set_up(void **state)
{
    struct cataloging *c = calloc(1, sizeof *c);

    *state = c;
    return c ? (int)cataloging_new(c, NULL, 0) : -1;
}

static inline int cataloging_tear_down(void **state)
{
    const size_t left = cataloging_free(*state);

    free(*state);
    return left == 0 ? 0 : -1;
}

#endif
