/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what bytes are charged for along their way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charging.h"

/* Points of a way. Accounts: a and b, n is the network's. */
#define A1 "ec2:instance use1-az1 vpc-1 a us-east-1"
#define A2 "ec2:instance use1-az2 vpc-1 a us-east-1"
#define B2 "ec2:instance use1-az2 vpc-1 b us-east-1"
#define OTHER1 "ec2:instance use1-az1 vpc-2 b us-east-1"
#define OTHER2 "ec2:instance use1-az2 vpc-2 b us-east-1"
#define WEST "ec2:instance usw2-az1 vpc-3 b us-west-2"
#define NOWHERE "ec2:instance - vpc-1 a us-east-1"
#define NAT1 "ec2:nat-gateway use1-az1 vpc-1 n us-east-1"
#define NAT2 "ec2:nat-gateway use1-az2 vpc-1 n us-east-1"
#define TGW1 "ec2:transit-gateway use1-az2 vpc-1 n us-east-1"
#define TGW2 "ec2:transit-gateway use1-az1 vpc-2 m us-east-1"
#define TGW_WEST "ec2:transit-gateway usw2-az1 vpc-3 m us-west-2"
#define ENDPOINT2 "ec2:vpc-endpoint use1-az2 vpc-1 n us-east-1"
#define ALB2 "elb:application use1-az2 vpc-1 n us-east-1"
#define ALB_OTHER "elb:application use1-az2 vpc-2 n us-east-1"
#define NLB2 "elb:network use1-az2 vpc-1 n us-east-1"
#define FIREWALL "ec2:gateway-load-balancer-endpoint use1-az1 vpc-1 n us-east-1"
#define DB1 "rds:db use1-az1 vpc-1 a us-east-1"
#define DB2 "rds:db use1-az2 vpc-1 a us-east-1"

typedef struct row {
    const char *points[6];
    fle_road road;
    bool is_v6;
    const char *bill;
} row;

/* 1 GB up and 2 GB down: 0.01 a gigabyte is 10000000 nano-dollars. */
static void must_cost(const row *of)
{
    fle_way way = { .road = of->road, .is_v6 = of->is_v6, .at = CHARGING_DAY };
    fle_bill bill;
    const char *text;

    way.up = 1000000000;
    way.down = 2000000000;
    while (way.n < 6 && of->points[way.n]) {
        way.points[way.n] = charging_point(of->points[way.n]);
        way.n++;
    }
    fle_legs_charge(&fle_rates_builtin, &way, &bill);
    text = charging_bill(&fle_rates_builtin, &bill);
    if (strcmp(text, of->bill) != 0)
        fail_msg("%s … %s:\n%s\nnot\n%s", of->points[0], of->points[way.n - 1], text, of->bill);
}

