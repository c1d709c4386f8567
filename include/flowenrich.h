/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file flowenrich.h
 *
 * libflowenrich: raw AWS flow logs in, records that say who and what is at both
 * ends out. This header is the manual, in the order the data travels:
 *
 *     bytes
 *       | unwrap
 *     text
 *       | parse
 *     batch ------ learn --> catalog <-- load ------ AWS documents
 *       | (pair)                | publish
 *       | enrich <---------- snapshot
 *       | (charge)
 *     batch -- encode --> bytes
 *       '-- aggregate --> batch -- encode --> bytes
 *
 * `pair` makes conversations of records, and `charge` says what those cost: they are for
 * programs that want them.
 *
 * Most programs make one *pipeline* (the last section), which is all of it in one
 * object and made from one YAML document. A program that wants the stages makes
 * one of each, then: parse a piece, enrich the batch, encode its rows, clear it,
 * until the piece is used up; at the end flowenrich_parser_finish() and once more
 * (examples/stages.c is all of that).
 *
 * One table type, the *batch*, moves between the stages. Every value in it has a
 * *path*: `bytes`, `client.tags.app`. A path is the JSON name in snake_case, and
 * is the same in columns, encoders, group keys and bindings.
 *
 * What holds everywhere:
 *
 * - **No I/O.** The library opens nothing, asks no clock, reads no environment
 *   and draws no random numbers. Same bytes in, same bytes out.
 * - **Errors.** A function that can fail returns a flowenrich_status and takes a
 *   flowenrich_error last, which may be NULL. One that doesn't say which it returns
 *   has OK, ERR_ARG (NULL where an object has to be, or options it can't take) and
 *   ERR_NOMEM. After a failure the object may only be freed, unless the function says
 *   otherwise. Bad *data* is no error: it is counted by reason and skipped.
 * - **Memory.** `x_new` stores the object through its first argument (NULL on
 *   failure), `x_free` takes NULL. Inputs are borrowed for the call. Outputs
 *   belong to the object they came from and live until it is changed or freed.
 * - **Threads.** One thread at a time per object, different objects freely. A
 *   snapshot and a format are immutable and may be shared by many threads.
 * - **Options.** Start from the X_OPTIONS_INIT of the type; NULL means defaults.
 *   The first member is the struct's size, so that a program and a library of
 *   different ages understand one another; zero in a member is its default.
 */
#ifndef FLOWENRICH_H
#define FLOWENRICH_H

#include <stddef.h>
#include <stdint.h>

#define FLOWENRICH_VERSION_MAJOR 0
#define FLOWENRICH_VERSION_MINOR 1
#define FLOWENRICH_VERSION_PATCH 0

/** Marks what the shared library exports. */
#ifndef FLOWENRICH_API
#if defined(__GNUC__)
#define FLOWENRICH_API __attribute__((visibility("default")))
#else
#define FLOWENRICH_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ common */

/** What a call came to. 0 is success, everything else is negative. */
typedef enum flowenrich_status {
    FLOWENRICH_OK = 0,
    FLOWENRICH_ERR_ARG = -1,         /**< A value that this call can't take. */
    FLOWENRICH_ERR_NOMEM = -2,       /**< The allocator returned NULL. */
    FLOWENRICH_ERR_SYNTAX = -3,      /**< A document or format that can't be read. */
    FLOWENRICH_ERR_LIMIT = -4,       /**< A caller's limit, or buffer, is too small. */
    FLOWENRICH_ERR_RESOLVER = -5,    /**< A resolver of the caller's failed. */
    FLOWENRICH_ERR_UNSUPPORTED = -6, /**< Right, but beyond this library or this build. */
    FLOWENRICH_ERR_CORRUPT = -7      /**< A saved state, or an image, that isn't whole. */
} flowenrich_status;

/**
 * Details of a failure. 256 bytes, and will stay so.
 *
 * `message` is one English sentence without a newline that says what is wrong
 * and, where there is one, the remedy.
 */
typedef struct flowenrich_error {
    int32_t status;    /**< The flowenrich_status that was returned. */
    uint32_t line;     /**< Line in the input, from 1; 0 = not known. */
    uint32_t column;   /**< In it, from 1; YAML's in characters, others' in bytes. */
    uint32_t reserved; /**< 0. */
    uint64_t offset;   /**< Byte offset in the input; 0 where none is told. */
    char message[232];
} flowenrich_error;

/**
 * Where memory comes from. NULL in the options means malloc, realloc and free.
 *
 * An object hands its allocator on to all that it makes. `ctx` must outlive
 * them. Any call may return NULL, and is reported as ERR_NOMEM; what was to grow is
 * then still there. Memory is aligned as malloc's. Nothing asks for 0 bytes, and neither
 * `realloc` nor `free` gets NULL. It is called by the thread that uses the object: where
 * objects of several threads have one, or share a snapshot, it must bear that.
 */
typedef struct flowenrich_allocator {
    size_t size; /**< sizeof(flowenrich_allocator). */
    void *ctx;   /**< Passed back untouched. */
    void *(*alloc)(void *ctx, size_t len);
    void *(*realloc)(void *ctx, void *memory, size_t old_len, size_t len);
    void (*free)(void *ctx, void *memory);
} flowenrich_allocator;

/** A borrowed piece of text, without a terminating zero. `data` may be NULL if `len` is 0. */
typedef struct flowenrich_text {
    const char *data;
    size_t len;
} flowenrich_text;

/** A counter and its name, which is a static string. */
typedef struct flowenrich_stat {
    const char *name;
    uint64_t value;
} flowenrich_stat;

/** Seconds since 1970, UTC. */
typedef int64_t flowenrich_time;

/** No time: not known, or not given. */
#define FLOWENRICH_TIME_ABSENT INT64_MIN

/** After all times: nothing more will come. */
#define FLOWENRICH_TIME_END INT64_MAX

/** Options of objects that need no others. */
typedef struct flowenrich_options {
    size_t size;                           /**< sizeof(flowenrich_options). */
    const flowenrich_allocator *allocator; /**< NULL = malloc and friends. */
    /** Any number. A random one keeps those who choose the input from slowing hash tables down. */
    uint64_t hash_seed;
} flowenrich_options;

#define FLOWENRICH_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(flowenrich_options), NULL, 0                                                        \
    }

/** @return The version of the library that runs, "0.1.0"; a static string. */
FLOWENRICH_API const char *flowenrich_version(void);

/** @return The name of a status for logs, "ERR_LIMIT"; "unknown" for any other number. */
FLOWENRICH_API const char *flowenrich_status_name(int32_t status);

/* ------------------------------------------------------------------ unwrap */

/**
 * Where flow log text comes from. What isn't known is empty.
 *
 * `account` and `region` are those of the flow log, as the log group's owner or
 * the S3 key tells them; not those of a record's own fields, which may name the
 * other account of a shared VPC.
 */
typedef struct flowenrich_source {
    size_t size; /**< sizeof(flowenrich_source). */
    flowenrich_text
        identity; /**< Equal when the same thing is delivered again: the first log event's id. */
    flowenrich_text account;
    flowenrich_text region;
    flowenrich_text log_group;
    flowenrich_text log_stream;
    flowenrich_text interface_id; /**< "eni-…", if the log stream is an interface's. */
    flowenrich_text bucket;
    flowenrich_text key;      /**< Of the S3 object, as S3 itself spells it. */
    flowenrich_text flow_log; /**< "fl-…", as the S3 key tells it. */
} flowenrich_source;

#define FLOWENRICH_SOURCE_INIT                                                                     \
    {                                                                                              \
        sizeof(flowenrich_source), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },             \
            { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },                                    \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }

/**
 * Read the S3 key of a flow log's file: its account, region and flow log id.
 *
 * All layouts AWS writes: plain or Hive style, with an hour or without, below any
 * prefix, behind an organisation's id; or the file's name alone.
 *
 * @param source  Its `account`, `region`, `flow_log` and `key` are set, and point
 *                into `key`. Untouched if the key is another's.
 * @param key     Not encoded as in an URL.
 * @return 1, or 0 if it isn't such a key.
 */
FLOWENRICH_API int32_t flowenrich_source_from_key(flowenrich_source *source, const char *key,
                                                  size_t len);

/** What a message is. */
typedef enum flowenrich_message_kind {
    FLOWENRICH_MESSAGE_NONE = 0,  /**< The payload is over. */
    FLOWENRICH_MESSAGE_TEXT = 1,  /**< Lines of a flow log. */
    FLOWENRICH_MESSAGE_OBJECT = 2 /**< An S3 object to fetch and read as the next payload. */
} flowenrich_message_kind;

/**
 * What an envelope held. Lives until the envelope's next call, and as long as
 * the payload it was read from.
 */
typedef struct flowenrich_message {
    size_t size;            /**< sizeof(flowenrich_message), set by the caller. */
    uint32_t kind;          /**< A flowenrich_message_kind. */
    uint32_t part;          /**< 0 begins an input of the parser's; more goes on with the last. */
    flowenrich_text text;   /**< Lines. The last one may lack its newline. */
    flowenrich_text record; /**< The carrier's name of it, to answer by: recordId, messageId. */
    const flowenrich_source *source; /**< Never NULL. The region of an object is its bucket's. */
    flowenrich_time time; /**< Of the first line's event, else of the delivery, or absent. */
} flowenrich_message;

#define FLOWENRICH_MESSAGE_INIT                                                                    \
    {                                                                                              \
        sizeof(flowenrich_message), FLOWENRICH_MESSAGE_NONE, 0, { NULL, 0 }, { NULL, 0 }, NULL,    \
            FLOWENRICH_TIME_ABSENT                                                                 \
    }

