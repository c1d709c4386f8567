/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged packets of a record's tuple, when, and how many: what proofs are made of. */
#ifndef FLE_ENRICH_ACCOUNT_H
#define FLE_ENRICH_ACCOUNT_H

#include "enrich/observer.h"

#define FLE_MOST_PIECES 512 /* records of a tuple, within the mirrors' reach */

/*
 * Whose record of the tuple: of the observer's, of the witness's, of another who sent to
 * the same witness or got packets from it, of anybody else.
 */
typedef enum fle_teller {
    FLE_TELLER_OBSERVER,
    FLE_TELLER_MIRROR,
    FLE_TELLER_COLLEAGUE,
    FLE_TELLER_STRANGER
} fle_teller;

typedef struct fle_piece {
    flowenrich_time start, end;
    uint32_t packets;
    fle_teller by;
    bool rejected;
    bool is_sideless; /* of a log that doesn't tell the side */
} fle_piece;

typedef struct fle_account {
    const fle_context *context;
    const fle_facts *facts;
    fle_side side;
    const fle_witness *witness;
    flowenrich_time start, end;  /* of the record */
    bool is_lasting;             /* the address is the witness's for all of its life */
    flowenrich_time from, until; /* no stranger logged the tuple between */
    fle_piece items[FLE_MOST_PIECES];
    size_t n;
    bool is_disturbed; /* a stranger did during the record */
    bool is_too_much;
    bool is_doubled; /* others may have sent the observer's packets before, or more of them */
} fle_account;

/* What a record's packets have in common, and those the other way. */
fle_tuple fle_facts_tuple(const fle_facts *facts);
fle_tuple fle_facts_return(const fle_facts *facts);

/* Begin one of a side's packets and a witness that may have had its address; nothing is in it. */
void fle_account_begin(fle_account *a, const fle_context *context, const fle_facts *facts,
                       fle_side side, const fle_witness *witness);

/* Take in all that was logged of the tuple. */
void fle_account_gather(fle_account *a);

#endif
