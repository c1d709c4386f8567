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
    double real;          /* of a float; `number` is its sign's, 0 or less than 0 */
    flowenrich_text text; /* the bytes of a string, of binary, of an extension */
    int8_t type;          /* an extension's */
} msgpack_value;

/* Read a value at *at and move behind it. False: it is cut short, or none. */
bool msgpack_read(const char **at, const char *end, msgpack_value *out);

/* Move behind `n` values with all that is in them, however deep. */
bool msgpack_skip(const char **at, const char *end, uint64_t n);

void msgpack_nil(buffer *out);
void msgpack_bool(buffer *out, bool value);
void msgpack_unsigned(buffer *out, uint64_t value);
void msgpack_signed(buffer *out, int64_t value);
void msgpack_float(buffer *out, double value);
void msgpack_string(buffer *out, flowenrich_text text);
/* Only the head: the bytes of a string, the members are the next. */
void msgpack_string_head(buffer *out, size_t len);
void msgpack_array_head(buffer *out, size_t n);
void msgpack_map_head(buffer *out, size_t n);

/*
 * The head of an array or map whose members have been written from `start` on, put before them.
 * Members are at most 2^32 - 1.
 */
void msgpack_insert_head(buffer *out, size_t start, bool is_map, size_t n);

#endif
