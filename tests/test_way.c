/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reading a way from a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charge/way.h"
#include "conversing.h"

#define A1 "ec2:instance use1-az1 vpc-1 a us-east-1"
#define OTHER "ec2:instance use1-az2 vpc-2 b us-east-1"
#define NAT "ec2:nat-gateway use1-az1 vpc-1 n us-east-1"

/* "place type zone vpc account owner region" of each point, then the road. */
static const char *tell(const fle_way *way)
{
    static char out[1024];
    size_t len = 0;

    for (size_t i = 0; i < way->n; i++) {
        const fle_point *point = &way->points[i];
        const flowenrich_text parts[] = { point->type,    point->zone,  point->vpc,
                                          point->account, point->owner, point->region };

        len += (size_t)snprintf(out + len, sizeof out - len, "%s%d%s", i ? "; " : "",
                                (int)point->place, point->is_public ? "!" : "");
        for (size_t j = 0; j < sizeof parts / sizeof *parts; j++)
            len += (size_t)snprintf(out + len, sizeof out - len, " %.*s",
                                    parts[j].len ? (int)parts[j].len : 1,
                                    parts[j].len ? parts[j].data : "-");
    }
    snprintf(out + len, sizeof out - len, "; road %d", (int)way->road);
    return out;
}

static void must_read(const conversing_row *row, bool with_inventory, const char *told)
{
    flowenrich_batch *batch =
        conversing_batch(with_inventory ? conversing_inventory() : NULL, row, 1);
    fle_way_columns columns;
    fle_way way;

    fle_way_open(&columns, batch);
    if (!fle_way_read(&way, &columns, batch, 0)) {
        if (*told)
            fail_msg("nothing, not %s", told);
    } else if (strcmp(tell(&way), told) != 0) {
        fail_msg("%s\nnot %s", tell(&way), told);
    }
    flowenrich_batch_free(batch);
}

static void ends_stand_where_their_identity_says(void **state)
{
    static const struct {
        conversing_row row;
        bool with_inventory;
        const char *told;
    } cases[] = {
        { { A1, "10.0.1.1", "!" OTHER, "10.2.0.1", .path = "peering" },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; "
          "1! ec2:instance use1-az2 vpc-2 b - us-east-1; road 2" },
        { { A1, "10.0.1.1", NULL, "198.51.100.1", .path = "internet-gateway" },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 5 - - - - - -; road 1" },
        { { A1, "10.0.1.1", NULL, "198.51.100.1", .path = "internet-gateway" },
          false,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 6 - - - - - -; road 1" },
        { { A1, "10.0.1.1", NULL, "10.9.0.1", .up = 1 },
          true, /* private, and whose? */
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 0 - - - - - -; road 0" },
        { { A1, "10.0.1.1", NAT, "198.51.100.1", .path = "nat-gateway" },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; "
          "1 ec2:nat-gateway - vpc-1 - - us-east-1; 0 - - - - - -; road 1" },
        { { A1, "10.0.1.1", NULL, "169.254.171.7", .up = 1 },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 7 - - - - - -; road 0" },
        { { A1, "10.0.1.1", "service s3 us-east-1", "52.216.0.1", .up = 1 },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 2 aws:service - - - - us-east-1; road 0" },
        { { A1, "10.0.1.1", "service cloudfront GLOBAL", "52.84.0.1", .up = 1 },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 3 aws:service - - - - -; road 0" },
        { { A1, "10.0.1.1", "service ec2 us-west-2", "52.84.0.1", .up = 1 },
          true,
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; 4 aws:service - - - - us-west-2; road 0" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        must_read(&cases[i].row, cases[i].with_inventory, cases[i].told);
}

static void hops_stand_between_in_their_order(void **state)
{
    static const conversing_row row = {
        A1,
        "10.0.1.1",
        OTHER,
        "10.2.0.1",
        { "ec2:transit-gateway use1-az1 vpc-1 n us-east-1", "ec2:instance use1-az9 vpc-9 c -",
          "ec2:transit-gateway - vpc-2 m -" },
        .path = "transit-gateway",
    };

    (void)state;
    must_read(&row, true,
              "1 ec2:instance use1-az1 vpc-1 a n us-east-1; " /* n owns what a shares */
              "1 ec2:transit-gateway use1-az1 vpc-1 n n us-east-1; "
              "1 ec2:instance use1-az9 vpc-9 c c us-east-1; " /* by its zone's name */
              "1 ec2:transit-gateway - vpc-2 m m us-east-1; "
              "1 ec2:instance use1-az2 vpc-2 b - us-east-1; road 3");
}

/* Nobody logs at the gateway, but the path says that it was there. */
static void what_was_not_logged_stands_where_the_path_says(void **state)
{
    static const struct {
        conversing_row row;
        const char *told;
    } cases[] = {
        { { A1, "10.0.1.1", NULL, "198.51.100.1", .path = "nat-gateway" },
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; "
          "1 ec2:nat-gateway - vpc-1 - - us-east-1; 5 - - - - - -; road 1" },
        { { A1, "10.0.1.1", NULL, "198.51.100.1", { NAT }, .path = "nat-gateway" },
          "1 ec2:instance use1-az1 vpc-1 a - us-east-1; "
          "1 ec2:nat-gateway use1-az1 vpc-1 n n us-east-1; 5 - - - - - -; road 1" },
        { { A1, "10.0.1.1", NULL, "10.9.0.1", .tgw = "tgw-attach-1" },
          "1 ec2:instance use1-az1 vpc-1 a n us-east-1; 0 - - - - - -; road 3" },
        { { A1, "10.0.1.1", NULL, "10.9.0.1", .path = "virtual-private-gateway" },
          "1 ec2:instance use1-az1 vpc-1 a n us-east-1; 0 - - - - - -; road 4" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        must_read(&cases[i].row, true, cases[i].told);
}

static void what_was_refused_or_is_told_elsewhere_has_no_way(void **state)
{
    static const conversing_row rows[] = {
        { A1, "10.0.1.1", OTHER, "10.2.0.1", .verdict = "denied" },
        { A1, "10.0.1.1", OTHER, "10.2.0.1", .verdict = "late_or_untracked" },
        { NAT, "10.0.1.1", NULL, "198.51.100.1", .nat = "outside" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        must_read(&rows[i], true, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_stand_where_their_identity_says),
        cmocka_unit_test(hops_stand_between_in_their_order),
        cmocka_unit_test(what_was_not_logged_stands_where_the_path_says),
        cmocka_unit_test(what_was_refused_or_is_told_elsewhere_has_no_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
