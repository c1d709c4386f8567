/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged, and what is known of them: observers, their VPCs, and flow logs, by numbers. */
#include "pair/observers.h"

#include "base/prefetch.h"

/* About what an observer, or a text, takes beside its own bytes: in arrays, slots and maps. */
#define OBSERVER_BYTES (sizeof(fle_observer) + sizeof(fle_badge) + 2 * sizeof(fle_indexed))
#define NAME_BYTES (sizeof(flowenrich_text) + 64)

static bool add(fle_observers *observers, flowenrich_text id, uint32_t hash, bool is_gateway);

bool fle_observers_init(fle_observers *observers, const fle_allocator *allocator,
                        uint64_t hash_seed, size_t max_bytes)
{
    uint16_t none;

    memset(observers, 0, sizeof *observers);
    observers->allocator = allocator;
    observers->hash_seed = hash_seed;
    observers->max_bytes = max_bytes;
    fle_arena_init(&observers->arena, allocator);
    observers->texts = fle_map_new(allocator, hash_seed);
    observers->by_vpc = fle_map_new(allocator, hash_seed);
    observers->by_flow_log = fle_map_new(allocator, hash_seed);
    return fle_index_init(&observers->by_id, allocator) && observers->texts && observers->by_vpc &&
           observers->by_flow_log && fle_observers_flow_log(observers, fle_text("", 0), &none) &&
           add(observers, fle_text("", 0), 0, false);
}

void fle_observers_free(fle_observers *observers)
{
    fle_map_free(observers->texts);
    fle_index_free(&observers->by_id);
    fle_map_free(observers->by_vpc);
    fle_map_free(observers->by_flow_log);
    fle_free(observers->allocator, observers->names);
    fle_free(observers->allocator, observers->items);
    fle_free(observers->allocator, observers->badges);
    fle_free(observers->allocator, observers->vpcs);
    fle_free(observers->allocator, observers->flow_logs);
    fle_arena_free(&observers->arena);
}

size_t fle_observers_bytes(const fle_observers *observers)
{
    return sizeof *observers + observers->arena.bytes + observers->n * OBSERVER_BYTES +
           observers->n_names * NAME_BYTES;
}

static bool has_room(const fle_observers *observers)
{
    return observers->n < 2 || fle_observers_bytes(observers) < observers->max_bytes;
}

/* The one copy of a text: those of VPCs, accounts and zones come again and again. */
static bool keep(fle_observers *observers, flowenrich_text text, flowenrich_text *out)
{
    const uint32_t *number = fle_map_find(observers->texts, text.data, text.len);
    flowenrich_text *names;

    if (number) {
        *out = observers->names[*number];
        return true;
    }
    *out = fle_text("", 0);
    if (!has_room(observers))
        return true;
    names = fle_grow(observers->allocator, observers->names, &observers->names_capacity,
                     observers->n_names + 1, sizeof *names);
    if (!names)
        return false;
    observers->names = names;
    if (!fle_arena_text(&observers->arena, text.data, text.len, &names[observers->n_names]) ||
        !fle_map_add(observers->texts, names[observers->n_names].data, text.len,
                     (uint32_t)observers->n_names))
        return false;
    *out = names[observers->n_names++];
    return true;
}

/* A number for each text of some kind, of which there are few. */
static bool number_of(fle_observers *observers, fle_map *map, flowenrich_text **items, size_t *n,
                      size_t *capacity, flowenrich_text text, uint16_t *out)
{
    const uint32_t *number = fle_map_find(map, text.data, text.len);
    flowenrich_text *grown;

    *out = 0;
    if (number) {
        *out = (uint16_t)*number;
        return true;
    }
    if (*n > UINT16_MAX)
        return true;
    grown = fle_grow(observers->allocator, *items, capacity, *n + 1, sizeof *grown);
    if (!grown)
        return false;
    *items = grown;
    if (!keep(observers, text, &grown[*n]))
        return false;
    if (grown[*n].len != text.len)
        return true;
    if (!fle_map_add(map, grown[*n].data, text.len, (uint32_t)*n))
        return false;
    *out = (uint16_t)(*n)++;
    return true;
}

bool fle_observers_flow_log(fle_observers *observers, flowenrich_text id, uint16_t *out)
{
    return number_of(observers, observers->by_flow_log, &observers->flow_logs,
                     &observers->n_flow_logs, &observers->flow_logs_capacity, id, out);
}

bool fle_observers_vpc(fle_observers *observers, flowenrich_text id, uint16_t *out)
{
    return number_of(observers, observers->by_vpc, &observers->vpcs, &observers->n_vpcs,
                     &observers->vpcs_capacity, id, out);
}

/* Nobody's VPC has number 0, too: so it is unknown. */
static bool find_vpc(fle_observers *observers, fle_observer *observer)
{
    flowenrich_text vpc = observer->told.vpc_id;

    if (observer->interface && fle_entry_has(observer->interface, FLE_ATTR_VPC_ID))
        vpc = fle_snapshot_text(observers->snapshot, observer->interface, FLE_ATTR_VPC_ID);
    return fle_observers_vpc(observers, vpc, &observer->vpc);
}

static bool is_nat(const fle_observers *observers, const fle_observer *observer)
{
    return observer->is_regional || fle_text_is(observer->told.interface_type, "nat_gateway") ||
           (observer->interface &&
            fle_text_is(fle_snapshot_text(observers->snapshot, observer->interface, FLE_ATTR_TYPE),
                        "ec2:nat-gateway"));
}

/* Ids aren't used again, so what was one once is one. */
static void note_nat(fle_observers *observers, size_t number)
{
    fle_badge *badge = &observers->badges[number];

    if (!badge->is_nat && is_nat(observers, &observers->items[number]))
        badge->is_nat = observers->has_new_gateway = true;
}

