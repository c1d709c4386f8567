/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are kept from batch to batch, by what they depend on. */
#ifndef FLE_ENRICH_KEPT_H
#define FLE_ENRICH_KEPT_H

#include "base/shared.h"
#include "enrich/inquiry.h"
#include "record/answer.h"

/* Bytes of answers after which all are forgotten, once a batch is done. */
#define FLE_KEPT_BYTES ((size_t)16 << 20)

typedef struct fle_kept_answer {
    uint64_t batch;   /* the last that has it */
    uint64_t made_in; /* the first: until that is answered nothing is said yet */
    uint32_t number;  /* in the last */
    uint32_t hash;
    struct fle_kept_answer *next; /* of the same slot */
    flowenrich_answer answer;
    fle_ask ask;
    bool is_private;
    fle_finding finding;
    const fle_entry *place, *range; /* of an address without an owner, as is the network */
    flowenrich_text network;
    fle_address address; /* of an owner that was reached by a public one */
    fle_words words;     /* what it took from a record */
} fle_kept_answer;

/*
 * Of an end by its space and address: the answer that all records within a time have, but for
 * those that lie within a part of that. A cache line.
 */
typedef struct fle_known {
    fle_address address;
    uint32_t space;
    uint32_t age; /* 'age' of fle_kept; others are forgotten */
    fle_lasting lasting, except;
    fle_kept_answer *answer;
} fle_known;

/* Answers live in memory that batches hold, too, and point into one snapshot. */
typedef struct fle_kept {
    const fle_allocator *allocator;
    uint64_t seed;
    const flowenrich_snapshot *snapshot;
    fle_shared *memory;
    fle_kept_answer **slots; /* the newest of each */
    fle_kept_answer *last;   /* of those without an owner: strangers have one and the same */
    fle_lines known;         /* of fle_known */
    uint32_t age;
    uint64_t batch; /* number of the one under way */
    uint64_t rows;  /* of all batches */
    fle_regulars regulars;
} fle_kept;

void fle_kept_init(fle_kept *kept, const fle_allocator *allocator, uint64_t seed);
void fle_kept_free(fle_kept *kept);

/* Forget all that a snapshot said, which may be gone. */
void fle_kept_forget(fle_kept *kept);

/* Forget all answers. */
void fle_kept_clear(fle_kept *kept);

/* Begin a batch, which gets a reference to their memory. False if memory ran out. */
bool fle_kept_begin(fle_kept *kept, const fle_context *context);

/*
 * In two steps, so that the memory for one comes while others are looked at: where would a side be
 * known by its address? False if it needn't be. And is it known there?
 */
bool fle_kept_look_ahead(const fle_kept *kept, fle_facts *facts, fle_side side);
bool fle_kept_knows(const fle_kept *kept, fle_facts *facts, fle_side side);

/* What is known of a side of a record already; NULL if nothing is. */
fle_kept_answer *fle_kept_recall(const fle_kept *kept, const fle_context *context,
                                 const fle_facts *facts, fle_side side, size_t row);

/* Know this answer of a side, as long as the inquiry's finding lasts. */
void fle_kept_remember(const fle_kept *kept, const fle_inquiry *inquiry, const fle_facts *facts,
                       fle_side side, fle_kept_answer *answer);

/* May the answer to this be kept? Not if the caller's resolvers are asked. */
bool fle_kept_takes(const fle_inquiry *inquiry, const fle_context *context);

/*
 * The answer that an inquiry has, made with nothing said yet if '*is_new'. NULL if memory
 * ran out.
 */
fle_kept_answer *fle_kept_find(fle_kept *kept, const fle_inquiry *inquiry,
                               const fle_context *context, bool *is_new);

/* Is nothing said in it yet? */
static inline bool fle_kept_is_open(const fle_kept *kept, const fle_kept_answer *answer)
{
    return answer->made_in == kept->batch;
}

/* Its number in the batch under way, which gets it if need be; FLE_ABSENT if memory ran out. */
static inline uint32_t fle_kept_give(const fle_kept *kept, fle_kept_answer *answer,
                                     flowenrich_batch *batch)
{
    if (answer->batch != kept->batch) {
        answer->number = fle_batch_take_answer(batch, &answer->answer);
        answer->batch = kept->batch;
    }
    return answer->number;
}

#endif
