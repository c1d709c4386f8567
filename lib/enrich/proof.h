/* SPDX-License-Identifier: Apache-2.0 */
/* Did the packets of a record reach whoever logged the same tuple about then? */
#ifndef FLE_ENRICH_PROOF_H
#define FLE_ENRICH_PROOF_H

#include "enrich/observer.h"

/*
 * A mirror within the slack may be of packets before or after the record's own: a peer
 * goes on sending when the owner is gone, to nobody or to another who logs nothing. So
 * one of these is asked for: the witness had the address before the record and after it;
 * or the packets that both counted leave none of the record's for anybody else. Packets that
 * the observer itself may have got prove nothing of others. How sure that is: as sure as the
 * catalog, where it rests on that; 0 if nothing is proven.
 */
uint32_t fle_proof_holds(const fle_context *context, const fle_facts *facts, fle_side side,
                         const fle_witness *witness);

/*
 * Where several logged the tuple, one after the other: do the packets that all of them counted
 * leave none of the record's for anybody but this witness? Only of its primary address, which
 * it can't have lost and got back.
 */
bool fle_proof_tells_apart(const fle_context *context, const fle_facts *facts, fle_side side,
                           const fle_witness *witness);

/*
 * How sure does the catalog know that the witness had the address of a side from one time to
 * another? 0 if it only assumes that, or doesn't; of its primary address all the rest is exact, as
 * that can't have been anybody else's meanwhile. A record's packets came between its start, less
 * the slack, and its end.
 */
uint32_t fle_proof_knows(const fle_context *context, const fle_facts *facts, fle_side side,
                         const fle_witness *witness, flowenrich_time from, flowenrich_time until);

/*
 * Was an address that isn't the witness's primary one only seen there before and after, while
 * some of the packets that the observer sent can't have come to it, by what both counted?
 */
bool fle_proof_denies(const fle_context *context, const fle_facts *facts, fle_side side,
                      const fle_witness *witness);

/*
 * Would an interface that logs have logged the packets of a side, had they come to it or from
 * it, and has not? What nobody answered may have got lost, if documents have the interface, so
 * that events tell what it lost. Its primary address may lack a record, as that can't be anybody
 * else's. The record must have the packets' own addresses.
 */
bool fle_proof_misses(const fle_context *context, const fle_facts *facts, fle_side side,
                      const fle_witness *witness);

#endif
