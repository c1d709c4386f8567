/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/arrow_import.c. */
#include "arrow_reading.h"
#include "arrow_writing.h"
#include "enriched.h"
#include "failing.h"
#include "parsing.h"

static flowenrich_batch *make(size_t capacity, const flowenrich_allocator *allocator)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;

    options.allocator = allocator;
    return flowenrich_batch_new(&batch, capacity, &options, NULL) == FLOWENRICH_OK ? batch : NULL;
}

static void must_read(flowenrich_batch *batch, const written *w, const char *expected)
{
    flowenrich_error error;
    fle_allocator allocator;
    fle_buffer shown;
    size_t row = 0;

    if (flowenrich_batch_import(batch, &w->schema, &w->array, &row, &error) != FLOWENRICH_OK)
        fail_msg("%s", error.message);
    assert_int_equal(row, w->array.length);
    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&shown, &allocator);
    parsing_batch(&shown, batch);
    fle_buffer_char(&shown, '\0');
    assert_string_equal(shown.data, expected);
    fle_buffer_free(&shown);
}

/* As AWS writes its Parquet files: names with underscores, signed numbers, addresses in writing. */
static void columns_become_records_by_their_names(void **state)
{
    static const int32_t version[] = { 2, 2 }, port[] = { 443, 0 };
    static const int64_t bytes[] = { 4249, 0 }, start[] = { 1795168800, 1795168800000 };
    static const int32_t addresses[] = { 0, 8, 9 }, statuses[] = { 0, 2, 8 };
    static const uint8_t first[] = { 1 };
    flowenrich_batch *batch = make(4, NULL);
    written w;
    (void)state;

    written_begin(&w, 2);
    written_add(&w, "version", "i", NULL, version, NULL, NULL);
    written_text(&w, "srcaddr", addresses, "10.0.1.5-");
    written_add(&w, "src-port", "i", first, port, NULL, NULL);
    written_add(&w, "BYTES", "l", first, bytes, NULL, NULL);
    written_add(&w, "start", "l", NULL, start, NULL, NULL);
    written_text(&w, "log_status", statuses, "OKNODATA");
    must_read(batch, &w,
              "version=2 srcaddr=10.0.1.5 srcport=443 bytes=4249 start=1795168800 log_status=OK\n"
              "NODATA version=2 start=1795168800 log_status=NODATA\n");
    flowenrich_batch_free(batch);
}

/* As pandas and others have them. */
static void values_may_be_of_other_types(void **state)
{
    static const double ports[] = { 443.0, 0.0 };
    static const int64_t times[] = { 1795168800999, 1 };
    static const uint8_t addresses[32] = { FLE_V4_PREFIX, 10, 0, 1, 5 };
    static const uint8_t first[] = { 1 }, bits[] = { 1 };
    static const uint64_t accounts[] = { 123456789012, 7 };
    static const int32_t bytes[] = { 0, 4, 4 }, tags[] = { 0, 7, 8 };
    flowenrich_batch *batch = make(4, NULL);
    written w;
    (void)state;

    written_begin(&w, 2);
    written_add(&w, "srcport", "g", first, ports, NULL, NULL);
    written_add(&w, "end", "tsm:UTC", NULL, times, NULL, NULL);
    written_add(&w, "dstaddr", "w:16", first, addresses, NULL, NULL);
    written_add(&w, "account-id", "L", NULL, accounts, NULL, NULL);
    written_text(&w, "bytes", bytes, "4249");
    written_text(&w, "instance_tag", tags, "a%20tag-");
    written_add(&w, "is-mine", "b", NULL, bits, NULL, NULL);
    must_read(batch, &w,
              "srcport=443 end=1795168800 dstaddr=10.0.1.5 account_id=123456789012 bytes=4249 "
              "instance_tag=a tag is_mine=true\n"
              "end=0 account_id=7 is_mine=false\n");
    flowenrich_batch_free(batch);
}

