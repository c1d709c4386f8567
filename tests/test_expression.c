/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of filters as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "failing.h"
#include "record/expression.h"
#include "record/lexer.h"
#include "record/list.h"

/* Rows are told by their bytes. */
static const char records[] =
    "account-id srcaddr dstaddr srcport dstport protocol bytes start end action log-status\n"
    "012345678901 10.0.0.5 10.0.0.9 40000 443 6 1 1772452800 1772452860 ACCEPT OK\n"
    "012345678901 10.0.0.9 10.0.0.5 443 40000 6 2 1772452800 1772452860 ACCEPT OK\n"
    "123456789012 192.168.1.7 2001:db8::1 53 53 17 3000 1772452801 1772452860 REJECT OK\n"
    "123456789012 - - - - - - 1772452802 1772452860 - NODATA\n";

typedef struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_error error;
    fle_filter filter;
} fixture;

static void set_up(fixture *x)
{
    memset(x, 0, sizeof *x);
    fle_allocator_init(&x->allocator, NULL);
    fle_arena_init(&x->arena, &x->allocator);
    fle_filter_init(&x->filter, &x->arena);
}

static void tear_down(fixture *x)
{
    fle_filter_free(&x->filter);
    fle_arena_free(&x->arena);
}

static flowenrich_status read_text(fixture *x, const char *text)
{
    fle_filter_free(&x->filter);
    fle_filter_init(&x->filter, &x->arena);
    return fle_expression_read(&x->filter, fle_text_of(text), &x->error);
}

/* A digit for each row that fits, from 1. */
static void list_rows(fixture *x, flowenrich_batch *batch, const char *text, char *out)
{
    uint64_t rows;

    enriching_must(read_text(x, text), &x->error);
    enriching_must(fle_filter_open(&x->filter, batch, &x->error), &x->error);
    rows = fle_filter_rows(&x->filter, batch, 0);
    for (int i = 0; i < 64; i++)
        if (rows >> i & 1)
            *out++ = (char)('1' + i);
    *out = '\0';
}

static void rows_are_chosen(void **state)
{
    static const struct {
        const char *text, *rows;
    } cases[] = {
        { "action == \"ACCEPT\"", "12" },
        { "action == 'ACCEPT'", "12" },
        { "action==\"ACCEPT\"and bytes>1", "2" }, /* blanks only part words */
        { "action != \"ACCEPT\"", "34" },         /* no value is another value, as below `not` */
        { "not action == \"ACCEPT\"", "34" },
        { "action != \"ACCEPT\" and action present", "3" },
        { "action absent", "4" },
        { "action in [\"ACCEPT\", \"REJECT\"]", "123" },
        { "action not in [\"ACCEPT\"]", "34" },
        { "action matches \"*E*T\"", "123" },
        { "action matches 'A*'", "12" },
        { "not action matches 'A*'", "34" },

        { "bytes == 1", "1" },
        { "bytes < 2", "1" },
        { "bytes <= 2", "12" },
        { "bytes > 2", "3" },
        { "bytes >= 2", "23" },
        { "bytes >= 3kB", "3" },
        { "bytes < 3KB", "12" },
        { "bytes > 2KiB", "3" },
        { "bytes >= 0", "123" }, /* what is absent is neither more nor less */
        { "bytes < 0", "" },
        { "bytes <= 18446744073709551615", "123" },
        { "bytes > 18446744073709551615", "" },
        { "dstport > 4294967295", "" },
        { "bytes != 2", "134" },
        { "not bytes > 1", "14" },

        { "srcaddr == 10.0.0.5", "1" },
        { "srcaddr in 10.0.0.0/8", "12" },
        { "srcaddr not in 10.0.0.0/8", "34" },
        { "srcaddr in [192.168.0.0/16, 10.0.0.9]", "23" },
        { "dstaddr == 2001:DB8:0::1", "3" }, /* an address, not its spelling */
        { "dstaddr in 2001:db8::/32", "3" },
        { "dstaddr in fd00::/8 or dstaddr in ::/0", "3" },

        { "start == 1772452801", "3" },
        { "start > 2026-03-02T12:00:01Z", "4" },
        { "start <= '2026-03-02 12:00:01'", "123" },
        { "start < end", "1234" },
        { "start == end", "" },
        { "srcport > dstport", "1" },
        { "srcport >= dstport", "13" },
        { "srcaddr == dstaddr", "" },
        { "srcaddr != dstaddr", "1234" },
        { "srcaddr present and srcaddr != dstaddr", "123" },
        { "bytes < srcport", "12" }, /* 64 bits and 32 */

        { "protocol == \"tcp\"", "12" },
        { "protocol in [17, 'TCP']", "123" },
        { "account_id == 012345678901", "12" }, /* digits, not a number */
        { "\"account_id\" == '012345678901'", "12" },

        { "bytes == 1 or bytes == 2 and action == 'REJECT'", "1" }, /* `and` holds tighter */
        { "(bytes == 1 or bytes == 2) and action == 'REJECT'", "" },
        { "not (bytes == 1 or bytes == 2)", "34" },
        { "not not bytes == 1", "1" },
        { "not bytes == 1 and not bytes == 2", "34" },
        { "bytes == 1 or bytes == 2 or bytes == 3000 or bytes absent", "1234" },
        { "bytes\n  ==\t1", "1" },
        { "vpc_id == 'vpc-1'", "" }, /* nobody has it */
        { "vpc_id absent", "1234" },
        { "my_own-field/24 absent", "1234" },
        { "my_own present or my_own < 5 or my_own == 'x' or my_own matches '*'", "" },
    };
    flowenrich_batch *batch = enriching_parse(records);
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char rows[65];

        list_rows(&x, batch, cases[i].text, rows);
        if (strcmp(rows, cases[i].rows) != 0)
            fail_msg("%s: %s", cases[i].text, rows);
    }
    flowenrich_batch_free(batch);
    tear_down(&x);
}

