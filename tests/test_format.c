/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/format.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "failing.h"
#include "parse/format.h"

static flowenrich_status read(flowenrich_format **out, const char *text, flowenrich_error *error)
{
    return flowenrich_format_new(out, text, strlen(text), NULL, error);
}

static void every_spelling_gives_the_same_format(void **state)
{
    static const char expected[] = "${version} ${account-id} ${pkt-srcaddr} ${instance-tag-2}";
    static const char *const spellings[] = {
        "${version} ${account-id} ${pkt-srcaddr} ${instance-tag-2}",
        "$${version} $${account-id} $${pkt-srcaddr} $${instance-tag-2}", /* Terraform's */
        "version account-id pkt-srcaddr instance-tag-2",
        "version,account-id,pkt-srcaddr,instance-tag-2",
        "version, account-id, pkt-srcaddr, instance-tag-2",
        "version account_id pkt_srcaddr instance_tag_2", /* Athena's */
        "version accountId pktSrcaddr instanceTag2",     /* CloudWatch Logs Insights' */
        "version ${account_id} pktSrcaddr,instance-tag-2",
        "  version\taccount-id\n  pkt-srcaddr\r\n  instance-tag-2 \n", /* over lines */
        "\xef\xbb\xbfversion account-id pkt-srcaddr instance-tag-2",
    };
    (void)state;

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        flowenrich_format *format;
        flowenrich_error error;

        if (read(&format, spellings[i], &error) != FLOWENRICH_OK)
            fail_msg("'%s': %s", spellings[i], error.message);
        if (!fle_text_is(flowenrich_format_text(format), expected))
            fail_msg("'%s' is read otherwise", spellings[i]);
        assert_int_equal(flowenrich_format_fields(format), 4);
        flowenrich_format_free(format);
    }
}

static void the_default_formats_have_the_fields_that_aws_documents(void **state)
{
    static const struct {
        const char *name;
        size_t n, at;
        const char *field, *last;
    } cases[] = {
        { "default", 14, 3, "srcaddr", "log-status" },
        { " default\n", 14, 12, "action", "log-status" },
        { "default-tgw", 36, 1, "resource-type", "pkt-dst-aws-service" },
        { "default-tgw", 36, 25, "log-status", "pkt-dst-aws-service" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_format *format;

        assert_int_equal(read(&format, cases[i].name, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_format_fields(format), cases[i].n);
        assert_string_equal(flowenrich_format_field(format, cases[i].at), cases[i].field);
        assert_string_equal(flowenrich_format_field(format, cases[i].n - 1), cases[i].last);
        assert_string_equal(flowenrich_format_field(format, cases[i].n), "");
        for (size_t k = 0; k < cases[i].n; k++)
            assert_int_equal(flowenrich_format_known(format, k), 1);
        assert_int_equal(flowenrich_format_known(format, cases[i].n), 0);
        flowenrich_format_free(format);
    }
}

static void an_unknown_name_keeps_its_position(void **state)
{
    flowenrich_format *format;
    (void)state;

    assert_int_equal(read(&format, "srcaddr brand-new_field default bytes", NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_format_fields(format), 4);
    assert_int_equal(format->n_unknown, 2);
    assert_int_equal(flowenrich_format_known(format, 1), 0);
    assert_string_equal(flowenrich_format_field(format, 1), "brand-new_field");
    assert_string_equal(format->fields[1].path, "brand_new_field");
    assert_int_equal(flowenrich_format_known(format, 3), 1);
    flowenrich_format_free(format);
}

static void what_is_no_format_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        uint32_t line, column;
    } cases[] = {
        { "", 1, 1 },
        { " ,\n", 1, 1 },
        { "srcaddr dstaddr srcaddr", 1, 17 },   /* a name twice */
        { "pkt-srcaddr ${pktSrcaddr}", 1, 15 }, /* in two spellings */
        { "new-field new_field", 1, 11 },       /* whose columns would be one */
        { "${srcaddr} ${dstaddr", 1, 12 },      /* without its brace */
        { "${srcaddr} ${dst addr}", 1, 12 },
        { "${srcaddr} ${}", 1, 12 },
        { "${", 1, 1 },
        { "${srcaddr}${dstaddr}", 1, 1 },
        { "srcaddr\n$dstaddr", 2, 1 },
        { "bytes srcaddr|dstaddr", 1, 7 },
        { "2 123456789010 10.0.0.1", 1, 1 }, /* a record */
        { "bytes client.tags.app", 1, 7 },   /* would hide what enrichment says */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_format *format;
        flowenrich_error error;

        if (read(&format, cases[i].text, &error) != FLOWENRICH_ERR_SYNTAX)
            fail_msg("'%s' is taken", cases[i].text);
        assert_null(format);
        if (error.line != cases[i].line || error.column != cases[i].column)
            fail_msg("'%s' is refused at %u:%u: %s", cases[i].text, error.line, error.column,
                     error.message);
    }
}

static void names_and_their_number_are_bounded(void **state)
{
    char text[8 * (FLE_FORMAT_FIELDS + 2)];
    flowenrich_format *format;
    size_t len = 0;
    (void)state;

    memset(text, 'x', 129);
    assert_int_equal(flowenrich_format_new(&format, text, 128, NULL, NULL), FLOWENRICH_OK);
    flowenrich_format_free(format);
    assert_int_equal(flowenrich_format_new(&format, text, 129, NULL, NULL), FLOWENRICH_ERR_SYNTAX);
    for (unsigned i = 0; i < FLE_FORMAT_FIELDS; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "x%u ", i);
    assert_int_equal(flowenrich_format_new(&format, text, len, NULL, NULL), FLOWENRICH_OK);
    flowenrich_format_free(format);
    text[len++] = 'y';
    assert_int_equal(flowenrich_format_new(&format, text, len, NULL, NULL), FLOWENRICH_ERR_SYNTAX);
}

static void wrong_arguments_are_refused(void **state)
{
    flowenrich_format *format;
    (void)state;

    assert_int_equal(flowenrich_format_new(NULL, "bytes", 5, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_format_new(&format, NULL, 5, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_format_new(&format, NULL, 0, NULL, NULL), FLOWENRICH_ERR_SYNTAX);
    flowenrich_format_free(NULL);
}

static void every_allocation_may_fail(void **state)
{
    static const char text[] = "${version} ${brand-new} ${bytes}";
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing memory = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);
        const flowenrich_options options = { sizeof options, &allocator, 0 };
        flowenrich_format *format;

        status = flowenrich_format_new(&format, text, sizeof text - 1, &options, NULL);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        flowenrich_format_free(format);
        assert_int_equal(memory.live, 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_gives_the_same_format),
        cmocka_unit_test(the_default_formats_have_the_fields_that_aws_documents),
        cmocka_unit_test(an_unknown_name_keeps_its_position),
        cmocka_unit_test(what_is_no_format_is_refused_with_its_place),
        cmocka_unit_test(names_and_their_number_are_bounded),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
