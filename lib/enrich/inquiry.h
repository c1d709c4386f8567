/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be asked about an end. */
#ifndef FLE_ENRICH_INQUIRY_H
#define FLE_ENRICH_INQUIRY_H

#include "enrich/metadata.h"

typedef enum fle_ask {
    FLE_ASK_NOBODY, /* the log has no address */
    FLE_ASK_ADDRESS,
    FLE_ASK_OWN,      /* the observer is the end */
    FLE_ASK_NEXT_HOP, /* the record names the interface of the far end */
    FLE_ASK_MIRROR    /* the end logged these packets itself */
} fle_ask;

typedef struct fle_inquiry {
    fle_ask ask;
    flowenrich_key key; /* as resolvers see it */
    fle_source source;  /* what the record itself says of the end */
    size_t row;
    uint32_t hash;                /* of what its answer depends on: see enrich/inquiries.h */
    const fle_witness *witness;   /* of the mirror; or else one who may have logged the packets */
    bool is_unanswered;           /* the observer sent them, and nobody logged them as its own */
    bool is_only;                 /* nobody else may have */
    bool is_unclear;              /* one end is the observer, and documents don't tell which */
    const fle_observed *observed; /* of a conversation: what records said of the interface */
    bool is_contested;            /* of a conversation: several logged the end as their own */
    flowenrich_text via_public;   /* of a conversation: the address by which it was reached */
    fle_finding finding;          /* the owner: the interface that the record names, or as found */
    const fle_entry *place;       /* of an address without an owner: its subnet, VPC; or NULL */
    const fle_entry *range;       /* Amazon's, around it; or NULL */
    flowenrich_text network;      /* the name of a prefix list's entry, likewise; or empty */
    bool is_private;              /* the address */
    uint32_t answer;              /* its number in the batch */
} fle_inquiry;

/* What to ask about one side of a record. Of all but `address` the owner, if known, is in. */
void fle_inquiry_form(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                      fle_side side, size_t row);

/* Ask the inventory for an `address`, by the facts that the inquiry was formed of. */
void fle_inquiry_look_up(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts);

/* Does its answer take anything from what is said of the end, and what is that? Some of it is
 * put into '*room'. */
bool fle_inquiry_takes_words(const fle_inquiry *inquiry);
fle_saying fle_inquiry_said(const fle_inquiry *inquiry, fle_metadata *room);

/*
 * Who was found, or why nobody was, and what is said of the end, as a hash; and was the same found
 * of two?
 */
uint64_t fle_inquiry_hash(const fle_inquiry *inquiry, const fle_context *context, fle_saying said,
                          uint64_t seed);
bool fle_finding_equal(const fle_finding *a, const fle_finding *b);

/* The address that is asked about. */
void fle_inquiry_address(const fle_inquiry *inquiry, fle_address *out);

#endif
