/* SPDX-License-Identifier: Apache-2.0 */
/* Facts: what documents said of what there is, each with the time it was observed. */
#ifndef FLE_CATALOG_FACTS_H
#define FLE_CATALOG_FACTS_H

#include "base/alloc.h"
#include "base/hash.h"
#include "base/text.h"

/* What a fact is about. */
typedef enum fle_subject {
    FLE_SUBJECT_INTERFACE,
    FLE_SUBJECT_INSTANCE,
    FLE_SUBJECT_SUBNET,
    FLE_SUBJECT_VPC,
    FLE_SUBJECT_ENDPOINT,
    FLE_SUBJECT_NAT_GATEWAY,
    FLE_SUBJECT_PEERING,        /* the one without an id stands for "such a document was loaded" */
    FLE_SUBJECT_ATTACHMENT,     /* of a transit gateway; the same holds */
    FLE_SUBJECT_RESOURCE,       /* by its ARN */
    FLE_SUBJECT_RANGE,          /* one of Amazon's, by its prefix */
    FLE_SUBJECT_ENI_ATTACHMENT, /* of an interface to an instance */
    FLE_SUBJECT_ALLOCATION,     /* of an elastic address */
    FLE_SUBJECT_ASSOCIATION,    /* of that with an interface */
    FLE_SUBJECT_NAME,           /* of a host, behind which a database or the like is */
    FLE_SUBJECT_FLOW_LOG,
    FLE_SUBJECT_ROUTE_TABLE,
    FLE_SUBJECT_PREFIX_LIST, /* the one without an id stands for all whose entries don't tell it */
    FLE_SUBJECT_TARGET,      /* of a load balancer: an instance's id, an address, or an ARN */
    FLE_SUBJECT_ROUTE_ASSOCIATION, /* of a table with a subnet, or a VPC as its main one */
    FLE_SUBJECT_EVENT              /* by its id: that it was read */
} fle_subject;

/*
 * What of the subject a fact states. Those from FLE_FACT_GROUPS on are sets: each
 * observation begins with a fact without a value, so that an empty set is one, too.
 */
typedef enum fle_predicate {
    FLE_FACT_VPC,
    FLE_FACT_SUBNET,
    FLE_FACT_ACCOUNT,
    FLE_FACT_ZONE,
    FLE_FACT_ZONE_ID,
    FLE_FACT_REGION,
    FLE_FACT_STATE,
    FLE_FACT_INTERFACE_TYPE,
    FLE_FACT_DESCRIPTION,
    FLE_FACT_REQUESTER,
    FLE_FACT_REQUESTER_MANAGED,
    FLE_FACT_SOURCE_DEST_CHECK,
    FLE_FACT_INSTANCE,
    FLE_FACT_INSTANCE_OWNER,
    FLE_FACT_ATTACHMENT, /* to the instance, by its id */
    FLE_FACT_DEVICE_INDEX,
    FLE_FACT_DELETE_ON_TERMINATION,
    FLE_FACT_NAT_GATEWAY,
    FLE_FACT_ENDPOINT,
    FLE_FACT_ENDPOINT_TYPE,
    FLE_FACT_SERVICE_NAME,
    FLE_FACT_REQUESTER_VPC,
    FLE_FACT_ACCEPTER_VPC,
    FLE_FACT_TRANSIT_GATEWAY,
    FLE_FACT_RESOURCE_TYPE,
    FLE_FACT_RESOURCE,
    FLE_FACT_INTERFACE, /* of an association, as the two below */
    FLE_FACT_ALLOCATION,
    FLE_FACT_ADDRESS,
    FLE_FACT_RANGE,     /* the key is the region, the value the service */
    FLE_FACT_LOG_GROUP, /* of a flow log */
    FLE_FACT_LOG_FORMAT,
    FLE_FACT_TRAFFIC,     /* "ALL", or which of it: "ACCEPT", "REJECT" */
    FLE_FACT_WINDOW,      /* seconds that a record covers at most */
    FLE_FACT_NAME,        /* of a prefix list */
    FLE_FACT_ROUTE_TABLE, /* a subnet's, none if it is the main one; a VPC's main one; the one
                             that took an association's place */
    FLE_FACT_REPLACED,    /* the association whose place another took */
    FLE_FACT_GROUPS,
    FLE_FACT_TAGS,  /* with a key */
    FLE_FACT_CIDRS, /* of a VPC or subnet, IPv4; of a prefix list, the key describes it */
    FLE_FACT_CIDRS_V6,
    FLE_FACT_SUBNETS,   /* in which a function may have interfaces; of a route table */
    FLE_FACT_ROUTES,    /* targets; the key is a CIDR or a prefix list */
    FLE_FACT_ARNS,      /* of what an interface is of; the key is the type */
    FLE_FACT_LISTENERS, /* ports; the key is the protocol. All times count, as below */
    FLE_FACT_TARGETS,   /* ports of whom a load balancer sends to */
    FLE_FACT_ADDRESSES, /* private ones and prefixes of an interface; all times count */
    FLE_FACT_PUBLIC,    /* its public addresses; all times count */
    FLE_FACT_LEARNED    /* of an interface that no document has: its id, or none if it stands for
                           whoever an address of a VPC may have been of */
} fle_predicate;

