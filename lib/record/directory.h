/* SPDX-License-Identifier: Apache-2.0 */
/* What the other stages may ask of a snapshot. lib/catalog answers; nobody includes it for that. */
#ifndef FLE_RECORD_DIRECTORY_H
#define FLE_RECORD_DIRECTORY_H

#include "base/address.h"
#include "base/alloc.h"
#include "record/identity.h"
#include "record/listeners.h"
#include "record/mirrors.h"

/* Who held this address throughout this time, in this space or one joined to it? */
typedef struct fle_question {
    uint32_t space; /* of the observer; 0 = unknown */
    fle_address address;
    flowenrich_time from, until; /* absent: the log has no times, any time is asked for */
    struct fle_trail {
        const struct fle_run *runs;
        uint32_t n;
        bool is_found;
    } trail;         /* what fle_snapshot_look_ahead() found in the space, if it did */
    bool is_for_key; /* the answer will name nobody: who logs needn't have shown about then */
} fle_question;

typedef struct fle_trail fle_trail;

#define FLE_N_STORED FLE_ATTR_NETWORK /* attributes with one value that a snapshot may tell */

/*
 * An interface, a place or a range as it lies in a snapshot's image: texts and lists by
 * their places in that, 0 if it is empty. The same place in memory is the same thing.
 */
typedef struct fle_entry {
    uint32_t flags;   /* FLE_ENTRY_…, above them how many periods there are */
    uint32_t periods; /* the first one, of what varies */
    uint32_t space;
    uint32_t single[FLE_N_STORED];
    uint32_t path; /* as in fle_identity */
    uint32_t arns, security_group_ids, tags;
} fle_entry;

#define FLE_ENTRY_FORWARDS 1U
#define FLE_ENTRY_HAS_PUBLIC 2U
#define FLE_ENTRY_LOGS 4U /* its records were learned from */
#define FLE_ENTRY_HAS_SEVERAL 8U
#define FLE_ENTRY_FLAG_BITS 4

static inline bool fle_entry_forwards(const fle_entry *entry)
{
    return (entry->flags & FLE_ENTRY_FORWARDS) != 0;
}

static inline bool fle_entry_has_public(const fle_entry *entry)
{
    return (entry->flags & FLE_ENTRY_HAS_PUBLIC) != 0;
}

/* Had it ever more than one private IPv4 address, or a prefix of them? */
static inline bool fle_entry_has_several(const fle_entry *entry)
{
    return (entry->flags & FLE_ENTRY_HAS_SEVERAL) != 0;
}

/* Was it different at other times? */
static inline bool fle_entry_varies(const fle_entry *entry)
{
    return entry->flags >> FLE_ENTRY_FLAG_BITS != 0;
}

/* Is an attribute with one value known of it? */
static inline bool fle_entry_has(const fle_entry *entry, fle_attribute attribute)
{
    return attribute < FLE_N_STORED && entry->single[attribute] != 0;
}

/* Whatever time within this is asked for, the answer is the same; 'from' is after 'until' if
 * none is known. */
typedef struct fle_lasting {
    flowenrich_time from, until;
} fle_lasting;

#define FLE_LASTS_EVER ((fle_lasting){ INT64_MIN, INT64_MAX })
#define FLE_LASTS_NEVER ((fle_lasting){ INT64_MAX, INT64_MIN })

/* Has a time, which may be absent, a moment of what lies between two others? */
static inline bool fle_lasting_touches(const fle_lasting *between, flowenrich_time from,
                                       flowenrich_time until)
{
    return from == FLOWENRICH_TIME_ABSENT || (between->from < until && between->until > from);
}

/* An owner, or a reason; and the space, which may be known without an owner. */
typedef struct fle_finding {
    const fle_entry *owner; /* NULL if nobody is named */
    uint32_t space;         /* in which the address was looked for; 0 if in none, or in public */
    fle_by by;              /* address, prefix or public-address */
    uint32_t sure;          /* sighted or assumed */
    fle_reason reason;      /* if there is no owner */
    flowenrich_time first, last; /* sightings of the owner, or of who held it at other times */
    flowenrich_text rival;       /* another interface that may have held it */
    fle_lasting lasting;         /* of it all; of an assumed owner not between his sightings */
} fle_finding;

