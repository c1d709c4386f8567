/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as Arrow wants them: views, or a dictionary. They are UTF-8, whatever the log had. */
#ifndef FLE_RECORD_ARROW_TEXT_H
#define FLE_RECORD_ARROW_TEXT_H

#include "record/arrow_chunk.h"

/*
 * Make views of texts of the batch, or of addresses in writing. 'array' has its
 * rows, validity and nulls, and room for FLE_ARROW_MOST_BUFFERS; the slice of a
 * row without a text is empty. ERR_NOMEM, or ERR_LIMIT: the texts of a column are
 * over 2 GiB.
 */
flowenrich_status fle_arrow_text_views(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                       flowenrich_batch *batch, const flowenrich_slice *slices);
flowenrich_status fle_arrow_address_views(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                          const fle_column *column);

/* Distinct texts, which are borrowed, and their numbers. */
typedef struct fle_arrow_words {
    const fle_allocator *allocator;
    fle_map *numbers;
    flowenrich_text *texts;
    size_t n, capacity;
} fle_arrow_words;

bool fle_arrow_words_init(fle_arrow_words *words, const fle_allocator *allocator, uint64_t seed);
void fle_arrow_words_free(fle_arrow_words *words);
/* The number of a text. False if memory ran out. */
bool fle_arrow_words_add(fle_arrow_words *words, flowenrich_text text, uint32_t *number);

/* Let 'array' be these texts, copied: ERR_NOMEM or ERR_LIMIT as above. */
flowenrich_status fle_arrow_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                  const flowenrich_text *texts, size_t n);

#endif
