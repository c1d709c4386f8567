/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/associations.c: which route table a subnet had, by whatever tells it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "eventing.h"
#include "loading.h"

#define TABLE(id, associations, target)                                                            \
    "{'RouteTableId': '" id "', 'VpcId': 'vpc-1', 'Associations': [" associations                  \
    "], 'Routes': [{'DestinationCidrBlock': '0.0.0.0/0', 'GatewayId': '" target "'}]}"
#define MAIN "{'RouteTableAssociationId': 'rtbassoc-main', 'Main': true}"
#define OF(id, subnet)                                                                             \
    "{'RouteTableAssociationId': '" id "', 'Main': false, 'SubnetId': '" subnet "'}"
#define TABLES(of_main, of_a, of_b)                                                                \
    "{'RouteTables': [" TABLE("rtb-main", of_main, "main") "," TABLE(                              \
        "rtb-a", of_a, "a") "," TABLE("rtb-b", of_b, "b") "]}"

/* Something that is told at some hour, a document or a call. */
typedef struct told {
    int hour;
    const char *call; /* NULL: 'request' is a document */
    const char *request, *response;
} told;

static void tell(struct cataloging *c, const told *one)
{
    const flowenrich_time time = NOON + one->hour * HOUR;

    if (one->call)
        assert_int_equal(eventing_call(c, time, one->call, one->request, one->response),
                         FLOWENRICH_OK);
    else
        load(c, one->request, time);
}

/* Where packets from a subnet go half past each hour from noon on: "a b ? main". */
static const char *ways(const struct cataloging *c, const char *subnet, int hours)
{
    static char text[128];
    fle_address address;

    text[0] = '\0';
    assert_true(fle_address_parse("192.0.2.1", 9, &address));
    for (int i = 0; i < hours; i++) {
        const fle_journey journey = { .vpc = FLE_TEXT("vpc-1"),
                                      .subnet = fle_text_of(subnet),
                                      .to = &address,
                                      .from = NOON + i * HOUR + HOUR / 2,
                                      .until = NOON + i * HOUR + HOUR / 2 + 60 };
        fle_direction direction = { { "?", 1 }, false };
        const size_t len = strlen(text);

        (void)fle_snapshot_route(c->snapshot, &journey, &direction);
        snprintf(text + len, sizeof text - len, "%s%.*s", i > 0 ? " " : "",
                 (int)direction.target.len, direction.target.data);
    }
    return text;
}

#define ASSOCIATE(hour, table, id)                                                                 \
    {                                                                                              \
        hour, "AssociateRouteTable", "'routeTableId': '" table "', 'subnetId': 'subnet-1'",        \
            "'associationId': '" id "'"                                                            \
    }
#define REPLACE(hour, old, table, id)                                                              \
    {                                                                                              \
        hour, "ReplaceRouteTableAssociation",                                                      \
            "'routeTableId': '" table "', 'associationId': '" old "'",                             \
            "'newAssociationId': '" id "'"                                                         \
    }
#define DISASSOCIATE(hour, id)                                                                     \
    {                                                                                              \
        hour, "DisassociateRouteTable", "'associationId': '" id "'", ""                            \
    }
#define DOCUMENT(hour, of_main, of_a, of_b)                                                        \
    {                                                                                              \
        hour, NULL, TABLES(of_main, of_a, of_b), NULL                                              \
    }
#define MOST 4

typedef struct story {
    told events[MOST];
    size_t n;
    const char *ways; /* of subnet-1 */
} story;

