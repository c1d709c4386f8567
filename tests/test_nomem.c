/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole run, with every allocation failing once: those through our hook, then
 * every malloc of the process, which reaches into libyaml as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "flowenrich.h"

/* glibc lets a program take malloc over; sanitizers want it for themselves. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TAKE_MALLOC 1
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef TAKE_MALLOC
#endif
#endif
#endif

static const char interfaces[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\","
    " \"OwnerId\": \"111122223333\", \"AvailabilityZone\": \"us-east-1a\","
    " \"Attachment\": {\"InstanceId\": \"i-1\", \"AttachTime\": \"2026-11-01T00:00:00Z\"},"
    " \"Groups\": [{\"GroupId\": \"sg-1\"}], \"TagSet\": [{\"Key\": \"app\", \"Value\": \"web\"}],"
    " \"PrivateIpAddresses\": [{\"PrivateIpAddress\": \"10.0.1.5\", \"Primary\": true,"
    "  \"Association\": {\"PublicIp\": \"198.51.100.7\"}}]},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\","
    " \"OwnerId\": \"111122223333\", \"InterfaceType\": \"lambda\", \"RequesterManaged\": true,"
    " \"Description\": \"AWS Lambda VPC ENI-pay-3f0e5a1c-90aa-4b8e-8f5e-000000000001\","
    " \"PrivateIpAddress\": \"10.0.1.6\","
    " \"Ipv4Prefixes\": [{\"Ipv4Prefix\": \"10.0.1.64/28\"}]}]}";

static const char networks[] =
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\"}]}"
    "{\"Subnets\": [{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\","
    " \"CidrBlock\": \"10.0.1.0/24\","
    " \"AvailabilityZone\": \"us-east-1a\", \"AvailabilityZoneId\": \"use1-az1\"}]}"
    "{\"createDate\": \"2026-11-20-00-00-00\", \"prefixes\": [{\"ip_prefix\": \"52.216.0.0/15\","
    " \"region\": \"us-east-1\", \"service\": \"S3\", \"network_border_group\": \"us-east-1\"}]}";

static const char events[] =
    "{\"Records\": [{\"eventName\": \"CreateTags\", \"eventTime\": \"2026-11-20T10:00:00Z\","
    " \"eventID\": \"1\", \"awsRegion\": \"us-east-1\", \"requestParameters\": {\"resourcesSet\":"
    " {\"items\": [{\"resourceId\": \"i-1\"}]}, \"tagSet\": {\"items\": [{\"key\": \"a\", "
    "\"value\":"
    " \"b\"}]}}}, {\"eventName\": \"TerminateInstances\", \"eventTime\": \"2026-11-20T11:00:00Z\","
    " \"requestParameters\": {\"instancesSet\": {\"items\": [{\"instanceId\": \"i-1\"}]}}}]}";

static const char config[] = "version: 1\n"
                             "networks:\n"
                             "  - {cidr: 192.0.2.0/24, name: office, tags: {site: hq}}\n"
                             "listeners:\n"
                             "  - {protocol: tcp, port: 8443, name: api}\n";

static const char log_text[] =
    "version interface-id srcaddr dstaddr srcport dstport protocol bytes start end action "
    "log-status my-field instance-tag\n"
    "5 eni-1 10.0.1.5 10.0.1.6 41000 443 6 4249 1795168800 1795168860 ACCEPT OK x a%20b\n"
    "5 eni-2 10.0.1.5 10.0.1.6 41000 443 6 4249 1795168800 1795168860 ACCEPT OK x a%20b\n"
    "5 eni-1 2001:db8::1 2001:db8::2 1 2 6 9 1795168800 1795168860 ACCEPT OK - -\n"
    "5 eni-1 10.0.1.5 52.216.0.1 41001 443 6 99 1795168800 1795168860 ACCEPT OK - -\n"
    "5 eni-1 192.0.2.9 10.0.1.5 41002 8443 6 99 1795168800 1795168860 REJECT OK - -\n"
    "5 eni-1 10.0.1.70 bogus 41002 8443 6 99 1795168800 1795168860 REJECT OK - -\n"
    "5 eni-1 - - - - - - 1795168800 1795168860 - NODATA - -\n";

struct run {
    const flowenrich_allocator *allocator;
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_batch *batch, *groups;
    flowenrich_parser *parser;
    flowenrich_enricher *enricher;
    flowenrich_aggregator *aggregator;
    flowenrich_encoder *encoder;
};

/* Stop at the first call that isn't OK. */
#define DO(call)                                                                                   \
    do {                                                                                           \
        const flowenrich_status s = call;                                                          \
                                                                                                   \
        if (s != FLOWENRICH_OK)                                                                    \
            return s;                                                                              \
    } while (0)

