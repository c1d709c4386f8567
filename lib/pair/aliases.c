/* SPDX-License-Identifier: Apache-2.0 */
/* Other names of a conversation, for logs that may have another address of an end. */
#include "pair/pairer.h"

static bool add(flowenrich_pairer *pairer, uint32_t number, const fle_notice *renamed, bool turns)
{
    const uint32_t leg_number = fle_table_open(&pairer->table, renamed);
    fle_conversation *whole = fle_table_at(&pairer->table, number), *leg;

    if (leg_number == FLE_NONE)
        return false;
    leg = fle_table_at(&pairer->table, leg_number);
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        leg->space[pole] = whole->space[turns ? fle_pole_other(pole) : pole];
    leg->marks = FLE_MARK_LEG | FLE_MARK_LOOSE | FLE_MARK_TWIN;
    fle_conversation_add_leg(whole, number, leg, leg_number,
                             FLE_LEG_IS_NAME | (turns ? FLE_LEG_TURNS : 0));
    return true;
}

/* By the stand-ins of some poles: a bit for each. */
static bool add_name(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice,
                     unsigned poles)
{
    fle_notice renamed = *notice;

    return fle_homes_rename(&pairer->homes, &pairer->observers, pairer->hash_seed, poles,
                            &renamed) &&
           add(pairer, number, &renamed, renamed.from != notice->from);
}

bool fle_pairer_alias(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice)
{
    const unsigned unknown = (notice->maybe[FLE_LOW] ? 1u << FLE_LOW : 0) |
                             (notice->maybe[FLE_HIGH] ? 1u << FLE_HIGH : 0);

    for (unsigned poles = 1; poles <= unknown; poles++)
        if ((poles & unknown) == poles && !add_name(pairer, number, notice, poles))
            return false;
    return true;
}

/* ---- From one conversation to the next. ---- */

static bool add_like(flowenrich_pairer *pairer, uint32_t number, fle_conversation *before,
                     const fle_notice *notice)
{
    fle_notice named = *notice;
    uint32_t leg_number;
    fle_conversation *leg;

    named.key = before->key;
    named.hash = fle_key_hash(&named.key, pairer->hash_seed);
    leg_number = fle_table_open(&pairer->table, &named);
    if (leg_number == FLE_NONE)
        return false;
    leg = fle_table_at(&pairer->table, leg_number);
    memcpy(leg->space, before->space, sizeof leg->space);
    leg->marks = FLE_MARK_LEG | FLE_MARK_LOOSE | FLE_MARK_TWIN;
    before->marks |= FLE_MARK_TWIN;
    fle_conversation_add_leg(fle_table_at(&pairer->table, number), number, leg, leg_number,
                             before->way[FLE_HIGH]);
    return true;
}

bool fle_pairer_inherit(flowenrich_pairer *pairer, uint32_t before, uint32_t number,
                        const fle_notice *notice)
{
    for (uint32_t i = fle_table_at(&pairer->table, before)->leg; i != FLE_NONE;) {
        fle_conversation *leg = fle_table_at(&pairer->table, i);

        if (!fle_leg_is_outside(leg) && !add_like(pairer, number, leg, notice))
            return false;
        i = fle_leg_next(leg);
    }
    return true;
}

uint32_t fle_pairer_leg_like(const flowenrich_pairer *pairer, uint32_t number, uint32_t leg)
{
    const fle_key *key = &fle_table_at(&pairer->table, leg)->key;
    uint32_t i = fle_table_at(&pairer->table, number)->leg;

    while (i != FLE_NONE && !fle_key_equal(&fle_table_at(&pairer->table, i)->key, key))
        i = fle_leg_next(fle_table_at(&pairer->table, i));
    return i;
}