static const story stories[] = {
    /* It had the main one until then: nobody said so, for no document is older. */
    { { DOCUMENT(0, MAIN, "", ""), ASSOCIATE(1, "rtb-a", "rtbassoc-1") }, 2, "? a a a" },
    { { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
        REPLACE(1, "rtbassoc-1", "rtb-b", "rtbassoc-2") },
      2,
      "a b b b" },
    { { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""), DISASSOCIATE(2, "rtbassoc-1") },
      2,
      "a a main main" },
    /* What took its place is only known by the chain of those before it. */
    { { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
        REPLACE(1, "rtbassoc-1", "rtb-b", "rtbassoc-2"),
        REPLACE(2, "rtbassoc-2", "rtb-a", "rtbassoc-3"), DISASSOCIATE(3, "rtbassoc-3") },
      4,
      "a b a main" },
    /* or of the one behind it */
    { { REPLACE(1, "rtbassoc-1", "rtb-b", "rtbassoc-2"),
        DOCUMENT(3, MAIN, "", OF("rtbassoc-2", "subnet-1")) },
      2,
      "? b b b" },
    { { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
        REPLACE(1, "rtbassoc-main", "rtb-b", "rtbassoc-2"), DISASSOCIATE(2, "rtbassoc-1") },
      3,
      "a a b b" }, /* the main one is another since */
    { { DOCUMENT(0, MAIN, "", ""), REPLACE(2, "rtbassoc-main", "rtb-a", "rtbassoc-2") },
      2,
      "main main a a" },
    /* Documents alone: between two that differ nobody knows; not listed any more: the main one. */
    { { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
        DOCUMENT(1, MAIN, "", OF("rtbassoc-2", "subnet-1")), DOCUMENT(3, MAIN, "", "") },
      3,
      "? ? ? main" },
    { { DOCUMENT(0, MAIN, "", ""), DOCUMENT(1, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
        DOCUMENT(3, MAIN, OF("rtbassoc-1", "subnet-1"), "") },
      3,
      "? a a a" },
    /* An association that nobody tells of is nobody's. */
    { { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
        REPLACE(1, "rtbassoc-8", "rtb-b", "rtbassoc-9"), DISASSOCIATE(2, "rtbassoc-9") },
      3,
      "a a a a" },
    /* Nor does one that took the place of itself, by way of others, lead anywhere. */
    { { REPLACE(0, "rtbassoc-1", "rtb-a", "rtbassoc-2"),
        REPLACE(1, "rtbassoc-2", "rtb-b", "rtbassoc-1"), DOCUMENT(2, MAIN, "", "") },
      3,
      "main main main main" },
};

static void swap(size_t *a, size_t *b)
{
    const size_t kept = *a;

    *a = *b;
    *b = kept;
}

/* Told in one order, published at the end, or after each. */
static void check_order(const story *of, const size_t order[MOST], bool often)
{
    struct cataloging c;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    load(&c, "{'Vpcs': [{'VpcId': 'vpc-1'}]}", NOON);
    for (size_t i = 0; i < of->n; i++) {
        if (often)
            assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        tell(&c, &of->events[order[i]]);
    }
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    if (strcmp(ways(&c, "subnet-1", 4), of->ways) != 0)
        fail_msg("%zu%s, from %zu on: %s rather than %s", (size_t)(of - stories),
                 often ? " often" : "", order[0], ways(&c, "subnet-1", 4), of->ways);
    assert_int_equal(cataloging_free(&c), 0);
}

static void check_orders(const story *of, size_t order[MOST], size_t from)
{
    if (from == of->n || from == MOST) {
        check_order(of, order, false);
        check_order(of, order, true);
        return;
    }
    for (size_t i = from; i < of->n && i < MOST; i++) {
        swap(&order[from], &order[i]);
        check_orders(of, order, from + 1);
        swap(&order[from], &order[i]);
    }
}

static void a_subnets_table_is_the_same_in_any_order_of_arrival(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        size_t order[MOST] = { 0, 1, 2, 3 };

        check_orders(&stories[i], order, 0);
    }
}

/* While AWS may have done what it was asked to, or not yet, either table may lead. */
static void within_the_slack_of_a_call_the_way_is_not_known(void **state)
{
    static const told events[] = { DOCUMENT(0, MAIN, OF("rtbassoc-1", "subnet-1"), ""),
                                   REPLACE(1, "rtbassoc-1", "rtb-b", "rtbassoc-2") };
    struct cataloging *c = *state;
    fle_journey journey = { .vpc = FLE_TEXT("vpc-1"), .subnet = FLE_TEXT("subnet-1") };
    fle_direction direction;
    fle_address address;

    tell(c, &events[0]);
    tell(c, &events[1]);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_true(fle_address_parse("192.0.2.1", 9, &address));
    journey.to = &address;
    journey.from = journey.until = NOON + HOUR + 30;
    assert_false(fle_snapshot_route(c->snapshot, &journey, &direction));
    journey.from = journey.until = NOON + HOUR + 61;
    assert_true(fle_snapshot_route(c->snapshot, &journey, &direction));
}

/* What was before is forgotten, and what is since remains. */
static void a_table_is_remembered_after_forgetting(void **state)
{
    const story *of = &stories[3];
    struct cataloging *c = *state;

    for (size_t i = 0; i < of->n; i++)
        tell(c, &of->events[i]);
    assert_int_equal(flowenrich_catalog_forget(c->catalog, NOON + 2 * HOUR + 300, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(ways(c, "subnet-1", 4) + strlen("a b "), "a main");
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const all[] = { TABLES(MAIN, OF("rtbassoc-1", "subnet-1"), ""),
                                       TABLES(MAIN, "", OF("rtbassoc-2", "subnet-1")), NULL };
    (void)state;

    load_without_memory(all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subnets_table_is_the_same_in_any_order_of_arrival),
        TEST(within_the_slack_of_a_call_the_way_is_not_known),
        TEST(a_table_is_remembered_after_forgetting),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
