/* SPDX-License-Identifier: Apache-2.0 */
/* What groups tell beside sums, about: distinct values, quantiles, the heaviest values. */
#ifndef FLE_AGGREGATE_SKETCHES_H
#define FLE_AGGREGATE_SKETCHES_H

#include "aggregate/request.h"
#include "record/path.h"

/* One of what a group has several of; p50(bytes) and p99(bytes) are read off one. */
typedef struct fle_sketch {
    fle_measure_kind kind;
    flowenrich_text path;
    uint32_t k;   /* of the heaviest */
    size_t place; /* in a group's sketches */
    bool is_sum;  /* a quantile of 'sum' */
    bool is_duration;
    fle_sum sum;
    fle_path open; /* in the batch that is being added */
} fle_sketch;

typedef struct fle_sketches {
    const fle_allocator *allocator;
    fle_sketch *items;
    size_t n;
    size_t width; /* what they take in a group; all zero is empty */
    fle_buffer scratch;
} fle_sketches;

/* Those that the measures are read off; each measure receives the number of its own. */
bool fle_sketches_init(fle_sketches *sketches, fle_measure *measures, size_t n,
                       const fle_allocator *allocator);
void fle_sketches_free(fle_sketches *sketches);

void fle_sketches_open(fle_sketches *sketches, const flowenrich_batch *batch);

/*
 * Count a row. 'sums' are those of the part that is counted here, 'whole' those of all of it, or
 * NULL: then the row was counted in another part. What a reversal takes back stays, but for the
 * heaviest values. False if memory ran out.
 */
bool fle_sketches_add(fle_sketches *sketches, unsigned char *group, const flowenrich_batch *batch,
                      size_t row, const fle_sums *sums, const fle_sums *whole);

/* False if memory ran out. */
bool fle_sketches_merge(const fle_sketches *sketches, unsigned char *into,
                        const unsigned char *from);

/* Give back what a group's sketches hold; it has none then. */
void fle_sketches_drop(const fle_sketches *sketches, unsigned char *group);

/* What they hold beside the group. */
uint64_t fle_sketches_bytes(const fle_sketches *sketches, const unsigned char *group);

void fle_sketches_save(const fle_sketches *sketches, const unsigned char *group, fle_buffer *out);
/* Over a group that has none. What there is after a failure can be dropped. */
flowenrich_status fle_sketches_load(const fle_sketches *sketches, unsigned char *group,
                                    flowenrich_text *from);

/* Show what a measure tells in its columns, of which top() has two. False if memory ran out. */
bool fle_sketches_show(const fle_sketches *sketches, const fle_measure *measure,
                       const unsigned char *group, flowenrich_batch *out, fle_column *column,
                       fle_column *weights, size_t row);

#endif
