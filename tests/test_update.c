/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "changing.h"
#include "loading.h"

/* The same documents make the same answers, however often they were published on the way. */
static void publishing_often_gives_the_answers_of_publishing_once(void **state)
{
    (void)state;
    for (unsigned world = 1; world <= 8; world++) {
        struct changing w;

        changing_begin(&w, world);
        for (unsigned step = 0; step < 40; step++) {
            changing_load(&w);
            if (changing_draw(&w, 3) > 0)
                changing_publish(&w);
            if (step % 8 == 7)
                changing_compare(&w);
        }
        changing_end(&w);
    }
}

/* Each allocation of publishing a change fails once; then the next one is right all the same. */
static void without_memory_the_next_snapshot_is_whole(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t succeed = 0; status == FLOWENRICH_ERR_NOMEM; succeed++) {
        struct changing w;

        changing_begin(&w, 4);
        for (unsigned step = 0; step < 24; step++)
            changing_load(&w);
        changing_publish(&w);
        for (unsigned step = 0; step < 6; step++)
            changing_load(&w);
        w.often.f.succeed = succeed;
        status = cataloging_publish(&w.often);
        w.often.f.succeed = SIZE_MAX;
        if (status != FLOWENRICH_OK)
            w.often.snapshot = NULL;
        changing_publish(&w);
        changing_end(&w);
    }
    assert_int_equal(status, FLOWENRICH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(publishing_often_gives_the_answers_of_publishing_once),
        cmocka_unit_test(without_memory_the_next_snapshot_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
