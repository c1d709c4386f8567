/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of learning from records, by the catalog and what an enricher makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"

static const char header[] =
    "interface-id vpc-id subnet-id instance-id region account-id flow-direction srcaddr dstaddr "
    "pkt-srcaddr pkt-dstaddr srcport dstport protocol packets start end log-status\n";
static const char client[] =
    "eni-1 vpc-1 subnet-1 i-1 us-east-1 111122223333 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 "
    "40000 443 6 9 1000 1060 OK\n";
static const char server[] =
    "eni-2 vpc-1 subnet-2 i-2 us-east-1 111122223333 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 "
    "40000 443 6 9 1010 1070 OK\n";

static flowenrich_batch *parse(const char *first, const char *second)
{
    char log[2048];

    snprintf(log, sizeof log, "%s%s%s", header, first, second);
    return enriching_parse(log);
}

static flowenrich_catalog *new_catalog(uint64_t max_learned_bytes)
{
    flowenrich_catalog_options options = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_error error = { 0 };
    flowenrich_catalog *catalog;

    options.max_learned_bytes = max_learned_bytes;
    enriching_must(flowenrich_catalog_new(&catalog, &options, &error), &error);
    return catalog;
}

static void learn(flowenrich_catalog *catalog, const char *first, const char *second)
{
    flowenrich_batch *batch = parse(first, second);
    flowenrich_error error = { 0 };

    enriching_must(flowenrich_catalog_learn(catalog, batch, &error), &error);
    flowenrich_batch_free(batch);
}

