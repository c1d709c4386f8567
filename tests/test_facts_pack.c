/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of facts as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/facts_pack.h"
#include "failing.h"

static fle_allocator allocator;

static uint32_t intern(fle_facts *facts, const char *text)
{
    uint32_t id;

    assert_true(fle_facts_intern(facts, fle_text_of(text), &id));
    return id;
}

static void add(fle_facts *facts, flowenrich_time time, fle_subject kind, const char *subject,
                fle_predicate predicate, const char *key, const char *value, unsigned how)
{
    const fle_fact fact = {
        time,          intern(facts, subject), intern(facts, key), intern(facts, value),
        (uint8_t)kind, (uint8_t)predicate,     (uint16_t)how
    };

    assert_true(fle_facts_add(facts, &fact));
}

static void fill(fle_facts *facts)
{
    assert_true(fle_facts_init(facts, &allocator, 7));
    add(facts, 100, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_VPC, "", "vpc-1", FLE_SEEN);
    add(facts, 100, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_TAGS, "app", "web", 5 << 2 | FLE_SET);
    add(facts, 40, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.5", FLE_GAINED);
    add(facts, 90, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_PUBLIC, "", "192.0.2.1",
        FLE_DERIVED | FLE_LOST);
    add(facts, 90, FLE_SUBJECT_EVENT, "event-1", FLE_FACT_STATE, "", "", FLE_SEEN);
    add(facts, -90, FLE_SUBJECT_PEERING, "", FLE_FACT_STATE, "", "", FLE_SEEN);
}

static void describe(const fle_facts *facts, fle_buffer *out)
{
    fle_buffer_init(out, &allocator);
    for (size_t i = 0; i < facts->n; i++) {
        const fle_fact *fact = &facts->items[i];

        fle_buffer_i64(out, fact->time);
        fle_buffer_u64(out, fact->kind);
        fle_buffer_u64(out, fact->predicate);
        fle_buffer_u64(out, fact->how);
        fle_buffer_text(out, fle_facts_text(facts, fact->subject));
        fle_buffer_text(out, fle_facts_text(facts, fact->key));
        fle_buffer_text(out, fle_facts_text(facts, fact->value));
        fle_buffer_char(out, '\n');
    }
}

/* But for those that are derived from others; among other texts, which have other numbers. */
static void facts_come_back_as_they_were(void **state)
{
    fle_facts facts, read;
    fle_buffer bytes, expected, out;
    flowenrich_text rest;
    bool corrupt;
    (void)state;

    fill(&facts);
    fle_buffer_init(&bytes, &allocator);
    fle_facts_pack(&facts, &bytes);
    assert_int_equal(facts.n, 6);
    facts.items[3] = facts.items[4];
    facts.items[4] = facts.items[5];
    facts.n = 5;
    describe(&facts, &expected);
    fle_buffer_string(&bytes, "more");
    rest = fle_text(bytes.data, bytes.len);
    assert_true(fle_facts_init(&read, &allocator, 8));
    (void)intern(&read, "10.0.0.5");
    assert_true(fle_facts_unpack(&read, &rest, &corrupt));
    assert_true(fle_text_is(rest, "more"));
    describe(&read, &out);
    assert_true(fle_text_equal(fle_text(expected.data, expected.len), fle_text(out.data, out.len)));
    assert_false(fle_facts_note_event(&read, intern(&read, "event-1"))); /* was read before */
    fle_buffer_free(&out);
    fle_buffer_free(&expected);
    fle_buffer_free(&bytes);
    fle_facts_free(&read);
    fle_facts_free(&facts);
}

static void other_bytes_are_refused(void **state)
{
    static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
    fle_facts facts, read;
    flowenrich_text rest;
    fle_buffer bytes;
    bool corrupt;
    (void)state;

    fill(&facts);
    fle_buffer_init(&bytes, &allocator);
    fle_facts_pack(&facts, &bytes);
    fle_facts_free(&facts);
    for (size_t len = 0; len < bytes.len; len++) {
        char *cut = malloc(len + 1); /* so that reading beyond it shows */

        assert_non_null(cut);
        memcpy(cut, bytes.data, len);
        rest = fle_text(cut, len);
        assert_true(fle_facts_init(&read, &allocator, 8));
        if (fle_facts_unpack(&read, &rest, &corrupt) || !corrupt)
            fail_msg("%zu bytes of %zu", len, bytes.len);
        fle_facts_free(&read);
        free(cut);
    }
    for (size_t i = 0; i < bytes.len * sizeof values; i++) {
        char *byte = &bytes.data[i / sizeof values];
        const char was = *byte;

        *byte = (char)values[i % sizeof values];
        rest = fle_text(bytes.data, bytes.len);
        assert_true(fle_facts_init(&read, &allocator, 8));
        if (fle_facts_unpack(&read, &rest, &corrupt))
            for (size_t k = 0; k < read.n; k++) {
                const fle_fact *fact = &read.items[k];

                assert_true(fact->subject < read.n_texts && fact->key < read.n_texts &&
                            fact->value < read.n_texts && fact->kind <= FLE_SUBJECT_EVENT &&
                            fact->predicate < FLE_FACT_LEARNED && !(fact->how & FLE_DERIVED));
            }
        else if (!corrupt)
            fail_msg("byte %zu", i / sizeof values);
        fle_facts_free(&read);
        *byte = was;
    }
    fle_buffer_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back_as_they_were),
        cmocka_unit_test(other_bytes_are_refused),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
