/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting in memory of an arena, which libc's qsort wouldn't take; finding what is sorted. */
#ifndef FLE_CATALOG_ORDER_H
#define FLE_CATALOG_ORDER_H

#include <stdint.h>

#include "base/alloc.h"

/* Room for 'n' elements; NULL if memory ran out or the size would overflow. */
void *fle_array(fle_arena *arena, size_t n, size_t size);

/* The same for elements as large as a line of a cache, each in one. */
void *fle_array_of_lines(fle_arena *arena, size_t n, size_t size);

/*
 * Room for 'more' elements behind the first 'n' of an array of an arena. If it moves, the
 * old one stays as it was, for who reads it. NULL if memory ran out.
 */
void *fle_array_grow(fle_arena *arena, void *array, size_t *capacity, size_t n, size_t more,
                     size_t size);

/* As memcmp; 'ctx' is what was handed to fle_sort(). */
typedef int fle_compare(const void *a, const void *b, const void *ctx);

/* Sort, stably. 'scratch' lends as much room again. False if memory ran out: nothing moved. */
bool fle_sort(void *items, size_t n, size_t size, fle_compare *compare, const void *ctx,
              fle_arena *scratch);

/*
 * The index of the first element that isn't before a number: of an array in the order of its
 * first member, a uint32_t. 'n' if there is none.
 */
size_t fle_first_of(const void *items, size_t n, size_t size, uint32_t number);

#endif
