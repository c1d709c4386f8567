/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations: what the pairer says of their ends, and what passed their packets on. */
#include "enrich/paired.h"

#include "enrich/metadata.h"
#include "record/dictionary.h"

static const flowenrich_text hop_paths[FLE_N_HOP_OUTPUTS] = {
    [FLE_HOP_TYPE] = FLE_ENTRY("hops.type"),
    [FLE_HOP_ARN] = FLE_ENTRY("hops.arn"),
    [FLE_HOP_ZONE] = FLE_ENTRY("hops.availability_zone_id"),
    [FLE_HOP_VPC] = FLE_ENTRY("hops.vpc_id"),
    [FLE_HOP_ACCOUNT] = FLE_ENTRY("hops.account_id"),
};

/* ---- The facts. ---- */

static flowenrich_text given_text(const fle_context *context, size_t which, size_t row)
{
    return fle_batch_text(context->batch, context->given[which], row);
}

/* Where an observer looks from: by the inventory, else by what its records said. */
static flowenrich_text vpc_of(const fle_context *context, flowenrich_text observer, uint32_t *space)
{
    const fle_entry *interface = fle_context_find(context, observer);
    const fle_observed *observed = fle_batch_observed(context->batch, observer);
    const flowenrich_text vpc =
        fle_context_vpc(context, interface, observed ? observed->vpc_id : fle_text("", 0));

    *space = interface && interface->space ? interface->space : fle_context_space(context, vpc);
    return vpc;
}

/* The client as it is seen from the first observer, the server from the last that has a VPC. */
static void read_spaces(fle_facts *facts, const fle_context *context, size_t row)
{
    const fle_texts observers = fle_list_texts(context->given[FLE_GIVEN_OBSERVERS], row);
    flowenrich_text vpc = vpc_of(context, facts->observer, &facts->space[FLE_SRC]);

    facts->vpc[FLE_SRC] = facts->vpc[FLE_DST] = vpc;
    facts->space[FLE_DST] = facts->space[FLE_SRC];
    for (size_t i = observers.n; i-- > 0;) {
        uint32_t space;

        vpc = vpc_of(context, observers.items[i], &space);
        if (!vpc.len)
            continue;
        facts->vpc[FLE_DST] = vpc;
        facts->space[FLE_DST] = space;
        return;
    }
}

static void read_end(fle_facts *facts, const fle_context *context, fle_side side, size_t row)
{
    const fle_column *port = context->given[FLE_GIVEN_CLIENT_PORT + side];

    facts->wire[side] = fle_column_address(context->given[FLE_GIVEN_CLIENT_ADDR + side], row);
    facts->port[side] = fle_column_valid(port, row) ? fle_column_u32(port, row) : FLE_ABSENT;
    facts->logged_by[side] = given_text(context, FLE_GIVEN_CLIENT_OBSERVER + side, row);
    facts->via_public[side] = given_text(context, FLE_GIVEN_CLIENT_PUBLIC + side, row);
    facts->is_contested[side] =
        fle_column_valid(context->given[FLE_GIVEN_CLIENT_CONTESTED + side], row);
}

void fle_conversation_read(fle_facts *facts, const fle_context *context, size_t row)
{
    fle_facts_begin(facts, context, row);
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        read_end(facts, context, side, row);
    facts->interface = fle_context_find(context, facts->observer);
    facts->own = facts->logged_by[FLE_SRC].len   ? FLE_SRC
                 : facts->logged_by[FLE_DST].len ? FLE_DST
                                                 : FLE_N_SIDES;
    facts->is_hop = facts->own == FLE_N_SIDES;
    read_spaces(facts, context, row);
}

/* ---- Hops. ---- */

bool fle_hops_add(flowenrich_batch *batch)
{
    for (size_t i = 0; i < FLE_N_HOP_OUTPUTS; i++) {
        fle_column *column = fle_batch_add_list(batch, hop_paths[i], FLOWENRICH_TYPE_TEXT);

        if (!column)
            return false;
        fle_list_clear(column, batch->rows);
    }
    return true;
}

void fle_hops_open(fle_hops *hops, const flowenrich_batch *batch)
{
    for (size_t i = 0; i < FLE_N_HOP_OUTPUTS; i++)
        hops->columns[i] = fle_batch_find(batch, hop_paths[i]);
}

bool fle_hop_identity(const fle_context *context, const fle_facts *facts, flowenrich_text id,
                      fle_identity *out)
{
    const fle_entry *interface = fle_snapshot_then(context->snapshot, fle_context_find(context, id),
                                                   facts->from, facts->until);
    const fle_observed *observed = fle_batch_observed(context->batch, id);
    fle_metadata metadata;

    memset(out, 0, sizeof *out);
    if (interface && !fle_snapshot_tell(context->snapshot, interface, &context->batch->arena, out))
        return false;
    if (!observed)
        return true;
    fle_metadata_observed(&metadata, observed);
    return interface ? fle_metadata_place(&metadata, &context->batch->arena, out)
                     : fle_metadata_owner(&metadata, &context->batch->arena, out);
}

bool fle_hops_write(const fle_hops *hops, const fle_context *context, const fle_facts *facts,
                    size_t row)
{
    static const fle_attribute attributes[FLE_N_HOP_OUTPUTS] = {
        [FLE_HOP_TYPE] = FLE_ATTR_TYPE,
        [FLE_HOP_ZONE] = FLE_ATTR_AVAILABILITY_ZONE_ID,
        [FLE_HOP_VPC] = FLE_ATTR_VPC_ID,
        [FLE_HOP_ACCOUNT] = FLE_ATTR_ACCOUNT_ID,
    };
    const fle_texts ids = fle_list_texts(context->given[FLE_GIVEN_HOPS], row);

    for (size_t i = 0; i < ids.n; i++) {
        fle_identity identity;

        if (!fle_hop_identity(context, facts, ids.items[i], &identity))
            return false;
        for (size_t k = 0; k < FLE_N_HOP_OUTPUTS; k++) {
            flowenrich_text text = identity.single[attributes[k]];

            if (k == FLE_HOP_ARN)
                text = identity.arns.n ? identity.arns.items[0] : fle_text("", 0);
            if (!fle_list_add_kept(context->batch, hops->columns[k], row, text))
                return false;
        }
    }
    return true;
}
