/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of explanations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"OwnerId\": \"111122223333\","
    " \"AvailabilityZone\": \"us-east-1a\", \"PrivateIpAddress\": \"10.0.1.5\","
    " \"Attachment\": {\"InstanceId\": \"i-1\"}},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"OwnerId\": \"111122223333\","
    " \"AvailabilityZone\": \"us-east-1a\", \"PrivateIpAddress\": \"10.0.1.7\"}]}";

static const char header[] =
    "interface-id flow-direction srcaddr dstaddr pkt-srcaddr srcport dstport "
    "protocol action tcp-flags start end log-status\n";

/* The explanation of the first row of a log. */
static void explain(const char *values, char *out, size_t cap)
{
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);
    char log[512];
    flowenrich_batch *batch;
    size_t len;

    snprintf(log, sizeof log, "%s%s\n", header, values);
    batch = enriching_parse(log);
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_enricher_explain(enricher, batch, 0, out, cap - 1, &len, NULL),
                     FLOWENRICH_OK);
    out[len] = '\0';
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void a_whole_explanation_reads_like_this(void **state)
{
    static const char wanted[] =
        "Record\n"
        "  traffic     10.0.1.5:41276 to 10.0.1.7:22, tcp\n"
        "  logged by   eni-1, ec2:instance\n"
        "  own side    the source: the inventory knows it as the logging interface's\n"
        "\n"
        "Client 10.0.1.5:41276, the source\n"
        "  asked       who is eni-1, whose own address this is\n"
        "  answer      eni-1, ec2:instance, us-east-1\n"
        "              arn:aws:ec2:us-east-1:111122223333:instance/i-1\n"
        "  named by    interface: it is the interface that logged the record\n"
        "  sure        exact: the record itself names the interface\n"
        "\n"
        "Server 10.0.1.7:22, the destination\n"
        "  asked       who held this address, as seen from vpc-1\n"
        "  at          2026-03-02 11:59:00 UTC to 2026-03-02 12:02:00 UTC (the record's, 60 s "
        "wider)\n"
        "  answer      eni-2, ec2:interface, us-east-1\n"
        "              arn:aws:ec2:us-east-1:111122223333:network-interface/eni-2\n"
        "  named by    address: it held the private address\n"
        "  sure        sighted: it was seen before and after the record, and nobody else between\n"
        "  seen        with it at 2026-03-02 11:00:00 UTC and at 2026-03-02 13:00:00 UTC\n"
        "\n"
        "Why the source is the client\n"
        "  syn         no: its tcp-flags (0) hold no SYN\n"
        "  rejected    no: it wasn't rejected\n"
        "  listener    no: neither is a known listener\n"
        "  port-name   yes: port 22 is ssh, and 41276 has no name (confidence 0.8)\n"
        "\n"
        "Between them\n"
        "  scope       same-vpc: the ends are in one VPC; the zone of one isn't known\n"
        "  path        same-vpc: from where the two addresses lie\n";
    char text[4096];

    (void)state;
    explain("eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 1772452800 1772452860 OK", text,
            sizeof text);
    assert_string_equal(text, wanted);
}

static void everything_that_matters_is_said(void **state)
{
    static const struct {
        const char *values, *said;
    } cases[] = {
        { "eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 1772452800 1772452860 OK",
          "syn         no: its tcp-flags (0) hold no SYN\n" },
        { "eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 1772452800 1772452860 OK",
          "port-name   yes: port 22 is ssh, and 41276 has no name (confidence 0.8)\n" },
        { "eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 1772452800 1772452860 OK",
          "seen        with it at 2026-03-02 11:00:00 UTC and at 2026-03-02 13:00:00 UTC\n" },
        { "eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 1772452800 1772452860 OK",
          "path        same-vpc: from where the two addresses lie\n" },
        { "eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 1773452800 1773452860 OK",
          "answer      nobody (not_observed_then): " },
        { "eni-1 - 10.0.1.5 10.0.1.7 - 41276 22 6 ACCEPT 0 - - OK",
          "at          any time: the log has no times\n" },
        { "eni-1 egress 10.0.1.5 8.8.8.8 10.0.9.9 41276 22 6 ACCEPT 2 1772452800 1772452860 OK",
          "hop         the packet's address on its own side isn't one of its own" },
        { "eni-1 egress 10.0.1.5 8.8.8.8 - 41276 22 6 REJECT - 1772452800 1772452860 OK",
          "rejected    yes: who is refused is who asked (confidence 0.9)\n" },
        { "eni-1 egress 10.0.1.5 8.8.8.8 - 41276 22 6 REJECT - 1772452800 1772452860 OK",
          "remedy      if it is yours: load describe-addresses" },
        { "eni-9 - 10.0.1.9 10.0.1.7 - 0 0 1 ACCEPT - 1772452800 1772452860 OK",
          "logged by   eni-9, which no document of the inventory has\n" },
        { "eni-9 - 10.0.1.9 10.0.1.7 - 0 0 1 ACCEPT - 1772452800 1772452860 OK",
          "none        nothing tells them apart" },
        { "eni-9 egress 2001:db8::1 2001:db8::2 - 41276 22 6 ACCEPT 2 1772452800 1772452860 OK",
          "Client [2001:db8::1]:41276, the source\n" },
        { "- - - - - - - - - - 1772452800 1772452860 OK", "no address to no address" },
        { "eni-1 - - - - - - - - - 1772452800 1772452860 NODATA", "NODATA says" },
        { "eni-1 - - - - - - - - - 1772452800 1772452860 SKIPDATA", "SKIPDATA says" },
    };
    char text[4096];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        explain(cases[i].values, text, sizeof text);
        if (!strstr(text, cases[i].said))
            fail_msg("'%s' isn't said of %s:\n%s", cases[i].said, cases[i].values, text);
        for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
            assert_in_range(strcspn(line, "\n"), 0, 100);
    }
}

static void a_short_buffer_gets_the_beginning_and_the_length(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_batch *batch = enriching_parse("srcaddr dstaddr log-status\n10.0.0.1 8.8.8.8 OK\n");
    char buf[8] = "xxxxxxx";
    size_t len = 0;

    (void)state;
    assert_int_equal(flowenrich_enricher_explain(enricher, batch, 0, buf, 6, &len, NULL),
                     FLOWENRICH_ERR_ARG); /* not enriched */
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_enricher_explain(enricher, batch, 0, buf, 6, &len, NULL),
                     FLOWENRICH_ERR_LIMIT);
    assert_string_equal(buf, "Recordx");
    assert_true(len > 100);
    assert_int_equal(flowenrich_enricher_explain(enricher, batch, 0, NULL, 0, &len, NULL),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(flowenrich_enricher_explain(enricher, batch, 1, buf, 6, &len, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_explain(enricher, batch, 0, buf, 6, NULL, NULL),
                     FLOWENRICH_ERR_ARG);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_explanation_reads_like_this),
        cmocka_unit_test(everything_that_matters_is_said),
        cmocka_unit_test(a_short_buffer_gets_the_beginning_and_the_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
