/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reading rates documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charge/rates_yaml.h"
#include "yamling.h"

static fle_rates nothing(void)
{
    fle_rates rates;

    memset(&rates, 0, sizeof rates);
    rates.currency = FLE_TEXT("USD");
    rates.unit = FLE_GB;
    return rates;
}

static void read_into(struct fixture *x, fle_rates *rates, const char *yaml)
{
    if (fle_rates_read(rates, read_yaml(x, yaml), &x->arena, &x->error) != FLOWENRICH_OK)
        fail_msg("%s\n%u:%u: %s", yaml, x->error.line, x->error.column, x->error.message);
}

static void must_be_text(flowenrich_text built_in, flowenrich_text read)
{
    if (!fle_text_equal(built_in, read))
        fail_msg("%.*s isn't built in as %.*s", (int)read.len, read.data, (int)built_in.len,
                 built_in.data);
}

static void must_be_rate(const fle_rate *built_in, const fle_rate *read)
{
    must_be_text(built_in->region, read->region);
    must_be_text(built_in->to, read->to);
    must_be_text(built_in->version, read->version);
    if (built_in->meter != read->meter || built_in->above != read->above ||
        built_in->since != read->since || built_in->price != read->price)
        fail_msg("%.*s of %.*s isn't built in", (int)read->version.len, read->version.data,
                 (int)read->region.len, read->region.data);
}

/* scripts/gen-rates made the tables from the file that the reader reads here. */
static void the_built_in_tables_are_the_file(void **state)
{
    static char yaml[65536];
    const fle_rates *built_in = &fle_rates_builtin;
    fle_rates rates = nothing();
    FILE *file = fopen("data/rates/aws.yaml", "rb");
    size_t len;

    assert_non_null(file);
    len = fread(yaml, 1, sizeof yaml - 1, file);
    fclose(file);
    yaml[len] = '\0';
    read_into(*state, &rates, yaml);
    must_be_text(built_in->currency, rates.currency);
    assert_int_equal(built_in->unit, rates.unit);
    assert_int_equal(built_in->n, rates.n);
    for (size_t i = 0; i < rates.n; i++)
        must_be_rate(&built_in->items[i], &rates.items[i]);
    assert_int_equal(built_in->n_allowances, rates.n_allowances);
    for (size_t i = 0; i < rates.n_allowances; i++)
        assert_memory_equal(&built_in->allowances[i], &rates.allowances[i],
                            sizeof *rates.allowances);
    assert_int_equal(built_in->n_kinds, rates.n_kinds);
    for (size_t i = 0; i < rates.n_kinds; i++) {
        const fle_kind_rule *a = &built_in->kinds[i], *b = &rates.kinds[i];

        must_be_text(a->type, b->type);
        if (a->cross_az != b->cross_az || a->same_vpc != b->same_vpc || a->itself != b->itself ||
            a->processes != b->processes || a->hides != b->hides)
            fail_msg("%.*s isn't built in", (int)b->type.len, b->type.data);
    }
    assert_int_equal(built_in->n_free_services, rates.n_free_services);
    for (size_t i = 0; i < rates.n_free_services; i++)
        must_be_text(built_in->free_services[i], rates.free_services[i]);
}

