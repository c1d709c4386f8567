/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/path.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/path.h"

static flowenrich_batch *enriched_batch(void)
{
    flowenrich_batch *batch;
    flowenrich_answer *answer;
    uint32_t number;

    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    batch->rows = 2;
    fle_column_set_u32(fle_batch_add_field(batch, FLE_FIELD_DSTPORT), 0, 443);
    fle_column_set_time(fle_batch_add_field(batch, FLE_FIELD_START), 0, 1418530010);
    fle_column_set_f64(fle_batch_add(batch, FLE_TEXT("direction.confidence"), FLOWENRICH_TYPE_F64),
                       0, 0.5);
    fle_column_set_bool(fle_batch_add(batch, FLE_TEXT("client.rfc1918"), FLOWENRICH_TYPE_BOOL), 0,
                        true);
    assert_true(fle_batch_begin_ends(batch, NULL, NULL));
    number = fle_batch_new_answer(batch);
    answer = batch->answers[number];
    flowenrich_answer_set(answer, "type", "ec2:instance", 12);
    flowenrich_answer_set(answer, "tags.a.b", "dotted", 6);
    batch->ends[FLE_SERVER][0] = number;
    return batch;
}

static fle_value value(const flowenrich_batch *batch, const char *text, size_t row)
{
    fle_path path;
    fle_value out;

    fle_path_open(&path, batch, fle_text_of(text));
    fle_path_get(&path, batch, row, &out);
    return out;
}

static void a_path_reaches_columns_of_every_type(void **state)
{
    flowenrich_batch *batch = enriched_batch();
    (void)state;

    assert_int_equal(value(batch, "dstport", 0).as.u64, 443);
    assert_int_equal(value(batch, "start", 0).as.time, 1418530010);
    assert_true(value(batch, "direction.confidence", 0).as.f64 > 0.4);
    assert_int_equal(value(batch, "client.rfc1918", 0).as.u64, 1);
    assert_int_equal(value(batch, "dstport", 1).type, 0);
    flowenrich_batch_free(batch);
}

static void a_path_reaches_what_an_end_is_known_by(void **state)
{
    flowenrich_batch *batch = enriched_batch();
    (void)state;

    assert_true(fle_text_is(value(batch, "server.type", 0).as.text, "ec2:instance"));
    assert_true(fle_text_is(value(batch, "server.tags.a.b", 0).as.text, "dotted"));
    assert_true(fle_text_is(value(batch, "server.by", 0).as.text, "resolver"));
    assert_true(fle_text_is(value(batch, "server.sure", 0).as.text, "sighted"));
    assert_int_equal(value(batch, "server.tags", 0).as.texts.n, 2);
    assert_int_equal(value(batch, "server.reason", 0).type, 0);
    assert_int_equal(value(batch, "server.type", 1).type, 0);
    assert_int_equal(value(batch, "client.type", 0).type, 0);
    flowenrich_batch_free(batch);
}

static void a_path_that_is_not_there_gives_nothing(void **state)
{
    static const char *const texts[] = { "",        "nothing",      "client",      "client.",
                                         "server.", "server.tags.", "server.nope", "clients.type" };
    flowenrich_batch *batch = enriched_batch();
    fle_path path;
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (fle_path_open(&path, batch, fle_text_of(texts[i])))
            fail_msg("'%s' was opened", texts[i]);
        assert_int_equal(value(batch, texts[i], 0).type, 0);
    }
    flowenrich_batch_free(batch);
}

static void a_path_of_an_end_needs_an_enriched_batch(void **state)
{
    flowenrich_batch *batch;
    fle_path path;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
    assert_false(fle_path_open(&path, batch, FLE_TEXT("client.type")));
    flowenrich_batch_free(batch);
}

