/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing MessagePack. */
#ifndef PLUGIN_MSGPACK_H
#define PLUGIN_MSGPACK_H

#include "buffer.h"
#include "flowenrich.h"

typedef enum msgpack_kind {
    MSGPACK_NIL,
    MSGPACK_BOOL,
    MSGPACK_UNSIGNED,
    MSGPACK_SIGNED, /* below zero */
    MSGPACK_FLOAT,
    MSGPACK_STRING,
    MSGPACK_BINARY,
    MSGPACK_EXTENSION,
    MSGPACK_ARRAY,
    MSGPACK_MAP
} msgpack_kind;

/* A value, or the head of an array or map: its members are the next values. */
typedef struct msgpack_value {
    msgpack_kind kind;
    uint64_t number;      /* of an array its members, of a map its pairs; a bool is 0 or 1 */
    double real;          /* a float */
    flowenrich_text text; /* the bytes of a string, of binary, of an extension */
    int8_t type;          /* an extension's */
} msgpack_value;

/* Read a value at *at and move behind it. False: it is cut short, or none. */
bool msgpack_read(const char **at, const char *end, msgpack_value *out);

/* Move behind `n` values with all that is in them, however deep. */
bool msgpack_skip(const char **at, const char *end, uint64_t n);

/*
 * Writing: each of these writes at most MSGPACK_MOST bytes and returns the end of what it wrote. Of
 * a string, array or map that is the head; its bytes or members are to be written next.
 */
#define MSGPACK_MOST 9

char *msgpack_put_unsigned(char *to, uint64_t value);
char *msgpack_put_signed(char *to, int64_t value);
char *msgpack_put_float(char *to, double value);
char *msgpack_put_string_head(char *to, size_t len);

static inline char *msgpack_put_nil(char *to)
{
    *to = (char)0xc0;
    return to + 1;
}

static inline char *msgpack_put_bool(char *to, bool value)
{
    *to = (char)(value ? 0xc3 : 0xc2);
    return to + 1;
}

/*
 * The head of an array or map whose members, `n` of at most 2^32 - 1, have been written from
 * `start` + 1 up to `end`, which may move. Returns the new end.
 */
char *msgpack_close(char *start, char *end, bool is_map, size_t n);

#endif
