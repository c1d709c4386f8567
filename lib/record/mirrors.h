/* SPDX-License-Identifier: Apache-2.0 */
/* Mirrors: who else logged the same packets. A bounded table that many may read. */
#ifndef FLE_RECORD_MIRRORS_H
#define FLE_RECORD_MIRRORS_H

#include "record/tuple.h"
#include "record/witness.h"

/* Seconds around a record that may have to be looked through. */
#define FLE_MIRRORS_REACH 3600

/* A record, as far as it bears witness. */
typedef struct fle_testimony {
    fle_tuple tuple;
    fle_side own;     /* the witness's side; FLE_N_SIDES if the record doesn't say */
    bool overwritten; /* the address of that side by the witness's primary one */
    bool rejected;
    flowenrich_time start, end;
    uint64_t packets; /* 0 if the record doesn't say */
} fle_testimony;

typedef struct fle_mirrors fle_mirrors;

/*
 * 'max_bytes' is about what it may take: what comes when it is full isn't kept, and
 * is counted. NULL if memory ran out.
 */
fle_mirrors *fle_mirrors_new(const fle_allocator *allocator, uint64_t hash_seed,
                             uint64_t max_bytes);
fle_mirrors *fle_mirrors_ref(fle_mirrors *mirrors);
void fle_mirrors_free(fle_mirrors *mirrors); /* drops a reference */
bool fle_mirrors_is_shared(const fle_mirrors *mirrors);

/* A table with the same in it; NULL if memory ran out. */
fle_mirrors *fle_mirrors_copy(const fle_mirrors *mirrors);

/* The same, without what ended before a time and who logged nothing since; NULL: no memory. */
fle_mirrors *fle_mirrors_since(const fle_mirrors *mirrors, flowenrich_time since);

/* Of what ended later records may still come; FLOWENRICH_TIME_END: none will, as at first. */
void fle_mirrors_expect(fle_mirrors *mirrors, flowenrich_time until);
bool fle_mirrors_expects(const fle_mirrors *mirrors, flowenrich_time until);

/*
 * Are all records that came in it, as far as they touch a time? Not if there was no room for
 * some, or if they were left behind as too old. Only if they are does it say anything that
 * somebody isn't in it, or that somebody counted no more than so many packets.
 */
bool fle_mirrors_has_all(const fle_mirrors *mirrors, flowenrich_time from, flowenrich_time until);

/*
 * The witness of a record, by its id; made if it isn't there. '*out' is NULL if there is no
 * room for it: then the record is to be dropped. False if memory ran out.
 */
bool fle_mirrors_witness(fle_mirrors *mirrors, flowenrich_text id, fle_witness **out);

/* Take note of what is said of a witness. False if memory ran out. */
bool fle_mirrors_tell(fle_mirrors *mirrors, fle_witness *witness, fle_told what,
                      flowenrich_text text);

/* Add a record of a witness's. False if memory ran out. */
bool fle_mirrors_add(fle_mirrors *mirrors, const fle_witness *witness, const fle_testimony *t);

/* Take note of a record that there is no room for. */
void fle_mirrors_drop(fle_mirrors *mirrors, flowenrich_time start, flowenrich_time end);

/*
 * Add what another table has, but for what ended before a time and who logged nothing since.
 * 'numbers' has room for one of each of its witnesses: it receives those they have here,
 * FLE_ABSENT of who is left out. False if memory ran out.
 */
bool fle_mirrors_merge(fle_mirrors *to, const fle_mirrors *from, flowenrich_time since,
                       uint32_t *numbers);

/*
 * As bytes, for this version on machines of this byte order. A table of such bytes, or NULL:
 * '*corrupt' tells whether they are no table's, or memory ran out.
 */
void fle_mirrors_pack(const fle_mirrors *mirrors, fle_buffer *out);
fle_mirrors *fle_mirrors_unpack(const fle_allocator *allocator, uint64_t hash_seed,
                                uint64_t max_bytes, flowenrich_text bytes, bool *corrupt);

size_t fle_mirrors_witnesses(const fle_mirrors *mirrors);

/* The witness with a number; NULL past the last. */
const fle_witness *fle_mirrors_witness_at(const fle_mirrors *mirrors, size_t number);

/* The witness with an id, NULL if there is none. */
const fle_witness *fle_mirrors_find(const fle_mirrors *mirrors, flowenrich_text id);

/* Have all records that it wrote of some time come, and were all of them written? */
bool fle_mirrors_has_all_of(const fle_mirrors *mirrors, const fle_witness *witness,
                            flowenrich_time from, flowenrich_time until);

/* Did anybody log records who is of that subnet, as far as records tell? */
bool fle_mirrors_logs(const fle_mirrors *mirrors, flowenrich_text subnet);

/*
 * Does an IPv4 address lie in the subnet of a witness, by the primary addresses of who are of it?
 * A subnet is one block.
 */
bool fle_mirrors_is_of_subnet(const fle_mirrors *mirrors, const fle_witness *witness,
                              const fle_address *address);

/*
 * May a witness pass on what isn't its own, for all that its records show? Not if no address but
 * those of its subnet was overwritten: to that nobody goes by way of another, and what it passes
 * on to there, or from there, has on its other side an address that lies elsewhere.
 */
bool fle_mirrors_passes_on(const fle_mirrors *mirrors, const fle_witness *witness);

/* Take note of where the primary address of a witness lies, once all is told of it. */
void fle_mirrors_place(fle_mirrors *mirrors, fle_witness *witness);

/* Records that were taken, and that weren't for want of room. */
uint64_t fle_mirrors_kept(const fle_mirrors *mirrors);
uint64_t fle_mirrors_dropped(const fle_mirrors *mirrors);

/* Is there so little room that it would do to leave behind what is old? */
bool fle_mirrors_is_crowded(const fle_mirrors *mirrors);

/* Go through the records of a tuple between two times, in no order that means anything. */
typedef struct fle_sight {
    const fle_witness *witness;
    fle_side own;
    bool overwritten, rejected;
    flowenrich_time start, end;
    uint32_t packets;
} fle_sight;

typedef struct fle_look {
    const fle_mirrors *mirrors;
    uint32_t key[5];
    uint32_t period, last, entry;
    flowenrich_time from, until;
} fle_look;

void fle_look_begin(fle_look *look, const fle_mirrors *mirrors, const fle_tuple *tuple,
                    flowenrich_time from, flowenrich_time until);
bool fle_look_next(fle_look *look, fle_sight *out);

#endif
