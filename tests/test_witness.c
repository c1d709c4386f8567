/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what records say of who logged them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "record/witness.h"

static void it_lives_from_the_earliest_end_to_the_latest_start(void **state)
{
    fle_witness witness = { .alive_from = INT64_MAX, .alive_until = INT64_MIN };
    (void)state;

    fle_witness_lives(&witness, 100, 160);
    fle_witness_lives(&witness, 400, 460);
    fle_witness_lives(&witness, 200, 260);
    assert_int_equal(witness.alive_from, 160);
    assert_int_equal(witness.alive_until, 400);
}

/* Labels in their order: i for ingress, e for egress, and the last octet. */
static void its_primary_address_is_the_one_label_it_has(void **state)
{
    static const struct {
        const char *labels;
        bool is_primary; /* 10.0.0.1 */
    } cases[] = {
        { "", false },
        { "e1", true },
        { "i1 e1", true },
        { "i1 e2", true },   /* egress may show a secondary one */
        { "e2 i1", true },   /* in any order */
        { "e1 i2", false },  /* and ingress never does */
        { "e1 e2", false },  /* so of egress all must be the same */
        { "i1 i2", false },  /* two of ingress contradict one another */
        { "i2", false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address asked = enriching_address("10.0.0.1");
        fle_witness witness = { .number = 0 };

        for (const char *at = cases[i].labels; *at; at += at[2] ? 3 : 2) {
            fle_address address = asked;

            address.bytes[15] = (uint8_t)(at[1] - '0');
            fle_witness_label(&witness, at[0] == 'i', &address);
        }
        if (fle_witness_is_primary(&witness, &asked) != cases[i].is_primary)
            fail_msg("%s", cases[i].labels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lives_from_the_earliest_end_to_the_latest_start),
        cmocka_unit_test(its_primary_address_is_the_one_label_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