/* The number of a VPC's address space; 0 if nothing is known of that VPC. */
uint32_t fle_snapshot_space(const flowenrich_snapshot *snapshot, flowenrich_text vpc);

/* The VPC of a space; empty for 0. */
flowenrich_text fle_snapshot_space_vpc(const flowenrich_snapshot *snapshot, uint32_t space);

/* An attribute with one value; empty if it isn't known. Lives as long as the snapshot. */
flowenrich_text fle_snapshot_text(const flowenrich_snapshot *snapshot, const fle_entry *entry,
                                  fle_attribute attribute);

/* What traffic addressed to it takes; see fle_identity. */
flowenrich_text fle_snapshot_path(const flowenrich_snapshot *snapshot, const fle_entry *entry);

/* All that is known of it; lists live in 'arena', texts in the snapshot. False: no memory. */
bool fle_snapshot_tell(const flowenrich_snapshot *snapshot, const fle_entry *entry,
                       fle_arena *arena, fle_identity *out);

/*
 * An interface by its id, NULL if no document has it: as it was at all times.
 * Lives as long as the snapshot.
 */
const fle_entry *fle_snapshot_interface(const flowenrich_snapshot *snapshot, flowenrich_text id);

/*
 * What an interface was throughout some time, with the tags and groups of then,
 * should they have changed: NULL stays NULL. Where nobody knows what it was, it is
 * what both its states before and after agree on; of an instance that it was
 * attached to before or after, but not both, it is an interface and no more.
 */
const fle_entry *fle_snapshot_then(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                                   flowenrich_time from, flowenrich_time until);

/* Narrow a time down to that around another for which that is the same. */
void fle_snapshot_narrow(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                         flowenrich_time from, flowenrich_time until, fle_lasting *lasting);

/*
 * Has any document shown this private address, or a prefix over it, on that
 * interface, which is as fle_snapshot_interface() has it?
 */
bool fle_snapshot_is_own(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                         const fle_address *address);

/* Was the address taken from it and given back, and was it gone during some of a time? */
bool fle_snapshot_got_back(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                           const fle_address *address, flowenrich_time from, flowenrich_time until);

/*
 * May that interface, of the question's space, have had the address at some moment of a time? At
 * an absent one it may if it ever had. Not if events say that it
 * hadn't yet, or no longer, or if another was seen with it in between. If it may, it may as well
 * at all times that touch '*had'.
 */
bool fle_snapshot_may_have_had(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                               const fle_question *question, fle_lasting *had);

/*
 * May an address be one of an interface's in that VPC and subnet, which may be
 * empty? All that an interface has are of its subnet, should it be known.
 */
bool fle_snapshot_may_hold(const flowenrich_snapshot *snapshot, flowenrich_text vpc,
                           flowenrich_text subnet, const fle_address *address);

/* By the intervals of rules for private, delegated and public addresses. Always fills in '*out'. */
void fle_snapshot_owner(const flowenrich_snapshot *snapshot, const fle_question *question,
                        fle_finding *out);

/* The subnet of a space that holds an address, or the VPC; NULL if neither is known. */
const fle_entry *fle_snapshot_place(const flowenrich_snapshot *snapshot, uint32_t space,
                                    const fle_address *address);

#define FLE_AHEAD 16 /* questions at a time */

/*
 * Ask for the memory on the way from each of at most FLE_AHEAD questions to its owner, and with
 * 'tell' to all that is known of him. Each place tells the next: so all questions go one step
 * before any goes the next one, and what each needs comes while the others go. What was found
 * on it is noted in the questions.
 */
void fle_snapshot_look_ahead(const flowenrich_snapshot *snapshot, fle_question *questions, size_t n,
                             bool tell);

/* The same for at most FLE_AHEAD interfaces by their ids, and for all that is known of entries. */
void fle_snapshot_look_for(const flowenrich_snapshot *snapshot, const flowenrich_text *ids,
                           size_t n);
