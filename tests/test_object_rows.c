/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/object_rows.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "encode/encoding.h"
#include "enriched.h"
#include "listed.h"
#include "unpacking.h"

#define MOST_FIELDS 6

/* All rows of a batch by an encoding, with a buffer that is large enough. */
static size_t write_all(const fle_encoding *encoding, const flowenrich_batch *batch,
                        const char *const *fields, char *buf, size_t cap)
{
    flowenrich_text texts[MOST_FIELDS];
    fle_field_list list = { texts, 0 };
    fle_output out = { buf, cap, 0 };
    void *encoder;

    for (; fields && list.n < MOST_FIELDS && fields[list.n]; list.n++)
        texts[list.n] = fle_text_of(fields[list.n]);
    encoder = calloc(1, encoding->size);
    assert_non_null(encoder);
    encoding->init(encoder, &batch->allocator, list);
    assert_int_equal(encoding->begin(encoder, batch, NULL), FLOWENRICH_OK);
    for (size_t row = 0; row < batch->rows; row++)
        assert_true(encoding->row(encoder, row, &out));
    encoding->free(encoder);
    free(encoder);
    assert_true(fle_output_fits(&out));
    return out.len;
}

/* JSON as a string. MessagePack must say the same. */
static void encode(const fle_encoding *encoding, const flowenrich_batch *batch,
                   const char *const *fields, char *buf, size_t cap)
{
    const bool flat = encoding == &fle_encoding_json_flat;
    char packed[8192], unpacked[8192];
    fle_output out = { unpacked, sizeof unpacked - 1, 0 };
    size_t len = write_all(flat ? &fle_encoding_msgpack_flat : &fle_encoding_msgpack, batch, fields,
                           packed, sizeof packed);

    assert_true(unpack(packed, len, &out));
    assert_true(fle_output_fits(&out));
    unpacked[out.len] = '\0';
    len = write_all(encoding, batch, fields, buf, cap - 1);
    buf[len] = '\0';
    assert_string_equal(unpacked, buf);
}

static void an_enriched_record_has_the_shape_of_the_manual(void **state)
{
    static const char expected[] =
        "{\"Protocol\":\"tcp\",\"Uploaded\":4249,\"Start\":1418530010,\"End\":1418530070,"
        "\"Action\":\"ACCEPT\",\"Direction\":{\"By\":\"listener\",\"Confidence\":0.9},"
        "\"Scope\":\"aws-service\",\"Path\":\"gateway-endpoint\","
        "\"Observer\":\"eni-1235b8ca123456789\","
        "\"Client\":{\"Addr\":\"10.0.1.5\",\"Port\":41276,\"Type\":\"ec2:instance\","
        "\"Arns\":[\"arn:1\",\"arn:2\"],\"Region\":\"us-east-1\",\"Rfc1918\":true,"
        "\"Tags\":{\"app\":\"x\",\"team.name\":\"\\\"q\\\"\"},\"By\":\"interface\","
        "\"Sure\":\"exact\"},"
        "\"Server\":{\"Addr\":\"52.216.0.1\",\"Port\":443,\"Type\":\"aws:service\","
        "\"By\":\"ip-ranges\",\"Sure\":\"sighted\"}}\n"
        /* The row without data is left out; a protocol without a name is a number. */
        "{\"Protocol\":200,\"Scope\":\"internet\","
        "\"Client\":{\"Addr\":\"2001:db8::1\",\"Reason\":\"not_in_inventory\"}}\n";
    flowenrich_batch *batch = enriched_new(NULL);
    char got[2048];
    (void)state;

    assert_non_null(batch);
    encode(&fle_encoding_json, batch, NULL, got, sizeof got);
    assert_string_equal(got, expected);
    flowenrich_batch_free(batch);
}

