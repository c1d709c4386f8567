/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and texts as bytes that are the same on every machine. */
#ifndef FLE_BASE_PACK_H
#define FLE_BASE_PACK_H

#include "base/text.h"

/* A number takes as few bytes as it can, seven bits in each; a text its length and itself. */
void fle_pack_number(fle_buffer *out, uint64_t number);
void fle_pack_text(fle_buffer *out, flowenrich_text text);

/* A number near zero takes few bytes, be it negative. */
void fle_pack_signed(fle_buffer *out, int64_t number);

/*
 * Take the next one off the front. False, and nothing is taken, if what is there isn't
 * one, or was written longer than it has to be: equal values are always equal bytes.
 */
bool fle_unpack_number(flowenrich_text *from, uint64_t *out);
bool fle_unpack_text(flowenrich_text *from, flowenrich_text *out); /* points into 'from' */
bool fle_unpack_signed(flowenrich_text *from, int64_t *out);

/* So many bytes, as they are. */
bool fle_unpack_bytes(flowenrich_text *from, void *out, size_t len);

#endif
