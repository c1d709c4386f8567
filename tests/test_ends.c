/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of who an end is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/ends.h"
#include "enriching.h"

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"OwnerId\": \"111122223333\","
    " \"PrivateIpAddress\": \"10.0.1.5\"},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"OwnerId\": \"111122223333\","
    " \"PrivateIpAddress\": \"10.0.1.7\", \"Association\": {\"PublicIp\": \"198.51.100.7\"}}]}"
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\","
    " \"OwnerId\": \"999999999999\"}]}"
    "{\"createDate\": \"2026-03-01-00-00-00\", \"prefixes\": ["
    "{\"ip_prefix\": \"52.216.0.0/15\", \"region\": \"us-east-1\", \"service\": \"S3\"},"
    "{\"ip_prefix\": \"198.51.100.0/24\", \"region\": \"us-east-1\", \"service\": \"EC2\"}]}";

/* A log of one record, with 'seconds' after noon for its start. */
static flowenrich_batch *record(const char *values, int seconds)
{
    char log[512];

    snprintf(log, sizeof log,
             "interface-id vpc-id account-id az-id flow-direction srcaddr dstaddr "
             "pkt-dst-aws-service next-hop-interface-id next-hop-az-id start end log-status\n"
             "%s %d %d OK\n",
             values, ENRICHING_NOON + seconds, ENRICHING_NOON + seconds + 60);
    return enriching_parse(log);
}

/* What the destination, which is the server by the lower address, is named as. */
static void an_end_is_named_by_the_first_that_knows_it(void **state)
{
    static const struct {
        const char *values;
        int seconds;
        const char *path, *value;
    } cases[] = {
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - - -", 0, "client.by", "interface" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - - -", 0, "client.sure", "exact" },
        { "eni-9 - - - egress 10.0.1.6 10.0.1.7 - - -", 0, "client.by", "record" },
        { "eni-9 - - - egress 10.0.1.6 10.0.1.7 - - -", 0, "client.sure", "sighted" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - - -", 0, "server.by", "address" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - - -", 0, "server.sure", "sighted" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - - -", 7200, "server.sure", "assumed" },
        { "eni-1 - - - egress 10.0.1.5 198.51.100.7 - - -", 0, "server.by", "public-address" },
        { "eni-1 - - - egress 10.0.1.5 198.51.100.7 - - -", 0, "server.via_public",
          "198.51.100.7" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - eni-8 use1-az9", 0, "server.by", "next-hop" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - eni-8 use1-az9", 0, "server.interface_id",
          "eni-8" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - eni-8 use1-az9", 0, "server.availability_zone_id",
          "use1-az9" },
        { "eni-1 - - - egress 10.0.1.5 10.0.1.7 - eni-2 -", 0, "server.sure", "exact" },
        { "eni-1 - - - egress 10.0.1.5 52.216.0.1 - - -", 0, "server.by", "ip-ranges" },
        { "eni-1 - - - egress 10.0.1.5 52.216.0.1 - - -", 0, "server.region", "us-east-1" },
        { "eni-1 - - - egress 10.0.1.5 13.1.1.1 CLOUDFRONT - -", 0, "server.by", "ip-ranges" },
        { "eni-1 - - - egress 10.0.1.5 13.1.1.1 CLOUDFRONT - -", 0, "server.aws_service",
          "cloudfront" },
        { "eni-1 - - - egress 10.0.1.5 13.1.1.1 - - -", 0, "server.reason", "not_in_inventory" },
        { "eni-1 - - - egress 10.0.1.5 13.1.1.1 - - -", 0, "server.type", "internet" },
        { "eni-1 - - - egress 10.0.1.5 10.0.9.9 - - -", 0, "server.vpc_id", "vpc-1" },
        { "eni-1 - - - egress 10.0.1.5 10.0.9.9 - - -", 0, "server.reason", "not_in_inventory" },
        { "eni-9 - - - egress 10.0.1.6 10.0.1.7 - - -", 0, "server.reason", "unknown_space" },
        { "eni-9 vpc-7 - - egress 10.0.1.6 10.0.1.7 - - -", 0, "server.reason",
          "not_in_inventory" }, /* the VPC is known, if only by name */
        { "eni-1 - - - egress 10.0.1.5 - - - -", 0, "server.reason", "no_address" },
        { "eni-1 - - - egress 10.0.1.5 - - - -", 0, "server.type", "" },
        /* the inventory's account wins, what it lacks is filled in */
        { "eni-1 - 444455556666 use1-az1 egress 10.0.1.5 10.0.1.7 - - -", 0, "client.account_id",
          "111122223333" },
        { "eni-1 - 444455556666 use1-az1 egress 10.0.1.5 10.0.1.7 - - -", 0,
          "client.availability_zone_id", "use1-az1" },
        /* a range doesn't outweigh that we know of a holder, at another time */
        { "eni-1 - - - egress 10.0.1.5 198.51.100.7 - - -", 864000, "server.reason",
          "not_observed_then" },
        { "eni-1 - - - egress 10.0.1.5 198.51.100.7 - - -", 864000, "server.aws_service", "ec2" },
    };
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = record(cases[i].values, cases[i].seconds);

        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        if (strcmp(enriching_value(batch, cases[i].path, 0), cases[i].value) != 0)
            fail_msg("%s: %s is '%s'", cases[i].values, cases[i].path,
                     enriching_value(batch, cases[i].path, 0));
        flowenrich_batch_free(batch);
    }
    flowenrich_enricher_free(enricher);
}