/* Parallel lists are one array of objects; what isn't known of an item is left out. */
static void lists_of_one_name_are_an_array_of_objects(void **state)
{
    static const struct {
        const fle_encoding *encoding;
        const char *fields[MOST_FIELDS];
        const char *out;
    } cases[] = {
        { &fle_encoding_json,
          { "hops.observer", "meters.bytes", "hops.type" },
          "{\"Hops\":[{\"Observer\":\"eni-1\",\"Type\":\"nat-gateway\"},"
          "{\"Observer\":\"eni-2\",\"Type\":\"tgw\"}],\"Meters\":[{\"Bytes\":17}]}\n"
          "{}\n{\"Hops\":[{\"Observer\":\"eni-3\"}]}\n{}\n"
          "{\"Meters\":[{\"Bytes\":0},{\"Bytes\":18446744073709551615},{\"Bytes\":3}]}\n" },
        { &fle_encoding_json, /* an item that nothing is known of */
          { "hops.type" },
          "{\"Hops\":[{\"Type\":\"nat-gateway\"},{\"Type\":\"tgw\"}]}\n{}\n{\"Hops\":[{}]}\n"
          "{}\n{}\n" },
        { &fle_encoding_json_flat,
          { "hops.type", "meters.bytes" },
          "{\"hops.type\":[\"nat-gateway\",\"tgw\"],\"meters.bytes\":[17]}\n"
          "{\"hops.type\":null,\"meters.bytes\":null}\n"
          "{\"hops.type\":[null],\"meters.bytes\":null}\n"
          "{\"hops.type\":null,\"meters.bytes\":null}\n"
          "{\"hops.type\":null,\"meters.bytes\":[0,18446744073709551615,3]}\n" },
    };
    flowenrich_batch *batch = listed_new(NULL);
    (void)state;

    assert_non_null(batch);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[1024];

        encode(cases[i].encoding, batch, cases[i].fields, got, sizeof got);
        assert_string_equal(got, cases[i].out);
    }
    flowenrich_batch_free(batch);
}

/* Of a group such a path is one value: what it is by. */
static void groups_by_such_lists_have_one_object(void **state)
{
    flowenrich_batch *batch;
    char got[256];
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 2, NULL, NULL), FLOWENRICH_OK);
    assert_true(enriched_text(batch, "charges.meter", 0, "cross-az"));
    assert_true(enriched_text(batch, "charges.payer", 0, "111122223333"));
    assert_true(enriched_text(batch, "hops.type", 1, "nat-gateway"));
    assert_true(enriched_u64(batch, "bytes", 0, 7));
    batch->rows = 2;
    encode(&fle_encoding_json, batch, NULL, got, sizeof got);
    assert_string_equal(got, "{\"Charges\":{\"Meter\":\"cross-az\",\"Payer\":\"111122223333\"},"
                             "\"Bytes\":7}\n{\"Hops\":{\"Type\":\"nat-gateway\"}}\n");
    flowenrich_batch_free(batch);
}

static void an_enriched_conversation_has_the_keys_of_one(void **state)
{
    flowenrich_batch *batch = listed_new(NULL);
    char got[1024];
    (void)state;

    assert_non_null(batch);
    batch->level = FLE_LEVEL_CONVERSATION;
    assert_true(enriched_text(batch, "id", 0, "00ff00ff00ff00ff"));
    assert_true(enriched_text(batch, "action", 0, "ACCEPT")); /* a record's, and not written */
    assert_true(enriched_u64(batch, "uncosted_bytes", 0, 5));
    fle_column_set_bool(fle_batch_add(batch, FLE_TEXT("final"), FLOWENRICH_TYPE_BOOL), 0, false);
    assert_true(fle_batch_begin_ends(batch, NULL, NULL));
    assert_int_equal(flowenrich_batch_keep(batch, (const uint8_t[]){ 1 }, NULL), FLOWENRICH_OK);
    encode(&fle_encoding_json, batch, NULL, got, sizeof got);
    assert_string_equal(got,
                        "{\"Id\":\"00ff00ff00ff00ff\",\"Final\":false,"
                        "\"Hops\":[{\"Observer\":\"eni-1\",\"Type\":\"nat-gateway\"},"
                        "{\"Observer\":\"eni-2\",\"Type\":\"tgw\"}],\"Meters\":[{\"Bytes\":17}],"
                        "\"UncostedBytes\":5}\n");
    flowenrich_batch_free(batch);
}