static bool look_up(fle_observers *observers, size_t number)
{
    fle_observer *observer = &observers->items[number];

    observer->interface = NULL;
    if (observers->snapshot && observer->told.id.len)
        observer->interface = fle_snapshot_interface(observers->snapshot, observer->told.id);
    note_nat(observers, number);
    return find_vpc(observers, observer);
}

bool fle_observers_set_snapshot(fle_observers *observers, const flowenrich_snapshot *snapshot)
{
    observers->snapshot = snapshot;
    for (size_t i = 0; i < observers->n; i++)
        if (!look_up(observers, i))
            return false;
    return true;
}

/* ---- Finding. ---- */

/* Number 0, nobody, isn't in the index: who has no id is found without it. */
static bool add(fle_observers *observers, flowenrich_text id, uint32_t hash, bool is_gateway)
{
    const uint32_t number = (uint32_t)observers->n;
    fle_observer *items = fle_grow(observers->allocator, observers->items, &observers->capacity,
                                   observers->n + 1, sizeof *items);
    fle_badge *badges = fle_grow(observers->allocator, observers->badges,
                                 &observers->badges_capacity, observers->n + 1, sizeof *badges);

    if (items)
        observers->items = items;
    if (badges)
        observers->badges = badges;
    if (!items || !badges || !fle_index_reserve(&observers->by_id))
        return false;
    items[number] =
        (fle_observer){ .is_gateway = is_gateway, .is_regional = fle_text_starts(id, "nat-") };
    badges[number] = (fle_badge){ .len = (uint32_t)id.len };
    if (id.len > 0 && id.len <= sizeof badges->id)
        memcpy(badges[number].id, id.data, id.len);
    if (!keep(observers, id, &items[number].told.id) || !look_up(observers, number))
        return false;
    if (number != 0)
        fle_index_add(&observers->by_id, hash, number);
    observers->n++;
    return true;
}

bool fle_observers_is(const fle_observers *observers, uint32_t number, flowenrich_text id)
{
    const fle_badge *badge = &observers->badges[number];

    if (badge->len != id.len)
        return false;
    if (id.len > sizeof badge->id)
        return fle_text_equal(observers->items[number].told.id, id);
    return id.len == 0 || memcmp(badge->id, id.data, id.len) == 0;
}

void fle_observers_expect(const fle_observers *observers, uint32_t hash)
{
    fle_index_expect(&observers->by_id, hash);
}

uint32_t fle_observers_expect_badge(const fle_observers *observers, uint32_t hash)
{
    size_t at = fle_index_begin(&observers->by_id, hash);
    const uint32_t number = fle_index_next(&observers->by_id, hash, &at);

    fle_prefetch(&observers->badges[number], sizeof *observers->badges);
    return number;
}

bool fle_observers_find(fle_observers *observers, flowenrich_text id, uint32_t hash,
                        bool is_gateway, uint32_t *out)
{
    size_t at = fle_index_begin(&observers->by_id, hash);

    *out = 0;
    if (id.len == 0)
        return true;
    for (uint32_t i; (i = fle_index_next(&observers->by_id, hash, &at)) != FLE_NONE;)
        if (fle_observers_is(observers, i, id)) {
            *out = i;
            return true;
        }
    if (!has_room(observers)) {
        observers->refused++;
        return true;
    }
    *out = (uint32_t)observers->n;
    return add(observers, id, hash, is_gateway);
}

/* ---- What is told of them. ---- */

static bool tell(fle_observers *observers, flowenrich_text *kept, flowenrich_text told)
{
    return told.len == 0 || fle_text_equal(*kept, told) || keep(observers, told, kept);
}

bool fle_observers_tell(fle_observers *observers, uint32_t number, const fle_observed *told)
{
    fle_observer *observer = &observers->items[number];
    fle_observed *kept = &observer->told;

    if (number == 0)
        return true;
    observers->badges[number].is_told = true;
    if (!tell(observers, &kept->vpc_id, told->vpc_id) ||
        !tell(observers, &kept->subnet_id, told->subnet_id) ||
        !tell(observers, &kept->account_id, told->account_id) ||
        !tell(observers, &kept->instance_id, told->instance_id) ||
        !tell(observers, &kept->task_arn, told->task_arn) ||
        !tell(observers, &kept->az_id, told->az_id) ||
        !tell(observers, &kept->region, told->region) ||
        !tell(observers, &kept->resource_id, told->resource_id) ||
        !tell(observers, &kept->interface_type, told->interface_type))
        return false;
    note_nat(observers, number);
    return find_vpc(observers, observer);
}

void fle_observer_skip(fle_observer *observer, uint32_t from, uint32_t until)
{
    const uint8_t at = observer->skips % FLE_OBSERVER_SKIPS;

    if (observer->skip_until[at] > observer->forgotten_until)
        observer->forgotten_until = observer->skip_until[at];
    observer->skip_from[at] = from;
    observer->skip_until[at] = until;
    observer->skips = (uint8_t)(observer->skips < 2 * FLE_OBSERVER_SKIPS - 1 ? observer->skips + 1
                                                                             : FLE_OBSERVER_SKIPS);
}

bool fle_observer_skipped(const fle_observer *observer, uint32_t from, uint32_t until)
{
    const uint8_t n = observer->skips < FLE_OBSERVER_SKIPS ? observer->skips : FLE_OBSERVER_SKIPS;

    for (uint8_t i = 0; i < n; i++)
        if (observer->skip_from[i] <= until && observer->skip_until[i] >= from)
            return true;
    return false;
}
