/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of whether a record's packets reached whoever logged the same tuple. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/proof.h"
#include "enriching.h"
#include "record/testimony.h"

#define HEADER                                                                                     \
    "interface-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "         \
    "protocol packets start end log-status subnet-id\n"

/* eni-1 at 10.0.0.1 sends to 10.0.0.2, whom eni-2 logs. */
#define SENDS "eni-1 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 7946 7946 17 "
#define RECEIVES "eni-2 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 7946 7946 17 "
#define ANOTHER "eni-3 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 7946 7946 17 "
#define APART "eni-2 ingress 10.0.0.9 10.0.0.2 10.0.0.9 10.0.0.2 1 2 17 "
#define ANOTHER_APART "eni-3 ingress 10.0.0.9 10.0.0.2 10.0.0.9 10.0.0.2 1 2 17 "
#define SECONDARY "eni-2 ingress 10.0.0.1 10.0.0.7 10.0.0.1 10.0.0.7 1 2 17 1 1000 1060"
#define PASSES_ON "eni-4 ingress 10.0.0.1 10.0.0.4 10.0.0.1 10.0.0.2 7946 7946 17 "
#define SIDELESS(who) who " - 10.0.0.1 10.0.0.2 - - 7946 7946 17 "
#define SKIPPED " - - - - - - - - - " /* SKIPDATA, and no traffic */
#define SKIPS "eni-1" SKIPPED
#define ALSO_SENDS "eni-4 egress 10.0.0.4 10.0.0.2 10.0.0.1 10.0.0.2 7946 7946 17 "

typedef struct proof_case {
    const char *what;
    const char *records[7]; /* the first is asked about */
    bool holds;
} proof_case;

/* What ended later than 'until' may still come; what came at 'lost' had no room. 0: nothing. */
static bool proves(const proof_case *c, fle_side side, const char *witness, flowenrich_time until,
                   flowenrich_time lost,
                   bool (*proof)(const fle_context *context, const fle_facts *facts, fle_side side,
                                 const fle_witness *witness))
{
    fle_context context = { .slack = 60 };
    char log[2048] = HEADER;
    fle_allocator allocator;
    fle_mirrors *mirrors;
    fle_witness *w;
    fle_facts facts;
    bool result;

    for (size_t i = 0; i < 7 && c->records[i]; i++)
        snprintf(log + strlen(log), sizeof log - strlen(log), "%s %s subnet-1\n", c->records[i],
                 strstr(c->records[i], SKIPPED) ? "SKIPDATA" : "OK");
    context.batch = enriching_parse(log);
    assert_true(fle_allocator_init(&allocator, NULL));
    mirrors = fle_mirrors_new(&allocator, 7, 1 << 20);
    assert_true(fle_testimony_take(mirrors, NULL, context.batch, 0, context.batch->rows));
    if (until > 0)
        fle_mirrors_expect(mirrors, until);
    if (lost > 0)
        fle_mirrors_drop(mirrors, lost, lost);
    context.mirrors = mirrors;
    assert_true(fle_observers_add(context.batch));
    fle_context_open(&context);
    fle_facts_read(&facts, &context, 0);
    assert_true(fle_mirrors_witness(mirrors, fle_text_of(witness), &w));
    result = proof(&context, &facts, side, w);
    fle_mirrors_free(mirrors);
    flowenrich_batch_free(context.batch);
    return result;
}

static bool is_proven(const fle_context *context, const fle_facts *facts, fle_side side,
                      const fle_witness *witness)
{
    return fle_proof_holds(context, facts, side, witness) > 0;
}

static bool holds_without(const proof_case *c, fle_side side, const char *witness,
                          flowenrich_time until, flowenrich_time lost)
{
    return proves(c, side, witness, until, lost, is_proven);
}

static bool holds(const proof_case *c, fle_side side, const char *witness)
{
    return holds_without(c, side, witness, 0, 0);
}

