/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of named networks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/config.h"
#include "enriching.h"

static const char yaml[] = "networks:\n"
                           "- {cidr: 0.0.0.0/0, name: all4}\n"
                           "- {cidr: 192.168.0.0/16, name: on-premises, tags: {b: 2, a: 1}}\n"
                           "- {cidr: 192.168.50.0/24, name: office}\n"
                           "- {cidr: 192.168.50.0/24, name: lab, vpc: vpc-1}\n"
                           "- {cidr: 192.168.50.20, name: printer, vpc: vpc-2}\n"
                           "- {cidr: 2001:db8::/32, name: six}\n"
                           "- {cidr: 2001:db8:1::/48, name: six-one}\n";

static void the_most_specific_network_of_the_vpc_answers(void **state)
{
    static const struct {
        const char *address, *vpc, *name;
    } cases[] = {
        { "192.168.50.20", "", "office" },
        { "192.168.50.20", "vpc-1", "lab" },
        { "192.168.50.20", "vpc-2", "printer" },
        { "192.168.50.21", "vpc-2", "office" },
        { "192.168.51.1", "vpc-1", "on-premises" },
        { "8.8.8.8", "", "all4" },
        { "2001:db8:1::5", "", "six-one" },
        { "2001:db8:2::5", "", "six" },
        { "2001:db9::5", "", NULL }, /* all of IPv4 holds no IPv6 */
    };
    fle_allocator allocator;
    fle_config config;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    assert_int_equal(fle_config_read(&config, yaml, sizeof yaml - 1, &arena, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address address = enriching_address(cases[i].address);
        const fle_network *found =
            fle_networks_find(&config.networks, &address, fle_text_of(cases[i].vpc));

        if (!found != !cases[i].name || (found && !fle_text_is(found->name, cases[i].name)))
            fail_msg("%s: %s", cases[i].address, found ? found->name.data : "none");
    }
    fle_arena_free(&arena);
}

static void no_networks_name_nobody(void **state)
{
    const fle_address address = enriching_address("10.0.0.1");
    fle_networks networks;

    (void)state;
    assert_int_equal(fle_networks_read(&networks, NULL, NULL, NULL), FLOWENRICH_OK);
    assert_null(fle_networks_find(&networks, &address, fle_text(NULL, 0)));
}

/* Any set of CIDRs: the search finds what looking at each of them finds. */
static void the_search_agrees_with_looking_at_all(void **state)
{
    fle_network items[200];
    char text[64 * 200] = "networks:\n";
    fle_allocator allocator;
    fle_config config;
    fle_arena arena;
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < 200; i++) {
        const unsigned bits = (unsigned)(i % 25);

        sprintf(text + strlen(text), "- {cidr: %u.%u.0.0/%u, name: n%zu, vpc: v%zu}\n",
                (unsigned)(i * 7 % 16), (unsigned)(i * 13 % 256), bits, i, i);
    }
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    assert_int_equal(fle_config_read(&config, text, strlen(text), &arena, NULL), FLOWENRICH_OK);
    memcpy(items, config.networks.items, sizeof items);
    for (size_t i = 0; i < 2000; i++) {
        fle_address address = enriching_address("0.0.0.0");
        const fle_network *best = NULL;

        for (size_t at = 12; at < 16; at++) {
            seed = seed * 1664525 + 1013904223;
            address.bytes[at] = (uint8_t)(seed >> (at == 12 ? 28 : 24));
        }
        for (size_t k = 0; k < 200 && !best; k++)
            if (fle_cidr_holds(&items[k].cidr, &address) &&
                fle_text_equal(items[k].vpc, config.networks.items[i % 200].vpc))
                best = &config.networks.items[k];
        assert_ptr_equal(
            fle_networks_find(&config.networks, &address, config.networks.items[i % 200].vpc),
            best);
    }
    fle_arena_free(&arena);
}

static void as_a_resolver_it_gives_name_and_tags(void **state)
{
    flowenrich_batch *batch = enriching_parse("interface-id srcaddr dstaddr log-status\n"
                                              "eni-1 192.168.50.20 192.168.7.7 OK\n");
    flowenrich_enricher *enricher = enriching_enricher(NULL, yaml);

    (void)state;
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_string_equal(enriching_value(batch, "client.network", 0), "on-premises");
    assert_string_equal(enriching_value(batch, "client.tags.a", 0), "1");
    assert_string_equal(enriching_value(batch, "client.tags.b", 0), "2");
    assert_string_equal(enriching_value(batch, "client.by", 0), "network");
    assert_string_equal(enriching_value(batch, "client.type", 0), "private");
    assert_string_equal(enriching_value(batch, "server.network", 0), "office");
    assert_int_equal(enriching_stat(enricher, "named_network"), 2);
    flowenrich_enricher_free(enricher);
    assert_string_equal(enriching_value(batch, "client.by", 0), "network"); /* outlives it */
    flowenrich_batch_free(batch);
}

static void it_refuses_arguments_it_cannot_take(void **state)
{
    flowenrich_resolver networks;
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;

    (void)state;
    options.size = 1;
    assert_int_equal(flowenrich_resolver_networks(NULL, "", 0, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_resolver_networks(&networks, NULL, 1, NULL, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_resolver_networks(&networks, "", 0, &options, NULL),
                     FLOWENRICH_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_network_of_the_vpc_answers),
        cmocka_unit_test(no_networks_name_nobody),
        cmocka_unit_test(the_search_agrees_with_looking_at_all),
        cmocka_unit_test(as_a_resolver_it_gives_name_and_tags),
        cmocka_unit_test(it_refuses_arguments_it_cannot_take),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
