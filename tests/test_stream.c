/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/stream.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parsing.h"

#define V2                                                                                         \
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "      \
    "start end action log-status"

struct fixture {
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    fle_allocator allocator;
    fle_buffer dump;
};

static int set_up(void **state)
{
    static struct fixture f;

    fle_allocator_init(&f.allocator, NULL);
    fle_buffer_init(&f.dump, &f.allocator);
    f.parser = NULL;
    f.batch = NULL;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    flowenrich_parser_free(f->parser);
    flowenrich_batch_free(f->batch);
    fle_buffer_free(&f->dump);
    return 0;
}

/* A new parser with these formats, parted by ';', and a new batch. */
static void begin(struct fixture *f, const char *formats, const flowenrich_parser_options *options)
{
    flowenrich_parser_free(f->parser);
    flowenrich_batch_free(f->batch);
    assert_int_equal(flowenrich_batch_new(&f->batch, 64, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_new(&f->parser, options, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_add_formats(f->parser, formats, NULL), FLOWENRICH_OK);
}

static const char *dump(struct fixture *f)
{
    fle_buffer_clear(&f->dump);
    parsing_batch(&f->dump, f->batch);
    fle_buffer_char(&f->dump, '\0');
    return f->dump.data;
}

/* What a log of these formats becomes: rows, then what was refused. */
struct log_case {
    const char *formats, *log, *expected;
};

static void check_logs(struct fixture *f, const struct log_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t len = strlen(cases[i].log);

        begin(f, cases[i].formats, NULL);
        assert_int_equal(parsing_run(f->parser, f->batch, cases[i].log, len, len, NULL),
                         FLOWENRICH_OK);
        if (strcmp(dump(f), cases[i].expected) != 0)
            fail_msg("case %zu, '%s' of '%s', is\n%snot\n%s", i, cases[i].log,
                     cases[i].formats ? cases[i].formats : "", dump(f), cases[i].expected);
    }
}

static void what_cannot_be_read_is_refused_for_a_reason(void **state)
{
    static const struct log_case cases[] = {
        { "srcport bytes", "443 1\n443\n443 3\n",
          "srcport=443 bytes=1\nsrcport=443 bytes=3\n!2@6 too_few_fields : 443\n" },
        { "srcport bytes", "443 1 2\n", "!1@0 too_many_fields : 443 1 2\n" },
        { "srcport bytes", "443 +1\n", "!1@0 bad_number bytes: 443 +1\n" },
        { "srcport bytes", "65536 1\n", "!1@0 bad_number srcport: 65536 1\n" },
        { "srcport bytes", "443 18446744073709551616\n",
          "!1@0 bad_number bytes: 443 18446744073709551616\n" },
        { "start end", "1418530010 soon\n", "!1@0 bad_number end: 1418530010 soon\n" },
        { "srcaddr bytes", "10.0.0.256 1\n", "!1@0 bad_address srcaddr: 10.0.0.256 1\n" },
        { "srcaddr bytes", "10.0.0 1\n", "!1@0 bad_address srcaddr: 10.0.0 1\n" },
        /* The line is shown without its end; empty ones are no records, and not bad. */
        { "srcport bytes", "\n443\r\n\r\n   \n443 1\r\n",
          "srcport=443 bytes=1\n"
          "!2@1 too_few_fields : 443\n" },
        /* Nobody said of what format it is, and it's neither of the defaults. */
        { NULL, "443 1\n", "!1@0 no_format : 443 1\n" },
        { NULL, "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 ACCEPT\n",
          "!1@0 no_format : 2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 ACCEPT\n" },
        /* As many values as the default, but no such line. */
        { NULL, "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 x 1 2 ACCEPT OK\n",
          "!1@0 bad_number bytes: 2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 x 1 2 ACCEPT OK\n" },
        { NULL, "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 OK ACCEPT\n",
          "!1@0 no_format action: 2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 OK ACCEPT\n" },
        /* Told the format by a header, an odd status is no reason to refuse a record. */
        { NULL, "bytes log-status\n1 ODD\n", "bytes=1 log_status=ODD\n" },
        /* A header that can't be used; the next one can. */
        { NULL, "bytes bytes\n1 2\nbytes\n1\n",
          "bytes=1\n!1@0 no_format : bytes bytes\n!2@12 no_format : 1 2\n" },
    };

    check_logs(*state, cases, sizeof cases / sizeof *cases);
}

static void a_nul_byte_refuses_its_line(void **state)
{
    static const char log[] = "443 1\n44\0 2\n443 3\n";
    struct fixture *f = *state;
    flowenrich_reject reject = { .size = sizeof reject };

    begin(f, "srcport bytes", NULL);
    assert_int_equal(parsing_run(f->parser, f->batch, log, sizeof log - 1, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(f->batch), 2);
    assert_int_equal(flowenrich_batch_reject(f->batch, 0, &reject, NULL), FLOWENRICH_OK);
    assert_string_equal(reject.reason, "nul_byte");
    assert_int_equal(reject.text.len, 5);
    assert_int_equal(parsing_stat(f->parser, "bad_nul_byte"), 1);
}

/* What has been seen in logs, rewritten logs and documentation, in the order it was collected. */
static void irregularities_seen_in_the_wild_are_survived(void **state)
{
    static const struct log_case cases[] = {
        /* 1: two spaces in a record */
        { "srcport dstport pkt-srcaddr", "5001 43638  10.0.0.62\n",
          "srcport=5001 dstport=43638 pkt_srcaddr=10.0.0.62\n" },
        /* 2: a comment behind a record, in documentation only: no record has one */
        { "srcaddr bytes", "10.0.0.1 1 #Traffic from\n",
          "!1@0 too_many_fields : 10.0.0.1 1 #Traffic from\n" },
        /* 3: milliseconds */
        { "start end log-status", "1512564058000 1512564059000 SKIPDATA\n",
          "SKIPDATA start=1512564058 end=1512564059 log_status=SKIPDATA\n" },
        /* 4: an account that is "unknown"; 5: eleven digits, leading zeros */
        { "account-id log-status", "unknown NODATA\n64111117617 OK\n000000000012 OK\n",
          "NODATA account_id=unknown log_status=NODATA\n"
          "account_id=64111117617 log_status=OK\naccount_id=000000000012 log_status=OK\n" },
        /* 6: a BOM, also at the beginning of a second file in one stream */
        { NULL,
          "\xef\xbb\xbf"
          "bytes\n1\n\xef\xbb\xbf"
          "srcport\n2\n",
          "bytes=1\nsrcport=2\n" },
        /* 7: bogus and truncated lines */
        { V2, "bogus!\n2 123456789010 eni-1 - -\n",
          "!1@0 too_few_fields : bogus!\n!2@7 too_few_fields : 2 123456789010 eni-1 - -\n" },
        /* 8: names nobody knew when this was written */
        { NULL, "srcport warp-factor bytes\n443 nine 1\n",
          "srcport=443 warp_factor=nine bytes=1\n" },
        /* 9: a header in the middle, of another order */
        { NULL, "srcport bytes\n443 1\nbytes srcport\n2 22\n",
          "srcport=443 bytes=1\nsrcport=22 bytes=2\n" },
        /* 10: neither header nor version nor times */
        { "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr",
          "- eni-1 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5\n",
          "interface_id=eni-1 srcaddr=10.0.0.220 dstaddr=10.0.1.5 pkt_srcaddr=203.0.113.5 "
          "pkt_dstaddr=10.0.1.5\n" },
        /* 11: no interface, as of a regional NAT gateway */
        { "interface-id resource-id", "- nat-0123\n", "resource_id=nat-0123\n" },
        /* 12: a version below that of the fields */
        { "version vpc-id", "2 vpc-1\n", "version=2 vpc_id=vpc-1\n" },
        /* 13: ids that were redacted; 14: a zone's name for its id; 15: no ASCII */
        { "account-id interface-id az-id subnet-id",
          "<ACCOUNT_ID> eni-069xxxxxb7a490 us-east-1a subnet-36caf\xd0\xb1\n",
          "account_id=<ACCOUNT_ID> interface_id=eni-069xxxxxb7a490 az_id=us-east-1a "
          "subnet_id=subnet-36caf\xd0\xb1\n" },
        /* 16: no newline at the end */
        { "srcport", "443\n22", "srcport=443\nsrcport=22\n" },
        /* 17: ICMP has ports of 0 */
        { "srcport dstport protocol", "0 0 1\n", "srcport=0 dstport=0 protocol=1\n" },
        /* 18: shortened IPv6; one end of each kind */
        { "srcaddr dstaddr", "2a02:cf40:: 10.0.0.1\n", "srcaddr=2a02:cf40:: dstaddr=10.0.0.1\n" },
        /* 19: tags are percent-encoded, even a hyphen */
        { "instance-tag asg-tag-2", "%2D a%26b%zz\n", "instance_tag=- asg_tag_2=a&b%zz\n" },
        /* 20: VPC and TGW records in one stream */
        { NULL,
          "2 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n"
          "6 TransitGateway 1 tgw-1 - - - - - - - - - - - - - - - - - - - 1 2 OK - - - - - - - - - "
          "-\n",
          "NODATA version=2 account_id=1 interface_id=eni-1 start=1431280876 end=1431280934 "
          "log_status=NODATA\n"
          "version=6 account_id=1 start=1 end=2 log_status=OK resource_type=TransitGateway "
          "tgw_id=tgw-1\n" },
        /* 21: nine digits of time */
        { "start", "999999999\n", "start=999999999\n" },
        /* 22: words for nothing, of whoever rewrote a Parquet file: text, but no numbers */
        { "vpc-id bytes", "None 1\nvpc-1 NULL\n",
          "vpc_id=None bytes=1\n!2@7 bad_number bytes: vpc-1 NULL\n" },
        /* 23, numbers as strings, is JSON's and not the parser's. */
    };

    check_logs(*state, cases, sizeof cases / sizeof *cases);
}

static void of_several_formats_the_first_that_a_line_fits_is_taken(void **state)
{
    static const struct log_case cases[] = {
        /* by count */
        { "srcport;srcport bytes", "443\n443 1\n1 2 3\n",
          "srcport=443\nsrcport=443 bytes=1\n!3@10 too_many_fields : 1 2 3\n" },
        { "srcport;srcport bytes", "1 2 3\n", "!1@0 no_format : 1 2 3\n" }, /* nothing to go by */
        /* by what its values can be */
        { "srcaddr bytes;bytes srcaddr", "10.0.0.1 1\n1 10.0.0.1\n",
          "srcaddr=10.0.0.1 bytes=1\nsrcaddr=10.0.0.1 bytes=1\n" },
        { "action log-status;log-status action", "ACCEPT OK\nOK ACCEPT\n",
          "action=ACCEPT log_status=OK\naction=ACCEPT log_status=OK\n" },
        /* by the order in which they were added, where both fit */
        { "srcport dstport;dstport srcport", "1 2\n", "srcport=1 dstport=2\n" },
        /* and if none fits, what the first misses */
        { "srcaddr bytes;bytes srcaddr", "x y\n", "!1@0 bad_address srcaddr: x y\n" },
        /* a header wins */
        { "srcport dstport", "1 2\ndstport srcport\n1 2\n",
          "srcport=1 dstport=2\nsrcport=2 dstport=1\n" },
    };

    check_logs(*state, cases, sizeof cases / sizeof *cases);
}

/* Otherwise the same line would be of another format for who asks for less. */
static void the_choice_of_format_does_not_depend_on_the_selection(void **state)
{
    static const char *const fields[] = { "bytes" };
    static const char log[] = "1 10.0.0.1\n10.0.0.1 2\n";
    static const char v2[] = "a b c d e f g h i 10 k l m n\n"
                             "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 ACCEPT OK\n";
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    struct fixture *f = *state;

    options.fields = fields;
    options.field_count = 1;
    begin(f, "srcaddr bytes;bytes srcaddr", &options);
    assert_int_equal(parsing_run(f->parser, f->batch, log, sizeof log - 1, 0, NULL), FLOWENRICH_OK);
    assert_string_equal(dump(f), "bytes=1\nbytes=2\n");
    begin(f, NULL, &options);
    assert_int_equal(parsing_run(f->parser, f->batch, v2, sizeof v2 - 1, 0, NULL), FLOWENRICH_OK);
    assert_string_equal(dump(f), "bytes=40\n"
                                 "!1@0 bad_number version: a b c d e f g h i 10 k l m n\n");
}

/* A log with one of everything. */
static const char everything[] =
    "\xef\xbb\xbf" V2 "\r\n"
    "2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 "
    "ACCEPT OK\r\n"
    "2 unknown eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n"
    "\n"
    "2 1 eni-1 - - - - - - - 1512564058000 1512564059000 - SKIPDATA\n"
    "bogus!\n"
    "2 1 eni-1 2001:db8::1 2001:db8::2  34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK \n"
    "2 1 eni-1 2001:db8::1 2001:db8::2 34892 22 6 54 x 1477913708 1477913820 ACCEPT OK\n"
    "2 1 eni-1 a\0b\n"
    "2 1 eni-1 a line that goes on and on, to the end of what was allowed, and then some more, "
    "and more, and more, so that it has to be skipped ---------------------------------------\n"
    "srcport srcport\n"
    "443 22\n"
    "instance-tag new-name bytes\n"
    "%41%zz new 1\n"
    "\xef\xbb\xbfversion srcaddr\n"
    "5 10.0.0.1\n"
    "5 10.0.0.1 a last line without its newline that is longer than what is allowed, so that it "
    "is refused while it comes in, and not when it ends, which it never does, or only when t";

static const flowenrich_parser_options small = {
    .size = sizeof(flowenrich_parser_options),
    .max_line = 160,
};

static void cutting_the_input_anywhere_changes_nothing(void **state)
{
    const size_t len = sizeof everything - 1;
    flowenrich_stat expected[32], stats[32];
    struct fixture *f = *state;
    fle_buffer whole;
    size_t n;

    begin(f, NULL, &small);
    assert_int_equal(parsing_run(f->parser, f->batch, everything, len, 0, NULL), FLOWENRICH_OK);
    dump(f);
    whole = f->dump;
    fle_buffer_init(&f->dump, &f->allocator);
    n = flowenrich_parser_stats(f->parser, expected, 32);
    assert_int_equal(flowenrich_batch_rows(f->batch), 6);
    assert_int_equal(flowenrich_batch_rejects(f->batch), 7);
    for (size_t cut = 0; cut <= len; cut++) {
        begin(f, NULL, &small);
        assert_int_equal(parsing_run(f->parser, f->batch, everything, len, cut, NULL),
                         FLOWENRICH_OK);
        if (strcmp(dump(f), whole.data) != 0)
            fail_msg("cut at %zu it is\n%snot\n%s", cut, dump(f), whole.data);
        flowenrich_parser_stats(f->parser, stats, 32);
        for (size_t i = 0; i < n; i++)
            if (stats[i].value != expected[i].value)
                fail_msg("cut at %zu %s is %" PRIu64, cut, stats[i].name, stats[i].value);
    }
    fle_buffer_free(&whole);
}

static void everything_is_counted(void **state)
{
    static const struct {
        const char *name;
        uint64_t value;
    } cases[] = {
        { "lines", 17 },
        { "records", 4 },
        { "nodata", 1 },
        { "skipdata", 1 },
        { "headers", 3 },
        { "unknown_fields", 1 },
        { "milliseconds", 2 },
        { "doubled_spaces", 1 },
        { "bad_too_few_fields", 1 },
        { "bad_number", 1 },
        { "bad_too_many_fields", 0 },
        { "bad_too_long", 2 },
        { "bad_nul_byte", 1 },
        { "bad_no_format", 2 },
        { "bad_address", 0 },
    };
    struct fixture *f = *state;

    begin(f, NULL, &small);
    assert_int_equal(parsing_run(f->parser, f->batch, everything, sizeof everything - 1, 7, NULL),
                     FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (parsing_stat(f->parser, cases[i].name) != cases[i].value)
            fail_msg("%s is %" PRIu64, cases[i].name, parsing_stat(f->parser, cases[i].name));
}

static void a_full_batch_loses_nothing(void **state)
{
    static const char log[] = "srcport\n1\nx\n2\n3\n\n4\n5";
    struct fixture *f = *state;
    flowenrich_batch *batch;
    size_t at = 0, used, rejects = 0;
    uint32_t next = 1;
    int32_t done = 0;

    begin(f, NULL, NULL);
    assert_int_equal(flowenrich_batch_new(&batch, 2, NULL, NULL), FLOWENRICH_OK);
    while (!done) {
        /* Three bytes at a time, so that a batch is full inside of a chunk and between two. */
        const size_t len = sizeof log - 1 - at < 3 ? sizeof log - 1 - at : 3;

        if (len > 0)
            assert_int_equal(flowenrich_parser_parse(f->parser, log + at, len, &used, batch, NULL),
                             FLOWENRICH_OK);
        else
            assert_int_equal(flowenrich_parser_finish(f->parser, batch, &done, NULL),
                             FLOWENRICH_OK);
        at += len > 0 ? used : 0;
        if ((len > 0 && used == len) || done)
            continue;
        assert_int_equal(flowenrich_batch_rows(batch), 2);
        for (size_t row = 0; row < 2; row++)
            assert_int_equal(fle_column_u32(fle_batch_field(batch, FLE_FIELD_SRCPORT), row),
                             next++);
        rejects += flowenrich_batch_rejects(batch);
        flowenrich_batch_clear(batch);
    }
    assert_int_equal(flowenrich_batch_rows(batch), 1);
    assert_int_equal(fle_column_u32(fle_batch_field(batch, FLE_FIELD_SRCPORT), 0), 5);
    assert_int_equal(rejects, 1);
    assert_int_equal(parsing_stat(f->parser, "lines"), 8);
    flowenrich_batch_free(batch);
}

static void finishing_into_a_full_batch_needs_to_say_so(void **state)
{
    struct fixture *f = *state;
    flowenrich_batch *batch;
    size_t used;

    begin(f, "srcport", NULL);
    assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_parse(f->parser, "1\n2", 3, &used, batch, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(used, 3);
    assert_int_equal(flowenrich_parser_finish(f->parser, batch, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_batch_free(batch);
}

static void too_many_bad_lines_are_an_error(void **state)
{
    static const char log[] = "443\n1\nx\n2\nsrc\n3\n";
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    struct fixture *f = *state;
    flowenrich_error error;

    options.max_bad_lines = 1;
    begin(f, "srcport", &options);
    assert_int_equal(parsing_run(f->parser, f->batch, log, sizeof log - 1, 3, &error),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(error.status, FLOWENRICH_ERR_LIMIT);
    assert_int_equal(error.line, 5);
    assert_int_equal(error.column, 1);
    assert_int_equal(error.offset, 10);
    assert_non_null(strstr(error.message, "bad_number in srcport"));
    assert_string_equal(dump(f), "srcport=443\nsrcport=1\nsrcport=2\n"
                                 "!3@6 bad_number srcport: x\n!5@10 bad_number srcport: src\n");
}

static void the_longest_line_is_taken_and_a_longer_one_skipped(void **state)
{
    static const char log[] = "123456789 1\n"
                              "1234567890 1\n"
                              "00000000000000000002 2\n"
                              "1 3";
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    struct fixture *f = *state;

    options.max_line = 11;
    begin(f, "bytes packets", &options);
    assert_int_equal(parsing_run(f->parser, f->batch, log, sizeof log - 1, 0, NULL), FLOWENRICH_OK);
    assert_string_equal(dump(f), "bytes=123456789 packets=1\nbytes=1 packets=3\n"
                                 "!2@12 too_long : 1234567890 \n"
                                 "!3@25 too_long : 00000000000\n");
}

/* All of the allocator's memory is counted, the batch's too. */
struct counted {
    size_t now, most;
};

static void count(struct counted *counted, size_t len, size_t old_len)
{
    counted->now += len - old_len;
    if (counted->now > counted->most)
        counted->most = counted->now;
}

static void *counted_alloc(void *ctx, size_t len)
{
    size_t *memory = malloc(sizeof(max_align_t) + len);

    *memory = len;
    count(ctx, len, 0);
    return (char *)memory + sizeof(max_align_t);
}

static void counted_free(void *ctx, void *memory)
{
    void *start = (char *)memory - sizeof(max_align_t);

    count(ctx, 0, *(size_t *)start);
    free(start);
}

static void *counted_realloc(void *ctx, void *memory, size_t old_len, size_t len)
{
    void *moved = counted_alloc(ctx, len);

    memcpy(moved, memory, old_len < len ? old_len : len);
    counted_free(ctx, memory);
    return moved;
}

static void a_line_of_a_gibibyte_takes_no_memory(void **state)
{
    static char chunk[1 << 20];
    static struct counted counted; /* outlives the parser, which the tear-down frees */
    const flowenrich_allocator allocator = { sizeof allocator, &counted, counted_alloc,
                                             counted_realloc, counted_free };
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    struct fixture *f = *state;
    flowenrich_reject reject = { .size = sizeof reject };
    size_t used;

    memset(chunk, '1', sizeof chunk);
    options.allocator = &allocator;
    begin(f, "bytes", &options);
    for (int i = 0; i < 1024; i++)
        assert_int_equal(
            flowenrich_parser_parse(f->parser, chunk, sizeof chunk, &used, f->batch, NULL),
            FLOWENRICH_OK);
    assert_int_equal(parsing_run(f->parser, f->batch, "\n840\n", 5, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(f->batch), 1);
    assert_int_equal(flowenrich_batch_rejects(f->batch), 1);
    assert_int_equal(flowenrich_batch_reject(f->batch, 0, &reject, NULL), FLOWENRICH_OK);
    assert_string_equal(reject.reason, "too_long");
    assert_int_equal(reject.text.len, FLE_REJECT_TEXT);
    assert_true(counted.most < 1 << 20);
}

static void a_new_input_begins_without_what_was_left_of_the_last(void **state)
{
    struct fixture *f = *state;
    size_t used;

    begin(f, "srcport", NULL);
    assert_int_equal(flowenrich_parser_parse(f->parser, "bytes\n1\n2", 9, &used, f->batch, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_begin(f->parser, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(f->parser, f->batch, "443\nx", 5, 2, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(f->parser, f->batch, "y\n", 2, 1, NULL), FLOWENRICH_OK);
    assert_string_equal(dump(f), "bytes=1\nsrcport=443\n"
                                 "!2@4 bad_number srcport: x\n!1@0 bad_number srcport: y\n");
}

/* A batch may be replaced by another at any time, even at the same address. */
static void each_call_may_fill_another_batch(void **state)
{
    struct fixture *f = *state;
    flowenrich_batch *other;
    size_t used;

    begin(f, "bytes warp-factor", NULL);
    assert_int_equal(flowenrich_batch_new(&other, 4, NULL, NULL), FLOWENRICH_OK);
    assert_non_null(fle_batch_add_field(other, FLE_FIELD_ACTION));
    assert_int_equal(flowenrich_parser_parse(f->parser, "1 x\n", 4, &used, f->batch, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_parse(f->parser, "2 y\n", 4, &used, other, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_parse(f->parser, "3 z\n", 4, &used, f->batch, NULL),
                     FLOWENRICH_OK);
    assert_string_equal(dump(f), "bytes=1 warp_factor=x\nbytes=3 warp_factor=z\n");
    assert_int_equal(fle_column_u64(fle_batch_field(other, FLE_FIELD_BYTES), 0), 2);
    flowenrich_batch_free(other);
}

static void wrong_arguments_are_refused(void **state)
{
    struct fixture *f = *state;
    size_t used;

    begin(f, NULL, NULL);
    assert_int_equal(flowenrich_parser_parse(f->parser, NULL, 1, &used, f->batch, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_parse(f->parser, "1", 1, NULL, f->batch, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_parse(f->parser, "1", 1, &used, NULL, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_parse(NULL, "1", 1, &used, f->batch, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_finish(f->parser, NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_parse(f->parser, NULL, 0, &used, f->batch, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(used, 0);
}

/* Lines read in blocks and alone, cut anywhere; a header, a bad and an empty one. */
static void rows_know_their_lines(void **state)
{
    static const char log[] = "bytes srcport\n1 2\n3 4\n\n5 x\n6  7\n8 9";
    static const uint64_t lines[] = { 2, 3, 6, 7 };
    struct fixture *f = *state;

    begin(f, NULL, NULL);
    for (size_t cut = 0; cut < sizeof log; cut++) {
        flowenrich_batch_clear(f->batch);
        assert_int_equal(parsing_run(f->parser, f->batch, log, sizeof log - 1, cut, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(f->batch->rows, 4);
        for (size_t row = 0; row < 4; row++)
            if (flowenrich_batch_line(f->batch, row) != lines[row])
                fail_msg("cut at %zu, row %zu is said to be line %d", cut, row,
                         (int)flowenrich_batch_line(f->batch, row));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(what_cannot_be_read_is_refused_for_a_reason),
        TEST(a_nul_byte_refuses_its_line),
        TEST(irregularities_seen_in_the_wild_are_survived),
        TEST(of_several_formats_the_first_that_a_line_fits_is_taken),
        TEST(the_choice_of_format_does_not_depend_on_the_selection),
        TEST(cutting_the_input_anywhere_changes_nothing),
        TEST(everything_is_counted),
        TEST(a_full_batch_loses_nothing),
        TEST(finishing_into_a_full_batch_needs_to_say_so),
        TEST(too_many_bad_lines_are_an_error),
        TEST(the_longest_line_is_taken_and_a_longer_one_skipped),
        TEST(a_line_of_a_gibibyte_takes_no_memory),
        TEST(a_new_input_begins_without_what_was_left_of_the_last),
        TEST(each_call_may_fill_another_batch),
        TEST(rows_know_their_lines),
        TEST(wrong_arguments_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