static void fields_are_written_in_the_order_asked_for(void **state)
{
    static const struct {
        const fle_encoding *encoding;
        const char *fields[MOST_FIELDS];
        const char *out;
    } cases[] = {
        { &fle_encoding_json,
          { "client.tags.app", "bytes" },
          "{\"Client\":{\"Tags\":{\"app\":\"x\"}},\"Bytes\":4249}\n{\"Bytes\":100}\n" },
        { &fle_encoding_json,
          { "server.port", "protocol", "client.port", "server.by" },
          "{\"Server\":{\"Port\":443,\"By\":\"ip-ranges\"},\"Protocol\":\"tcp\","
          "\"Client\":{\"Port\":41276}}\n{\"Protocol\":200}\n" },
        /* A row that has none of them is still a line. */
        { &fle_encoding_json, { "client.tags.none" }, "{}\n{}\n" },
        { &fle_encoding_json_flat,
          { "client.tags.app", "protocol", "none", "start" },
          "{\"client.tags.app\":\"x\",\"protocol\":6,\"none\":null,\"start\":1418530010}\n"
          "{\"client.tags.app\":null,\"protocol\":null,\"none\":null,\"start\":1431280876}\n"
          "{\"client.tags.app\":null,\"protocol\":200,\"none\":null,\"start\":null}\n" },
        { &fle_encoding_json_flat,
          { "client.arns", "client.tags", "client.addr" },
          "{\"client.arns\":[\"arn:1\",\"arn:2\"],"
          "\"client.tags\":{\"app\":\"x\",\"team.name\":\"\\\"q\\\"\"},"
          "\"client.addr\":\"10.0.1.5\"}\n"
          "{\"client.arns\":null,\"client.tags\":null,\"client.addr\":null}\n"
          "{\"client.arns\":null,\"client.tags\":null,\"client.addr\":\"2001:db8::1\"}\n" },
    };
    flowenrich_batch *batch = enriched_new(NULL);
    (void)state;

    assert_non_null(batch);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[1024];

        encode(cases[i].encoding, batch, cases[i].fields, got, sizeof got);
        if (strcmp(got, cases[i].out) != 0)
            fail_msg("row %zu:\n%snot\n%s", i, got, cases[i].out);
    }
    flowenrich_batch_free(batch);
}

static void a_batch_that_is_not_enriched_has_all_its_columns(void **state)
{
    flowenrich_batch *batch;
    char got[1024];
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 2, NULL, NULL), FLOWENRICH_OK);
    assert_true(enriched_text(batch, "client.tags.app", 0, "x"));
    assert_true(enriched_text(batch, "new-field", 1, "y"));
    assert_true(enriched_u32(batch, "protocol", 1, 17));
    assert_true(enriched_u64(batch, "bytes", 0, 1));
    batch->kinds[1] = FLE_ROW_SKIPDATA;
    batch->rows = 2;
    encode(&fle_encoding_json, batch, NULL, got, sizeof got);
    assert_string_equal(got, "{\"Client\":{\"Tags\":{\"app\":\"x\"}},\"Bytes\":1}\n"
                             "{\"NewField\":\"y\",\"Protocol\":\"udp\"}\n");
    encode(&fle_encoding_json_flat, batch, NULL, got, sizeof got);
    assert_string_equal(
        got, "{\"client.tags.app\":\"x\",\"new-field\":null,\"protocol\":null,\"bytes\":1}\n"
             "{\"client.tags.app\":null,\"new-field\":\"y\",\"protocol\":17,\"bytes\":null}\n");
    flowenrich_batch_free(batch);
}

static void a_flat_enriched_row_has_columns_and_both_ends(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    char got[8192];
    (void)state;

    assert_non_null(batch);
    encode(&fle_encoding_json_flat, batch, NULL, got, sizeof got);
    assert_non_null(strstr(got, "{\"protocol\":6,\"start\":1418530010,"));
    assert_non_null(strstr(got, "\"client.type\":\"ec2:instance\",\"client.interface_id\":null,"));
    assert_non_null(strstr(got, "\"server.sure\":\"sighted\",\"server.reason\":null}\n"));
    flowenrich_batch_free(batch);
}

