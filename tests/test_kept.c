/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of answers that are kept from batch to batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/enricher.h"
#include "enriching.h"
#include "failing.h"

static const char log_of_two[] =
    "interface-id az-id srcaddr dstaddr pkt-dst-aws-service srcport dstport protocol start end "
    "log-status\n"
    "eni-1 use1-az1 10.0.1.5 10.0.1.7 - 40000 443 6 1772452860 1772452920 OK\n"
    "eni-1 use1-az1 10.0.1.5 52.1.1.1 S3 40000 443 6 1772452860 1772452920 OK\n";

/* Two interfaces of a VPC, the second with a tag. */
static flowenrich_snapshot *inventory(const char *tag)
{
    char json[512];

    snprintf(json, sizeof json,
             "{\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\","
             " \"PrivateIpAddress\": \"10.0.1.5\"}, {\"NetworkInterfaceId\": \"eni-2\","
             " \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.7\","
             " \"TagSet\": [{\"Key\": \"app\", \"Value\": \"%s\"}]}]}",
             tag);
    return enriching_inventory(json);
}

static void enrich(flowenrich_enricher *enricher, flowenrich_batch *batch)
{
    flowenrich_error error = { 0 };

    enriching_must(flowenrich_enricher_enrich(enricher, batch, &error), &error);
}

static void a_later_batch_has_the_same_answers(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(inventory("shop"), NULL);
    flowenrich_batch *first = enriching_parse(log_of_two), *second = enriching_parse(log_of_two);

    (void)state;
    enrich(enricher, first);
    enrich(enricher, second);
    assert_int_equal(second->n_answers, 3);
    assert_int_equal(second->n_answers, first->n_answers);
    for (size_t i = 0; i < first->n_answers; i++)
        assert_ptr_equal(first->answers[i], second->answers[i]);
    flowenrich_batch_free(first);
    flowenrich_enricher_free(enricher);
    /* They live as long as a batch that has them. */
    assert_string_equal(enriching_value(second, "server.tags.app", 0), "shop");
    assert_string_equal(enriching_value(second, "client.availability_zone_id", 1), "use1-az1");
    assert_string_equal(enriching_value(second, "server.aws_service", 1), "s3");
    flowenrich_batch_free(second);
}

static void another_snapshot_has_its_own_answers(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(inventory("shop"), NULL);
    flowenrich_batch *first = enriching_parse(log_of_two), *second = enriching_parse(log_of_two);
    flowenrich_snapshot *later = inventory("bank");
    flowenrich_error error = { 0 };

    (void)state;
    enrich(enricher, first);
    enriching_must(flowenrich_enricher_set_snapshot(enricher, later, &error), &error);
    flowenrich_snapshot_free(later);
    enrich(enricher, second);
    assert_string_equal(enriching_value(first, "server.tags.app", 0), "shop");
    assert_string_equal(enriching_value(second, "server.tags.app", 0), "bank");
    flowenrich_batch_free(first);
    flowenrich_batch_free(second);
    flowenrich_enricher_free(enricher);
}

