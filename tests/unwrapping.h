/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes for tests: made of one another, and read into a transcript. */
#ifndef TESTS_UNWRAPPING_H
#define TESTS_UNWRAPPING_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/text.h"
#include "flowenrich.h"

#define LINE "2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 60 ACCEPT OK"

/* A payload of CloudWatch Logs with these events. */
#define PAYLOAD(events)                                                                            \
    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789010\",\"logGroup\":\"vpc\","           \
    "\"logStream\":\"eni-9f825df9-all\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[" events    \
    "]}"
#define EVENT(id, message)                                                                         \
    "{\"id\":\"" id "\",\"timestamp\":1548934870123,\"message\":\"" message "\"}"

/* Pieces of memory that are freed together, and what was read. */
typedef struct bench {
    void *kept[256];
    size_t n_kept;
    char transcript[16 * 1024];
    size_t len;
} bench;

static inline void *keep(bench *b, size_t len)
{
    void *memory = malloc(len + 1);

    if (!memory || b->n_kept == sizeof b->kept / sizeof *b->kept)
        abort();
    b->kept[b->n_kept++] = memory;
    return memory;
}

static inline void bench_free(bench *b)
{
    while (b->n_kept > 0)
        free(b->kept[--b->n_kept]);
}

static inline flowenrich_text gzip(bench *b, flowenrich_text text)
{
    z_stream stream = { 0 };
    const size_t room = text.len + text.len / 1000 + 256;
    flowenrich_text out = { keep(b, room), 0 };

    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = (Bytef *)(uintptr_t)text.data;
    stream.avail_in = (uInt)text.len;
    stream.next_out = (Bytef *)(uintptr_t)out.data;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        abort();
    out.len = stream.total_out;
    deflateEnd(&stream);
    return out;
}

static inline flowenrich_text base64(bench *b, flowenrich_text text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = keep(b, text.len / 3 * 4 + 4);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i += 3) {
        uint32_t bits = 0;

        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < text.len ? (unsigned char)text.data[i + k] : 0);
        for (unsigned k = 0; k < 4; k++)
            out[len++] = i + k > text.len ? '=' : digits[bits >> (18 - 6 * k) & 63];
    }
    return fle_text(out, len);
}

/* A text as a JSON string, without its quotes. */
static inline flowenrich_text escaped(bench *b, flowenrich_text text)
{
    char *out = keep(b, text.len * 2);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\' || text.data[i] == '\n')
            out[len++] = '\\';
        out[len++] = text.data[i] == '\n' ? 'n' : text.data[i];
    }
    return fle_text(out, len);
}

static inline flowenrich_text concatenated(bench *b, flowenrich_text first, flowenrich_text second)
{
    char *out = keep(b, first.len + second.len);

    if (first.len > 0)
        memcpy(out, first.data, first.len);
    if (second.len > 0)
        memcpy(out + first.len, second.data, second.len);
    return fle_text(out, first.len + second.len);
}

static inline flowenrich_text joined(bench *b, const char *before, flowenrich_text text,
                                     const char *after)
{
    return concatenated(b, concatenated(b, fle_text_of(before), text), fle_text_of(after));
}

static inline void note(bench *b, const char *name, flowenrich_text text)
{
    if (text.len > 0)
        b->len += (size_t)snprintf(b->transcript + b->len, sizeof b->transcript - b->len, "%s%.*s",
                                   name, (int)text.len, text.data);
    if (b->len >= sizeof b->transcript)
        b->len = sizeof b->transcript - 1;
}

static inline void note_message(bench *b, const flowenrich_message *message)
{
    static const char *const kinds[] = { "none", "text", "object" };
    const flowenrich_source *source = message->source;
    char number[40];

    note(b, "", fle_text_of(kinds[message->kind]));
    snprintf(number, sizeof number, "%" PRIu32, message->part);
    note(b, " part=", message->part > 0 ? fle_text_of(number) : fle_text(NULL, 0));
    note(b, " record=", message->record);
    note(b, " id=", source->identity);
    note(b, " account=", source->account);
    note(b, " region=", source->region);
    note(b, " group=", source->log_group);
    note(b, " stream=", source->log_stream);
    note(b, " interface=", source->interface_id);
    note(b, " bucket=", source->bucket);
    note(b, " key=", source->key);
    note(b, " flow_log=", source->flow_log);
    snprintf(number, sizeof number, " time=%" PRId64, message->time);
    if (message->time != FLOWENRICH_TIME_ABSENT)
        note(b, "", fle_text_of(number));
    note(b, ": ", message->text);
    note(b, "", fle_text_of("\n"));
}

/*
 * Read a payload to its end: a line for each message, and for what was refused
 * "ERR_SYNTAX record=... @offset message".
 */
static inline const char *transcribe(bench *b, flowenrich_envelope *envelope,
                                     flowenrich_text payload)
{
    b->len = 0;
    b->transcript[0] = '\0';
    for (;;) {
        flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
        flowenrich_error error;
        size_t used;
        char offset[40];
        const flowenrich_status status =
            flowenrich_envelope_read(envelope, payload.data, payload.len, &used, &message, &error);

        payload.data += used;
        payload.len -= used;
        if (status != FLOWENRICH_OK) {
            snprintf(offset, sizeof offset, " @%" PRIu64 " ", error.offset);
            note(b, "", fle_text_of(flowenrich_status_name(status)));
            note(b, " record=", message.record);
            note(b, offset, fle_text_of(error.message));
            note(b, "", fle_text_of("\n"));
            if (status == FLOWENRICH_ERR_NOMEM || status == FLOWENRICH_ERR_ARG)
                break;
        } else if (message.kind == FLOWENRICH_MESSAGE_NONE) {
            break;
        } else {
            note_message(b, &message);
        }
    }
    return b->transcript;
}

/* The same with an envelope of its own. */
static inline const char *transcript_of(bench *b, flowenrich_text payload)
{
    flowenrich_envelope *envelope;

    if (flowenrich_envelope_new(&envelope, NULL, NULL) != FLOWENRICH_OK)
        abort();
    transcribe(b, envelope, payload);
    flowenrich_envelope_free(envelope);
    return b->transcript;
}

static inline uint64_t stat_of(const flowenrich_envelope *envelope, const char *name)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_envelope_stats(envelope, stats, 16);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

#endif
