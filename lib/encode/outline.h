/* SPDX-License-Identifier: Apache-2.0 */
/* How the paths of a row become members of nested objects, worked out once a batch. */
#ifndef FLE_ENCODE_OUTLINE_H
#define FLE_ENCODE_OUTLINE_H

#include "encode/notation.h"

/* A member of an object: a value, or an object that has members of its own. */
typedef struct fle_outline_node {
    struct fle_outline_node *next;
    struct fle_outline_node *child; /* NULL: it is a value */
    flowenrich_text key;            /* as the notation has it */
    fle_path path;                  /* of a value */
    bool keyword;                   /* the value is a protocol, written by name */
    bool parallel;                  /* its members are parallel lists: an array of objects */
    fle_end end;                    /* whose answer alone decides what is written; or FLE_N_ENDS */
    /*
     * A run: members one after another that the same answer decides, so that they
     * are the same bytes in all its rows. Kept by the first of them.
     */
    uint32_t run;                        /* its number, or FLE_ABSENT; equal runs have the same */
    const struct fle_outline_node *stop; /* behind its last member */
    struct fle_outline_node *next_run;
} fle_outline_node;

typedef struct fle_outline {
    fle_arena arena;
    const fle_notation *notation;
    bool flat; /* paths are keys as they are, and nothing nests */
    fle_outline_node *first;
    fle_outline_node *runs; /* different ones */
    uint32_t n_runs;
} fle_outline;

void fle_outline_init(fle_outline *outline, const fle_allocator *allocator,
                      const fle_notation *notation, bool flat);
void fle_outline_free(fle_outline *outline);

/* Forget all paths. */
void fle_outline_clear(fle_outline *outline);

/*
 * Add a path behind those there are, into the objects that they share with it. A
 * path that is there already, or part of one, adds nothing; nor does, if nested,
 * one that the batch lacks. False if memory ran out. 'path' must outlive the outline.
 */
bool fle_outline_add(fle_outline *outline, const flowenrich_batch *batch, flowenrich_text path);

/* All paths are in: find the runs. */
void fle_outline_finish(fle_outline *outline);

#endif
