/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of wrapped lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/wrap.h"

#include "enriching.h"

static void lines_are_labelled_and_stay_within_a_hundred_columns(void **state)
{
    static const char wanted[] =
        "Head 1\n"
        "  label       short\n"
        "\n"
        "Next\n"
        "  a           "
        "word word word word word word word word word word word word word word word word word\n"
        "              word word word\n"
        "              the same bell?\n";
    fle_allocator allocator;
    fle_wrap wrap;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_wrap_init(&wrap, &allocator);
    fle_wrap_head(&wrap, "Head %d", 1);
    fle_wrap_say(&wrap, "label", "%s", "short");
    fle_wrap_head(&wrap, "Next");
    fle_wrap_say(&wrap, "a", "%s",
                 "word word word word word word word word word word word word word word word word "
                 "word word word word");
    fle_wrap_say(&wrap, "", "%s", "the same bell\a");
    assert_int_equal(wrap.out.len, sizeof wanted - 1);
    assert_memory_equal(wrap.out.data, wanted, wrap.out.len);
    fle_wrap_free(&wrap);
}

static void a_word_longer_than_a_line_stays_whole(void **state)
{
    char word[201];
    fle_allocator allocator;
    fle_wrap wrap;

    (void)state;
    memset(word, 'x', 200);
    word[200] = '\0';
    fle_allocator_init(&allocator, NULL);
    fle_wrap_init(&wrap, &allocator);
    fle_wrap_say(&wrap, "arn", "%s %s", word, word);
    assert_int_equal(wrap.out.len, 14 + 200 + 1 + 14 + 200 + 1);
    fle_wrap_free(&wrap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_labelled_and_stay_within_a_hundred_columns),
        cmocka_unit_test(a_word_longer_than_a_line_stays_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
