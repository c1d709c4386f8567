/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/field.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "record/field.h"

static void the_table_has_no_hole(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++) {
        assert_non_null(fle_fields[i].name);
        assert_true(fle_fields[i].type >= FLOWENRICH_TYPE_U32);
        assert_in_range(fle_fields[i].version, 2, 11);
        assert_int_equal(strlen(fle_fields[i].name), strlen(fle_fields[i].path));
        assert_int_equal(fle_fields[i].meaning[strlen(fle_fields[i].meaning) - 1], '.');
    }
}

static void a_path_is_the_name_with_underscores(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        for (size_t at = 0; fle_fields[i].name[at]; at++)
            assert_int_equal(fle_fields[i].path[at],
                             fle_fields[i].name[at] == '-' ? '_' : fle_fields[i].name[at]);
}

static void a_field_is_found_under_any_spelling(void **state)
{
    static const struct {
        const char *spelled;
        fle_field field;
    } cases[] = {
        { "bytes", FLE_FIELD_BYTES },
        { "pkt-src-aws-service", FLE_FIELD_PKT_SRC_AWS_SERVICE },
        { "pkt_src_aws_service", FLE_FIELD_PKT_SRC_AWS_SERVICE },
        { "pktSrcAwsService", FLE_FIELD_PKT_SRC_AWS_SERVICE }, /* CloudWatch Logs Insights */
        { "instanceTag2", FLE_FIELD_INSTANCE_TAG_2 },
        { "instance-tag-2", FLE_FIELD_INSTANCE_TAG_2 },
        { "instance_tag", FLE_FIELD_INSTANCE_TAG },
        { "azId", FLE_FIELD_AZ_ID },
        { "az-", FLE_FIELD_COUNT },    /* only the beginning of a name */
        { "az-idx", FLE_FIELD_COUNT }, /* more than a name */
        { "srcAddr", FLE_FIELD_SRCADDR }, /* a capital where AWS has no separator */
        { "BYTES", FLE_FIELD_BYTES },
        { "byte s", FLE_FIELD_COUNT },
        { "", FLE_FIELD_COUNT },
        { "-", FLE_FIELD_COUNT },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_field_find(fle_text_of(cases[i].spelled)) != cases[i].field)
            fail_msg("'%s' was taken for field %d", cases[i].spelled,
                     (int)fle_field_find(fle_text_of(cases[i].spelled)));
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++) {
        assert_int_equal(fle_field_find(fle_text_of(fle_fields[i].name)), i);
        assert_int_equal(fle_field_find(fle_text_of(fle_fields[i].path)), i);
    }
}

static void the_public_table_ends_where_it_should(void **state)
{
    flowenrich_field field = { .size = sizeof field };
    size_t n = 0;
    (void)state;

    while (flowenrich_field_at(n, &field) == FLOWENRICH_OK)
        n++;
    assert_int_equal(n, FLE_FIELD_COUNT);
    assert_int_equal(flowenrich_field_at(FLE_FIELD_PKT_DSTADDR, &field), FLOWENRICH_OK);
    assert_string_equal(field.name, "pkt-dstaddr");
    assert_string_equal(field.path, "pkt_dstaddr");
    assert_int_equal(field.type, FLOWENRICH_TYPE_ADDRESS);
    assert_int_equal(field.version, 3);
}

static void an_older_caller_gets_the_members_it_knows(void **state)
{
    flowenrich_field field = { .size = offsetof(flowenrich_field, meaning), .version = 77 };
    (void)state;

    assert_int_equal(flowenrich_field_at(0, &field), FLOWENRICH_OK);
    assert_string_equal(field.name, "version");
    assert_int_equal(field.version, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_no_hole),
        cmocka_unit_test(a_path_is_the_name_with_underscores),
        cmocka_unit_test(a_field_is_found_under_any_spelling),
        cmocka_unit_test(the_public_table_ends_where_it_should),
        cmocka_unit_test(an_older_caller_gets_the_members_it_knows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