static void rows_that_cannot_be_read_are_refused(void **state)
{
    static const int32_t ports[] = { 1, 65536, 3, -4, 5 };
    static const int32_t addresses[] = { 0, 7, 14, 19, 26, 33 };
    static const double bytes[] = { 1, 2, 3, 4, 5.5 };
    flowenrich_batch *batch = make(8, NULL);
    written w;
    (void)state;

    written_begin(&w, 5);
    written_text(&w, "srcaddr", addresses, "1.2.3.41.2.3.4bogus1.2.3.41.2.3.4");
    written_add(&w, "srcport", "i", NULL, ports, NULL, NULL);
    written_add(&w, "bytes", "g", NULL, bytes, NULL, NULL);
    must_read(batch, &w,
              "srcaddr=1.2.3.4 srcport=1 bytes=1\n"
              "!2@0 bad_number srcport: 65536\n"
              "!3@0 bad_address srcaddr: bogus\n"
              "!4@0 bad_number srcport: -4\n"
              "!5@0 bad_number bytes: 5.5\n");
    flowenrich_batch_free(batch);
}

/* Offsets of the struct and of its children add up; a null struct has nothing. */
static void slices_are_read_where_they_lie(void **state)
{
    static const uint64_t bytes[] = { 0, 1, 2, 3, 4 };
    static const uint8_t validity[] = { 0x05 };
    flowenrich_batch *batch = make(8, NULL);
    written w;
    (void)state;

    written_begin(&w, 2);
    written_add(&w, "bytes", "L", NULL, bytes, NULL, NULL)->offset = 2;
    w.array.offset = 1;
    must_read(batch, &w, "bytes=3\nbytes=4\n");
    flowenrich_batch_clear(batch);
    w.struct_buffers[0] = validity;
    w.array.null_count = -1;
    must_read(batch, &w, "\nbytes=4\n");
    flowenrich_batch_free(batch);
}

static void a_full_batch_stops_the_import(void **state)
{
    static const uint64_t bytes[] = { 0, 1, 2, 3, 4 };
    flowenrich_batch *batch = make(2, NULL);
    size_t row = 0;
    written w;
    (void)state;

    written_begin(&w, 5);
    written_add(&w, "bytes", "L", NULL, bytes, NULL, NULL);
    for (size_t expected = 2; row < 5; expected = expected + 2 < 5 ? expected + 2 : 5) {
        assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(row, expected);
        flowenrich_batch_clear(batch);
    }
    flowenrich_batch_free(batch);
}

static void columns_of_no_use_are_passed_over(void **state)
{
    static const int32_t years[] = { 2026 };
    static const double shares[] = { 0.5 };
    static const uint64_t bytes[] = { 7 };
    flowenrich_batch *batch = make(2, NULL);
    written w;
    (void)state;

    written_begin(&w, 1);
    written_add(&w, "bytes", "L", NULL, bytes, NULL, NULL);
    written_add(&w, "aws-region-year", "i", NULL, years, NULL, NULL);
    written_add(&w, "share", "g", NULL, shares, NULL, NULL);
    written_add(&w, "client.type", "i", NULL, years, NULL, NULL); /* would hide an end's */
    written_add(&w, "my list", "+l", NULL, years, NULL, NULL);
    must_read(batch, &w, "bytes=7 aws_region_year=2026\n");
    flowenrich_batch_free(batch);
}

static void what_cannot_be_read_is_refused(void **state)
{
    static const uint64_t bytes[] = { 7 };
    flowenrich_batch *batch = make(2, NULL);
    flowenrich_error error;
    size_t row = 0;
    written w;
    (void)state;

    written_begin(&w, 1);
    written_add(&w, "bytes", "tss:", NULL, bytes, NULL, NULL);
    assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, &error),
                     FLOWENRICH_ERR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "'tss:'"));
    w.schemas[0].format = "L";
    written_add(&w, "Bytes", "L", NULL, bytes, NULL, NULL);
    assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, &error),
                     FLOWENRICH_ERR_ARG);
    w.schema.n_children = 1;
    assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, &error),
                     FLOWENRICH_ERR_ARG);
    w.array.n_children = 1;
    row = 2;
    assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, &error),
                     FLOWENRICH_ERR_ARG);
    row = 0;
    assert_int_equal(flowenrich_batch_import(batch, &w.schemas[0], &w.array, &row, &error),
                     FLOWENRICH_ERR_ARG);
    w.array.release = NULL;
    assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_batch_import(NULL, NULL, NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_batch_rows(batch), 0);
    flowenrich_batch_free(batch);
}

static const char log_text[] =
    "version account-id interface-id srcaddr dstaddr srcport bytes start action log-status "
    "my-field instance-tag tcp-flags\n"
    "5 123456789012 eni-0123456789abcdef0 10.0.1.5 2001:db8::1 443 4249 1795168800 ACCEPT OK x "
    "a%2520tag -\n"
    "5 123456789012 eni-0123456789abcdef0 - - - - 1795168800 - NODATA - - -\n"
    "5 123456789012 - - - - - 1795168800 - SKIPDATA - - -\n"
    "3 - - 255.255.255.255 :: 0 18446744073709551615 0 REJECT OK y-y-y-y-y-y-y-y-y - 18\n";

