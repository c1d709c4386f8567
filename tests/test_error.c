/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "failing.h"

static void the_error_is_256_bytes(void **state)
{
    (void)state;
    assert_int_equal(sizeof(flowenrich_error), 256);
}

static void an_error_returns_its_status(void **state)
{
    flowenrich_error error;

    (void)state;
    memset(&error, 0xaa, sizeof error);
    assert_int_equal(fle_error(&error, FLOWENRICH_ERR_ARG, "no field '%s'", "x"),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(error.status, FLOWENRICH_ERR_ARG);
    assert_int_equal(error.line, 0);
    assert_int_equal(error.column, 0);
    assert_int_equal(error.reserved, 0);
    assert_int_equal(error.offset, 0);
    assert_string_equal(error.message, "no field 'x'");

    assert_int_equal(fle_error_nomem(&error), FLOWENRICH_ERR_NOMEM);
    assert_string_equal(error.message, "out of memory");
    assert_int_equal(fle_error_ok(&error), FLOWENRICH_OK);
    assert_int_equal(error.status, FLOWENRICH_OK);
    assert_string_equal(error.message, "");
}

static void an_error_knows_its_place(void **state)
{
    flowenrich_error error;

    (void)state;
    assert_int_equal(fle_error_at(&error, FLOWENRICH_ERR_SYNTAX, 3, 7, SIZE_MAX, "%d fields", 13),
                     FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 7);
    assert_true(error.offset == SIZE_MAX);
    assert_string_equal(error.message, "13 fields");

    fle_error_at(&error, FLOWENRICH_ERR_SYNTAX, SIZE_MAX, SIZE_MAX, 0, "far");
    assert_int_equal(error.line, UINT32_MAX);
    assert_int_equal(error.column, UINT32_MAX);
}

static void nobody_has_to_want_the_error(void **state)
{
    (void)state;
    assert_int_equal(fle_error(NULL, FLOWENRICH_ERR_LIMIT, "%s", "x"), FLOWENRICH_ERR_LIMIT);
    assert_int_equal(fle_error_at(NULL, FLOWENRICH_ERR_SYNTAX, 1, 1, 1, "x"),
                     FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(fle_error_nomem(NULL), FLOWENRICH_ERR_NOMEM);
    assert_int_equal(fle_error_ok(NULL), FLOWENRICH_OK);
}

static void a_message_is_one_line_of_utf_8(void **state)
{
    static const struct {
        const char *quoted, *message;
    } cases[] = {
        { "a\nb\r\t\x1b[1m\x7f", "a?b???[1m?" }, /* control characters */
        { "M\xc3\xbcnchen \xe6\x9d\xb1", "M\xc3\xbcnchen \xe6\x9d\xb1" },
        { "M\xfcnchen", "M?nchen" },                  /* Latin-1 */
        { "\xc0\xaf \xed\xa0\x80 \xc3", "?? ??? ?" }, /* overlong, a surrogate, cut off */
    };
    flowenrich_error error;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_error(&error, FLOWENRICH_ERR_ARG, "%s", cases[i].quoted);
        assert_string_equal(error.message, cases[i].message);
    }
}

/* The cut falls into the last character for all but one length in three. */
static void a_long_message_is_cut_between_characters(void **state)
{
    flowenrich_error error;

    (void)state;
    for (int lead = 0; lead < 3; lead++) {
        char text[400] = "aaa";

        for (size_t i = (size_t)lead; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xe2\x82\xac", 4);
        fle_error(&error, FLOWENRICH_ERR_ARG, "%s", text);
        assert_int_equal(strlen(error.message), sizeof error.message - 1);
        for (size_t i = (size_t)lead; i < sizeof error.message - 1;) {
            const size_t left = sizeof error.message - 1 - i;

            if (left >= 3)
                assert_memory_equal(error.message + i, "\xe2\x82\xac", 3);
            else
                assert_memory_equal(error.message + i, "??", left);
            i += left >= 3 ? 3 : left;
        }
    }
}

static void options_are_imported_with_their_allocator_checked(void **state)
{
    failing f = { 0 };
    flowenrich_allocator allocator = failing_allocator(&f);
    flowenrich_options given = FLOWENRICH_OPTIONS_INIT;
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    (void)state;
    assert_int_equal(fle_options_import(&options, sizeof options, NULL, &error), FLOWENRICH_OK);
    assert_null(options.allocator);

    given.allocator = &allocator;
    given.hash_seed = 42;
    assert_int_equal(fle_options_import(&options, sizeof options, &given, &error), FLOWENRICH_OK);
    assert_ptr_equal(options.allocator, &allocator);
    assert_int_equal(options.hash_seed, 42);

    allocator.free = NULL;
    assert_int_equal(fle_options_import(&options, sizeof options, &given, &error),
                     FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "allocator"));

    given.size = 0;
    assert_int_equal(fle_options_import(&options, sizeof options, &given, &error),
                     FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "INIT"));
}

static void the_nearest_name_is_offered(void **state)
{
    static const char *const known[] = { "pkt-srcaddr", "srcaddr",   "dstaddr", "start",
                                         "end",         "action",    "id",      "az-id",
                                         "vpc-id",      "tcp-flags", "bytes" };
    static const struct {
        const char *name, *nearest;
    } cases[] = {
        { "srcadr", "srcaddr" },      /* one left out */
        { "bytse", "bytes" },         /* two swapped: two edits */
        { "tcp_flags", "tcp-flags" }, /* hyphens are all one */
        { "Action", "action" },       /* and so is case */
        { "VPC_ID", "vpc-id" },
        { "pktsrcaddress", "pkt-srcaddr" }, /* of long names a third may differ */
        { "xxxaddr", NULL },                /* of short ones two, and these are three */
        { "strat", "start" },
        { "xy", NULL }, /* two edits make any two letters another two */
        { "ad", "id" },
        { "", NULL },
        { "colour", NULL },
        { "rcaddr", "srcaddr" },
        { "ssrcaddrssrcaddrssrcaddrssrcaddrssrcaddrssrcaddrssrcaddrssrcaddrs", NULL }, /* 65 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest =
            fle_nearest(cases[i].name, strlen(cases[i].name), known, sizeof known / sizeof *known);
        const char *wanted = cases[i].nearest;

        if (nearest != wanted && (!nearest || !wanted || strcmp(nearest, wanted) != 0))
            fail_msg("'%s': %s, not %s", cases[i].name, nearest ? nearest : "none",
                     wanted ? wanted : "none");
    }
}

static void of_equally_near_names_the_first_is_offered(void **state)
{
    static const char *const known[] = { "srcport", "dstport", "srcpart" };

    (void)state;
    assert_string_equal(fle_nearest("srcpxrt", 7, known, 3), "srcport");
    assert_null(fle_nearest("srcport", 7, known, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_error_is_256_bytes),
        cmocka_unit_test(an_error_returns_its_status),
        cmocka_unit_test(an_error_knows_its_place),
        cmocka_unit_test(nobody_has_to_want_the_error),
        cmocka_unit_test(a_message_is_one_line_of_utf_8),
        cmocka_unit_test(a_long_message_is_cut_between_characters),
        cmocka_unit_test(options_are_imported_with_their_allocator_checked),
        cmocka_unit_test(the_nearest_name_is_offered),
        cmocka_unit_test(of_equally_near_names_the_first_is_offered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
