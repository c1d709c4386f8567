/* SPDX-License-Identifier: Apache-2.0 */
/* What a record itself says of an end: of the observer's, of the next hop's, of a side's. */
#ifndef FLE_ENRICH_METADATA_H
#define FLE_ENRICH_METADATA_H

#include "enrich/observer.h"
#include "record/observed.h"

/* Of whom the record speaks. */
typedef enum fle_source {
    FLE_SOURCE_SRC, /* the two sides, in the order of fle_side */
    FLE_SOURCE_DST,
    FLE_SOURCE_OBSERVER,
    FLE_SOURCE_NEXT_HOP,
    FLE_N_SOURCES
} fle_source;

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

void fle_metadata_read(fle_metadata *metadata, const fle_context *context, fle_source source,
                       size_t row);

/* What its records say of a witness, or of an observer of a conversation. */
void fle_metadata_witness(fle_metadata *metadata, const fle_witness *witness);
void fle_metadata_observed(fle_metadata *metadata, const fle_observed *observed);

/*
 * Append to a key what an answer may take from the record: of an owner's, who may be
 * NULL, only the place, as far as he lacks it. Each text has its length before it.
 */
void fle_metadata_key(fle_buffer *key, const fle_context *context, fle_source source, size_t row,
                      const fle_entry *owner);
void fle_metadata_observed_key(fle_buffer *key, const fle_observed *observed);
void fle_metadata_append(fle_buffer *key, flowenrich_text text);

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
