/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for memory before it is needed. */
#ifndef FLE_BASE_PREFETCH_H
#define FLE_BASE_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

#define FLE_CACHE_LINE 64

static inline void fle_prefetch(const void *memory, size_t len)
{
#if defined(__GNUC__)
    /* GCC takes a function that does no more than this for one without effect, and drops calls. */
    __asm__ volatile("" : : "r"(memory));
    for (size_t at = 0; at < len; at += FLE_CACHE_LINE)
        __builtin_prefetch((const char *)memory + at);
    __builtin_prefetch((const char *)memory + len - 1);
#else
    (void)memory;
    (void)len;
#endif
}

#endif
