/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations: what the pairer says of their ends, and what passed their packets on. */
#ifndef FLE_ENRICH_PAIRED_H
#define FLE_ENRICH_PAIRED_H

#include "enrich/observer.h"
#include "record/list.h"

/* What `hops` tell of those who passed packets on, beside who it was and which way. */
typedef enum fle_hop_output {
    FLE_HOP_TYPE,
    FLE_HOP_ARN,
    FLE_HOP_ZONE,
    FLE_HOP_VPC,
    FLE_HOP_ACCOUNT,
    FLE_N_HOP_OUTPUTS
} fle_hop_output;

typedef struct fle_hops {
    fle_column *columns[FLE_N_HOP_OUTPUTS];
} fle_hops;

/* Add the columns, with nothing in them yet. False if memory ran out. */
bool fle_hops_add(flowenrich_batch *batch);

/* Look them up, once the batch gets no more. */
void fle_hops_open(fle_hops *hops, const flowenrich_batch *batch);

/* Write what is known of the hops of a row. False if memory ran out. */
bool fle_hops_write(const fle_hops *hops, const fle_context *context, const fle_facts *facts,
                    size_t row);

/* The facts of a conversation; its client is the source. */
void fle_conversation_read(fle_facts *facts, const fle_context *context, size_t row);

/* Who a hop is, into '*out': by the inventory, or what records said. False if memory ran out. */
bool fle_hop_identity(const fle_context *context, const fle_facts *facts, flowenrich_text id,
                      fle_identity *out);

#endif