static void rows_are_chosen_by_their_ends(void **state)
{
    static const struct {
        const char *text, *rows;
    } cases[] = {
        { "client.network == 'office'", "12" },
        { "client.network matches 'off*' and server.network absent", "12" },
        { "client.network != server.network", "1234" },
        { "client.tags.site == 'hq'", "12" },
        { "client.tags.site:eu present", "" },
        { "client.network == 'office' and dstaddr in 10.0.0.0/24", "12" },
        { "client.rfc1918", "123" },
        { "not client.rfc1918", "4" },
        { "client.rfc1918 == false", "" },
        { "client.rfc1918 != server.rfc1918", "34" },
        { "client.arns has 'arn:aws:x'", "" },
        { "client.security_group_ids matches 'sg-*'", "" },
        { "direction.confidence >= 0.5", "123" },
        { "direction.confidence > 100", "" },
        { "client.port == srcport", "13" },
    };
    flowenrich_batch *batch = enriching_parse(records);
    flowenrich_enricher *enricher =
        enriching_enricher(NULL, "networks: [{cidr: 10.0.0.5, name: office, tags: {site: hq}}]");
    fixture x;

    (void)state;
    set_up(&x);
    enriching_must(flowenrich_enricher_enrich(enricher, batch, &x.error), &x.error);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char rows[65];

        list_rows(&x, batch, cases[i].text, rows);
        if (strcmp(rows, cases[i].rows) != 0)
            fail_msg("%s: %s", cases[i].text, rows);
    }
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(batch);
    tear_down(&x);
}