/* The rows as json-flat, into 'out'. */
static size_t encode(flowenrich_batch *batch, char *out, size_t cap)
{
    flowenrich_encoder *encoder;
    size_t row = 0, len = 0;

    assert_int_equal(flowenrich_encoder_new(&encoder, "json-flat", NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, out, cap, &len, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(row, flowenrich_batch_rows(batch));
    flowenrich_encoder_free(encoder);
    return len;
}

static flowenrich_batch *parse_log(void)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_batch *batch = make(16, NULL);
    flowenrich_parser *parser;

    source.account = FLE_TEXT("999999999999");
    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_begin(parser, &source, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(parser, batch, log_text, sizeof log_text - 1, 0, NULL),
                     FLOWENRICH_OK);
    flowenrich_parser_free(parser);
    return batch;
}

static void what_was_exported_comes_back(void **state)
{
    flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
    (void)state;

    for (uint32_t addresses = 0; addresses < 2; addresses++) {
        static char before[8192], after[8192];
        flowenrich_batch *batch = parse_log(), *back = make(16, NULL);
        const size_t len = encode(batch, before, sizeof before);
        arrow_exported out;
        size_t row = 0;

        opt.addresses = addresses;
        assert_int_equal(flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(flowenrich_batch_import(back, &out.schema, &out.array, &row, NULL),
                         FLOWENRICH_OK);
        arrow_release(&out);
        assert_int_equal(back->kinds[1], FLE_ROW_NODATA);
        assert_int_equal(back->kinds[2], FLE_ROW_SKIPDATA);
        assert_int_equal(encode(back, after, sizeof after), len);
        assert_memory_equal(before, after, len);
        assert_true(
            fle_text_is(fle_batch_text(back, fle_batch_find(back, FLE_TEXT("flow_log.account")), 3),
                        "999999999999"));
        flowenrich_batch_free(batch);
        flowenrich_batch_free(back);
    }
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((*seed >> 32) * below >> 32);
}

static void append_value(fle_buffer *out, uint32_t type, uint32_t max, uint64_t *seed)
{
    static const char *const texts[] = {
        "OK", "NODATA", "x", "caf\xc3\xa9", "twelve-bytes", "a-text-that-is-longer-than-a-view"
    };
    fle_address address = { { FLE_V4_PREFIX } };
    char text[FLE_ADDRESS_TEXT];

    for (size_t i = draw(seed, 2) ? 12 : 0; i < 16; i++)
        address.bytes[i] = (uint8_t)draw(seed, 256);
    if (draw(seed, 4) == 0) {
        fle_buffer_char(out, '-');
    } else if (type == FLOWENRICH_TYPE_ADDRESS) {
        fle_address_format(&address, text);
        fle_buffer_string(out, text);
    } else if (type == FLOWENRICH_TYPE_TEXT) {
        fle_buffer_string(out, texts[draw(seed, 6)]);
    } else if (type == FLOWENRICH_TYPE_U32) {
        fle_buffer_u64(out, draw(seed, max));
    } else {
        fle_buffer_u64(out, *seed >> draw(seed, 64) >> (type == FLOWENRICH_TYPE_TIME));
    }
}

/* A log of some of AWS's fields, each at most once, and of one that nobody knows. */
static void make_log(fle_buffer *out, uint64_t *seed)
{
    const uint32_t first = draw(seed, FLE_FIELD_COUNT), step = 1 + draw(seed, 5);
    const uint32_t n_fields = 1 + draw(seed, 12), n_lines = draw(seed, 12);

    fle_buffer_string(out, "my-own");
    for (uint32_t i = 0; i < n_fields; i++) {
        fle_buffer_char(out, ' ');
        fle_buffer_string(out, fle_fields[(first + i * step) % FLE_FIELD_COUNT].name);
    }
    fle_buffer_char(out, '\n');
    for (uint32_t line = 0; line < n_lines; line++) {
        append_value(out, FLOWENRICH_TYPE_TEXT, 0, seed);
        for (uint32_t i = 0; i < n_fields; i++) {
            const fle_field_info *field = &fle_fields[(first + i * step) % FLE_FIELD_COUNT];

            fle_buffer_char(out, ' ');
            append_value(out, field->type, field->max, seed);
        }
        fle_buffer_char(out, '\n');
    }
}

/* Out as JSON, out to Arrow and in again, out as JSON: the same bytes. */
static void any_log_comes_back_as_it_went(void **state)
{
    static char before[1 << 16], after[1 << 16];
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    for (uint64_t seed = 1; seed <= 300; seed++) {
        flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
        flowenrich_batch *batch = make(16, NULL), *back = make(16, NULL);
        flowenrich_parser *parser;
        arrow_exported out;
        uint64_t at = seed;
        fle_buffer log;
        size_t len, row = 0;

        fle_buffer_init(&log, &allocator);
        make_log(&log, &at);
        assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
        assert_int_equal(parsing_run(parser, batch, log.data, log.len, 0, NULL), FLOWENRICH_OK);
        len = encode(batch, before, sizeof before);
        opt.addresses = draw(&at, 2);
        assert_int_equal(flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL),
                         FLOWENRICH_OK);
        arrow_check(&out.schema, &out.array);
        assert_int_equal(flowenrich_batch_import(back, &out.schema, &out.array, &row, NULL),
                         FLOWENRICH_OK);
        if (encode(back, after, sizeof after) != len || memcmp(before, after, len) != 0)
            fail_msg("seed %u:\n%.*s", (unsigned)seed, (int)log.len, log.data);
        arrow_release(&out);
        flowenrich_parser_free(parser);
        flowenrich_batch_free(batch);
        flowenrich_batch_free(back);
        fle_buffer_free(&log);
    }
}

/* What enrichment made will be made again, and must not stand in the way of that. */
static void only_the_records_of_an_enriched_batch_come_back(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL), *back = make(4, NULL);
    arrow_exported out;
    size_t row = 0;
    (void)state;

    assert_int_equal(flowenrich_batch_export(batch, NULL, &out.schema, &out.array, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_import(back, &out.schema, &out.array, &row, NULL),
                     FLOWENRICH_OK);
    arrow_release(&out);
    assert_int_equal(back->n_columns, 5);
    assert_int_equal(fle_column_u64(fle_batch_field(back, FLE_FIELD_BYTES), 2), 100);
    assert_null(fle_batch_find(back, FLE_TEXT("scope")));
    assert_null(fle_batch_find(back, FLE_TEXT("client.type")));
    flowenrich_batch_free(batch);
    flowenrich_batch_free(back);
}

/* After a failure the batch has the rows before it, and can be cleared and used. */
static void memory_may_run_out_anywhere(void **state)
{
    static const int32_t addresses[] = { 0, 7, 12, 19 }, texts[] = { 0, 20, 40, 60 };
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 2; status == FLOWENRICH_ERR_NOMEM; n++) {
        failing f = { SIZE_MAX, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_batch *batch = make(4, &allocator);
        size_t row = 0;
        written w;

        written_begin(&w, 3);
        written_text(&w, "srcaddr", addresses, "1.2.3.4bogus1.2.3.5");
        written_text(&w, "my-field", texts,
                     "a text of 20 letters, and another one, a third, and so on......");
        f.succeed = n - 2;
        status = flowenrich_batch_import(batch, &w.schema, &w.array, &row, NULL);
        f.succeed = SIZE_MAX;
        if (status != FLOWENRICH_OK) {
            assert_int_equal(status, FLOWENRICH_ERR_NOMEM);
            flowenrich_batch_clear(batch);
            row = 0;
            assert_int_equal(flowenrich_batch_import(batch, &w.schema, &w.array, &row, NULL),
                             FLOWENRICH_OK);
        }
        assert_int_equal(flowenrich_batch_rows(batch), 2);
        assert_int_equal(flowenrich_batch_rejects(batch), 1);
        flowenrich_batch_free(batch);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_become_records_by_their_names),
        cmocka_unit_test(values_may_be_of_other_types),
        cmocka_unit_test(rows_that_cannot_be_read_are_refused),
        cmocka_unit_test(slices_are_read_where_they_lie),
        cmocka_unit_test(a_full_batch_stops_the_import),
        cmocka_unit_test(columns_of_no_use_are_passed_over),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(what_was_exported_comes_back),
        cmocka_unit_test(any_log_comes_back_as_it_went),
        cmocka_unit_test(only_the_records_of_an_enriched_batch_come_back),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
