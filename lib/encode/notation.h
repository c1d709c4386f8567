/* SPDX-License-Identifier: Apache-2.0 */
/* How objects are written: what tells a row in JSON tells it in MessagePack, too. */
#ifndef FLE_ENCODE_NOTATION_H
#define FLE_ENCODE_NOTATION_H

#include "encode/output.h"
#include "record/path.h"

/* What holds values. Members of maps and rows have keys. */
typedef enum fle_bracket { FLE_LIST, FLE_MAP, FLE_ROW } fle_bracket;

typedef struct fle_notation {
    void (*key)(fle_output *out, flowenrich_text name);
    /* A value of any type, absent ones included. */
    void (*value)(fle_output *out, const fle_value *value);
    char separator; /* behind each member, the last one, too; or 0 */
    void (*open)(fle_output *out, fle_bracket bracket);
    /* What was opened has 'n' members, written from 'start' on. */
    void (*close)(fle_output *out, size_t start, fle_bracket bracket, size_t n);
} fle_notation;

extern const fle_notation fle_notation_json, fle_notation_msgpack;

#endif
