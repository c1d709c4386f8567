/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/decimal.c. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"

static void a_fraction_is_as_short_as_it_can_be(void **state)
{
    static const struct {
        double value;
        const char *out;
    } cases[] = {
        { 0, "0" },
        { 1, "1" },
        { 0.9, "0.9" },
        { 0.7, "0.7" },
        { 0.05, "0.05" },
        { 0.1 + 0.2, "3.0000000000000004e-01" },
        { -1.25, "-1.25" },
        { 123456.789, "123456.789" },
        { 1e15, "1.0000000000000000e+15" },
        { -1e300, "-1.0000000000000001e+300" },
        { DBL_TRUE_MIN, "4.9406564584124654e-324" },
        { NAN, "" },
        { INFINITY, "" },
        { -INFINITY, "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[FLE_DECIMAL_TEXT];
        const size_t len = fle_decimal_format(cases[i].value, buf);

        if (len != strlen(cases[i].out) || memcmp(buf, cases[i].out, len) != 0)
            fail_msg("%g: %.*s, not %s", cases[i].value, (int)len, buf, cases[i].out);
    }
}

static void a_fraction_reads_back_as_the_same(void **state)
{
    uint64_t bits = 1;
    (void)state;

    for (unsigned i = 0; i < 20000; i++) {
        char buf[FLE_DECIMAL_TEXT + 1] = "";
        double value;

        bits = bits * UINT64_C(6364136223846793005) + 1442695040888963407u;
        memcpy(&value, &bits, sizeof value);
        if (i % 2)
            value = (double)(bits >> 40) / 1000;
        if (!isfinite(value))
            continue;
        buf[fle_decimal_format(value, buf)] = '\0';
        if (strtod(buf, NULL) != value)
            fail_msg("%.17g was written as %s", value, buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fraction_is_as_short_as_it_can_be),
        cmocka_unit_test(a_fraction_reads_back_as_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