static void packets_that_nobody_else_can_have_had_are_the_witness_s(void **state)
{
    static const proof_case cases[] = {
        { "both counted the same", { SENDS "9 1000 1060", RECEIVES "9 1010 1070" }, true },
        { "some never came", { SENDS "9 1000 1060", RECEIVES "8 1010 1070" }, false },
        { "in two windows that don't agree",
          { SENDS "4 1060 1120", SENDS "5 1000 1059", RECEIVES "3 990 1049",
            RECEIVES "6 1050 1110" },
          true },
        { "it may be the other window whose packets came",
          { SENDS "4 1060 1120", SENDS "5 1000 1059", RECEIVES "5 990 1049" },
          false },
        { "all up to this one came, to one who was there",
          { SENDS "5 1000 1059", SENDS "4 1060 1120", RECEIVES "5 990 1049", APART "1 800 840" },
          true },
        { "but none of the next",
          { SENDS "4 1060 1120", SENDS "5 1000 1059", RECEIVES "5 990 1049", APART "1 800 840" },
          false },
        { "whoever has its primary address next takes none of those it had",
          { SENDS "5 1000 1060", SENDS "4 1061 1120", RECEIVES "5 1010 1070", ANOTHER "4 1065 1125",
            APART "1 800 840" },
          true },
        { "but not all of these were among them",
          { SENDS "5 1000 1060", SENDS "4 1061 1120", RECEIVES "4 1010 1070", ANOTHER "5 1065 1125",
            APART "1 800 840" },
          false },
        { "another may have sent them, to whom the address is a secondary one",
          { SENDS "5 1000 1060", ALSO_SENDS "6 1000 1060", RECEIVES "6 1010 1070",
            APART "1 800 840" },
          false },
        { "nor may somebody have whose address it was before, if the observer passes packets on",
          { ALSO_SENDS "5 1061 1120", SENDS "6 1000 1060", RECEIVES "6 1010 1070",
            APART "1 800 840" },
          false },
        { "unless it got them before",
          { SENDS "5 1000 1060", PASSES_ON "5 1005 1065", ALSO_SENDS "5 1005 1065",
            RECEIVES "5 1010 1070", APART "1 800 840" },
          true },
        { "all from this one on came, to somebody who stayed",
          { SENDS "4 1060 1120", SENDS "5 1000 1059", RECEIVES "4 1050 1110", APART "1 1500 1560" },
          true },
        { "but of the one before none did",
          { SENDS "5 1000 1059", SENDS "4 1060 1120", RECEIVES "4 1050 1110", APART "1 1500 1560" },
          false },
        { "records so short that either may be the first",
          { SENDS "4 1000 1000", SENDS "5 995 998", RECEIVES "5 1010 1030", APART "1 1500 1560" },
          false },
        { "longer ones, one after the other",
          { SENDS "4 1000 1060", SENDS "5 935 999", RECEIVES "5 1010 1030", APART "1 1500 1560" },
          true },
        { "a pause begins a new count",
          { SENDS "4 2000 2060", SENDS "5 1000 1059", RECEIVES "4 2010 2070" },
          true },
        { "records without packets", { SENDS "- 1000 1060", RECEIVES "- 1010 1070" }, false },
        { "of what was sent before records are missing: more came",
          { SENDS "4 1060 1120", SENDS "3 1000 1059", RECEIVES "8 990 1049", APART "1 800 840" },
          false },
        { "the observer skipped records",
          { SENDS "9 1000 1060", RECEIVES "9 1010 1070", SKIPS "1100 1160" },
          false },
        { "it skipped some later",
          { SENDS "9 1000 1060", RECEIVES "9 1010 1070", SKIPS "1131 1190" },
          true },
        { "two flow logs count twice",
          { SENDS "9 1000 1300", RECEIVES "5 1000 1300", RECEIVES "4 1010 1290" },
          false },
        { "of two of which one doesn't tell the side, the other counts",
          { SENDS "9 1000 1060", RECEIVES "9 1010 1070", SIDELESS("eni-1") "9 900 1300",
            SIDELESS("eni-2") "9 910 1310" },
          true },
        { "nor does it make up for what the other lacks",
          { SENDS "9 1000 1060", RECEIVES "8 1010 1070", SIDELESS("eni-1") "9 900 1300",
            SIDELESS("eni-2") "9 910 1310" },
          false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (holds(&cases[i], FLE_DST, "eni-2") != cases[i].holds)
            fail_msg("%s", cases[i].what);
}

static void whoever_had_the_address_before_and_after_had_it_between(void **state)
{
    static const proof_case cases[] = {
        { "its primary address, by records of other traffic",
          { SENDS "9 1000 1060", APART "1 800 940", APART "1 1120 1180" },
          true },
        { "not long enough before",
          { SENDS "9 1000 1060", APART "1 800 941", APART "1 1120 1180" },
          false },
        { "not long enough after",
          { SENDS "9 1000 1060", APART "1 800 940", APART "1 1119 1180" },
          false },
        { "an address that isn't its primary one, by records of the same tuple",
          { SENDS "9 1000 1060", RECEIVES "1 900 940", RECEIVES "1 1120 1180",
            "eni-2 ingress 10.0.0.1 10.0.0.7 10.0.0.1 10.0.0.7 1 2 17 1 1000 1060" },
          true },
        { "but not if another had it in the meantime",
          { SENDS "9 1000 1060", RECEIVES "1 700 740", ANOTHER "1 801 900", RECEIVES "1 1120 1180",
            "eni-2 ingress 10.0.0.1 10.0.0.7 10.0.0.1 10.0.0.7 1 2 17 1 1000 1060" },
          false },
        { "nor if what seems to be a record after it began before it, in the period before",
          { SENDS "9 3990 4036", RECEIVES "1 3800 3900", RECEIVES "1 3901 4200",
            "eni-2 ingress 10.0.0.1 10.0.0.7 10.0.0.1 10.0.0.7 1 2 17 1 3990 4036" },
          false },
        { "somebody who passes it on is no other",
          { SENDS "9 1000 1060", RECEIVES "1 700 740", PASSES_ON "9 1000 1060",
            RECEIVES "1 1120 1180",
            "eni-2 ingress 10.0.0.1 10.0.0.7 10.0.0.1 10.0.0.7 1 2 17 1 1000 1060" },
          true },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (holds(&cases[i], FLE_DST, "eni-2") != cases[i].holds)
            fail_msg("%s", cases[i].what);
}

/* eni-2 had 10.0.0.2 to its end, then eni-3 got it. */
static void of_two_who_logged_it_one_after_the_other_a_count_may_tell_whose_it_was(void **state)
{
    static const struct {
        proof_case proof;
        const char *witness;
    } cases[] = {
        { { "the one before, who was there first",
            { SENDS "5 1000 1060", SENDS "4 1061 1120", RECEIVES "5 1010 1070",
              ANOTHER "4 1065 1125", APART "1 800 840" },
            true },
          "eni-2" },
        { { "the next, who stayed",
            { SENDS "4 1061 1120", SENDS "5 1000 1060", RECEIVES "5 1010 1070",
              ANOTHER "4 1065 1125", ANOTHER_APART "1 1500 1560" },
            true },
          "eni-3" },
        { { "not the next, of whose packets this may be one before",
            { SENDS "5 1000 1060", SENDS "4 1061 1120", RECEIVES "5 1010 1070",
              ANOTHER "4 1065 1125", ANOTHER_APART "1 1500 1560" },
            false },
          "eni-3" },
        { { "both got some of this one",
            { SENDS "9 1000 1060", RECEIVES "5 1010 1070", ANOTHER "4 1065 1125",
              APART "1 800 840" },
            false },
          "eni-2" },
        { { "some came from another, who had the source's address before",
            { SENDS "5 1000 1060", SENDS "4 1061 1120", RECEIVES "5 1010 1070",
              ANOTHER "5 1065 1125", APART "1 800 840" },
            false },
          "eni-2" },
        { { "it isn't its primary address, and may have gone there and back",
            { SENDS "5 1000 1060", SENDS "4 1061 1120", RECEIVES "5 1010 1070",
              ANOTHER "4 1065 1125", SECONDARY },
            false },
          "eni-2" },
        { { "the observer may be either end",
            { SIDELESS("eni-1") "5 1000 1060", SIDELESS("eni-1") "4 1061 1120",
              RECEIVES "5 1010 1070", ANOTHER "4 1065 1125", APART "1 800 840" },
            false },
          "eni-2" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (proves(&cases[i].proof, FLE_DST, cases[i].witness, 0, 0, fle_proof_tells_apart) !=
            cases[i].proof.holds)
            fail_msg("%s", cases[i].proof.what);
}

#define OBSERVED_UNTIL(times) "eni-1 egress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9 1 2 17 1 " times

static void what_counts_packets_must_have_all_records_of_them(void **state)
{
    static const struct {
        proof_case proof;
        flowenrich_time until, lost;
    } cases[] = {
        { { "one is lost", { SENDS "9 1000 1060", RECEIVES "9 1010 1070" }, false }, 0, 1130 },
        { { "one of another time",
            { SENDS "9 1000 1060", RECEIVES "9 1010 1070" },
            true },
          0,
          1131 },
        { { "one may still come",
            { SENDS "9 1000 1060", RECEIVES "9 1010 1070" },
            false },
          1129,
          0 },
        { { "all have come", { SENDS "9 1000 1060", RECEIVES "9 1010 1070" }, true }, 1130, 0 },
        { { "the observer's have, which logged later ones",
            { SENDS "9 1000 1060", RECEIVES "9 1010 1070", OBSERVED_UNTIL("1430 1440") },
            true },
          1070,
          0 },
        { { "not that much later",
            { SENDS "9 1000 1060", RECEIVES "9 1010 1070", OBSERVED_UNTIL("1429 1440") },
            false },
          1070,
          0 },
        { { "all up to this one came, one of before is lost",
            { SENDS "5 1000 1059", SENDS "4 1060 1120", RECEIVES "5 990 1049", APART "1 800 840" },
            false },
          0,
          930 },
        { { "all up to this one came, what is lost is of later",
            { SENDS "5 1000 1059", SENDS "4 1060 1120", RECEIVES "5 990 1049", APART "1 800 840" },
            true },
          0,
          1120 },
        { { "all from this one on came, one of later is lost",
            { SENDS "4 1060 1120", SENDS "5 1000 1059", RECEIVES "4 1050 1110",
              APART "1 1500 1560" },
            false },
          0,
          1180 },
        { { "life needs no count",
            { SENDS "9 1000 1060", APART "1 800 940", APART "1 1120 1180" },
            true },
          900,
          1030 },
        { { "logged before and after, another's may still come",
            { SENDS "9 1000 1060", RECEIVES "1 900 940", RECEIVES "1 1120 1180", SECONDARY },
            false },
          1119,
          0 },
        { { "logged before and after, another's is lost",
            { SENDS "9 1000 1060", RECEIVES "1 900 940", RECEIVES "1 1120 1180", SECONDARY },
            false },
          0,
          1120 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (holds_without(&cases[i].proof, FLE_DST, "eni-2", cases[i].until, cases[i].lost) !=
            cases[i].proof.holds)
            fail_msg("%s", cases[i].proof.what);
}

/* What it logged may be what it sent, or what it got. */
static void an_observer_that_may_be_the_end_proves_nothing_of_others(void **state)
{
#define LOGS "eni-1 - 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 7946 7946 17 "
    static const proof_case cases[] = {
        { "both counted the same", { LOGS "9 1000 1060", RECEIVES "9 1010 1070" }, false },
        { "logged before and after",
          { LOGS "9 1000 1060", RECEIVES "1 900 940", RECEIVES "1 1120 1180", SECONDARY },
          false },
        { "its primary address, by records of other traffic",
          { LOGS "9 1000 1060", APART "1 800 940", APART "1 1120 1180" },
          true },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (holds(&cases[i], FLE_DST, "eni-2") != cases[i].holds)
            fail_msg("%s", cases[i].what);
}

/* The observer's address on its own side isn't its primary one: was it passed on, or its own? */
static void of_the_observer_s_own_side_all_must_agree(void **state)
{
#define FORWARDS "eni-4 egress 10.0.0.4 10.0.0.2 10.0.0.1 10.0.0.2 7946 7946 17 "
    static const proof_case cases[] = {
        { "passed on", { FORWARDS "9 1010 1070", SENDS "9 1000 1060" }, true },
        { "sent by the next owner", { FORWARDS "3 1070 1100", SENDS "9 1000 1060" }, false },
        { "and the answers, too",
          { FORWARDS "9 1010 1070", SENDS "9 1000 1060",
            "eni-4 ingress 10.0.0.2 10.0.0.4 10.0.0.2 10.0.0.1 7946 7946 17 3 1010 1070",
            "eni-1 ingress 10.0.0.2 10.0.0.1 10.0.0.2 10.0.0.1 7946 7946 17 3 1000 1060" },
          true },
        { "the answers came to the observer, and not to who would have sent as many",
          { FORWARDS "9 1010 1070", SENDS "9 1000 1060",
            "eni-4 ingress 10.0.0.2 10.0.0.4 10.0.0.2 10.0.0.1 7946 7946 17 3 1010 1070" },
          false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (holds(&cases[i], FLE_SRC, "eni-1") != cases[i].holds)
            fail_msg("%s", cases[i].what);
}

/* eni-2 asks who sent: somebody who logs nothing did before eni-1. */
static void packets_that_were_sent_may_not_have_come(void **state)
{
#define SENDER_APART "eni-1 egress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9 1 2 17 1 1500 1560"
    static const proof_case cases[] = {
        { "as many as came from this record on",
          { RECEIVES "5 1000 1060", RECEIVES "20 940 999", RECEIVES "4 1070 1130",
            SENDS "9 1050 1125", SENDER_APART },
          true },
        { "more, of which some came to nobody, or before",
          { RECEIVES "5 1000 1060", RECEIVES "20 940 999", RECEIVES "4 1070 1130",
            SENDS "10 1050 1125", SENDER_APART },
          false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (holds(&cases[i], FLE_SRC, "eni-1") != cases[i].holds)
            fail_msg("%s", cases[i].what);
}

/* No document has eni-2: 10.0.0.2 is another address of it than its primary one. */
static void what_did_not_come_denies_who_was_only_seen_before_and_after(void **state)
{
    static const struct {
        proof_case proof;
        flowenrich_time until;
    } cases[] = {
        { { "all came", { SENDS "9 1000 1060", RECEIVES "9 1010 1070", SECONDARY }, false }, 0 },
        { { "some didn't", { SENDS "9 1000 1060", RECEIVES "8 1010 1070", SECONDARY }, true }, 0 },
        { { "they may still come",
            { SENDS "9 1000 1060", RECEIVES "8 1010 1070", SECONDARY },
            false },
          1119 },
        { { "its primary address it has anyway",
            { SENDS "9 1000 1060", RECEIVES "8 1010 1070" },
            false },
          0 },
        { { "two flow logs count twice",
            { SENDS "9 1000 1300", RECEIVES "5 1000 1300", RECEIVES "3 1010 1290", SECONDARY },
            false },
          0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (proves(&cases[i].proof, FLE_DST, "eni-2", cases[i].until, 0, fle_proof_denies) !=
            cases[i].proof.holds)
            fail_msg("%s", cases[i].proof.what);
}

/* eni-2 has 10.0.0.2 besides 10.0.0.7, and logs all the time; so does eni-1, what it got back. */
static void who_logs_would_have_logged_what_is_answered(void **state)
{
#define LOGS_BEFORE "eni-2 ingress 10.0.0.9 10.0.0.7 10.0.0.9 10.0.0.7 1 2 17 1 800 1120"
#define LOGS_AFTER "eni-2 ingress 10.0.0.9 10.0.0.7 10.0.0.9 10.0.0.7 1 2 17 1 940 1180"
#define ANSWERED "eni-1 ingress 10.0.0.2 10.0.0.1 10.0.0.2 10.0.0.1 7946 7946 17 9 1000 1060"
    static const struct {
        proof_case proof;
        fle_side side;
        flowenrich_time until, lost;
    } cases[] = {
        { { "it logs other traffic",
            { SENDS "9 1000 1060", ANSWERED, LOGS_BEFORE, LOGS_AFTER },
            true },
          FLE_DST,
          0,
          0 },
        { { "it has logged this",
            { SENDS "9 1000 1060", ANSWERED, LOGS_BEFORE, LOGS_AFTER, RECEIVES "1 1070 1120" },
            false },
          FLE_DST,
          0,
          0 },
        { { "nobody answered, and no event would tell that it was gone",
            { SENDS "9 1000 1060", LOGS_BEFORE, LOGS_AFTER },
            true },
          FLE_DST,
          0,
          0 },
        { { "it came from there", { ANSWERED, LOGS_BEFORE, LOGS_AFTER }, true }, FLE_SRC, 0, 0 },
        { { "it began to log later",
            { SENDS "9 1000 1060", ANSWERED,
              "eni-2 ingress 10.0.0.9 10.0.0.7 10.0.0.9 10.0.0.7 1 2 17 1 1100 1160" },
            false },
          FLE_DST,
          0,
          0 },
        { { "it may still come",
            { SENDS "9 1000 1060", ANSWERED, LOGS_BEFORE, LOGS_AFTER },
            false },
          FLE_DST,
          1119,
          0 },
        { { "some had no room", { SENDS "9 1000 1060", ANSWERED, LOGS_BEFORE, LOGS_AFTER }, false },
          FLE_DST,
          0,
          1000 },
        { { "it skipped records",
            { SENDS "9 1000 1060", ANSWERED, LOGS_BEFORE, LOGS_AFTER, "eni-2" SKIPPED "1000 1060" },
            false },
          FLE_DST,
          0,
          0 },
        { { "it doesn't log addresses as they are on the wire",
            { SENDS "9 1000 1060", ANSWERED,
              "eni-2 ingress 10.0.0.9 10.0.0.7 - - 1 2 17 1 940 1180" },
            false },
          FLE_DST,
          0,
          0 },
        { { "it is its primary address",
            { SENDS "9 1000 1060", ANSWERED, APART "1 800 1120", APART "1 940 1180" },
            false },
          FLE_DST,
          0,
          0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (proves(&cases[i].proof, cases[i].side, "eni-2", cases[i].until, cases[i].lost,
                   fle_proof_misses) != cases[i].proof.holds)
            fail_msg("%s", cases[i].proof.what);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_that_nobody_else_can_have_had_are_the_witness_s),
        cmocka_unit_test(whoever_had_the_address_before_and_after_had_it_between),
        cmocka_unit_test(of_two_who_logged_it_one_after_the_other_a_count_may_tell_whose_it_was),
        cmocka_unit_test(what_counts_packets_must_have_all_records_of_them),
        cmocka_unit_test(an_observer_that_may_be_the_end_proves_nothing_of_others),
        cmocka_unit_test(of_the_observer_s_own_side_all_must_agree),
        cmocka_unit_test(packets_that_were_sent_may_not_have_come),
        cmocka_unit_test(what_did_not_come_denies_who_was_only_seen_before_and_after),
        cmocka_unit_test(who_logs_would_have_logged_what_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