static void lists_have_values(void **state)
{
    static const struct {
        const char *text, *rows;
    } cases[] = {
        { "hops.observer has 'eni-2'", "1" },
        { "hops.observer has ['eni-3', 'eni-1']", "1" },
        { "not hops.observer has 'eni-2'", "2" },
        { "hops.observer matches '*-2'", "1" },
        { "hops.observer absent", "2" },
        { "hops.type has 'rds:proxy'", "1" },
        { "not hops.kind has 'rds:proxy'", "2" }, /* by its other name */
        { "meters.bytes has 17", "1" },
        { "meters.bytes has [18, 19]", "" },
    };
    flowenrich_batch *batch;
    fixture x;

    (void)state;
    set_up(&x);
    assert_int_equal(flowenrich_batch_new(&batch, 2, NULL, NULL), FLOWENRICH_OK);
    batch->rows = 2;
    fle_batch_add_list(batch, FLE_TEXT("hops.observer"), FLOWENRICH_TYPE_TEXT);
    fle_batch_add_list(batch, FLE_TEXT("meters.bytes"), FLOWENRICH_TYPE_U64);
    fle_batch_add_list(batch, FLE_TEXT("hops.type"), FLOWENRICH_TYPE_TEXT);
    assert_true(fle_list_add_text(batch, &batch->columns[0], 0, "eni-1", 5));
    assert_true(fle_list_add_text(batch, &batch->columns[0], 0, "eni-2", 5));
    assert_true(fle_list_add_u64(batch, &batch->columns[1], 0, 16));
    assert_true(fle_list_add_u64(batch, &batch->columns[1], 0, 17));
    assert_true(fle_list_add_text(batch, &batch->columns[2], 0, "rds:proxy", 9));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char rows[65];

        list_rows(&x, batch, cases[i].text, rows);
        if (strcmp(rows, cases[i].rows) != 0)
            fail_msg("%s: %s", cases[i].text, rows);
    }
    flowenrich_batch_free(batch);
    tear_down(&x);
}

/* Each with the place of what is wrong. */
static void what_can_not_be_meant_is_refused(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *message;
    } cases[] = {
        { "", 1, 1, "a comparison is missing at the end" },
        { "bytes > 1 and", 1, 14, "a comparison is missing at the end" },
        { "and bytes > 1", 1, 1, "a comparison is missing before 'and'" },
        { "bytes > 1 bytes < 5", 1, 11, "'and' or 'or' is missing before 'bytes'" },
        { "bytes", 1, 6,
          "behind 'bytes' there is to be one of == != < <= > >= in, not in, has, "
          "matches, present, absent" },
        { "bytes >", 1, 8, "a value to compare 'bytes' with is missing" },
        { "bytes = 1", 1, 7, "'=' isn't known: write '=='" },
        { "bytes > 1 && bytes < 5", 1, 11, "'&' isn't known: write 'and'" },
        { "bytes > 1 || bytes < 5", 1, 11, "'|' isn't known: write 'or'" },
        { "!late", 1, 1, "'!' isn't known: write 'not'" },
        { "bytes > 1;", 1, 10, "';' isn't known: texts with it are quoted" },
        { "action == ACCEPT", 1, 11, "a text is written in quotes: \"ACCEPT\"" },
        { "action == 'ACCEPT", 1, 11, "the quote isn't closed" },
        { "action == 'ACCEPT\\'", 1, 11, "the quote isn't closed" },
        { "action == \"\"", 1, 11, "no value is an empty text: write 'absent', or 'present'" },
        { "scraddr == 10.0.0.1", 1, 1, "there is no path 'scraddr': did you mean 'srcaddr'?" },
        { "bytes > 1\nand scraddr == 10.0.0.1", 2, 5,
          "there is no path 'scraddr': did you mean 'srcaddr'?" },
        { "action == 'caf\xc3\xa9' and x = 1", 1, 24, "'=' isn't known: write '=='" },
        { "443 == dstport", 1, 1, "a comparison begins with a path, not '443'" },
        { "dstport == 'https'", 1, 12, "dstport is a whole number, not 'https'" },
        { "dstport in [22, ssh]", 1, 17, "a text is written in quotes: \"ssh\"" },
        { "dstport in [22", 1, 15, "a comma or ']' is missing at the end" },
        { "dstport in [22 23]", 1, 16, "a comma or ']' is missing before '23'" },
        { "dstport in []", 1, 13, "a value to compare 'dstport' with is missing" },
        { "dstport not 22", 1, 13, "'not' stands before the path, or 'in'" },
        { "bytes > 99999999999999TB", 1, 9, "bytes is a whole number, not '99999999999999TB'" },
        { "srcaddr == 10.0.0.0/8", 1, 12, "'10.0.0.0/8' is a network: write 'in'" },
        { "srcaddr > 10.0.0.0", 1, 9,
          "'srcaddr' has no order: only numbers and times are less or more" },
        { "srcaddr matches '10.*'", 1, 9, "'srcaddr' is no text, so it has no pattern" },
        { "srcaddr has 10.0.0.1", 1, 9, "'srcaddr' is one value, no list: write '==' or 'in'" },
        { "client.arns == 'x'", 1, 13, "'client.arns' is a list: write 'has'" },
        { "client.tags has 'app'", 1, 1,
          "'client.tags' are many: name one, such as client.tags.app" },
        { "bytes == srcaddr", 1, 10, "'bytes' and 'srcaddr' are of two kinds" },
        { "start > 'noon'", 1, 9,
          "start is a time like 2026-11-20T09:00:00Z, or its seconds since 1970, not 'noon'" },
        { "direction.confidence > 1.", 1, 24,
          "direction.confidence is a number like 0.25, not '1.'" },
        { "(bytes > 1", 1, 11, "')' is missing at the end" },
        { "(bytes > 1 or bytes < 0 end", 1, 25, "')' is missing before 'end'" },
        { "bytes > 1)", 1, 10, "there is no '(' for this ')'" },
        { "\"\" == 1", 1, 1, "a path is missing" },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_status status = read_text(&x, cases[i].text);

        if (status != FLOWENRICH_ERR_SYNTAX || strcmp(x.error.message, cases[i].message) != 0 ||
            x.error.line != cases[i].line || x.error.column != cases[i].column)
            fail_msg("%s: %u, %u: %s", cases[i].text, (unsigned)x.error.line,
                     (unsigned)x.error.column, x.error.message);
    }
    tear_down(&x);
}

