/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of a row, for encodings that write one value behind another. */
#ifndef FLE_ENCODE_CELLS_H
#define FLE_ENCODE_CELLS_H

#include "encode/encoding.h"
#include "record/path.h"

/* One of the paths that rows are written by. */
typedef struct fle_cell {
    flowenrich_text path;
    fle_path compiled;
    bool is_protocol; /* a number that is written by name */
} fle_cell;

typedef struct fle_cells {
    const fle_allocator *allocator;
    fle_field_list fields;
    const flowenrich_batch *batch;
    fle_cell *items;
    size_t n, capacity;
    fle_arena paths;
    fle_buffer scratch;
} fle_cells;

/* These are also the init and free of encodings whose state begins with its cells. */
void fle_cells_init(void *cells, const fle_allocator *allocator, fle_field_list fields);
void fle_cells_free(void *cells);

/*
 * Write by the caller's fields; else by what the level of an enriched batch has; else by what
 * the batch has. False = no memory.
 */
bool fle_cells_choose(fle_cells *cells, const flowenrich_batch *batch);

/* Take the values from this batch. What it lacks is absent. */
void fle_cells_open(fle_cells *cells, const flowenrich_batch *batch);

/* A path of the batch that isn't among those chosen, though all were to be; else NULL. */
const char *fle_cells_left_out(const fle_cells *cells);

/* Is the row written at all? Of enriched batches, traffic is. */
bool fle_cells_has_row(const fle_cells *cells, size_t row);

void fle_cells_get(const fle_cells *cells, size_t index, size_t row, fle_value *out);

/*
 * The same as text: what JSON has, but texts without quotes. Until the next call; no data if it
 * is absent. False = no memory.
 */
bool fle_cells_text(fle_cells *cells, size_t index, size_t row, flowenrich_text *out);

/*
 * The text of what rows are told apart by: no data if it is absent, or as it is in nearly all rows,
 * none of which is late or the one for what had no room. False = no memory.
 */
bool fle_cells_label(fle_cells *cells, size_t index, size_t row, flowenrich_text *out);

/* Is it something that was counted or timed, not something that rows are told apart by? */
bool fle_cell_is_measure(const fle_cell *cell);

/* Neither infinite nor no number at all, which formats have no word for. */
bool fle_value_is_finite(const fle_value *value);

/* What to write in the place of each ASCII character; NULL: itself. */
typedef const char *fle_escapes[128];

/* A text with these escapes. What is no UTF-8 becomes U+FFFD, as in JSON. */
void fle_cells_escape(fle_output *out, flowenrich_text text, const fle_escapes escapes);

/* In the place of what a format can't say. */
#define FLE_CELLS_LOST "\xef\xbf\xbd"

#endif
