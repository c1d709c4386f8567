/* SPDX-License-Identifier: Apache-2.0 */
/* Which group a row is of: the values of the paths that groups are by, as bytes. */
#ifndef FLE_WATCH_SUBJECT_H
#define FLE_WATCH_SUBJECT_H

#include "base/text.h"
#include "record/path.h"

typedef struct fle_subject {
    flowenrich_text *by;
    fle_path *paths; /* in the batch that was opened last */
    size_t n;
    fle_buffer key;
} fle_subject;

void fle_subject_init(fle_subject *subject, const fle_allocator *allocator);
void fle_subject_free(fle_subject *subject);

/* Tell the paths, which are copied into 'arena'. False if memory ran out. */
bool fle_subject_choose(fle_subject *subject, const char *const *by, size_t n, fle_arena *arena);

/* A path that the batch lacks is absent in all its rows. */
void fle_subject_open(fle_subject *subject, const flowenrich_batch *groups);

/* Let 'key' be that of a row. False if memory ran out. */
bool fle_subject_read(fle_subject *subject, const flowenrich_batch *groups, size_t row);

#endif
