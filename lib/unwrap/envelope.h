/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope: a stack of levels, each a piece of a payload within the one below.
 */
#ifndef FLE_UNWRAP_ENVELOPE_H
#define FLE_UNWRAP_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "flowenrich.h"
#include "unwrap/inflate.h"
#include "unwrap/origin.h"

#define FLE_MOST_LEVELS 16              /* SNS in SQS in gzip in base64 takes nine */
#define FLE_WINDOW ((size_t)256 * 1024) /* bytes of text that make a part */

typedef enum fle_stage {
    FLE_STAGE_CONTENT, /* bytes that nobody looked at yet */
    FLE_STAGE_OBJECTS, /* JSON values, one after another */
    FLE_STAGE_TEXT,    /* text to hand out */
    FLE_STAGE_GZIP     /* gzip data, of what isn't known yet */
} fle_stage;

typedef struct fle_level {
    fle_stage stage;
    const char *at, *end; /* what is left of its bytes */
    /*
     * The caller's bytes may move between calls, so between them a level that reads
     * those knows its place by how much of the payload is left behind it.
     */
    bool is_callers;
    size_t at_left, end_left;
    const char *item;  /* what of it is being read in this call */
    const char *base;  /* the first of the decoded bytes it reads, if they aren't the caller's */
    size_t taken_from; /* offset in the payload of what those were decoded from */
    const char *name;  /* of the member it is, NULL if of none */
    fle_origin origin;
    fle_arena texts;    /* of the origin */
    fle_buffer decoded; /* its bytes, or its window */

    /* items */
    char close; /* the bracket behind the last one, 0 if there is none */
    bool is_first;
    size_t index; /* items begun */

    /* text */
    bool is_gzip;   /* 'at' is compressed still */
    bool is_dated;  /* an export: a time before each line */
    bool is_inside; /* the window begins inside of a line */
    bool is_done;   /* nothing comes into the window any more */
    size_t taken;   /* bytes at the window's start that were handed out */
    uint32_t part;
    flowenrich_status failed; /* to be told once the window is handed out */
    const char *problem;
} fle_level;

typedef enum fle_envelope_stat {
    FLE_ENVELOPE_MESSAGES,
    FLE_ENVELOPE_CONTROL,
    FLE_ENVELOPE_FAILED,
    FLE_ENVELOPE_BYTES_IN,
    FLE_ENVELOPE_BYTES_OUT,
    FLE_N_ENVELOPE_STATS
} fle_envelope_stat;

struct flowenrich_envelope {
    fle_allocator allocator;
    uint64_t max_bytes;
    uint32_t max_ratio;
    fle_arena given; /* texts of 'base' */
    fle_origin base;
    fle_level levels[FLE_MOST_LEVELS + 1]; /* one more, to prepare the next in */
    size_t depth;
    fle_buffer text; /* gathered lines */
    fle_inflater *inflater;
    size_t offset;    /* of this call's first byte in the payload */
    const char *data; /* of this call */
    size_t left;      /* bytes that the next call must bring */
    flowenrich_message message;
    uint64_t stats[FLE_N_ENVELOPE_STATS];
};

/* What went wrong, where. */
typedef struct fle_trouble {
    flowenrich_status status;
    const char *at;   /* in the bytes of the level */
    const char *name; /* of the member, or NULL */
    const char *what; /* "not base64" */
} fle_trouble;

/* Whether a payload is text that needs no unwrapping: its first FLE_CONTENT_TOLD bytes tell. */
#define FLE_CONTENT_TOLD 64
bool fle_content_is_plain(const char *data, size_t len);

/* One step of the uppermost level, which pops it when it is over. See the files of the stages. */
flowenrich_status fle_content_step(flowenrich_envelope *envelope, fle_level *level,
                                   flowenrich_error *error);
flowenrich_status fle_objects_step(flowenrich_envelope *envelope, fle_level *level,
                                   flowenrich_error *error);
flowenrich_status fle_window_step(flowenrich_envelope *envelope, fle_level *level,
                                  flowenrich_error *error);
flowenrich_status fle_gzip_step(flowenrich_envelope *envelope, fle_level *level,
                                flowenrich_error *error);

/* The uppermost level. */
fle_level *fle_envelope_top(flowenrich_envelope *envelope);

/*
 * Prepare the level above the uppermost: its origin is that one's, with what the
 * members tell (NULL = nothing more). It counts once it is pushed. NULL: no memory.
 */
fle_level *fle_envelope_next(flowenrich_envelope *envelope, const fle_members *members);

/* Push the level prepared: it reads these bytes, which are those below it, or its own. */
void fle_envelope_push(flowenrich_envelope *envelope, fle_stage stage, flowenrich_text bytes,
                       const char *name);

/* 'len' more bytes may be held besides what is held now. */
bool fle_envelope_may_hold(const flowenrich_envelope *envelope, size_t len);

/* Hand out a message of the level's, or of the one prepared. */
void fle_envelope_text(flowenrich_envelope *envelope, const fle_level *level, flowenrich_text text,
                       uint32_t part);
void fle_envelope_object(flowenrich_envelope *envelope, const fle_level *level);

/* Refuse something of the level's and say so; reading goes on. The message is 'whose'. */
flowenrich_status fle_envelope_refuse(flowenrich_envelope *envelope, const fle_level *level,
                                      const fle_level *whose, const fle_trouble *trouble,
                                      flowenrich_error *error);

#endif