static flowenrich_status load_all(struct run *run)
{
    flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;

    opt.allocator = run->allocator;
    document.observed_at = 1795167000;
    DO(flowenrich_catalog_new(&run->catalog, &opt, NULL));
    DO(flowenrich_catalog_load(run->catalog, interfaces, sizeof interfaces - 1, &document, NULL,
                               NULL));
    DO(flowenrich_catalog_load(run->catalog, networks, sizeof networks - 1, &document, NULL, NULL));
    DO(flowenrich_catalog_load(run->catalog, events, sizeof events - 1, &document, NULL, NULL));
    return flowenrich_catalog_publish(run->catalog, &run->snapshot, NULL);
}

static flowenrich_status make_enricher(struct run *run)
{
    flowenrich_options plain = FLOWENRICH_OPTIONS_INIT;
    flowenrich_enricher_options opt = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_resolver resolver;

    plain.allocator = opt.allocator = run->allocator;
    opt.config = config;
    opt.config_len = sizeof config - 1;
    DO(flowenrich_enricher_new(&run->enricher, &opt, NULL));
    DO(flowenrich_enricher_set_snapshot(run->enricher, run->snapshot, NULL));
    DO(flowenrich_resolver_networks(&resolver, config, sizeof config - 1, &plain, NULL));
    return flowenrich_enricher_add_resolver(run->enricher, &resolver, NULL);
}

static flowenrich_status parse_all(struct run *run)
{
    flowenrich_options plain = FLOWENRICH_OPTIONS_INIT;
    flowenrich_parser_options opt = FLOWENRICH_PARSER_OPTIONS_INIT;
    size_t used;

    plain.allocator = opt.allocator = run->allocator;
    DO(flowenrich_batch_new(&run->batch, 16, &plain, NULL));
    DO(flowenrich_parser_new(&run->parser, &opt, NULL));
    DO(flowenrich_parser_parse(run->parser, log_text, 200, &used, run->batch, NULL));
    DO(flowenrich_parser_parse(run->parser, log_text + 200, sizeof log_text - 201, &used,
                               run->batch, NULL));
    return flowenrich_parser_finish(run->parser, run->batch, NULL, NULL);
}

/* The first of two passes, and one that goes on after a snapshot was made. */
static flowenrich_status learn_all(struct run *run)
{
    DO(parse_all(run));
    for (int i = 0; i < 2; i++) {
        flowenrich_snapshot_free(run->snapshot);
        run->snapshot = NULL;
        DO(flowenrich_catalog_learn(run->catalog, run->batch, NULL));
        DO(flowenrich_catalog_publish(run->catalog, &run->snapshot, NULL));
        DO(flowenrich_enricher_set_snapshot(run->enricher, run->snapshot, NULL));
    }
    return FLOWENRICH_OK;
}

