/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the enricher as an object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "failing.h"

static const char log_text[] =
    "interface-id resource-id az-id flow-direction srcaddr dstaddr srcport dstport protocol bytes "
    "instance-id account-id region start end log-status\n"
    "eni-1 - use1-az1 egress 10.0.1.5 10.0.1.7 41000 443 6 99 - - - 1772452800 1772452860 OK\n"
    "eni-9 - use1-az1 egress 10.0.1.9 52.216.0.1 41000 443 6 99 i-9 111122223333 us-east-1 "
    "1772452800 1772452860 OK\n"
    "eni-1 - - ingress 198.51.100.7 10.0.1.5 41000 22 6 99 - - - 1772452800 1772452860 OK\n"
    "- nat-1 use1-az1 egress 10.0.1.8 192.0.2.1 41000 22 6 99 - - - 1772452800 1772452860 OK\n"
    "eni-1 - - - - - - - - - - - - 1772452800 1772452860 NODATA\n";

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.5\"},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.7\","
    " \"Association\": {\"PublicIp\": \"198.51.100.7\"}}]}"
    "{\"createDate\": \"2026-03-01-00-00-00\", \"prefixes\": ["
    "{\"ip_prefix\": \"52.216.0.0/15\", \"region\": \"us-east-1\", \"service\": \"S3\"}]}";

static const char config[] = "networks:\n- {cidr: 192.0.2.0/24, name: office, tags: {a: b}}\n"
                             "listeners:\n- {protocol: tcp, port: 9, name: x}\n";

static void rows_without_traffic_get_no_ends_and_no_values(void **state)
{
    static const char *const paths[] = {
        "observer",     "uploaded",    "scope",     "path",
        "direction.by", "client.addr", "client.by", "server.reason"
    };
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_batch *batch = enriching_parse(log_text);

    (void)state;
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_string_equal(enriching_value(batch, paths[i], 4), "");
    assert_null(fle_batch_answer(batch, FLE_CLIENT, 4));
    assert_int_equal(enriching_stat(enricher, "records"), 4);
    assert_int_equal(enriching_stat(enricher, "ends"), 8);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void a_batch_can_be_enriched_again_and_outlives_the_enricher(void **state)
{
    flowenrich_enricher *without = enriching_enricher(NULL, NULL);
    flowenrich_enricher *with = enriching_enricher(enriching_inventory(inventory), NULL);
    flowenrich_batch *batch = enriching_parse(log_text);

    (void)state;
    assert_int_equal(flowenrich_enricher_enrich(with, batch, NULL), FLOWENRICH_OK);
    assert_string_equal(enriching_value(batch, "path", 0), "same-vpc");
    assert_int_equal(flowenrich_enricher_enrich(without, batch, NULL), FLOWENRICH_OK);
    assert_string_equal(enriching_value(batch, "path", 0), "");
    assert_int_equal(flowenrich_enricher_enrich(with, batch, NULL), FLOWENRICH_OK);
    flowenrich_enricher_free(with);
    flowenrich_enricher_free(without);
    assert_string_equal(enriching_value(batch, "server.interface_id", 0), "eni-2");
    assert_string_equal(enriching_value(batch, "path", 0), "same-vpc");
    flowenrich_batch_free(batch);
}

static void a_negative_slack_is_none(void **state)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    flowenrich_batch *batch;
    char log[256];

    (void)state;
    snprintf(log, sizeof log,
             "interface-id srcaddr dstaddr start end log-status\n"
             "eni-1 10.0.1.5 10.0.1.7 %d %d OK\n",
             ENRICHING_ONE - 90, ENRICHING_ONE - 30);
    batch = enriching_parse(log);
    for (int32_t slack = -1; slack <= 0; slack++) {
        flowenrich_enricher *enricher;

        options.slack = slack;
        assert_int_equal(flowenrich_enricher_new(&enricher, &options, NULL), FLOWENRICH_OK);
        flowenrich_enricher_set_snapshot(enricher, snapshot, NULL);
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        assert_string_equal(enriching_value(batch, "server.sure", 0),
                            slack ? "sighted" : "assumed");
        flowenrich_enricher_free(enricher);
    }
    flowenrich_snapshot_free(snapshot);
    flowenrich_batch_free(batch);
}

static void count_call(void *ctx)
{
    ++*(int *)ctx;
}

static flowenrich_status resolve_nothing(void *ctx, const flowenrich_key *keys, size_t n,
                                         flowenrich_answer *const *answers, flowenrich_error *error)
{
    (void)ctx;
    (void)keys;
    (void)n;
    (void)answers;
    (void)error;
    return FLOWENRICH_OK;
}

