/* SPDX-License-Identifier: Apache-2.0 */
/* A small enriched batch, put together by hand: an upload, a line without data, a lone address. */
#ifndef TESTS_ENRICHED_H
#define TESTS_ENRICHED_H

#include "base/text.h"
#include "record/batch.h"

#define ENRICHED_ROWS 3

static inline bool enriched_text(flowenrich_batch *batch, const char *path, size_t row,
                                 const char *value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_TEXT);
    flowenrich_slice slice;

    if (!column || !fle_batch_append_text(batch, value, strlen(value), &slice))
        return false;
    fle_column_set_slice(column, row, slice);
    return true;
}

static inline bool enriched_address(flowenrich_batch *batch, const char *path, size_t row,
                                    const char *value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_ADDRESS);
    fle_address address;

    if (!column || !fle_address_parse(value, strlen(value), &address))
        return false;
    fle_column_set_address(column, row, &address);
    return true;
}

static inline bool enriched_u64(flowenrich_batch *batch, const char *path, size_t row,
                                uint64_t value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_U64);

    if (column)
        fle_column_set_u64(column, row, value);
    return column != NULL;
}

static inline bool enriched_time(flowenrich_batch *batch, const char *path, size_t row,
                                 flowenrich_time value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_TIME);

    if (column)
        fle_column_set_time(column, row, value);
    return column != NULL;
}

static inline bool enriched_u32(flowenrich_batch *batch, const char *path, size_t row,
                                uint32_t value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_U32);

    if (column)
        fle_column_set_u32(column, row, value);
    return column != NULL;
}

static inline bool enriched_columns(flowenrich_batch *batch)
{
    fle_column *confidence, *rfc1918;

    if (!enriched_u32(batch, "protocol", 0, 6) || !enriched_u32(batch, "protocol", 2, 200) ||
        !enriched_time(batch, "start", 0, 1418530010) ||
        !enriched_time(batch, "end", 0, 1418530070) ||
        !enriched_time(batch, "start", 1, 1431280876) || !enriched_u64(batch, "bytes", 0, 4249) ||
        !enriched_u64(batch, "bytes", 2, 100) || !enriched_u64(batch, "uploaded", 0, 4249) ||
        !enriched_text(batch, "action", 0, "ACCEPT") ||
        !enriched_text(batch, "direction.by", 0, "listener") ||
        !enriched_text(batch, "scope", 0, "aws-service") ||
        !enriched_text(batch, "scope", 2, "internet") ||
        !enriched_text(batch, "path", 0, "gateway-endpoint") ||
        !enriched_text(batch, "observer", 0, "eni-1235b8ca123456789") ||
        !enriched_address(batch, "client.addr", 0, "10.0.1.5") ||
        !enriched_address(batch, "client.addr", 2, "2001:db8::1") ||
        !enriched_u32(batch, "client.port", 0, 41276) ||
        !enriched_address(batch, "server.addr", 0, "52.216.0.1") ||
        !enriched_u32(batch, "server.port", 0, 443))
        return false;
    confidence = fle_batch_add(batch, FLE_TEXT("direction.confidence"), FLOWENRICH_TYPE_F64);
    if (!confidence)
        return false;
    fle_column_set_f64(confidence, 0, 0.9);
    rfc1918 = fle_batch_add(batch, FLE_TEXT("client.rfc1918"), FLOWENRICH_TYPE_BOOL);
    if (!rfc1918)
        return false;
    fle_column_set_bool(rfc1918, 0, true);
    return true;
}

static inline bool enriched_answers(flowenrich_batch *batch)
{
    static const flowenrich_text arns[] = { { "arn:1", 5 }, { "arn:2", 5 } };
    static const flowenrich_text tags[] = {
        { "app", 3 }, { "x", 1 }, { "team.name", 9 }, { "\"q\"", 3 }
    };
    flowenrich_answer *owner, *range, *nobody;

    if (!fle_batch_begin_ends(batch, NULL, NULL))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (fle_batch_new_answer(batch) == FLE_ABSENT)
            return false;
    owner = batch->answers[0];
    owner->by = FLE_BY_INTERFACE;
    owner->sure = FLOWENRICH_SURE_EXACT;
    owner->identity.single[FLE_ATTR_TYPE] = FLE_TEXT("ec2:instance");
    owner->identity.single[FLE_ATTR_REGION] = FLE_TEXT("us-east-1");
    owner->identity.arns = (fle_texts){ arns, 2 };
    owner->identity.tags = (fle_texts){ tags, 4 };
    range = batch->answers[1];
    range->by = FLE_BY_IP_RANGES;
    range->sure = FLOWENRICH_SURE_SIGHTED;
    range->identity.single[FLE_ATTR_TYPE] = FLE_TEXT("aws:service");
    nobody = batch->answers[2];
    nobody->reason = FLE_REASON_NOT_IN_INVENTORY;
    batch->ends[FLE_CLIENT][0] = 0;
    batch->ends[FLE_SERVER][0] = 1;
    batch->ends[FLE_CLIENT][2] = 2;
    return true;
}

/* NULL if memory ran out. */
static inline flowenrich_batch *enriched_new(const flowenrich_allocator *allocator)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;

    options.allocator = allocator;
    if (flowenrich_batch_new(&batch, ENRICHED_ROWS, &options, NULL) != FLOWENRICH_OK)
        return NULL;
    batch->rows = ENRICHED_ROWS;
    batch->kinds[0] = batch->kinds[2] = FLE_ROW_TRAFFIC;
    batch->kinds[1] = FLE_ROW_NODATA;
    if (enriched_columns(batch) && enriched_answers(batch))
        return batch;
    flowenrich_batch_free(batch);
    return NULL;
}

#endif
