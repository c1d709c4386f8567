/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to a snapshot. */
#ifndef FLE_CATALOG_PUBLISH_H
#define FLE_CATALOG_PUBLISH_H

#include "catalog/entry_writer.h"
#include "catalog/facts.h"
#include "catalog/kinds.h"
#include "catalog/ledger.h"
#include "catalog/snapshot.h"

/* What the making of a snapshot needs besides it. */
typedef struct fle_publishing {
    const fle_facts *facts; /* in order */
    const fle_kinds *kinds;
    flowenrich_snapshot *snapshot;
    fle_entry_writer *writer; /* of its entries */
    fle_arena *scratch;
    fle_arena *room; /* for one interface at a time */
    fle_buffer *buffer;
    uint32_t *spaces;   /* by the number of a VPC's id; NULL if the snapshot has them all */
    fle_vpc *vpcs;      /* the snapshot's */
    fle_ledger *ledger; /* where it is noted whose tags were asked for; may be NULL */
    bool is_partial;    /* the ledger knows of more facts than those above */
} fle_publishing;

/* The space of a VPC by the number of its id; 0 if there is none. */
uint32_t fle_publish_space(const fle_publishing *p, uint32_t vpc);

/* What an interface is throughout, and in each period an identity of its own. */
typedef struct fle_composed {
    fle_identity always, *then;
    fle_period *periods;
    size_t n; /* 0 if nothing changed */
} fle_composed;

/* From all facts on it; lives in 'room', until the next one. False if memory ran out. */
bool fle_compose(fle_publishing *p, fle_about self, fle_composed *out);

/* As an entry that was made; if memory runs out the writer failed. */
void fle_compose_write(const fle_publishing *p, uint32_t index, fle_composed *x);

/* Where a subject is: VPC, zone and so on, of itself or else of 'fallback'. */
void fle_publish_location(const fle_publishing *p, fle_about about, fle_about fallback,
                          fle_identity *identity);

/* Let the snapshot see what has been written so far. False if memory ran out. */
bool fle_publish_entries(const fle_publishing *p);

/* Interfaces come first: their entries are the first ones. Below false: memory ran out. */
bool fle_publish_spaces(fle_publishing *p);
bool fle_publish_interfaces(fle_publishing *p);
bool fle_publish_holders(fle_publishing *p);
bool fle_publish_ranges(fle_publishing *p);
bool fle_publish_flow_logs(fle_publishing *p);
bool fle_publish_ports(fle_publishing *p);
bool fle_publish_prefix_lists(fle_publishing *p);

/* How many subjects there are facts about. */
size_t fle_count_subjects(fle_about about);

/* "us-east-1" of a zone "us-east-1a" or "us-east-1-bos-1a"; empty if it isn't like that. */
flowenrich_text fle_region_of_zone(flowenrich_text zone);

/* "s3" of "com.amazonaws.us-east-1.s3"; empty of somebody's own service. */
flowenrich_text fle_service_of_endpoint(flowenrich_text name);

#endif
