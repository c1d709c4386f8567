/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk of log events in, a chunk out: what the filter does, whatever host it is in. */
#include "chunk.h"

#include <stdio.h>

#include "msgpack.h"

/* A pipeline keeps so many refused lines of the rows it has at hand, and counts the others. */
#define REFUSED_KEPT 64

typedef struct event {
    const char *start, *body, *end; /* of all of it; of the map that is its body */
    const char *pairs;              /* behind the map's head */
    uint64_t n_pairs;
    bool has_line, is_refused;
} event;

typedef struct line {
    size_t event; /* its number */
    size_t end;   /* behind its newline, in the text that is fed */
} line;

static event *event_at(const chunk_filter *c, size_t index)
{
    return (event *)(void *)c->events.data + index;
}

static size_t n_events(const chunk_filter *c)
{
    return c->events.len / sizeof(event);
}

static const line *line_at(const chunk_filter *c, size_t index)
{
    return (const line *)(const void *)c->lines.data + index;
}

static size_t n_lines(const chunk_filter *c)
{
    return c->lines.len / sizeof(line);
}

static flowenrich_status fail(flowenrich_error *error, flowenrich_status status, const char *why)
{
    *error = (flowenrich_error){ .status = status };
    snprintf(error->message, sizeof error->message, "%s", why);
    return status;
}