static flowenrich_status write_all(struct run *run)
{
    static const char *const by[] = { "client.tags.app", "server.type", "dstport" };
    flowenrich_options plain = FLOWENRICH_OPTIONS_INIT;
    flowenrich_aggregator_options groups = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_encoder_options opt = FLOWENRICH_ENCODER_OPTIONS_INIT;
    static char out[16384];
    size_t row = 0, len;

    plain.allocator = groups.allocator = opt.allocator = run->allocator;
    groups.by = by;
    groups.by_count = sizeof by / sizeof *by;
    DO(flowenrich_aggregator_new(&run->aggregator, &groups, NULL));
    DO(flowenrich_aggregator_add(run->aggregator, run->batch, NULL));
    DO(flowenrich_batch_new(&run->groups, 16, &plain, NULL));
    DO(flowenrich_aggregator_take(run->aggregator, run->groups, NULL));
    DO(flowenrich_encoder_new(&run->encoder, "json", &opt, NULL));
    DO(flowenrich_encoder_encode(run->encoder, run->batch, &row, out, sizeof out, &len, NULL));
    row = 0;
    DO(flowenrich_encoder_encode(run->encoder, run->groups, &row, out, sizeof out, &len, NULL));
    DO(flowenrich_enricher_explain(run->enricher, run->batch, 0, out, sizeof out, &len, NULL));
    return FLOWENRICH_OK;
}

static flowenrich_status run_all(struct run *run)
{
    DO(load_all(run));
    DO(make_enricher(run));
    DO(learn_all(run));
    DO(flowenrich_enricher_enrich(run->enricher, run->batch, NULL));
    return write_all(run);
}

static flowenrich_status run_once(const flowenrich_allocator *allocator)
{
    struct run run = { .allocator = allocator };
    const flowenrich_status status = run_all(&run);

    flowenrich_encoder_free(run.encoder);
    flowenrich_aggregator_free(run.aggregator);
    flowenrich_batch_free(run.groups);
    flowenrich_batch_free(run.batch);
    flowenrich_parser_free(run.parser);
    flowenrich_enricher_free(run.enricher);
    flowenrich_snapshot_free(run.snapshot);
    flowenrich_catalog_free(run.catalog);
    return status;
}

static void every_allocation_of_ours_may_fail(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    size_t n;
    (void)state;

    for (n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);

        status = run_once(&allocator);
        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_NOMEM)
            fail_msg("with allocation %zu failing: %s", n, flowenrich_status_name(status));
        if (f.live != 0 || f.misled != 0)
            fail_msg("with allocation %zu failing: %zu pieces not freed, %zu wrong lengths", n,
                     f.live, f.misled);
    }
    print_message("%zu allocations\n", n - 1);
    assert_true(n > 100);
}

#ifdef TAKE_MALLOC

extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t n, size_t len);
extern void *__libc_realloc(void *memory, size_t len);

static size_t fail_at; /* this allocation from now fails; 0 = none */
static size_t made;

/* Only one call fails, not all from there on: who goes on after it is seen as well. */
static int fails(void)
{
    return ++made == fail_at;
}

void *malloc(size_t len)
{
    return fails() ? NULL : __libc_malloc(len);
}

void *calloc(size_t n, size_t len)
{
    return fails() ? NULL : __libc_calloc(n, len);
}

void *realloc(void *memory, size_t len)
{
    return fails() ? NULL : __libc_realloc(memory, len);
}

/* What a run gives that isn't told of the failure must be what it always gives. */
static void every_malloc_may_fail(void **state)
{
    size_t total;
    (void)state;

    made = 0;
    assert_int_equal(run_once(NULL), FLOWENRICH_OK);
    total = made;
    for (size_t n = 1; n <= total; n++) {
        flowenrich_status status;

        made = 0;
        fail_at = n;
        status = run_once(NULL);
        fail_at = 0;
        if (status != FLOWENRICH_ERR_NOMEM)
            fail_msg("with malloc %zu of %zu failing: %s", n, total,
                     flowenrich_status_name(status));
    }
    print_message("%zu allocations\n", total);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_ours_may_fail),
#ifdef TAKE_MALLOC
        cmocka_unit_test(every_malloc_may_fail),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
