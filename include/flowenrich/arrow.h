/* SPDX-License-Identifier: Apache-2.0 */
/** @file Records from Arrow, and batches to it, in its C data and stream interfaces. */
#ifndef FLOWENRICH_ARROW_H
#define FLOWENRICH_ARROW_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The structs of Arrow's C data and C stream interfaces. A program that looks
 * into them has them from elsewhere (arrow/c/abi.h, nanoarrow).
 */
struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

/** What of a batch goes out to Arrow, and how. */
typedef struct flowenrich_arrow_options {
    size_t size; /**< sizeof(flowenrich_arrow_options). */
    /** Paths, each once, in order: `client.tags.app` too. NULL = all that the batch lists. */
    const char *const *fields;
    size_t field_count;
    /** Not 0: `client.type` is `type` in a struct `client`, and the parallel lists `hops.type`,
     *  `hops.observer` are members of one list of structs `hops`; else each is a column. */
    uint32_t nested;
    uint32_t addresses; /**< 0: the 16 bytes, IPv4 as ::ffff:a.b.c.d. 1: in writing, "10.0.1.5". */
} flowenrich_arrow_options;

#define FLOWENRICH_ARROW_OPTIONS_INIT                                                              \
    {                                                                                              \
        sizeof(flowenrich_arrow_options), NULL, 0, 0, 0                                            \
    }

/**
 * Move the rows of a batch out to Arrow, as one struct array.
 *
 * Types: uint32, uint64, float64, bool; times `timestamp[s, UTC]`; addresses
 * 16 bytes of binary or views; text string views or, of few values, a dictionary
 * of int32 and utf8; lists and maps of utf8, lists of uint64. Text is UTF-8: bytes
 * that aren't become U+FFFD. What is absent is null. A field's metadata has
 * `flowenrich.path`, `flowenrich.type` and, of AWS's fields, `description`.
 *
 * Numbers, times, addresses and codes aren't copied: the arrays own the batch's
 * memory from then on. It is freed when the last struct of the array is
 * released, children that were moved out of it included, which may be **on any
 * thread**: the batch's allocator must be able to free there, and must live as long.
 *
 * @param batch    Empty afterwards, without a column, as it was made; it may be used again.
 * @param options  NULL = all paths, flat, addresses as bytes. A path that the batch
 *                 lacks is a column of nulls.
 * @param schema   Receives a struct's schema, to be released by itself. Not
 *                 released before: what is in it is overwritten. The same for `array`.
 * @return OK, ERR_ARG, ERR_NOMEM, or ERR_LIMIT (over 2 GiB of text in a column). After
 *         a failure nothing is to be released, the batch has its rows, and stays usable.
 */
FLOWENRICH_API flowenrich_status flowenrich_batch_export(flowenrich_batch *batch,
                                                         const flowenrich_arrow_options *options,
                                                         struct ArrowSchema *schema,
                                                         struct ArrowArray *array,
                                                         flowenrich_error *error);

/**
 * Read rows of Arrow as records, as lines of a log would be: what pyarrow reads
 * from a Parquet file of AWS's, say, or what flowenrich_batch_export() gave out.
 *
 * Columns are known by their names, with hyphens, underscores or in camelCase.
 * Numbers may be integers of any width, floats without a fraction, or digits;
 * times seconds or milliseconds, or timestamps; addresses in writing or 16
 * bytes; texts of any of Arrow's kinds, dictionaries included. "-", an empty
 * text and NaN are absent, like null. A column of another name becomes a text
 * column if its values are texts, integers, truth values or times; what else
 * there is, and what enrichment had made of records, is passed over.
 *
 * A row with a value that can't be read is refused and kept as a line would be
 * (flowenrich_batch_reject(): `line` is its number in the array, from 1, `text`
 * the value).
 *
 * @param schema  A struct's, as is `array`. Both are only read, and not released. What
 *                they point to is trusted, as everybody's is who takes part in the C
 *                data interface; the values aren't.
 * @param row     Where to begin; moved past what was read. Equal to array->length when all is
 *                done; else the batch is full, as in flowenrich_parser_parse(): take its
 *                rows, clear it, call again.
 * @return OK, ERR_ARG (no struct, or two columns of one field), ERR_UNSUPPORTED (a field
 *         of AWS's in a type it isn't read from), ERR_NOMEM. After a failure the batch
 *         has the rows up to *row, and may be cleared and used again.
 */
FLOWENRICH_API flowenrich_status flowenrich_batch_import(flowenrich_batch *batch,
                                                         const struct ArrowSchema *schema,
                                                         const struct ArrowArray *array,
                                                         size_t *row, flowenrich_error *error);

/** Rows of many batches, moved in, that go out to Arrow as one table. */
typedef struct flowenrich_table flowenrich_table;

/**
 * Make an empty table.
 *
 * @param arrow  As in flowenrich_batch_export(). Copied. NULL = all the paths of all
 *               batches, in the order in which they came.
 */
FLOWENRICH_API flowenrich_status flowenrich_table_new(flowenrich_table **out,
                                                      const flowenrich_arrow_options *arrow,
                                                      const flowenrich_options *options,
                                                      flowenrich_error *error);
FLOWENRICH_API void flowenrich_table_free(flowenrich_table *table);

/**
 * Move the rows of a batch into the table. A path that a batch lacks is null in its rows.
 *
 * @param batch  Empty afterwards, as after flowenrich_batch_export().
 * @return OK, ERR_NOMEM, ERR_LIMIT (as there), or ERR_ARG (a path has another type than in
 *         the batches before). After a failure table and batch are as before, and stay usable.
 */
FLOWENRICH_API flowenrich_status flowenrich_table_add(flowenrich_table *table,
                                                      flowenrich_batch *batch,
                                                      flowenrich_error *error);

/** @return The number of rows. */
FLOWENRICH_API size_t flowenrich_table_rows(const flowenrich_table *table);

/**
 * Let a consumer read the table, any number of times.
 *
 * The stream shares the table's memory, gives out what the table had when it was
 * made, a batch at a time, and outlives the table.
 *
 * @param out  Receives the stream, to be released. Used by one thread at a time, of
 *             which what comes out of it is free: see flowenrich_batch_export().
 * @return OK, ERR_ARG or ERR_NOMEM. The table stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_table_stream(flowenrich_table *table,
                                                         struct ArrowArrayStream *out,
                                                         flowenrich_error *error);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_ARROW_H */
