/* SPDX-License-Identifier: Apache-2.0 */
/** @file Text to records: the fields of AWS's logs, formats, the parser. */
#ifndef FLOWENRICH_PARSE_H
#define FLOWENRICH_PARSE_H

#include "batch.h"
#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One field of AWS's flow logs. All members are static. */
typedef struct flowenrich_field {
    size_t size;         /**< sizeof(flowenrich_field), set by the caller. */
    const char *name;    /**< As AWS writes it: "pkt-srcaddr". */
    const char *path;    /**< As a path, and in Athena: "pkt_srcaddr". */
    const char *meaning; /**< One sentence. */
    uint32_t type;       /**< A flowenrich_type. */
    uint32_t version;    /**< The log version that brought it: 2 to 11. */
} flowenrich_field;

/**
 * The table of known fields.
 *
 * @param index  From 0.
 * @param out    Filled in up to out->size.
 * @return OK, or ERR_ARG past the last one.
 */
FLOWENRICH_API flowenrich_status flowenrich_field_at(size_t index, flowenrich_field *out);

/** The fields of a log, in order. Immutable; may be freed once it was added to parsers. */
typedef struct flowenrich_format flowenrich_format;

/**
 * Read a format, in any of its spellings.
 *
 * `${srcaddr} ${dstaddr}` as describe-flow-logs prints it, `$${srcaddr}` as
 * Terraform escapes it, plain names parted by spaces or commas, the header line
 * of an S3 file; names with hyphens, underscores or in camelCase. "default" is
 * AWS's default VPC format (version 2), "default-tgw" that of transit gateways.
 * A name this library doesn't know keeps its position and becomes a text column
 * of that name.
 *
 * @return OK, ERR_ARG or ERR_SYNTAX (empty, a name twice, `${` without `}`),
 *         ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_format_new(flowenrich_format **out, const char *text,
                                                       size_t len,
                                                       const flowenrich_options *options,
                                                       flowenrich_error *error);
FLOWENRICH_API void flowenrich_format_free(flowenrich_format *format);

/** @return The number of fields. */
FLOWENRICH_API size_t flowenrich_format_fields(const flowenrich_format *format);

/** @return The name of field `index` as AWS writes it, "" past the last. The format's own. */
FLOWENRICH_API const char *flowenrich_format_field(const flowenrich_format *format, size_t index);

/** @return 1 if field `index` is one of flowenrich_field_at(), else 0. */
FLOWENRICH_API int32_t flowenrich_format_known(const flowenrich_format *format, size_t index);

/** @return The canonical spelling, `${srcaddr} ${dstaddr}`. Lives as long as the format. */
FLOWENRICH_API flowenrich_text flowenrich_format_text(const flowenrich_format *format);

/**
 * Turns flow log text into records. Of an input, in pieces:
 *
 *     flowenrich_parser_begin(parser, &source, &error);
 *     for each piece: while (len > 0) {
 *         flowenrich_parser_parse(parser, data, len, &used, batch, &error);
 *         data += used, len -= used;
 *         (enrich the batch's rows, encode them...)
 *         flowenrich_batch_clear(batch);
 *     }
 *     flowenrich_parser_finish(parser, batch, NULL, &error);
 *     (and once more)
 */
typedef struct flowenrich_parser flowenrich_parser;

typedef struct flowenrich_parser_options {
    size_t size; /**< sizeof(flowenrich_parser_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed; /**< As in flowenrich_options, in all options. */
    /** Paths of the fields to make columns of; the others are passed over unread. NULL = all. */
    const char *const *fields;
    size_t field_count;
    uint64_t max_bad_lines; /**< More than this many bad lines are ERR_LIMIT. 0 = no limit. */
    uint32_t max_line;      /**< Bytes of the longest line taken. 0 = 65536. */
} flowenrich_parser_options;

#define FLOWENRICH_PARSER_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(flowenrich_parser_options), NULL, 0, NULL, 0, 0, 0                                  \
    }