static void a_resolver_is_destroyed_exactly_once(void **state)
{
    int calls = 0;
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_resolver resolver = { sizeof resolver, &calls, "mine", resolve_nothing, count_call };

    (void)state;
    assert_int_equal(flowenrich_enricher_add_resolver(enricher, &resolver, NULL), FLOWENRICH_OK);
    assert_int_equal(calls, 0);
    flowenrich_enricher_free(enricher);
    assert_int_equal(calls, 1);

    enricher = enriching_enricher(NULL, NULL);
    assert_int_equal(flowenrich_enricher_add_resolver(NULL, &resolver, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(calls, 2);
    resolver.name = "";
    assert_int_equal(flowenrich_enricher_add_resolver(enricher, &resolver, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(calls, 3);
    resolver.name = "mine";
    resolver.resolve = NULL;
    assert_int_equal(flowenrich_enricher_add_resolver(enricher, &resolver, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(calls, 4);
    assert_int_equal(flowenrich_enricher_add_resolver(enricher, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_enricher_free(enricher);
    assert_int_equal(calls, 4);
}

static void it_refuses_arguments_it_cannot_take(void **state)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);

    (void)state;
    assert_int_equal(flowenrich_enricher_new(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_enrich(enricher, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_enrich(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_set_snapshot(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_enricher_free(enricher);
    flowenrich_enricher_free(NULL);
    options.size = 1;
    assert_int_equal(flowenrich_enricher_new(&enricher, &options, NULL), FLOWENRICH_ERR_ARG);
    assert_null(enricher);
}

/* ---- Memory. ---- */

/* Make, enrich and explain with this allocator. The batch has one of its own, which never fails. */
static flowenrich_status run(const flowenrich_allocator *allocator, flowenrich_snapshot *snapshot,
                             flowenrich_batch *batch)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_options common = FLOWENRICH_OPTIONS_INIT;
    flowenrich_enricher *enricher;
    flowenrich_resolver networks;
    flowenrich_status status;
    size_t len;
    char buf[8192];

    options.allocator = common.allocator = allocator;
    options.config = config;
    options.config_len = sizeof config - 1;
    status = flowenrich_enricher_new(&enricher, &options, NULL);
    if (status != FLOWENRICH_OK)
        return status;
    flowenrich_enricher_set_snapshot(enricher, snapshot, NULL);
    status = flowenrich_resolver_networks(&networks, config, sizeof config - 1, &common, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_enricher_add_resolver(enricher, &networks, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_enricher_enrich(enricher, batch, NULL);
    for (size_t row = 0; row < batch->rows && status == FLOWENRICH_OK; row++)
        status = flowenrich_enricher_explain(enricher, batch, row, buf, sizeof buf, &len, NULL);
    flowenrich_enricher_free(enricher);
    return status;
}

static void the_enricher_survives_every_failed_allocation(void **state)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    for (size_t succeed = 0; status != FLOWENRICH_OK; succeed++) {
        failing memory = { succeed, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);
        flowenrich_batch *batch = enriching_parse(log_text);

        status = run(&allocator, snapshot, batch);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        flowenrich_batch_free(batch); /* which has answers of the enricher's */
        assert_int_equal(memory.live, 0);
        assert_int_equal(memory.misled, 0);
    }
    flowenrich_snapshot_free(snapshot);
}

/* A copy of the parsed batch, in memory that fails; NULL if that came too early. */
static flowenrich_batch *parse_with(const flowenrich_allocator *allocator)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_status status;
    size_t used;

    options.allocator = allocator;
    if (flowenrich_batch_new(&batch, 8, &options, NULL) != FLOWENRICH_OK)
        return NULL;
    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    status = flowenrich_parser_parse(parser, log_text, sizeof log_text - 1, &used, batch, NULL);
    flowenrich_parser_free(parser);
    if (status == FLOWENRICH_OK)
        return batch;
    flowenrich_batch_free(batch);
    return NULL;
}

static void the_batch_survives_every_failed_allocation(void **state)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    for (size_t succeed = 0; status != FLOWENRICH_OK; succeed++) {
        failing memory = { succeed, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);
        flowenrich_batch *batch = parse_with(&allocator);

        if (batch) {
            status = run(NULL, snapshot, batch);
            assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
            memory.succeed = SIZE_MAX;
            assert_int_equal(run(NULL, snapshot, batch), FLOWENRICH_OK); /* stays usable */
        }
        flowenrich_batch_free(batch);
        assert_int_equal(memory.live, 0);
    }
    flowenrich_snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_traffic_get_no_ends_and_no_values),
        cmocka_unit_test(a_batch_can_be_enriched_again_and_outlives_the_enricher),
        cmocka_unit_test(a_negative_slack_is_none),
        cmocka_unit_test(a_resolver_is_destroyed_exactly_once),
        cmocka_unit_test(it_refuses_arguments_it_cannot_take),
        cmocka_unit_test(the_enricher_survives_every_failed_allocation),
        cmocka_unit_test(the_batch_survives_every_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
