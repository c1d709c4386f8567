/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged records, and what those say of him. */
#include "record/witness.h"

void fle_witness_lives(fle_witness *witness, flowenrich_time start, flowenrich_time end)
{
    witness->alive_from = end < witness->alive_from ? end : witness->alive_from;
    witness->alive_until = start > witness->alive_until ? start : witness->alive_until;
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

bool fle_witness_is_primary(const fle_witness *witness, const fle_address *address)
{
    const fle_constant *label = witness->ingress.is_known ? &witness->ingress : &witness->egress;

    return label->is_known && !label->is_disputed &&
           fle_address_compare(&label->address, address) == 0;
}
