/* SPDX-License-Identifier: Apache-2.0 */
/* What all meters of a conversation came to, each and the largest. */
#include "pair/tally.h"

#include "base/number.h"

static const fle_total nothing;

static fle_sum *sum_of(fle_tally *tally, const fle_meter *meter)
{
    fle_sum *sum = tally->items;

    while (sum < tally->items + tally->n && !fle_meter_is_same(sum->meter, meter))
        sum++;
    if (sum == tally->items + tally->n) {
        tally->n++;
        sum->meter = meter;
        sum->newest = 0;
        for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++)
            sum->all[from] = sum->told[from] = nothing;
    }
    return sum;
}

static void add(fle_total *total, const fle_meter *meter, fle_pole from)
{
    if (meter->newest[from] == 0)
        return;
    total->bytes = fle_plus(total->bytes, meter->bytes[from]);
    total->packets = fle_plus(total->packets, fle_meter_packets(meter, from));
    total->is_known = true;
}

static void raise(fle_total *largest, const fle_total *total)
{
    if (total->bytes > largest->bytes)
        largest->bytes = total->bytes;
    if (total->packets > largest->packets)
        largest->packets = total->packets;
    largest->is_known = largest->is_known || total->is_known;
}

void fle_tally_read(fle_tally *tally, const fle_slab *slab, const fle_meters *meters)
{
    tally->n = 0;
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *meter = fle_meter_at(slab, i);
        fle_sum *sum = sum_of(tally, meter);

        for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
            add(&sum->all[from], meter, from);
            if (meter->told)
                add(&sum->told[from], meter, from);
            if (meter->newest[from] > sum->newest)
                sum->newest = meter->newest[from];
        }
    }
    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
        tally->all[from] = tally->told[from] = nothing;
        for (size_t i = 0; i < tally->n; i++) {
            raise(&tally->all[from], &tally->items[i].all[from]);
            raise(&tally->told[from], &tally->items[i].told[from]);
        }
    }
}
