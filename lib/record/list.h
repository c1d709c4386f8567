/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of lists: what a row has several of, as texts or numbers. */
#ifndef FLE_RECORD_LIST_H
#define FLE_RECORD_LIST_H

#include "record/batch.h"

/*
 * Lists of one name, "hops.observer" and "hops.type", are parallel: the items of
 * a row that have the same number tell of the same thing. An empty text is an item
 * that isn't known. A list without items is absent.
 */

/*
 * Add an item to a row's list, which must be empty or the last that was added to.
 * False if memory ran out.
 */
bool fle_list_add_text(flowenrich_batch *batch, fle_column *column, size_t row, const char *data,
                       size_t len);
bool fle_list_add_u64(flowenrich_batch *batch, fle_column *column, size_t row, uint64_t value);
/* The same of a text that lives as long as the batch's rows: it isn't copied. */
bool fle_list_add_kept(flowenrich_batch *batch, fle_column *column, size_t row,
                       flowenrich_text text);

/*
 * The same of several items at once, which the caller fills in: texts that live as long as the
 * batch's rows, or numbers of 64 bits. NULL if memory ran out.
 */
void *fle_list_add(flowenrich_batch *batch, fle_column *column, size_t row, size_t n);

/* Let no row of so many have an item. */
void fle_list_clear(fle_column *column, size_t rows);

/* How many items a row has, and each; 'column' may be NULL: none. 'i' is below that. */
size_t fle_list_len(const fle_column *column, size_t row);
flowenrich_text fle_list_text(const fle_column *column, size_t row, size_t i);
uint64_t fle_list_u64(const fle_column *column, size_t row, size_t i);

/* All items of a row, where they lie one behind another. */
fle_texts fle_list_texts(const fle_column *column, size_t row);
const uint64_t *fle_list_numbers(const fle_column *column, size_t row);

/* The items of the longest of the row's lists that are parallel to this one. */
size_t fle_list_longest(const flowenrich_batch *batch, const fle_column *column, size_t row);

/*
 * The name of parallel lists that a path belongs to, "hops" of "hops.observer", which
 * JSON and Arrow show as one list of objects; len 0 if it is none of these.
 */
flowenrich_text fle_list_name(flowenrich_text path);

#endif
