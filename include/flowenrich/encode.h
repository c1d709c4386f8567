/* SPDX-License-Identifier: Apache-2.0 */
/** @file Batches to bytes. */
#ifndef FLOWENRICH_ENCODE_H
#define FLOWENRICH_ENCODE_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Turns batches into bytes:
 *
 *     for (row = 0; row < flowenrich_batch_rows(batch);) {
 *         flowenrich_encoder_encode(encoder, batch, &row, buf, sizeof buf, &len, &error);
 *         write(buf, len);
 *     }
 */
typedef struct flowenrich_encoder flowenrich_encoder;

typedef struct flowenrich_encoder_options {
    size_t size; /**< sizeof(flowenrich_encoder_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    /** Paths to write, in order. NULL = what the encoder writes by itself. Copied. */
    const char *const *fields;
    size_t field_count;
} flowenrich_encoder_options;

#define FLOWENRICH_ENCODER_OPTIONS_INIT                                                            \
    {                                                                                              \
        sizeof(flowenrich_encoder_options), NULL, 0, NULL, 0                                       \
    }

/**
 * Make an encoder.
 *
 * @param name  "json": nested objects, keys in PascalCase, absent left out
 *              (docs/output.md). Of an enriched batch it writes the rows with
 *              traffic, of any other every row and column.
 *              "json-flat": keys are the paths, absent is null, every row. A
 *              parsed record has the fields of its own format, in its order.
 *              Both write one object a line.
 *              "msgpack", "msgpack-flat": the same as MessagePack, one map behind another.
 *              A row's map has a head of five bytes, whatever it holds; numbers take as
 *              few as they need, or nine if they have a point.
 *              "csv": RFC 4180, lines that end with "\n" alone, the paths as header
 *              before the first row. An encoder writes one table.
 *              "influx": line protocol. Texts, addresses, 32-bit numbers and
 *              booleans are tags, what is counted or timed are fields; the time is
 *              `window.start`, else `start`.
 *              "prometheus": text exposition of each batch by itself: labels are
 *              what tags are above, each number is a metric.
 * @return OK, ERR_ARG (no such encoder; the message names those there are),
 *         ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_encoder_new(flowenrich_encoder **out, const char *name,
                                                        const flowenrich_encoder_options *options,
                                                        flowenrich_error *error);
FLOWENRICH_API void flowenrich_encoder_free(flowenrich_encoder *encoder);

/**
 * Encode whole rows, from *row on, as many as fit; of "prometheus" all or none, since a
 * metric's samples must not be parted.
 *
 * @param row  Where to begin; moved past what was encoded. Equal to
 *             flowenrich_batch_rows() when all is done.
 * @param buf  Receives at most `cap` bytes.
 * @param len  Receives how many were written. On ERR_LIMIT, how many the next
 *             row needs.
 * @return OK, ERR_LIMIT (not one row fits; the encoder stays usable), ERR_ARG (also: a
 *         column that the CSV's header lacks, since no fields were named), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_encoder_encode(flowenrich_encoder *encoder,
                                                           flowenrich_batch *batch, size_t *row,
                                                           char *buf, size_t cap, size_t *len,
                                                           flowenrich_error *error);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_ENCODE_H */
