/* SPDX-License-Identifier: Apache-2.0 */
/* What a record itself says of an end: of the observer's, of the next hop's, of a side's. */
#ifndef FLE_ENRICH_METADATA_H
#define FLE_ENRICH_METADATA_H

#include "enrich/observer.h"
#include "record/observed.h"

typedef enum fle_metadatum {
    FLE_META_INTERFACE,
    FLE_META_RESOURCE,
    FLE_META_INSTANCE,
    FLE_META_TASK,
    FLE_META_KIND, /* as the v11 fields call it: "nat_gateway" */
    FLE_META_SUBNET,
    FLE_META_VPC,
    FLE_META_ACCOUNT,
    FLE_META_ZONE,
    FLE_META_REGION,
    FLE_META_SERVICE, /* of Amazon's, whose range the address is in: "S3" */
    FLE_N_METADATA
} fle_metadatum;

typedef struct fle_metadata {
    flowenrich_text of[FLE_N_METADATA];
} fle_metadata;

/* Which of these the rows of a batch may tell, by its columns: a bit for each. */
uint32_t fle_metadata_told(const fle_context *context, fle_source source);

void fle_metadata_read(fle_metadata *metadata, const fle_context *context, fle_source source,
                       size_t row);

/* What its records say of a witness, or of an observer of a conversation. */
void fle_metadata_witness(fle_metadata *metadata, const fle_witness *witness);
void fle_metadata_observed(fle_metadata *metadata, const fle_observed *observed);

/* What a row says of somebody; or, if it isn't NULL, what others said of them. */
typedef struct fle_saying {
    fle_source source;
    size_t row;
    const fle_metadata *instead;
} fle_saying;

/*
 * Mix into a hash what an answer may take from that: of an owner's, who may be NULL, only the
 * place, as far as he lacks it. And is that the same in two rows?
 */
uint64_t fle_metadata_hash(uint64_t hash, const fle_context *context, fle_saying said,
                           const fle_entry *owner);
bool fle_metadata_equal(const fle_context *context, fle_saying a, fle_saying b,
                        const fle_entry *owner);

/* The same kept: those that aren't empty, by fle_metadatum, a bit for each. */
typedef struct fle_words {
    uint32_t has, may; /* those that might have been said */
    const flowenrich_text *items;
} fle_words;

/* False if memory ran out. */
bool fle_words_keep(fle_words *words, const fle_context *context, fle_saying said,
                    const fle_entry *owner, fle_arena *arena);
bool fle_words_equal(const fle_words *words, const fle_context *context, fle_saying said);

/* A kind of interface as records name it. */
typedef struct fle_kind {
    const char *name;
    const char *type;
    const char *path; /* what traffic through it or to it takes; "" if nothing special */
    bool forwards;
} fle_kind;

/* NULL if it is no kind that tells anything. */
const fle_kind *fle_kind_find(flowenrich_text name);

/* Is this the id of a NAT gateway, which alone logs without an interface? */
bool fle_is_nat_gateway(flowenrich_text resource);

/* Fill in what an identity lacks of its place. False if memory ran out. */
bool fle_metadata_place(const fle_metadata *metadata, fle_arena *arena, fle_identity *identity);

/* Fill in what it is as well: type, ARN, interface. */
bool fle_metadata_owner(const fle_metadata *metadata, fle_arena *arena, fle_identity *identity);

/* The service, in lower case, as an identity. False if memory ran out. */
bool fle_metadata_service(const fle_metadata *metadata, fle_arena *arena, fle_identity *identity);

#endif
