/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of how far apart the ends are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/scope.h"
#include "enriching.h"

/* An end: its address and what is known of it. */
typedef struct end {
    const char *address, *type, *service, *region, *zone, *vpc;
    fle_by by;
    fle_reason reason;
} end;

static void fill(flowenrich_answer *answer, const end *from)
{
    flowenrich_text *single = answer->identity.single;

    memset(answer, 0, sizeof *answer);
    single[FLE_ATTR_TYPE] = fle_text_of(from->type ? from->type : "");
    single[FLE_ATTR_AWS_SERVICE] = fle_text_of(from->service ? from->service : "");
    single[FLE_ATTR_REGION] = fle_text_of(from->region ? from->region : "");
    single[FLE_ATTR_AVAILABILITY_ZONE_ID] = fle_text_of(from->zone ? from->zone : "");
    single[FLE_ATTR_VPC_ID] = fle_text_of(from->vpc ? from->vpc : "");
    if (from->by == FLE_BY_PUBLIC_ADDRESS)
        single[FLE_ATTR_VIA_PUBLIC] = fle_text_of(from->address);
    answer->by = from->by;
    answer->reason = from->reason;
}

static fle_scope scope_of(const end *a, const end *b)
{
    fle_facts facts = enriching_facts();
    flowenrich_answer answers[2];
    fle_address addresses[2];

    addresses[0] = enriching_address(a->address);
    addresses[1] = enriching_address(b->address);
    fill(&answers[0], a);
    fill(&answers[1], b);
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        facts.wire[side] = &addresses[side];
        facts.answer[side] = &answers[side];
    }
    return fle_scope_of(&facts);
}

#define OURS .by = FLE_BY_ADDRESS
#define RANGE .by = FLE_BY_IP_RANGES, .type = "aws:service"
#define NOBODY .reason = FLE_REASON_NOT_IN_INVENTORY

static void the_first_that_holds_is_the_scope(void **state)
{
    static const end here = { "10.0.0.1", .region = "r1", .zone = "z1", .vpc = "v1", OURS };
    static const struct {
        end other;
        fle_scope scope;
    } cases[] = {
        { { "52.216.0.1", .service = "s3", .region = "r1", RANGE }, FLE_SCOPE_AWS_SERVICE },
        { { "52.216.0.1", .service = "amazon", .region = "r2", RANGE }, FLE_SCOPE_AWS_SERVICE },
        { { "10.0.0.9", .type = "ec2:vpc-endpoint", .vpc = "v1", OURS }, FLE_SCOPE_AWS_SERVICE },
        { { "10.0.0.9", .region = "r2", .vpc = "v2", OURS }, FLE_SCOPE_CROSS_REGION },
        { { "54.1.1.1", .service = "ec2", .region = "r2", RANGE }, FLE_SCOPE_CROSS_REGION },
        { { "54.1.1.1", .service = "ec2", .region = "r1", RANGE }, FLE_SCOPE_SAME_REGION_PUBLIC },
        { { "54.1.1.1", .service = "ec2", .region = "GLOBAL", RANGE }, FLE_SCOPE_INTERNET },
        { { "54.1.1.1", .service = "ec2", RANGE }, FLE_SCOPE_INTERNET },
        { { "54.1.1.1", .region = "r1", .vpc = "v1", .by = FLE_BY_PUBLIC_ADDRESS },
          FLE_SCOPE_SAME_REGION_PUBLIC },
        { { "8.8.8.8", NOBODY }, FLE_SCOPE_INTERNET },
        { { "8.8.8.8", .by = FLE_BY_RESOLVER }, FLE_SCOPE_INTERNET }, /* a named network */
        { { "8.8.8.8", .vpc = "v1", .zone = "z1", .by = FLE_BY_RESOLVER }, FLE_SCOPE_SAME_AZ },
        { { "10.0.0.9", .region = "r1", .zone = "z2", .vpc = "v2", OURS }, FLE_SCOPE_CROSS_AZ },
        { { "10.0.0.9", .region = "r1", .zone = "z1", .vpc = "v2", OURS }, FLE_SCOPE_CROSS_VPC },
        { { "10.0.0.9", .vpc = "v2", OURS }, FLE_SCOPE_CROSS_VPC },
        { { "10.0.0.9", .zone = "z1", .vpc = "v1", OURS }, FLE_SCOPE_SAME_AZ },
        { { "10.0.0.9", .vpc = "v1", NOBODY }, FLE_SCOPE_SAME_VPC },
        { { "192.168.0.1", NOBODY }, FLE_SCOPE_PRIVATE },
        { { "192.168.0.1", .by = FLE_BY_RESOLVER }, FLE_SCOPE_PRIVATE },
        /* it may well lie in a VPC of ours */
        { { "10.0.0.9", .reason = FLE_REASON_UNKNOWN_SPACE }, FLE_SCOPE_UNKNOWN },
        { { "10.0.0.9", .reason = FLE_REASON_AMBIGUOUS_CIDR }, FLE_SCOPE_UNKNOWN },
        { { "10.0.0.9", .reason = FLE_REASON_NOT_OBSERVED_THEN }, FLE_SCOPE_UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_scope there = scope_of(&here, &cases[i].other);
        const fle_scope back = scope_of(&cases[i].other, &here);

        if (there != cases[i].scope || back != cases[i].scope)
            fail_msg("case %zu, %s: %s, and back %s", i, cases[i].other.address,
                     fle_scope_names[there].data, fle_scope_names[back].data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_holds_is_the_scope),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