static void paths_have_a_type_without_a_batch(void **state)
{
    static const struct {
        const char *text;
        uint32_t type;
    } cases[] = {
        { "bytes", FLOWENRICH_TYPE_U64 },
        { "pkt_srcaddr", FLOWENRICH_TYPE_ADDRESS },
        { "pkt-srcaddr", 0 }, /* a name, not a path */
        { "client.addr", FLOWENRICH_TYPE_ADDRESS },
        { "client.rfc1918", FLOWENRICH_TYPE_BOOL },
        { "server.port", FLOWENRICH_TYPE_U32 },
        { "server.tags.app", FLOWENRICH_TYPE_TEXT },
        { "server.tags", FLOWENRICH_TYPE_MAP },
        { "server.arns", FLOWENRICH_TYPE_LIST },
        { "direction.confidence", FLOWENRICH_TYPE_F64 },
        { "uploaded", FLOWENRICH_TYPE_U64 },
        { "scope", FLOWENRICH_TYPE_TEXT },
        { "client.scope", 0 },
        { "reversal", FLOWENRICH_TYPE_BOOL },
        { "observers", FLOWENRICH_TYPE_LIST },
        { "hops.observer", FLOWENRICH_TYPE_LIST },
        { "meters.bytes", FLOWENRICH_TYPE_LIST },
        { "hops.kind", FLOWENRICH_TYPE_LIST }, /* hops.type */
        { "hops", 0 }, /* the objects of JSON, no path */
        { "my_field", 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_path_type(fle_text_of(cases[i].text)) != cases[i].type)
            fail_msg("'%s'", cases[i].text);
}

static void items_of_lists_have_a_type_without_a_batch(void **state)
{
    static const struct {
        const char *text;
        uint32_t item;
    } cases[] = {
        { "server.arns", FLOWENRICH_TYPE_TEXT },  { "marks", FLOWENRICH_TYPE_TEXT },
        { "hops.type", FLOWENRICH_TYPE_TEXT },    { "meters.bytes", FLOWENRICH_TYPE_U64 },
        { "charges.amount", FLOWENRICH_TYPE_U64 }, { "server.tags", 0 },
        { "hops.kind", FLOWENRICH_TYPE_TEXT },
        { "bytes", 0 },                           { "nothing", 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_path_item(fle_text_of(cases[i].text)) != cases[i].item)
            fail_msg("'%s'", cases[i].text);
}

static void a_misspelt_path_has_a_nearest_one(void **state)
{
    static const struct {
        const char *text, *nearest; /* NULL: none */
    } cases[] = {
        { "byte", "bytes" },
        { "pkt-srcaddr", "pkt_srcaddr" },
        { "srcadr", "srcaddr" },
        { "scoop", "scope" },
        { "client.adr", "client.addr" },
        { "server.acount_id", "server.account_id" },
        { "server.tag.app", "server.tags.app" },
        { "flow_log.groups", "flow_log.group" },
        { "hop.observer", "hops.observer" },
        { "clinet.type", "client.type" },
        { "sever.tags.app", "server.tags.app" },
        { "clinet.color", NULL },
        { "client.", NULL },
        { "quite_something_else", NULL },
        { "", NULL },
    };
    char nearest[FLE_PATH_TEXT];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bool is_near = fle_path_nearest(fle_text_of(cases[i].text), nearest);

        if (is_near != (cases[i].nearest != NULL) ||
            (is_near && strcmp(nearest, cases[i].nearest) != 0))
            fail_msg("'%s': '%s'", cases[i].text, is_near ? nearest : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_reaches_columns_of_every_type),
        cmocka_unit_test(a_path_reaches_what_an_end_is_known_by),
        cmocka_unit_test(a_path_that_is_not_there_gives_nothing),
        cmocka_unit_test(a_path_of_an_end_needs_an_enriched_batch),
        cmocka_unit_test(paths_have_a_type_without_a_batch),
        cmocka_unit_test(items_of_lists_have_a_type_without_a_batch),
        cmocka_unit_test(a_misspelt_path_has_a_nearest_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
