/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/window.c: a log read by the window is the log read line by line. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "parse/window.h"
#include "parsing.h"

#define V2                                                                                         \
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 49152 443 6 20 4249 1418530010 1418530070 ACCEPT OK"

/* Of usual lines and all that breaks their run. */
static const char *const pool[] = {
    V2 "\n",
    V2 "\n",
    V2 "\n",
    "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n",
    "2 123456789010 eni-1 2001:db8::1 2001:db8::2 1 2 17 3 4 5 6 REJECT OK\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 49152 443 6 20 4249 1418530010000 1 ACCEPT OK\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 49152 443 6 20 18446744073709551615 1 1 ACCEPT OK\n",
    "2 123456789010 eni-1 10.0.0.256 10.0.1.7 49152 443 6 20 4249 1 1 ACCEPT OK\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 65536 443 6 20 4249 1 1 ACCEPT OK\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 1 443 6 20 x 1 1 ACCEPT OK\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT SKIPDATA\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ALLOW OK\n",
    "2 123456789010  10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT OK\n", /* as many spaces as usual */
    "2  123456789010 eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT OK\n",
    " " V2 "\n",
    V2 " \n",
    V2 "\r\n",
    "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\r\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 49152 443 6 20 4249\r1418530010 1 ACCEPT OK\n",
    "2 123456789010 eni-1 10.0.0.5 10.0.1.7 49152 443 6 20 4249 1418530010 1 ACCEPT OK\r\r\n",
    "interface-id instance-tag new-name\r\n",
    "eni-1 a%20b x\r\n",
    "\xef\xbb\xbf" V2 "\n",
    "\n",
    "\r\n",
    " \n",
    "bogus\n",
    "2 a\tb eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT OK\n",
    "2 \xd0\xb1 eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT OK\n",
    "2 a eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT O\1\n", /* \1 stands for a zero */
    "2 a\1b eni-1 10.0.0.5 10.0.1.7 1 443 6 20 4 1 1 ACCEPT OK\n",
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status\n",
    "interface-id instance-tag new-name\n",
    "bytes srcaddr\n",
    "srcport srcport\n",
    "10 10.0.0.1\n",
    "10.0.0.1 10\n",
    "eni-1 a%20b x\n",
    "eni-2 %2D interface-id\n",
    "eni-3 - -\n",
    "6 TransitGateway 123456789010 tgw-1 tgw-attach-1 1 2 vpc-1 vpc-2 s-1 s-2 eni-1 eni-2 a b "
    "tgw-attach-2 10.0.0.1 10.0.0.2 1 2 6 3 4 5 6 OK IPv4 0 0 0 0 18 us-east-1 ingress - S3\n",
};

typedef struct parse_setting {
    const char *formats;
    size_t n_selected;
    size_t capacity;
    uint32_t max_line;
} parse_setting;

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((*seed >> 32) * below >> 32);
}

static void take_out(fle_buffer *out, flowenrich_batch *batch)
{
    for (size_t row = 0; row < batch->rows; row++)
        parsing_row(out, batch, row);
    batch->rows = 0;
    parsing_batch(out, batch);
    parsing_number(out, "refused: ", flowenrich_batch_rejects(batch));
    fle_buffer_char(out, '\n');
    flowenrich_batch_clear(batch);
}

