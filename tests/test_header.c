/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/header.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parse/header.h"

static bool is_header(const char *text)
{
    fle_line line;

    fle_line_split(&line, fle_text_of(text));
    return fle_header_is(&line);
}

static void a_header_is_told_from_a_record(void **state)
{
    static const struct {
        const char *text;
        bool is_header;
    } cases[] = {
        { "version account-id interface-id srcaddr", true },
        { "version account_id interface_id srcaddr", true },  /* as Athena has them */
        { "version accountId interfaceId pktSrcaddr", true }, /* as Insights has them */
        { "bytes", true },
        { "srcaddr dstaddr new-field", true }, /* two of three */
        { "srcaddr new-field", false },        /* one of two is no majority */
        { "new-field other-field", false },
        { "srcaddr dstaddr 443", false },                               /* a value */
        { "version vpc-id subnet-id - - start end - SKIPDATA", false }, /* a template in an issue */
        { "# format: version account-id interface-id srcaddr dstaddr", false },
        { "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA", false },
        { "i-0123 eni-0123 ACCEPT OK", false }, /* all looks like names */
        { "TransitGateway tgw-1 tgw-attach-2", false },
        { "bogus", false },
        { "...", false },
        { "", false },
        { "srcaddr,dstaddr,srcport", false }, /* AWS writes spaces */
        { "srcaddr <ACCOUNT_ID> dstaddr", false },
        { "srcaddr dstaddr caf\xc3\xa9", false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (is_header(cases[i].text) != cases[i].is_header)
            fail_msg("'%s' is %sa header", cases[i].text, cases[i].is_header ? "" : "not ");
}

static void a_line_of_more_values_than_a_format_may_have_is_no_header(void **state)
{
    char text[6 * (FLE_FORMAT_FIELDS + 1) + 1] = "";
    (void)state;

    for (size_t i = 0; i <= FLE_FORMAT_FIELDS; i++)
        strcat(text, "bytes ");
    assert_false(is_header(text));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_told_from_a_record),
        cmocka_unit_test(a_line_of_more_values_than_a_format_may_have_is_no_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
