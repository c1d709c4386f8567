/* SPDX-License-Identifier: Apache-2.0 */
/* What the structs of one export stand in, until the last of them is released. */
#ifndef FLE_RECORD_ARROW_OWNER_H
#define FLE_RECORD_ARROW_OWNER_H

#include "record/arrow_chunk.h"

/*
 * A consumer may move children out of a struct and release them later, each by
 * itself and on any thread. So each struct counts, whatever it is a child of.
 */
typedef struct fle_arrow_owner {
    fle_allocator allocator;
    atomic_size_t structs;  /* not released yet, and one more while they are made */
    fle_arena arena;        /* children, names, pointers to them */
    fle_arrow_chunk *chunk; /* what arrays point into; NULL of schemas */
    void *zeros;            /* the buffers of columns without a value */
} fle_arrow_owner;

/* 'chunk' may be NULL; else a reference is taken. NULL if memory ran out. */
fle_arrow_owner *fle_arrow_owner_new(const fle_allocator *allocator, fle_arrow_chunk *chunk);
/* All structs are made, or else half made ones are nobody's. 'owner' may be NULL. */
void fle_arrow_owner_end(fle_arrow_owner *owner, bool done);

/* Complete a struct: from now on it is released by itself. */
void fle_arrow_owner_add_array(fle_arrow_owner *owner, struct ArrowArray *array);
void fle_arrow_owner_add_schema(fle_arrow_owner *owner, struct ArrowSchema *schema);

/*
 * Columns that make one: a struct of those whose paths begin alike, or a list of such
 * structs of those that are parallel lists, else a lone one.
 */
typedef struct fle_arrow_group {
    const char *name;
    bool is_struct;
    bool is_list;
    const fle_arrow_field **members;
    size_t n;
} fle_arrow_group;

/* The groups of fields, in the order of their first members. NULL if memory ran out. */
fle_arrow_group *fle_arrow_group_fields(fle_arena *arena, const fle_arrow_field *fields, size_t n,
                                        bool nested, size_t *n_groups);

/* The fields as one struct. False if memory ran out. */
bool fle_arrow_schema_export(struct ArrowSchema *out, const fle_allocator *allocator,
                             const fle_arrow_field *fields, size_t n, bool nested);

/* The chunk's columns of these fields, absent where it has none. False if memory ran out. */
bool fle_arrow_array_export(struct ArrowArray *out, fle_arrow_chunk *chunk,
                            const fle_arrow_field *fields, size_t n, bool nested);

#endif
