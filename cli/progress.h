/* SPDX-License-Identifier: Apache-2.0 */
/* How far the run is, on a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum progress_mode {
    PROGRESS_AUTO, /* if stderr is a terminal that records aren't written to */
    PROGRESS_ALWAYS,
    PROGRESS_NEVER
} progress_mode;

/* 'total' is how many bytes there are to read, 0 if that isn't known. */
void progress_begin(progress_mode mode, bool records_on_stdout, uint64_t total);

/* What one of those who read has told. */
typedef struct progress_share {
    uint64_t bytes, records;
} progress_share;

/* Show 'bytes' read and 'records' found by all, of which these are one's; cheap to call often. */
void progress_update(progress_share *mine, uint64_t bytes, uint64_t records);

/* Make room for a message, which no other thread's gets into until progress_go_on(). */
void progress_wait(void);
void progress_go_on(void);

void progress_end(void);

#endif
