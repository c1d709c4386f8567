/* SPDX-License-Identifier: Apache-2.0 */
/* Items of documents, and the facts that they state. */
#ifndef TESTS_STATING_H
#define TESTS_STATING_H

#include <string.h>

#include "base/text.h"
#include "catalog/items.h"

#define NOW 1795176000 /* 2026-11-20 12:00:00 UTC */

struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    fle_facts facts;
    fle_loader loader;
};

static inline int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->arena, &x->allocator);
    x->loader.facts = &x->facts;
    x->loader.time = NOW;
    *state = x;
    return fle_facts_init(&x->facts, &x->allocator, 7) ? 0 : -1;
}

static inline int tear_down(void **state)
{
    struct fixture *x = *state;

    fle_facts_free(&x->facts);
    fle_arena_free(&x->arena);
    free(x);
    return 0;
}

/* Load a list under its key. 'json' has apostrophes for quotes. */
static inline void load(struct fixture *x, const char *key, const char *json)
{
    const size_t len = strlen(json);
    char *copy = fle_arena_alloc(&x->arena, len);
    const fle_json *list;
    size_t at = 0, i = 0;

    for (size_t k = 0; k < len; k++)
        copy[k] = (char)(json[k] == '\'' ? '"' : json[k]);
    assert_int_equal(fle_json_read(&list, copy, len, &at, &x->arena, NULL), FLOWENRICH_OK);
    while (fle_listing_key(i) && strcmp(fle_listing_key(i), key) != 0)
        i++;
    assert_non_null(fle_listing_key(i));
    fle_listing_load(&x->loader, i, list);
    assert_false(x->loader.failed);
}

/* A fact that must be there: "key=value", how long before now. */
struct expected {
    fle_subject kind;
    const char *subject;
    fle_predicate predicate;
    const char *key, *value;
    flowenrich_time ago;
};

static inline bool has(const struct fixture *x, const struct expected *e)
{
    for (size_t i = 0; i < x->facts.n; i++) {
        const fle_fact *fact = &x->facts.items[i];

        if (fact->kind == e->kind && fact->predicate == e->predicate &&
            fact->time == NOW - e->ago &&
            fle_text_is(fle_facts_text(&x->facts, fact->subject), e->subject) &&
            fle_text_is(fle_facts_text(&x->facts, fact->key), e->key) &&
            fle_text_is(fle_facts_text(&x->facts, fact->value), e->value))
            return true;
    }
    return false;
}

static inline void check(const struct fixture *x, const struct expected *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!has(x, &expected[i]))
            fail_msg("no fact %d of %s: '%s' = '%s'", (int)expected[i].predicate,
                     expected[i].subject, expected[i].key, expected[i].value);
    if (x->facts.n != n)
        fail_msg("%zu facts, not %zu", x->facts.n, n);
}

#define CHECK(x, expected) check(x, expected, sizeof expected / sizeof *expected)
#define ENI FLE_SUBJECT_INTERFACE

#endif
