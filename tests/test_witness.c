/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what records say of who logged them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "record/witness.h"

#define NONE_YET { INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN }
#define DAY 86400
#define IN_2038 2145916800

/* Records by their starts; each covers a minute. Taken in any order, they say the same. */
static void it_lives_from_the_earliest_end_to_the_latest_start(void **state)
{
    static const struct {
        const char *what;
        int64_t starts[4]; /* up to the first 0 behind the first */
        int64_t from, until;
    } cases[] = {
        { "one record", { 100 }, 160, 100 },
        { "several", { 100, 400, 200 }, 160, 400 },
        { "within a day", { 100, 100 + DAY }, 160, 100 + DAY },
        { "by another between them", { 100, 100 + DAY, 100 + 2 * DAY }, 160, 100 + 2 * DAY },
        { "one is of 2038", { 100, 400, IN_2038 }, 160, 400 },
        { "be it twice", { 100, 400, IN_2038, IN_2038 }, 160, 400 },
        { "two end at different times", { 100, 400, IN_2038, IN_2038 + 60 }, 160, IN_2038 + 60 },
        { "one is of long ago", { 5 * DAY, 5 * DAY + 60, 100 }, 5 * DAY + 60, 5 * DAY + 60 },
        { "two that nothing confirms", { 100, IN_2038 }, 160, 100 },
        { "a day each, days apart",
          { 100, 400, 9 * DAY, 9 * DAY + 60 },
          160,
          9 * DAY + 60 },
        { "what may not be reckoned with", { 100, 400, INT64_MAX - 60 }, 160, 400 },
    };
    static const int order[][4] = {
        { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 2, 0, 3, 1 }, { 1, 3, 0, 2 }, { 2, 3, 0, 1 }
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
            fle_witness witness = { .life = NONE_YET }, merged = { .life = NONE_YET };

            for (size_t j = 0; j < 4; j++) {
                const int64_t start = cases[i].starts[order[k][j]];

                if (start != 0)
                    fle_witness_lives(&witness, start, start + 60);
            }
            fle_witness_merge_life(&merged, &witness);
            if (witness.life.from != cases[i].from || witness.life.until != cases[i].until ||
                merged.life.from != cases[i].from || merged.life.until != cases[i].until)
                fail_msg("%s, order %zu: %lld, %lld", cases[i].what, k,
                         (long long)witness.life.from, (long long)witness.life.until);
        }
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
