/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of who held an address by what records teach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cataloging.h"
#include "enriching.h"

#define HEADER                                                                                     \
    "interface-id vpc-id subnet-id instance-id flow-direction srcaddr dstaddr pkt-srcaddr "        \
    "pkt-dstaddr srcport dstport protocol packets start end log-status\n"

/* A record of eni-1 or whoever at 10.0.0.1, whose peer doesn't matter. */
#define IN(who, vpc, own, packet)                                                                  \
    who " " vpc " subnet-1 i-1 ingress 10.0.9.9 " own " 10.0.9.9 " packet
#define OUT(who, vpc, own, packet)                                                                 \
    who " " vpc " subnet-1 i-1 egress " own " 10.0.9.9 " packet " 10.0.9.9"
#define EARLY " 1 2 6 1 0 60 OK"
#define LATE " 1 2 6 1 3600 3660 OK"
#define BETWEEN " 1 2 6 1 1800 1860 OK"

typedef struct lesson_case {
    const char *what;
    struct {
        const char *vpc, *address;
        int64_t from, until;
        const char *owner; /* "" nobody */
    };
    const char *records[5];
} lesson_case;

/* Learn the records, in the order of 'step' (1 or -1), each as a batch of its own. */
static void learn(struct cataloging *c, const char *const *records, int step)
{
    int n = 0;

    while (n < 5 && records[n])
        n++;
    for (int i = step > 0 ? 0 : n - 1; i >= 0 && i < n; i += step) {
        char log[1024];
        flowenrich_batch *batch;

        snprintf(log, sizeof log, HEADER "%s\n", records[i]);
        batch = enriching_parse(log);
        assert_int_equal(flowenrich_batch_rows(batch), 1);
        assert_int_equal(flowenrich_catalog_learn(c->catalog, batch, &c->error), FLOWENRICH_OK);
        flowenrich_batch_free(batch);
    }
}

/* Who had the case's address then; "" nobody. */
static const char *owner(struct cataloging *c, const lesson_case *l)
{
    fle_question question = { .from = l->from, .until = l->until };
    static char name[64];
    flowenrich_text id = { "", 0 };
    fle_finding finding;

    assert_int_equal(flowenrich_catalog_publish(c->catalog, &c->snapshot, &c->error),
                     FLOWENRICH_OK);
    question.space = fle_snapshot_space(c->snapshot, fle_text_of(l->vpc));
    question.address = enriching_address(l->address);
    fle_snapshot_owner(c->snapshot, &question, &finding);
    if (finding.owner)
        id = fle_snapshot_text(c->snapshot, finding.owner, FLE_ATTR_INTERFACE_ID);
    snprintf(name, sizeof name, "%.*s", (int)id.len, id.data);
    return name;
}

static void ask(struct cataloging *c, const lesson_case *l, int step)
{
    const char *who;

    learn(c, l->records, step);
    who = owner(c, l);
    if (strcmp(who, l->owner) != 0)
        fail_msg("%s: '%s'", l->what, who);
}

