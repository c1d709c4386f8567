/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of holders share: sightings made into intervals, and what is asked of these. */
#ifndef TESTS_HOLDING_H
#define TESTS_HOLDING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/holders.h"

#define SPACE 3
#define ASSUME 100
#define ANY FLOWENRICH_TIME_ABSENT

#define COMES FLE_SIGHTED_COMING
#define LEAVES FLE_SIGHTED_LEAVING

enum { A, B, C, N_INTERFACES };

struct seen {
    flowenrich_time time;
    uint32_t interface;
    const char *cidr;
    fle_sighted sighted;
};

struct holding {
    fle_allocator allocator;
    fle_arena arena, scratch;
    fle_holders holders;
    const fle_roll *rolls; /* by interface */
};

static inline int holding_set_up(void **state)
{
    struct holding *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->arena, &x->allocator);
    fle_arena_init(&x->scratch, &x->allocator);
    *state = x;
    return 0;
}

static inline int holding_tear_down(void **state)
{
    struct holding *x = *state;

    fle_arena_free(&x->arena);
    fle_arena_free(&x->scratch);
    free(x);
    return 0;
}

static inline int holding_compare(uint32_t a, uint32_t b, const void *ctx)
{
    (void)ctx;
    return a < b ? -1 : 1;
}

static inline void holding_build(struct holding *x, const struct seen *seen, size_t n)
{
    static const fle_roll none[N_INTERFACES];
    fle_sighting sightings[16];
    fle_holders_input input = {
        sightings, n, x->rolls ? x->rolls : none, holding_compare, NULL, 60
    };

    assert_true(n <= 16);
    for (size_t i = 0; i < n; i++) {
        sightings[i] = (fle_sighting){ seen[i].time,      SPACE,
                                       seen[i].interface, seen[i].interface,
                                       { { { 0 } }, 0 },  (uint8_t)seen[i].sighted };
        assert_true(fle_cidr_parse(seen[i].cidr, strlen(seen[i].cidr), &sightings[i].cidr));
    }
    memset(&x->holders, 0, sizeof x->holders);
    assert_true(fle_holders_build(&x->holders, &input, &x->arena, &x->scratch, 7));
}

/* A question, and what must come out. */
struct question {
    flowenrich_time from, until;
    uint32_t interface; /* named, or else the rival */
    uint32_t sure;      /* 0: none is named */
    fle_reason reason;
    flowenrich_time first, last;
};

static inline void holding_check(const struct holding *x, const char *text,
                                 const struct question *q)
{
    fle_address address;
    const fle_sought sought = { .space = SPACE, .address = &address };
    fle_held held;

    assert_true(fle_address_parse(text, strlen(text), &address));
    fle_holders_ask(&x->holders, &sought, q->from, q->until, ASSUME, &held);
    if (held.sure != q->sure || held.reason != q->reason || held.first != q->first ||
        held.last != q->last || (q->sure ? held.interface : held.rival) != q->interface ||
        (held.interface == FLE_NOBODY) != (q->sure == 0))
        fail_msg(
            "%s in [%lld, %lld]: interface %d, rival %d, sure %u, reason %s, seen %lld to %lld",
            text, (long long)q->from, (long long)q->until, (int)held.interface, (int)held.rival,
            held.sure, fle_reason_names[held.reason], (long long)held.first, (long long)held.last);
}

#endif