/**
 * Takes apart what flow logs are delivered in.
 *
 * What it is shows from its bytes, in any nesting (docs/envelopes.md lists
 * them): CloudWatch Logs subscription payloads, Lambda events of CloudWatch,
 * Kinesis, SQS, SNS and Kafka, Firehose requests and its `{"message"}` objects,
 * answers of get-log-events and filter-log-events, CloudWatch exports, S3 and
 * EventBridge notifications, events of Vector, each gzipped or not. Anything
 * else is text and comes out as it is.
 */
typedef struct flowenrich_envelope flowenrich_envelope;

typedef struct flowenrich_envelope_options {
    size_t size; /**< sizeof(flowenrich_envelope_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed; /**< Not used; as in all options. */
    uint64_t max_bytes; /**< What decoded payloads may hold at a time. 0 = 256 MiB. */
    uint32_t max_ratio; /**< Gzip may grow its input that many times, past a MiB. 0 = 500. */
} flowenrich_envelope_options;

#define FLOWENRICH_ENVELOPE_OPTIONS_INIT                                                           \
    {                                                                                              \
        sizeof(flowenrich_envelope_options), NULL, 0, 0, 0                                         \
    }

FLOWENRICH_API flowenrich_status flowenrich_envelope_new(flowenrich_envelope **out,
                                                         const flowenrich_envelope_options *options,
                                                         flowenrich_error *error);
FLOWENRICH_API void flowenrich_envelope_free(flowenrich_envelope *envelope);

/**
 * Begin a new payload, dropping what is left of the last.
 *
 * @param source  What is known of where it comes from: the messages have it
 *                unless they know better. Of a key that
 *                flowenrich_source_from_key() can read, account, region and flow
 *                log are filled in. Copied. NULL = nothing is known.
 */
FLOWENRICH_API flowenrich_status flowenrich_envelope_begin(flowenrich_envelope *envelope,
                                                           const flowenrich_source *source,
                                                           flowenrich_error *error);

/**
 * Take the next message out of a payload.
 *
 * The payload is given whole: an event, an object's content, a Kafka value.
 * Only text, with times before its lines or without, may be given in pieces that
 * end with a line, each as a payload.
 *
 *     flowenrich_envelope_begin(envelope, &source, &error);
 *     do {
 *         status = flowenrich_envelope_read(envelope, data, len, &used, &message, &error);
 *         data += used, len -= used;
 *         if (message.kind == FLOWENRICH_MESSAGE_TEXT && message.part == 0)
 *             (finish the last input, begin a new one with message.source)
 *         ...
 *     } while (message.kind != FLOWENRICH_MESSAGE_NONE || status is an error to go on after);
 *
 * Messages are as large as comes cheap, not one for each event: consecutive
 * events of one log stream, or `{"message"}` objects of one S3 object, come as
 * lines of one text, cut into parts of about 256 KiB. So does gzipped text, and
 * memory stays small. Text that needs no decoding is a view of `data`, whole.
 *
 * What is broken is refused alone: the call fails with ERR_SYNTAX, ERR_LIMIT or
 * ERR_UNSUPPORTED and counts it, `out` has kind NONE and the `record` and
 * `source` of what was refused, and **the next call goes on behind it**. Nothing
 * comes out of a JSON object that is broken itself; reading goes on at the next
 * line that begins with `{`. Of text whose gzip is broken, the whole lines
 * before that come out first. Control messages and notifications of objects
 * that were not created are counted and skipped.
 *
 * @param data  What is left of the payload: each call gets what the calls before
 *              didn't use, at any address. May be NULL if `len` is 0.
 * @param used  Receives how many bytes are done with. That may be all of them
 *              while messages are still to come: call until the kind is NONE
 *              and the status OK.
 * @param out   Filled in up to out->size.
 * @return OK, ERR_SYNTAX, ERR_LIMIT (max_bytes, max_ratio, nesting),
 *         ERR_UNSUPPORTED (Parquet, zstd; gzip, in a library without zlib). The
 *         error's `offset` is that in the payload, the message says which record
 *         of what.
 *         ERR_ARG (`data` isn't the rest), ERR_NOMEM: it may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_envelope_read(flowenrich_envelope *envelope,
                                                          const void *data, size_t len,
                                                          size_t *used, flowenrich_message *out,
                                                          flowenrich_error *error);

/**
 * Count since the envelope was made: `messages`, `control` (skipped: control
 * and test messages, confirmations, notifications of other things), `failed`,
 * `bytes_in`, `bytes_out` (of text). See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_envelope_stats(const flowenrich_envelope *envelope,
                                                flowenrich_stat *out, size_t n);

/* ------------------------------------------------------------------- parse */

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

/** The one table that moves between the stages (below). */
typedef struct flowenrich_batch flowenrich_batch;

/** Turns flow log text into records. */
typedef struct flowenrich_parser flowenrich_parser;

