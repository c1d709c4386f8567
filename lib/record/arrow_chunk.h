/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as Arrow lays them out, which any number of exported arrays share. */
#ifndef FLE_RECORD_ARROW_CHUNK_H
#define FLE_RECORD_ARROW_CHUNK_H

#include <stdatomic.h>

#include "record/arrow_abi.h"
#include "record/batch.h"

#define FLE_ARROW_MOST_BUFFERS 5 /* validity, views, two of text, and how long these are */

/* How a column is laid out; Arrow's type follows from it. */
typedef enum fle_arrow_kind {
    FLE_ARROW_NOTHING, /* a path that nobody knows the type of */
    FLE_ARROW_U32,
    FLE_ARROW_U64,
    FLE_ARROW_TIME,
    FLE_ARROW_F64,
    FLE_ARROW_BOOL,
    FLE_ARROW_ADDRESS,
    FLE_ARROW_TEXT,    /* views */
    FLE_ARROW_CODES,   /* of a dictionary of texts */
    FLE_ARROW_LIST,    /* of texts */
    FLE_ARROW_NUMBERS, /* a list of U64 */
    FLE_ARROW_MAP,     /* from texts to texts */
    FLE_ARROW_N_KINDS
} fle_arrow_kind;

/* A column's name and type. */
typedef struct fle_arrow_field {
    const char *path;
    uint32_t type; /* flowenrich_type; 0 if nobody knows */
    fle_arrow_kind kind;
} fle_arrow_field;

/* Its values. The array is a model of what is handed out: nobody may release it. */
typedef struct fle_arrow_column {
    fle_arrow_field field;
    struct ArrowArray array;
    uint32_t column; /* number of the batch's column it is laid out from, or FLE_ABSENT */
} fle_arrow_column;

typedef struct fle_arrow_chunk {
    fle_allocator allocator;
    atomic_size_t references;
    size_t rows;
    size_t most_items; /* of the lists of a column */
    fle_arrow_column *columns;
    size_t n_columns;
    fle_arena arena; /* the columns and what is small of them */
    void **blocks;   /* buffers made for them, or taken from the batch */
    size_t n_blocks, blocks_capacity;
} fle_arrow_chunk;

/* Empty, with one reference. NULL if memory ran out. */
fle_arrow_chunk *fle_arrow_chunk_new(const fle_allocator *allocator);
fle_arrow_chunk *fle_arrow_chunk_ref(fle_arrow_chunk *chunk);
void fle_arrow_chunk_free(fle_arrow_chunk *chunk); /* drops a reference, on any thread */

/* A new buffer, not zeroed, that lives as long as the chunk. NULL if memory ran out. */
void *fle_arrow_chunk_block(fle_arrow_chunk *chunk, size_t len);
/* Make room for 'more' blocks to be taken over, which then can't fail. */
bool fle_arrow_chunk_reserve(fle_arrow_chunk *chunk, size_t more);
void fle_arrow_chunk_take(fle_arrow_chunk *chunk, void *block);

/* Bits for so many rows, none set. NULL if memory ran out. */
uint8_t *fle_arrow_chunk_bitmap(fle_arrow_chunk *chunk, size_t rows);
static inline void fle_arrow_set_bit(uint8_t *bits, size_t row)
{
    bits[row >> 3] |= (uint8_t)(1u << (row & 7));
}

/*
 * Say where the rows of 'array' have a value: so many bits were set. Of all of them: then there
 * is no bitmap.
 */
void fle_arrow_mark_valid(struct ArrowArray *array, const uint8_t *bits, size_t n_valid);

/*
 * Let 'array' be one of so many buffers, children and rows, without nulls, offset
 * or dictionary. Buffers and children are to be filled in. False if memory ran out.
 */
bool fle_arrow_array_init(struct ArrowArray *array, fle_arena *arena, size_t rows, size_t n_buffers,
                          size_t n_children);

#endif
