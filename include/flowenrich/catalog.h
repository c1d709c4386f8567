/* SPDX-License-Identifier: Apache-2.0 */
/** @file AWS documents, events and records to facts with times: what snapshots are made of. */
#ifndef FLOWENRICH_CATALOG_H
#define FLOWENRICH_CATALOG_H

#include "snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Facts about what there is in AWS, each with the time it was observed. The one writer:
 *
 *     for each document or event:
 *         flowenrich_catalog_load(catalog, data, len, &document, NULL, &error);
 *     flowenrich_catalog_publish(catalog, &snapshot, &error);
 *     flowenrich_enricher_set_snapshot(enricher, snapshot, &error);
 *     flowenrich_snapshot_free(snapshot);   (the enricher has a reference of its own)
 *
 * and so again whenever there is something new.
 */
typedef struct flowenrich_catalog flowenrich_catalog;

typedef struct flowenrich_catalog_options {
    size_t size; /**< sizeof(flowenrich_catalog_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    const char *kinds; /**< YAML in the shape of data/kinds.yaml, instead of the built-in table. */
    size_t kinds_len;
    /** Seconds before a first or after a last sighting that an owner may be assumed to have been
     *  there. -1 = none. 0 = 86400 as long as only documents were loaded, but not of those whose
     *  records were learned from, and none once events were: where changes are told, silence is
     *  no reason to assume. */
    int64_t assume;
    /** Bytes that what records teach may take: 44 to 52 for each. Records beyond teach nothing,
     *  and are counted. 0 = 1 GiB. */
    uint64_t max_learned_bytes;
    /** Seconds after the time of an event, which is that of a request, within which AWS does what
     *  it says: meanwhile nobody is named, unless it is the same owner before and after. 0 = 60,
     *  -1 = none. */
    int64_t event_slack;
} flowenrich_catalog_options;

#define FLOWENRICH_CATALOG_OPTIONS_INIT                                                            \
    {                                                                                              \
        sizeof(flowenrich_catalog_options), NULL, 0, NULL, 0, 0, 0, 0                              \
    }

/** What is known of a document besides its bytes. */
typedef struct flowenrich_document {
    size_t size;                 /**< sizeof(flowenrich_document). */
    flowenrich_time observed_at; /**< When AWS said so; wins over a date in the document. */
    flowenrich_time modified_at; /**< Used if neither that nor a date in the document is there. */
} flowenrich_document;

#define FLOWENRICH_DOCUMENT_INIT                                                                   \
    {                                                                                              \
        sizeof(flowenrich_document), FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT                \
    }

FLOWENRICH_API flowenrich_status flowenrich_catalog_new(flowenrich_catalog **out,
                                                        const flowenrich_catalog_options *options,
                                                        flowenrich_error *error);
FLOWENRICH_API void flowenrich_catalog_free(flowenrich_catalog *catalog);

