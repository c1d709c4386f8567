/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of the filter share: chunks to make, and chunks as text. */
#ifndef TESTS_HOSTS_CHUNKS_H
#define TESTS_HOSTS_CHUNKS_H

#include <inttypes.h>
#include <stdio.h>

#include "msgpack.h"

#define CHUNKS_LINE                                                                                \
    "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK"
#define CHUNKS_NODATA "2 123456789012 eni-0a1 - - - - - - - 1772452800 1772452860 - NODATA"

static inline flowenrich_text chunks_text(const char *text)
{
    return (flowenrich_text){ text, strlen(text) };
}

static inline void chunks_string(buffer *out, const char *text)
{
    char head[MSGPACK_MOST];

    buffer_append(out, head, (size_t)(msgpack_put_string_head(head, strlen(text)) - head));
    buffer_append(out, text, strlen(text));
}

/* The head of an event as Fluent Bit's in_tail writes it: [[time, {}], ... */
static inline void chunks_head(buffer *out)
{
    static const char head[] = "\x92\x92\xd7\x00\x6b\x02\x08\x64\x2a\x7f\xf6\x26\xdf\0\0\0";

    buffer_append(out, head, sizeof head);
}

/* ... {key: text}], with a head of map32 as there. */
static inline void chunks_event(buffer *out, const char *key, const char *text)
{
    chunks_head(out);
    buffer_append(out, "\xdf\0\0\0\1", 5);
    chunks_string(out, key);
    chunks_string(out, text);
}

static inline void chunks_print(buffer *out, const char *text)
{
    buffer_append(out, text, strlen(text));
}

/* A value as text: [1,"a",<5>,{"b":null}], where <5> is an extension of 5 bytes. */
static inline bool chunks_show_value(buffer *out, const char **at, const char *end)
{
    char number[64] = "";
    msgpack_value value;
    uint64_t n;

    if (!msgpack_read(at, end, &value))
        return false;
    n = value.kind == MSGPACK_MAP ? 2 * value.number : value.number;
    switch (value.kind) {
    case MSGPACK_NIL:
        chunks_print(out, "null");
        break;
    case MSGPACK_BOOL:
        chunks_print(out, value.number ? "true" : "false");
        break;
    case MSGPACK_UNSIGNED:
        snprintf(number, sizeof number, "%" PRIu64, value.number);
        break;
    case MSGPACK_SIGNED:
        snprintf(number, sizeof number, "%" PRId64, (int64_t)value.number);
        break;
    case MSGPACK_FLOAT:
        snprintf(number, sizeof number, "%.17gf", value.real);
        break;
    case MSGPACK_STRING:
    case MSGPACK_BINARY:
        chunks_print(out, value.kind == MSGPACK_STRING ? "\"" : "b\"");
        buffer_append(out, value.text.data, value.text.len);
        chunks_print(out, "\"");
        break;
    case MSGPACK_EXTENSION:
        snprintf(number, sizeof number, "<%zu>", value.text.len);
        break;
    case MSGPACK_ARRAY:
    case MSGPACK_MAP:
        chunks_print(out, value.kind == MSGPACK_MAP ? "{" : "[");
        for (uint64_t i = 0; i < n; i++) {
            if (i > 0)
                chunks_print(out, value.kind == MSGPACK_MAP && i % 2 ? ":" : ",");
            if (!chunks_show_value(out, at, end))
                return false;
        }
        chunks_print(out, value.kind == MSGPACK_MAP ? "}" : "]");
        break;
    }
    chunks_print(out, number);
    return true;
}

/* All values, each on a line, ending in a zero; "?" for what can't be read. To be freed. */
static inline char *chunks_show(const void *data, size_t len)
{
    const char *at = data, *end = at + len;
    buffer out = { 0 };

    while (at < end) {
        const bool is_read = chunks_show_value(&out, &at, end);

        chunks_print(&out, is_read ? "\n" : "?\n");
        if (!is_read)
            break;
    }
    buffer_append(&out, "", 1);
    return out.data;
}

#endif