typedef struct flowenrich_parser_options {
    size_t size; /**< sizeof(flowenrich_parser_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed; /**< As in flowenrich_options, here and below. */
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

/* ------------------------------------------------------------------- batch */

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

/* ------------------------------------------------------------------- arrow */

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

/* ----------------------------------------------------------------- catalog */

/** Facts about what there is in AWS, each with the time it was observed. The one writer. */
typedef struct flowenrich_catalog flowenrich_catalog;

/** A catalog as it was when published. Immutable, counted, shared between threads. */
typedef struct flowenrich_snapshot flowenrich_snapshot;

typedef struct flowenrich_catalog_options {
    size_t size; /**< sizeof(flowenrich_catalog_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    const char *kinds; /**< YAML in the shape of data/kinds.yaml, instead of the built-in table. */
    size_t kinds_len;
    /** Seconds before a first or after a last sighting that an owner may be assumed to have been
     *  there. -1 = none. 0 = 86400 as long as only documents were loaded, but not of those whose
     *  records were learned from, and none once events were: where changes are told, silence is
     *  no reason to assume. */
    int64_t assume;
    /** Bytes that what records teach may take: 44 to 52 for each. Records beyond teach nothing,
     *  and are counted. 0 = 1 GiB. */
    uint64_t max_learned_bytes;
    /** Seconds after the time of an event, which is that of a request, within which AWS does what
     *  it says: meanwhile nobody is named, unless it is the same owner before and after. 0 = 60,
     *  -1 = none. */
    int64_t event_slack;
} flowenrich_catalog_options;

#define FLOWENRICH_CATALOG_OPTIONS_INIT                                                            \
    {                                                                                              \
        sizeof(flowenrich_catalog_options), NULL, 0, NULL, 0, 0, 0, 0                              \
    }

/** What is known of a document besides its bytes. */
typedef struct flowenrich_document {
    size_t size;                 /**< sizeof(flowenrich_document). */
    flowenrich_time observed_at; /**< When AWS said so; wins over a date in the document. */
    flowenrich_time modified_at; /**< Used if neither that nor a date in the document is there. */
} flowenrich_document;

#define FLOWENRICH_DOCUMENT_INIT                                                                   \
    {                                                                                              \
        sizeof(flowenrich_document), FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT                \
    }

FLOWENRICH_API flowenrich_status flowenrich_catalog_new(flowenrich_catalog **out,
                                                        const flowenrich_catalog_options *options,
                                                        flowenrich_error *error);
FLOWENRICH_API void flowenrich_catalog_free(flowenrich_catalog *catalog);

/**
 * Load what an AWS tool printed, or events, all of it or nothing.
 *
 * What it is, is seen by its keys. Documents: describe-network-interfaces, -instances,
 * -subnets, -vpcs, -vpc-endpoints, -nat-gateways, -addresses,
 * -vpc-peering-connections, -transit-gateway-attachments, -flow-logs,
 * -route-tables, -managed-prefix-lists, get-managed-prefix-list-entries, -tasks (ECS),
 * -db-instances, -db-clusters, -db-proxies, -load-balancers, -listeners, -target-groups,
 * -target-health, -cache-clusters, -clusters (Redshift, DAX), list-functions,
 * the tagging API's get-resources, ip-ranges.json, and what names were resolved to,
 * `{"endpoint": "db.example", "address": "10.0.0.5", "observed_at": "2026-11-20T09:00:00Z"}`,
 * which tells the interface of a database; as the CLI prints them or as boto3 returns
 * them, one page or several, in one JSON value, an array, or back to back.
 *
 * Items of AWS Config, each of its own time: snapshots, histories (`configurationItems`),
 * notifications (`configurationItem`), or alone; of interfaces, instances, subnets, VPCs,
 * endpoints, NAT gateways, elastic addresses, peerings and route tables.
 *
 * Events: CloudTrail's files (`{"Records": [...]}`) and records, alone or in the
 * envelopes of EventBridge, of RunInstances, Terminate-, Start- and StopInstances,
 * Create- and DeleteNetworkInterface, Attach- and DetachNetworkInterface, Assign-
 * and UnassignPrivateIpAddresses, -Ipv6Addresses, Allocate-, Associate-,
 * Disassociate- and ReleaseAddress, ModifyNetworkInterface- and
 * ModifyInstanceAttribute, Create- and DeleteTags, Create- and DeleteNatGateway,
 * CreateVpcEndpoint, DeleteVpcEndpoints; Create-, Replace- and DeleteRoute, Create- and
 * DeleteRouteTable, Associate- and DisassociateRouteTable, ReplaceRouteTableAssociation;
 * Associate- and DisassociateVpcCidrBlock, Accept- and DeleteVpcPeeringConnection;
 * "Tag Change on Resource", "EC2 Instance State-change Notification",
 * "ECS Task State Change". They have times of their own,
 * those of the requests: what changed did so some time within `event_slack`, during which
 * nobody is named, unless it is the same owner before and after. One that was seen
 * to be made and to be undone is `exact` in between. Calls that failed are counted
 * and change nothing; of an event that comes twice the second makes no difference.
 *
 * Nor does the order in which documents and events are loaded.
 *
 * An image that flowenrich_catalog_image() wrote: all that its catalog held, with its times.
 * What was learned adds up, so load an image once.
 *
 * @param document  NULL = nothing known. One whose time nobody knows is ERR_ARG; of
 *                  events it isn't looked at.
 * @param dated     Receives the newest time its facts were given. May be NULL.
 * @return OK, ERR_SYNTAX (not JSON, with line and column, or not AWS's, with the
 *         keys it has), ERR_UNSUPPORTED (AWS's, such as describe-network-acls, but
 *         none of the above; an image of a snapshot alone), ERR_CORRUPT (an image that isn't
 *         whole), ERR_ARG (no time), ERR_NOMEM. After a failure the catalog is as before, and
 *         stays usable.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_load(flowenrich_catalog *catalog,
                                                         const void *data, size_t len,
                                                         const flowenrich_document *document,
                                                         flowenrich_time *dated,
                                                         flowenrich_error *error);

/**
 * Learn from records who logged which packets, for the first of two passes.
 *
 * Both ends of a flow often log it. With a snapshot of what was learned, an end
 * that logged the packets itself is named by its own record, before anybody is
 * asked who held its address: no document is needed for it, and no change of
 * owner blurs it. So read the whole log once and learn from it, publish, then
 * read it again and enrich. The order of records makes no difference, unless
 * they don't fit `max_learned_bytes`.
 *
 * @param records  As they were parsed; enriched or not.
 * @return OK, ERR_ARG, or ERR_NOMEM: a part of the batch may have been learned.
 *         The catalog stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_learn(flowenrich_catalog *catalog,
                                                          const flowenrich_batch *records,
                                                          flowenrich_error *error);

/**
 * Drop what no record after `before` depends on, to hold a catalog that goes on
 * being loaded to what there is.
 *
 * Of what changes stays what it was at that time. Interfaces go that events ended, or
 * whose addresses were all seen on others since. A snapshot made afterwards names
 * the same owners, as surely, at any time from `before` on; one whose name is
 * dropped is `not_in_inventory`. What lies before may be answered otherwise than it
 * was, and so may be what is asked without a time. A copy of a forgotten event
 * counts as one that is new. Of what was learned goes what ended two hours before.
 *
 * @param before  Seconds since 1970. Load nothing older afterwards: it may contradict
 *                what was forgotten.
 * @return OK; ERR_ARG without a time; ERR_NOMEM: the catalog is as before.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_forget(flowenrich_catalog *catalog,
                                                           flowenrich_time before,
                                                           flowenrich_error *error);

/**
 * Make a snapshot of all that has been loaded and learned.
 *
 * Publish as often as you like: where little came since the last time, an event or a few
 * interfaces, only that is made anew, and the rest is shared with the snapshot before. Who
 * reads an older one meanwhile, in any thread, neither waits nor notices. A catalog that
 * learns from records makes each snapshot as a whole.
 *
 * @param out  A reference of the caller's; free it. It doesn't need the catalog.
 * @return OK or ERR_NOMEM. The catalog stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_publish(flowenrich_catalog *catalog,
                                                            flowenrich_snapshot **out,
                                                            flowenrich_error *error);

/**
 * Make an image of all that has been loaded and learned, to go on from later or elsewhere.
 *
 * It is flowenrich_snapshot_image()'s of what flowenrich_catalog_publish() would give, and
 * behind it, in about as many bytes again, what that is made of. So
 * flowenrich_snapshot_from_image() reads it in place, and flowenrich_catalog_load() takes it
 * like a document: then the catalog knows what this one did, and more may be loaded and learned.
 *
 * @param data  Receives the image. It belongs to the catalog, until the next call of this or
 *              flowenrich_catalog_free().
 * @param len   Receives how many bytes it has.
 * @return OK, ERR_ARG or ERR_NOMEM. The catalog stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_catalog_image(flowenrich_catalog *catalog,
                                                          const void **data, size_t *len,
                                                          flowenrich_error *error);

/**
 * Count `documents`, `facts`, `interfaces`, `addresses`, `skipped_items` (without an id, or with
 * an address that can't be read), `learned_records`, `unlearned_records` (for which there was
 * no room) and `unlearned_addresses` (records for whose own address there was none), and of events
 * `events` (that were of use), `failed_events` (calls with an error), `repeated_events` and
 * `other_events`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_catalog_stats(const flowenrich_catalog *catalog,
                                               flowenrich_stat *out, size_t n);

/** Take one more reference. From any thread. @return `snapshot`. */
FLOWENRICH_API flowenrich_snapshot *flowenrich_snapshot_ref(flowenrich_snapshot *snapshot);

/** Drop a reference. From any thread. */
FLOWENRICH_API void flowenrich_snapshot_free(flowenrich_snapshot *snapshot);

/**
 * The ids of the VPCs a snapshot has interfaces in, for messages.
 *
 * @return The VPC with number `index`, empty past the last. Lives as long as the snapshot.
 */
FLOWENRICH_API flowenrich_text flowenrich_snapshot_vpc(const flowenrich_snapshot *snapshot,
                                                       size_t index);

/**
 * The formats that logs may have which come from somewhere, by describe-flow-logs: for
 * flowenrich_parser_expect(). A pipeline asks by itself.
 *
 * @param source  Its `flow_log`, or else its `log_group` and what is known of its
 *                `interface_id`, decide.
 * @return The format with number `index`, the likeliest first, as AWS spells it; empty past
 *         the last. Lives as long as the snapshot.
 */
FLOWENRICH_API flowenrich_text flowenrich_snapshot_format(const flowenrich_snapshot *snapshot,
                                                          const flowenrich_source *source,
                                                          size_t index);

/** What is asked about. */
typedef enum flowenrich_key_kind {
    FLOWENRICH_KEY_ADDRESS = 1,  /**< `address` in `space` */
    FLOWENRICH_KEY_INTERFACE = 2 /**< `id`, an interface id */
} flowenrich_key_kind;

/**
 * One question: who was this, throughout this time, seen from there?
 *
 * `from` and `until` are the record's bounds widened by the slack, so whoever is
 * named must have held the address throughout, or nobody is to be named.
 */
typedef struct flowenrich_key {
    size_t size;    /**< sizeof(flowenrich_key). */
    uint32_t kind;  /**< A flowenrich_key_kind. */
    uint32_t space; /**< Number of the observer's address space in the snapshot; 0 = unknown. */
    uint8_t address[16];      /**< IPv4 as ::ffff:a.b.c.d. */
    flowenrich_text id;       /**< Interface id; empty for an address. */
    flowenrich_text observer; /**< Who logged it: interface id, resource-id/az-id, or attachment. */
    flowenrich_text vpc;      /**< The observer's VPC; empty if unknown. */
    flowenrich_time from, until; /**< FLOWENRICH_TIME_ABSENT if the log has no times. */
} flowenrich_key;

#define FLOWENRICH_KEY_INIT                                                                        \
    {                                                                                              \
        sizeof(flowenrich_key), FLOWENRICH_KEY_ADDRESS, 0, { 0 }, { NULL, 0 }, { NULL, 0 },        \
            { NULL, 0 }, FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT                            \
    }

/**
 * Count what a snapshot has: `interfaces`, `addresses` (and prefixes, of each VPC), `intervals`
 * (of who held them), `vpcs`, `subnets`, `ranges` (of Amazon's), `contradictions`: how often
 * two interfaces were seen with one address at a time; `flow_logs` that documents tell of,
 * `partial_flow_logs` that record only what is accepted, or refused, and `longest_window`, the
 * seconds a record of any of them covers. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_snapshot_stats(const flowenrich_snapshot *snapshot,
                                                flowenrich_stat *out, size_t n);

/**
 * Write a snapshot as an image, which flowenrich_snapshot_from_image() reads in place: to
 * load it in no time, or share it between processes.
 *
 * What was learned of who logged which packets is in it, too, some 36 bytes a record, and takes
 * its time when the image is opened. The documents aren't: nothing can be added to it, unlike to
 * one of flowenrich_catalog_image(). The same documents in the same order, with the same
 * `hash_seed`, give the same bytes. An image is for machines of the same byte order and
 * libraries that read its version: it is made from documents again, not kept in their place.
 *
 * @param buf  Receives the image. May be NULL if `cap` is 0: that asks for the size.
 * @param len  Receives how many bytes the image has.
 * @return OK, ERR_ARG, or ERR_LIMIT: `cap` is less than *len, and not 0.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_image(const flowenrich_snapshot *snapshot,
                                                           void *buf, size_t cap, size_t *len,
                                                           flowenrich_error *error);

/**
 * Make a snapshot of an image, without reading more of it than its table of contents.
 *
 * Look-ups read it in place and follow nothing beyond its end, whoever wrote it.
 *
 * @param image   At a multiple of 8, as malloc and mmap give it. It must outlive the
 *                snapshot, and stay as it is.
 * @param verify  Not 0: first check that all of its bytes are those that were written.
 * @return OK; ERR_CORRUPT (no image, or not whole); ERR_UNSUPPORTED (of another version or
 *         byte order); ERR_ARG, ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_from_image(flowenrich_snapshot **out,
                                                                const void *image, size_t len,
                                                                int32_t verify,
                                                                const flowenrich_options *options,
                                                                flowenrich_error *error);

/**
 * Look up who addresses or interfaces were, as the ends of records are named.
 *
 * Of a key count `kind`, `address` or `id`, `from` and `until`, and for addresses
 * `space`, or else `vpc`: as seen from there. A private address without either
 * is looked for in the only VPC that may have it. Where the times are absent, at
 * any time.
 *
 * @param keys  All of the same `size`, each from FLOWENRICH_KEY_INIT.
 * @param out   Cleared, then filled with a row a key. Columns: `address`; `since` and
 *              `until`, when the owner was first and last seen with the address;
 *              `rival`, another interface that may have held it; and what an end of
 *              a record has, without a prefix: `type`, `interface_id`, `arns`,
 *              `vpc_id`, `tags`, `tags.app`, `by`, `sure`, `reason`… It keeps a
 *              reference to the snapshot until it is cleared.
 * @return OK, ERR_ARG (a key, or more of them than the batch holds rows), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_lookup(flowenrich_snapshot *snapshot,
                                                            const flowenrich_key *keys, size_t n,
                                                            flowenrich_batch *out,
                                                            flowenrich_error *error);

/**
 * Everybody who ever held an address, or a prefix over it: a row an interval.
 *
 * Besides the columns of flowenrich_snapshot_lookup() there is `gone`: when the owner was next
 * known to be without it. Where that is absent nobody says that it isn't there any more.
 *
 * @param key     An address. Without `space` and `vpc`: in all VPCs. Its times don't count.
 *                NULL: all addresses, and prefixes by their first one, of all VPCs.
 * @param cursor  0 at first; moved past what was told. Call until no row comes.
 * @param out     Cleared, then filled up to its capacity, as by
 *                flowenrich_snapshot_lookup(): by VPC, longest prefix first, then by time;
 *                of all addresses, each one's intervals together.
 *                What the owner was is told as of the interval.
 * @return OK, ERR_ARG or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_history(flowenrich_snapshot *snapshot,
                                                             const flowenrich_key *key,
                                                             uint64_t *cursor,
                                                             flowenrich_batch *out,
                                                             flowenrich_error *error);

/* -------------------------------------------------------------------- pair */

/**
 * Makes conversations of records: both directions of one exchange, once, however many
 * observers logged it.
 *
 * Records go in, rows come out when they are due:
 *
 *     flowenrich_pairer_pair(pairer, records, &error);
 *     do
 *         flowenrich_pairer_take(pairer, rows, &error);   (then enrich them, encode them...)
 *     while (flowenrich_batch_rows(rows) > 0);
 *     flowenrich_pairer_advance(pairer, now, &error);
 *     (take them again)
 *
 * A row says what came since the conversation's last row (`id`, `sequence`, `final`): to
 * have the whole, add them up. What rows came out of the same records and the same calls
 * of flowenrich_pairer_advance() depends neither on how the records were cut into batches
 * nor on the hash seed.
 */
typedef struct flowenrich_pairer flowenrich_pairer;

typedef struct flowenrich_pairer_options {
    size_t size; /**< sizeof(flowenrich_pairer_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    const char *config; /**< A configuration whose `listeners:` are added to the built-in table. */
    size_t config_len;
    /** About what conversations and what they refer to may take. When it is full, those that
     *  were idle longest are let go as they are, and are counted (`evicted`). What waits to be
     *  taken comes on top. 0 = 1 GiB. */
    uint64_t max_bytes;
    uint32_t active_timeout; /**< Seconds of a conversation that a row covers. 0 = 1800. */
    /** Seconds without a record after which it is over. 0 = twice the longest record, the slack,
     *  and 10 minutes, since files hold records in any order. */
    uint32_t idle_timeout;
    /** Seconds for which it is kept then: a record that comes so late makes one more row of
     *  it, which says `late`. Later, it is a new conversation marked `late`. 0 = the longest
     *  record, and 15 minutes. */
    uint32_t lateness;
    int32_t slack; /**< Seconds that start and end may be late. 0 = 60, -1 = none. */
    /** Two ends that counted packets farther apart are marked `meter_mismatch`. 0 = 20. */
    uint32_t mismatch_percent;
} flowenrich_pairer_options;

#define FLOWENRICH_PAIRER_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(flowenrich_pairer_options), NULL, 0, NULL, 0, 0, 0, 0, 0, 0, 0                      \
    }

