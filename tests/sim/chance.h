/* SPDX-License-Identifier: Apache-2.0 */
/* Chance that is the same for the same seed. */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/* Each subject draws from its own: turning a knob leaves the other subjects as they were. */
typedef struct chance {
    uint64_t state;
} chance;

/* Every number has another image: so it makes ids of numbers, too. */
static inline uint64_t mixed(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static inline uint64_t chance_draw(chance *from)
{
    from->state += 0x9e3779b97f4a7c15u;
    return mixed(from->state);
}

/* 0 to n - 1; n is far below 2^32, so that the bias of the product is nothing to us. */
static inline uint32_t chance_below(chance *from, uint32_t n)
{
    return (uint32_t)(((chance_draw(from) >> 32) * n) >> 32);
}

static inline int32_t chance_between(chance *from, int32_t least, int32_t most)
{
    return least >= most ? least
                         : least + (int32_t)chance_below(from, (uint32_t)(most - least + 1));
}

/* 0 up to 1. */
static inline double chance_share(chance *from)
{
    return (double)(chance_draw(from) >> 11) * 0x1p-53;
}

static inline bool chance_percent(chance *from, double percent)
{
    return chance_share(from) * 100 < percent;
}

/* The same answer for the same three, whoever asks and whenever. */
static inline double chance_of(uint64_t seed, uint64_t a, uint64_t b)
{
    return (double)(mixed(mixed(mixed(seed) ^ a) ^ b) >> 11) * 0x1p-53;
}

#endif
