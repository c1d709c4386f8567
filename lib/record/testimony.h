/* SPDX-License-Identifier: Apache-2.0 */
/* What records say of who logged them, without any inventory. */
#ifndef FLE_RECORD_TESTIMONY_H
#define FLE_RECORD_TESTIMONY_H

#include "record/batch.h"
#include "record/mirrors.h"
#include "record/sightings.h"

/*
 * Add records of a batch, 'n' from 'row' on, to the mirrors, and the addresses on their own
 * side to the sightings, which may be NULL. Those of transit gateways, and of whom no
 * interface is known, bear no witness. False if memory ran out: some may be in.
 */
bool fle_testimony_take(fle_mirrors *mirrors, fle_sightings *sightings,
                        const flowenrich_batch *batch, size_t row, size_t n);

#endif
