/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what a record itself says of an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/metadata.h"
#include "enriching.h"

static fle_metadata metadata_of(const char *const *values)
{
    fle_metadata metadata;

    for (size_t i = 0; i < FLE_N_METADATA; i++)
        metadata.of[i] = fle_text_of(values[i] ? values[i] : "");
    return metadata;
}

static void a_record_describes_its_interface(void **state)
{
    static const struct {
        const char *values[FLE_N_METADATA];
        const char *type, *arn, *account;
    } cases[] = {
        { { [FLE_META_INTERFACE] = "eni-1",
            [FLE_META_INSTANCE] = "i-1",
            [FLE_META_ACCOUNT] = "012345678901",
            [FLE_META_REGION] = "us-east-1" },
          "ec2:instance",
          "arn:aws:ec2:us-east-1:012345678901:instance/i-1",
          "012345678901" },
        { { [FLE_META_INSTANCE] = "i-1",
            [FLE_META_ACCOUNT] = "012345678901",
            [FLE_META_REGION] = "cn-north-1" },
          "ec2:instance",
          "arn:aws-cn:ec2:cn-north-1:012345678901:instance/i-1",
          "012345678901" },
        { { [FLE_META_INSTANCE] = "i-1",
            [FLE_META_ACCOUNT] = "012345678901",
            [FLE_META_REGION] = "us-gov-west-1" },
          "ec2:instance",
          "arn:aws-us-gov:ec2:us-gov-west-1:012345678901:instance/i-1",
          "012345678901" },
        /* no ARN without region and account; "unknown" is no account */
        { { [FLE_META_INSTANCE] = "i-1",
            [FLE_META_REGION] = "us-east-1",
            [FLE_META_ACCOUNT] = "unknown" },
          "ec2:instance",
          NULL,
          "" },
        { { [FLE_META_TASK] = "arn:aws:ecs:us-east-1:012345678901:task/c/1" },
          "ecs:task",
          "arn:aws:ecs:us-east-1:012345678901:task/c/1",
          "" },
        { { [FLE_META_TASK] = "no arn" }, "ec2:interface", NULL, "" },
        { { [FLE_META_RESOURCE] = "nat-1",
            [FLE_META_ACCOUNT] = "012345678901",
            [FLE_META_REGION] = "us-east-1" },
          "ec2:nat-gateway",
          "arn:aws:ec2:us-east-1:012345678901:natgateway/nat-1",
          "012345678901" },
        { { [FLE_META_KIND] = "network_load_balancer" }, "elb:network", NULL, "" },
        { { [FLE_META_KIND] = "something_new" }, "ec2:interface", NULL, "" },
        { { NULL }, "ec2:interface", NULL, "" },
    };
    fle_allocator allocator;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_metadata metadata = metadata_of(cases[i].values);
        fle_identity identity;

        memset(&identity, 0, sizeof identity);
        assert_true(fle_metadata_owner(&metadata, &arena, &identity));
        if (!fle_text_is(identity.single[FLE_ATTR_TYPE], cases[i].type) ||
            !fle_text_is(identity.single[FLE_ATTR_ACCOUNT_ID], cases[i].account) ||
            identity.arns.n != (cases[i].arn != NULL) ||
            (cases[i].arn && !fle_text_is(identity.arns.items[0], cases[i].arn)))
            fail_msg("case %zu: %s, %s", i, identity.single[FLE_ATTR_TYPE].data,
                     identity.arns.n ? identity.arns.items[0].data : "no ARN");
    }
    fle_arena_free(&arena);
}

static void what_is_known_already_stays(void **state)
{
    static const char *const values[FLE_N_METADATA] = {
        [FLE_META_ACCOUNT] = "999999999999", [FLE_META_ZONE] = "use1-az1"
    };
    const fle_metadata metadata = metadata_of(values);
    fle_identity identity;
    fle_allocator allocator;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    memset(&identity, 0, sizeof identity);
    identity.single[FLE_ATTR_ACCOUNT_ID] = FLE_TEXT("111122223333");
    assert_true(fle_metadata_place(&metadata, &arena, &identity));
    assert_true(fle_text_is(identity.single[FLE_ATTR_ACCOUNT_ID], "111122223333"));
    assert_true(fle_text_is(identity.single[FLE_ATTR_AVAILABILITY_ZONE_ID], "use1-az1"));
    fle_arena_free(&arena);
}

static void a_service_is_written_in_lower_case(void **state)
{
    static const char *const values[FLE_N_METADATA] = { [FLE_META_SERVICE] = "CODE_BUILD2" };
    static const char *const nothing[FLE_N_METADATA] = { NULL };
    fle_metadata metadata = metadata_of(values);
    fle_identity identity;
    fle_allocator allocator;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    assert_true(fle_metadata_service(&metadata, &arena, &identity));
    assert_true(fle_text_is(identity.single[FLE_ATTR_AWS_SERVICE], "code_build2"));
    assert_true(fle_text_is(identity.single[FLE_ATTR_TYPE], "aws:service"));
    metadata = metadata_of(nothing);
    assert_true(fle_metadata_service(&metadata, &arena, &identity));
    assert_int_equal(identity.single[FLE_ATTR_TYPE].len, 0);
    fle_arena_free(&arena);
}

static void kinds_that_forward_are_told_from_ends(void **state)
{
    (void)state;
    assert_true(fle_kind_find(FLE_TEXT("regional_nat_gateway"))->forwards);
    assert_true(fle_kind_find(FLE_TEXT("transit_gateway"))->forwards);
    assert_false(fle_kind_find(FLE_TEXT("vpc_endpoint"))->forwards);
    assert_false(fle_kind_find(FLE_TEXT("network_load_balancer"))->forwards);
    assert_null(fle_kind_find(FLE_TEXT("interface")));
    assert_null(fle_kind_find(fle_text(NULL, 0)));
    assert_true(fle_is_nat_gateway(FLE_TEXT("nat-0a")));
    assert_false(fle_is_nat_gateway(FLE_TEXT("i-0a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_describes_its_interface),
        cmocka_unit_test(what_is_known_already_stays),
        cmocka_unit_test(a_service_is_written_in_lower_case),
        cmocka_unit_test(kinds_that_forward_are_told_from_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
