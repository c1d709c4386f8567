/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of which rows a filter wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "record/filter.h"
#include "record/list.h"

static const char records[] =
    "account-id srcaddr dstaddr srcport dstport protocol bytes start end action log-status\n"
    "123456789012 10.0.0.5 10.0.0.9 40000 443 6 420 1772452800 1772452860 ACCEPT OK\n"
    "123456789012 10.0.0.9 10.0.0.5 443 40000 6 640 1772452800 1772452860 ACCEPT OK\n"
    "123456789012 10.0.0.7 2001:db8::1 53 53 17 80 1772452801 1772452860 REJECT OK\n"
    "123456789012 - - - - - - 1772452800 1772452860 - NODATA\n";

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
}

static void tear_down(fixture *x)
{
    fle_filter_free(&x->filter);
    fle_arena_free(&x->arena);
}

static flowenrich_status read_filter(fixture *x, const char *yaml)
{
    fle_yaml *root;

    enriching_must(fle_yaml_read(&root, yaml, strlen(yaml), &x->arena, &x->error), &x->error);
    fle_filter_free(&x->filter);
    fle_filter_init(&x->filter, &x->arena);
    return fle_filter_read(&x->filter, root, &x->error);
}

/* The numbers of the rows that stay, from the sums of their bytes. */
static void rows_that_fit_stay(void **state)
{
    static const struct {
        const char *yaml, *bytes; /* of the rows that stay */
    } cases[] = {
        { "{}", "420 640 80 - " },
        { "action: ACCEPT", "420 640 " },
        { "action: [ACCEPT, REJECT]", "420 640 80 " },
        { "action: accept", "" },
        { "action: ACCEPT\nsrcaddr: 10.0.0.5", "420 " },
        { "dstaddr: 2001:DB8:0::1", "80 " }, /* an address, not its spelling */
        { "protocol: tcp", "420 640 " },
        { "protocol: [17, TCP]", "420 640 80 " },
        { "dstport: [443, 53]", "420 80 " },
        { "bytes: 0640", "640 " },
        { "start: 1772452801", "80 " },
        { "start: 2026-03-02T12:00:01Z", "80 " },
        { "account_id: '123456789012'", "420 640 80 - " },
        { "srcaddr:", "- " }, /* those without one */
        { "srcaddr: [null, 10.0.0.7]", "80 - " },
        { "vpc_id: vpc-1", "" }, /* nobody has it, */
        { "vpc_id: null", "420 640 80 - " }, /* or everybody hasn't */
        { "log_status: NODATA", "- " },
        { "action: {not: ACCEPT}", "80 - " }, /* no value is another value */
        { "srcaddr: {not: null}", "420 640 80 " },
        { "action: {not: [ACCEPT, null]}", "80 " },
        { "protocol: {not: udp}", "420 640 - " },
        { "[]", "420 640 80 - " },
        { "- action: ACCEPT\n- srcaddr: 10.0.0.5", "420 " },
        { "- {dstport: [443, 53]}\n- {dstport: {not: 53}}", "420 " }, /* a path once more */
        { "srcaddr: 10.0.0.4/30", "420 80 " },                       /* a network */
        { "bytes >= 100 and not dstport == 443", "640 " },
        { "- bytes > 100\n- dstport: 443", "420 " },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = enriching_parse(records);
        uint8_t keep[64 / 8 + 1];
        char bytes[128] = "";

        enriching_must(read_filter(&x, cases[i].yaml), &x.error);
        enriching_must(fle_filter_apply(&x.filter, batch, keep, &x.error), &x.error);
        for (size_t row = 0; row < batch->rows; row++) {
            const char *value = enriching_value(batch, "bytes", row);

            strcat(bytes, *value ? value : "-");
            strcat(bytes, " ");
        }
        if (strcmp(bytes, cases[i].bytes) != 0)
            fail_msg("%s: %s", cases[i].yaml, bytes);
        flowenrich_batch_free(batch);
    }
    tear_down(&x);
}

