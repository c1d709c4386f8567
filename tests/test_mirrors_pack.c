/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of tables of who logged what as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mirroring.h"

#define V6 "2001:db8::1 40000 2001:db8::2 443 6"

static fle_allocator allocator;

static void pack(fle_buffer *out)
{
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    fle_witness *witness;
    fle_address address;

    mirroring_add(mirrors, MIRRORING_TCP, "eni-1", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON + 60);
    mirroring_add(mirrors, MIRRORING_TCP, "eni-2", FLE_DST, MIRRORING_NOON, MIRRORING_NOON + 60);
    mirroring_add(mirrors, V6, "eni-2", FLE_DST, MIRRORING_NOON, MIRRORING_NOON + 60);
    assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-2"), &witness));
    assert_true(fle_address_parse("10.0.0.2", 8, &address));
    fle_witness_lives(witness, 100, 160);
    fle_witness_label(witness, true, &address);
    fle_reach_extend(&witness->passed, &address);
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_SUBNET, FLE_TEXT("subnet-1")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, FLE_TEXT("vpc-1")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, FLE_TEXT("vpc-2")));
    assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-1"), &witness));
    fle_witness_lives(witness, 100, 160);
    fle_mirrors_drop(mirrors, 10, 20);
    fle_buffer_init(out, &allocator);
    fle_mirrors_pack(mirrors, out);
    assert_false(out->failed);
    fle_mirrors_free(mirrors);
}

static fle_mirrors *unpack(const char *bytes, size_t len, bool *corrupt)
{
    return fle_mirrors_unpack(&allocator, 99, MIRRORING_MANY, fle_text(bytes, len), corrupt);
}

static void a_table_comes_back_as_it_was(void **state)
{
    fle_mirrors *mirrors;
    const fle_witness *witness;
    fle_buffer bytes, again;
    unsigned sides;
    bool corrupt;
    (void)state;

    pack(&bytes);
    mirrors = unpack(bytes.data, bytes.len, &corrupt);
    assert_non_null(mirrors);
    assert_string_equal(
        mirroring_look(mirrors, MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON, &sides),
        "eni-1 eni-2");
    assert_string_equal(mirroring_look(mirrors, V6, MIRRORING_NOON, MIRRORING_NOON, &sides),
                        "eni-2");
    assert_int_equal(sides, 1U << FLE_DST);
    witness = fle_mirrors_find(mirrors, FLE_TEXT("eni-2"));
    assert_int_equal(witness->life.from, 160);
    assert_true(witness->ingress.is_known && !witness->ingress.is_disputed);
    assert_false(witness->egress.is_known);
    assert_true(witness->passed.is_known && !witness->has_own);
    assert_int_equal(fle_address_compare(&witness->passed.low, &witness->ingress.address), 0);
    assert_int_equal(fle_address_compare(&witness->passed.high, &witness->ingress.address), 0);
    assert_string_equal(witness->told[FLE_TOLD_SUBNET].data, "subnet-1");
    assert_int_equal(witness->told[FLE_TOLD_VPC].len, 0);
    assert_int_equal(witness->disputed, 1U << FLE_TOLD_VPC);
    assert_true(fle_mirrors_logs(mirrors, FLE_TEXT("subnet-1")));
    assert_false(fle_mirrors_has_all(mirrors, 15, 15));
    assert_int_equal(fle_mirrors_kept(mirrors), 3);
    assert_int_equal(fle_mirrors_dropped(mirrors), 1);
    fle_buffer_init(&again, &allocator);
    fle_mirrors_pack(mirrors, &again);
    assert_int_equal(again.len, bytes.len);
    fle_mirrors_free(mirrors);
    fle_buffer_free(&again);
    fle_buffer_free(&bytes);
}

/* Whoever wrote them: what comes of them is a table, or nothing. */
static void other_bytes_are_refused(void **state)
{
    static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
    fle_buffer bytes;
    bool corrupt;
    (void)state;

    pack(&bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        char *cut = malloc(len + 1); /* so that reading beyond it shows */

        assert_non_null(cut);
        memcpy(cut, bytes.data, len);
        if (unpack(cut, len, &corrupt) || !corrupt)
            fail_msg("%zu bytes of %zu", len, bytes.len);
        free(cut);
    }
    for (size_t i = 0; i < bytes.len; i++)
        for (size_t k = 0; k < sizeof values; k++) {
            const char was = bytes.data[i];
            fle_mirrors *mirrors;
            unsigned sides;

            bytes.data[i] = (char)values[k];
            mirrors = unpack(bytes.data, bytes.len, &corrupt);
            if (mirrors)
                (void)mirroring_look(mirrors, MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON,
                                     &sides);
            else if (!corrupt)
                fail_msg("byte %zu", i);
            fle_mirrors_free(mirrors);
            bytes.data[i] = was;
        }
    fle_buffer_free(&bytes);
}

/* Time is reckoned with by those of its records. */
static void whoever_has_logged_nothing_is_refused(void **state)
{
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    fle_witness *witness;
    fle_buffer bytes;
    bool corrupt;

    (void)state;
    assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-1"), &witness));
    witness->life = (fle_life){ .from = 160, .until = 100, .first = 160, .last = 159 };
    fle_buffer_init(&bytes, &allocator);
    fle_mirrors_pack(mirrors, &bytes);
    assert_null(unpack(bytes.data, bytes.len, &corrupt));
    assert_true(corrupt);
    fle_buffer_free(&bytes);
    fle_mirrors_free(mirrors);
}

static void every_allocation_may_fail(void **state)
{
    fle_mirrors *mirrors = NULL;
    fle_buffer bytes;
    size_t n;
    (void)state;

    pack(&bytes);
    for (n = 0; !mirrors; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator fails = failing_allocator(&f);
        bool corrupt;

        mirrors = fle_mirrors_unpack(&fails, 7, MIRRORING_MANY, fle_text(bytes.data, bytes.len),
                                     &corrupt);
        assert_false(corrupt);
        if (mirrors)
            fle_mirrors_free(mirrors);
        assert_int_equal(f.live, 0);
    }
    assert_true(n > 5);
    fle_buffer_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_comes_back_as_it_was),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(whoever_has_logged_nothing_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
