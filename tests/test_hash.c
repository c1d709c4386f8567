/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "failing.h"

static void put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Ways to make the hash of the i-th key. Each was, or might be, a trap for a careless hash. */

static uint64_t sequential_ipv4(uint32_t i, uint64_t seed)
{
    uint8_t key[16] = { [10] = 0xff, [11] = 0xff };

    put_u32(key + 12, UINT32_C(0x0a000000) + i);
    return fle_hash(key, sizeof key, seed);
}

/* One host of each /24: the last byte never changes. */
static uint64_t strided_ipv4(uint32_t i, uint64_t seed)
{
    uint8_t key[16] = { [10] = 0xff, [11] = 0xff };

    put_u32(key + 12, i << 8 | 4);
    return fle_hash(key, sizeof key, seed);
}

static uint64_t sequential_ipv6(uint32_t i, uint64_t seed)
{
    uint8_t key[16] = { 0x20, 0x01, 0x0d, 0xb8 };

    put_u32(key + 12, i);
    return fle_hash(key, sizeof key, seed);
}

/* IPv6 networks, and hosts with the same number in each. */
static uint64_t networks_ipv6(uint32_t i, uint64_t seed)
{
    uint8_t key[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

    put_u32(key + 4, i);
    return fle_hash(key, sizeof key, seed);
}

/* A /64 whose first half makes the first factor the seed: zero, one, two, all ones... */
static uint64_t wiping_ipv6(uint32_t i, uint64_t seed)
{
    const uint64_t first = UINT64_C(0xb7e151628aed2a6b) ^ 16;
    uint8_t key[16] = { 0 };

    for (int k = 0; k < 8; k++)
        key[k] = (uint8_t)(first >> 8 * k);
    put_u32(key + 12, i);
    return fle_hash(key, sizeof key, seed);
}

/* 32 VPCs that all have the same addresses, the number of the VPC in the key... */
static uint64_t vpc_in_key(uint32_t i, uint64_t seed)
{
    uint8_t key[20] = { [10] = 0xff, [11] = 0xff };

    put_u32(key + 12, UINT32_C(0x0a000000) + i / 32);
    key[16] = (uint8_t)(i % 32);
    return fle_hash(key, sizeof key, seed);
}

/* ... or mixed in afterwards. */
static uint64_t vpc_mixed_in(uint32_t i, uint64_t seed)
{
    return fle_hash_mix(sequential_ipv4(i / 32, seed), i % 32);
}

/* A group's key: nothing but small numbers. */
static uint64_t small_numbers(uint32_t i, uint64_t seed)
{
    return fle_hash_mix(fle_hash_mix(fle_hash_mix(seed, i % 16), i / 16 % 64), i / 1024);
}

static uint64_t identifiers(uint32_t i, uint64_t seed)
{
    char key[24];
    const int len = snprintf(key, sizeof key, "eni-%017x", (unsigned)i);

    return fle_hash(key, (size_t)len, seed);
}

static uint64_t short_texts(uint32_t i, uint64_t seed)
{
    char key[12];
    const int len = snprintf(key, sizeof key, "%u", (unsigned)i);

    return fle_hash(key, (size_t)len, seed);
}

static uint64_t lengths(uint32_t i, uint64_t seed)
{
    static const uint8_t zeros[1 << 16];

    return fle_hash(zeros, i % sizeof zeros, seed);
}

static const uint64_t seeds[] = {
    0,
    1,
    2,
    UINT64_MAX,
    UINT64_C(0x243f6a8885a308d3), /* the hash's own constants: seed ^ constant is zero */
    UINT64_C(0xb7e151628aed2a6b),
    UINT64_C(0x8000000000000000),
    UINT64_C(0x0123456789abcdef),
};

/*
 * At half load chance puts eleven in one of 2^16 slots once in a hundred thousand runs. A
 * hash that fails on a shape puts hundreds there.
 */
static void keys_spread_over_the_slots(void **state)
{
    enum { KEYS = 1 << 15, SLOTS = 1 << 16, MOST = 10 };
    static const struct {
        const char *name;
        uint64_t (*hash)(uint32_t i, uint64_t seed);
        uint32_t keys;
    } shapes[] = {
        { "sequential IPv4", sequential_ipv4, KEYS }, { "one IPv4 a /24", strided_ipv4, KEYS },
        { "sequential IPv6", sequential_ipv6, KEYS }, { "IPv6 networks", networks_ipv6, KEYS },
        { "IPv6 that wipes", wiping_ipv6, KEYS },     { "VPC in the key", vpc_in_key, KEYS },
        { "VPC mixed in", vpc_mixed_in, KEYS },       { "small numbers", small_numbers, KEYS },
        { "identifiers", identifiers, KEYS },         { "short texts", short_texts, KEYS },
        { "lengths of zeros", lengths, 2000 },
    };
    static uint8_t low[SLOTS], high[SLOTS];

    (void)state;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t k = 0; k < sizeof seeds / sizeof *seeds; k++) {
            memset(low, 0, sizeof low);
            memset(high, 0, sizeof high);
            for (uint32_t i = 0; i < shapes[s].keys; i++) {
                const uint64_t hash = shapes[s].hash(i, seeds[k]);

                if (++low[hash % SLOTS] > MOST || ++high[hash >> 48] > MOST)
                    fail_msg("%s, seed %zu: more than %d in a slot", shapes[s].name, k, MOST);
            }
        }
}

