/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to a snapshot. */
#ifndef FLE_CATALOG_PUBLISH_H
#define FLE_CATALOG_PUBLISH_H

#include "catalog/entry_writer.h"
#include "catalog/facts.h"
#include "catalog/kinds.h"
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
    uint32_t *spaces; /* by the number of a VPC's id */
    fle_vpc *vpcs;    /* the snapshot's */
} fle_publishing;

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
bool fle_publish_routes(fle_publishing *p);

/* How many subjects there are facts about. */
size_t fle_count_subjects(fle_about about);

/* "us-east-1" of a zone "us-east-1a" or "us-east-1-bos-1a"; empty if it isn't like that. */
flowenrich_text fle_region_of_zone(flowenrich_text zone);

/* "s3" of "com.amazonaws.us-east-1.s3"; empty of somebody's own service. */
flowenrich_text fle_service_of_endpoint(flowenrich_text name);

#endif
