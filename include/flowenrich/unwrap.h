/* SPDX-License-Identifier: Apache-2.0 */
/** @file Deliveries to text: takes apart what flow logs come in. */
#ifndef FLOWENRICH_UNWRAP_H
#define FLOWENRICH_UNWRAP_H

#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_UNWRAP_H */
