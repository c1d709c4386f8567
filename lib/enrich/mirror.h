/* SPDX-License-Identifier: Apache-2.0 */
/* The mirror: an end's own record of the same packets names it. */
#ifndef FLE_ENRICH_MIRROR_H
#define FLE_ENRICH_MIRROR_H

#include "enrich/observer.h"

typedef struct fle_mirrored {
    const fle_witness *witness; /* who logged the packets as its own; NULL if that isn't sure */
    const fle_entry *interface; /* the same; NULL if no document has it */
    const fle_witness *rival;   /* then: one who may have */
    bool is_only;               /* nobody else may have */
    uint32_t sure;              /* of the witness, how sure that is */
} fle_mirrored;

/* Who else logged this record's packets, with a side of them as his own? */
void fle_mirror_find(const fle_context *context, const fle_facts *facts, fle_side side,
                     fle_mirrored *out);

#endif
