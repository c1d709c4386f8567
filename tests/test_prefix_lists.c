/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/prefix_lists.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"

static void an_entry_names_its_addresses_or_else_its_list_does(void **state)
{
    static const struct {
        const char *address, *network;
    } cases[] = {
        { "192.0.2.9", "offices" },      { "192.0.2.200", "Berlin" }, { "10.9.1.1", "partners" },
        { "203.0.113.9", "" }, /* it isn't in the newest list any more */
        { "10.8.1.1", "" },    /* of which nobody knows a name */
        { "198.51.100.9", "guests" }, { "52.216.1.1", "" }, /* Amazon's own are none of ours */
        { "2001:db8::1", "six" },
    };
    struct cataloging *c = *state;

    load(c,
         "{'PrefixLists': [{'PrefixListId': 'pl-1', 'PrefixListName': 'offices'},"
         "{'PrefixListId': 'pl-s3', 'PrefixListName': 'com.amazonaws.us-east-1.s3',"
         " 'Cidrs': ['52.216.0.0/15', 'x']}, {'PrefixListId': 'pl-2', 'PrefixListName': 'six',"
         " 'Cidrs': ['2001:db8::/32']}]}",
         NOON);
    load(c, "{'PrefixListId': 'pl-1', 'Entries': [{'Cidr': '203.0.113.0/24'}]}", NOON - HOUR);
    load(c,
         "{'PrefixListId': 'pl-1', 'Entries': [{'Cidr': '192.0.2.0/24'},"
         " {'Cidr': '192.0.2.192/26', 'Description': 'Berlin'}, {'Cidr': 'nowhere'}]}",
         NOON);
    /* as the CLI prints them, without an id: each is a list of its own */
    load(c, "{'Entries': [{'Cidr': '10.9.0.0/16', 'Description': 'partners'}]}", NOON - HOUR);
    load(c,
         "{'Entries': [{'Cidr': '198.51.100.0/24', 'Description': 'guests'},"
         " {'Cidr': '10.8.0.0/16'}]}",
         NOON);
    load(c, "{'Entries': []}", NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_text found;
        fle_address address;

        assert_true(fle_address_parse(cases[i].address, strlen(cases[i].address), &address));
        found = fle_snapshot_network(c->snapshot, &address);
        if (!fle_text_is(found, cases[i].network))
            fail_msg("%s: '%.*s'", cases[i].address, (int)found.len, found.data);
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const all[] = {
        "{'PrefixListId': 'pl-1', 'Entries': [{'Cidr': '10.0.0.0/8', 'Description': 'x'}]}",
        "{'PrefixLists': [{'PrefixListId': 'pl-1', 'PrefixListName': 'six'}]}", NULL
    };
    (void)state;

    load_without_memory(all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_names_its_addresses_or_else_its_list_does),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
