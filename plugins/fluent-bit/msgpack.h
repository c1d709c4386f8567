/* SPDX-License-Identifier: Apache-2.0 */
/* Reading MessagePack, and writing what stands around the pipeline's own. */
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

/* Read a value, and move behind all that is in it. */
bool msgpack_take(const char **at, const char *end, msgpack_value *out);

/*
 * Writing heads: of a string, whose bytes are to be written next, and of a map whose `n` pairs, at
 * most 2^32 - 1, have been written from `start` + 1 up to `end`, which may move. Both return the
 * new end.
 */
#define MSGPACK_MOST 5

char *msgpack_put_string_head(char *to, size_t len);
char *msgpack_close_map(char *start, char *end, size_t n);

#endif
