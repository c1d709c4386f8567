/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be asked about an end, and the distinct questions of a batch. */
#include "enrich/inquiry.h"

/* The end is the observer itself: its own side, not overwritten, of something with a name. */
static bool is_observer(const fle_facts *facts, fle_side side)
{
    return facts->own == side && !facts->is_hop && facts->observer.len;
}

/* By the inventory's word for the interface, or else the record's. */
static bool may_hold(const fle_context *context, const fle_metadata *metadata,
                     const fle_identity *interface, const fle_address *wire)
{
    const flowenrich_text *of = metadata->of;

    if (!context->snapshot ||
        (interface && fle_snapshot_is_own(context->snapshot, interface, wire)))
        return true;
    return interface ? fle_snapshot_may_hold(context->snapshot, interface->single[FLE_ATTR_VPC_ID],
                                             interface->single[FLE_ATTR_SUBNET_ID], wire)
                     : fle_snapshot_may_hold(context->snapshot, of[FLE_META_VPC],
                                             of[FLE_META_SUBNET], wire);
}

/*
 * The next hop is the end if it doesn't pass packets on. By its kind that may not
 * show (a firewall or NAT instance is an instance), but what lies outside of its
 * subnet isn't the next hop; nor what has a public address: a gateway lies between.
 */
static bool is_next_hop(const fle_context *context, const fle_facts *facts, fle_side side,
                        const fle_metadata *metadata, const fle_identity *interface)
{
    const fle_kind *kind = fle_kind_find(metadata->of[FLE_META_KIND]);
    const fle_address *wire = facts->wire[side];

    if (facts->own != fle_other(side) || !metadata->of[FLE_META_INTERFACE].len)
        return false;
    if ((kind && kind->forwards) || (interface && interface->forwards))
        return false;
    return (!fle_address_is_v4(wire) || fle_address_is_private(wire)) &&
           may_hold(context, metadata, interface, wire);
}

static const fle_identity *find_interface(const fle_context *context, const fle_metadata *metadata)
{
    const flowenrich_text id = metadata->of[FLE_META_INTERFACE];

    return context->snapshot && id.len ? fle_snapshot_interface(context->snapshot, id) : NULL;
}

/* Does the record itself name the interface of this end? */
static bool form_interface(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                           fle_side side, size_t row)
{
    if (is_observer(facts, side)) {
        fle_metadata_read(&inquiry->metadata, context, FLE_SOURCE_OBSERVER, row);
        inquiry->interface = facts->interface;
        inquiry->ask = FLE_ASK_OWN;
        return true;
    }
    fle_metadata_read(&inquiry->metadata, context, FLE_SOURCE_NEXT_HOP, row);
    inquiry->interface = find_interface(context, &inquiry->metadata);
    inquiry->ask = FLE_ASK_NEXT_HOP;
    return is_next_hop(context, facts, side, &inquiry->metadata, inquiry->interface);
}

void fle_inquiry_form(fle_inquiry *inquiry, const fle_context *context, const fle_facts *facts,
                      fle_side side, size_t row)
{
    flowenrich_key *key = &inquiry->key;

    memset(inquiry, 0, sizeof *inquiry);
    inquiry->answer = inquiry->resolver = FLE_ABSENT;
    key->size = sizeof *key;
    key->from = key->until = FLOWENRICH_TIME_ABSENT;
    if (!facts->wire[side])
        return;
    key->kind = FLOWENRICH_KEY_INTERFACE;
    key->observer = facts->observer;
    key->vpc = facts->vpc[side];
    key->space = facts->space[side];
    if (form_interface(inquiry, context, facts, side, row)) {
        key->id = inquiry->metadata.of[FLE_META_INTERFACE];
        if (inquiry->interface) /* an interface is itself at any time and for everybody */
            return;
    } else {
        key->kind = FLOWENRICH_KEY_ADDRESS;
        inquiry->ask = FLE_ASK_ADDRESS;
        inquiry->interface = NULL;
        fle_metadata_read(&inquiry->metadata, context,
                          side == FLE_SRC ? FLE_SOURCE_SRC : FLE_SOURCE_DST, row);
    }
    memcpy(key->address, facts->wire[side]->bytes, sizeof key->address);
    key->from = facts->from;
    key->until = facts->until;
}

void fle_inquiry_address(const fle_inquiry *inquiry, fle_address *out)
{
    memcpy(out->bytes, inquiry->key.address, sizeof out->bytes);
}

bool fle_inquiries_init(fle_inquiries *inquiries, const fle_allocator *allocator, uint64_t seed)
{
    memset(inquiries, 0, sizeof *inquiries);
    inquiries->allocator = allocator;
    fle_arena_init(&inquiries->keys, allocator);
    fle_buffer_init(&inquiries->key, allocator);
    inquiries->seen = fle_map_new(allocator, seed);
    return inquiries->seen != NULL;
}

void fle_inquiries_free(fle_inquiries *inquiries)
{
    fle_free(inquiries->allocator, inquiries->items);
    fle_map_free(inquiries->seen);
    fle_arena_free(&inquiries->keys);
    fle_buffer_free(&inquiries->key);
}

void fle_inquiries_clear(fle_inquiries *inquiries)
{
    inquiries->n = 0;
    fle_map_clear(inquiries->seen);
    fle_arena_clear(&inquiries->keys);
}

static void append(fle_buffer *key, const void *data, size_t len)
{
    fle_buffer_append(key, data, len);
}

static void append_text(fle_buffer *key, flowenrich_text text)
{
    append(key, &text.len, sizeof text.len);
    fle_buffer_text(key, text);
}

/*
 * Everything an answer depends on, times and metadata too: an answer that came
 * from another record must be the one this record would have got, however the
 * input was cut into batches.
 */
static void build_key(fle_buffer *key, const fle_inquiry *inquiry)
{
    fle_buffer_clear(key);
    append(key, &inquiry->ask, sizeof inquiry->ask);
    append(key, &inquiry->key.space, sizeof inquiry->key.space);
    append(key, inquiry->key.address, sizeof inquiry->key.address);
    append(key, &inquiry->key.from, sizeof inquiry->key.from);
    append(key, &inquiry->key.until, sizeof inquiry->key.until);
    append_text(key, inquiry->key.observer);
    append_text(key, inquiry->key.vpc);
    for (size_t i = 0; i < FLE_N_METADATA; i++)
        append_text(key, inquiry->metadata.of[i]);
}

uint32_t fle_inquiries_add(fle_inquiries *inquiries, const fle_inquiry *inquiry)
{
    fle_buffer *key = &inquiries->key;
    const uint32_t number = (uint32_t)inquiries->n;
    const uint32_t *found;
    flowenrich_text kept;
    fle_inquiry *items;

    build_key(key, inquiry);
    if (key->failed)
        return FLE_ABSENT;
    found = fle_map_find(inquiries->seen, key->data, key->len);
    if (found)
        return *found;
    items = fle_grow(inquiries->allocator, inquiries->items, &inquiries->capacity, inquiries->n + 1,
                     sizeof *items);
    if (!items)
        return FLE_ABSENT;
    inquiries->items = items;
    if (!fle_arena_text(&inquiries->keys, key->data, key->len, &kept) ||
        !fle_map_add(inquiries->seen, kept.data, kept.len, number))
        return FLE_ABSENT;
    items[number] = *inquiry;
    inquiries->n++;
    return number;
}