/*
 * How a fact was come by. A document saw it. An event says that it became so some
 * time within the slack of its own time, which is that of the request: it was
 * set, and was whatever it had been before; a set gained this, or lost it. A mark
 * that is lost is the loss of all.
 */
typedef enum fle_change { FLE_SEEN, FLE_SET, FLE_GAINED, FLE_LOST } fle_change;

#define FLE_EVENT_SLACK 60 /* seconds, unless another is asked for */

/* By when what an event says has become so. */
static inline flowenrich_time fle_time_settled(flowenrich_time event, int64_t slack)
{
    return event < INT64_MAX - slack ? event + slack : INT64_MAX;
}

static inline flowenrich_time fle_time_later(flowenrich_time a, flowenrich_time b)
{
    return a > b ? a : b;
}

/* Texts are numbers of interned ones; 0 is the empty text. */
typedef struct fle_fact {
    flowenrich_time time;
    uint32_t subject, key, value;
    uint8_t kind;      /* fle_subject */
    uint8_t predicate; /* fle_predicate */
    uint16_t how;      /* fle_change, above its bits a version of tags, and FLE_DERIVED */
} fle_fact;

#define FLE_CHANGE_BITS 2
#define FLE_MOST_VERSIONS 0x1fff
#define FLE_DERIVED 0x8000U

#define FLE_AMAZON "amazon" /* key of a public address that isn't an elastic one */

static inline fle_change fle_fact_change(const fle_fact *fact)
{
    return (fle_change)(fact->how & ((1U << FLE_CHANGE_BITS) - 1));
}

static inline unsigned fle_fact_version(const fle_fact *fact)
{
    return (unsigned)fact->how >> FLE_CHANGE_BITS & FLE_MOST_VERSIONS;
}

/* An interned text, and what has been seen under it: for counting. */
typedef struct fle_interned {
    flowenrich_text text;
    bool is_interface, is_address, is_event;
} fle_interned;

typedef struct fle_facts {
    const fle_allocator *allocator;
    fle_fact *items;
    size_t n, capacity;
    fle_interned *texts;
    size_t n_texts, texts_capacity;
    fle_map *by_text;
    fle_arena arena;     /* of the texts */
    int64_t event_slack; /* seconds; FLE_EVENT_SLACK at first */
} fle_facts;

bool fle_facts_init(fle_facts *facts, const fle_allocator *allocator, uint64_t hash_seed);
void fle_facts_free(fle_facts *facts);

/* False if memory ran out. */
bool fle_facts_intern(fle_facts *facts, flowenrich_text text, uint32_t *id);
bool fle_facts_add(fle_facts *facts, const fle_fact *fact);

/* Note that an event is read. False if it was before, as far as facts tell. */
bool fle_facts_note_event(fle_facts *facts, uint32_t id);

/* Take back all facts but the first 'n', which aren't sorted with those before them. */
void fle_facts_truncate(fle_facts *facts, size_t n);

/* The number of a text; 0 if it was never interned. */
uint32_t fle_facts_find(const fle_facts *facts, flowenrich_text text);

static inline flowenrich_text fle_facts_text(const fle_facts *facts, uint32_t id)
{
    return facts->texts[id].text;
}

/*
 * Put the facts in order: by kind, subject, predicate, newest first; of one time events
 * first, and the later version of tags; then the greatest. What comes first does not
 * depend on the order of loading. What was said twice is kept once. False if memory
 * ran out.
 */
bool fle_facts_sort(fle_facts *facts, fle_arena *scratch);

/* Some facts that lie together. */
typedef struct fle_about {
    const fle_fact *items;
    size_t n;
} fle_about;

/* All about one kind, about one subject, and one predicate of that. The facts are sorted. */
fle_about fle_facts_of(const fle_facts *facts, fle_subject kind);
fle_about fle_facts_about(const fle_facts *facts, fle_subject kind, uint32_t subject);
fle_about fle_about_predicate(fle_about about, fle_predicate predicate);

/* Split the facts on one subject off the front of several subjects'. */
fle_about fle_about_next(fle_about *rest);

/* The number of the newest value, 0 if there is none. */
uint32_t fle_about_newest(fle_about about, fle_predicate predicate);

/* The newest set, with its mark. Its facts may repeat. */
fle_about fle_about_newest_set(fle_about about, fle_predicate predicate);

/* Does a fact say no more than that its set was observed? */
static inline bool fle_fact_is_mark(const fle_fact *fact)
{
    return fact->key == 0 && fact->value == 0;
}

#endif