static flowenrich_snapshot *publish(flowenrich_catalog *catalog)
{
    flowenrich_error error = { 0 };
    flowenrich_snapshot *snapshot;

    enriching_must(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    return snapshot;
}

static uint64_t stat(const flowenrich_catalog *catalog, const char *name)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_catalog_stats(catalog, stats, 16);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

/* Who the server of the client's record is, in a snapshot that is given up. */
static const char *server_by(flowenrich_snapshot *snapshot)
{
    flowenrich_batch *batch = parse(client, "");
    flowenrich_enricher *enricher = enriching_enricher(snapshot, NULL);
    flowenrich_error error = { 0 };
    static char out[64];

    enriching_must(flowenrich_enricher_enrich(enricher, batch, &error), &error);
    snprintf(out, sizeof out, "%s", enriching_value(batch, "server.interface_id", 0));
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(batch);
    return out;
}

static void without_documents_both_ends_are_named_as_their_records_describe_them(void **state)
{
    static const struct {
        const char *path, *value;
    } expected[] = {
        { "client.interface_id", "eni-1" }, { "client.by", "record" },
        { "server.interface_id", "eni-2" }, { "server.by", "mirror" },
        { "server.sure", "exact" },         { "server.type", "ec2:instance" },
        { "server.subnet_id", "subnet-2" }, { "server.vpc_id", "vpc-1" },
        { "scope", "same-vpc" },            { "server.reason", "" },
        { "server.arns", "arn:aws:ec2:us-east-1:111122223333:instance/i-2" },
    };
    flowenrich_catalog *catalog = new_catalog(0);
    flowenrich_batch *batch = parse(client, server);
    flowenrich_error error = { 0 };
    flowenrich_enricher *enricher;
    (void)state;

    enriching_must(flowenrich_catalog_learn(catalog, batch, &error), &error);
    enricher = enriching_enricher(publish(catalog), NULL);
    enriching_must(flowenrich_enricher_enrich(enricher, batch, &error), &error);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (strcmp(enriching_value(batch, expected[i].path, 0), expected[i].value) != 0)
            fail_msg("%s is '%s'", expected[i].path, enriching_value(batch, expected[i].path, 0));
    assert_int_equal(enriching_stat(enricher, "named_mirror"), 2);
    assert_int_equal(stat(catalog, "learned_records"), 2);
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(batch);
    flowenrich_catalog_free(catalog);
}

static void two_who_logged_the_packets_are_a_change_of_owner(void **state)
{
    static const char other[] =
        "eni-3 vpc-1 subnet-2 i-3 us-east-1 111122223333 ingress 10.0.0.1 10.0.0.2 10.0.0.1 "
        "10.0.0.2 40000 443 6 9 1020 1080 OK\n";
    flowenrich_catalog *catalog = new_catalog(0);
    flowenrich_batch *batch = parse(client, "");
    flowenrich_error error = { 0 };
    flowenrich_enricher *enricher;
    char text[4096];
    size_t len;
    (void)state;

    learn(catalog, server, other);
    learn(catalog, client, "");
    enricher = enriching_enricher(publish(catalog), NULL);
    enriching_must(flowenrich_enricher_enrich(enricher, batch, &error), &error);
    assert_string_equal(enriching_value(batch, "server.reason", 0), "owner_changed");
    assert_string_equal(enriching_value(batch, "server.interface_id", 0), "");
    enriching_must(
        flowenrich_enricher_explain(enricher, batch, 0, text, sizeof text - 1, &len, &error),
        &error);
    text[len] = '\0';
    assert_non_null(strstr(text, "eni-2 may have held it too"));
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(batch);
    flowenrich_catalog_free(catalog);
}

static void a_snapshot_stays_as_it_was_while_the_catalog_goes_on_learning(void **state)
{
    flowenrich_catalog *catalog = new_catalog(0);
    flowenrich_snapshot *empty, *before, *after;
    (void)state;

    empty = publish(catalog);
    learn(catalog, client, "");
    before = publish(catalog);
    learn(catalog, server, "");
    after = publish(catalog);
    flowenrich_catalog_free(catalog);
    assert_string_equal(server_by(empty), "");
    assert_string_equal(server_by(before), "");
    assert_string_equal(server_by(after), "eni-2");
}

static void the_order_of_batches_makes_no_difference(void **state)
{
    flowenrich_catalog *one = new_catalog(0), *other = new_catalog(0);
    (void)state;

    learn(one, client, server);
    learn(other, server, "");
    learn(other, client, "");
    assert_string_equal(server_by(publish(one)), "eni-2");
    assert_string_equal(server_by(publish(other)), "eni-2");
    flowenrich_catalog_free(one);
    flowenrich_catalog_free(other);
}

static void what_there_is_no_room_for_is_counted(void **state)
{
    flowenrich_catalog *catalog = new_catalog(1);
    (void)state;

    learn(catalog, client, server);
    assert_int_equal(stat(catalog, "learned_records"), 0);
    assert_int_equal(stat(catalog, "unlearned_records"), 2);
    assert_int_equal(stat(catalog, "unlearned_addresses"), 0);
    assert_string_equal(server_by(publish(catalog)), "");
    flowenrich_catalog_free(catalog);
}

static void nothing_is_learned_from_nothing(void **state)
{
    flowenrich_catalog *catalog = new_catalog(0);
    (void)state;

    assert_int_equal(flowenrich_catalog_learn(catalog, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_learn(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_catalog_free(catalog);
}

/* Who logged them may be told by what came before, as far as proofs reach. */
static void what_was_learned_is_forgotten_with_the_rest(void **state)
{
    static const struct {
        flowenrich_time before;
        const char *server;
    } cases[] = {
        { 1070, "eni-2" },            /* the packets' own time */
        { 880 + 2 * 3600, "eni-2" }, /* all is there that may have been the packets' */
        { 1061 + 2 * 3600, "" },
        { INT64_MAX, "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_catalog *catalog = new_catalog(0);
        flowenrich_snapshot *before;
        const char *name;

        learn(catalog, client, server);
        before = publish(catalog);
        assert_int_equal(flowenrich_catalog_forget(catalog, cases[i].before, NULL), FLOWENRICH_OK);
        name = server_by(publish(catalog));
        if (strcmp(name, cases[i].server) != 0)
            fail_msg("forgotten before %lld: '%s'", (long long)cases[i].before, name);
        assert_string_equal(server_by(before), "eni-2");
        learn(catalog, client, server); /* it goes on */
        assert_int_equal(stat(catalog, "learned_records"), 4);
        flowenrich_catalog_free(catalog);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_learned_is_forgotten_with_the_rest),
        cmocka_unit_test(without_documents_both_ends_are_named_as_their_records_describe_them),
        cmocka_unit_test(two_who_logged_the_packets_are_a_change_of_owner),
        cmocka_unit_test(a_snapshot_stays_as_it_was_while_the_catalog_goes_on_learning),
        cmocka_unit_test(the_order_of_batches_makes_no_difference),
        cmocka_unit_test(what_there_is_no_room_for_is_counted),
        cmocka_unit_test(nothing_is_learned_from_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