static void every_byte_the_length_and_the_seed_count(void **state)
{
    uint8_t key[70] = { 0 };

    (void)state;
    for (size_t len = 0; len < sizeof key; len++) {
        const uint64_t hash = fle_hash(key, len, 7);

        assert_true(hash == fle_hash(key, len, 7));
        assert_true(hash != fle_hash(key, len, 8));
        assert_true(hash != fle_hash(key, len + 1, 7));
        for (size_t bit = 0; bit < 8 * len; bit++) {
            key[bit / 8] ^= (uint8_t)(1 << bit % 8);
            if (hash == fle_hash(key, len, 7))
                fail_msg("bit %zu of %zu bytes", bit, len);
            key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

/* A quarter of the output's bits and more change with each bit of the input, of 64. */
static void a_bit_of_input_changes_many_of_output(void **state)
{
    uint8_t key[16] = { [10] = 0xff, [11] = 0xff, [12] = 10 };
    const uint64_t hash = fle_hash(key, sizeof key, 0);

    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof key; bit++) {
        uint64_t difference;
        int changed = 0;

        key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        for (difference = hash ^ fle_hash(key, sizeof key, 0); difference != 0;
             difference &= difference - 1)
            changed++;
        key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (changed < 16 || changed > 48)
            fail_msg("bit %zu changes %d", bit, changed);
    }
}

/* With or without 128-bit integers, whichever end of a number comes first. */
static void the_hash_is_the_same_on_every_machine(void **state)
{
    static const struct {
        const char *key;
        uint64_t hash;
    } cases[] = {
        { "", UINT64_C(0x08c27589a83a4a8e) },
        { "vpc-1", UINT64_C(0xcc75c061f5e95771) },
        { "subnet-0a", UINT64_C(0xb9cc4c56c032cf4b) },
        { "eni-0123456789abcdef0", UINT64_C(0xa8652d91bf7f9f61) },
        { "arn:aws:ec2:us-east-1:123456789010:instance/i-01234567", UINT64_C(0xa0d4ae5a7d559cd3) },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint64_t hash = fle_hash(cases[i].key, strlen(cases[i].key), 42);

        if (hash != cases[i].hash)
            fail_msg("'%s': %#llx", cases[i].key, (unsigned long long)hash);
    }
}

static void a_map_finds_what_was_added(void **state)
{
    enum { KEYS = 50000 };
    static uint32_t keys[KEYS];
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    fle_map *map = fle_map_new(&allocator, 1);

    (void)state;
    assert_null(fle_map_find(map, "x", 1));
    for (uint32_t i = 0; i < KEYS; i++) {
        keys[i] = i;
        assert_null(fle_map_find(map, &keys[i], sizeof *keys));
        assert_true(fle_map_add(map, &keys[i], sizeof *keys, i * 3));
    }
    assert_int_equal(fle_map_count(map), KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
        const uint32_t key = i; /* found by what it holds, not by where it lies */
        uint32_t *value = fle_map_find(map, &key, sizeof key);

        assert_non_null(value);
        assert_int_equal(*value, i * 3);
        *value = i;
    }
    assert_int_equal(*fle_map_find(map, &keys[9], sizeof *keys), 9);
    assert_null(fle_map_find(map, &keys[9], sizeof *keys - 1));
    fle_map_free(map);
    assert_int_equal(f.live, 0);
    assert_int_equal(f.misled, 0);
}

static void keys_differ_by_length_and_may_be_empty(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    fle_map *map = fle_map_new(&allocator, 0);

    (void)state;
    assert_true(fle_map_add(map, NULL, 0, 1));
    assert_true(fle_map_add(map, "\0", 1, 2));
    assert_true(fle_map_add(map, "\0\0", 2, 3));
    assert_int_equal(*fle_map_find(map, "", 0), 1);
    assert_int_equal(*fle_map_find(map, "\0", 1), 2);
    assert_int_equal(*fle_map_find(map, "\0\0", 2), 3);
    fle_map_free(map);
}

static void a_cleared_map_is_empty_and_keeps_its_memory(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    fle_map *map = fle_map_new(&allocator, 0);

    (void)state;
    fle_map_clear(map);
    assert_true(fle_map_add(map, "a", 1, 1));
    fle_map_clear(map);
    assert_int_equal(fle_map_count(map), 0);
    assert_null(fle_map_find(map, "a", 1));
    f.succeed = 0;
    assert_true(fle_map_add(map, "b", 1, 2));
    assert_int_equal(*fle_map_find(map, "b", 1), 2);
    fle_map_free(map);
    fle_map_free(NULL);
    assert_int_equal(f.live, 0);
}

/* Let each allocation fail in turn, and try once more: nothing may be lost or doubled. */
static void a_map_without_memory_stays_as_it_was(void **state)
{
    enum { KEYS = 100 };
    static uint32_t keys[KEYS];
    failing f = { 0 };
    const fle_allocator allocator = failing_allocator(&f);
    fle_map *map = fle_map_new(&allocator, 0);

    (void)state;
    assert_null(map);
    f.succeed = 1;
    map = fle_map_new(&allocator, 0);
    assert_non_null(map);
    for (uint32_t i = 0; i < KEYS; i++) {
        keys[i] = i;
        for (f.succeed = 0; !fle_map_add(map, &keys[i], sizeof *keys, i); f.succeed++) {
            assert_int_equal(fle_map_count(map), i);
            assert_null(fle_map_find(map, &keys[i], sizeof *keys));
            if (i > 0)
                assert_int_equal(*fle_map_find(map, &keys[i - 1], sizeof *keys), i - 1);
        }
    }
    assert_int_equal(fle_map_count(map), KEYS);
    for (uint32_t i = 0; i < KEYS; i++)
        assert_int_equal(*fle_map_find(map, &keys[i], sizeof *keys), i);
    fle_map_free(map);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_spread_over_the_slots),
        cmocka_unit_test(every_byte_the_length_and_the_seed_count),
        cmocka_unit_test(a_bit_of_input_changes_many_of_output),
        cmocka_unit_test(the_hash_is_the_same_on_every_machine),
        cmocka_unit_test(a_map_finds_what_was_added),
        cmocka_unit_test(keys_differ_by_length_and_may_be_empty),
        cmocka_unit_test(a_cleared_map_is_empty_and_keeps_its_memory),
        cmocka_unit_test(a_map_without_memory_stays_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
