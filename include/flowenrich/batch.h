/* SPDX-License-Identifier: Apache-2.0 */
/** @file The one table that moves between the stages, and views of its columns. */
#ifndef FLOWENRICH_BATCH_H
#define FLOWENRICH_BATCH_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the values of a column lie in memory, in Arrow's layout where Arrow has one. */
typedef enum flowenrich_type {
    FLOWENRICH_TYPE_U32 = 1,     /**< uint32_t */
    FLOWENRICH_TYPE_U64 = 2,     /**< uint64_t */
    FLOWENRICH_TYPE_TIME = 3,    /**< int64_t, seconds since 1970 */
    FLOWENRICH_TYPE_F64 = 4,     /**< double */
    FLOWENRICH_TYPE_ADDRESS = 5, /**< 16 bytes; IPv4 as ::ffff:a.b.c.d */
    FLOWENRICH_TYPE_TEXT = 6,    /**< flowenrich_slice into the column's `text` */
    FLOWENRICH_TYPE_LIST = 7,    /**< several texts, or several uint64_t, a row */
    FLOWENRICH_TYPE_MAP = 8,     /**< pairs of texts a row: key, value, key, value… */
    FLOWENRICH_TYPE_BOOL = 9     /**< bit i, least significant first, as in `validity` */
} flowenrich_type;

/** The one table that moves between the stages. */
typedef struct flowenrich_batch flowenrich_batch;

/** A string of a text column: `length` bytes at `offset` of the column's text. */
typedef struct flowenrich_slice {
    uint32_t offset, length;
} flowenrich_slice;

/**
 * A view of one column, valid until its batch changes.
 *
 * Without codes, row i is `values[i]`. With codes, row i is entry `codes[i]` of
 * the dictionary, and UINT32_MAX is absent. In a list or map, entry e holds the
 * texts `dictionary[lists[e]]` up to `dictionary[lists[e + 1]]`; without codes,
 * entry i is row i, and the items of `item` U64 are `values`, which are uint64_t
 * then, instead of `dictionary`.
 */
typedef struct flowenrich_column {
    size_t size;             /**< sizeof(flowenrich_column), set by the caller. */
    uint32_t type;           /**< A flowenrich_type. */
    uint32_t item;           /**< Of a list: TEXT or U64, what its items are. Else 0. */
    size_t rows;             /**< Rows of the batch. */
    const void *values;      /**< NULL if there are codes. */
    const uint8_t *validity; /**< Bit i is set if row i has a value; NULL = see codes. */
    const char *text;        /**< What slices point into. */
    const uint32_t *codes;
    const flowenrich_text *dictionary;
    size_t dictionary_len; /**< Entries, or items if there are lists. */
    const uint32_t *lists; /**< NULL, or one more than there are entries. */
} flowenrich_column;

/** A line that was refused. Lives until its batch changes. */
typedef struct flowenrich_reject {
    size_t size;          /**< sizeof(flowenrich_reject), set by the caller. */
    uint64_t line;        /**< From 1, in its input. */
    uint64_t offset;      /**< Of the line's first byte, in its input. */
    const char *reason;   /**< "bad_number"; a static string. */
    const char *field;    /**< The path of the field that couldn't be read, or "". */
    flowenrich_text text; /**< The line, or its first 240 bytes. */
    /** A pipeline's: which part of a payload it was in, for messages; "record r1, log stream x".
     *  Empty in plain text. */
    flowenrich_text place;
} flowenrich_reject;

/**
 * Make an empty batch.
 *
 * @param capacity  Rows it can hold, 1 to 1048576. About 2,000 serves the caches best.
 */
FLOWENRICH_API flowenrich_status flowenrich_batch_new(flowenrich_batch **out, size_t capacity,
                                                      const flowenrich_options *options,
                                                      flowenrich_error *error);
FLOWENRICH_API void flowenrich_batch_free(flowenrich_batch *batch);

/** Drop rows and rejects, keep columns and memory. */
FLOWENRICH_API void flowenrich_batch_clear(flowenrich_batch *batch);

/** @return The number of rows. */
FLOWENRICH_API size_t flowenrich_batch_rows(const flowenrich_batch *batch);

/**
 * @return The line that a row was, from 1, in its input (in Arrow: the row of its array); 0
 *         of a conversation or a group, and past the last row.
 */
FLOWENRICH_API uint64_t flowenrich_batch_line(const flowenrich_batch *batch, size_t row);

/**
 * The paths a batch has: its columns, then what its ends are known by.
 *
 * Tags aren't listed one by one: `client.tags` is, `client.tags.app` may be asked for.
 *
 * @return The path with number `index`, NULL past the last.
 */
FLOWENRICH_API const char *flowenrich_batch_path(const flowenrich_batch *batch, size_t index);

/**
 * View a column.
 *
 * @param path  Any path, `client.tags.app` too.
 * @param out   Filled in up to out->size.
 * @return OK, ERR_ARG if the batch has no such path, ERR_NOMEM. The batch stays
 *         usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_batch_column(flowenrich_batch *batch, const char *path,
                                                         flowenrich_column *out,
                                                         flowenrich_error *error);

/**
 * Keep some of the rows, in their order.
 *
 * @param keep  Bit i (least significant first) says whether row i stays.
 * @return OK or ERR_ARG.
 */
FLOWENRICH_API flowenrich_status flowenrich_batch_keep(flowenrich_batch *batch, const uint8_t *keep,
                                                       flowenrich_error *error);

/** @return How many lines were refused since the batch was cleared; the first 64 are kept. */
FLOWENRICH_API size_t flowenrich_batch_rejects(const flowenrich_batch *batch);

/**
 * Look at a line that was refused.
 *
 * @return OK, or ERR_ARG past the last one that was kept.
 */
FLOWENRICH_API flowenrich_status flowenrich_batch_reject(const flowenrich_batch *batch,
                                                         size_t index, flowenrich_reject *out,
                                                         flowenrich_error *error);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_BATCH_H */