/* What an answer says is rendered once and copied: more rows of it must say the same. */
static void rows_of_one_answer_say_the_same_of_it(void **state)
{
    static const char *const fields[] = { "bytes", "client.tags.app", "server.tags.app", NULL };
    flowenrich_batch *batch;
    flowenrich_text tags[] = { { "app", 3 }, { "x", 1 } };
    char got[4096], *line = got;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 20, NULL, NULL), FLOWENRICH_OK);
    assert_true(fle_batch_begin_ends(batch, NULL, NULL));
    assert_int_equal(fle_batch_new_answer(batch), 0);
    assert_int_equal(fle_batch_new_answer(batch), 1);
    batch->answers[1]->identity.tags = (fle_texts){ tags, 2 };
    for (uint32_t row = 0; row < 20; row++) {
        assert_true(enriched_u64(batch, "bytes", row, row));
        batch->ends[FLE_CLIENT][row] = row % 2;
        batch->ends[FLE_SERVER][row] = row % 4 == 1 ? 1 : 0;
    }
    batch->rows = 20;
    encode(&fle_encoding_json, batch, fields, got, sizeof got);
    for (unsigned row = 0; row < 20; row++) {
        char expected[128];
        char *end = strchr(line, '\n');

        assert_non_null(end);
        *end = '\0';
        snprintf(expected, sizeof expected, "{\"Bytes\":%u%s%s}", row,
                 row % 2 == 1 ? ",\"Client\":{\"Tags\":{\"app\":\"x\"}}" : "",
                 row % 4 == 1 ? ",\"Server\":{\"Tags\":{\"app\":\"x\"}}" : "");
        assert_string_equal(line, expected);
        line = end + 1;
    }
    flowenrich_batch_free(batch);
}

/* In MessagePack the count of members stands before them, and takes more room from 16 on. */
static void maps_and_lists_of_any_size_know_it(void **state)
{
    static const size_t counts[] = { 1, 15, 16, 17, 70 };
    (void)state;

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        flowenrich_batch *batch;
        char got[4096], wanted[32];
        fle_column *list;

        assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
        list = fle_batch_add_list(batch, FLE_TEXT("meters.bytes"), FLOWENRICH_TYPE_U64);
        assert_non_null(list);
        for (size_t n = 0; n < counts[i]; n++) {
            char path[32];

            assert_true(fle_list_add_u64(batch, list, 0, n));
            snprintf(path, sizeof path, "many.no%zu", n);
            assert_true(enriched_u64(batch, path, 0, n));
            list = fle_batch_find(batch, FLE_TEXT("meters.bytes"));
        }
        batch->rows = 1;
        encode(&fle_encoding_json, batch, NULL, got, sizeof got);
        snprintf(wanted, sizeof wanted, "{\"Bytes\":%zu}],", counts[i] - 1);
        assert_non_null(strstr(got, wanted));
        snprintf(wanted, sizeof wanted, "\"No%zu\":%zu}}\n", counts[i] - 1, counts[i] - 1);
        assert_non_null(strstr(got, wanted));
        encode(&fle_encoding_json_flat, batch, NULL, got, sizeof got);
        flowenrich_batch_free(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_enriched_record_has_the_shape_of_the_manual),
        cmocka_unit_test(lists_of_one_name_are_an_array_of_objects),
        cmocka_unit_test(groups_by_such_lists_have_one_object),
        cmocka_unit_test(an_enriched_conversation_has_the_keys_of_one),
        cmocka_unit_test(fields_are_written_in_the_order_asked_for),
        cmocka_unit_test(a_batch_that_is_not_enriched_has_all_its_columns),
        cmocka_unit_test(a_flat_enriched_row_has_columns_and_both_ends),
        cmocka_unit_test(rows_of_one_answer_say_the_same_of_it),
        cmocka_unit_test(maps_and_lists_of_any_size_know_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
