/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_export.c. */
#include "arrow_reading.h"
#include "enriched.h"
#include "failing.h"
#include "listed.h"
#include "parsing.h"

static const char log_text[] =
    "version srcaddr srcport bytes start action log-status my-field instance-tag\n"
    "5 10.0.1.5 443 4249 1795168800 ACCEPT OK x a%20tag%20of%20twenty%20bytes\n"
    "5 2001:db8::1 - 0 1795168801 REJECT OK \xff\xc3\xa9 -\n"
    "5 - - - 1795168802 - NODATA - -\n";

static flowenrich_batch *parse(const flowenrich_allocator *allocator)
{
    flowenrich_parser_options opt = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_options plain = FLOWENRICH_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;

    opt.allocator = plain.allocator = allocator;
    assert_int_equal(flowenrich_batch_new(&batch, 10, &plain, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_new(&parser, &opt, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(parser, batch, log_text, sizeof log_text - 1, 0, NULL),
                     FLOWENRICH_OK);
    flowenrich_parser_free(parser);
    return batch;
}

static arrow_exported export_as(flowenrich_batch *batch, const flowenrich_arrow_options *options)
{
    arrow_exported out;

    assert_int_equal(flowenrich_batch_export(batch, options, &out.schema, &out.array, NULL),
                     FLOWENRICH_OK);
    arrow_check(&out.schema, &out.array);
    return out;
}

static void rows_come_out_with_types_and_nulls(void **state)
{
    flowenrich_batch *batch = parse(NULL);
    arrow_exported out = export_as(batch, NULL);
    (void)state;

    assert_int_equal(out.array.length, 3);
    arrow_must_show(&out.schema, &out.array, 0,
                    "version=5 srcaddr=10.0.1.5 srcport=443 bytes=4249 start=1795168800 "
                    "action=ACCEPT log_status=OK my_field=x instance_tag=a tag of twenty bytes");
    /* The byte that begins no character is replaced. */
    arrow_must_show(&out.schema, &out.array, 1,
                    "version=5 srcaddr=2001:db8::1 srcport=null bytes=0 start=1795168801 "
                    "action=REJECT log_status=OK my_field=\xef\xbf\xbd\xc3\xa9 instance_tag=null");
    arrow_must_show(&out.schema, &out.array, 2,
                    "version=5 srcaddr=null srcport=null bytes=null start=1795168802 "
                    "action=null log_status=NODATA my_field=null instance_tag=null");
    arrow_release(&out);
    flowenrich_batch_free(batch);
}

static void the_batch_is_empty_and_goes_on(void **state)
{
    flowenrich_batch *batch = parse(NULL);
    arrow_exported first = export_as(batch, NULL), second;
    flowenrich_parser *parser;
    (void)state;

    assert_int_equal(flowenrich_batch_rows(batch), 0);
    assert_null(flowenrich_batch_path(batch, 0));
    second = export_as(batch, NULL);
    assert_int_equal(second.array.length, 0);
    assert_int_equal(second.array.n_children, 0);
    arrow_release(&second);

    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(parser, batch, log_text, sizeof log_text - 1, 100, NULL),
                     FLOWENRICH_OK);
    flowenrich_parser_free(parser);
    second = export_as(batch, NULL);
    flowenrich_batch_free(batch);
    arrow_column_must_show(&first, "instance_tag", 0, "a tag of twenty bytes");
    arrow_release(&first);
    arrow_column_must_show(&second, "instance_tag", 0, "a tag of twenty bytes");
    arrow_release(&second);
}

/* What the arrays point to are the batch's own buffers. */
static void numbers_are_not_copied(void **state)
{
    flowenrich_batch *batch = parse(NULL);
    const void *bytes = fle_batch_field(batch, FLE_FIELD_BYTES)->values;
    arrow_exported out = export_as(batch, NULL);
    (void)state;

    assert_ptr_equal(out.array.children[arrow_child(&out.schema, "bytes")]->buffers[1], bytes);
    arrow_release(&out);
    flowenrich_batch_free(batch);
}

/* Side by side, and as members of one list of structs; what the batch lacks is null. */
static void lists_come_out_flat_and_nested(void **state)
{
    static const char *const fields[] = { "hops.observer",   "meters.bytes",  "hops.type",
                                          "meters.flow_log", "charges.meter", "charges.amount" };
    static const struct {
        uint32_t nested;
        const char *rows[LISTED_ROWS];
    } cases[] = {
        { 0,
          { "hops.observer=[eni-1, eni-2] meters.bytes=[17] hops.type=[nat-gateway, tgw] "
            "meters.flow_log=null charges.meter=null charges.amount=null",
            NULL,
            "hops.observer=[eni-3] meters.bytes=null hops.type=[null] meters.flow_log=null "
            "charges.meter=null charges.amount=null" } },
        { 1,
          { "hops=[observer=eni-1 type=nat-gateway, observer=eni-2 type=tgw] "
            "meters=[bytes=17 flow_log=null] charges=null",
            "hops=null meters=null charges=null",
            "hops=[observer=eni-3 type=null] meters=null "
            "charges=null",
            NULL,
            "hops=null meters=[bytes=0 flow_log=null, bytes=18446744073709551615 flow_log=null, "
            "bytes=3 flow_log=null] charges=null" } },
    };
    flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
    (void)state;

    opt.fields = fields;
    opt.field_count = sizeof fields / sizeof *fields;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = listed_new(NULL);
        arrow_exported out;

        opt.nested = cases[i].nested;
        out = export_as(batch, &opt);
        for (size_t row = 0; row < LISTED_ROWS; row++)
            if (cases[i].rows[row])
                arrow_must_show(&out.schema, &out.array, (int64_t)row, cases[i].rows[row]);
        arrow_release(&out);
        flowenrich_batch_free(batch);
    }
}