/** @return OK, ERR_SYNTAX (the configuration), ERR_ARG, ERR_NOMEM, ERR_UNSUPPORTED. */
FLOWENRICH_API flowenrich_status flowenrich_pairer_new(flowenrich_pairer **out,
                                                       const flowenrich_pairer_options *options,
                                                       flowenrich_error *error);
FLOWENRICH_API void flowenrich_pairer_free(flowenrich_pairer *pairer);

/**
 * Use `snapshot` from the next record on; takes a reference of its own. NULL = none.
 *
 * It tells in which VPCs observers are, and which addresses lie in those, so that two
 * networks with the same addresses aren't taken for one. Ends aren't named here:
 * flowenrich_enricher_enrich() names those of the rows.
 *
 * @return OK, ERR_ARG, or ERR_NOMEM: the pairer may only be freed then.
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_set_snapshot(flowenrich_pairer *pairer,
                                                                flowenrich_snapshot *snapshot,
                                                                flowenrich_error *error);

/**
 * Add records to their conversations.
 *
 * Rows without traffic only tell what is missing; those without addresses or times are
 * counted and passed over.
 *
 * @param records  As they were parsed; enriched or not.
 * @return OK; ERR_ARG (rows are due, or these are conversations): nothing was done;
 *         ERR_NOMEM: the pairer may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_pair(flowenrich_pairer *pairer,
                                                        const flowenrich_batch *records,
                                                        flowenrich_error *error);

/**
 * Say until when all records have come, but for late ones: what is over by then, or has
 * lasted as long as a row covers, is due.
 *
 * @param watermark  In the time of the records. FLOWENRICH_TIME_END: nothing more comes;
 *                   all is due, and nothing is kept. One before the last does nothing.
 * @return as flowenrich_pairer_pair().
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_advance(flowenrich_pairer *pairer,
                                                           flowenrich_time watermark,
                                                           flowenrich_error *error);

/**
 * Take the rows that are due, in the order in which they were.
 *
 * docs/output.md describes their columns. Bytes of a direction are the largest total of
 * any one observer, so never above the truth; a direction that nobody logged is absent.
 * Where a later record shows that the client is the other end, a row with `reversal` takes
 * back what rows before it said, and the next one says all of it again.
 *
 * @param out  Cleared, then filled up to its capacity. No rows: none are due.
 * @return OK, ERR_ARG, or ERR_NOMEM: the pairer may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_take(flowenrich_pairer *pairer,
                                                        flowenrich_batch *out,
                                                        flowenrich_error *error);

/**
 * Count since the pairer was made: `records`, `records_without_address`,
 * `records_without_time`, `duplicate_records` (that another object had, too, or the same one on
 * the same line, among the last 1.5 million at 1 GiB of `max_bytes`), `duplicate_messages` (of a
 * pipeline, with the identity of one of the last 32,768), `conversations`, `rows`,
 * `reversals`, `evicted`, `late_records`, `late_conversations`, `reused` (tuples, too soon to be
 * told apart), `ambiguous` (that could have been joined to more than one), `other_space` (of a
 * tuple that another VPC has, too), `overlapping_records` (of a second flow log, or of an object
 * that is delivered again), `uncounted_records` (of too many observers at once; without packet
 * addresses where another log of the observer has them; of a time that was told of an evicted
 * one), `joined_legs` (sides of load balancers and of gateways that were joined to the other
 * side), `joined_outside_legs` (of these, what NAT gateways said under their own address),
 * `refused_observers` (records without room for their observer); and what there is now,
 * `open` and `bytes`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_pairer_stats(const flowenrich_pairer *pairer, flowenrich_stat *out,
                                              size_t n);

/* ------------------------------------------------------------------ enrich */

/** What a resolver fills in for one key. */
typedef struct flowenrich_answer flowenrich_answer;

/** How sure an answer is. */
typedef enum flowenrich_sure {
    FLOWENRICH_SURE_ASSUMED = 1, /**< Before the first or after the last sighting. */
    FLOWENRICH_SURE_SIGHTED = 2, /**< Between two sightings of one owner. The default. */
    FLOWENRICH_SURE_EXACT = 3    /**< An event, or the record's own interface. */
} flowenrich_sure;

/**
 * Say what the owner is: `type`, `arns`, `interface_id`, `subnet_id`, `vpc_id`,
 * `account_id`, `security_group_ids`, `availability_zone`,
 * `availability_zone_id`, `region`, `aws_service`, `network`, `tags.KEY`.
 *
 * Replaces what was said of `path` before; `arns` and `security_group_ids` get
 * one more value instead.
 *
 * @param value  Copied. Empty is ignored.
 * @return OK, ERR_ARG (no such path) or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_answer_set(flowenrich_answer *answer, const char *path,
                                                       const char *value, size_t len);

/** Say how sure. */
FLOWENRICH_API void flowenrich_answer_sure(flowenrich_answer *answer, flowenrich_sure sure);