/* All that comes out, as text. Batches are taken out at the same lines whatever the chunks are. */
static void run(fle_buffer *out, const parse_setting *setting, const char *text, size_t len,
                size_t chunk)
{
    static const char *const selected[] = { "bytes", "instance_tag", "interface_id" };
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_stat stats[32];
    size_t used, n;
    int32_t done = 0;

    options.max_line = setting->max_line;
    options.fields = setting->n_selected ? selected : NULL;
    options.field_count = setting->n_selected;
    assert_int_equal(flowenrich_batch_new(&batch, setting->capacity, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_new(&parser, &options, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_add_formats(parser, setting->formats, NULL), FLOWENRICH_OK);
    for (size_t at = 0; at < len; at += used) {
        const size_t some = len - at < chunk ? len - at : chunk;

        assert_int_equal(flowenrich_parser_parse(parser, text + at, some, &used, batch, NULL),
                         FLOWENRICH_OK);
        if (used < some) {
            assert_int_equal(batch->rows, setting->capacity);
            take_out(out, batch);
        }
    }
    while (!done) {
        assert_int_equal(flowenrich_parser_finish(parser, batch, &done, NULL), FLOWENRICH_OK);
        take_out(out, batch);
    }
    n = flowenrich_parser_stats(parser, stats, 32);
    for (size_t i = 0; i < n; i++)
        parsing_number(out, stats[i].name, stats[i].value);
    fle_buffer_char(out, '\0');
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
}

/* Byte by byte no window ever sees a whole line, so that is what the others must equal. */
static void expect_same(const parse_setting *setting, const char *text, size_t len, size_t chunk)
{
    fle_allocator allocator;
    fle_buffer expected, got;
    const fle_kernel *kernel;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&expected, &allocator);
    fle_buffer_init(&got, &allocator);
    run(&expected, setting, text, len, 1);
    for (size_t number = 0; (kernel = fle_kernel_at(number)) != NULL; number++) {
        char *copy = malloc(len + 1); /* so that a sanitizer sees where it ends */

        memcpy(copy, text, len);
        fle_kernel_choose(kernel);
        fle_buffer_clear(&got);
        run(&got, setting, copy, len, chunk);
        for (size_t i = 0; i < expected.len; i++)
            if (i >= got.len || got.data[i] != expected.data[i])
                fail_msg("%s, chunks of %zu: '%.99s' came, not '%.99s'", kernel->name, chunk,
                         got.data + i, expected.data + i);
        free(copy);
    }
    fle_kernel_choose(NULL);
    fle_buffer_free(&expected);
    fle_buffer_free(&got);
}

static const parse_setting settings[] = {
    { NULL, 0, 1000, 0 },
    { NULL, 0, 7, 0 },
    { NULL, 2, 100, 300 },
    { "default", 1, 50, 0 },
    { "default", 3, 50, 0 },
    { "srcaddr bytes;bytes srcaddr", 0, 100, 100 },
    { "interface-id instance-tag new-name", 0, 100, 0 },
    { "interface-id instance-tag new-name", 3, 100, 0 },
    { "new-name", 0, 100, 0 },
    { "default;default-tgw;bytes srcaddr", 0, 100, 250 },
};

#define N_SETTINGS (sizeof settings / sizeof *settings)

/* Mostly the first lines of the pool, with 'oddness' in 32 any of it. Some logs have CRLF. */
static size_t make_log(char *log, size_t n_lines, uint32_t oddness, uint64_t *seed)
{
    const bool has_returns = draw(seed, 4) == 0;
    size_t len = 0;

    for (size_t i = 0; i < n_lines; i++) {
        const uint32_t n = sizeof pool / sizeof *pool;
        const char *line = pool[draw(seed, draw(seed, 32) < oddness ? n : 4)];

        for (size_t k = 0; line[k]; k++) {
            if (has_returns && line[k] == '\n')
                log[len++] = '\r';
            log[len++] = line[k] == '\1' ? '\0' : line[k];
        }
    }
    return len - (draw(seed, 2) && len > 0);
}

static void a_window_changes_nothing(void **state)
{
    static char log[200000];
    uint64_t seed = 1;
    (void)state;

    for (size_t round = 0; round < 400; round++) {
        const uint32_t most = round % 20 ? 80 : 600; /* more than a window has room for */
        const size_t len = make_log(log, draw(&seed, most), draw(&seed, 33), &seed);
        const size_t chunk = round % 3 ? 1 + draw(&seed, 3000) : sizeof log;

        expect_same(&settings[round % N_SETTINGS], log, len, chunk);
    }
}

/* Behind a line that stops a block they grow again, up to as many lines as there are bits. */
static void blocks_grow_to_their_size_and_no_further(void **state)
{
    static char log[8192];
    (void)state;

    for (size_t before = 0; before <= 2 * FLE_BLOCK; before++) {
        size_t len = (size_t)sprintf(log, "srcaddr bytes\n");

        for (size_t i = 0; i < 500; i++)
            len += (size_t)sprintf(log + len, i == before ? "10.0.0.1 x\n" : "10.0.0.1 10\n");
        expect_same(&settings[0], log, len, sizeof log);
        expect_same(&settings[2], log, len, sizeof log);
    }
}

static void lines_longer_than_a_window_are_taken(void **state)
{
    static char log[3 * FLE_WINDOW];
    size_t len = 0;
    (void)state;

    len += (size_t)sprintf(log, "bytes new-name\n1 a\n2 ");
    memset(log + len, 'x', 2 * FLE_WINDOW);
    len += 2 * FLE_WINDOW;
    len += (size_t)sprintf(log + len, "\n3 b\n4 c\n");
    expect_same(&settings[0], log, len, sizeof log);
    expect_same(&settings[2], log, len, sizeof log);
}

/* Bytes that are held now, and were at most. */
typedef struct counted {
    failing pieces;
    size_t now, most;
} counted;

static void *counted_alloc(void *ctx, size_t len)
{
    counted *held = ctx;

    held->now += len;
    if (held->most < held->now)
        held->most = held->now;
    return failing_alloc(&held->pieces, len);
}

static void counted_free(void *ctx, void *memory)
{
    counted *held = ctx;

    held->now -= ((failing_header *)memory - 1)->len;
    failing_free(&held->pieces, memory);
}

static void *counted_realloc(void *ctx, void *memory, size_t old_len, size_t len)
{
    void *moved = counted_alloc(ctx, len);

    memcpy(moved, memory, old_len < len ? old_len : len);
    counted_free(ctx, memory);
    return moved;
}

/* Bytes that a parser and a batch of the usual size hold, at most, for lines of this kind. */
static size_t most_held(size_t (*write)(char *line, unsigned number), unsigned n_lines)
{
    static char line[60000];
    counted held = { .pieces = { .succeed = SIZE_MAX } };
    const flowenrich_allocator allocator = { sizeof allocator, &held, counted_alloc,
                                             counted_realloc, counted_free };
    const flowenrich_options options = { sizeof options, &allocator, 0 };
    flowenrich_parser_options parser_options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;

    parser_options.allocator = &allocator;
    assert_int_equal(flowenrich_batch_new(&batch, 2048, &options, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_new(&parser, &parser_options, NULL), FLOWENRICH_OK);
    for (unsigned i = 0; i < n_lines; i++) {
        const size_t len = write(line, i);

        for (size_t at = 0, used; at < len; at += used) {
            assert_int_equal(
                flowenrich_parser_parse(parser, line + at, len - at, &used, batch, NULL),
                FLOWENRICH_OK);
            if (at + used < len)
                flowenrich_batch_clear(batch);
        }
    }
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
    assert_int_equal(held.now, 0);
    return held.most;
}

static size_t write_long_value(char *line, unsigned number)
{
    size_t len = (size_t)sprintf(line, "2 %u ", number);

    memset(line + len, 'x', 50000);
    len += 50000;
    return len + (size_t)sprintf(line + len, " - - - - - - - 1 2 ACCEPT OK\n");
}

static size_t write_junk(char *line, unsigned number)
{
    size_t len = 0;

    while (len < 30000)
        len += (size_t)sprintf(line + len, "bogus %u\n", number);
    return len;
}

/* Half of a header's names may be anything, and new ones each time. */
static size_t write_header_and_record(char *line, unsigned number)
{
    size_t len = (size_t)sprintf(line, "%s", fle_fields[0].name);

    for (int i = 1; i < 14; i++)
        len += (size_t)sprintf(line + len, " %s new-%u-%d", fle_fields[i].name, number, i);
    len += (size_t)sprintf(line + len, "\n-");
    for (int i = 1; i < 14; i++)
        len += (size_t)sprintf(line + len, " - x");
    return len + (size_t)sprintf(line + len, "\n");
}

static void memory_is_bounded_whatever_comes_in(void **state)
{
    (void)state;
    assert_in_range(most_held(write_long_value, 200), 0, 4 << 20);
    assert_in_range(most_held(write_junk, 100), 0, 1 << 20);
    assert_in_range(most_held(write_header_and_record, 2100), 0, 4 << 20);
}

static void every_line_of_the_corpus_comes_out_the_same(void **state)
{
    static char log[1 << 20];
    DIR *entries = opendir("../shared/corpus");
    const struct dirent *entry;
    char path[512];
    (void)state;

    if (entries == NULL) {
        print_message("no ../shared/corpus here\n");
        skip();
    }
    while ((entry = readdir(entries)) != NULL) {
        FILE *file;
        size_t len;

        if (strstr(entry->d_name, ".log") == NULL)
            continue;
        snprintf(path, sizeof path, "../shared/corpus/%s", entry->d_name);
        file = fopen(path, "rb");
        assert_non_null(file);
        len = fread(log, 1, sizeof log, file);
        fclose(file);
        for (size_t i = 0; i < N_SETTINGS; i++)
            expect_same(&settings[i], log, len, i % 2 ? sizeof log : 1000);
    }
    closedir(entries);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_changes_nothing),
        cmocka_unit_test(blocks_grow_to_their_size_and_no_further),
        cmocka_unit_test(lines_longer_than_a_window_are_taken),
        cmocka_unit_test(memory_is_bounded_whatever_comes_in),
        cmocka_unit_test(every_line_of_the_corpus_comes_out_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