static void fields_are_chosen_and_made_up_of_nulls(void **state)
{
    static const char *const fields[] = { "bytes", "client.type", "no_such_field", "srcaddr",
                                          "client.tags" };
    flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
    flowenrich_batch *batch = parse(NULL);
    arrow_exported out;
    (void)state;

    opt.fields = fields;
    opt.field_count = 5;
    opt.addresses = 1;
    out = export_as(batch, &opt);
    arrow_must_show(&out.schema, &out.array, 0,
                    "bytes=4249 client.type=null no_such_field=null srcaddr=10.0.1.5 "
                    "client.tags=null");
    assert_string_equal(out.schema.children[2]->format, "n");
    assert_string_equal(out.schema.children[3]->format, "vu");
    assert_string_equal(out.schema.children[4]->format, "+m");
    arrow_release(&out);

    opt.fields = (const char *const[]){ "bytes", "bytes" };
    opt.field_count = 2;
    assert_int_equal(flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_null(out.array.release);
    flowenrich_batch_free(batch);
}

static void ends_are_columns_or_structs(void **state)
{
    flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
    flowenrich_batch *batch = enriched_new(NULL);
    arrow_exported out = export_as(batch, NULL);
    (void)state;

    arrow_column_must_show(&out, "client.type", 0, "ec2:instance");
    arrow_column_must_show(&out, "client.rfc1918", 0, "true");
    arrow_column_must_show(&out, "direction.confidence", 0, "90%");
    arrow_column_must_show(&out, "client.arns", 0, "[arn:1, arn:2]");
    arrow_column_must_show(&out, "client.arns", 2, "null");
    arrow_column_must_show(&out, "client.tags", 0, "[key=app value=x, key=team.name value=\"q\"]");
    arrow_column_must_show(&out, "client.reason", 2, "not_in_inventory");
    arrow_column_must_show(&out, "client.reason", 1, "null");
    arrow_release(&out);
    flowenrich_batch_free(batch);

    opt.nested = 1;
    opt.fields = (const char *const[]){ "client.addr", "bytes", "client.tags.app", "server.type",
                                        "client.port" };
    opt.field_count = 5;
    batch = enriched_new(NULL);
    out = export_as(batch, &opt);
    arrow_must_show(
        &out.schema, &out.array, 0,
        "client=addr=10.0.1.5 tags.app=x port=41276 bytes=4249 server=type=aws:service");
    arrow_must_show(&out.schema, &out.array, 2,
                    "client=addr=2001:db8::1 tags.app=null port=null bytes=100 server=type=null");
    arrow_release(&out);
    flowenrich_batch_free(batch);
}

static void move(struct ArrowArray *from, struct ArrowArray *to)
{
    *to = *from;
    from->release = NULL;
}

/* Children that were moved out live on, whatever is released before them. */
static void children_are_released_by_themselves(void **state)
{
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    flowenrich_batch *batch = enriched_new(&allocator);
    arrow_exported out = export_as(batch, NULL);
    const int64_t at = arrow_child(&out.schema, "client.type");
    struct ArrowArray type, words;
    (void)state;

    flowenrich_batch_free(batch);
    move(out.array.children[at], &type);
    move(type.dictionary, &words);
    out.array.release(&out.array);
    type.release(&type);
    assert_memory_equal(words.buffers[2], "ec2:instance", 12);
    words.release(&words);
    out.schema.release(&out.schema);
    assert_int_equal(f.live, 0);
}

static void metadata_says_what_a_column_is(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    arrow_exported out = export_as(batch, NULL);
    const struct ArrowSchema *addr = out.schema.children[arrow_child(&out.schema, "client.addr")];
    const struct ArrowSchema *bytes = out.schema.children[arrow_child(&out.schema, "bytes")];
    (void)state;

    assert_true(
        fle_text_is(arrow_metadata(&out.schema, "flowenrich.version"), flowenrich_version()));
    assert_true(fle_text_is(arrow_metadata(addr, "flowenrich.path"), "client.addr"));
    assert_true(fle_text_is(arrow_metadata(addr, "flowenrich.type"), "address"));
    assert_true(fle_text_is(arrow_metadata(bytes, "description"), "Bytes in the interval."));
    arrow_release(&out);
    flowenrich_batch_free(batch);
}

/* Whichever allocation fails, the batch has its rows, and nothing leaks. */
static void nothing_is_lost_when_memory_runs_out(void **state)
{
    flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
    (void)state;

    opt.addresses = opt.nested = 1;
    opt.fields = (const char *const[]){ "client.addr", "bytes",    "client.tags",
                                        "scope",       "observer", "server.arns",
                                        "client.type", "verdict",  "client.tags.x" };
    opt.field_count = 9;
    for (size_t n = 0;; n++) {
        failing f = { SIZE_MAX, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_batch *batch = enriched_new(&allocator);
        flowenrich_status status;
        arrow_exported out;

        f.succeed = n;
        status = flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL);
        if (status == FLOWENRICH_OK) {
            assert_true(n > 20);
            arrow_release(&out);
            flowenrich_batch_free(batch);
            assert_int_equal(f.live, 0);
            break;
        }
        assert_int_equal(status, FLOWENRICH_ERR_NOMEM);
        assert_null(out.schema.release);
        assert_null(out.array.release);
        assert_int_equal(batch->rows, ENRICHED_ROWS);
        f.succeed = SIZE_MAX;
        out = export_as(batch, &opt);
        arrow_must_show(&out.schema, &out.array, 0,
                        "client=addr=10.0.1.5 tags=[key=app value=x, key=team.name value=\"q\"] "
                        "type=ec2:instance tags.x=null bytes=4249 scope=aws-service "
                        "observer=eni-1235b8ca123456789 server=arns=null verdict=null");
        arrow_release(&out);
        flowenrich_batch_free(batch);
        assert_int_equal(f.live, 0);
    }
}

static void what_cannot_be_done_is_refused(void **state)
{
    flowenrich_arrow_options opt = FLOWENRICH_ARROW_OPTIONS_INIT;
    flowenrich_batch *batch = parse(NULL);
    arrow_exported out;
    (void)state;

    assert_int_equal(flowenrich_batch_export(NULL, NULL, &out.schema, &out.array, NULL),
                     FLOWENRICH_ERR_ARG);
    opt.field_count = 1;
    assert_int_equal(flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL),
                     FLOWENRICH_ERR_ARG);
    opt.fields = (const char *const[]){ NULL };
    assert_int_equal(flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL),
                     FLOWENRICH_ERR_ARG);
    opt.size = 0;
    assert_int_equal(flowenrich_batch_export(batch, &opt, &out.schema, &out.array, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(batch->rows, 3);
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_out_with_types_and_nulls),
        cmocka_unit_test(the_batch_is_empty_and_goes_on),
        cmocka_unit_test(numbers_are_not_copied),
        cmocka_unit_test(lists_come_out_flat_and_nested),
        cmocka_unit_test(fields_are_chosen_and_made_up_of_nulls),
        cmocka_unit_test(ends_are_columns_or_structs),
        cmocka_unit_test(children_are_released_by_themselves),
        cmocka_unit_test(metadata_says_what_a_column_is),
        cmocka_unit_test(nothing_is_lost_when_memory_runs_out),
        cmocka_unit_test(what_cannot_be_done_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