static void a_document_goes_before_what_is_there(void **state)
{
    struct fixture *x = *state;
    fle_rates rates = fle_rates_builtin;

    read_into(x, &rates,
              "version: 1\nunit: GiB\nusage: {internet: 10240}\n"
              "rates: [{meter: nat-gateway, region: us-east-1, since: 2026-03-01, price: 0.03}]\n"
              "kinds: [{type: \"rds:db\", cross-az: other}]\n"
              "allowances: [{meter: internet, gigabytes: 0, since: 2026-01-01}]\n"
              "free-services: [{service: route53}]\n");
    assert_int_equal(rates.unit, FLE_GIB);
    assert_int_equal(rates.usage[FLE_METER_INTERNET], 10240);
    assert_int_equal(fle_rates_allowance(&rates, FLE_METER_INTERNET, 1795132800), 0);
    assert_true(fle_rates_is_free(&rates, FLE_TEXT("route53")));
    assert_true(fle_rates_is_free(&rates, FLE_TEXT("s3")));
    assert_int_equal(fle_rates_kind(&rates, FLE_TEXT("rds:db"))->cross_az, FLE_SIDES_OTHER);
    assert_int_equal(fle_rates_kind(&rates, FLE_TEXT("rds:db"))->itself, FLE_SIDES_BOTH);
    assert_int_equal(fle_rates_find(&rates, FLE_METER_NAT_GATEWAY, FLE_TEXT("us-east-1"),
                                    FLE_TEXT(""), 1795132800)
                         ->price,
                     30000000);
    assert_int_equal(
        fle_rates_find(&rates, FLE_METER_INTERNET, FLE_TEXT("us-east-1"), FLE_TEXT(""), 1795132800)
            ->price,
        85000000); /* of the tier that was reached */
    read_into(x, &rates, "{currency: CNY, replace: true}");
    assert_int_equal(rates.n, 0);
    assert_int_equal(fle_rates_kind(&rates, FLE_TEXT("rds:db"))->cross_az, FLE_SIDES_OTHER);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    static const struct {
        const char *yaml, *message;
        unsigned line;
    } cases[] = {
        { "- 1", "a rates document must be a mapping (key: value)", 1 },
        { "rate: []", "unknown key 'rate': did you mean 'rates'?", 1 },
        { "version: 2", "version 2 isn't known: this library reads version 1", 1 },
        { "currency: EUR", "the rates so far are in USD: say 'replace: true' to drop them", 1 },
        { "unit: TB", "unit must be GB or GiB, not 'TB'", 1 },
        { "sources: [a]", "sources must be a mapping (key: value)", 1 },
        { "rates: 1", "rates must be a list", 1 },
        { "rates:\n- 1", "a rate must be a mapping (key: value)", 2 },
        { "rates:\n- {meter: nat, region: x}", "there is no meter 'nat'; docs/costs.md lists them",
          2 },
        { "rates:\n- {meter: internets, region: x}",
          "there is no meter 'internets': did you mean internet; docs/costs.md lists them", 2 },
        { "rates:\n- {meter: internet}", "region is missing", 2 },
        { "rates:\n- {meter: internet, region: x, price: 1}", "since is missing", 2 },
        { "rates:\n- {meter: internet, region: x, to: y, price: 1, since: 2026-01-01}",
          "only an inter-region rate has 'to'", 2 },
        { "rates:\n- {meter: inter-region, region: x, price: 1, since: 2026-01-01}",
          "an inter-region rate needs 'to', a region or all", 2 },
        { "rates:\n- {meter: internet, region: x, price: 17, since: 2026-01-01}",
          "price must be money for a gigabyte like 0.045, up to 16 and of nine decimals at most, "
          "not '17'",
          2 },
        { "rates:\n- {meter: internet, region: x, price: 1, since: 2026-13-01}",
          "since must be a day like 2026-01-31, not '2026-13-01'", 2 },
        { "rates:\n- {meter: internet, region: x, price: 1, since: 2026-01-01, source: ec2}",
          "'ec2' isn't among the sources", 2 },
        { "rates:\n- {meter: internet, region: x, price: 1, since: 2026-01-01}\n"
          "- {meter: internet, region: x, price: 2, since: 2026-01-01}",
          "there are two rates internet of x since one day", 2 },
        { "kinds:\n- {type: x, cross-az: left}", "cross-az must be both, other or none, not 'left'",
          2 },
        { "usage: {internets: 1}", "unknown key 'internets': did you mean 'internet'?", 1 },
        { "allowances:\n- {meter: internet, since: 2026-01-01}", "gigabytes is missing", 2 },
        { "free-services:\n- {}", "service is missing", 2 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *x = *state;
        fle_rates rates = nothing();
        const fle_rates before = rates;

        if (fle_rates_read(&rates, read_yaml(x, cases[i].yaml), &x->arena, &x->error) !=
                FLOWENRICH_ERR_SYNTAX ||
            strcmp(x->error.message, cases[i].message) != 0 || x->error.line != cases[i].line)
            fail_msg("%s\n%u: %s", cases[i].yaml, x->error.line, x->error.message);
        assert_memory_equal(&rates, &before, sizeof rates);
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    struct fixture *x = *state;
    const fle_yaml *document = read_yaml(
        x, "sources: {a: b}\nrates: [{meter: nat-gateway, region: x, since: 2026-03-01, price: 1, "
           "source: a}]\nkinds: [{type: t}]\nallowances: [{meter: internet, gigabytes: 0, since: "
           "2026-01-01}]\nfree-services: [{service: s}]\n");
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        fle_rates rates = fle_rates_builtin;
        fle_arena arena;

        assert_in_range(n, 0, 100);
        fle_arena_init(&arena, &x->allocator);
        x->f.succeed = n;
        status = fle_rates_read(&rates, document, &arena, &x->error);
        x->f.succeed = SIZE_MAX;
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        fle_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_built_in_tables_are_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_document_goes_before_what_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
