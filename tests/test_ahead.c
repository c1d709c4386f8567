/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "imaging.h"
#include "record/batch.h"
#include "record/directory.h"

/* It only asks for memory: whatever an image says lies where, it stays within that. */
static void looking_ahead_stays_within_an_image(void **state)
{
    struct cataloging *c = *state;
    fle_question questions[FLE_AHEAD];
    flowenrich_snapshot *spoilt;
    size_t len;
    char *image;

    memset(questions, 0, sizeof questions);
    for (size_t i = 0; i < FLE_AHEAD; i++) {
        questions[i].space = 1 + (uint32_t)i % 2;
        assert_true(fle_address_parse("10.0.0.5", 8, &questions[i].address));
        questions[i].address.bytes[15] = (uint8_t)i;
    }
    assert_int_equal(imaging_load(c), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    fle_snapshot_look_ahead(c->snapshot, questions, FLE_AHEAD, true);
    assert_int_equal(flowenrich_snapshot_image(c->snapshot, NULL, 0, &len, NULL), FLOWENRICH_OK);
    image = malloc(len);
    assert_non_null(image);
    for (size_t at = 1024; at < len; at += 4) {
        assert_int_equal(flowenrich_snapshot_image(c->snapshot, image, len, &len, NULL),
                         FLOWENRICH_OK);
        memset(image + at, 0xfe, 4);
        if (flowenrich_snapshot_from_image(&spoilt, image, len, 0, NULL, NULL) != FLOWENRICH_OK)
            continue;
        fle_snapshot_look_ahead(spoilt, questions, FLE_AHEAD, at % 8 == 0);
        flowenrich_snapshot_free(spoilt);
    }
    free(image);
}

/* Answers don't depend on how many keys were asked at a time. */
static void keys_are_answered_alike_alone_and_together(void **state)
{
    struct cataloging *c = *state;
    flowenrich_key keys[3 * FLE_AHEAD + 1];
    const size_t n = sizeof keys / sizeof *keys;
    flowenrich_batch *together, *alone;

    assert_int_equal(imaging_load(c), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&together, n, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&alone, 1, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < n; i++) {
        fle_address address;

        keys[i] = (flowenrich_key)FLOWENRICH_KEY_INIT;
        assert_true(fle_address_parse("10.0.0.0", 8, &address));
        memcpy(keys[i].address, address.bytes, sizeof address.bytes);
        keys[i].address[15] = (uint8_t)(i % 8);
        keys[i].vpc = FLE_TEXT("vpc-1");
        keys[i].from = keys[i].until = NOON + (int64_t)(i / 8) * HOUR;
    }
    assert_int_equal(flowenrich_snapshot_lookup(c->snapshot, keys, n, together, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(together), n);
    for (size_t i = 0; i < n; i++) {
        const flowenrich_answer *a, *b;

        assert_int_equal(flowenrich_snapshot_lookup(c->snapshot, &keys[i], 1, alone, NULL),
                         FLOWENRICH_OK);
        a = fle_batch_answer(together, FLE_OWNER, i);
        b = fle_batch_answer(alone, FLE_OWNER, 0);
        assert_int_equal(a->by, b->by);
        assert_int_equal(a->reason, b->reason);
        assert_true(fle_text_equal(a->identity.single[FLE_ATTR_INTERFACE_ID],
                                   b->identity.single[FLE_ATTR_INTERFACE_ID]));
    }
    flowenrich_batch_free(together);
    flowenrich_batch_free(alone);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(looking_ahead_stays_within_an_image),
        CASE(keys_are_answered_alike_alone_and_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
