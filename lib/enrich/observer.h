/* SPDX-License-Identifier: Apache-2.0 */
/* What a record says of itself: its two sides, who logged it, and from which side. */
#ifndef FLE_ENRICH_OBSERVER_H
#define FLE_ENRICH_OBSERVER_H

#include "enrich/regulars.h"
#include "record/batch.h"
#include "record/client.h"
#include "record/directory.h"
#include "record/tuple.h"

/* What the pairer gives over of a conversation; of both ends, in the order of fle_end. */
typedef enum fle_given {
    FLE_GIVEN_CLIENT_ADDR,
    FLE_GIVEN_SERVER_ADDR,
    FLE_GIVEN_CLIENT_PORT,
    FLE_GIVEN_SERVER_PORT,
    FLE_GIVEN_CLIENT_OBSERVER, /* who logged this end as its own */
    FLE_GIVEN_SERVER_OBSERVER,
    FLE_GIVEN_CLIENT_CONTESTED, /* more than one did */
    FLE_GIVEN_SERVER_CONTESTED,
    FLE_GIVEN_CLIENT_PUBLIC, /* the address by which it was reached */
    FLE_GIVEN_SERVER_PUBLIC,
    FLE_GIVEN_OBSERVERS,
    FLE_GIVEN_HOPS,
    FLE_GIVEN_GATEWAYS, /* attachments whose logs tell of it, too */
    FLE_N_GIVEN
} fle_given;

/* Of whom a record speaks. */
typedef enum fle_source {
    FLE_SOURCE_SRC, /* the two sides, in the order of fle_side */
    FLE_SOURCE_DST,
    FLE_SOURCE_OBSERVER,
    FLE_SOURCE_NEXT_HOP,
    FLE_N_SOURCES
} fle_source;

/* A batch, and what its rows are judged by. */
typedef struct fle_context {
    flowenrich_batch *batch;
    const flowenrich_snapshot *snapshot; /* NULL if there is no inventory */
    const fle_mirrors *mirrors;          /* NULL if nobody's records are known but this batch's */
    int64_t slack;                       /* seconds that start and end may be late */
    bool strict;
    bool has_resolvers;                        /* of the caller's */
    fle_regulars *regulars;                    /* NULL if none are kept */
    const fle_column *fields[FLE_FIELD_COUNT]; /* NULL where the batch has no such column */
    const fle_column *observer, *stream;       /* the latter of whom the log stream is */
    const fle_column *flow_log, *group;        /* that the record is from */
    const fle_column *given[FLE_N_GIVEN];      /* of conversations */
    uint32_t told[FLE_N_SOURCES];              /* by fle_metadatum a bit: may a row tell it? */
} fle_context;

/* One record, read once for all rules; or a conversation, whose client is the source. */
typedef struct fle_facts {
    flowenrich_text observer;
    flowenrich_text interface_id;         /* its own or its log stream's, if it has one */
    fle_regular *regular;                 /* the same; NULL if it isn't known as one */
    const fle_entry *interface;           /* of the observer; NULL if no document has it */
    bool by_gateway;                      /* logged by a transit gateway, which has no own side */
    fle_side own;                         /* the observer's side; FLE_N_SIDES if it isn't known */
    bool is_hop;                          /* the observer is neither end */
    const fle_address *wire[FLE_N_SIDES]; /* the packet's own addresses; NULL if absent */
    const fle_address *hop[FLE_N_SIDES];  /* of a record: those of the interface it passes */
    uint32_t port[FLE_N_SIDES];           /* FLE_ABSENT for protocols without ports */
    flowenrich_text vpc[FLE_N_SIDES];     /* where the side's address is looked up */
    uint32_t space[FLE_N_SIDES];
    struct fle_known *known[FLE_N_SIDES]; /* where it may be known by that; NULL if it isn't */
    fle_trail trail[FLE_N_SIDES]; /* of the side's own address there, if it was found ahead */
    flowenrich_time from, until;  /* with slack; absent if the log has no times */
    uint32_t protocol;            /* FLE_ABSENT if the log doesn't say */
    uint32_t flags;               /* of TCP; FLE_ABSENT if unknown */
    bool rejected;
    flowenrich_text logged_by[FLE_N_SIDES];  /* of a conversation: who logged the side as its own */
    bool is_contested[FLE_N_SIDES];          /* more than one did */
    flowenrich_text via_public[FLE_N_SIDES]; /* the address by which it was reached */
    uint32_t number[FLE_N_SIDES];            /* of the answer about the side, in the batch */
    const flowenrich_answer *answer[FLE_N_SIDES]; /* that; NULL before */
} fle_facts;

/* Add the column `observer`. False if memory ran out. */
bool fle_observers_add(flowenrich_batch *batch);

/* Look up the batch's columns, once all that will be added are there. */
void fle_context_open(fle_context *context);

/* The text of a field, empty if absent. */
static inline flowenrich_text fle_context_text(const fle_context *context, fle_field field,
                                               size_t row)
{
    return fle_batch_text(context->batch, context->fields[field], row);
}

/*
 * The interface that logged the record: its log stream's, if the record itself
 * names nobody.
 */
flowenrich_text fle_context_interface(const fle_context *context, size_t row);

/* A field that tells where the observer is: by its flow log, if the record lacks it. */
flowenrich_text fle_context_place(const fle_context *context, fle_field field, size_t row);

/* Is all traffic of a VPC or subnet recorded where any is, as far as documents tell? */
bool fle_context_logs_all(const fle_context *context, flowenrich_text vpc, flowenrich_text subnet);

/* An interface of the inventory, and the number of a VPC's space; NULL and 0 if it has none. */
const fle_entry *fle_context_find(const fle_context *context, flowenrich_text id);
uint32_t fle_context_space(const fle_context *context, flowenrich_text vpc);

/* The VPC of an interface, which may be NULL: by the inventory, else as it was told. */
flowenrich_text fle_context_vpc(const fle_context *context, const fle_entry *interface,
                                flowenrich_text told);

/*
 * The side of an interface, which may be NULL, of packets that it logged: the one whose address
 * was its own then, or if it passes nothing on the only one that can be, all of its own being of
 * its subnet. FLE_N_SIDES if neither or both are.
 */
fle_side fle_context_side(const fle_context *context, const fle_entry *interface,
                          const fle_address *const *address, flowenrich_time from,
                          flowenrich_time until);

void fle_facts_read(fle_facts *facts, const fle_context *context, size_t row);

/* May the observer be either end, for all that is known? */
static inline bool fle_facts_may_be_either(const fle_facts *facts)
{
    return facts->own == FLE_N_SIDES && !facts->by_gateway;
}

/*
 * The same in steps, between which the inventory can be told what it will be asked: who logged
 * it, protocol and times; then, once a regular is known as one, both sides and where they are;
 * then whose side the observer is.
 */
void fle_facts_begin(fle_facts *facts, const fle_context *context, size_t row);
void fle_facts_open(fle_facts *facts, const fle_context *context, size_t row);
void fle_facts_judge(fle_facts *facts, const fle_context *context, size_t row);

/* What the rules that choose the client look at. */
fle_parties fle_facts_parties(const fle_context *context, const fle_facts *facts);

#endif
