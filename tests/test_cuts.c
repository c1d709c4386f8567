/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a log comes out as the same bytes, however it is cut into batches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"

#define RECORDS 300
#define LOG_BYTES (RECORDS * 256)
#define OUT_BYTES (RECORDS * 2048)

static const char header[] =
    "interface-id vpc-id az-id flow-direction pkt-dst-aws-service next-hop-interface-id "
    "srcaddr dstaddr srcport dstport protocol bytes start end log-status\n";

/* Owners known by the interface, the address, a range, a network; nobody; what the record says. */
static const char *const lines[] = {
    "eni-1 vpc-1 use1-az1 egress - - 10.0.1.5 10.0.1.7 41000 443 6 99",
    "eni-1 vpc-1 use1-az2 egress - - 10.0.1.5 10.0.1.7 41000 443 6 98",
    "eni-1 vpc-1 - ingress - - 10.0.1.7 10.0.1.5 443 41000 6 97",
    "eni-9 vpc-1 use1-az1 egress - - 10.0.1.6 10.0.9.9 41000 5432 6 96",
    "eni-9 vpc-2 use1-az2 egress - - 10.0.1.6 10.0.9.9 41000 5432 6 95",
    "eni-1 vpc-1 use1-az1 egress S3 - 10.0.1.5 52.216.0.9 41001 443 6 94",
    "eni-1 vpc-1 use1-az1 egress DYNAMODB - 10.0.1.5 203.0.113.9 41001 443 6 93",
    "eni-1 vpc-1 use1-az1 egress - - 10.0.1.5 203.0.113.9 41001 443 6 92",
    "eni-1 vpc-1 use1-az1 egress - - 10.0.1.5 198.51.100.7 41001 443 6 91",
    "eni-1 vpc-1 use1-az1 egress - - 10.0.1.5 198.51.100.8 41001 443 6 90",
    "eni-1 vpc-1 use1-az1 egress - - 10.0.1.5 192.0.2.7 41001 443 6 89",
    "eni-1 vpc-1 use1-az1 egress - eni-8 10.0.1.5 10.0.1.8 41001 443 6 88",
    "- - - - - - - 10.0.1.5 - - 1 87",
};

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.5\","
    " \"TagSet\": [{\"Key\": \"app\", \"Value\": \"shop\"}]},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.7\","
    " \"Association\": {\"PublicIp\": \"198.51.100.7\"}},"
    "{\"NetworkInterfaceId\": \"eni-3\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.9\","
    " \"Association\": {\"PublicIp\": \"198.51.100.8\"}}]}"
    "{\"createDate\": \"2026-03-01-00-00-00\", \"prefixes\": ["
    "{\"ip_prefix\": \"52.216.0.0/15\", \"region\": \"us-east-1\", \"service\": \"S3\"}]}";

static const char config[] = "networks:\n- {cidr: 192.0.2.0/24, name: office}\n";

/* Times from before the first sighting until after the last. */
static void write_log(char log[LOG_BYTES])
{
    size_t len = (size_t)snprintf(log, LOG_BYTES, "%s", header);

    for (size_t i = 0; i < RECORDS; i++) {
        const int start = ENRICHING_ELEVEN - 3600 + (int)(i * 7919 % 14400);

        len += (size_t)snprintf(log + len, LOG_BYTES - len, "%s %d %d OK\n",
                                lines[i * 31 % (sizeof lines / sizeof *lines)], start, start + 60);
    }
}

static flowenrich_error error; /* of the call under way */

typedef struct line_up {
    flowenrich_enricher *enricher;
    flowenrich_encoder *encoder;
    char *out;
    size_t len;
} line_up;

static void take(line_up *l, flowenrich_batch *batch)
{
    size_t row = 0, len;

    enriching_must(flowenrich_enricher_enrich(l->enricher, batch, &error), &error);
    while (row < flowenrich_batch_rows(batch)) {
        enriching_must(flowenrich_encoder_encode(l->encoder, batch, &row, l->out + l->len,
                                                 OUT_BYTES - l->len, &len, &error),
                       &error);
        l->len += len;
    }
}

