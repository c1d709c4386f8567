/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: what a resolver said of one question. They live in the batch that asked. */
#ifndef FLE_RECORD_ANSWER_H
#define FLE_RECORD_ANSWER_H

#include "base/alloc.h"
#include "record/identity.h"

struct flowenrich_answer {
    fle_identity identity; /* of the owner, or only of the place if 'by' is none */
    fle_by by;
    flowenrich_text by_name; /* of a resolver; else the name of 'by' */
    uint32_t resolver;       /* its number, if 'by' is one */
    fle_reason reason;
    flowenrich_text reason_name; /* of a resolver; else the name of 'reason' */
    uint32_t sure;               /* flowenrich_sure; 0 if 'by' is none */
    flowenrich_time first, last; /* the owner's sightings around the question; absent if none */
    flowenrich_text rival;       /* the other interface, if the owner changed */
    flowenrich_text behind;      /* the interface that the end is reached through */
    flowenrich_time hold_from, hold_until; /* as a resolver says; absent if it doesn't */
    fle_arena *arena; /* for what flowenrich_answer_set() copies: the batch's */
};

/* Nothing said yet. */
void fle_answer_init(flowenrich_answer *answer, fle_arena *arena);

/* Has somebody named an owner, or refused to? Then nobody else is asked. */
bool fle_answer_is_given(const flowenrich_answer *answer);

/*
 * Take over what a resolver said in another answer, copied: not the name that it goes by, and
 * what the inventory found stays. False if memory ran out.
 */
bool fle_answer_copy(flowenrich_answer *answer, const flowenrich_answer *from);

/* Do two answers say the same, as fle_answer_copy() takes it over? */
bool fle_answer_equal(const flowenrich_answer *a, const flowenrich_answer *b);

/*
 * Tell of the entry of a prefix list that the address is in, if its name isn't empty. It names
 * what nobody here is known to have held.
 */
void fle_answer_network(flowenrich_answer *answer, flowenrich_text name);

/* The value of an attribute with one value, those of the answer included; len 0 if absent. */
flowenrich_text fle_answer_text(const flowenrich_answer *answer, fle_attribute attribute);

/* The values of arns, security_group_ids or tags. */
fle_texts fle_answer_texts(const flowenrich_answer *answer, fle_attribute attribute);

#endif
