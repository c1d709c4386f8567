/* SPDX-License-Identifier: Apache-2.0 */
/* Where an end's own record says that its packets go: each way kept once. */
#ifndef FLE_PAIR_WAYS_H
#define FLE_PAIR_WAYS_H

#include "base/hash.h"
#include "record/batch.h"

/* The fields that a way is made of, as texts; traffic-path is a number. */
typedef enum fle_way_field {
    FLE_WAY_INTERFACE_ID,
    FLE_WAY_INTERFACE_TYPE,
    FLE_WAY_SUBNET_ID,
    FLE_WAY_VPC_ID,
    FLE_WAY_AZ_ID,
    FLE_WAY_N_FIELDS
} fle_way_field;

extern const fle_field fle_way_fields[FLE_WAY_N_FIELDS];

typedef struct fle_way {
    uint32_t traffic_path; /* FLE_ABSENT if unknown */
    flowenrich_text of[FLE_WAY_N_FIELDS];
} fle_way;

/* Number 0 is unknown. */
typedef struct fle_ways {
    const fle_allocator *allocator;
    size_t max_bytes;
    fle_arena arena;
    fle_map *numbers; /* by their bytes */
    fle_buffer key;
    fle_way *items;
    size_t n, capacity;
} fle_ways;

/* 'max_bytes' is about what they may take. False if memory ran out; free it in any case. */
bool fle_ways_init(fle_ways *ways, const fle_allocator *allocator, uint64_t hash_seed,
                   size_t max_bytes);
void fle_ways_free(fle_ways *ways);
size_t fle_ways_bytes(const fle_ways *ways);

/* The number of a way; 0 if it says nothing, or there is no room. False if memory ran out. */
bool fle_ways_find(fle_ways *ways, const fle_way *way, uint32_t *out);

#endif