static void an_address_is_its_interface_s_between_two_records(void **state)
{
    static const lesson_case cases[] = {
        { "between an early record and a late one",
          { "vpc-1", "10.0.0.1", 60, 3540, "eni-1" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE } },
        { "a record proves a moment only, which may be its end",
          { "vpc-1", "10.0.0.1", 59, 3540, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE } },
        { "after the last one it holds nothing",
          { "vpc-1", "10.0.0.1", 60, 3541, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE } },
        { "signs of life extend what it holds",
          { "vpc-1", "10.0.0.1", 60, 3540, "eni-1" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            "eni-1 vpc-1 subnet-1 i-1 - - - - - - - - - 3600 3660 NODATA" } },
        { "the label is the primary address, not the packet's",
          { "vpc-1", "10.0.0.1", 60, 3540, "eni-1" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.2") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.2") LATE } },
        { "what was overwritten is only behind it",
          { "vpc-1", "10.0.0.2", 60, 3540, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.2") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.2") LATE } },
        { "the one address of egress",
          { "vpc-1", "10.0.0.1", 60, 3540, "eni-1" },
          { OUT("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            OUT("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE } },
        { "another one of egress is a secondary one, seen at times",
          { "vpc-1", "10.0.0.2", 60, 340, "eni-1" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") EARLY,
            OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") " 1 2 6 1 400 460 OK" } },
        { "the far side proves nothing",
          { "vpc-1", "10.0.9.9", 60, 3540, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE } },
        { "nor does a record without a side",
          { "vpc-1", "10.0.0.1", 60, 3540, "" },
          { "eni-1 vpc-1 subnet-1 i-1 - 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2" EARLY,
            "eni-1 vpc-1 subnet-1 i-1 - 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2" LATE } },
        { "another space is another address",
          { "vpc-2", "10.0.0.1", 60, 3540, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE,
            IN("eni-2", "vpc-2", "10.0.0.7", "10.0.0.7") EARLY } },
        { "without a space nothing is learned",
          { "vpc-1", "10.0.0.1", 60, 3540, "" },
          { IN("eni-1", "-", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "-", "10.0.0.1", "10.0.0.1") LATE } },
        { "another owner in between is a contradiction",
          { "vpc-1", "10.0.0.1", 60, 3540, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE,
            IN("eni-2", "vpc-1", "10.0.0.1", "10.0.0.1") " 1 2 6 1 1000 1060 OK",
            IN("eni-2", "vpc-1", "10.0.0.1", "10.0.0.1") " 1 2 6 1 2000 2060 OK" } },
        { "two primary addresses can't be",
          { "vpc-1", "10.0.0.1", 60, 3540, "" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") BETWEEN,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE } },
        { "IPv6 of who sends IPv4 of its own",
          { "vpc-1", "fd00::1", 60, 340, "eni-1" },
          { "eni-1 vpc-1 subnet-1 i-1 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 0 60 OK",
            "eni-1 vpc-1 subnet-1 i-1 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 400 460 OK",
            OUT("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY } },
        { "nor if another had it for a moment in between",
          { "vpc-1", "fd00::1", 60, 840, "" },
          { "eni-1 vpc-1 subnet-1 i-1 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 0 60 OK",
            "eni-1 vpc-1 subnet-1 i-1 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 900 960 OK",
            "eni-2 vpc-1 subnet-1 i-2 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 400 460 OK",
            OUT("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            OUT("eni-2", "vpc-1", "10.0.0.2", "10.0.0.2") EARLY } },
        { "a secondary one is its own, though it is overwritten where it receives",
          { "vpc-1", "10.0.0.2", 60, 340, "eni-1" },
          { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") EARLY,
            IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.2") " 1 2 6 1 200 260 OK",
            OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") " 1 2 6 1 400 460 OK" } },
        { "but not of who may pass it on",
          { "vpc-1", "fd00::1", 60, 340, "" },
          { "eni-1 vpc-1 subnet-1 i-1 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 0 60 OK",
            "eni-1 vpc-1 subnet-1 i-1 egress fd00::1 fd00::9 fd00::1 fd00::9 1 2 6 1 400 460 "
            "OK" } },
    };
    (void)state;

    for (int step = -1; step < 2; step += 2)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct cataloging c;

            assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
            ask(&c, &cases[i], step);
            assert_int_equal(cataloging_free(&c), 0);
        }
}

/* eni-a had 10.0.0.2 as a secondary address at both times, and eni-p the prefix. */
static const char interfaces[] =
    "{'NetworkInterfaces': ["
    "{'NetworkInterfaceId': 'eni-a', 'VpcId': 'vpc-1', 'PrivateIpAddresses': ["
    " {'PrivateIpAddress': '10.0.0.1', 'Primary': true},"
    " {'PrivateIpAddress': '10.0.0.2', 'Primary': false}]},"
    "{'NetworkInterfaceId': 'eni-p', 'VpcId': 'vpc-1', 'PrivateIpAddress': '10.0.0.16',"
    " 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.32/28'}]}]}";

/* Counterexample 15: it flips away and back, and both events are lost. */
static void what_was_behind_another_vetoes_a_gap_between_documents(void **state)
{
    static const lesson_case cases[] = {
        { "nobody says otherwise",
          { "vpc-1", "10.0.0.2", 1700, 1900, "eni-a" },
          { IN("eni-a", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY } },
        { "packets for it came to another",
          { "vpc-1", "10.0.0.2", 1700, 1900, "" },
          { IN("eni-b", "vpc-1", "10.0.0.7", "10.0.0.2") BETWEEN } },
        { "to its own",
          { "vpc-1", "10.0.0.2", 1700, 1900, "eni-a" },
          { IN("eni-a", "vpc-1", "10.0.0.1", "10.0.0.2") BETWEEN } },
        { "to another of another VPC",
          { "vpc-1", "10.0.0.2", 1700, 1900, "eni-a" },
          { IN("eni-b", "vpc-2", "10.0.0.7", "10.0.0.2") BETWEEN } },
        { "packets of a pod with the node's prefix",
          { "vpc-1", "10.0.0.33", 1700, 1900, "eni-p" },
          { IN("eni-p", "vpc-1", "10.0.0.16", "10.0.0.33") BETWEEN } },
        { "packets of a pod came to another node, which has the prefix, then",
          { "vpc-1", "10.0.0.34", 1700, 1900, "" },
          { IN("eni-b", "vpc-1", "10.0.0.7", "10.0.0.33") BETWEEN } },
        { "an address beside the prefix",
          { "vpc-1", "10.0.0.34", 1700, 1900, "eni-p" },
          { IN("eni-b", "vpc-1", "10.0.0.7", "10.0.0.48") BETWEEN } },
        { "of a primary address that its owner logged before and after",
          { "vpc-1", "10.0.0.1", 1700, 1900, "eni-a" },
          { IN("eni-a", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
            IN("eni-a", "vpc-1", "10.0.0.1", "10.0.0.1") LATE,
            IN("eni-b", "vpc-1", "10.0.0.7", "10.0.0.1") BETWEEN } },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c, interfaces, 1), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c, interfaces, 3600), FLOWENRICH_OK);
        ask(&c, &cases[i], 1);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

/* With room for so many sightings: an address at both ends of two hours, others in between. */
static const char *who_had_it(uint64_t max_bytes, int64_t from, int64_t until)
{
    flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;
    const lesson_case early = {
        "early",
        { "vpc-1", "10.0.0.2", from, until, NULL },
        { OUT("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
          IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
          OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") EARLY,
          OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") " 1 2 6 1 400 460 OK" },
    };
    static const char *const late[] = {
        OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") " 1 2 6 1 7200 7260 OK",
        OUT("eni-1", "vpc-1", "10.0.0.2", "10.0.0.2") " 1 2 6 1 7400 7460 OK", NULL
    };
    static char name[64];
    struct cataloging c;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    flowenrich_catalog_free(c.catalog);
    opt.allocator = &c.allocator;
    opt.max_learned_bytes = max_bytes;
    assert_int_equal(flowenrich_catalog_new(&c.catalog, &opt, &c.error), FLOWENRICH_OK);
    learn(&c, early.records, 1);
    for (int i = 0; i < 40; i++) {
        char line[256];
        const char *records[5] = { line };

        snprintf(line, sizeof line,
                 "eni-9 vpc-1 subnet-1 i-1 egress 10.0.1.%d 10.0.9.9 10.0.1.%d 10.0.9.9" BETWEEN, i,
                 i);
        learn(&c, records, 1);
    }
    learn(&c, late, 1);
    snprintf(name, sizeof name, "%s", owner(&c, &early));
    assert_int_equal(cataloging_free(&c), 0);
    return name;
}

static void where_not_all_was_seen_an_address_may_have_gone(void **state)
{
    (void)state;

    assert_string_equal(who_had_it(1 << 20, 1000, 1700), "eni-1");
    assert_string_equal(who_had_it(20000, 60, 340), "eni-1");
    assert_string_equal(who_had_it(20000, 1000, 1700), "");
}

static void who_was_only_learned_is_no_part_of_the_inventory(void **state)
{
    static const lesson_case one = {
        "it is described by its records",
        { "vpc-1", "10.0.0.1", 60, 3540, "eni-1" },
        { IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") EARLY,
          IN("eni-1", "vpc-1", "10.0.0.1", "10.0.0.1") LATE },
    };
    fle_question question = { .from = 60, .until = 3540 };
    struct cataloging c;
    fle_finding finding;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    ask(&c, &one, 1);
    assert_null(fle_snapshot_interface(c.snapshot, FLE_TEXT("eni-1")));
    assert_int_equal(flowenrich_snapshot_vpc(c.snapshot, 0).len, 0);
    question.space = fle_snapshot_space(c.snapshot, FLE_TEXT("vpc-1"));
    question.address = enriching_address("10.0.0.1");
    fle_snapshot_owner(c.snapshot, &question, &finding);
    assert_true(
        fle_text_is(fle_snapshot_text(c.snapshot, finding.owner, FLE_ATTR_SUBNET_ID), "subnet-1"));
    assert_true(
        fle_text_is(fle_snapshot_text(c.snapshot, finding.owner, FLE_ATTR_VPC_ID), "vpc-1"));
    assert_int_equal(finding.sure, FLOWENRICH_SURE_SIGHTED);
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_its_interface_s_between_two_records),
        cmocka_unit_test(what_was_behind_another_vetoes_a_gap_between_documents),
        cmocka_unit_test(where_not_all_was_seen_an_address_may_have_gone),
        cmocka_unit_test(who_was_only_learned_is_no_part_of_the_inventory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
