/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/key.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "aggregate/key.h"

static const fle_address low = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1 } };
static const fle_address high = { { 0x20, 0x01, 0x0d, 0xb8 } };

/* Each sorts before the next of its type; absent is before all. */
static const fle_value values[] = {
    { 0, { 0 } },
    { FLOWENRICH_TYPE_U32, { .u64 = 0 } },
    { FLOWENRICH_TYPE_U32, { .u64 = 255 } },
    { FLOWENRICH_TYPE_U32, { .u64 = 256 } },
    { FLOWENRICH_TYPE_U64, { .u64 = 1 } },
    { FLOWENRICH_TYPE_U64, { .u64 = UINT64_MAX } },
    { FLOWENRICH_TYPE_TIME, { .time = INT64_MIN + 1 } },
    { FLOWENRICH_TYPE_TIME, { .time = -1 } },
    { FLOWENRICH_TYPE_TIME, { .time = 0 } },
    { FLOWENRICH_TYPE_TIME, { .time = INT64_MAX } },
    { FLOWENRICH_TYPE_F64, { .f64 = -1e9 } },
    { FLOWENRICH_TYPE_F64, { .f64 = -0.5 } },
    { FLOWENRICH_TYPE_F64, { .f64 = 0 } },
    { FLOWENRICH_TYPE_F64, { .f64 = 0.5 } },
    { FLOWENRICH_TYPE_F64, { .f64 = 0.9 } },
    { FLOWENRICH_TYPE_ADDRESS, { .address = &low } },
    { FLOWENRICH_TYPE_ADDRESS, { .address = &high } },
    { FLOWENRICH_TYPE_TEXT, { .text = { NULL, 0 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "\0", 1 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "\0\0", 2 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "\0\xff", 2 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "a", 1 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "a\0b", 3 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "aa", 2 } } },
    { FLOWENRICH_TYPE_TEXT, { .text = { "b", 1 } } },
    { FLOWENRICH_TYPE_BOOL, { .u64 = 0 } },
    { FLOWENRICH_TYPE_BOOL, { .u64 = 1 } },
};

#define N_VALUES (sizeof values / sizeof *values)

static fle_allocator allocator;

static flowenrich_text key_of(fle_buffer *buffer, const fle_value *value)
{
    fle_buffer_clear(buffer);
    fle_key_put(buffer, value);
    return fle_text(buffer->data, buffer->len);
}

static bool same(const fle_value *a, const fle_value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case 0:
        return true;
    case FLOWENRICH_TYPE_ADDRESS:
        return memcmp(a->as.address, b->as.address, sizeof *a->as.address) == 0;
    case FLOWENRICH_TYPE_TEXT:
        return fle_text_equal(a->as.text, b->as.text);
    default:
        return a->as.u64 == b->as.u64; /* the bits of any number */
    }
}

static void keys_sort_as_their_values_do(void **state)
{
    fle_buffer a, b;
    (void)state;

    fle_buffer_init(&a, &allocator);
    fle_buffer_init(&b, &allocator);
    for (size_t i = 0; i + 1 < N_VALUES; i++) {
        const int order = fle_text_compare(key_of(&a, &values[i]), key_of(&b, &values[i + 1]));

        if (values[i].type == 0 || values[i].type == values[i + 1].type)
            if (order >= 0)
                fail_msg("value %zu doesn't sort before the next", i);
    }
    fle_buffer_free(&a);
    fle_buffer_free(&b);
}

static void values_come_back_out_of_a_key(void **state)
{
    fle_buffer key, scratch;
    flowenrich_text rest;
    (void)state;

    fle_buffer_init(&key, &allocator);
    fle_buffer_init(&scratch, &allocator);
    for (size_t i = 0; i < N_VALUES; i++)
        fle_key_put(&key, &values[i]);
    rest = fle_text(key.data, key.len);
    for (size_t i = 0; i < N_VALUES; i++) {
        fle_value value;

        assert_true(fle_key_take(&rest, &scratch, &value));
        if (!same(&value, &values[i]))
            fail_msg("value %zu came back as another", i);
    }
    assert_int_equal(rest.len, 0);
    fle_buffer_free(&key);
    fle_buffer_free(&scratch);
}

static void lists_and_maps_are_texts(void **state)
{
    static const flowenrich_text texts[] = { { "a", 1 }, { "1", 1 }, { "b", 1 }, { "2", 1 } };
    static const struct {
        uint32_t type;
        size_t n;
        const char *text;
    } cases[] = {
        { FLOWENRICH_TYPE_LIST, 1, "a" },
        { FLOWENRICH_TYPE_LIST, 3, "a,1,b" },
        { FLOWENRICH_TYPE_MAP, 4, "a=1,b=2" },
    };
    fle_buffer key, scratch;
    (void)state;

    fle_buffer_init(&key, &allocator);
    fle_buffer_init(&scratch, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_value in = { cases[i].type, { .texts = { texts, cases[i].n } } };
        flowenrich_text rest = key_of(&key, &in);
        fle_value out;

        assert_int_equal(fle_key_type(cases[i].type), FLOWENRICH_TYPE_TEXT);
        assert_true(fle_key_take(&rest, &scratch, &out));
        assert_int_equal(out.type, FLOWENRICH_TYPE_TEXT);
        assert_true(fle_text_is(out.as.text, cases[i].text));
    }
    fle_buffer_free(&key);
    fle_buffer_free(&scratch);
}

static void numbers_become_texts(void **state)
{
    static const uint64_t numbers[] = { 7, UINT64_MAX };
    const fle_value in = { FLE_NUMBERS, { .numbers = { numbers, 2 } } };
    fle_buffer key, scratch;
    flowenrich_text rest;
    fle_value out;
    (void)state;

    fle_buffer_init(&key, &allocator);
    fle_buffer_init(&scratch, &allocator);
    rest = key_of(&key, &in);
    assert_true(fle_key_take(&rest, &scratch, &out));
    assert_int_equal(out.type, FLOWENRICH_TYPE_TEXT);
    assert_true(fle_text_is(out.as.text, "7,18446744073709551615"));
    fle_buffer_free(&key);
    fle_buffer_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_sort_as_their_values_do),
        cmocka_unit_test(numbers_become_texts),
        cmocka_unit_test(values_come_back_out_of_a_key),
        cmocka_unit_test(lists_and_maps_are_texts),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