FLOWENRICH_API flowenrich_status flowenrich_parser_new(flowenrich_parser **out,
                                                       const flowenrich_parser_options *options,
                                                       flowenrich_error *error);
FLOWENRICH_API void flowenrich_parser_free(flowenrich_parser *parser);

/**
 * Add a format for text without a header.
 *
 * Candidates are tried in the order they were added; the first one that a line
 * fits, in its number of fields and every value, is taken. With none added, the
 * two default formats are tried. A header line in the text always wins.
 *
 * @param format  Copied.
 */
FLOWENRICH_API flowenrich_status flowenrich_parser_add_format(flowenrich_parser *parser,
                                                              const flowenrich_format *format,
                                                              flowenrich_error *error);

/**
 * Begin a new input: a file, an object, a payload.
 *
 * An unfinished line, the header and what was expected of the input before are forgotten,
 * line and offset count from the start again. The totals of flowenrich_parser_stats() go on.
 *
 * @param source  Where it is from. What is known becomes columns of its rows:
 *                `flow_log.id`, `.account`, `.region`, `.group`, `.stream`,
 *                `.interface_id`, `.bucket`, `.key`. They are no fields of the
 *                record's own, and never stand in for `account_id` or `region`;
 *                the interface is the observer of records that name none. Copied.
 *                NULL = nothing is known, as after flowenrich_parser_finish().
 * @return OK, ERR_ARG, or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_parser_begin(flowenrich_parser *parser,
                                                         const flowenrich_source *source,
                                                         flowenrich_error *error);

/**
 * Expect a format of the input that has just begun: it is tried before those that were
 * added, on lines without a header. What is expected first is tried first.
 *
 * @param format  Copied.
 * @return OK, ERR_ARG, ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_parser_expect(flowenrich_parser *parser,
                                                          const flowenrich_format *format,
                                                          flowenrich_error *error);

/**
 * Parse flow log text into records.
 *
 * The input may be cut anywhere: a line without its newline is kept and
 * completed by the next call. A malformed line is counted, the first 64 of a
 * batch are kept in it (flowenrich_batch_reject()), and parsing goes on.
 *
 * @param data   `len` bytes. May be NULL if `len` is 0.
 * @param used   Receives how many bytes were taken. Less than `len` means that
 *               `out` is full: take its rows, clear it, call again with the rest.
 * @param out    Rows are appended up to its capacity. Long lines fill it before,
 *               with 384 bytes of text for each row of its capacity, at least 256 KiB.
 * @return OK, ERR_ARG, ERR_NOMEM, or ERR_LIMIT (too many bad lines). After a
 *         failure `out` holds every record before the failing line.
 */
FLOWENRICH_API flowenrich_status flowenrich_parser_parse(flowenrich_parser *parser,
                                                         const void *data, size_t len, size_t *used,
                                                         flowenrich_batch *out,
                                                         flowenrich_error *error);

/**
 * End the input: a last line without a newline is parsed now.
 *
 * @param done  Receives 0 if `out` was too full for that line: clear it and call
 *              again. May be NULL if `out` has room for a row.
 */
FLOWENRICH_API flowenrich_status flowenrich_parser_finish(flowenrich_parser *parser,
                                                          flowenrich_batch *out, int32_t *done,
                                                          flowenrich_error *error);

/**
 * Count what was seen since the parser was made.
 *
 * `lines`, `records` (with log-status OK or without one), `nodata`, `skipdata`,
 * `headers`, `unknown_fields` (names in headers that this library doesn't know),
 * `milliseconds` (times that were normalised), `doubled_spaces` (lines), and
 * `bad_…`, one for each reason a line was refused for.
 *
 * @return How many there are; at most `n` are written to `out`.
 */
FLOWENRICH_API size_t flowenrich_parser_stats(const flowenrich_parser *parser, flowenrich_stat *out,
                                              size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_PARSE_H */
