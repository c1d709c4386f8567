/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/publish.h"

static void check(const char *what, flowenrich_text got, const char *expected)
{
    if (!fle_text_is(got, expected))
        fail_msg("%s: '%.*s', not '%s'", what, (int)got.len, got.data, expected);
}

static void a_zone_names_its_region(void **state)
{
    static const struct {
        const char *zone, *region;
    } cases[] = {
        { "us-east-1a", "us-east-1" },
        { "ap-southeast-2b", "ap-southeast-2" },
        { "us-gov-west-1c", "us-gov-west-1" },
        { "us-west-2-lax-1a", "us-west-2" },           /* a local zone */
        { "us-east-1-wl1-bos-wlz-1", "us-east-1" },    /* a Wavelength zone */
        { "xx-north-12a", "xx-north-12" },
        { "", "" },
        { "-", "" },
        { "a-", "" },
        { "somewhere", "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].zone, fle_region_of_zone(fle_text_of(cases[i].zone)), cases[i].region);
}

static void an_endpoint_names_its_service(void **state)
{
    static const struct {
        const char *name, *service;
    } cases[] = {
        { "com.amazonaws.us-east-1.s3", "s3" },
        { "com.amazonaws.us-east-1.ecr.dkr", "ecr.dkr" },
        { "com.amazonaws.s3-global.accesspoint", "s3-global.accesspoint" }, /* of no region */
        { "aws.sagemaker.us-east-1.notebook", "notebook" },
        { "cn.com.amazonaws.cn-north-1.ec2", "ec2" },
        { "com.amazonaws.vpce.us-east-1.vpce-svc-123123a1c43abc123", "" }, /* somebody's own */
        { "", "" },
        { ".", "." },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].name, fle_service_of_endpoint(fle_text_of(cases[i].name)), cases[i].service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_names_its_region),
        cmocka_unit_test(an_endpoint_names_its_service),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
