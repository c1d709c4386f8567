/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the configuration document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/config.h"
#include "enriching.h"

/* Whoever reads a configuration checks all of it. */
static void every_mistake_is_found_by_every_reader(void **state)
{
    static const struct {
        const char *yaml;
        uint32_t line; /* 0 = no mistake */
        const char *message;
    } cases[] = {
        { "", 0, "" },
        { "# nothing yet\n", 0, "" },
        { "version: 1\nnetworks:\n#  - {cidr: 10.0.0.0/8, name: x}\nlisteners:\n", 0, "" },
        { "version: 1\n", 0, "" },
        { "version: 2\n", 1, "version 2 isn't known: this library reads version 1" },
        { "version: one\n", 1, NULL },
        { "- a\n", 1, "a configuration must be a mapping (key: value)" },
        { "version: 1\nnetwork: []\n", 2, "unknown key 'network': did you mean 'networks'?" },
        { "networks: 1\n", 1, "networks must be a list" },
        { "listeners: {a: b}\n", 1, "listeners must be a list" },
        { "networks:\n- office\n", 2, "a network must be a mapping (key: value)" },
        { "networks:\n- {cidr: 10.0.0.0/8}\n", 2, "name is missing" },
        { "networks:\n- {name: x}\n", 2, "cidr is missing" },
        { "networks:\n- {cidr: 10.0.0.0/99, name: x}\n", 2, NULL },
        { "networks:\n- {cidr: 10.0.0.0/8, nmae: x}\n", 2,
          "unknown key 'nmae': did you mean 'name'?" },
        { "networks:\n- {cidr: 10.0.0.0/8, name: a}\n- {cidr: 10.9.0.0/8, name: b}\n", 3,
          "this network's CIDR is already on line 2" },
        { "networks:\n- {cidr: 10.0.0.0/8, name: a}\n"
          "- {cidr: 10.0.0.0/8, name: b, vpc: vpc-1}\n",
          0, "" },
        { "networks:\n- {cidr: 10.0.0.0/8, name: a, tags: [b]}\n", 2,
          "tags must be a mapping (key: value)" },
        { "networks:\n- {cidr: 10.0.0.0/8, name: a, tags: {b: [c]}}\n", 2,
          "a tag must be a single value" },
        { "networks:\n- {cidr: 10.0.0.0/8, name: a, tags: {'': c}}\n", 2, "a tag needs a key" },
        { "listeners:\n- 80\n", 2, "a listener must be a mapping (key: value)" },
        { "listeners:\n- {protocol: tcp, port: 80}\n", 2, "name is missing" },
        { "listeners:\n- {port: 80, name: x}\n", 2, "protocol is missing" },
        { "listeners:\n- {protocol: tpc, port: 80, name: x}\n", 2,
          "'tpc' is no protocol: tcp, udp or another keyword of IANA's" },
        { "listeners:\n- {protocol: tcp, port: 0, name: x}\n", 2, "nobody listens on port 0" },
        { "listeners:\n- {protocol: tcp, port: 65536, name: x}\n", 2, NULL },
        { "listeners:\n- {protocol: tcp, port: 80, name: x, address: here}\n", 2, NULL },
        { "listeners:\n- {protocol: tcp, port: 80, name: x, prot: y}\n", 2,
          "unknown key 'prot': did you mean 'port'?" },
        { "listeners:\n- {protocol: tcp, port: 80, name: x}\n- {protocol: 6, port: 80, name: y}\n",
          3, "the listener on port 80 is already on line 2" },
        { "listeners:\n- {protocol: tcp, port: 80, name: x}\n- {protocol: udp, port: 80, name: x}\n"
          "- {protocol: tcp, port: 80, name: x, type: a:b}\n"
          "- {protocol: tcp, port: 80, name: x, address: 10.0.0.1}\n",
          0, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
        flowenrich_error by_enricher = { 0 }, by_networks = { 0 };
        flowenrich_enricher *enricher;
        flowenrich_resolver networks;
        const flowenrich_status wanted = cases[i].line ? FLOWENRICH_ERR_SYNTAX : FLOWENRICH_OK;

        options.config = cases[i].yaml;
        options.config_len = strlen(cases[i].yaml);
        if (flowenrich_enricher_new(&enricher, &options, &by_enricher) != wanted ||
            flowenrich_resolver_networks(&networks, options.config, options.config_len, NULL,
                                         &by_networks) != wanted)
            fail_msg("%s: %s", cases[i].yaml, by_enricher.message);
        if (by_enricher.line != cases[i].line ||
            (cases[i].message && strcmp(by_enricher.message, cases[i].message) != 0))
            fail_msg("%s: line %u: %s", cases[i].yaml, (unsigned)by_enricher.line,
                     by_enricher.message);
        assert_string_equal(by_enricher.message, by_networks.message);
        assert_int_equal(by_enricher.line, by_networks.line);
        flowenrich_enricher_free(enricher);
        if (wanted == FLOWENRICH_OK)
            networks.destroy(networks.ctx);
        else
            assert_null(networks.resolve);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_found_by_every_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