static bool is_equal(flowenrich_text a, flowenrich_text b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* Groups begin and end with events whose time is -1 or -2. */
static bool is_marker(const msgpack_value *time)
{
    int64_t seconds = 0;

    if (time->kind == MSGPACK_EXTENSION && time->type == 0 && time->text.len == 8) {
        for (size_t i = 0; i < 4; i++)
            seconds = seconds << 8 | (uint8_t)time->text.data[i];
        seconds -= seconds > INT32_MAX ? INT64_C(1) << 32 : 0;
    } else if (time->kind == MSGPACK_SIGNED) {
        seconds = (int64_t)time->number;
    } else if (time->kind == MSGPACK_FLOAT) {
        return time->real == -1 || time->real == -2;
    }
    return seconds == -1 || seconds == -2;
}

/* Could it be a line? One newline at its end is its own. */
static bool take_line(flowenrich_text *text)
{
    const char *at;

    if (text->len > 0 && text->data[text->len - 1] == '\n')
        text->len--;
    at = text->data;
    if (text->len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < text->data + text->len && (*at == ' ' || *at == '\r'))
        at++;
    return at < text->data + text->len && !memchr(text->data, '\n', text->len);
}

/* Move over the body's pairs, and find the line among them. False: they are cut short. */
static bool read_pairs(const chunk_filter *c, const char **at, const char *end, uint64_t n,
                       flowenrich_text *found)
{
    while (n-- > 0) {
        msgpack_value key, value;

        if (!msgpack_take(at, end, &key) || !msgpack_take(at, end, &value))
            return false;
        if (!found->data && key.kind == MSGPACK_STRING && is_equal(key.text, c->key) &&
            (value.kind == MSGPACK_STRING || value.kind == MSGPACK_BINARY))
            *found = value.text;
    }
    return true;
}

/*
 * Read what comes next, an event or anything else, and the line it has, if it has one. False: the
 * chunk is cut short here, or no MessagePack.
 */
static bool read_event(const chunk_filter *c, const char **at, const char *end, event *out,
                       flowenrich_text *found)
{
    msgpack_value value, time, body;

    *found = (flowenrich_text){ NULL, 0 };
    *out = (event){ .start = *at };
    out->end = *at;
    if (!msgpack_read(at, end, &value))
        return false;
    if (value.kind == MSGPACK_ARRAY && value.number == 2) {
        if (!msgpack_read(at, end, &time))
            return false;
        if (time.kind == MSGPACK_ARRAY && time.number == 2 &&
            (!msgpack_read(at, end, &time) || !msgpack_skip(at, end, 1)))
            return false;
        out->body = *at;
        if (!msgpack_read(at, end, &body))
            return false;
        if (body.kind == MSGPACK_MAP && time.kind < MSGPACK_ARRAY) {
            out->pairs = *at;
            out->n_pairs = body.number;
            if (!read_pairs(c, at, end, body.number, found))
                return false;
            if (is_marker(&time))
                *found = (flowenrich_text){ NULL, 0 };
            out->end = *at;
            return true;
        }
    }
    *at = out->start;
    if (!msgpack_skip(at, end, 1))
        return false;
    out->end = *at;
    return true;
}

/* All events up to the end, or to what can't be read, which is copied as it is. */
static bool read_events(chunk_filter *c, const char *data, size_t len, const char **rest)
{
    const char *at = data, *end = data + len;

    buffer_clear(&c->events);
    buffer_clear(&c->lines);
    buffer_clear(&c->text);
    *rest = data;
    while (at < end) {
        flowenrich_text found;
        event next;

        if (!read_event(c, &at, end, &next, &found))
            break;
        next.has_line = found.data && take_line(&found);
        if (next.has_line) {
            line l = { n_events(c), c->text.len + found.len + 1 };

            buffer_append(&c->text, found.data, found.len);
            buffer_append(&c->text, "\n", 1);
            buffer_append(&c->lines, &l, sizeof l);
        }
        buffer_append(&c->events, &next, sizeof next);
        *rest = at;
    }
    return !c->text.failed && !c->lines.failed && !c->events.failed;
}

/* Put out the events before `index` that no row came of. */
static void put_until(chunk_filter *c, size_t index)
{
    for (; c->next < index; c->next++) {
        const event *e = event_at(c, c->next);

        if (e->has_line && !e->is_refused)
            c->is_changed = true; /* the pipeline left it out */
        else
            buffer_append(&c->out, e->start, (size_t)(e->end - e->start));
    }
}

/* The members of a row: keys and values one after another, without the map's head. */
typedef struct members {
    const char *data, *end;
    uint64_t n;
} members;

static bool have(const members *m, flowenrich_text name)
{
    const char *at = m->data;

    for (uint64_t i = 0; i < m->n; i++) {
        msgpack_value key;

        if (!msgpack_read(&at, m->end, &key) || !msgpack_skip(&at, m->end, 1))
            return false;
        if (is_equal(key.text, name))
            return true;
    }
    return false;
}

/* Does a pair of the body stay? What the pipeline says of a key counts. */
static bool stays(const chunk_filter *c, const members *m, const msgpack_value *key)
{
    if (key->kind != MSGPACK_STRING)
        return true;
    return (c->keeps || !is_equal(key->text, c->key)) && !have(m, key->text);
}

/* The event with the members of its row. */
static void put_event(chunk_filter *c, const event *e, const members *m)
{
    const char *at = e->pairs;
    size_t n = 0, start;

    buffer_append(&c->out, e->start, (size_t)(e->body - e->start));
    start = c->out.len;
    buffer_append(&c->out, "", 1); /* the map's head, when it is known */
    for (uint64_t i = 0; i < e->n_pairs; i++) {
        const char *pair = at;
        msgpack_value key;

        (void)(msgpack_take(&at, e->end, &key) && msgpack_skip(&at, e->end, 1));
        if (stays(c, m, &key)) {
            buffer_append(&c->out, pair, (size_t)(at - pair));
            n++;
        }
    }
    if (buffer_reserve(&c->out, MSGPACK_MOST)) {
        char *head = c->out.data + start, *end = c->out.data + c->out.len;

        c->out.len = (size_t)(msgpack_close_map(head, end, n + m->n) - c->out.data);
    }
    buffer_append(&c->out, m->data, (size_t)(m->end - m->data));
    c->is_changed = true;
}

/* Take the next row of what the pipeline wrote, which is a map. */
static bool take_members(flowenrich_text *packed, members *out)
{
    const char *at = packed->data, *end = packed->data + packed->len;
    msgpack_value map;

    if (!msgpack_read(&at, end, &map) || map.kind != MSGPACK_MAP)
        return false;
    *out = (members){ at, at, map.number };
    if (!msgpack_skip(&out->end, end, 2 * map.number))
        return false;
    *packed = (flowenrich_text){ out->end, (size_t)(end - out->end) };
    return true;
}

/*
 * Nested objects are written only of the rows with traffic, which are those with a client. NULL:
 * each row is there.
 */
static const uint32_t *find_shown(const flowenrich_pipeline *pipeline, flowenrich_batch *batch)
{
    flowenrich_column column = { .size = sizeof column };

    if (strcmp(flowenrich_pipeline_encoder(pipeline), "msgpack") != 0 ||
        flowenrich_batch_column(batch, "direction.by", &column, NULL) != FLOWENRICH_OK)
        return NULL;
    return column.codes;
}

/* A row and what it was written as, which `*packed` loses. */
static flowenrich_status put_row(chunk_filter *c, uint64_t number, bool is_shown,
                                 flowenrich_text *packed, flowenrich_error *error)
{
    members found;
    size_t index;

    if (number == 0 || number > n_lines(c) || line_at(c, number - 1)->event < c->next)
        return fail(error, FLOWENRICH_ERR_UNSUPPORTED,
                    "the configuration's rows aren't the lines that came in: a filter needs "
                    "'level: record'");
    index = line_at(c, number - 1)->event;
    put_until(c, index);
    if (!is_shown)
        return FLOWENRICH_OK;
    if (!take_members(packed, &found))
        return fail(error, FLOWENRICH_ERR_UNSUPPORTED, "the pipeline's rows aren't its output");
    put_event(c, event_at(c, index), &found);
    c->next = index + 1;
    return FLOWENRICH_OK;
}

/* What the last call of the pipeline's came to. */
static flowenrich_status take(chunk_filter *c, flowenrich_pipeline *pipeline,
                              flowenrich_error *error)
{
    flowenrich_batch *batch = flowenrich_pipeline_batch(pipeline);
    flowenrich_text packed = flowenrich_pipeline_output(pipeline);
    const size_t rows = batch ? flowenrich_batch_rows(batch) : 0;
    const size_t refused = flowenrich_pipeline_rejects(pipeline);
    flowenrich_status status = FLOWENRICH_OK;
    const uint32_t *shown = batch ? find_shown(pipeline, batch) : NULL;

    for (size_t i = 0; i < refused; i++) {
        flowenrich_reject reject = { .size = sizeof reject };

        if (flowenrich_pipeline_reject(pipeline, i, &reject, NULL) == FLOWENRICH_OK &&
            reject.line > 0 && reject.line <= n_lines(c))
            event_at(c, line_at(c, reject.line - 1)->event)->is_refused = true;
    }
    c->refused = batch ? 0 : c->refused + refused;
    for (size_t row = 0; row < rows && status == FLOWENRICH_OK; row++)
        status = put_row(c, flowenrich_batch_line(batch, row), !shown || shown[row] != UINT32_MAX,
                         &packed, error);
    return status;
}

/* Let all rows out that the pipeline has at hand, and with them what it knows of refused lines. */
static flowenrich_status flush(chunk_filter *c, flowenrich_pipeline *pipeline, flowenrich_time now,
                               flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    int32_t done = 0;

    while (!done && status == FLOWENRICH_OK) {
        status = flowenrich_pipeline_advance(pipeline, now, &done, error);
        if (status == FLOWENRICH_OK)
            status = take(c, pipeline, error);
    }
    c->refused = 0;
    return status;
}

/* So few lines at a time that all which may be refused are kept. */
static flowenrich_status feed(chunk_filter *c, flowenrich_pipeline *pipeline,
                              flowenrich_error *error)
{
    flowenrich_status status = flowenrich_pipeline_begin(pipeline, NULL, error);
    size_t at = 0, n = 0, used;

    while (n < n_lines(c) && status == FLOWENRICH_OK) {
        const size_t room = REFUSED_KEPT - c->refused;
        size_t end;

        if (room < REFUSED_KEPT / 2) {
            status = flush(c, pipeline, 0, error);
            continue;
        }
        n = n_lines(c) - n < room ? n_lines(c) : n + room;
        end = line_at(c, n - 1)->end;
        for (; at < end && status == FLOWENRICH_OK; at += used) {
            status = flowenrich_pipeline_feed(pipeline, c->text.data + at, end - at, &used, error);
            if (status == FLOWENRICH_OK)
                status = take(c, pipeline, error);
        }
    }
    return status == FLOWENRICH_OK ? flush(c, pipeline, FLOWENRICH_TIME_END, error) : status;
}

static bool writes_msgpack(const flowenrich_pipeline *pipeline)
{
    const char *encoder = flowenrich_pipeline_encoder(pipeline);

    return encoder && (strcmp(encoder, "msgpack") == 0 || strcmp(encoder, "msgpack-flat") == 0);
}

static flowenrich_status run(chunk_filter *c, flowenrich_pipeline *pipeline, const char *data,
                             size_t len, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    const char *rest;

    if (!writes_msgpack(pipeline))
        return fail(error, FLOWENRICH_ERR_UNSUPPORTED,
                    "the configuration's encoder writes no objects: set it to json or json-flat");
    c->next = c->refused = 0;
    c->is_changed = false;
    if (!read_events(c, data, len, &rest))
        return fail(error, FLOWENRICH_ERR_NOMEM, "out of memory");
    if (n_lines(c) > 0)
        status = feed(c, pipeline, error);
    if (status != FLOWENRICH_OK || n_lines(c) == 0)
        return status;
    put_until(c, n_events(c));
    buffer_append(&c->out, rest, (size_t)(data + len - rest));
    return c->out.failed ? fail(error, FLOWENRICH_ERR_NOMEM, "out of memory") : FLOWENRICH_OK;
}

chunk_outcome chunk_run(chunk_filter *filter, flowenrich_pipeline *pipeline, const void *data,
                        size_t len, void **out, size_t *out_len, flowenrich_error *error)
{
    const flowenrich_status status = run(filter, pipeline, data, len, error);

    *out = NULL;
    *out_len = 0;
    if (status == FLOWENRICH_OK && filter->is_changed) {
        *out = filter->out.data;
        *out_len = filter->out.len;
        filter->out = (buffer){ 0 };
        return CHUNK_CHANGED;
    }
    buffer_free(&filter->out);
    return status == FLOWENRICH_OK ? CHUNK_UNTOUCHED : CHUNK_FAILED;
}

void chunk_free(chunk_filter *filter)
{
    buffer_free(&filter->events);
    buffer_free(&filter->lines);
    buffer_free(&filter->text);
    buffer_free(&filter->out);
}
