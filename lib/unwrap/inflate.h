/* SPDX-License-Identifier: Apache-2.0 */
/* Gzip, piece by piece and within bounds; the one place of the library that includes zlib. */
#ifndef FLE_UNWRAP_INFLATE_H
#define FLE_UNWRAP_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "flowenrich.h"

typedef struct fle_inflater fle_inflater;

/* The bytes begin as gzip does. */
bool fle_inflate_is_gzip(const char *data, size_t len);

/*
 * Begin a new input. '*inflater' is made the first time. Past its first MiB the
 * output may be 'max_ratio' times what it came from. ERR_NOMEM, ERR_UNSUPPORTED
 * (built without zlib); 'problem' receives a static text if it isn't OK.
 */
flowenrich_status fle_inflate_begin(fle_inflater **inflater, const fle_allocator *allocator,
                                    uint32_t max_ratio, const char **problem);
void fle_inflate_free(fle_inflater *inflater);

/*
 * Inflate from '*at' until 'room' bytes are written or the input is over, which
 * may be several members back to back.
 *
 * '*len' receives how many bytes were written, after a failure too: ERR_SYNTAX,
 * ERR_LIMIT (the ratio), ERR_NOMEM.
 */
flowenrich_status fle_inflate_some(fle_inflater *inflater, const char **at, const char *end,
                                   char *out, size_t room, size_t *len, bool *done,
                                   const char **problem);

#endif