/**
 * Say that the end is reached through an interface, which doesn't own it: a pod through its
 * node.
 *
 * @return OK, ERR_ARG (empty) or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_answer_behind(flowenrich_answer *answer,
                                                          const char *interface_id, size_t len);

/**
 * Say how long the answer holds, or that there is none: what is asked about a time from
 * `from` to `until` has the same one. flowenrich_resolver_cached() doesn't ask again then.
 *
 * @param until  FLOWENRICH_TIME_END: for good. Before `from`, nothing is said.
 */
FLOWENRICH_API void flowenrich_answer_hold(flowenrich_answer *answer, flowenrich_time from,
                                           flowenrich_time until);

/**
 * Say that the owner can't be named, and that nobody else is to be asked.
 *
 * @param reason  As in docs/output.md, or one of your own. Copied.
 */
FLOWENRICH_API flowenrich_status flowenrich_answer_refuse(flowenrich_answer *answer,
                                                          const char *reason, size_t len);

/**
 * A source of identities. Fill one in and hand it to an enricher, which then
 * owns it and calls `destroy` exactly once, also if handing it over fails.
 * examples/redis and examples/maxmind are two.
 *
 * `resolve` gets the distinct questions of one batch that the snapshot left
 * open, never a single record: a resolver behind a language border pays for the
 * crossing once. It fills in answers[i] with the functions above or leaves it
 * alone ("not mine, go on"). It must not call back into the object that calls it.
 *
 * `keys` and `answers` are there until it returns, on the thread of the call that needs
 * names. What it returns but OK ends that call with ERR_RESOLVER and the message it left in
 * `error`, or with ERR_NOMEM if it was that.
 */
typedef struct flowenrich_resolver {
    size_t size;      /**< sizeof(flowenrich_resolver). */
    void *ctx;        /**< Passed back untouched. */
    const char *name; /**< What `By` says. Copied. */
    flowenrich_status (*resolve)(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error);
    void (*destroy)(void *ctx); /**< May be NULL. */
} flowenrich_resolver;

/**
 * The resolver of named networks: the `networks:` of a configuration.
 *
 *     version: 1
 *     networks:
 *       - {cidr: 192.0.2.0/24, name: office, vpc: vpc-0a1b, tags: {site: hq}}
 *
 * The most specific network that holds the address answers; `vpc` confines one
 * to what that VPC's observers see.
 *
 * @param out   Filled in; hand it to flowenrich_enricher_add_resolver().
 * @param yaml  A configuration; its other sections are checked, not used.
 * @return OK, ERR_SYNTAX with line and column, ERR_NOMEM, ERR_UNSUPPORTED
 *         (built without libyaml).
 */
FLOWENRICH_API flowenrich_status flowenrich_resolver_networks(flowenrich_resolver *out,
                                                              const char *yaml, size_t len,
                                                              const flowenrich_options *options,
                                                              flowenrich_error *error);

typedef struct flowenrich_cache_options {
    size_t size; /**< sizeof(flowenrich_cache_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    uint64_t max_bytes; /**< What it may hold; what wasn't asked for longest goes. 0 = 64 MiB. */
    /** Seconds of the records' time, before and after what was asked about, for which an answer
     *  holds that doesn't say so itself; -1 = it isn't kept. 0 = 300. */
    int32_t ttl;
    int32_t negative_ttl; /**< The same of questions that were left open or refused. 0 = 60. */
} flowenrich_cache_options;

#define FLOWENRICH_CACHE_OPTIONS_INIT                                                              \
    {                                                                                              \
        sizeof(flowenrich_cache_options), NULL, 0, 0, 0, 0                                         \
    }

/**
 * A cache before a slow resolver: it is asked once for as long as an answer holds.
 *
 * The time that counts is that of the records, so the output is the same whenever
 * they are read. An answer is that of an address or interface in a VPC; if it also
 * depends on the observer, don't cache it.
 *
 * @param out    Filled in; hand it to flowenrich_enricher_add_resolver(). It has the
 *               name of `inner`.
 * @param inner  Taken over, also if this fails.
 * @return OK, ERR_ARG or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_resolver_cached(flowenrich_resolver *out,
                                                            const flowenrich_resolver *inner,
                                                            const flowenrich_cache_options *options,
                                                            flowenrich_error *error);

/**
 * Count since the cache was made: `hits`, `misses` (questions that `inner` got), `dropped`
 * (questions, to make room), `bytes` that it holds. See flowenrich_parser_stats().
 *
 * @param cached  As flowenrich_resolver_cached() filled it in; it must not be destroyed yet.
 */
FLOWENRICH_API size_t flowenrich_resolver_cached_stats(const flowenrich_resolver *cached,
                                                       flowenrich_stat *out, size_t n);

/** Names both ends of records and conversations. */
typedef struct flowenrich_enricher flowenrich_enricher;

typedef struct flowenrich_enricher_options {
    size_t size; /**< sizeof(flowenrich_enricher_options). */
    /** Batches point to answers that the enricher keeps for later ones, up to some 7 MiB, until
     *  they are cleared: so it must live as long as they do, and bear the thread they are on. */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    const char *config; /**< A configuration whose `listeners:` are added to the built-in table. */
    size_t config_len;
    int32_t slack;      /**< Seconds that start and end may be late. 0 = 60, -1 = none. */
    uint32_t strict;    /**< Not 0: what is only assumed is not named. */
    int64_t hold;       /**< Seconds that flowenrich_enricher_hold() keeps a record after its end.
                          0 = the longest that a record covered so far, and 15 minutes. */
    uint64_t max_bytes; /**< What held records and what is learned from them may take. 0 = 1 GiB. */
} flowenrich_enricher_options;

#define FLOWENRICH_ENRICHER_OPTIONS_INIT                                                           \
    {                                                                                              \
        sizeof(flowenrich_enricher_options), NULL, 0, NULL, 0, 0, 0, 0, 0                          \
    }

FLOWENRICH_API flowenrich_status flowenrich_enricher_new(flowenrich_enricher **out,
                                                         const flowenrich_enricher_options *options,
                                                         flowenrich_error *error);
FLOWENRICH_API void flowenrich_enricher_free(flowenrich_enricher *enricher);

/** Use `snapshot` from the next batch on; takes a reference of its own. NULL = none. */
FLOWENRICH_API flowenrich_status flowenrich_enricher_set_snapshot(flowenrich_enricher *enricher,
                                                                  flowenrich_snapshot *snapshot,
                                                                  flowenrich_error *error);

/** Ask `resolver` what the snapshot and the resolvers before it left open. Takes it over, also
 *  if this fails. */
FLOWENRICH_API flowenrich_status flowenrich_enricher_add_resolver(
    flowenrich_enricher *enricher, const flowenrich_resolver *resolver, flowenrich_error *error);

/**
 * Name both ends of every record with traffic, or of every conversation.
 *
 * Adds to the batch, in place, what docs/output.md describes: `client.*`,
 * `server.*`, `uploaded`, `downloaded`, `direction.by`, `direction.confidence`,
 * `scope`, `path`, `observer`, `verdict`. Rows that are no traffic (NODATA,
 * SKIPDATA) have none of these.
 *
 * @return OK, ERR_NOMEM, ERR_RESOLVER (a resolver failed; `error` is its own).
 *         After a failure the batch can be cleared and used again.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_enrich(flowenrich_enricher *enricher,
                                                            flowenrich_batch *batch,
                                                            flowenrich_error *error);

/**
 * Keep records until the other end's record of the same packets may have come, and learn
 * from them meanwhile: what two passes do for files, for a stream that passes once.
 *
 * An end that logged the packets itself is then named by its own record, whatever became
 * of its address. A record is due once the newest one ended so much later, `hold` of the
 * options, or advance() says that it is as late as that. Take what is due after each call:
 *
 *     for (row = 0; row < flowenrich_batch_rows(records);) {
 *         flowenrich_enricher_hold(enricher, records, &row, &error);
 *         while (flowenrich_enricher_take(enricher, out, &error) == FLOWENRICH_OK &&
 *                flowenrich_batch_rows(out) > 0) {
 *             ...
 *             flowenrich_batch_clear(out);
 *         }
 *     }
 *
 * Over `max_bytes` the oldest are due before their time, which costs names and is counted
 * as `hurried`. What was learned is forgotten once no record that is in time can need it.
 * Records without times wait for nobody, but stay in line. Nor is one waited for, or learned
 * from, that ended more than a day after all before: it is counted as `ahead`, and the time
 * moves on as soon as the next one of another window confirms it.
 *
 * @param records  As they were parsed. They are copied.
 * @param row      The first row to take in, 0 for a new batch; receives that of the next
 *                 call: fewer than all are taken in where some become due.
 * @return OK, ERR_ARG, or ERR_NOMEM: the enricher can only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_hold(flowenrich_enricher *enricher,
                                                          const flowenrich_batch *records,
                                                          size_t *row, flowenrich_error *error);

/**
 * Say how late it is, in the time of the records: for when none come. Then take().
 *
 * @param now  Seconds since 1970. Less than before changes nothing.
 *             FLOWENRICH_TIME_END: all that is held is due, as at the end of a stream.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_advance(flowenrich_enricher *enricher,
                                                             flowenrich_time now,
                                                             flowenrich_error *error);

/**
 * Take records that are due, enriched, in the order they came.
 *
 * @param out  Without rows; filled up to its capacity. None: nothing is due.
 * @return As flowenrich_enricher_enrich(); ERR_ARG if `out` has rows.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_take(flowenrich_enricher *enricher,
                                                          flowenrich_batch *out,
                                                          flowenrich_error *error);

/**
 * Say in English why the ends of a row are named as they are, and why that one
 * is the client.
 *
 * @param batch  As it came from flowenrich_enricher_enrich().
 * @param buf    Receives at most `cap` bytes, lines ending in newlines. May be
 *               NULL if `cap` is 0.
 * @param len    Receives how many bytes the whole explanation has.
 * @return OK, ERR_ARG (no such row, not enriched), ERR_LIMIT (`cap` is less than
 *         *len), ERR_NOMEM. The enricher stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_explain(flowenrich_enricher *enricher,
                                                             flowenrich_batch *batch, size_t row,
                                                             char *buf, size_t cap, size_t *len,
                                                             flowenrich_error *error);

/**
 * Count since the enricher was made: `records`, `ends`, `named_…` by what,
 * `sure_…`, `unnamed_…` by reason, `internet` (ends that are public addresses
 * of nobody here), `waited` (records that were held), `held` (that still are), `hurried` (that
 * were let go before their time, for want of room) and `ahead` (that ended more than a day
 * after all before). See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_enricher_stats(const flowenrich_enricher *enricher,
                                                flowenrich_stat *out, size_t n);

/* ------------------------------------------------------------------ charge */

