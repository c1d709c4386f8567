/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/protocol.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/yaml.h"
#include "record/protocol.h"

static void the_numbers_that_matter_have_their_names(void **state)
{
    static const struct {
        uint32_t number;
        const char *name;
    } cases[] = {
        { FLE_PROTOCOL_ICMP, "icmp" },
        { FLE_PROTOCOL_TCP, "tcp" },
        { FLE_PROTOCOL_UDP, "udp" },
        { FLE_PROTOCOL_ICMPV6, "ipv6-icmp" },
        { FLE_PROTOCOL_SCTP, "sctp" },
        { 47, "gre" },
        { 50, "esp" },
        { 0, "hopopt" },
        { 61, NULL },  /* any host internal protocol: no keyword */
        { 200, NULL }, /* unassigned */
        { 255, NULL }, /* reserved */
        { 256, NULL },
        { UINT32_MAX, NULL },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = fle_protocol_name(cases[i].number);

        if (cases[i].name == NULL ? name != NULL : !name || strcmp(name, cases[i].name) != 0)
            fail_msg("%u is %s, not %s", cases[i].number, name ? name : "nothing",
                     cases[i].name ? cases[i].name : "nothing");
    }
}

static void a_protocol_is_found_by_keyword_or_number(void **state)
{
    static const struct {
        const char *name;
        uint32_t number;
    } cases[] = {
        { "tcp", 6 },
        { "TCP", 6 },
        { "IPv6-ICMP", 58 },
        { "6", 6 },
        { "255", 255 },
        { "256", UINT32_MAX },
        { "4294967302", UINT32_MAX }, /* 6 more than a u32 holds */
        { "", UINT32_MAX },
        { "tc", UINT32_MAX },
        { "tcp ", UINT32_MAX },
        { "-6", UINT32_MAX },
        { "3pc", 34 }, /* begins like a number */
        { "tp++", 39 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint32_t found = fle_protocol_find(fle_text_of(cases[i].name));

        if (found != cases[i].number)
            fail_msg("'%s' is %u, not %u", cases[i].name, found, cases[i].number);
    }
    assert_int_equal(fle_protocol_find(fle_text("tcp\0", 4)), UINT32_MAX);
}

static size_t read_file(const char *path, char *buf, size_t cap)
{
    FILE *file = fopen(path, "rb");
    size_t len;

    assert_non_null(file);
    len = fread(buf, 1, cap, file);
    fclose(file);
    assert_true(len < cap);
    return len;
}

static void the_built_in_table_is_the_one_in_data(void **state)
{
    static char text[1 << 16];
    const size_t len = read_file("data/protocols.yaml", text, sizeof text);
    size_t n = 0, built_in = 0;
    fle_allocator allocator;
    fle_arena arena;
    fle_yaml *document;
    const fle_yaml *protocols;
    (void)state;

    assert_true(fle_allocator_init(&allocator, NULL));
    fle_arena_init(&arena, &allocator);
    assert_int_equal(fle_yaml_read(&document, text, len, &arena, NULL), FLOWENRICH_OK);
    protocols = fle_yaml_get(document, "protocols");
    assert_non_null(protocols);
    for (const fle_yaml *name = protocols->child; name; name = name->next, n++) {
        const uint32_t number = fle_protocol_find(name->scalar);

        assert_true(number < 256);
        assert_int_equal(number, fle_protocol_find(name->key->scalar));
        assert_true(fle_text_is(name->scalar, fle_protocol_name(number)));
    }
    for (uint32_t number = 0; number < 256; number++)
        built_in += fle_protocol_name(number) != NULL;
    assert_int_equal(n, built_in);
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_that_matter_have_their_names),
        cmocka_unit_test(a_protocol_is_found_by_keyword_or_number),
        cmocka_unit_test(the_built_in_table_is_the_one_in_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
