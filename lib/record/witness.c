/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged records, and what those say of him. */
#include "record/witness.h"

#define A_DAY 86400

static bool is_none(const fle_life *life)
{
    return life->first > life->last;
}

static bool is_near(const fle_life *a, const fle_life *b)
{
    return a->first - b->last <= A_DAY && b->first - a->last <= A_DAY;
}

/* By more than the records of one window? */
static bool is_confirmed(const fle_life *life)
{
    return life->first < life->last;
}

static void join(fle_life *to, const fle_life *with)
{
    to->from = with->from < to->from ? with->from : to->from;
    to->until = with->until > to->until ? with->until : to->until;
    to->first = with->first < to->first ? with->first : to->first;
    to->last = with->last > to->last ? with->last : to->last;
}

/* There is no room for many, which aren't believed anyway. */
static void keep_stray(fle_witness *witness, const fle_life *stray)
{
    for (uint32_t i = 0; i < witness->n_strays; i++)
        if (is_near(&witness->strays[i], stray)) {
            join(&witness->strays[i], stray);
            return;
        }
    if (witness->n_strays < FLE_MOST_STRAYS)
        witness->strays[witness->n_strays++] = *stray;
}

/* Of two that nothing confirms the earlier counts. */
static void add(fle_witness *witness, fle_life part)
{
    fle_life *life = &witness->life;

    if (is_none(life)) {
        *life = part;
    } else if (is_near(life, &part) || (is_confirmed(life) && is_confirmed(&part))) {
        join(life, &part);
    } else if (!is_confirmed(life) && (is_confirmed(&part) || part.last < life->first)) {
        const fle_life stray = *life;

        *life = part;
        keep_stray(witness, &stray);
    } else {
        keep_stray(witness, &part);
    }
}

/* Is any no longer one? */
static bool take_stray(fle_witness *witness, fle_life *out)
{
    for (uint32_t i = 0; i < witness->n_strays; i++) {
        *out = witness->strays[i];
        if (is_confirmed(out) || is_near(out, &witness->life)) {
            witness->strays[i] = witness->strays[--witness->n_strays];
            return true;
        }
    }
    return false;
}

static void add_all(fle_witness *witness, const fle_life *part)
{
    fle_life stray;

    if (is_none(part))
        return;
    add(witness, *part);
    while (take_stray(witness, &stray))
        add(witness, stray);
}

/* A record may claim anything. */
static flowenrich_time bounded(flowenrich_time time)
{
    return time < -FLE_LATEST_LIFE  ? -FLE_LATEST_LIFE
           : time > FLE_LATEST_LIFE ? FLE_LATEST_LIFE
                                    : time;
}

void fle_witness_lives(fle_witness *witness, flowenrich_time start, flowenrich_time end)
{
    const fle_life part = { bounded(end), bounded(start), bounded(end), bounded(end) };

    add_all(witness, &part);
}

void fle_witness_merge_life(fle_witness *to, const fle_witness *from)
{
    add_all(to, &from->life);
    for (uint32_t i = 0; i < from->n_strays; i++)
        add_all(to, &from->strays[i]);
}

void fle_witness_skips(fle_witness *witness, flowenrich_time start, flowenrich_time end)
{
    witness->skipped_from = start < witness->skipped_from ? start : witness->skipped_from;
    witness->skipped_until = end > witness->skipped_until ? end : witness->skipped_until;
}

void fle_witness_label(fle_witness *witness, bool is_ingress, const fle_address *address)
{
    fle_constant *label = is_ingress ? &witness->ingress : &witness->egress;

    if (label->is_known && fle_address_compare(&label->address, address) != 0)
        label->is_disputed = true;
    else
        label->address = *address;
    label->is_known = true;
}

void fle_reach_extend(fle_reach *reach, const fle_address *address)
{
    if (!reach->is_known || fle_address_compare(address, &reach->low) < 0)
        reach->low = *address;
    if (!reach->is_known || fle_address_compare(address, &reach->high) > 0)
        reach->high = *address;
    reach->is_known = true;
}

bool fle_witness_is_primary(const fle_witness *witness, const fle_address *address)
{
    const fle_constant *label = witness->ingress.is_known ? &witness->ingress : &witness->egress;

    return label->is_known && !label->is_disputed &&
           fle_address_compare(&label->address, address) == 0;
}