/* The allocator may give its place to the next, which must not be taken for it. */
static void a_snapshot_that_has_gone_leaves_nothing_behind(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(inventory("shop"), NULL);
    flowenrich_batch *batch = enriching_parse(log_of_two);
    flowenrich_error error = { 0 };
    flowenrich_snapshot *later;

    (void)state;
    enrich(enricher, batch);
    flowenrich_batch_free(batch);
    enriching_must(flowenrich_enricher_set_snapshot(enricher, NULL, &error), &error);
    later = inventory("bank");
    enriching_must(flowenrich_enricher_set_snapshot(enricher, later, &error), &error);
    flowenrich_snapshot_free(later);
    batch = enriching_parse(log_of_two);
    enrich(enricher, batch);
    assert_string_equal(enriching_value(batch, "server.tags.app", 0), "bank");
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

/* What a record says of an end that the inventory lacks is part of its answer. */
static void what_a_record_says_isnt_told_of_another(void **state)
{
    static const struct {
        const char *zone, *service;
    } cases[] = {
        { "use1-az1", "S3" },
        { "use1-az2", "S3" },
        { "-", "S3" },
        { "use1-az1", "-" },
        { "use1-az1", "DYNAMODB" },
        { "use1-az1", "S3" }, /* as the first one */
    };
    flowenrich_enricher *enricher = enriching_enricher(inventory("shop"), NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch;
        char log[512], zone[16] = "", service[16] = "";

        snprintf(log, sizeof log,
                 "interface-id az-id srcaddr dstaddr pkt-dst-aws-service srcport dstport protocol "
                 "start end log-status\n"
                 "eni-1 %s 10.0.1.5 52.1.1.1 %s 40000 443 6 1772452860 1772452920 OK\n",
                 cases[i].zone, cases[i].service);
        if (*cases[i].zone != '-')
            snprintf(zone, sizeof zone, "%s", cases[i].zone);
        for (size_t k = 0; *cases[i].service != '-' && cases[i].service[k]; k++)
            service[k] = (char)(cases[i].service[k] | 0x20 * (cases[i].service[k] >= 'A'));
        batch = enriching_parse(log);
        enrich(enricher, batch);
        if (strcmp(enriching_value(batch, "client.availability_zone_id", 0), zone) != 0 ||
            strcmp(enriching_value(batch, "server.aws_service", 0), service) != 0)
            fail_msg("case %zu: %s, %s", i,
                     enriching_value(batch, "client.availability_zone_id", 0),
                     enriching_value(batch, "server.aws_service", 0));
        flowenrich_batch_free(batch);
    }
    flowenrich_enricher_free(enricher);
}

/* ---- Over time. ---- */

/* Who had what, by a document every two hours: who has 10.0.1.7 changes, and the tag of eni-4. */
static flowenrich_snapshot *inventory_over_time(void)
{
    static const struct {
        const char *seventh, *tag;
    } then[] = { { "eni-2", "shop" }, { "eni-3", "bank" }, { "eni-2", "bank" } };
    flowenrich_catalog_options options = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_error error = { 0 };
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;

    options.assume = 1200;
    enriching_must(flowenrich_catalog_new(&catalog, &options, &error), &error);
    for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
        flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
        char json[1024];
        const int len = snprintf(
            json, sizeof json,
            "{\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\","
            " \"PrivateIpAddress\": \"10.0.1.5\"}, {\"NetworkInterfaceId\": \"%s\","
            " \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.7\"},"
            " {\"NetworkInterfaceId\": \"eni-4\", \"VpcId\": \"vpc-1\","
            " \"PrivateIpAddress\": \"10.0.1.8\","
            " \"TagSet\": [{\"Key\": \"app\", \"Value\": \"%s\"}]}]}",
            then[i].seventh, then[i].tag);

        document.observed_at = ENRICHING_ELEVEN + 7200 * (flowenrich_time)i;
        enriching_must(flowenrich_catalog_load(catalog, json, (size_t)len, &document, NULL, &error),
                       &error);
    }
    enriching_must(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    flowenrich_catalog_free(catalog);
    return snapshot;
}

/* A record of some second from two hours before the first document to two after the last. */
static void print_record(char *out, uint64_t *seed)
{
    static const char *const addresses[] = { "10.0.1.5", "10.0.1.7", "10.0.1.8", "52.1.1.1" };
    uint32_t drawn[4];
    flowenrich_time start;

    for (size_t i = 0; i < 4; i++) {
        *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        drawn[i] = (uint32_t)(*seed >> 33);
    }
    start = ENRICHING_ELEVEN - 7200 + (flowenrich_time)(drawn[0] % (8 * 3600));
    sprintf(out, "eni-%u %s %s %lld %lld OK\n", 1 + drawn[1] % 4, addresses[drawn[2] % 4],
            addresses[drawn[3] % 4], (long long)start, (long long)start + drawn[1] / 4 % 2 * 300);
}

/* Of one record by itself, an enricher that has kept nothing has the same answers. */
static void assert_found(flowenrich_snapshot *snapshot, const char *header, const char *record,
                         const flowenrich_batch *all, size_t row)
{
    flowenrich_enricher *enricher = enriching_enricher(flowenrich_snapshot_ref(snapshot), NULL);
    flowenrich_batch *one;
    char log[256];

    assert_in_range(snprintf(log, sizeof log, "%s%s", header, record), 1, sizeof log - 1);
    one = enriching_parse(log);
    enrich(enricher, one);
    for (fle_end end = FLE_CLIENT; end <= FLE_SERVER; end++) {
        const flowenrich_answer *kept = fle_batch_answer(all, end, row);
        const flowenrich_answer *found = fle_batch_answer(one, end, 0);

        if (!fle_answer_equal(kept, found) || kept->first != found->first ||
            kept->last != found->last || !fle_text_equal(kept->rival, found->rival))
            fail_msg("%s, of %s", fle_end_names[end], record);
    }
    flowenrich_batch_free(one);
    flowenrich_enricher_free(enricher);
}

/* Across changes, too, and whatever was asked before, in that batch and in others. */
static void what_is_kept_is_what_would_be_found(void **state)
{
    static const char header[] = "interface-id srcaddr dstaddr start end log-status\n";
    enum { BATCHES = 40, ROWS = 32, LINE = 80 };
    flowenrich_snapshot *snapshot = inventory_over_time();
    flowenrich_enricher *enricher = enriching_enricher(flowenrich_snapshot_ref(snapshot), NULL);
    uint64_t seed = 1;

    (void)state;
    for (size_t i = 0; i < BATCHES; i++) {
        char log[sizeof header + ROWS * LINE], records[ROWS][LINE];
        flowenrich_batch *batch;
        int len = sprintf(log, "%s", header);

        for (size_t row = 0; row < ROWS; row++) {
            print_record(records[row], &seed);
            len += sprintf(log + len, "%s", records[row]);
        }
        batch = enriching_parse(log);
        enrich(enricher, batch);
        for (size_t row = 0; row < ROWS; row++)
            assert_found(snapshot, header, records[row], batch, row);
        flowenrich_batch_free(batch);
    }
    flowenrich_enricher_free(enricher);
    flowenrich_snapshot_free(snapshot);
}

/* ---- Memory. ---- */

/* A row whose destination nobody has: its interface, of which no document tells, is new. */
static flowenrich_batch *strangers(unsigned from)
{
    enum { ROWS = 50, LINE = 80 };
    static char log[(ROWS + 1) * LINE];
    int len = sprintf(log, "interface-id flow-direction srcaddr dstaddr log-status\n");

    for (unsigned i = from; i < from + ROWS; i++)
        len += sprintf(log + len, "eni-%u egress 10.0.0.1 10.0.0.2 OK\n", i);
    return enriching_parse(log);
}

static void they_take_no_more_memory_than_they_may(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(inventory("shop"), NULL);
    size_t most = 0;
    (void)state;

    for (unsigned i = 0; i < 300; i++) {
        flowenrich_batch *batch = strangers(50 * i);
        size_t bytes;

        enrich(enricher, batch);
        bytes = enricher->inquiries.kept.memory->arena.bytes;
        most = bytes > most ? bytes : most;
        flowenrich_batch_free(batch);
    }
    assert_in_range(most, FLE_KEPT_BYTES / 2, FLE_KEPT_BYTES + (1 << 20));
    flowenrich_enricher_free(enricher);
}

/* An enricher that memory runs out of is as good as new once there is some. */
static void each_allocation_may_fail(void **state)
{
    flowenrich_snapshot *snapshot = inventory("shop");
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { .succeed = SIZE_MAX };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
        flowenrich_batch *batch = enriching_parse(log_of_two);
        flowenrich_error error = { 0 };
        flowenrich_enricher *enricher;

        options.allocator = &allocator;
        enriching_must(flowenrich_enricher_new(&enricher, &options, &error), &error);
        enriching_must(flowenrich_enricher_set_snapshot(enricher, snapshot, &error), &error);
        f.succeed = n;
        status = flowenrich_enricher_enrich(enricher, batch, &error);
        f.succeed = SIZE_MAX;
        enrich(enricher, batch);
        assert_string_equal(enriching_value(batch, "server.tags.app", 0), "shop");
        assert_string_equal(enriching_value(batch, "client.availability_zone_id", 0), "use1-az1");
        flowenrich_enricher_free(enricher);
        flowenrich_batch_free(batch);
        assert_int_equal(f.live, 0);
    }
    flowenrich_snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_batch_has_the_same_answers),
        cmocka_unit_test(another_snapshot_has_its_own_answers),
        cmocka_unit_test(a_snapshot_that_has_gone_leaves_nothing_behind),
        cmocka_unit_test(what_a_record_says_isnt_told_of_another),
        cmocka_unit_test(what_is_kept_is_what_would_be_found),
        cmocka_unit_test(they_take_no_more_memory_than_they_may),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
