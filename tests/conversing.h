/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of conversations whose ends are named, put together by hand. */
#ifndef TESTS_CONVERSING_H
#define TESTS_CONVERSING_H

#include "charging.h"
#include "enriching.h"
#include "record/list.h"

#define CONVERSING_HOPS 3

/* A conversation. Ends and hops are as charging_point() reads them; NULL: nobody named it. */
typedef struct conversing_row {
    const char *client, *client_addr, *server, *server_addr;
    const char *hops[CONVERSING_HOPS];
    const char *path, *nat, *verdict, *tgw; /* may be NULL */
    uint64_t up, down;
} conversing_row;

/* The network of account n, whose VPC and subnets a, among others, shares; and ranges of AWS's. */
static inline flowenrich_snapshot *conversing_inventory(void)
{
    return enriching_inventory(
        "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"OwnerId\": \"n\", \"CidrBlock\": \"10.0.0.0/16\"}]}"
        "{\"Subnets\": [{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\", \"OwnerId\": \"n\", "
        "\"CidrBlock\": \"10.0.1.0/24\", \"AvailabilityZone\": \"us-east-1a\", "
        "\"AvailabilityZoneId\": \"use1-az1\"}]}"
        "{\"createDate\": \"2026-03-01-00-00-00\", \"prefixes\": [{\"ip_prefix\": "
        "\"52.216.0.0/15\", \"region\": \"us-east-1\", \"service\": \"S3\"}]}");
}

static inline void conversing_must(bool holds)
{
    if (!holds)
        abort();
}

static inline void conversing_end(flowenrich_batch *batch, fle_end end, size_t row,
                                  const char *text, const char *address)
{
    const char *const path = end == FLE_CLIENT ? "client.addr" : "server.addr";
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_ADDRESS);
    const fle_address value = enriching_address(address);
    const uint32_t number = fle_batch_new_answer(batch);
    flowenrich_answer *answer;
    flowenrich_text *single;
    fle_point point;

    conversing_must(column && number != FLE_ABSENT);
    fle_column_set_address(column, row, &value);
    batch->ends[end][row] = number;
    answer = batch->answers[number];
    answer->reason = FLE_REASON_NOT_IN_INVENTORY;
    if (!text)
        return;
    point = charging_point(text);
    single = answer->identity.single;
    answer->by = FLE_BY_ADDRESS;
    answer->reason = FLE_REASON_NONE;
    single[FLE_ATTR_TYPE] = point.place == FLE_PLACE_SERVICE ? FLE_TEXT("aws:service") : point.type;
    single[FLE_ATTR_AVAILABILITY_ZONE_ID] = point.zone;
    single[FLE_ATTR_VPC_ID] = point.vpc;
    single[FLE_ATTR_ACCOUNT_ID] = point.account;
    single[FLE_ATTR_REGION] = point.region;
    single[FLE_ATTR_AWS_SERVICE] = point.service;
    if (point.is_public)
        single[FLE_ATTR_VIA_PUBLIC] = FLE_TEXT("203.0.113.1");
}

static inline void conversing_list(flowenrich_batch *batch, const char *path, size_t row,
                                   flowenrich_text text)
{
    fle_column *column = fle_batch_add_list(batch, fle_text_of(path), FLOWENRICH_TYPE_TEXT);

    conversing_must(column && fle_list_add_text(batch, column, row, text.data, text.len));
}

static inline void conversing_text(flowenrich_batch *batch, const char *path, size_t row,
                                   const char *text)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_TEXT);
    flowenrich_slice slice;

    conversing_must(column != NULL);
    if (!text)
        return;
    conversing_must(fle_batch_append_text(batch, text, strlen(text), &slice));
    fle_column_set_slice(column, row, slice);
}

static inline void conversing_number(flowenrich_batch *batch, const char *path, size_t row,
                                     uint64_t value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_U64);

    conversing_must(column != NULL);
    fle_column_set_u64(column, row, value);
}

static inline void conversing_add(flowenrich_batch *batch, const conversing_row *of)
{
    const size_t row = batch->rows++;
    fle_column *start = fle_batch_add_field(batch, FLE_FIELD_START);

    conversing_must(start != NULL);
    fle_column_set_time(start, row, CHARGING_DAY);
    batch->kinds[row] = FLE_ROW_TRAFFIC;
    conversing_end(batch, FLE_CLIENT, row, of->client, of->client_addr);
    conversing_end(batch, FLE_SERVER, row, of->server, of->server_addr);
    for (size_t i = 0; i < CONVERSING_HOPS && of->hops[i]; i++) {
        const fle_point hop = charging_point(of->hops[i]);

        conversing_list(batch, "hops.type", row, hop.type);
        conversing_list(batch, "hops.availability_zone_id", row, hop.zone);
        conversing_list(batch, "hops.vpc_id", row, hop.vpc);
        conversing_list(batch, "hops.account_id", row, hop.account);
    }
    if (of->tgw)
        conversing_list(batch, "tgw", row, fle_text_of(of->tgw));
    conversing_text(batch, "path", row, of->path);
    conversing_text(batch, "nat", row, of->nat);
    conversing_text(batch, "verdict", row, of->verdict);
    conversing_number(batch, "uploaded", row, of->up);
    conversing_number(batch, "downloaded", row, of->down);
}

/* In memory of an allocator's. The snapshot is given up; both may be NULL. */
static inline flowenrich_batch *conversing_batch_in(const flowenrich_allocator *allocator,
                                                    flowenrich_snapshot *snapshot,
                                                    const conversing_row *rows, size_t n)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;

    options.allocator = allocator;
    conversing_must(flowenrich_batch_new(&batch, n, &options, NULL) == FLOWENRICH_OK);
    batch->level = FLE_LEVEL_CONVERSATION;
    conversing_must(fle_batch_begin_ends(batch, snapshot, flowenrich_snapshot_free));
    for (size_t i = 0; i < n; i++)
        conversing_add(batch, &rows[i]);
    return batch;
}

static inline flowenrich_batch *conversing_batch(flowenrich_snapshot *snapshot,
                                                 const conversing_row *rows, size_t n)
{
    return conversing_batch_in(NULL, snapshot, rows, n);
}

#endif
