/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"
#include "loading.h"

#define NONE 0

#define ATTACHED(instance)                                                                         \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'OwnerId': "         \
    "'111122223333', 'AvailabilityZone': 'us-east-1a', 'Attachment': {" instance "}}]}"

static void what_is_logged_belongs_to_whom_it_was_attached_to(void **state)
{
    static const char *const documents[] = { ATTACHED(""), ATTACHED("'InstanceId': 'i-1'"),
                                             ATTACHED("'InstanceId': 'i-2'") };
    static const struct {
        struct {
            flowenrich_time time;
            size_t instance;
        } seen[4];
        size_t n;
        flowenrich_time from, until;
        const char *arn;
    } cases[] = {
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 150, 160, "i-1" },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 100, 200, "i-1" },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 300, 900, "i-2" },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 10, 20, "i-1" },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 250, 260, "eni-1" },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 190, 201, "eni-1" },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 150, 350, "eni-1" },
        /* while it isn't attached, nothing is logged */
        { { { 100, NONE }, { 200, 1 } }, 2, 110, 120, "i-1" },
        { { { 100, NONE }, { 200, 1 } }, 2, 40, 160, "i-1" },
        { { { 100, NONE }, { 200, 1 } }, 2, 40, 99, "eni-1" },
        { { { 100, 1 }, { 200, NONE } }, 2, 150, 260, "i-1" },
        { { { 100, 1 }, { 200, NONE } }, 2, 201, 260, "eni-1" },
        { { { 100, 1 }, { 200, NONE }, { 300, 2 } }, 3, 150, 199, "i-1" },
        { { { 100, 1 }, { 200, NONE }, { 300, 2 } }, 3, 210, 220, "i-2" },
        { { { 100, 1 }, { 200, NONE }, { 300, 2 } }, 3, 190, 210, "eni-1" },
        /* two documents of one time: what says more counts */
        { { { 100, NONE }, { 100, 1 }, { 300, 2 } }, 3, 90, 95, "i-1" },
        { { { 100, 1 }, { 300, 2 } }, 2, FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT, "eni-1" },
        { { { 100, 1 }, { 300, 1 } }, 2, FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT, "i-1" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        char out[128];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        for (size_t k = 0; k < cases[i].n; k++)
            load(&c, documents[cases[i].seen[k].instance], cases[i].seen[k].time);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (strcmp(eventing_then(&c, "eni-1", cases[i].from, cases[i].until, out, sizeof out),
                   cases[i].arn) != 0)
            fail_msg("case %zu: %s", i, out);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

#define INTERFACE(groups, tags)                                                                    \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'OwnerId': "         \
    "'111122223333', 'AvailabilityZone': 'us-east-1a', 'Attachment': {'InstanceId': 'i-1'}, "      \
    "'Groups': [" groups "], 'TagSet': [" tags "]}]}"
#define INSTANCE(tags)                                                                             \
    "{'Reservations': [{'Instances': [{'InstanceId': 'i-1', 'Tags': [" tags "]}]}]}"
#define RESOURCE(tags)                                                                             \
    "{'ResourceTagMappingList': [{'ResourceARN': "                                                 \
    "'arn:aws:ec2:us-east-1:111122223333:instance/i-1', 'Tags': [" tags "]}]}"
#define TAG(key, value) "{'Key': '" key "', 'Value': '" value "'}"
#define GROUP(id) "{'GroupId': '" id "'}"

struct document {
    flowenrich_time time;
    const char *json;
};

static const struct document documents[] = {
    { 100, INTERFACE(GROUP("sg-1"), TAG("nic", "a")) },
    { 100, INSTANCE(TAG("app", "web") "," TAG("env", "prod")) },
    { 100, RESOURCE(TAG("team", "red")) },
    { 200, INTERFACE(GROUP("sg-1") "," GROUP("sg-2"), TAG("nic", "a")) },
    { 210, INTERFACE(GROUP("sg-1") "," GROUP("sg-2"), TAG("nic", "a")) },
    { 300, INSTANCE(TAG("app", "api") "," TAG("env", "prod")) },
    { 400, RESOURCE("") },
    { 500, INTERFACE(GROUP("sg-1") "," GROUP("sg-2"), "") },
};

#define N_DOCUMENTS (sizeof documents / sizeof *documents)

static const struct {
    flowenrich_time from, until;
    const char *is;
} answers[] = {
    { 50, 90, "i-1 sg-1 app=web env=prod nic=a team=red" },
    { 100, 100, "i-1 sg-1 app=web env=prod nic=a team=red" },
    /* all changes overlap: none is dated but by the documents around it */
    { 150, 150, "i-1 sg-1 env=prod" },
    { 250, 280, "i-1 sg-1 env=prod" },
    { 500, 900, "i-1 sg-1 sg-2 app=api env=prod" },
    { 50, 900, "i-1 sg-1 env=prod" },
    { FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT, "i-1 sg-1 env=prod" },
};

static void check(struct cataloging *c, unsigned turn)
{
    char out[256];

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcmp(eventing_then(c, "eni-1", answers[i].from, answers[i].until, out, sizeof out),
                   answers[i].is) != 0)
            fail_msg("turn %u, case %zu: %s, not %s", turn, i, out, answers[i].is);
}

/* The order in which they come makes no difference, nor does it what was published before. */
static void tags_and_groups_are_those_of_the_time(void **state)
{
    size_t order[N_DOCUMENTS];
    unsigned random = 1;
    (void)state;

    for (size_t i = 0; i < N_DOCUMENTS; i++)
        order[i] = i;
    for (unsigned turn = 0; turn < 40; turn++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        for (size_t i = 0; i < N_DOCUMENTS; i++) {
            load(&c, documents[order[i]].json, documents[order[i]].time);
            if (turn % 4 == 3 && i == turn % N_DOCUMENTS)
                assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        }
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        check(&c, turn);
        assert_int_equal(cataloging_free(&c), 0);
        for (size_t i = N_DOCUMENTS - 1; i > 0; i--) {
            const size_t other = (random = random * 1664525 + 1013904223) / 65536 % (i + 1);
            const size_t swapped = order[i];

            order[i] = order[other];
            order[other] = swapped;
        }
    }
}

static void changes_apart_are_told_apart(void **state)
{
    struct cataloging c;
    char out[256];
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    for (flowenrich_time time = 100; time <= 1000; time += 100)
        load(&c,
             time < 400   ? INTERFACE(GROUP("sg-1"), TAG("v", "1"))
             : time < 700 ? INTERFACE(GROUP("sg-1"), TAG("v", "2"))
                          : INTERFACE(GROUP("sg-2"), TAG("v", "2")),
             time);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_string_equal(eventing_then(&c, "eni-1", 100, 300, out, sizeof out), "i-1 sg-1 v=1");
    assert_string_equal(eventing_then(&c, "eni-1", 290, 310, out, sizeof out), "i-1 sg-1");
    assert_string_equal(eventing_then(&c, "eni-1", 400, 600, out, sizeof out), "i-1 sg-1 v=2");
    assert_string_equal(eventing_then(&c, "eni-1", 610, 620, out, sizeof out), "i-1 v=2");
    assert_string_equal(eventing_then(&c, "eni-1", 700, 999, out, sizeof out), "i-1 sg-2 v=2");
    assert_string_equal(eventing_then(&c, "eni-1", 310, 620, out, sizeof out), "i-1");
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_logged_belongs_to_whom_it_was_attached_to),
        cmocka_unit_test(tags_and_groups_are_those_of_the_time),
        cmocka_unit_test(changes_apart_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
