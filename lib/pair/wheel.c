/* SPDX-License-Identifier: Apache-2.0 */
/* A wheel: which conversations are to be looked at when. */
#include "pair/wheel.h"

static uint32_t *spoke_of(fle_wheel *wheel, int64_t due)
{
    return &wheel->spokes[(uint64_t)due % FLE_WHEEL_SPOKES];
}

void fle_wheel_hang(fle_wheel *wheel, const fle_table *table, uint32_t number, int64_t due)
{
    uint32_t *spoke = spoke_of(wheel, due);

    fle_table_at(table, number)->next = *spoke;
    *spoke = number;
    if (wheel->n == 0 || due < wheel->hand)
        wheel->hand = due;
    wheel->n++;
}

uint32_t fle_wheel_chain(fle_wheel *wheel, int64_t due)
{
    uint32_t *spoke = spoke_of(wheel, due);
    const uint32_t chain = *spoke;

    *spoke = FLE_NONE;
    return chain;
}

uint32_t fle_wheel_take(fle_wheel *wheel, const fle_table *table, uint32_t *chain)
{
    const uint32_t number = *chain;

    if (number != FLE_NONE) {
        *chain = fle_table_at(table, number)->next;
        wheel->n--;
    }
    return number;
}
