/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/kernel.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parse/convert.h"
#include "parse/kernel.h"

#define N_VALUES 3
#define ROUNDS 3000

/* Values as they are, as they might be, and as nobody should write them. */
static const char *const pool[] = {
    "-",
    "-",
    "--",
    "0",
    "00",
    "7",
    "42",
    "443",
    "0443",
    "65535",
    "65536",
    "1234567",
    "12345678",
    "99999999",
    "00000001",
    "123456789",
    "1418530010",
    "99999999999",
    "100000000000",
    "1512564058000",
    "9999999999999999",
    "0000000000000001",
    "12345678901234567",
    "18446744073709551615",
    "18446744073709551616",
    "+1",
    "-1",
    "1.5",
    "12a",
    "a12",
    "1/",
    ":9",
    "\xb2",
    "1\x80",
    "10.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "255.255.255.256",
    "1.2.3",
    "1.2.3.",
    ".1.2.3",
    "1..2.3",
    "1.2.3.4.5",
    "1.2.3.4.",
    "01.2.3.4",
    "1.2.3.00",
    "1.2.3.04",
    "1.2.3.1000",
    "1.2.3.4a",
    "1.2.3./",
    "1.2.3.:",
    "1234.1.1.1",
    "192.168.100.200",
    "300.1.1.1",
    "1.2.3.-",
    "2001:db8::1",
    "::",
    "::ffff:10.0.0.1",
    "2001:db8:1:2:3:4:5:6",
    "fe80::1%eth0",
    "ACCEPT",
    "REJECT",
    "OK",
    "NODATA",
    "SKIPDATA",
    "SKIPDATAS",
    "accept",
    "OKAY",
    "O",
    "NO\tDATA",
    "eni-00000000000000001",
    "a%20tag",
    "\xd0\xb1",
    "unknown",
    "10.0.0."
    "1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((*seed >> 32) * below >> 32);
}

/* Lines of N_VALUES each, the values mostly of one kind and now and then of any. */
static size_t make_lines(char *text, size_t n_lines, uint64_t *seed)
{
    const uint32_t n = sizeof pool / sizeof *pool, usual = draw(seed, n);
    size_t len = 0;

    for (size_t i = 0; i < n_lines * N_VALUES; i++) {
        const char *value = pool[draw(seed, 4) == 0 ? draw(seed, n) : usual];

        memcpy(text + len, value, strlen(value));
        len += strlen(value);
        text[len++] = (i + 1) % N_VALUES == 0 ? '\n' : ' ';
    }
    return len;
}

static void expect_marks(const fle_kernel *kernel, const char *text, size_t len,
                         const fle_marks *marks)
{
    size_t value = 0, line = 0;
    bool has_odd = false, has_empty = false;

    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];

        has_odd |= (c < ' ' && c != '\n') || c > 0x7f;
        if (c > ' ')
            continue;
        has_empty |= marks->starts[value] == i;
        if (marks->starts[++value] != i + 1)
            fail_msg("%s: value %zu starts at %u", kernel->name, value, marks->starts[value]);
        if (c == '\n' && marks->lines[++line] != value)
            fail_msg("%s: line %zu is at value %u", kernel->name, line, marks->lines[line]);
    }
    assert_int_equal(marks->n_lines, line);
    assert_int_equal(marks->has_odd, has_odd);
    assert_int_equal(marks->has_empty, has_empty);
}

