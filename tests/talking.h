/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations as a pairer gives them out, put together by hand. */
#ifndef TESTS_TALKING_H
#define TESTS_TALKING_H

#include "enriching.h"
#include "record/list.h"
#include "record/observed.h"

#define TALKING_MOST 4

/* What isn't there is NULL. It began at noon, and took a minute. */
typedef struct talk {
    const char *client, *server;
    const char *client_observer, *server_observer;
    bool client_contested, server_contested;
    const char *client_public, *server_public;
    const char *observers[TALKING_MOST]; /* the first is the viewpoint */
    const char *hops[TALKING_MOST];
    const char *tgw;
    const char *next_hop;
    uint32_t traffic_path;
    fle_observed observed; /* of whom the records say something themselves */
} talk;

static inline void talking_text(flowenrich_batch *batch, const char *path, const char *value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_TEXT);
    flowenrich_slice slice;

    if (!column || (value && !fle_batch_append_text(batch, value, strlen(value), &slice)))
        abort();
    if (value)
        fle_column_set_slice(column, 0, slice);
}

static inline void talking_list(flowenrich_batch *batch, const char *path, const char *const *items)
{
    fle_column *column = fle_batch_add_list(batch, fle_text_of(path), FLOWENRICH_TYPE_TEXT);

    for (size_t i = 0; i < TALKING_MOST && items[i]; i++)
        if (!column || !fle_list_add_text(batch, column, 0, items[i], strlen(items[i])))
            abort();
}

static inline void talking_end(flowenrich_batch *batch, const char *end, const char *address,
                               uint32_t port)
{
    char path[64];
    fle_address parsed;

    snprintf(path, sizeof path, "%s.port", end);
    fle_column_set_u32(fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_U32), 0, port);
    snprintf(path, sizeof path, "%s.addr", end);
    parsed = enriching_address(address);
    fle_column_set_address(fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_ADDRESS), 0,
                           &parsed);
}

static inline void talking_flag(flowenrich_batch *batch, const char *path, bool value)
{
    fle_column *column = fle_batch_add(batch, fle_text_of(path), FLOWENRICH_TYPE_BOOL);

    if (value)
        fle_column_set_bool(column, 0, true);
}

static inline flowenrich_batch *talking_batch(const talk *t)
{
    const char *const gateways[TALKING_MOST] = { t->tgw };
    flowenrich_batch *batch;

    if (flowenrich_batch_new(&batch, 4, NULL, NULL) != FLOWENRICH_OK)
        abort();
    batch->level = FLE_LEVEL_CONVERSATION;
    batch->rows = 1;
    talking_text(batch, "id", "00000000000000aa");
    fle_column_set_u32(fle_batch_add(batch, FLE_TEXT("protocol"), FLOWENRICH_TYPE_U32), 0, 6);
    fle_column_set_time(fle_batch_add(batch, FLE_TEXT("start"), FLOWENRICH_TYPE_TIME), 0,
                        ENRICHING_NOON);
    fle_column_set_time(fle_batch_add(batch, FLE_TEXT("end"), FLOWENRICH_TYPE_TIME), 0,
                        ENRICHING_NOON + 60);
    talking_end(batch, "client", t->client, 41000);
    talking_end(batch, "server", t->server, 443);
    talking_text(batch, "client.observer", t->client_observer);
    talking_text(batch, "server.observer", t->server_observer);
    talking_flag(batch, "client.contested", t->client_contested);
    talking_flag(batch, "server.contested", t->server_contested);
    talking_text(batch, "client.public", t->client_public);
    talking_text(batch, "server.public", t->server_public);
    talking_text(batch, "direction.by", "syn");
    fle_column_set_f64(fle_batch_add(batch, FLE_TEXT("direction.confidence"), FLOWENRICH_TYPE_F64),
                       0, 1);
    talking_text(batch, "observer", t->observers[0]);
    talking_list(batch, "observers", t->observers);
    talking_list(batch, "hops.observer", t->hops);
    talking_list(batch, "tgw", gateways);
    talking_text(batch, "next_hop_interface_id", t->next_hop);
    if (t->traffic_path)
        fle_column_set_u32(fle_batch_add_field(batch, FLE_FIELD_TRAFFIC_PATH), 0, t->traffic_path);
    if (t->observed.id.len && fle_batch_add_observed(batch, &t->observed) == FLE_ABSENT)
        abort();
    return batch;
}

#endif