/* Lists, of which one item has to be wanted. */
static void rows_are_chosen_by_items_of_lists(void **state)
{
    static const struct {
        const char *yaml;
        size_t rows;
    } cases[] = {
        { "hops.observer: eni-2", 1 }, { "hops.observer: eni-3", 0 },
        { "hops.observer: ''", 1 },    { "meters.bytes: [17, 18]", 1 },
        { "meters.bytes: 19", 0 },     { "meters.bytes: {not: 17}", 1 },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch;
        uint8_t keep[1];

        assert_int_equal(flowenrich_batch_new(&batch, 2, NULL, NULL), FLOWENRICH_OK);
        batch->rows = 2;
        fle_batch_add_list(batch, FLE_TEXT("hops.observer"), FLOWENRICH_TYPE_TEXT);
        fle_batch_add_list(batch, FLE_TEXT("meters.bytes"), FLOWENRICH_TYPE_U64);
        assert_true(fle_list_add_text(batch, &batch->columns[0], 0, "eni-1", 5));
        assert_true(fle_list_add_text(batch, &batch->columns[0], 0, "eni-2", 5));
        assert_true(fle_list_add_u64(batch, &batch->columns[1], 0, 16));
        assert_true(fle_list_add_u64(batch, &batch->columns[1], 0, 17));
        enriching_must(read_filter(&x, cases[i].yaml), &x.error);
        enriching_must(fle_filter_apply(&x.filter, batch, keep, &x.error), &x.error);
        if (batch->rows != cases[i].rows)
            fail_msg("'%s': %zu rows", cases[i].yaml, batch->rows);
        flowenrich_batch_free(batch);
    }
    tear_down(&x);
}

/* Of ends, of which one attribute has many values. */
static void rows_are_chosen_by_their_ends(void **state)
{
    static const struct {
        const char *yaml;
        size_t rows;
    } cases[] = {
        { "client.network: [office]", 2 },
        { "server.network: [office]", 0 },
        { "client.tags.site: hq", 2 },
        { "client.tags.site: nowhere", 0 },
        { "client.rfc1918: true", 3 },
        { "client.rfc1918: false", 0 },
        { "client.arns: arn:aws:x", 0 },
        { "client.port: 40000", 2 },
        { "client.network: {not: office}", 2 }, /* with the row that has no ends */
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = enriching_parse(records);
        flowenrich_enricher *enricher = enriching_enricher(
            NULL, "networks: [{cidr: 10.0.0.5, name: office, tags: {site: hq}}]");
        uint8_t keep[64 / 8 + 1];

        enriching_must(flowenrich_enricher_enrich(enricher, batch, &x.error), &x.error);
        enriching_must(read_filter(&x, cases[i].yaml), &x.error);
        enriching_must(fle_filter_apply(&x.filter, batch, keep, &x.error), &x.error);
        if (batch->rows != cases[i].rows)
            fail_msg("%s: %zu", cases[i].yaml, batch->rows);
        flowenrich_enricher_free(enricher);
        flowenrich_batch_free(batch);
    }
    tear_down(&x);
}

static void what_can_not_be_meant_is_refused(void **state)
{
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        { "srcaddr: here", "srcaddr is an address, not 'here'" },
        { "dstport: https", "dstport is a whole number, not 'https'" },
        { "protocol: tpc", "protocol is a whole number, not 'tpc'" },
        { "start: noon", "start is a time like 2026-11-20T09:00:00Z, or its seconds since 1970, "
                         "not 'noon'" },
        { "client.rfc1918: yes", "client.rfc1918 is true or false, not 'yes'" },
        { "meters.bytes: many", "meters.bytes is a whole number, not 'many'" },
        { "action: []", "the list of values is empty" },
        { "action: {nor: b}", "unknown key 'nor': did you mean 'not'?" },
        { "action: {}", "not is missing" },
        { "action: {not: []}", "the list of values is empty" },
        { "action: {not: {not: a}}", "a value to compare with must be a single value" },
        { "dstport: {not: https}", "dstport is a whole number, not 'https'" },
        { "action: [[a]]", "a value to compare with must be a single value" },
        { "'': a", "a path is missing" },
        { "scraddr: 10.0.0.1", "there is no path 'scraddr': did you mean 'srcaddr'?" },
        { "client.tags: a", "'client.tags' are many: name one, such as client.tags.app" },
        { "direction.confidence: high", "direction.confidence is a number like 0.25, not 'high'" },
        { "[[a]]", "filter must be a mapping (key: value)" },
        { "bytes", "expression, line 1, column 6: behind 'bytes' there is to be one of "
                   "== != < <= > >= in, not in, has, matches, present, absent" },
        { "[action: ACCEPT, bytes >]",
          "expression, line 1, column 8: a value to compare 'bytes' with is missing" },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (read_filter(&x, cases[i].yaml) != FLOWENRICH_ERR_SYNTAX ||
            strcmp(x.error.message, cases[i].message) != 0 || x.error.line != 1)
            fail_msg("%s: %s", cases[i].yaml, x.error.message);
    }
    assert_int_equal(read_filter(&x, "my_own_field: a"), FLOWENRICH_OK); /* near to none */
    tear_down(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_fit_stay),
        cmocka_unit_test(rows_are_chosen_by_items_of_lists),
        cmocka_unit_test(rows_are_chosen_by_their_ends),
        cmocka_unit_test(what_can_not_be_meant_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
