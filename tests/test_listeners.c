/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the table of listeners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/yaml.h"
#include "record/listeners.h"
#include "record/protocol.h"
#include "enriching.h"

static void read_all(fle_listeners *out, const char *yaml, size_t len, fle_arena *arena)
{
    flowenrich_error error = { 0 };
    fle_yaml *root;

    enriching_must(fle_yaml_read(&root, yaml, len, arena, &error), &error);
    enriching_must(fle_listeners_read(out, fle_yaml_get(root, "listeners"), arena, &error), &error);
}

static void assert_same(const fle_listener *built_in, const fle_listener *read)
{
    if (built_in->protocol != read->protocol || built_in->port != read->port ||
        strcmp(built_in->name, read->name) != 0)
        fail_msg("%s isn't built in as %s", read->name, built_in->name);
    assert_true(fle_text_equal(built_in->type, read->type));
}

/* scripts/gen-listeners made the tables from the file that the loader reads here. */
static void the_built_in_tables_are_the_file(void **state)
{
    fle_allocator allocator;
    fle_arena arena;
    fle_listeners read;
    static char yaml[65536];
    size_t len, typed = 0, named = 0;
    FILE *file = fopen("data/listeners.yaml", "rb");

    (void)state;
    assert_non_null(file);
    len = fread(yaml, 1, sizeof yaml, file);
    fclose(file);
    assert_in_range(len, 1, sizeof yaml - 1);
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    read_all(&read, yaml, len, &arena);
    assert_int_equal(read.n, fle_listeners_of_types.n + fle_listeners_by_name.n);
    assert_in_range(fle_listeners_by_name.n, 1, fle_listeners_by_name.n_slots / 2);
    for (size_t i = 0; i < read.n; i++)
        assert_same(read.items[i].type.len ? &fle_listeners_of_types.items[typed++]
                                           : &fle_listeners_by_name.items[named++],
                    &read.items[i]);
    fle_arena_free(&arena);
}

static const fle_listener *find_by_looking_at_all(const fle_listeners *listeners, uint32_t protocol,
                                                  uint32_t port, flowenrich_text type)
{
    for (size_t i = 0; i < listeners->n; i++)
        if (listeners->items[i].protocol == protocol && listeners->items[i].port == port &&
            fle_text_equal(listeners->items[i].type, type))
            return &listeners->items[i];
    return NULL;
}

static void every_built_in_listener_is_found_and_no_other(void **state)
{
    static const uint32_t protocols[] = { FLE_PROTOCOL_TCP, FLE_PROTOCOL_UDP, FLE_PROTOCOL_SCTP };
    static const struct {
        const fle_listeners *listeners;
        const char *type;
    } cases[] = {
        { &fle_listeners_by_name, "" },
        { &fle_listeners_of_types, "elb:network" },
        { &fle_listeners_of_types, "ds:directory" },
        { &fle_listeners_of_types, "ec2:instance" }, /* as long as that one, and none's */
    };

    (void)state;
    for (size_t i = 0; i < 12; i++)
        for (uint32_t port = 0; port <= UINT16_MAX; port++) {
            const uint32_t protocol = protocols[i / 4];
            const flowenrich_text type = fle_text_of(cases[i % 4].type);

            if (fle_listeners_find(cases[i % 4].listeners, protocol, port, type, NULL) !=
                find_by_looking_at_all(cases[i % 4].listeners, protocol, port, type))
                fail_msg("protocol %u, port %u, %s", protocol, port, cases[i % 4].type);
        }
}

static void an_entry_holds_for_its_type_and_addresses(void **state)
{
    static const char yaml[] =
        "listeners:\n"
        "- {protocol: TCP, port: 9999, name: cache, type: elasticache:cluster}\n"
        "- {protocol: tcp, port: 7777, name: mine, address: 10.1.0.0/16}\n"
        "- {protocol: 17, port: 7777, name: everywhere}\n";
    static const struct {
        uint32_t protocol, port;
        const char *type, *address, *name;
    } cases[] = {
        { 6, 9999, "elasticache:cluster", "10.0.0.1", "cache" },
        { 6, 9999, "ec2:instance", "10.0.0.1", NULL },
        { 6, 9999, "", "10.0.0.1", NULL },
        { 6, 7777, "", "10.1.2.3", "mine" },
        { 6, 7777, "", "10.2.2.3", NULL },
        { 6, 7777, "", NULL, NULL },
        { 17, 7777, "x", NULL, "everywhere" },
        { FLE_ABSENT, 7777, "", "10.1.2.3", "mine" }, /* no protocol: TCP */
        { 17, 7776, "", NULL, NULL },
        { 17, FLE_ABSENT, "", NULL, NULL },
    };
    fle_allocator allocator;
    fle_arena arena;
    fle_listeners read;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    read_all(&read, yaml, sizeof yaml - 1, &arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address address =
            enriching_address(cases[i].address ? cases[i].address : "0.0.0.0");
        const fle_listener *found =
            fle_listeners_find(&read, cases[i].protocol, cases[i].port, fle_text_of(cases[i].type),
                               cases[i].address ? &address : NULL);

        if (!found != !cases[i].name || (found && strcmp(found->name, cases[i].name) != 0))
            fail_msg("case %zu: %s", i, found ? found->name : "none");
    }
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_tables_are_the_file),
        cmocka_unit_test(every_built_in_listener_is_found_and_no_other),
        cmocka_unit_test(an_entry_holds_for_its_type_and_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