/**
 * What bytes cost: rates by region and day, and the rules who is charged for what.
 *
 * AWS's own rates are built in, as far as there is a source for them (data/rates).
 * docs/costs.md says which, how they are applied, and what can't be known.
 */
typedef struct flowenrich_tariff flowenrich_tariff;

/**
 * Make a tariff.
 *
 * @param rates  A document as for flowenrich_tariff_load(). May be NULL if `len` is 0: what
 *               is built in.
 * @return as flowenrich_tariff_load(), or ERR_ARG.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_new(flowenrich_tariff **out, const char *rates,
                                                       size_t len,
                                                       const flowenrich_options *options,
                                                       flowenrich_error *error);
FLOWENRICH_API void flowenrich_tariff_free(flowenrich_tariff *tariff);

/**
 * Load rates, which go before those that are there.
 *
 * Either YAML in the shape of data/rates/aws.yaml, which may also change the unit (GB
 * or GiB), the month's usage before, who is charged for which kind of resource, and
 * which services are free; or a price list file of AWS's (the offers of AmazonEC2,
 * AmazonVPC and AWSDataTransfer, as JSON).
 *
 * @return OK; ERR_SYNTAX, with line and column of YAML; ERR_UNSUPPORTED (YAML, in a library
 *         without libyaml); ERR_ARG; ERR_NOMEM. The tariff is as it was after a failure.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_load(flowenrich_tariff *tariff,
                                                        const char *rates, size_t len,
                                                        flowenrich_error *error);

/**
 * Say what the bytes of conversations cost.
 *
 * Adds lines to each row, as parallel lists: `charges.meter`, `.payer` (account; empty if it
 * isn't known), `.region`, `.currency`, `.rate` (the source of the price and since when it
 * holds), `.bytes`, `.price` (nano-units of the currency for `.unit` bytes) and `.amount` =
 * bytes x price / unit in nano-units, rounded down. To add up lines without adding up what
 * was cut off, add up their bytes: flowenrich_aggregator_add() does.
 *
 * What couldn't be costed is in `uncosted_bytes`, and why in `uncosted`. Bytes that were
 * refused have neither. A row's amounts depend on that row alone, so a reversal has those
 * of the rows that it takes back.
 *
 * @param batch  Conversations whose ends are named.
 * @return OK; ERR_ARG (rows of another kind); ERR_NOMEM: the batch can only be cleared.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_charge(const flowenrich_tariff *tariff,
                                                          flowenrich_batch *batch,
                                                          flowenrich_error *error);

/**
 * What the bytes of one month cost in a region, tier by tier, behind the usage before.
 *
 * Lines are charged by the tier that the usage before has reached, whatever came between:
 * who of many conversations got the cheaper gigabytes is nobody's doing. This is for their
 * sum.
 *
 * @param meter      "internet", as `charges.meter` has it.
 * @param region     "us-east-1": the sender's.
 * @param at         By the rates of then. FLOWENRICH_TIME_END: by the last.
 * @param free_bytes In: of the month's free bytes, which are shared by all regions, how
 *                   many are left at most: UINT64_MAX at first. Out: how many are left.
 * @param amount     Receives nano-units of the currency.
 * @return OK; ERR_ARG: no such meter, or it has no rate there at that time.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_month(const flowenrich_tariff *tariff,
                                                         const char *meter, const char *region,
                                                         flowenrich_time at, uint64_t bytes,
                                                         uint64_t *free_bytes, uint64_t *amount,
                                                         flowenrich_error *error);

/* --------------------------------------------------------------- aggregate */

/**
 * Sums records, conversations, or what these are charged, by any paths: groups.
 *
 * Without windows, add batches, then take the groups out. With windows, say how far time
 * has gone on: flowenrich_aggregator_advance(), then take what is due. Sums merge: of
 * several threads, processes or machines (flowenrich_aggregator_merge(), _save(), _load()).
 * As long as memory holds all groups, what comes out is the same, byte for byte, however
 * the rows were cut, ordered and divided. docs/groups.md has more on all of it.
 *
 * Without memory (ERR_NOMEM) flowenrich_aggregator_advance() and _save() may be called again;
 * after any other call the aggregator may only be freed, as a row may be half added.
 */
typedef struct flowenrich_aggregator flowenrich_aggregator;

typedef struct flowenrich_aggregator_options {
    size_t size; /**< sizeof(flowenrich_aggregator_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    /** Paths; rows with equal values are one group. `client.addr/24` is the network of that
     *  length, "10.0.1.0/24". None: all rows are one group. Copied. */
    const char *const *by;
    size_t by_count;
    /** What to tell of each group, in order: names below, and `distinct(PATH)` (how many
     *  values, about), `p50(PATH)` to `p99.9(PATH)` (quantiles of a number, about; of
     *  `duration` the seconds), `top(PATH)` or `top10(PATH)` (values with most bytes);
     *  their columns are `distinct.PATH`, `p99_9.PATH`, `top.PATH` and `top_bytes.PATH`. NULL =
     *  of records `records`, `packets`, `bytes`, `rejects`, `first`, `last`; of conversations
     *  `conversations`, `records`, `uploaded`, `downloaded`, `uploaded_packets`,
     *  `downloaded_packets`, `packets`, `bytes`, `rejects`, `amount`, `uncosted_bytes`,
     *  `first`, `last`; of lines of charges `bytes` and `amount`. Copied. */
    const char *const *measures;
    size_t measure_count;
    const char *where; /**< Which rows count: an expression (docs/filter.md). NULL = all. */
    size_t where_len;
    /** What groups may hold. What doesn't fit goes to the group `other`, smallest first, and
     *  each group says how much of it may be there (`error`). 0 = 256 MiB. */
    uint64_t max_bytes;
    uint32_t window;   /**< Seconds of a window. 0 = all of time is one. */
    uint32_t slide;    /**< Seconds from one's start to the next's; divides it. 0 = `window`. */
    uint32_t lateness; /**< Seconds for which a window takes more after the watermark passed its
                        *   end. 0 = 15 minutes and as long as the longest record so far. */
    uint32_t spread;   /**< 0: a row belongs to the window of its start. 1: bytes, packets and
                        *   amounts are spread evenly over its time; they still add up exactly. */
} flowenrich_aggregator_options;

#define FLOWENRICH_AGGREGATOR_OPTIONS_INIT                                                         \
    {                                                                                              \
        sizeof(flowenrich_aggregator_options), NULL, 0, NULL, 0, NULL, 0, NULL, 0, 0, 0, 0, 0, 0   \
    }

