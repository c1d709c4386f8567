/* SPDX-License-Identifier: Apache-2.0 */
/* A field of each kind. */
#ifndef TESTS_ARROW_KINDS_H
#define TESTS_ARROW_KINDS_H

#include "record/arrow_chunk.h"

static const fle_arrow_field arrow_kinds[] = {
    { "nothing", 0, FLE_ARROW_NOTHING },
    { "srcport", FLOWENRICH_TYPE_U32, FLE_ARROW_U32 },
    { "bytes", FLOWENRICH_TYPE_U64, FLE_ARROW_U64 },
    { "start", FLOWENRICH_TYPE_TIME, FLE_ARROW_TIME },
    { "direction.confidence", FLOWENRICH_TYPE_F64, FLE_ARROW_F64 },
    { "client.rfc1918", FLOWENRICH_TYPE_BOOL, FLE_ARROW_BOOL },
    { "srcaddr", FLOWENRICH_TYPE_ADDRESS, FLE_ARROW_ADDRESS },
    { "dstaddr", FLOWENRICH_TYPE_ADDRESS, FLE_ARROW_TEXT },
    { "scope", FLOWENRICH_TYPE_TEXT, FLE_ARROW_CODES },
    { "client.arns", FLOWENRICH_TYPE_LIST, FLE_ARROW_LIST },
    { "client.tags", FLOWENRICH_TYPE_MAP, FLE_ARROW_MAP },
    { "marks", FLOWENRICH_TYPE_LIST, FLE_ARROW_LIST },
    { "meters.flow_log", FLOWENRICH_TYPE_LIST, FLE_ARROW_LIST },
    { "meters.bytes", FLOWENRICH_TYPE_LIST, FLE_ARROW_NUMBERS },
};

#define ARROW_KINDS (sizeof arrow_kinds / sizeof *arrow_kinds)

#endif