static void without_an_inventory_only_the_reasons_differ(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_batch *batch = enriching_parse("srcaddr dstaddr vpc-id log-status\n"
                                              "10.0.0.1 8.8.8.8 - OK\n"
                                              "10.0.0.1 10.0.0.2 vpc-1 OK\n");

    (void)state;
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_string_equal(enriching_value(batch, "client.reason", 0), "not_in_inventory");
    assert_string_equal(enriching_value(batch, "server.reason", 0), "unknown_space");
    assert_string_equal(enriching_value(batch, "client.reason", 1), "not_in_inventory");
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

/* The records themselves don't tell these ends apart: only where they are from does. */
static void two_log_streams_of_a_batch_are_two_interfaces(void **state)
{
    static const char *const interfaces[] = { "eni-7", "eni-8" };
    static const char log[] = "flow-direction srcaddr dstaddr log-status\n"
                              "egress 10.0.1.5 10.0.9.9 OK\n";
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    size_t used;

    (void)state;
    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < 2; i++) {
        flowenrich_source source = FLOWENRICH_SOURCE_INIT;

        source.interface_id = fle_text_of(interfaces[i]);
        assert_int_equal(flowenrich_parser_begin(parser, &source, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_parser_parse(parser, log, strlen(log), &used, batch, NULL),
                         FLOWENRICH_OK);
    }
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(enriching_value(batch, "client.interface_id", i), interfaces[i]);
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

/* ---- Resolvers. ---- */

/* Says what it is told to of every key, and remembers what it was asked. */
typedef struct scripted {
    const char *type, *refuse;
    flowenrich_sure sure;
    flowenrich_status status;
    const char *message;
    size_t calls, keys, interfaces;
} scripted;

static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    scripted *script = ctx;

    script->calls++;
    script->keys += n;
    for (size_t i = 0; i < n; i++) {
        script->interfaces += keys[i].kind == FLOWENRICH_KEY_INTERFACE;
        if (script->sure)
            flowenrich_answer_sure(answers[i], script->sure);
        if (script->type)
            flowenrich_answer_set(answers[i], "type", script->type, strlen(script->type));
        if (script->refuse)
            flowenrich_answer_refuse(answers[i], script->refuse, strlen(script->refuse));
    }
    if (script->message)
        snprintf(error->message, sizeof error->message, "%s", script->message);
    return script->status;
}

static void add(flowenrich_enricher *enricher, const char *name, scripted *script)
{
    const flowenrich_resolver resolver = { sizeof resolver, script, name, resolve, NULL };

    assert_int_equal(flowenrich_enricher_add_resolver(enricher, &resolver, NULL), FLOWENRICH_OK);
}

static flowenrich_enricher *strict_enricher(void)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_enricher *enricher;

    options.strict = 1;
    assert_int_equal(flowenrich_enricher_new(&enricher, &options, NULL), FLOWENRICH_OK);
    return enricher;
}

static const char two_records[] = "interface-id flow-direction srcaddr dstaddr log-status\n"
                                  "eni-1 egress 10.0.1.5 10.0.9.9 OK\n"
                                  "eni-1 egress 10.0.1.5 10.0.9.9 OK\n"
                                  "eni-9 egress 10.0.1.6 10.0.1.7 OK\n";

