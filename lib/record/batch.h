/* SPDX-License-Identifier: Apache-2.0 */
/* The one table that moves between the stages, from the inside. */
#ifndef FLE_RECORD_BATCH_H
#define FLE_RECORD_BATCH_H

#include "base/address.h"
#include "base/alloc.h"
#include "base/hash.h"
#include "base/shared.h"
#include "base/text.h"
#include "record/answer.h"
#include "record/column.h"
#include "record/field.h"
#include "record/mirrors.h"

#define FLE_REJECTS_KEPT 64
#define FLE_REJECT_TEXT 240

/* The columns that the format of some rows has, in its order. */
typedef struct fle_shape {
    uint32_t *columns; /* their numbers */
    size_t n;
} fle_shape;

/* What a row is, known even if log-status is no column. */
typedef enum fle_row { FLE_ROW_TRAFFIC, FLE_ROW_NODATA, FLE_ROW_SKIPDATA } fle_row;

/* What a batch's rows are. */
typedef enum fle_batch_level { FLE_LEVEL_RECORD, FLE_LEVEL_CONVERSATION } fle_batch_level;

/* Whom a row names: a record's both ends, or the owner that was looked up. */
typedef enum fle_end { FLE_CLIENT, FLE_SERVER, FLE_OWNER, FLE_N_ENDS } fle_end;

/* "client", "server"; the paths of an owner have nothing before them. */
extern const char *const fle_end_names[FLE_OWNER];

struct flowenrich_batch {
    fle_allocator allocator;
    uint64_t hash_seed;
    uint64_t generation; /* new whenever rows or ends are dropped: what caches are good for */
    size_t rows, capacity;
    uint32_t level;     /* fle_batch_level */
    uint8_t *kinds;     /* fle_row of each row */
    uint64_t *lines;    /* the line that each row was, in its input, from 1; 0: it was none */
    uint32_t *shape_of; /* number of each row's shape; FLE_ABSENT: it is the batch's columns */
    fle_shape *shapes;
    size_t n_shapes, shapes_capacity;

    fle_column *columns;
    size_t n_columns, columns_capacity;
    fle_map *by_path;                   /* path to column number */
    uint32_t of_field[FLE_FIELD_COUNT]; /* field to column number */
    fle_arena names;                    /* paths that aren't static */

    fle_buffer text; /* what slices point into */
    fle_arena arena; /* answers, their texts, kept lines, views: until cleared */

    uint32_t *ends[FLE_N_ENDS]; /* answer number of each row; NULL until enriched */
    flowenrich_answer **answers;
    size_t n_answers, answers_capacity;
    flowenrich_snapshot *snapshot; /* what the answers' texts lie in */
    void (*release)(flowenrich_snapshot *snapshot);
    fle_mirrors *mirrors; /* a reference: others lie in these */
    fle_shared *kept;     /* a reference: where answers lie that other batches have, too */

    struct fle_observed **observed; /* in the arena: see record/observed.h */
    size_t n_observed, observed_capacity;
    fle_map *by_observer; /* id to number in these; NULL before the first */

    flowenrich_reject *rejects; /* the first FLE_REJECTS_KEPT */
    size_t n_rejects;           /* all of them */
};

/* The column of a path, of a field; NULL if the batch has none. */
fle_column *fle_batch_find(const flowenrich_batch *batch, flowenrich_text path);
fle_column *fle_batch_field(const flowenrich_batch *batch, fle_field field);

/*
 * The column of a path, made if it isn't there (rows so far are absent). NULL if
 * memory ran out. Pointers to other columns may move: look them up afterwards.
 */
fle_column *fle_batch_add(flowenrich_batch *batch, flowenrich_text path, uint32_t type);
fle_column *fle_batch_add_field(flowenrich_batch *batch, fle_field field);
/* The same for a column of codes; 'dictionary' is static. */
fle_column *fle_batch_add_codes(flowenrich_batch *batch, flowenrich_text path,
                                const flowenrich_text *dictionary, size_t n);
/* The same for lists of texts or of U64, which record/list.h fills in. */
fle_column *fle_batch_add_list(flowenrich_batch *batch, flowenrich_text path, uint32_t item);

/* Of a text column, plain or coded; empty if absent. 'column' may be NULL. */
static inline flowenrich_text fle_batch_text(const flowenrich_batch *batch,
                                             const fle_column *column, size_t row)
{
    flowenrich_slice slice;

    if (!fle_column_valid(column, row))
        return fle_text(NULL, 0);
    if (column->dictionary)
        return column->dictionary[((const uint32_t *)column->values)[row]];
    slice = ((const flowenrich_slice *)column->values)[row];
    if (slice.length == 0) /* the batch may have no text at all */
        return fle_text(NULL, 0);
    return fle_text(batch->text.data + slice.offset, slice.length);
}

/* Is it full neither of rows nor, for that many rows, of text? */
bool fle_batch_has_room(const flowenrich_batch *batch);

/* Let the batch be as it was made: without rows and columns. Their buffers may be NULL. */
void fle_batch_drop_columns(flowenrich_batch *batch);

/* Copy a text into the batch. False if memory ran out or 4 GiB are full. */
bool fle_batch_append_text(flowenrich_batch *batch, const char *data, size_t len,
                           flowenrich_slice *out);

/* A new shape of 'n' columns, to be filled in; FLE_ABSENT if memory ran out. Until cleared. */
uint32_t fle_batch_new_shape(flowenrich_batch *batch, size_t n);
/* The shape of a row, NULL if it has none. */
const fle_shape *fle_batch_shape(const flowenrich_batch *batch, size_t row);

/* Forget the answers, before a batch is enriched. Makes room for the ends' codes. */
bool fle_batch_begin_ends(flowenrich_batch *batch, flowenrich_snapshot *snapshot,
                          void (*release)(flowenrich_snapshot *));
/* The same for a batch of what was looked up, whose rows have one owner each. */
bool fle_batch_begin_owners(flowenrich_batch *batch, flowenrich_snapshot *snapshot,
                            void (*release)(flowenrich_snapshot *));
/* A new answer with nothing said yet; FLE_ABSENT if memory ran out. */
uint32_t fle_batch_new_answer(flowenrich_batch *batch);
/* The number of an answer that lies elsewhere, which none is yet; FLE_ABSENT likewise. */
uint32_t fle_batch_take_answer(flowenrich_batch *batch, flowenrich_answer *answer);
/* The answer of a row's end; NULL if the row has none. */
flowenrich_answer *fle_batch_answer(const flowenrich_batch *batch, fle_end end, size_t row);

/* Keep a line that was refused, if there is room. False if memory ran out. */
bool fle_batch_add_reject(flowenrich_batch *batch, const flowenrich_reject *reject);

#endif
