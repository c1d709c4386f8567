/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of who logged what, written and read as text. */
#ifndef TESTS_MIRRORING_H
#define TESTS_MIRRORING_H

#include <stdio.h>
#include <string.h>

#include "failing.h"
#include "record/column.h"
#include "record/mirrors.h"

#define MIRRORING_NOON 1772452800
#define MIRRORING_MANY ((uint64_t)1 << 24)

/* "10.0.0.1:40000 10.0.0.2:443 6", or without ports. The tuple points into the addresses. */
typedef struct mirroring_tuple {
    fle_address addresses[FLE_N_SIDES];
    fle_tuple tuple;
} mirroring_tuple;

static inline void mirroring_wire(const char *text, mirroring_tuple *out)
{
    char address[FLE_N_SIDES][64];
    unsigned port[FLE_N_SIDES] = { FLE_ABSENT, FLE_ABSENT }, protocol;

    if (sscanf(text, "%63s %u %63s %u %u", address[0], &port[0], address[1], &port[1], &protocol) !=
        5) {
        port[0] = port[1] = FLE_ABSENT;
        assert_int_equal(sscanf(text, "%63s %63s %u", address[0], address[1], &protocol), 3);
    }
    for (int side = 0; side < FLE_N_SIDES; side++) {
        assert_true(fle_address_parse(address[side], strlen(address[side]), &out->addresses[side]));
        out->tuple.address[side] = &out->addresses[side];
        out->tuple.port[side] = port[side];
    }
    out->tuple.protocol = protocol;
}

static inline void mirroring_add(fle_mirrors *mirrors, const char *text, const char *who,
                                 fle_side own, flowenrich_time start, flowenrich_time end)
{
    fle_testimony testimony = { .own = own, .start = start, .end = end };
    fle_witness *witness;
    mirroring_tuple w;

    mirroring_wire(text, &w);
    testimony.tuple = w.tuple;
    assert_true(fle_mirrors_witness(mirrors, fle_text_of(who), &witness));
    assert_non_null(witness);
    assert_true(fle_mirrors_add(mirrors, witness, &testimony));
}

/* Who is found, "eni-1" or "eni-1 eni-2" by id, each once; the sides are summed up in '*sides'. */
static inline const char *mirroring_look(const fle_mirrors *mirrors, const char *text,
                                         flowenrich_time from, flowenrich_time until,
                                         unsigned *sides)
{
    static char found[256];
    const char *ids[8];
    size_t n = 0;
    fle_sight sight;
    fle_look l;
    mirroring_tuple w;

    found[0] = '\0';
    *sides = 0;
    mirroring_wire(text, &w);
    fle_look_begin(&l, mirrors, &w.tuple, from, until);
    while (fle_look_next(&l, &sight)) {
        size_t at = 0;

        *sides |= 1u << sight.own;
        while (at < n && strcmp(ids[at], sight.witness->id.data) < 0)
            at++;
        if (at < n && strcmp(ids[at], sight.witness->id.data) == 0)
            continue;
        assert_true(n < 8);
        memmove(&ids[at + 1], &ids[at], (n - at) * sizeof *ids);
        ids[at] = sight.witness->id.data;
        n++;
    }
    for (size_t i = 0; i < n; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " " : "", ids[i]);
    return found;
}

static inline fle_mirrors *mirroring_new(uint64_t max_bytes)
{
    fle_allocator allocator;
    fle_mirrors *mirrors;

    assert_true(fle_allocator_init(&allocator, NULL));
    mirrors = fle_mirrors_new(&allocator, 7, max_bytes);
    assert_non_null(mirrors);
    return mirrors;
}

#define MIRRORING_TCP "10.0.0.1 40000 10.0.0.2 443 6"

#endif
