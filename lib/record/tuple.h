/* SPDX-License-Identifier: Apache-2.0 */
/* The two sides of a record, and what was on the wire. */
#ifndef FLE_RECORD_TUPLE_H
#define FLE_RECORD_TUPLE_H

#include "base/address.h"
#include "base/text.h"

typedef enum fle_side { FLE_SRC, FLE_DST, FLE_N_SIDES } fle_side;

static inline fle_side fle_other(fle_side side)
{
    return side == FLE_SRC ? FLE_DST : FLE_SRC;
}

/* The side of which something holds, if it doesn't hold of both. */
static inline fle_side fle_only_side(bool src, bool dst)
{
    if (src == dst)
        return FLE_N_SIDES;
    return src ? FLE_SRC : FLE_DST;
}

/*
 * Packets of one direction, as they are on the wire; "wire tuple" in the field. The
 * same ones are logged under the same tuple by all who see them unchanged.
 */
typedef struct fle_tuple {
    const fle_address *address[FLE_N_SIDES]; /* NULL if the log has none */
    uint32_t port[FLE_N_SIDES];              /* FLE_ABSENT for protocols without ports */
    uint32_t protocol;                       /* FLE_ABSENT if the log doesn't say */
} fle_tuple;

/* The observer's side of a flow-direction; FLE_N_SIDES if it is none. */
static inline fle_side fle_side_of(flowenrich_text direction)
{
    if (fle_text_is(direction, "egress"))
        return FLE_SRC;
    return fle_text_is(direction, "ingress") ? FLE_DST : FLE_N_SIDES;
}

#endif