static void depth_and_length_are_bounded(void **state)
{
    const size_t len = FLE_EXPRESSION_LONGEST + 1;
    char *text = malloc(len + 1);
    fixture x;

    (void)state;
    set_up(&x);
    assert_non_null(text);
    for (size_t deep = 32; deep <= 33; deep++) {
        memset(text, '(', deep);
        sprintf(text + deep, "bytes > 1%.*s", (int)deep, ")))))))))))))))))))))))))))))))))");
        assert_int_equal(read_text(&x, text), deep == 32 ? FLOWENRICH_OK : FLOWENRICH_ERR_SYNTAX);
    }
    assert_string_equal(x.error.message, "nested too deeply: 32 parentheses are the most");

    memset(text, ' ', len);
    text[len] = '\0';
    memcpy(text, "bytes > 1", 9);
    assert_int_equal(read_text(&x, text), FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x.error.message, "an expression has 65536 bytes at most");
    text[len - 1] = '\0';
    assert_int_equal(read_text(&x, text), FLOWENRICH_OK);

    memset(text, ' ', len);
    for (size_t i = 0; i < len - 16; i += 4) /* no depth of its own */
        memcpy(text + i, "not ", 4);
    memcpy(text + len - 10, "bytes > 1", 10);
    assert_int_equal(read_text(&x, text), FLOWENRICH_OK);
    free(text);
    tear_down(&x);
}

static void memory_may_run_out(void **state)
{
    static const char text[] =
        "not (bytes > 1 or action in ['ACCEPT', 'REJECT']) and client.rfc1918 "
        "and action absent and not client.type present";
    flowenrich_batch *batch = enriching_parse(records);
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    failing f = { 0 };
    fixture x;
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    set_up(&x);
    x.allocator = failing_allocator(&f);
    enriching_must(flowenrich_enricher_enrich(enricher, batch, &x.error), &x.error);
    for (size_t i = 0; status == FLOWENRICH_ERR_NOMEM; i++) {
        f.succeed = i;
        fle_filter_init(&x.filter, &x.arena);
        status = read_text(&x, text);
        if (status == FLOWENRICH_OK)
            status = fle_filter_open(&x.filter, batch, &x.error);
        fle_filter_free(&x.filter);
        x.filter.decided = NULL;
        fle_arena_free(&x.arena);
        fle_arena_init(&x.arena, &x.allocator);
        assert_int_equal(f.live, 0);
    }
    assert_int_equal(status, FLOWENRICH_OK);
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_chosen),
        cmocka_unit_test(rows_are_chosen_by_their_ends),
        cmocka_unit_test(lists_have_values),
        cmocka_unit_test(what_can_not_be_meant_is_refused),
        cmocka_unit_test(depth_and_length_are_bounded),
        cmocka_unit_test(memory_may_run_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