/* 'anew': a batch of its own for each cut, which may come to lie where the last one lay. */
static void run(line_up *l, const char *log, size_t capacity, bool anew)
{
    const size_t all = strlen(log);
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    size_t used;

    l->len = 0;
    enriching_must(flowenrich_parser_new(&parser, NULL, &error), &error);
    enriching_must(flowenrich_batch_new(&batch, capacity, NULL, &error), &error);
    for (size_t done = 0; done < all; done += used) {
        enriching_must(
            flowenrich_parser_parse(parser, log + done, all - done, &used, batch, &error), &error);
        take(l, batch);
        flowenrich_batch_clear(batch);
        if (anew) {
            flowenrich_batch_free(batch);
            enriching_must(flowenrich_batch_new(&batch, capacity, NULL, &error), &error);
        }
    }
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
}

static void the_bytes_are_the_same_for_any_size_of_batch(void **state)
{
    static const struct {
        bool has_inventory;
        const char *config;
    } with[] = { { false, NULL }, { true, NULL }, { true, config } };
    static const size_t capacities[] = { 1, 7, 2048 };
    static char log[LOG_BYTES], expected[OUT_BYTES], got[OUT_BYTES];

    (void)state;
    write_log(log);
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        line_up l = { .out = expected };
        size_t len;

        l.enricher = enriching_enricher(
            with[i].has_inventory ? enriching_inventory(inventory) : NULL, with[i].config);
        enriching_must(flowenrich_encoder_new(&l.encoder, "json", NULL, &error), &error);
        run(&l, log, RECORDS, false);
        len = l.len;
        assert_true(len > RECORDS * 100);
        l.out = got;
        for (size_t k = 0; k < 2 * sizeof capacities / sizeof *capacities; k++) {
            run(&l, log, capacities[k / 2], k % 2 != 0);
            if (l.len != len || memcmp(got, expected, len) != 0)
                fail_msg("%zu: batches of %zu rows%s", i, capacities[k / 2],
                         k % 2 != 0 ? ", each anew" : "");
        }
        flowenrich_encoder_free(l.encoder);
        flowenrich_enricher_free(l.enricher);
    }
}

/* One batch by turns for enrichers that know different things, and for two encoders. */
static void nothing_is_taken_from_another_enricher(void **state)
{
    static char log[LOG_BYTES], got[2][OUT_BYTES], expected[2][OUT_BYTES];
    flowenrich_batch *batch = NULL;

    (void)state;
    write_log(log);
    for (size_t round = 0; round < 4; round++) {
        const size_t which = round % 2;
        line_up l = { .out = expected[which] };

        l.enricher = enriching_enricher(enriching_inventory(inventory), which ? config : NULL);
        enriching_must(flowenrich_encoder_new(&l.encoder, "json", NULL, &error), &error);
        run(&l, log, RECORDS, false);
        l.out = got[which];
        l.len = 0;
        if (!batch) {
            flowenrich_parser *parser;
            size_t used;

            enriching_must(flowenrich_parser_new(&parser, NULL, &error), &error);
            enriching_must(flowenrich_batch_new(&batch, RECORDS, NULL, &error), &error);
            enriching_must(flowenrich_parser_parse(parser, log, strlen(log), &used, batch, &error),
                           &error);
            flowenrich_parser_free(parser);
        }
        take(&l, batch);
        take(&l, batch); /* and again, with what the first time left */
        assert_memory_equal(got[which], expected[which], l.len / 2);
        assert_memory_equal(got[which] + l.len / 2, expected[which], l.len / 2);
        flowenrich_encoder_free(l.encoder);
        flowenrich_enricher_free(l.enricher);
    }
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_the_same_for_any_size_of_batch),
        cmocka_unit_test(nothing_is_taken_from_another_enricher),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
