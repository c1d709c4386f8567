/* SPDX-License-Identifier: Apache-2.0 */
/* How documents and events become facts: what all of their readers share. */
#ifndef FLE_CATALOG_LOADER_H
#define FLE_CATALOG_LOADER_H

#include "base/address.h"
#include "catalog/document.h"
#include "catalog/facts.h"

/* What a document or an event states facts of. */
typedef struct fle_thing {
    fle_subject kind;
    uint32_t id; /* 0 = none */
} fle_thing;

/* Events: read, of calls that failed, read again, of no use. */
typedef struct fle_event_counts {
    uint64_t events, failed, repeated, others;
} fle_event_counts;

typedef struct fle_loader {
    fle_facts *facts;
    flowenrich_time time; /* when the page at hand was observed, or the event happened */
    fle_change change;    /* what the facts that are added say */
    unsigned version;     /* of the tags that are added; 0 = none */
    uint64_t skipped;     /* items without an id, unreadable addresses */
    bool failed;          /* memory ran out: nothing is added from there on */
    fle_event_counts counts;
    bool has_events; /* one was of use, be it the first time or again */
} fle_loader;

uint32_t fle_loader_intern(fle_loader *l, flowenrich_text text);

void fle_add_at(fle_loader *l, flowenrich_time time, fle_thing s, fle_predicate predicate,
                flowenrich_text key, flowenrich_text value);
void fle_add(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text value);
void fle_add_known(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text value);

/* State that a set was observed, were it empty. */
void fle_add_mark(fle_loader *l, fle_thing s, fle_predicate predicate);

/* The one way to write an address or CIDR, in 'written'; the text itself if it is neither. */
#define FLE_CIDR_TEXT (FLE_ADDRESS_TEXT + 4)
flowenrich_text fle_as_written(flowenrich_text text, char written[FLE_CIDR_TEXT]);

/* Nothing of an empty text; one that can't be read is skipped. */
void fle_add_address(fle_loader *l, flowenrich_time time, fle_thing s, fle_predicate predicate,
                     flowenrich_text text);
void fle_add_cidr(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text text);

/* All tags of a thing: a list of pairs, or an object of them. */
void fle_add_tags(fle_loader *l, const fle_json *tags, fle_thing s);

flowenrich_text fle_get_text(const fle_json *object, const char *key);

/* A member of an item that states one fact. */
typedef struct fle_property {
    const char *outer; /* the object it lies in, NULL for the item itself */
    const char *key;
    fle_predicate predicate;
    bool may_end; /* it isn't there any more if it isn't listed */
} fle_property;

void fle_add_properties(fle_loader *l, const fle_json *item, fle_thing s,
                        const fle_property *properties, size_t n);

/* The thing that an id under a key stands for; its id is 0 if there is none. */
fle_thing fle_get_thing(fle_loader *l, fle_subject kind, const fle_json *object, const char *key);

#endif
