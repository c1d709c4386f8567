/* SPDX-License-Identifier: Apache-2.0 */
/* What any look-up costs at least: random probes of a plain hash table, in processor time. */
#ifndef BENCH_PLAIN_TABLE_H
#define BENCH_PLAIN_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "made_up.h"

/* Of this process alone: others may be at work. */
static inline double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static inline uint32_t plain_slot(uint32_t number, uint32_t mask)
{
    return (uint32_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
}

/* A table of 'n' numbers, with 64 bytes at each, as many as an entry of a catalog has. */
static inline void plain_probe(uint32_t n, uint32_t times)
{
    uint32_t mask = 1, (*slots)[16];
    uint64_t seed = 1, sum = 0;
    double began;

    while (mask < 2 * n)
        mask *= 2;
    slots = calloc(mask--, sizeof *slots);
    if (!slots)
        exit(1);
    for (uint32_t i = 1; i <= n; i++) {
        uint32_t at = plain_slot(i, mask);

        while (slots[at][0] != 0)
            at = (at + 1) & mask;
        slots[at][0] = i;
    }
    began = now();
    for (uint32_t i = 0; i < times; i++) {
        const uint32_t wanted = made_up_draw(&seed, n) + 1;
        uint32_t at = plain_slot(wanted, mask);

        while (slots[at][0] != wanted)
            at = (at + 1) & mask;
        sum += slots[at][15] + at;
    }
    printf("  %-10s%8.1f ns a probe of a hash table%s\n", "", (now() - began) * 1e9 / times,
           sum == 0 ? "?" : "");
    free(slots);
}

#endif