/* Where a window ends, and where its spaces lie in the 64 bytes that are looked at, is all one. */
static void every_variant_finds_every_value_and_line(void **state)
{
    static const char chars[] = "  \n\n-1a\r\t\x1f\x7f\x80\xff";
    fle_marks *marks = malloc(sizeof *marks);
    const fle_kernel *kernel;
    uint64_t seed = 1;
    (void)state;

    for (size_t number = 0; (kernel = fle_kernel_at(number)) != NULL; number++) {
        for (size_t round = 0; round < ROUNDS; round++) {
            const size_t len = round % 10 ? draw(&seed, 300) : FLE_WINDOW - draw(&seed, 70);
            const uint32_t few = 1 + draw(&seed, sizeof chars - 1), rare = 1 + draw(&seed, 40);
            char *text = malloc(len + 1), *copy = malloc(len + FLE_SLACK);

            for (size_t i = 0; i < len; i++)
                text[i] = draw(&seed, rare) == 0 ? chars[draw(&seed, few)] : 'x';
            kernel->scan(text, len, round & 1 ? copy : NULL, marks);
            expect_marks(kernel, text, len, marks);
            if (round & 1)
                assert_memory_equal(copy, text, len);
            free(text);
            free(copy);
        }
        /* As many as there can be. */
        for (int c = 0; c < 2; c++) {
            char *text = malloc(FLE_WINDOW);

            memset(text, " \n"[c], FLE_WINDOW);
            kernel->scan(text, FLE_WINDOW, NULL, marks);
            expect_marks(kernel, text, FLE_WINDOW, marks);
            free(text);
        }
    }
    free(marks);
}

typedef struct column {
    fle_rows rows;
    union {
        uint32_t u32[FLE_BLOCK];
        uint64_t u64[FLE_BLOCK];
        fle_address address[FLE_BLOCK];
        flowenrich_slice text[FLE_BLOCK];
        uint8_t word[FLE_BLOCK];
    } as;
} column;

typedef enum value_kind { PORT, COUNTER, TIME, ADDRESS, TEXT, WORD, N_KINDS } value_kind;

static const char *const words[] = { "OK", "NODATA", "SKIPDATA" };

static void convert(const fle_kernel *kernel, value_kind kind, const fle_lines *lines, size_t at,
                    column *out)
{
    uint64_t codes[3];

    for (size_t i = 0; i < 3; i++)
        codes[i] = fle_kernel_word(words[i]);
    switch (kind) {
    case PORT:
        out->rows = kernel->u32(lines, at, 65535, out->as.u32);
        break;
    case COUNTER:
        out->rows = kernel->u64(lines, at, UINT64_MAX, out->as.u64);
        break;
    case TIME:
        out->rows = kernel->u64(lines, at, FLE_LEAST_MILLISECONDS - 1, out->as.u64);
        break;
    case ADDRESS:
        out->rows = kernel->address(lines, at, out->as.address);
        break;
    case TEXT:
        out->rows = kernel->text(lines, at, 1000, out->as.text);
        break;
    default:
        out->rows = kernel->word(lines, at, codes, 3, out->as.word);
        break;
    }
}

/* Is the value what the careful functions make of it? */
static bool is_right(value_kind kind, flowenrich_text value, const fle_lines *lines,
                     const column *got, size_t i)
{
    const size_t offset = (size_t)(value.data - lines->text);
    flowenrich_time time;
    fle_address address;
    bool was_milliseconds;
    uint64_t u64;
    uint32_t u32;

    switch (kind) {
    case PORT:
        return fle_convert_u32(value, 65535, &u32) && u32 == got->as.u32[i];
    case COUNTER:
        return fle_convert_u64(value, &u64) && u64 == got->as.u64[i];
    case TIME:
        return fle_convert_time(value, &time, &was_milliseconds) && !was_milliseconds &&
               (uint64_t)time == got->as.u64[i];
    case ADDRESS:
        return fle_address_parse(value.data, value.len, &address) &&
               fle_address_compare(&address, &got->as.address[i]) == 0;
    case TEXT:
        return got->as.text[i].offset == 1000 + offset && got->as.text[i].length == value.len;
    default:
        return got->as.word[i] < 3 && fle_text_is(value, words[got->as.word[i]]);
    }
}

static void expect_column(const fle_kernel *kernel, value_kind kind, const fle_lines *lines,
                          size_t at, const column *got)
{
    column plain;

    convert(fle_kernel_at(0), kind, lines, at, &plain);
    if (got->rows.valid != plain.rows.valid || got->rows.odd != plain.rows.odd)
        fail_msg("%s: other rows of kind %d are taken", kernel->name, (int)kind);
    for (size_t i = 0; i < lines->n; i++) {
        const uint32_t *start = lines->starts + i * lines->n_values + at;
        const flowenrich_text value = fle_text(lines->text + start[0], start[1] - 1 - start[0]);
        const bool is_valid = got->rows.valid >> i & 1, is_odd = got->rows.odd >> i & 1;

        if (is_valid + is_odd + fle_text_is(value, "-") != 1 ||
            (is_valid && !is_right(kind, value, lines, got, i)))
            fail_msg("%s: '%.*s' is read wrongly as %d", kernel->name, (int)value.len, value.data,
                     (int)kind);
    }
}

