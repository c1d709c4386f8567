/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as Arrow wants them: UTF-8, whatever the log had, one behind another. */
#ifndef FLE_RECORD_ARROW_TEXT_H
#define FLE_RECORD_ARROW_TEXT_H

#include "record/arrow_chunk.h"

#define FLE_ARROW_MOST_BYTES ((size_t)INT32_MAX) /* of a column's text: what an offset reaches */

bool fle_arrow_is_utf8(flowenrich_text text);
/* Each byte that isn't part of a character becomes U+FFFD, as it does in JSON. */
void fle_arrow_append_mended(fle_buffer *out, flowenrich_text text);

#define FLE_ARROW_RECENT 256

/* Distinct texts, which are borrowed, and their numbers. */
typedef struct fle_arrow_words {
    const fle_allocator *allocator;
    fle_map *numbers;
    flowenrich_text *texts;
    size_t n, capacity;
    struct {
        flowenrich_text text;
        uint32_t number;
    } recent[FLE_ARROW_RECENT]; /* most texts are one of few: found without their hash */
} fle_arrow_words;

bool fle_arrow_words_init(fle_arrow_words *words, const fle_allocator *allocator, uint64_t seed);
void fle_arrow_words_free(fle_arrow_words *words);
/* The number of a text. False if memory ran out. */
bool fle_arrow_words_add(fle_arrow_words *words, flowenrich_text text, uint32_t *number);

/* Texts that are copied one behind another, as utf8. */
typedef struct fle_arrow_writer {
    fle_arrow_chunk *chunk;
    int32_t *offsets;
    size_t n;
    fle_buffer bytes;
} fle_arrow_writer;

/* Each of these: ERR_NOMEM, or ERR_LIMIT for over 2 GiB. To be ended in any case. */
flowenrich_status fle_arrow_writer_init(fle_arrow_writer *writer, fle_arrow_chunk *chunk, size_t n);
flowenrich_status fle_arrow_writer_add(fle_arrow_writer *writer, flowenrich_text text);
/* Let 'array' be as many texts as were announced, if 'status' is OK. Returns what it came to. */
flowenrich_status fle_arrow_writer_end(fle_arrow_writer *writer, struct ArrowArray *array,
                                       flowenrich_status status);

/* Let 'array' be these texts. */
flowenrich_status fle_arrow_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                  const flowenrich_text *texts, size_t n);

#endif