/**
 * @return OK, ERR_ARG (a path or measure twice, or what isn't one; windows that don't divide),
 *         ERR_SYNTAX (`where`), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status
flowenrich_aggregator_new(flowenrich_aggregator **out, const flowenrich_aggregator_options *options,
                          flowenrich_error *error);
FLOWENRICH_API void flowenrich_aggregator_free(flowenrich_aggregator *aggregator);

/**
 * Add the rows of a batch that are traffic. A path the batch lacks is an absent
 * value, which is a group of its own. What a reversal takes back is taken out.
 *
 * If a path is of a conversation's charges (`charges.meter`), each line of a row is
 * counted by itself, in the group of its own meter.
 *
 * @return OK; ERR_ARG (rows are due; a path has another type than in batches before, or
 *         these were records and now conversations): nothing was added; ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_add(flowenrich_aggregator *aggregator,
                                                           flowenrich_batch *batch,
                                                           flowenrich_error *error);

/**
 * Say until when all rows have come, but for late ones: windows that end `lateness` before
 * are due, and so are rows that came too late for their windows.
 *
 * @param watermark  In the time of the records: the least of all sources. One before the last
 *                   does nothing. FLOWENRICH_TIME_END: nothing more comes, all is due; what is
 *                   added after that was taken is another stream.
 * @return OK, ERR_ARG (rows are due), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_advance(flowenrich_aggregator *aggregator,
                                                               flowenrich_time watermark,
                                                               flowenrich_error *error);

/**
 * Take the groups out that are due: by windows, then what costs most first, then with most
 * bytes, then by keys; `other` comes last. Without windows, all are due at the first call.
 * Call again until no row comes; then what came out is forgotten.
 *
 * Columns: with windows `window.start`, `window.end`, `sequence` and `late`: a window's
 * groups come once with sequence 0; what comes late for it has `late` and a higher
 * sequence, and is to be added. Of conversations and their charges `reversal`, too: true in a
 * row that is to be taken out, since rows of another window took it back. Then the paths;
 * `other`, true in the one row of a window for what didn't fit, which has no keys, and absent
 * in all others; the measures (`amount` in nano-units, cut off once for a group); and
 * `error`: as many bytes of this group, at most, are in `other`; 0 = it is exact.
 *
 * @param out  Cleared, then filled up to its capacity.
 * @return OK, ERR_ARG, ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_take(flowenrich_aggregator *aggregator,
                                                            flowenrich_batch *out,
                                                            flowenrich_error *error);

/**
 * Add all that another aggregator holds, which has the same options but for seed, allocator,
 * `max_bytes` and `lateness`.
 *
 * @param from  Left as it is. On the same thread, or on none, during the call.
 * @return OK; ERR_ARG (the options differ, or rows are due in one): nothing was added;
 *         ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_merge(flowenrich_aggregator *into,
                                                             const flowenrich_aggregator *from,
                                                             flowenrich_error *error);

/**
 * Write all that an aggregator holds as bytes, for another one on any machine.
 *
 * @param buf  Receives at most `cap` bytes. May be NULL if `cap` is 0.
 * @param len  Receives how many were written. On ERR_LIMIT, how many are needed.
 * @return OK, ERR_LIMIT, ERR_ARG (rows are due), ERR_NOMEM. The aggregator stays usable.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_save(const flowenrich_aggregator *aggregator,
                                                            void *buf, size_t cap, size_t *len,
                                                            flowenrich_error *error);

/**
 * Add what another aggregator saved: flowenrich_aggregator_merge() with it.
 *
 * @return OK; ERR_CORRUPT (no such bytes, or damaged), ERR_UNSUPPORTED (of a later version),
 *         ERR_ARG (as in _merge()): nothing was added; ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_load(flowenrich_aggregator *into,
                                                            const void *state, size_t len,
                                                            flowenrich_error *error);

/**
 * Count since the aggregator was made: `overflows`, sums that are the most they can be, and
 * `underflows`, reversals that took more than was there, and left 0; `rows` that were added,
 * `groups` that came out, `evicted` (groups that went to `other`), `too_late` (rows that came
 * after their window), `unspread` (rows over too long a time to be spread); and what there is
 * now: `held` (groups) and `bytes`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_aggregator_stats(const flowenrich_aggregator *aggregator,
                                                  flowenrich_stat *out, size_t n);

/* ------------------------------------------------------------------- watch */

/**
 * Watches groups, window by window: what is far from a group's own past, and who talks to
 * whom though nothing allows it. What comes out are alarms, as rows.
 *
 * The past of a group is bounded (`max_bytes`): where there is no room, spikes of further groups
 * aren't seen (`untracked`), and unexpected groups are told again and again.
 */
typedef struct flowenrich_watcher flowenrich_watcher;

typedef struct flowenrich_watcher_options {
    size_t size; /**< sizeof(flowenrich_watcher_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    /** YAML (docs/watch.md); NULL = spikes of `rejects`, of each group.
     *
     *      spikes: [{measure: bytes, minimum: 1GB, windows: 24, warmup: 6, times: 8}]
     *      edges:
     *        where: server.tags.tier == "database"
     *        allow:
     *          - client.tags.app == "orders" and server.tags.app == "orders-db"
     */
    const char *policy;
    size_t policy_len;
    const char *const *by; /**< What the groups are by, as the aggregator has it. Copied. */
    size_t by_count;
    uint64_t max_bytes; /**< What the past of groups may hold. 0 = 64 MiB. */
    uint32_t slide;     /**< As the aggregator has it. */
} flowenrich_watcher_options;

#define FLOWENRICH_WATCHER_OPTIONS_INIT                                                            \
    {                                                                                              \
        sizeof(flowenrich_watcher_options), NULL, 0, NULL, 0, NULL, 0, 0, 0                        \
    }

/** @return OK, ERR_ARG, ERR_SYNTAX (`policy`, with line and column), ERR_NOMEM, ERR_UNSUPPORTED. */
FLOWENRICH_API flowenrich_status flowenrich_watcher_new(flowenrich_watcher **out,
                                                        const flowenrich_watcher_options *options,
                                                        flowenrich_error *error);
FLOWENRICH_API void flowenrich_watcher_free(flowenrich_watcher *watcher);

/**
 * Look at groups that an aggregator with windows gave out, in the order it gave them.
 *
 * An alarm has `alarm.kind` (`spike` or `unexpected`), of a spike also `alarm.rule`,
 * `alarm.measure`, `alarm.value`, `alarm.usual` (the median of the windows before) and
 * `alarm.limit` (what was still usual); then all columns of the group. Alarms are in the order of
 * the groups. What comes late is added to its window, as far as that is remembered.
 *
 * @param row     Where to begin; moved past what was looked at. Less than the rows of `groups`:
 *                take the alarms and call again.
 * @param alarms  Cleared, then filled up to its capacity, which is that of one for each rule of
 *                the policy at least.
 * @return OK; ERR_ARG (groups without windows, or of another length than before, or without
 *         a measure or path of the policy's); ERR_NOMEM: the watcher may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_watcher_watch(flowenrich_watcher *watcher,
                                                          const flowenrich_batch *groups,
                                                          size_t *row, flowenrich_batch *alarms,
                                                          flowenrich_error *error);

/**
 * Count since the watcher was made: `rows` that were looked at, `spikes` and `unexpected` that
 * were told, `repeated` (alarms of a group that was told of not long ago), `untracked` (groups
 * there was no room for), `too_late` (windows that were forgotten); and what there is now: `held`
 * (groups) and `bytes`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_watcher_stats(const flowenrich_watcher *watcher,
                                               flowenrich_stat *out, size_t n);

/* ------------------------------------------------------------------ encode */

/** Turns batches into bytes. */
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

/* ---------------------------------------------------------------- pipeline */

/**
 * All stages in one object, made from a configuration: bytes in, bytes out.
 *
 * What most programs that embed this library need, and what its bindings and
 * plugins are made of:
 *
 *     flowenrich_pipeline_new(&pipeline, yaml, yaml_len, NULL, &error);
 *     flowenrich_pipeline_load(pipeline, inventory, inventory_len, NULL, NULL, &error);
 *     for each file: {
 *         flowenrich_pipeline_begin(pipeline, &source, &error);
 *         for each piece of it: while (len > 0) {
 *             flowenrich_pipeline_feed(pipeline, data, len, &used, &error);
 *             write(flowenrich_pipeline_output(pipeline));
 *             data += used, len -= used;
 *         }
 *         do {
 *             flowenrich_pipeline_end(pipeline, &done, &error);
 *             write(flowenrich_pipeline_output(pipeline));
 *         } while (!done);
 *     }
 *     do {
 *         flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error);
 *         write(flowenrich_pipeline_output(pipeline));
 *     } while (!done);
 *
 * The output is the same however the input is cut. A pipeline holds the rows of
 * one batch, their output, and the bytes of one payload that isn't plain text; with
 * `hold:` the rows that wait for others, and at level `conversation` the conversations
 * that aren't over. The `limits:` of its configuration bound each.
 *
 * Pipelines know nothing of each other. Many may share a snapshot.
 */
typedef struct flowenrich_pipeline flowenrich_pipeline;

/**
 * Make a pipeline.
 *
 *     version: 1
 *     formats: ["${version} ${account-id} ..."]  # of text without a header
 *     filter: {action: ACCEPT, server.port: [443, 5432]}
 *     fields: [start, client.tags.app, server.arns, bytes]
 *     encoder: json-flat
 *
 * docs/pipeline.md tells all keys and their defaults, and so does
 * docs/schema/pipeline.schema.json. Of several YAML documents, parted by `---`,
 * the keys of a later one replace those of the ones before it.
 *
 * @param yaml  `len` bytes; may be NULL if `len` is 0: all defaults.
 * @return OK; ERR_SYNTAX with line and column: an unknown key (the message names
 *         the nearest one), a value that isn't one of its key's, a path nobody has; of
 *         an expression (docs/filter.md) `offset` is that in its text;
 *         ERR_ARG, ERR_NOMEM, ERR_UNSUPPORTED (built without libyaml).
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_new(flowenrich_pipeline **out,
                                                         const char *yaml, size_t len,
                                                         const flowenrich_options *options,
                                                         flowenrich_error *error);
FLOWENRICH_API void flowenrich_pipeline_free(flowenrich_pipeline *pipeline);

/**
 * Load what an AWS tool printed into the pipeline's own catalog.
 *
 * As flowenrich_catalog_load(), with its parameters and failures, after which the
 * pipeline is as before. What was loaded counts from the next batch on.
 *
 * @return also ERR_ARG if the configuration says `enrich: false`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_load(flowenrich_pipeline *pipeline,
                                                          const void *data, size_t len,
                                                          const flowenrich_document *document,
                                                          flowenrich_time *dated,
                                                          flowenrich_error *error);

/**
 * Load rates, which count from the next batch on: as flowenrich_tariff_load().
 *
 * @return also ERR_ARG if the configuration has neither `charge: true` nor `rates:`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_load_rates(flowenrich_pipeline *pipeline,
                                                                const char *rates, size_t len,
                                                                flowenrich_error *error);

/** @return What it charges by; the pipeline's, and NULL if it doesn't. */
FLOWENRICH_API const flowenrich_tariff *
flowenrich_pipeline_tariff(const flowenrich_pipeline *pipeline);

