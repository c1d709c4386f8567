/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what records say of who logged them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "record/testimony.h"

static const char *const sides[] = { "src", "dst", "unknown" };

/* What a log of one record says of 10.0.0.1:1 to 10.0.0.2:2: "eni-1 dst overwritten". */
static const char *take(const char *log, const flowenrich_source *source, fle_mirrors **out)
{
    static char said[128];
    const fle_address a = enriching_address("10.0.0.1"), b = enriching_address("10.0.0.2");
    const fle_tuple tuple = { { &a, &b }, { 1, 2 }, 6 };
    flowenrich_batch *batch = enriching_parse_from(log, source);
    fle_allocator allocator;
    fle_mirrors *mirrors;
    fle_sight sight;
    fle_look look;

    assert_true(fle_allocator_init(&allocator, NULL));
    mirrors = fle_mirrors_new(&allocator, 7, 1 << 20);
    assert_true(fle_testimony_take(mirrors, NULL, batch, 0, batch->rows));
    flowenrich_batch_free(batch);
    said[0] = '\0';
    fle_look_begin(&look, mirrors, &tuple, 90, 110);
    while (fle_look_next(&look, &sight))
        snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s %s%s", said[0] ? ", " : "",
                 sight.witness->id.data, sides[sight.own], sight.overwritten ? " overwritten" : "");
    if (out)
        *out = mirrors;
    else
        fle_mirrors_free(mirrors);
    return said;
}

#define PORTS "srcport dstport protocol start end log-status "
#define VALUES "1 2 6 100 100 OK "

static void a_record_tells_the_side_of_who_logged_it(void **state)
{
    static const struct {
        const char *log, *said;
    } cases[] = {
        { PORTS "interface-id srcaddr dstaddr\n" VALUES "eni-1 10.0.0.1 10.0.0.2\n",
          "eni-1 unknown" },
        { PORTS "interface-id srcaddr dstaddr flow-direction\n" VALUES
                "eni-1 10.0.0.1 10.0.0.2 egress\n",
          "eni-1 src" },
        { PORTS "interface-id srcaddr dstaddr flow-direction\n" VALUES
                "eni-1 10.0.0.1 10.0.0.2 ingress\n",
          "eni-1 dst" },
        /* the packet's own address is what counts */
        { PORTS "interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr flow-direction\n" VALUES
                "eni-1 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.2 ingress\n",
          "eni-1 dst overwritten" },
        { PORTS "interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr flow-direction\n" VALUES
                "eni-1 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 ingress\n",
          "eni-1 dst" },
        /* without a direction, what was overwritten is the observer's */
        { PORTS "interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr\n" VALUES
                "eni-1 10.0.0.9 10.0.0.2 10.0.0.1 10.0.0.2\n",
          "eni-1 src overwritten" },
        { PORTS "interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr\n" VALUES
                "eni-1 10.0.0.9 10.0.0.8 10.0.0.1 10.0.0.2\n",
          "" },
        /* REJECT proves no less */
        { PORTS "interface-id srcaddr dstaddr flow-direction action\n" VALUES
                "eni-1 10.0.0.1 10.0.0.2 ingress REJECT\n",
          "eni-1 dst" },
        /* only a start, only an end */
        { "srcport dstport protocol start interface-id srcaddr dstaddr\n"
          "1 2 6 100 eni-1 10.0.0.1 10.0.0.2\n",
          "eni-1 unknown" },
        { "srcport dstport protocol end interface-id srcaddr dstaddr\n"
          "1 2 6 100 eni-1 10.0.0.1 10.0.0.2\n",
          "eni-1 unknown" },
        /* who logged it, or when, isn't known */
        { "srcport dstport protocol interface-id srcaddr dstaddr\n"
          "1 2 6 eni-1 10.0.0.1 10.0.0.2\n",
          "" },
        { PORTS "srcaddr dstaddr\n" VALUES "10.0.0.1 10.0.0.2\n", "" },
        { PORTS "interface-id resource-id srcaddr dstaddr\n" VALUES "- nat-1 10.0.0.1 10.0.0.2\n",
          "" },
        { PORTS "interface-id tgw-id srcaddr dstaddr\n" VALUES "eni-1 tgw-1 10.0.0.1 10.0.0.2\n",
          "" },
        { PORTS "interface-id tgw-attachment-id srcaddr dstaddr\n" VALUES
                "eni-1 tgw-attach-1 10.0.0.1 10.0.0.2\n",
          "" },
        { PORTS "interface-id srcaddr dstaddr\n1 2 6 100 100 NODATA eni-1 10.0.0.1 10.0.0.2\n",
          "" },
        { PORTS "interface-id srcaddr dstaddr\n1 2 6 100 100 SKIPDATA eni-1 10.0.0.1 10.0.0.2\n",
          "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *said = take(cases[i].log, NULL, NULL);

        if (strcmp(said, cases[i].said) != 0)
            fail_msg("case %zu: '%s' instead of '%s'", i, said, cases[i].said);
    }
}

static void a_log_stream_names_who_logged_it(void **state)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    (void)state;

    source.interface_id = FLE_TEXT("eni-7");
    assert_string_equal(take(PORTS "srcaddr dstaddr\n" VALUES "10.0.0.1 10.0.0.2\n", &source, NULL),
                        "eni-7 unknown");
}

static void a_record_describes_who_logged_it(void **state)
{
    static const struct {
        const char *src, *packet;
        bool has_own, passes_on;
    } cases[] = {
        { "10.0.0.1", "10.0.0.1", true, false },
        { "10.0.0.9", "10.0.0.1", false, true },
        { "10.0.0.1", "-", false, false }, /* what isn't logged may have been overwritten */
        { "2001:db8::1", "2001:db8::1", false, false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_mirrors *mirrors;
        fle_witness *witness;
        char log[512];

        snprintf(log, sizeof log,
                 PORTS "interface-id vpc-id subnet-id instance-id region flow-direction srcaddr "
                       "pkt-srcaddr dstaddr\n" VALUES
                       "eni-1 vpc-1 subnet-1 i-1 - egress %s %s %s\n",
                 cases[i].src, cases[i].packet, i < 3 ? "10.0.0.2" : "2001:db8::2");
        (void)take(log, NULL, &mirrors);
        assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-1"), &witness));
        assert_string_equal(witness->told[FLE_TOLD_VPC].data, "vpc-1");
        assert_string_equal(witness->told[FLE_TOLD_SUBNET].data, "subnet-1");
        assert_string_equal(witness->told[FLE_TOLD_INSTANCE].data, "i-1");
        assert_int_equal(witness->told[FLE_TOLD_REGION].len, 0);
        if (witness->has_own != cases[i].has_own || witness->passed.is_known != cases[i].passes_on)
            fail_msg("case %zu", i);
        fle_mirrors_free(mirrors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_tells_the_side_of_who_logged_it),
        cmocka_unit_test(a_log_stream_names_who_logged_it),
        cmocka_unit_test(a_record_describes_who_logged_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