static void a_leg_between_zones_costs_at_both_ends(void **state)
{
    static const row rows[] = {
        { { A1, A1 }, FLE_ROAD_DIRECT, false, "" },
        { { A1, A2 }, FLE_ROAD_DIRECT, false, "cross-az a 6000000000 60000000" },
        { { A1, B2 },
          FLE_ROAD_DIRECT,
          false,
          "cross-az a 3000000000 30000000; cross-az b 3000000000 30000000" },
        { { A1, OTHER1 }, FLE_ROAD_PEERING, false, "" }, /* one zone: free since 2021 */
        { { A1, OTHER2 },
          FLE_ROAD_PEERING,
          false,
          "cross-az a 3000000000 30000000; cross-az b 3000000000 30000000" },
        { { A1, NOWHERE }, FLE_ROAD_DIRECT, false, "zone-unknown 1000000000/2000000000" },
        { { A1, OTHER2 }, FLE_ROAD_UNKNOWN, false, "path-unknown 1000000000/2000000000" },
        { { DB1, DB2 }, FLE_ROAD_DIRECT, false, "" }, /* replication */
        { { A1, DB2 }, FLE_ROAD_DIRECT, false, "cross-az a 6000000000 60000000" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_cost(&rows[i]);
}

static void public_addresses_cost_within_a_zone_too(void **state)
{
    static const row rows[] = {
        { { A1, "!" OTHER1 },
          FLE_ROAD_DIRECT,
          false,
          "public-address a 3000000000 30000000; public-address b 3000000000 30000000" },
        { { A1, A1 }, FLE_ROAD_DIRECT, true, "" }, /* IPv6 within a VPC */
        { { A1, A2 }, FLE_ROAD_DIRECT, true, "cross-az a 6000000000 60000000" },
        { { A1, OTHER1 },
          FLE_ROAD_PEERING,
          true,
          "public-address a 3000000000 30000000; public-address b 3000000000 30000000" },
        { { A1, "stranger us-east-1" },
          FLE_ROAD_DIRECT,
          false,
          "public-address a 3000000000 30000000" },
        { { A1, "stranger us-west-2" },
          FLE_ROAD_DIRECT,
          false,
          "inter-region a 1000000000 20000000" }, /* the other one pays what comes back */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_cost(&rows[i]);
}

static void gateways_and_endpoints_charge_what_they_pass_on(void **state)
{
    static const row rows[] = {
        { { A1, NAT1, "internet" },
          FLE_ROAD_DIRECT,
          false,
          "nat-gateway n 3000000000 135000000; internet n 1000000000 90000000" },
        { { A1, TGW1, TGW2, "ec2:nat-gateway use1-az1 vpc-2 m us-east-1", "internet" },
          FLE_ROAD_TRANSIT_GATEWAY,
          false, /* what a shared egress VPC costs */
          "transit-gateway n 1000000000 20000000; transit-gateway m 2000000000 40000000; "
          "nat-gateway m 3000000000 135000000; internet m 1000000000 90000000" },
        { { A1, NAT2, "service s3 us-east-1" },
          FLE_ROAD_DIRECT,
          false,
          "cross-az a 3000000000 30000000; cross-az n 3000000000 30000000; "
          "nat-gateway n 3000000000 135000000" },
        { { A1, OTHER2 },
          FLE_ROAD_TRANSIT_GATEWAY,
          false, /* its interfaces aren't logged */
          "transit-gateway a 1000000000 20000000; transit-gateway b 2000000000 40000000" },
        { { A1, TGW1, TGW2, OTHER2 },
          FLE_ROAD_TRANSIT_GATEWAY,
          false,
          "transit-gateway n 1000000000 20000000; transit-gateway m 2000000000 40000000" },
        { { A1, TGW1, OTHER2 },
          FLE_ROAD_TRANSIT_GATEWAY,
          false,
          "transit-gateway n 1000000000 20000000; transit-gateway b 2000000000 40000000" },
        { { A1, TGW1, TGW_WEST, WEST },
          FLE_ROAD_TRANSIT_GATEWAY,
          false,
          "transit-gateway n 1000000000 20000000; "
          "no-rate; transit-gateway-peering 1000000000/2000000000" }, /* none of Oregon */
        { { A1, ENDPOINT2 },
          FLE_ROAD_DIRECT,
          false,
          "interface-endpoint n 3000000000 30000000" }, /* across zones for nothing */
        { { A1, FIREWALL, "internet" },
          FLE_ROAD_DIRECT,
          false,
          "internet n 1000000000 90000000; gateway-load-balancer 1000000000/2000000000" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_cost(&rows[i]);
}

static void load_balancers_differ(void **state)
{
    static const row rows[] = {
        { { A1, ALB2 }, FLE_ROAD_DIRECT, false, "load-balancer-capacity 1000000000/2000000000" },
        { { A1, ALB_OTHER },
          FLE_ROAD_PEERING,
          false,
          "cross-az a 3000000000 30000000; cross-az n 3000000000 30000000; "
          "load-balancer-capacity 1000000000/2000000000" },
        { { A1, NLB2 },
          FLE_ROAD_DIRECT,
          false,
          "cross-az a 3000000000 30000000; cross-az n 3000000000 30000000; "
          "load-balancer-capacity 1000000000/2000000000" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_cost(&rows[i]);
}

static void what_leaves_is_charged_to_the_sender(void **state)
{
    static const row rows[] = {
        { { A1, "internet" }, FLE_ROAD_DIRECT, false, "internet a 1000000000 90000000" },
        { { "internet", A1 }, FLE_ROAD_DIRECT, false, "internet a 2000000000 180000000" },
        { { A1, "edge" }, FLE_ROAD_DIRECT, false, "" },
        { { A1, WEST },
          FLE_ROAD_PEERING,
          false,
          "inter-region a 1000000000 20000000; inter-region b 2000000000 40000000" },
        { { A1, "service s3 us-east-1" }, FLE_ROAD_DIRECT, false, "" },
        { { A1, "service amazon us-east-1" },
          FLE_ROAD_DIRECT,
          false,
          "service-unlisted 1000000000/2000000000" },
        { { A1, "service s3 us-west-2" },
          FLE_ROAD_DIRECT,
          false,
          "inter-region a 1000000000 20000000; sent-by-service 0/2000000000" },
        { { A1, "service globalaccelerator GLOBAL" },
          FLE_ROAD_DIRECT,
          false,
          "global-accelerator 1000000000/2000000000" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_cost(&rows[i]);
}

static void what_is_not_known_is_named_and_not_guessed(void **state)
{
    static const row rows[] = {
        { { A1, "unknown" }, FLE_ROAD_UNKNOWN, false, "path-unknown 1000000000/2000000000" },
        { { "unknown", "unknown" }, FLE_ROAD_UNKNOWN, false, "path-unknown 1000000000/2000000000" },
        { { A1, "unknown" },
          FLE_ROAD_PRIVATE_GATEWAY,
          false,
          "virtual-private-gateway 1000000000/0" },
        { { A1, "internet" },
          FLE_ROAD_PRIVATE_GATEWAY,
          false, /* by a data centre */
          "virtual-private-gateway 1000000000/0" },
        { { A1, "unknown" }, FLE_ROAD_LOCAL_GATEWAY, false, "local-gateway 1000000000/2000000000" },
        { { A1, "unknown" },
          FLE_ROAD_TRANSIT_GATEWAY,
          false,
          "transit-gateway a 1000000000 20000000; "
          "transit-gateway-from-outside 1000000000/2000000000" },
        { { A1, "internet" }, FLE_ROAD_UNKNOWN, false, "path-unknown 1000000000/2000000000" },
        { { A1, "internet" },
          FLE_ROAD_TRANSIT_GATEWAY,
          false, /* out of some VPC's gateway */
          "transit-gateway a 1000000000 20000000; "
          "transit-gateway-from-outside 1000000000/2000000000" },
        { { A1, "public" }, FLE_ROAD_DIRECT, false, "internet-or-service 1000000000/2000000000" },
        { { A1, "ec2:instance use1-atl1-az1 vpc-1 a us-east-1" },
          FLE_ROAD_DIRECT,
          false,
          "local-zone 1000000000/2000000000" },
        { { A1, "lattice" }, FLE_ROAD_DIRECT, false, "vpc-lattice 1000000000/2000000000" },
        { { "ec2:instance - vpc-9 a -", "internet" },
          FLE_ROAD_DIRECT,
          false,
          "region-unknown 1000000000/0" },
        { { "ec2:instance - vpc-9 a sa-east-1", "internet" },
          FLE_ROAD_DIRECT,
          false,
          "no-rate 1000000000/0" },
        { { A1, "stranger" }, FLE_ROAD_DIRECT, false, "region-unknown 1000000000/2000000000" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_cost(&rows[i]);
}

/* One of a pair may be charged alone, as older pages say of databases. */
static void the_sides_of_a_kind_are_data(void **state)
{
    const fle_kind_rule kinds[] = {
        { FLE_TEXT("rds:db"), FLE_SIDES_OTHER, FLE_SIDES_BOTH, FLE_SIDES_BOTH, FLE_N_METERS,
          FLE_N_UNCOSTED },
    };
    fle_rates rates = fle_rates_builtin;
    fle_way way = { .n = 2, .road = FLE_ROAD_DIRECT, .at = CHARGING_DAY, .up = 1000000000 };
    fle_bill bill;

    (void)state;
    rates.kinds = kinds;
    rates.n_kinds = 1;
    way.points[0] = charging_point("ec2:instance use1-az1 vpc-1 a us-east-1");
    way.points[1] = charging_point("rds:db use1-az2 vpc-1 d us-east-1");
    fle_legs_charge(&rates, &way, &bill);
    assert_string_equal(charging_bill(&rates, &bill), "cross-az a 1000000000 10000000");
}

/* The way back costs what the way there does, with both ends and counters changed over. */
static void a_turned_way_has_the_same_bill(void **state)
{
    static const char *const points[] = {
        A1,       NAT2,      TGW1,      TGW2,       OTHER2,
        WEST,     ALB_OTHER, ENDPOINT2, "internet", "service s3 us-west-2",
        "unknown"
    };
    const size_t n = sizeof points / sizeof *points;

    (void)state;
    for (size_t i = 0; i < n * n * n; i++) {
        const char *const three[] = { points[i % n], points[i / n % n], points[i / n / n] };
        fle_way there = {
            .n = 3, .road = FLE_ROAD_PEERING, .at = CHARGING_DAY, .up = 7, .down = 9
        };
        fle_way back = there;
        fle_bill a, b;
        uint64_t sum_a = 0, sum_b = 0;

        back.up = there.down;
        back.down = there.up;
        for (size_t j = 0; j < 3; j++)
            there.points[j] = back.points[2 - j] = charging_point(three[j]);
        fle_legs_charge(&fle_rates_builtin, &there, &a);
        fle_legs_charge(&fle_rates_builtin, &back, &b);
        for (size_t j = 0; j < a.n; j++)
            sum_a += a.lines[j].bytes * a.lines[j].rate->price;
        for (size_t j = 0; j < b.n; j++)
            sum_b += b.lines[j].bytes * b.lines[j].rate->price;
        if (sum_a != sum_b || a.n != b.n || a.reasons != b.reasons || a.up != b.down)
            fail_msg("%s, %s, %s: %s", three[0], three[1], three[2],
                     charging_bill(&fle_rates_builtin, &a));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leg_between_zones_costs_at_both_ends),
        cmocka_unit_test(public_addresses_cost_within_a_zone_too),
        cmocka_unit_test(gateways_and_endpoints_charge_what_they_pass_on),
        cmocka_unit_test(load_balancers_differ),
        cmocka_unit_test(what_leaves_is_charged_to_the_sender),
        cmocka_unit_test(what_is_not_known_is_named_and_not_guessed),
        cmocka_unit_test(the_sides_of_a_kind_are_data),
        cmocka_unit_test(a_turned_way_has_the_same_bill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
