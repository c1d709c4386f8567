/* SPDX-License-Identifier: Apache-2.0 */
/* How the paths of a row become members of nested JSON objects, worked out once a batch. */
#ifndef FLE_ENCODE_JSON_PLAN_H
#define FLE_ENCODE_JSON_PLAN_H

#include "record/path.h"

/* A member of an object: a value, or an object that has members of its own. */
typedef struct fle_json_node {
    struct fle_json_node *next;
    struct fle_json_node *child; /* NULL: it is a value */
    flowenrich_text key;         /* as written, with quotes and colon */
    fle_path path;               /* of a value */
    bool keyword;                /* the value is a protocol, written by name */
    bool parallel;               /* its members are parallel lists: an array of objects */
    fle_end end;                 /* whose answer alone decides what is written; or FLE_N_ENDS */
    /*
     * A run: members one after another that the same answer decides, so that they
     * are the same bytes in all its rows. Kept by the first of them.
     */
    uint32_t run;                     /* its number, or FLE_ABSENT; equal runs have the same */
    const struct fle_json_node *stop; /* behind its last member */
    struct fle_json_node *next_run;
} fle_json_node;

typedef struct fle_json_plan {
    fle_arena arena;
    bool flat; /* paths are keys as they are, and nothing nests */
    fle_json_node *first;
    fle_json_node *runs; /* different ones */
    uint32_t n_runs;
} fle_json_plan;

void fle_json_plan_init(fle_json_plan *plan, const fle_allocator *allocator, bool flat);
void fle_json_plan_free(fle_json_plan *plan);

/* Forget all paths. */
void fle_json_plan_clear(fle_json_plan *plan);

/*
 * Add a path behind those there are, into the objects that they share with it. A
 * path that is there already, or part of one, adds nothing; nor does, if nested,
 * one that the batch lacks. False if memory ran out. 'path' must outlive the plan.
 */
bool fle_json_plan_add(fle_json_plan *plan, const flowenrich_batch *batch, flowenrich_text path);

/* All paths are in: find the runs. */
void fle_json_plan_finish(fle_json_plan *plan);

#endif
