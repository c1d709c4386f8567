/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/version.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flowenrich.h"

static void the_version_is_the_header_s(void **state)
{
    char version[40];

    (void)state;
    snprintf(version, sizeof version, "%d.%d.%d", FLOWENRICH_VERSION_MAJOR,
             FLOWENRICH_VERSION_MINOR, FLOWENRICH_VERSION_PATCH);
    assert_string_equal(flowenrich_version(), version);
}

static void statuses_have_names(void **state)
{
    static const struct {
        int32_t status;
        const char *name;
    } cases[] = {
        { FLOWENRICH_OK, "OK" },
        { FLOWENRICH_ERR_ARG, "ERR_ARG" },
        { FLOWENRICH_ERR_NOMEM, "ERR_NOMEM" },
        { FLOWENRICH_ERR_SYNTAX, "ERR_SYNTAX" },
        { FLOWENRICH_ERR_LIMIT, "ERR_LIMIT" },
        { FLOWENRICH_ERR_RESOLVER, "ERR_RESOLVER" },
        { FLOWENRICH_ERR_UNSUPPORTED, "ERR_UNSUPPORTED" },
        { FLOWENRICH_ERR_CORRUPT, "ERR_CORRUPT" },
        { -8, "unknown" },
        { 1, "unknown" },
        { INT32_MIN, "unknown" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(flowenrich_status_name(cases[i].status), cases[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_the_header_s),
        cmocka_unit_test(statuses_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