static void a_resolver_is_asked_once_for_what_is_open(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);
    flowenrich_batch *batch = enriching_parse(two_records);
    scripted silent = { 0 }, named = { .type = "x:y" }, never = { 0 };

    (void)state;
    add(enricher, "silent", &silent);
    add(enricher, "mine", &named);
    add(enricher, "never", &never);
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(silent.calls, 1);
    assert_int_equal(silent.keys, 3); /* 10.0.9.9, eni-9, 10.0.1.7 from an unknown space */
    assert_int_equal(silent.interfaces, 1);
    assert_int_equal(named.keys, 3);
    assert_int_equal(never.calls, 0);
    assert_string_equal(enriching_value(batch, "server.by", 1), "mine");
    assert_string_equal(enriching_value(batch, "server.type", 1), "x:y");
    assert_string_equal(enriching_value(batch, "server.vpc_id", 1), "vpc-1"); /* the place stays */
    assert_string_equal(enriching_value(batch, "client.by", 0), "interface");
    assert_string_equal(enriching_value(batch, "client.by", 2), "mine");
    assert_int_equal(enriching_stat(enricher, "named_mine"), 4);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void whoever_refuses_ends_the_search(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_batch *batch = enriching_parse(two_records);
    scripted refusing = { .refuse = "not_for_you" }, never = { .type = "x:y" };

    (void)state;
    add(enricher, "refusing", &refusing);
    add(enricher, "never", &never);
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(never.calls, 0);
    assert_string_equal(enriching_value(batch, "server.reason", 0), "not_for_you");
    assert_string_equal(enriching_value(batch, "server.by", 0), "");
    assert_int_equal(enriching_stat(enricher, "unnamed_refused"), 6);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void strict_takes_no_assumption_from_anybody(void **state)
{
    flowenrich_enricher *enricher = strict_enricher();
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    flowenrich_batch *batch = record("eni-1 - - - egress 10.0.1.5 10.0.1.7 - - -", 7200);
    scripted guessing = { .type = "x:y", .sure = FLOWENRICH_SURE_ASSUMED };

    (void)state;
    flowenrich_enricher_set_snapshot(enricher, snapshot, NULL);
    flowenrich_snapshot_free(snapshot);
    add(enricher, "guessing", &guessing);
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(guessing.keys, 1);
    assert_string_equal(enriching_value(batch, "server.reason", 0), "assumed_only");
    assert_string_equal(enriching_value(batch, "server.type", 0), "private");
    assert_string_equal(enriching_value(batch, "server.interface_id", 0), "");
    assert_string_equal(enriching_value(batch, "client.by", 0), "interface");
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void a_resolver_that_fails_stops_the_batch_with_its_words(void **state)
{
    static const struct {
        flowenrich_status status, wanted;
        const char *message, *wanted_message;
    } cases[] = {
        { FLOWENRICH_ERR_ARG, FLOWENRICH_ERR_RESOLVER, "the line is dead", "the line is dead" },
        { FLOWENRICH_ERR_LIMIT, FLOWENRICH_ERR_RESOLVER, NULL,
          "the resolver 'failing' failed: ERR_LIMIT" },
        { FLOWENRICH_ERR_NOMEM, FLOWENRICH_ERR_NOMEM, NULL, "out of memory" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
        flowenrich_batch *batch = enriching_parse(two_records);
        scripted failing = { .status = cases[i].status, .message = cases[i].message };
        flowenrich_error error;

        add(enricher, "failing", &failing);
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, &error), cases[i].wanted);
        assert_int_equal(error.status, cases[i].wanted);
        assert_string_equal(error.message, cases[i].wanted_message);
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), cases[i].wanted);
        flowenrich_batch_clear(batch); /* and it can be used again */
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        flowenrich_batch_free(batch);
        flowenrich_enricher_free(enricher);
    }
}

static void ours_is_what_the_inventory_or_a_resolver_places(void **state)
{
    flowenrich_answer answer;

    (void)state;
    memset(&answer, 0, sizeof answer);
    assert_false(fle_answer_is_ours(&answer));
    answer.by = FLE_BY_IP_RANGES;
    assert_false(fle_answer_is_ours(&answer));
    answer.by = FLE_BY_RECORD;
    assert_true(fle_answer_is_ours(&answer));
    answer.by = FLE_BY_RESOLVER;
    assert_false(fle_answer_is_ours(&answer));
    answer.identity.single[FLE_ATTR_VPC_ID] = FLE_TEXT("vpc-1");
    assert_true(fle_answer_is_ours(&answer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_named_by_the_first_that_knows_it),
        cmocka_unit_test(without_an_inventory_only_the_reasons_differ),
        cmocka_unit_test(two_log_streams_of_a_batch_are_two_interfaces),
        cmocka_unit_test(a_resolver_is_asked_once_for_what_is_open),
        cmocka_unit_test(whoever_refuses_ends_the_search),
        cmocka_unit_test(strict_takes_no_assumption_from_anybody),
        cmocka_unit_test(a_resolver_that_fails_stops_the_batch_with_its_words),
        cmocka_unit_test(ours_is_what_the_inventory_or_a_resolver_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