/**
 * Load what an AWS tool printed, or events, all of it or nothing.
 *
 * What it is, is seen by its keys. Documents: describe-network-interfaces, -instances,
 * -subnets, -vpcs, -vpc-endpoints, -nat-gateways, -addresses,
 * -vpc-peering-connections, -transit-gateway-attachments, -flow-logs,
 * -route-tables, -managed-prefix-lists, get-managed-prefix-list-entries, -tasks (ECS),
 * -db-instances, -db-clusters, -db-proxies, -load-balancers, -listeners, -target-groups,
 * -target-health, -cache-clusters, -clusters (Redshift, DAX), list-functions,
 * the tagging API's get-resources, ip-ranges.json, and what names were resolved to,
 * `{"endpoint": "db.example", "address": "10.0.0.5", "observed_at": "2026-11-20T09:00:00Z"}`,
 * which tells the interface of a database; as the CLI prints them or as boto3 returns
 * them, one page or several, in one JSON value, an array, or back to back.
 *
 * Items of AWS Config, each of its own time: snapshots, histories (`configurationItems`),
 * notifications (`configurationItem`), or alone; of interfaces, instances, subnets, VPCs,
 * endpoints, NAT gateways, elastic addresses, peerings and route tables.
 *
 * Events: CloudTrail's files (`{"Records": [...]}`) and records, alone or in the
 * envelopes of EventBridge, of RunInstances, Terminate-, Start- and StopInstances,
 * Create- and DeleteNetworkInterface, Attach- and DetachNetworkInterface, Assign-
 * and UnassignPrivateIpAddresses, -Ipv6Addresses, Allocate-, Associate-,
 * Disassociate- and ReleaseAddress, ModifyNetworkInterface- and
 * ModifyInstanceAttribute, Create- and DeleteTags, Create- and DeleteNatGateway,
 * CreateVpcEndpoint, DeleteVpcEndpoints; Create-, Replace- and DeleteRoute, Create- and
 * DeleteRouteTable, Associate- and DisassociateRouteTable, ReplaceRouteTableAssociation;
 * Associate- and DisassociateVpcCidrBlock, Accept- and DeleteVpcPeeringConnection;
 * "Tag Change on Resource", "EC2 Instance State-change Notification",
 * "ECS Task State Change". They have times of their own,
 * those of the requests: what changed did so some time within `event_slack`, during which
 * nobody is named, unless it is the same owner before and after. One that was seen
 * to be made and to be undone is `exact` in between. Calls that failed are counted
 * and change nothing; of an event that comes twice the second makes no difference.
 *
 * Nor does the order in which documents and events are loaded.
 *
 * An image that flowenrich_catalog_image() wrote: all that its catalog held, with its times.
 * What was learned adds up, so load an image once.
 *
 * @param document  NULL = nothing known. One whose time nobody knows is ERR_ARG; of
 *                  events it isn't looked at.
 * @param dated     Receives the newest time its facts were given. May be NULL.
 * @return OK, ERR_SYNTAX (not JSON, with line and column, or not AWS's, with the
 *         keys it has), ERR_UNSUPPORTED (AWS's, such as describe-network-acls, but
 *         none of the above; an image of a snapshot alone), ERR_CORRUPT (an image that isn't
 *         whole), ERR_ARG (no time), ERR_NOMEM. After a failure the catalog is as before, and
 *         stays usable.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_load(flowenrich_catalog *catalog,
                                                         const void *data, size_t len,
                                                         const flowenrich_document *document,
                                                         flowenrich_time *dated,
                                                         flowenrich_error *error);

/**
 * Learn from records who logged which packets, for the first of two passes.
 *
 * Both ends of a flow often log it. With a snapshot of what was learned, an end
 * that logged the packets itself is named by its own record, before anybody is
 * asked who held its address: no document is needed for it, and no change of
 * owner blurs it. So read the whole log once and learn from it, publish, then
 * read it again and enrich. The order of records makes no difference, unless
 * they don't fit `max_learned_bytes`.
 *
 * @param records  As they were parsed; enriched or not.
 * @return OK, ERR_ARG, or ERR_NOMEM: a part of the batch may have been learned.
 *         The catalog stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_learn(flowenrich_catalog *catalog,
                                                          const flowenrich_batch *records,
                                                          flowenrich_error *error);

/**
 * Drop what no record after `before` depends on, to hold a catalog that goes on
 * being loaded to what there is.
 *
 * Of what changes stays what it was at that time. Interfaces go that events ended, or
 * whose addresses were all seen on others since. A snapshot made afterwards names
 * the same owners, as surely, at any time from `before` on; one whose name is
 * dropped is `not_in_inventory`. What lies before may be answered otherwise than it
 * was, and so may be what is asked without a time. A copy of a forgotten event
 * counts as one that is new. Of what was learned goes what ended two hours before.
 *
 * @param before  Seconds since 1970. Load nothing older afterwards: it may contradict
 *                what was forgotten.
 * @return OK; ERR_ARG without a time; ERR_NOMEM: the catalog is as before.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_forget(flowenrich_catalog *catalog,
                                                           flowenrich_time before,
                                                           flowenrich_error *error);

/**
 * Make a snapshot of all that has been loaded and learned.
 *
 * Publish as often as you like: where little came since the last time, an event or a few
 * interfaces, only that is made anew, and the rest is shared with the snapshot before. Who
 * reads an older one meanwhile, in any thread, neither waits nor notices. A catalog that
 * learns from records makes each snapshot as a whole.
 *
 * @param out  A reference of the caller's; free it. It doesn't need the catalog.
 * @return OK or ERR_NOMEM. The catalog stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_publish(flowenrich_catalog *catalog,
                                                            flowenrich_snapshot **out,
                                                            flowenrich_error *error);

/**
 * Make an image of all that has been loaded and learned, to go on from later or elsewhere.
 *
 * It is flowenrich_snapshot_image()'s of what flowenrich_catalog_publish() would give, and
 * behind it, in about as many bytes again, what that is made of. So
 * flowenrich_snapshot_from_image() reads it in place, and flowenrich_catalog_load() takes it
 * like a document: then the catalog knows what this one did, and more may be loaded and learned.
 *
 * @param data  Receives the image. It belongs to the catalog, until the next call of this or
 *              flowenrich_catalog_free().
 * @param len   Receives how many bytes it has.
 * @return OK, ERR_ARG or ERR_NOMEM. The catalog stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_image(flowenrich_catalog *catalog,
                                                          const void **data, size_t *len,
                                                          flowenrich_error *error);

/**
 * Count `documents`, `facts`, `interfaces`, `addresses`, `skipped_items` (without an id, or with
 * an address that can't be read), `learned_records`, `unlearned_records` (for which there was
 * no room) and `unlearned_addresses` (records for whose own address there was none), and of events
 * `events` (that were of use), `failed_events` (calls with an error), `repeated_events` and
 * `other_events`; `flow_logs` is 1 if documents described any. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_catalog_stats(const flowenrich_catalog *catalog,
                                               flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_CATALOG_H */
