/* SPDX-License-Identifier: Apache-2.0 */
/* Who of a conversation is the client, by all that was heard of it. */
#ifndef FLE_PAIR_VERDICT_H
#define FLE_PAIR_VERDICT_H

#include "pair/listening.h"
#include "record/client.h"

typedef struct fle_verdict {
    fle_pole client;
    fle_rule rule;
} fle_verdict;

/* What is known besides the conversation. */
typedef struct fle_jury {
    const fle_listening *listening;
    const fle_listeners *configured;
    flowenrich_text type[FLE_N_POLES]; /* what is at the poles; empty if unknown */
    bool denied[FLE_N_POLES];          /* what they sent */
} fle_jury;

fle_verdict fle_verdict_find(const fle_conversation *c, const fle_jury *jury);

/*
 * The verdict of its next row: what rows said stands until somebody is surer of the
 * opposite.
 */
fle_verdict fle_verdict_next(const fle_conversation *c, const fle_jury *jury);

/* What rows said last, and to keep it. */
bool fle_verdict_told(const fle_conversation *c, fle_verdict *out);
void fle_verdict_tell(fle_conversation *c, fle_verdict verdict);

#endif