/**
 * Learn from inputs instead of making output of them: the first of two passes, as
 * flowenrich_catalog_learn(). What was learned counts from the next batch on, beside what
 * was loaded. Read the logs once while it is on, turn it off, and read them again.
 *
 * @param on  Not 0: inputs that begin from now on are only learned from, all of their
 *            records, whatever the configuration chooses. Bad lines are told and counted.
 * @return OK; ERR_ARG while an input is under way, or if the configuration says
 *         `enrich: false`; ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_set_learning(flowenrich_pipeline *pipeline,
                                                                  int32_t on,
                                                                  flowenrich_error *error);

/**
 * Use `snapshot` from the next batch on, also while an input is under way; takes a
 * reference of its own. NULL = none. It stands in the place of what was loaded
 * with flowenrich_pipeline_load(), until that is called again.
 *
 * @return OK, ERR_NOMEM, or ERR_ARG: the configuration says `enrich: false`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_set_snapshot(flowenrich_pipeline *pipeline,
                                                                  flowenrich_snapshot *snapshot,
                                                                  flowenrich_error *error);

/**
 * Make a snapshot of all that was loaded into the pipeline, and use it.
 *
 * For other pipelines, which then need not load the same documents. Without this,
 * one is made when rows need it.
 *
 * @param out  A reference of the caller's; free it.
 * @return as flowenrich_catalog_publish(), or ERR_ARG: the configuration says
 *         `enrich: false`.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_publish(flowenrich_pipeline *pipeline,
                                                             flowenrich_snapshot **out,
                                                             flowenrich_error *error);

/**
 * Make an image of all that was loaded into the pipeline, and that it learned.
 *
 * @return as flowenrich_catalog_image(), whose parameters these are, or ERR_ARG: the
 *         configuration says `enrich: false`. The image belongs to the pipeline.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_image(flowenrich_pipeline *pipeline,
                                                           const void **data, size_t *len,
                                                           flowenrich_error *error);

/**
 * As flowenrich_enricher_add_resolver(). The networks of the configuration are asked first.
 *
 * @return also ERR_ARG if the configuration says `enrich: false`; the resolver is destroyed.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_add_resolver(
    flowenrich_pipeline *pipeline, const flowenrich_resolver *resolver, flowenrich_error *error);

/**
 * Begin an input: a file, an object, an event, a chunk.
 *
 * @param source  Where it is from, as in flowenrich_envelope_begin(). NULL =
 *                nothing is known.
 * @return OK, ERR_NOMEM, or ERR_ARG: the input before isn't over; the pipeline
 *         stays usable then.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_begin(flowenrich_pipeline *pipeline,
                                                           const flowenrich_source *source,
                                                           flowenrich_error *error);

/**
 * Take in a piece of an input, cut anywhere.
 *
 * Plain text is worked on at once; values of JSON one after another, each beginning
 * a line, and exports of CloudWatch about a MiB at a time. Anything else (gzip,
 * one value of JSON: told by its first 64 bytes) is held until
 * flowenrich_pipeline_end(). Without flowenrich_pipeline_begin(), an input begins
 * from nobody knows where.
 *
 * @param used  Receives how many bytes were taken in. Less than `len`: take the
 *              output and feed the rest.
 * @return OK, ERR_ARG (the input is ending), ERR_NOMEM, ERR_RESOLVER. Of a payload,
 *         what is broken is refused alone: ERR_SYNTAX, ERR_LIMIT or ERR_UNSUPPORTED
 *         as in flowenrich_envelope_read(), with the offset in the input; go on with
 *         the next call. ERR_LIMIT is also a value over `limits.payload` (the rest
 *         of the input is passed over), and, with the line in `error`, more than
 *         `limits.bad_lines`: only flowenrich_pipeline_advance() may still be
 *         called, for the rows before.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_feed(flowenrich_pipeline *pipeline,
                                                          const void *data, size_t len,
                                                          size_t *used, flowenrich_error *error);

/**
 * Say that the input breaks off here: a last line without a newline may have been
 * cut short, and doesn't count. End the input next.
 *
 * @return OK or ERR_ARG (the input is ending already).
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_break_off(flowenrich_pipeline *pipeline,
                                                               flowenrich_error *error);

/**
 * End the input: a last line without a newline counts, and what was held is read.
 *
 * @param done  Receives 0 if there is more to come: take the output, call again.
 * @return as flowenrich_pipeline_feed(). Where something broken was refused, `done`
 *         is 0, and the next call goes on behind it.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_end(flowenrich_pipeline *pipeline,
                                                         int32_t *done, flowenrich_error *error);

/**
 * Take in rows of Arrow, a batch at a time, as flowenrich_batch_import() reads them.
 *
 * Between inputs. The parser doesn't count them; `kept` and `dropped` do.
 *
 * @param row  Where to begin; moved past what was taken in. Less than array->length: take
 *             the output and call again.
 * @return as flowenrich_batch_import(), ERR_ARG (an input isn't over), or ERR_RESOLVER.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_import(flowenrich_pipeline *pipeline,
                                                            const struct ArrowSchema *schema,
                                                            const struct ArrowArray *array,
                                                            size_t *row, flowenrich_error *error);

/**
 * Say what time it is: what is due comes out.
 *
 * At level `record` all rows so far are due at any time, and of a payload that
 * comes in pieces all that can be read: call it when an input makes one wait.
 * Between inputs, rows stay until a batch of them is full. With `hold:` those are due
 * whose time is over by the records that came, or by your clock: while no newer records
 * come, their time goes on as `now` does from one call to the next. So it is with the
 * rows of conversations, at level `conversation`, and with windows of groups: of those of
 * records, the time is that of the flow log, as sources name it, that is last (`sources:`).
 *
 * @param now   Seconds since 1970. FLOWENRICH_TIME_END: nothing more comes; an input
 *              that is open is ended, too, and nothing is held any longer.
 * @param done  Receives 0 if there is more to come: take the output, call again.
 * @return as flowenrich_pipeline_end().
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_advance(flowenrich_pipeline *pipeline,
                                                             flowenrich_time now, int32_t *done,
                                                             flowenrich_error *error);

/**
 * @return What the last begin, feed, end, import or advance put out, encoded: the
 *         rows of one batch. Empty, not NULL, if none is ready. It is gone at the next
 *         of these calls.
 */
FLOWENRICH_API flowenrich_text flowenrich_pipeline_output(const flowenrich_pipeline *pipeline);

/**
 * The same rows before they were encoded; with `encoder: none` they are all there is.
 *
 * @return The batch, NULL if none is ready. Its rows may be read, encoded, aggregated,
 *         exported; they are gone at the next begin, feed, end, import or advance.
 *         The batch is the pipeline's.
 */
FLOWENRICH_API flowenrich_batch *flowenrich_pipeline_batch(flowenrich_pipeline *pipeline);

/** @return The name of the encoder that the output is written by; NULL: none. The pipeline's. */
FLOWENRICH_API const char *flowenrich_pipeline_encoder(const flowenrich_pipeline *pipeline);

/** @return How many lines the last begin, feed, end, import or advance refused; the first 64 are
 *  kept. */
FLOWENRICH_API size_t flowenrich_pipeline_rejects(const flowenrich_pipeline *pipeline);

/**
 * Look at a line that was refused by the last of these calls.
 *
 * @return OK, or ERR_ARG past the last one that was kept.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_reject(const flowenrich_pipeline *pipeline,
                                                            size_t index, flowenrich_reject *out,
                                                            flowenrich_error *error);

/**
 * An S3 object that a notification told of, to be fetched and given to the
 * pipeline as an input, with this source.
 *
 * @param index  From 0, of those that the last begin, feed, end or advance met with.
 * @return OK, or ERR_ARG past the last one.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_object(const flowenrich_pipeline *pipeline,
                                                            size_t index, flowenrich_source *out,
                                                            flowenrich_error *error);

/**
 * Say in English who the ends of a record are, and why. What was fed isn't touched.
 *
 * @param line     The record; a header line may stand before it.
 * @param buf      As in flowenrich_enricher_explain().
 * @param out_len  Receives how many bytes the whole explanation has.
 * @return OK, ERR_SYNTAX (it is no record: the message says why), ERR_LIMIT (`cap`
 *         is less than *out_len), ERR_ARG (the pipeline names no ends), ERR_NOMEM,
 *         ERR_RESOLVER. The pipeline stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_explain(flowenrich_pipeline *pipeline,
                                                             const void *line, size_t len,
                                                             char *buf, size_t cap, size_t *out_len,
                                                             flowenrich_error *error);

/**
 * The same of a row of flowenrich_pipeline_batch().
 *
 * @return as flowenrich_enricher_explain(); also ERR_ARG: the pipeline names no ends.
 */
FLOWENRICH_API flowenrich_status flowenrich_pipeline_explain_row(flowenrich_pipeline *pipeline,
                                                                 size_t row, char *buf, size_t cap,
                                                                 size_t *out_len,
                                                                 flowenrich_error *error);

/**
 * The paths of `fields:` and `filter:` that no log so far has had: misspelt ones that
 * are near to none that is known, and fields that the logs' format lacks.
 *
 * @return The path with number `index`, NULL past the last. The pipeline's.
 */
FLOWENRICH_API const char *flowenrich_pipeline_missing(const flowenrich_pipeline *pipeline,
                                                       size_t index);

/**
 * Count since the pipeline was made: what its parser counts (`records`, `bad_…`),
 * `payload_…` (its envelope), `kept` and `dropped` rows (its filter), what its enricher
 * counts, whose records are `enriched`, of conversations what their pairer counts, whose
 * records are `paired`, and rows `conversation_rows`, and its catalog, if anything was
 * loaded or learned. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_pipeline_stats(const flowenrich_pipeline *pipeline,
                                                flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_H */
