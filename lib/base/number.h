/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic that ends at the most that can be told. */
#ifndef FLE_BASE_NUMBER_H
#define FLE_BASE_NUMBER_H

#include <stdint.h>

static inline uint64_t fle_plus(uint64_t a, uint64_t b)
{
    return a <= UINT64_MAX - b ? a + b : UINT64_MAX;
}

static inline uint64_t fle_times(uint64_t a, uint64_t b)
{
    return a == 0 || b <= UINT64_MAX / a ? a * b : UINT64_MAX;
}

static inline int64_t fle_signed_plus(int64_t a, int64_t b)
{
    if (b > 0 ? a > INT64_MAX - b : a < -INT64_MAX - b)
        return b > 0 ? INT64_MAX : -INT64_MAX;
    return a + b;
}

#endif
