/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"

static fle_address address_of(const char *text)
{
    fle_address address;

    if (!fle_address_parse(text, strlen(text), &address))
        fail_msg("'%s' isn't taken", text);
    return address;
}

static fle_cidr cidr_of(const char *text)
{
    fle_cidr cidr;

    if (!fle_cidr_parse(text, strlen(text), &cidr))
        fail_msg("'%s' isn't taken", text);
    return cidr;
}

static void addresses_are_written_as_rfc_5952_says(void **state)
{
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        { "0.0.0.0", "0.0.0.0" },
        { "255.255.255.255", "255.255.255.255" },
        { "10.20.30.40", "10.20.30.40" },
        { "1.2.3.100", "1.2.3.100" },
        { "::", "::" },
        { "::1", "::1" },
        { "1::", "1::" },
        { "0:0:0:0:0:0:0:0", "::" },
        { "0:0:0:0:0:0:0:1", "::1" },
        { "2001:0DB8:0000:0000:0008:0800:200C:417A", "2001:db8::8:800:200c:417a" },
        { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" }, /* one group isn't shortened */
        { "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },  /* not even if it was */
        { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },          /* the longest run */
        { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },    /* the first of equals */
        { "0:0:1:0:0:0:0:1", "0:0:1::1" },
        { "1:0:0:0:0:0:0:0", "1::" },
        { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
        { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
        { "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789" },
        { "::ffff:10.0.0.1", "10.0.0.1" }, /* IPv4 in IPv6 is IPv4 */
        { "::FFFF:a00:1", "10.0.0.1" },
        { "0:0:0:0:0:ffff:10.0.0.1", "10.0.0.1" },
        { "::10.0.0.1", "::a00:1" }, /* but this isn't */
        { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
        { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
        { "fe80::", "fe80::" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address address = address_of(cases[i].text);
        char out[FLE_ADDRESS_TEXT];
        const size_t len = fle_address_format(&address, out);

        if (strcmp(out, cases[i].canonical) != 0 || len != strlen(out))
            fail_msg("'%s' is written '%s'", cases[i].text, out);
    }
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "-",
        "1",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "256.0.0.1",
        "1.2.3.999",
        "1.2.3.1000",
        "01.2.3.4", /* octal, to some */
        "1.2.3.00",
        "+1.2.3.4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4\n",
        "0x1.2.3.4",
        "1,2,3,4",
        "1.2.3.4/32",
        ":",
        ":::",
        "1",
        "1:",
        ":1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8", /* '::' for no group at all */
        "1:2:3:4::5:6:7:8",
        "1::2::3",
        "1:::2",
        "::1:",
        "12345::",
        "g::",
        "::-1",
        "[::1]",
        "::1%eth0",
        "fe80::1%25eth0",
        "::/0",
        "::1.2.3",
        "::1.2.3.256",
        "::1.2.3.4:5",
        "::abc.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "1.2.3.4::",
        "::ffff:01.2.3.4",
        "0000:0000:0000:0000:0000:ffff:255.255.255.2555",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_address address = { { 1, 2, 3 } };
        const fle_address before = address;

        if (fle_address_parse(cases[i], strlen(cases[i]), &address))
            fail_msg("'%s' is taken", cases[i]);
        assert_memory_equal(&address, &before, sizeof address);
    }
    assert_false(fle_address_parse("1.2.3.4\0", 8, &(fle_address){ { 0 } }));
    assert_false(fle_address_parse(NULL, 0, &(fle_address){ { 0 } }));
}

static void an_address_ends_where_its_length_says(void **state)
{
    fle_address address, wanted = address_of("10.0.0.2");

    (void)state;
    assert_true(fle_address_parse("10.0.0.255", 8, &address));
    assert_int_equal(fle_address_compare(&address, &wanted), 0);
    assert_true(fle_address_parse("::1", 2, &address));
}

/* A small generator of numbers, the same in every run. */
static uint64_t next_random(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

static void what_was_written_reads_back_the_same(void **state)
{
    uint64_t random = 20261120;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        fle_address address = { { 0 } }, back;
        char text[FLE_ADDRESS_TEXT];
        const uint64_t groups = next_random(&random); /* which are not zero: all patterns occur */
        size_t len;

        for (size_t k = 0; k < 16; k++)
            if (groups >> k / 2 & 1)
                address.bytes[k] = (uint8_t)(next_random(&random) >> 20);
        if (groups >> 60 == 0) { /* one in sixteen is IPv4 */
            memset(address.bytes, 0, 10);
            memset(address.bytes + 10, 0xff, 2);
        }
        len = fle_address_format(&address, text);
        assert_int_equal(len, strlen(text));
        if (!fle_address_parse(text, len, &back) || fle_address_compare(&address, &back) != 0)
            fail_msg("'%s'", text);
    }
}

static void addresses_are_ordered_by_number(void **state)
{
    static const char *const ordered[] = { "::",       "::1",        "0.0.0.0", "9.255.255.255",
                                           "10.0.0.0", "2001:db8::", "ff02::1" };
    const size_t n = sizeof ordered / sizeof *ordered;

    (void)state;
    for (size_t i = 0; i + 1 < n; i++) {
        const fle_address a = address_of(ordered[i]), b = address_of(ordered[i + 1]);

        assert_true(fle_address_compare(&a, &b) < 0);
        assert_true(fle_address_compare(&b, &a) > 0);
        assert_int_equal(fle_address_compare(&a, &a), 0);
    }
}

static void private_addresses_are_told_from_public_ones(void **state)
{
    static const struct {
        const char *text;
        bool rfc1918, private;
    } cases[] = {
        { "9.255.255.255", false, false },
        { "10.0.0.0", true, true },
        { "10.255.255.255", true, true },
        { "11.0.0.0", false, false },
        { "172.15.255.255", false, false },
        { "172.16.0.0", true, true },
        { "172.31.255.255", true, true },
        { "172.32.0.0", false, false },
        { "192.167.255.255", false, false },
        { "192.168.0.0", true, true },
        { "192.168.255.255", true, true },
        { "192.169.0.0", false, false },
        { "0.0.0.0", false, true },
        { "100.63.255.255", false, false },
        { "100.64.0.0", false, true },
        { "100.127.255.255", false, true },
        { "100.128.0.0", false, false },
        { "127.0.0.1", false, true },
        { "169.254.169.254", false, true },
        { "198.17.255.255", false, false },
        { "198.19.255.255", false, true },
        { "198.20.0.0", false, false },
        { "223.255.255.255", false, false },
        { "224.0.0.1", false, true },
        { "255.255.255.255", false, true },
        { "203.0.113.5", false, false }, /* documentation */
        { "52.216.0.1", false, false },
        { "::", false, true },
        { "::1", false, true },
        { "::2", false, false },
        { "::a00:1", false, false }, /* not 10.0.0.1 */
        { "fbff::1", false, false },
        { "fc00::1", false, true },
        { "fd00:ec2::254", false, true },
        { "fe00::1", false, false },
        { "fe80::1", false, true },
        { "febf::1", false, true },
        { "fec0::1", false, false },
        { "ff02::1", false, true },
        { "2600:1f14::1", false, false },
        { "2001:db8::1", false, false }, /* documentation */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address address = address_of(cases[i].text);

        if (fle_address_is_rfc1918(&address) != cases[i].rfc1918 ||
            fle_address_is_private(&address) != cases[i].private)
            fail_msg("'%s'", cases[i].text);
    }
}

static void a_cidr_loses_its_host_bits(void **state)
{
    static const struct {
        const char *text, *base;
        unsigned bits;
    } cases[] = {
        { "10.0.0.0/8", "10.0.0.0", 104 },
        { "10.1.2.3/8", "10.0.0.0", 104 },
        { "10.1.2.3/31", "10.1.2.2", 127 },
        { "10.1.2.3/32", "10.1.2.3", 128 },
        { "10.1.2.3", "10.1.2.3", 128 },
        { "255.255.255.255/0", "0.0.0.0", 96 },
        { "192.168.255.255/17", "192.168.128.0", 113 },
        { "2001:db8:ffff::/33", "2001:db8:8000::", 33 },
        { "2001:db8::1", "2001:db8::1", 128 },
        { "::/0", "::", 0 },
        { "ff00::/1", "8000::", 1 },
        { "::ffff:10.1.2.3/104", "10.0.0.0", 104 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_cidr cidr = cidr_of(cases[i].text);
        const fle_address base = address_of(cases[i].base);

        if (fle_address_compare(&cidr.base, &base) != 0 || cidr.bits != cases[i].bits)
            fail_msg("'%s'", cases[i].text);
    }
}

static void what_is_no_cidr_is_refused(void **state)
{
    static const char *const cases[] = {
        "",         "/",           "/8",          "10.0.0.0/",   "10.0.0.0/33", "10.0.0.0/08",
        "10.0.0/8", "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0.0//8", "::/129",      "::/1000",
        "::/",      "10.0.0.0/8/", "10.0.0.0 /8", "10.0.0.0/ 8", "10.0.0.0/x",  "any",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_cidr_parse(cases[i], strlen(cases[i]), &(fle_cidr){ .bits = 0 }))
            fail_msg("'%s' is taken", cases[i]);
}

static void a_cidr_holds_its_addresses(void **state)
{
    static const struct {
        const char *cidr, *address;
        bool holds;
    } cases[] = {
        { "10.0.0.0/8", "10.255.255.255", true },
        { "10.0.0.0/8", "11.0.0.0", false },
        { "10.0.0.0/9", "10.127.255.255", true },
        { "10.0.0.0/9", "10.128.0.0", false },
        { "10.0.0.1/32", "10.0.0.1", true },
        { "10.0.0.1/32", "10.0.0.0", false },
        { "0.0.0.0/0", "255.255.255.255", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "0.0.0.0/0", "::", false },
        { "::/0", "2001:db8::1", true },
        { "::/0", "10.0.0.1", false }, /* the default route of the other family */
        { "::/64", "10.0.0.1", false },
        { "2001:db8::/33", "2001:db8:7fff::1", true },
        { "2001:db8::/33", "2001:db8:8000::1", false },
        { "::1", "::1", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_cidr cidr = cidr_of(cases[i].cidr);
        const fle_address address = address_of(cases[i].address);

        if (fle_cidr_holds(&cidr, &address) != cases[i].holds)
            fail_msg("%s, %s", cases[i].cidr, cases[i].address);
    }
}

static void cidrs_overlap_if_one_holds_the_other(void **state)
{
    static const struct {
        const char *a, *b;
        bool overlap;
    } cases[] = {
        { "10.0.0.0/8", "10.1.0.0/16", true },  { "10.0.0.0/16", "10.1.0.0/16", false },
        { "10.0.0.0/16", "10.0.0.0/16", true }, { "0.0.0.0/0", "10.0.0.0/8", true },
        { "::/0", "10.0.0.0/8", false },        { "::/0", "2001:db8::/32", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_cidr a = cidr_of(cases[i].a), b = cidr_of(cases[i].b);

        if (fle_cidr_overlaps(&a, &b) != cases[i].overlap ||
            fle_cidr_overlaps(&b, &a) != cases[i].overlap)
            fail_msg("%s, %s", cases[i].a, cases[i].b);
    }
}

static void cidrs_are_ordered_by_base_and_the_wider_first(void **state)
{
    static const char *const ordered[] = { "::/0",        "10.0.0.0/8",  "10.0.0.0/16",
                                           "10.0.0.0/32", "10.1.0.0/16", "2001:db8::/32" };

    (void)state;
    for (size_t i = 0; i + 1 < sizeof ordered / sizeof *ordered; i++) {
        const fle_cidr a = cidr_of(ordered[i]), b = cidr_of(ordered[i + 1]);

        assert_true(fle_cidr_compare(&a, &b) < 0);
        assert_true(fle_cidr_compare(&b, &a) > 0);
        assert_int_equal(fle_cidr_compare(&a, &a), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_written_as_rfc_5952_says),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(an_address_ends_where_its_length_says),
        cmocka_unit_test(what_was_written_reads_back_the_same),
        cmocka_unit_test(addresses_are_ordered_by_number),
        cmocka_unit_test(private_addresses_are_told_from_public_ones),
        cmocka_unit_test(a_cidr_loses_its_host_bits),
        cmocka_unit_test(what_is_no_cidr_is_refused),
        cmocka_unit_test(a_cidr_holds_its_addresses),
        cmocka_unit_test(cidrs_overlap_if_one_holds_the_other),
        cmocka_unit_test(cidrs_are_ordered_by_base_and_the_wider_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
