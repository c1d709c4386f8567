/* SPDX-License-Identifier: Apache-2.0 */
/* Labelled lines of text, wrapped at 100 columns. */
#ifndef FLE_ENRICH_WRAP_H
#define FLE_ENRICH_WRAP_H

#include "base/error.h"
#include "base/text.h"

#define FLE_WRAP_LONGEST 1024 /* bytes of one text; more is cut off */

/* A text's arguments for "%.*s". */
#define FLE_WRAP_TEXT(text)                                                                        \
    (int)((text).len < 512 ? (text).len : 512), ((text).len ? (text).data : "")

typedef struct fle_wrap {
    fle_buffer out;
} fle_wrap;

void fle_wrap_init(fle_wrap *wrap, const fle_allocator *allocator);
void fle_wrap_free(fle_wrap *wrap);

/* A heading, after an empty line unless it is the first. */
void fle_wrap_head(fle_wrap *wrap, const char *format, ...) FLE_PRINTF(2, 3);

/* A label and what is to be said under it. */
void fle_wrap_say(fle_wrap *wrap, const char *label, const char *format, ...) FLE_PRINTF(3, 4);

#endif