void fle_snapshot_tell_ahead(const flowenrich_snapshot *snapshot, const fle_entry *const *entries,
                             size_t n);

/* What was learned of who logged what; NULL if nothing was. */
fle_mirrors *fle_snapshot_mirrors(const flowenrich_snapshot *snapshot);

/*
 * Amazon's published range that holds an address, most specific first, a named
 * service before AMAZON: type, aws_service, region. NULL if there is none.
 */
const fle_entry *fle_snapshot_range(const flowenrich_snapshot *snapshot,
                                    const fle_address *address);

/*
 * Does something listen on a port, by what documents say of load balancers and their targets?
 * 'owner' may be NULL; so may 'peer', whom it talks to, and who may be a load balancer that
 * sends to this port.
 */
fle_listens fle_snapshot_listens(const flowenrich_snapshot *snapshot, const fle_identity *owner,
                                 const fle_address *address, const fle_identity *peer,
                                 uint32_t protocol, uint32_t port);

#define FLE_PORT_BYTES (65536 / 8)

/* Set the bits of the ports that load balancers listen on and send to, by what documents say. */
void fle_snapshot_balanced_ports(const flowenrich_snapshot *snapshot, uint8_t bits[FLE_PORT_BYTES]);

/* Packets from a subnet to an address, at some time, which may be absent. */
typedef struct fle_journey {
    flowenrich_text vpc, subnet;
    const fle_address *to;
    flowenrich_text service; /* of Amazon's in the same region that is there; empty if none is */
    flowenrich_time from, until;
} fle_journey;

typedef struct fle_direction {
    flowenrich_text target; /* of the route: "local", "igw-…", "blackhole" */
    bool by_list;           /* it is a prefix list's */
} fle_direction;

/* By its route table. False if that isn't known, or documents around the time differ. */
bool fle_snapshot_route(const flowenrich_snapshot *snapshot, const fle_journey *journey,
                        fle_direction *out);

/* What the entry of the user's prefix lists is called that holds an address; empty if none does. */
flowenrich_text fle_snapshot_network(const flowenrich_snapshot *snapshot,
                                     const fle_address *address);

/* Has any document told of flow logs? Then a snapshot may know the formats of inputs. */
bool fle_catalog_has_flow_logs(const flowenrich_catalog *catalog);

/* Where the interfaces are that a flow log records; each is empty if it isn't known. */
typedef struct fle_logged {
    flowenrich_text vpc, subnet;
} fle_logged;

/* By the id of a flow log, or without one by the log group: what all that write to it agree on. */
fle_logged fle_snapshot_logged(const flowenrich_snapshot *snapshot, flowenrich_text id,
                               flowenrich_text group);

/*
 * Is all traffic of a subnet, or if that is empty of a VPC, recorded where any is, as far as
 * documents tell? If only what is accepted is, or refused, that nobody logged something proves
 * nothing. Of an empty VPC: of all of them.
 */
bool fle_snapshot_logs_all(const flowenrich_snapshot *snapshot, flowenrich_text vpc,
                           flowenrich_text subnet);

/* Seconds that a record of any flow log covers at most, by documents; 0 if none tells. */
uint32_t fle_snapshot_window(const flowenrich_snapshot *snapshot);

/* Were any such ranges loaded? If not, a public address may be Amazon's or anybody's. */
bool fle_snapshot_has_ranges(const flowenrich_snapshot *snapshot);

/* What joins two address spaces, if it is one kind of thing only. */
typedef enum fle_link { FLE_LINK_NONE, FLE_LINK_PEERING, FLE_LINK_TRANSIT_GATEWAY } fle_link;

fle_link fle_snapshot_link(const flowenrich_snapshot *snapshot, uint32_t a, uint32_t b);

/* Has this VPC a gateway endpoint to that service ("s3", "dynamodb")? */
bool fle_snapshot_has_gateway(const flowenrich_snapshot *snapshot, uint32_t space,
                              flowenrich_text service);

#endif