static void every_variant_reads_what_the_careful_functions_read(void **state)
{
    const size_t room = FLE_BLOCK * N_VALUES * 300;
    fle_marks *marks = malloc(sizeof *marks);
    char *made = malloc(room);
    const fle_kernel *kernel;
    uint64_t seed = 1;
    (void)state;

    for (size_t number = 0; (kernel = fle_kernel_at(number)) != NULL; number++) {
        for (size_t round = 0; round < ROUNDS; round++) {
            const size_t n = 1 + draw(&seed, FLE_BLOCK), len = make_lines(made, n, &seed);
            char *text = malloc(len + FLE_SLACK); /* so that a sanitizer sees where it ends */
            fle_lines lines = { text, marks->starts, N_VALUES, n };
            column got;

            if (len <= FLE_WINDOW) {
                kernel->scan(made, len, text, marks);
                for (value_kind kind = 0; kind < N_KINDS; kind++) {
                    const size_t at = draw(&seed, N_VALUES);

                    convert(kernel, kind, &lines, at, &got);
                    expect_column(kernel, kind, &lines, at, &got);
                }
            }
            free(text);
        }
    }
    free(made);
    free(marks);
}

/* What is usual must not be odd, or nothing is gained. */
static void usual_values_are_read_in_the_fast_way(void **state)
{
    static const struct {
        value_kind kind;
        const char *value;
    } cases[] = {
        { PORT, "0" },
        { PORT, "65535" },
        { COUNTER, "4249" },
        { COUNTER, "99999999" },
        { COUNTER, "100000000" },
        { COUNTER, "9999999999999999" },
        { TIME, "1418530010" },
        { TIME, "99999999999" },
        { ADDRESS, "1.2.3.4" },
        { ADDRESS, "::1" },
        { ADDRESS, "255.255.255.255" },
        { TEXT, "eni-1" },
        { WORD, "OK" },
        { WORD, "SKIPDATA" },
    };
    fle_marks *marks = malloc(sizeof *marks);
    const fle_kernel *kernel;
    (void)state;

    for (size_t number = 0; (kernel = fle_kernel_at(number)) != NULL; number++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const fle_lines lines = { NULL, marks->starts, 1, 5 };
            char text[512] = "", copy[512 + FLE_SLACK];
            fle_lines with_text = lines;
            column got;

            for (size_t k = 0; k < lines.n; k++) {
                strcat(text, cases[i].value);
                strcat(text, "\n");
            }
            with_text.text = copy;
            kernel->scan(text, strlen(text), copy, marks);
            convert(kernel, cases[i].kind, &with_text, 0, &got);
            if (got.rows.valid != 31)
                fail_msg("%s: '%s' is odd", kernel->name, cases[i].value);
        }
    }
    free(marks);
}

static void the_best_variant_is_taken_unless_another_is_chosen(void **state)
{
    const fle_kernel *best = fle_kernel_best();
    size_t n = 0;
    (void)state;

    while (fle_kernel_at(n) != NULL)
        printf("this machine runs %s\n", fle_kernel_at(n++)->name);
    assert_ptr_equal(best, fle_kernel_at(n - 1));
    fle_kernel_choose(fle_kernel_at(0));
    assert_string_equal(fle_kernel_best()->name, "plain");
    fle_kernel_choose(NULL);
    assert_ptr_equal(fle_kernel_best(), best);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant_finds_every_value_and_line),
        cmocka_unit_test(every_variant_reads_what_the_careful_functions_read),
        cmocka_unit_test(usual_values_are_read_in_the_fast_way),
        cmocka_unit_test(the_best_variant_is_taken_unless_another_is_chosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
