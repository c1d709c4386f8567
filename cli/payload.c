/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs that aren't plain text: payloads and events that flow logs come in. */
#include "payload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "message.h"
#include "stats.h"

#define PIECE ((size_t)1 << 20)        /* what is read as soon as it can be */
#define MOST_BYTES ((size_t)256 << 20) /* of what has to be read in one piece */
#define OBJECTS_SHOWN 5
#define BROKEN_SHOWN 5 /* of each input */

outcome payload_init(payload *p, uint64_t seed)
{
    flowenrich_envelope_options opt = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
    flowenrich_error error;

    opt.hash_seed = seed;
    opt.max_bytes = MOST_BYTES;
    if (flowenrich_envelope_new(&p->envelope, &opt, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

void payload_free(payload *p)
{
    flowenrich_envelope_free(p->envelope);
    free(p->data);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* JSON, gzip in gzip, or "2025-", the time that an export of CloudWatch has before each line. */
static char opening(const char *data, size_t len)
{
    const char *start = input_start(data, &len);

    if (len == 0)
        return '\0';
    if (*start == '{' || *start == '[' || (len > 1 && memcmp(start, "\x1f\x8b", 2) == 0))
        return *start;
    if (len > 4 && start[4] == '-' && is_digit(start[0]) && is_digit(start[1]) &&
        is_digit(start[2]) && is_digit(start[3]))
        return *start;
    return '\0';
}

static uint64_t control_messages(const payload *p)
{
    stats counted;

    stats_of_envelope(&counted, p->envelope);
    return stats_get(&counted, "control");
}

void payload_begin(payload *p, const flowenrich_source *source)
{
    p->source = *source;
    p->len = p->searched = 0;
    p->offset = 0;
    p->objects = p->failed = 0;
    p->control_before = control_messages(p);
    p->control = 0;
    p->from[0] = '\0';
    p->is_open = false;
}

bool payload_is(payload *p, const char *data, size_t len)
{
    p->open = opening(data, len);
    return p->open != '\0';
}

static void append(char *to, size_t capacity, const char *before, flowenrich_text text)
{
    const size_t len = strlen(to);

    if (text.len > 0)
        snprintf(to + len, capacity - len, "%s%.*s", before, (int)text.len, text.data);
}

/*
 * A text that the piece before this one broke off goes on: its header, if it has one,
 * was in that. Within a piece the envelope says so.
 */
static bool goes_on(const payload *p, const char *from, uint32_t part, bool is_first)
{
    return p->is_open && (part > 0 || (is_first && p->ends_line && strcmp(from, p->from) == 0));
}

static outcome take_text(payload *p, run *r, const flowenrich_message *message, bool is_first)
{
    const flowenrich_source *source = message->source;
    const flowenrich_text text = message->text;
    char from[PAYLOAD_FROM] = "", place[RUN_PLACE];
    outcome done = OUTCOME_DONE;

    append(from, sizeof from, "group ", source->log_group);
    append(from, sizeof from, "stream ", source->log_stream);
    append(from, sizeof from, "bucket ", source->bucket);
    append(from, sizeof from, "key ", source->key);
    if (!goes_on(p, from, message->part, is_first)) {
        if (p->is_open)
            done = feed_end(r);
        memcpy(p->from, from, sizeof from);
        snprintf(place, sizeof place, "%s", r->input.name);
        append(place, sizeof place, ", record ", message->record);
        append(place, sizeof place, ", log stream ", source->log_stream);
        if (done == OUTCOME_DONE)
            done = feed_begin(r, place, source);
        p->is_open = true;
    }
    p->ends_line = text.len > 0 && text.data[text.len - 1] == '\n';
    return done == OUTCOME_DONE ? feed_text(r, text.data, text.len) : done;
}

static void tell_object(payload *p, const run *r, const flowenrich_source *source)
{
    p->objects++;
    if (p->objects_shown++ < OBJECTS_SHOWN)
        notice("%s: this only tells of s3://%.*s/%.*s: get that object (aws s3 cp) and read it",
               r->input.name, (int)source->bucket.len, source->bucket.data, (int)source->key.len,
               source->key.data);
    else if (p->objects_shown == OBJECTS_SHOWN + 1)
        notice("further objects are only counted");
}

/* What is wrong with a part of it; the others are still read. */
static outcome refuse(payload *p, const run *r, uint64_t before, const flowenrich_error *error)
{
    if (p->failed++ < BROKEN_SHOWN)
        failure("%s: %s (byte %" PRIu64 ")", r->input.name, error->message, before + error->offset);
    else if (p->failed == BROKEN_SHOWN + 1)
        failure("%s: further broken parts of it aren't told", r->input.name);
    return error->status == FLOWENRICH_ERR_NOMEM || error->status == FLOWENRICH_ERR_ARG
               ? OUTCOME_FAILED
               : OUTCOME_DONE;
}

/* Read the first 'len' bytes of what has come as a payload. */
static outcome read_piece(payload *p, run *r, size_t len)
{
    outcome done = OUTCOME_DONE;
    flowenrich_error error;
    bool is_first = true;
    size_t at = 0, used;

    if (flowenrich_envelope_begin(p->envelope, &p->source, &error) != FLOWENRICH_OK)
        return failure_of(r->input.name, &error);
    while (done == OUTCOME_DONE) {
        flowenrich_message message = FLOWENRICH_MESSAGE_INIT;

        flowenrich_envelope_read(p->envelope, p->data + at, len - at, &used, &message, &error);
        at += used;
        if (error.status != FLOWENRICH_OK)
            done = refuse(p, r, p->offset, &error);
        else if (message.kind == FLOWENRICH_MESSAGE_NONE)
            break;
        else if (message.kind == FLOWENRICH_MESSAGE_OBJECT)
            tell_object(p, r, message.source);
        else
            done = take_text(p, r, &message, is_first);
        is_first = false;
    }
    p->offset += len;
    p->len -= len;
    p->searched = 0;
    memmove(p->data, p->data + len, p->len);
    return done;
}

/*
 * Where the last piece that can be read by itself ends: before a line that begins as
 * the input did. For JSON a value must end there, and one does if a bracket closes
 * at the end of a line and the next line begins with another one: within an array
 * there would be a comma. 0 if there is no such place.
 */
static size_t find_border(payload *p)
{
    for (size_t i = p->len - 1; i > p->searched + 1; i--) {
        const size_t last = i - 2 - (i > 2 && p->data[i - 2] == '\r');

        if (p->data[i] == p->open && p->data[i - 1] == '\n' &&
            (p->open != '{' || p->data[last] == '}'))
            return i;
    }
    p->searched = p->len > 2 ? p->len - 2 : 0;
    return 0;
}

static bool make_room(payload *p, size_t len)
{
    const size_t need = p->len + len;
    size_t capacity = p->capacity > 0 ? p->capacity : PIECE;
    char *data;

    if (need <= p->capacity)
        return true;
    while (capacity < need)
        capacity *= 2;
    data = realloc(p->data, capacity);
    if (data == NULL)
        return false;
    p->data = data;
    p->capacity = capacity;
    return true;
}

const char *payload_is_full(const payload *p, size_t len)
{
    return p->len + len > MOST_BYTES ? "this is one value of more than 256 MiB: split it" : NULL;
}

outcome payload_take(payload *p, run *r, const char *data, size_t len)
{
    const bool in_pieces = p->open == '{' || is_digit(p->open);
    size_t border = 0;

    if (!make_room(p, len))
        return failure_no_memory();
    memcpy(p->data + p->len, data, len);
    p->len += len;
    if (in_pieces && (p->len >= PIECE || r->input.waits))
        border = find_border(p);
    return border > 0 ? read_piece(p, r, border) : OUTCOME_DONE;
}

outcome payload_end(payload *p, run *r, bool *whole)
{
    outcome done = OUTCOME_DONE;
    size_t len = p->len;

    /* A line that broke off could look right; JSON that broke off doesn't. */
    while (!*whole && is_digit(p->open) && len > 0 && p->data[len - 1] != '\n')
        len--;
    if (len > 0)
        done = read_piece(p, r, len);
    if (done == OUTCOME_DONE && p->is_open)
        done = feed_end(r);
    p->control = control_messages(p) - p->control_before;
    *whole = *whole && p->failed == 0;
    return done;
}
