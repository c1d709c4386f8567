/* SPDX-License-Identifier: Apache-2.0 */
/* Public addresses of ours: the interface that has one stands in its place in keys. */
#include "pair/homes.h"

static const uint8_t mark[8] = { 0xff, 0, 'f', 'l', 'e', 0, 0, 0 };

bool fle_homes_init(fle_homes *homes, const fle_allocator *allocator, uint64_t hash_seed)
{
    memset(homes, 0, sizeof *homes);
    homes->allocator = allocator;
    fle_arena_init(&homes->keys, allocator);
    homes->by_hash = fle_map_new(allocator, hash_seed);
    homes->ports = fle_alloc_zeroed(allocator, FLE_PORT_BYTES);
    return homes->by_hash && homes->ports;
}

void fle_homes_free(fle_homes *homes)
{
    fle_map_free(homes->by_hash);
    fle_arena_free(&homes->keys);
    fle_free(homes->allocator, homes->ports);
}

size_t fle_homes_bytes(const fle_homes *homes)
{
    return FLE_PORT_BYTES + homes->keys.bytes + 64 * fle_map_count(homes->by_hash);
}

void fle_homes_set_snapshot(fle_homes *homes, const flowenrich_snapshot *snapshot)
{
    memset(homes->foreign, 0, sizeof homes->foreign);
    memset(homes->ports, 0, FLE_PORT_BYTES);
    if (snapshot)
        fle_snapshot_balanced_ports(snapshot, homes->ports);
    homes->has_ports = false;
    for (size_t i = 0; i < FLE_PORT_BYTES; i++)
        homes->has_ports = homes->has_ports || homes->ports[i] != 0;
}

uint32_t fle_homes_find(const fle_homes *homes, const fle_address *address)
{
    const uint32_t *number = NULL;

    if (memcmp(address->bytes, mark, sizeof mark) == 0)
        number = fle_map_find(homes->by_hash, address, sizeof *address);
    return number ? *number : 0;
}

bool fle_homes_is_private(const fle_homes *homes, const fle_address *address)
{
    return fle_address_is_private(address) || fle_homes_find(homes, address) != 0;
}

/* ---- Looking up. ---- */

static fle_address *foreign_of(fle_homes *homes, const fle_address *address)
{
    return &homes->foreign[fle_hash(address, sizeof *address, 0) % 256];
}

/* May an interface's record, or another's, name it by another address of its own than this does? */
static bool may_be_vague(const fle_observers *observers, const fle_notice *notice)
{
    return notice->is_hop_only || observers->items[notice->observer].is_regional;
}

/*
 * The interface that had an address, as an observer; 0 if none is known. Who only is assumed to
 * have had it will do: what comes of it is no name, and without it all would count twice where the
 * inventory was described once.
 */
static bool find_owner(fle_observers *observers, const fle_notice *notice, uint32_t slack,
                       fle_pole pole, uint32_t *out, bool *is_foreign)
{
    const uint16_t seen_from =
        notice->vpc[pole] ? notice->vpc[pole] : observers->items[notice->observer].vpc;
    const fle_question question = { .space = fle_snapshot_space(observers->snapshot,
                                                                observers->vpcs[seen_from]),
                                    .address = notice->key.address[pole],
                                    .from = (int64_t)notice->start - slack,
                                    .until = (int64_t)notice->end + slack,
                                    .is_for_key = true };
    flowenrich_text id;
    fle_finding found;

    *out = 0;
    fle_snapshot_owner(observers->snapshot, &question, &found);
    *is_foreign = !found.owner && found.reason == FLE_REASON_NOT_IN_INVENTORY;
    if (!found.owner || (found.by == FLE_BY_PREFIX && !may_be_vague(observers, notice)))
        return true;
    id = fle_snapshot_text(observers->snapshot, found.owner, FLE_ATTR_INTERFACE_ID);
    return fle_observers_find(observers, id, fle_observers_hash(observers, id), false, out);
}

static bool find_public(fle_homes *homes, fle_observers *observers, const fle_notice *notice,
                        uint32_t slack, fle_pole pole, uint32_t *out)
{
    const fle_address *address = &notice->key.address[pole];
    fle_address *foreign;
    bool is_foreign;

    *out = 0;
    if (!fle_address_is_v4(address) || fle_address_is_private(address))
        return true;
    foreign = foreign_of(homes, address);
    if (memcmp(foreign, address, sizeof *address) == 0)
        return true;
    if (!find_owner(observers, notice, slack, pole, out, &is_foreign))
        return false;
    if (is_foreign)
        *foreign = *address;
    if (*out != 0)
        observers->items[*out].public_address = *address;
    return true;
}

/* ---- Entering. ---- */

static bool enter(fle_homes *homes, const fle_observers *observers, fle_notice *notice,
                  fle_pole pole, uint32_t number)
{
    const flowenrich_text id = observers->items[number].told.id;
    const uint64_t hash = fle_hash(id.data, id.len, 0);
    fle_address *address = &notice->key.address[pole], *key;

    memcpy(address->bytes, mark, sizeof mark);
    for (size_t i = 0; i < 8; i++)
        address->bytes[8 + i] = (uint8_t)(hash >> (56 - 8 * i));
    if (fle_map_find(homes->by_hash, address, sizeof *address))
        return true;
    key = fle_arena_alloc(&homes->keys, sizeof *key);
    if (!key)
        return false;
    *key = *address;
    return fle_map_add(homes->by_hash, key, sizeof *key, number);
}

static bool has_public(const fle_observers *observers, uint32_t number)
{
    const fle_entry *interface = observers->items[number].interface;

    return interface && fle_entry_has_public(interface);
}

static bool has_several(const fle_observers *observers, uint32_t number)
{
    const fle_entry *interface = observers->items[number].interface;

    return interface && fle_entry_has_several(interface);
}

/*
 * The other end of such a record: the observer itself, or who has the address. Only an
 * interface with a public address may be seen by that, too; what is behind one is itself, and so
 * may be what an observer shows by its primary address.
 */
static bool find_other(fle_observers *observers, const fle_notice *notice, uint32_t slack,
                       fle_pole pole, uint32_t *out)
{
    const fle_address *address = &notice->key.address[pole];
    bool is_foreign;

    *out = 0;
    if (notice->place == pole && notice->behind)
        return true;
    if (notice->place == pole)
        *out = notice->observer;
    else if (!find_owner(observers, notice, slack, pole, out, &is_foreign))
        return false;
    if (!has_public(observers, *out) ||
        (notice->is_hop_only && *out == notice->observer && has_several(observers, *out)))
        *out = 0;
    if (*out != 0)
        observers->items[*out].own_address = *address;
    return true;
}

/* The poles are in order again; who sent, and where the observer looked from, go with them. */
static void put_in_order(fle_notice *notice)
{
    fle_key *key = &notice->key;
    const fle_address address = key->address[FLE_LOW];
    const uint16_t port = key->port[FLE_LOW];
    const uint32_t shown = notice->shown[FLE_LOW], maybe = notice->maybe[FLE_LOW];
    const uint16_t vpc = notice->vpc[FLE_LOW];
    const bool by_others = notice->is_shown_by_others[FLE_LOW];
    const int order = memcmp(&key->address[FLE_LOW], &key->address[FLE_HIGH], sizeof address);

    if (order < 0 || (order == 0 && key->port[FLE_LOW] <= key->port[FLE_HIGH]))
        return;
    key->address[FLE_LOW] = key->address[FLE_HIGH];
    key->address[FLE_HIGH] = address;
    key->port[FLE_LOW] = key->port[FLE_HIGH];
    key->port[FLE_HIGH] = port;
    notice->shown[FLE_LOW] = notice->shown[FLE_HIGH];
    notice->shown[FLE_HIGH] = shown;
    notice->maybe[FLE_LOW] = notice->maybe[FLE_HIGH];
    notice->maybe[FLE_HIGH] = maybe;
    notice->vpc[FLE_LOW] = notice->vpc[FLE_HIGH];
    notice->vpc[FLE_HIGH] = vpc;
    notice->is_shown_by_others[FLE_LOW] = notice->is_shown_by_others[FLE_HIGH];
    notice->is_shown_by_others[FLE_HIGH] = by_others;
    notice->from = (uint8_t)fle_pole_other((fle_pole)notice->from);
    if (notice->place != FLE_N_POLES)
        notice->place = (uint8_t)fle_pole_other((fle_pole)notice->place);
}

/* By public addresses: at least one of the ends. */
static bool find_talkers(fle_homes *homes, fle_observers *observers, uint32_t slack,
                         const fle_notice *notice, uint32_t home[FLE_N_POLES])
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (!find_public(homes, observers, notice, slack, pole, &home[pole]))
            return false;
    if (home[FLE_LOW] == 0 && home[FLE_HIGH] == 0)
        return true;
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (home[pole] == 0 && !find_other(observers, notice, slack, pole, &home[pole]))
            return false;
    return true;
}

/* ---- Logs without the packets' addresses. ---- */

/* The pole at which the observer's own address stands; FLE_N_POLES if it isn't one only. */
static fle_pole own_pole(const fle_observers *observers, const fle_notice *notice)
{
    const fle_entry *interface = observers->items[notice->observer].interface;
    bool own[FLE_N_POLES];

    if (!interface)
        return FLE_N_POLES;
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        own[pole] = fle_snapshot_is_own(observers->snapshot, interface, &notice->key.address[pole]);
    return own[FLE_LOW] == own[FLE_HIGH] ? FLE_N_POLES : own[FLE_LOW] ? FLE_LOW : FLE_HIGH;
}

/*
 * What passes packets on writes its address over theirs. A load balancer may do so to its
 * targets; at a port of a listener its address is its own.
 */
static bool passes_on(const fle_homes *homes, const fle_observers *observers,
                      const fle_notice *notice, fle_pole own)
{
    const fle_entry *interface = observers->items[notice->observer].interface;

    return fle_entry_forwards(interface) ||
           (homes->has_ports && !fle_homes_is_balanced(homes, notice->key.port[own]) &&
            fle_text_is(fle_snapshot_text(observers->snapshot, interface, FLE_ATTR_TYPE),
                        "elb:network"));
}

/*
 * Might a pole be another address of its holder, and does no log of that tell which? Of who has
 * logged nothing yet it isn't known.
 */
typedef enum vagueness { IS_CLEAR, IS_UNKNOWN, IS_VAGUE } vagueness;

static vagueness judge_holder(const fle_observers *observers, uint32_t holder)
{
    const fle_tells tells = (fle_tells)observers->items[holder].tells;

    if (!has_several(observers, holder) || tells == FLE_TELLS_PACKETS)
        return IS_CLEAR;
    return tells == FLE_TELLS_HOPS ? IS_VAGUE : IS_UNKNOWN;
}

bool fle_homes_are_outdone(const fle_homes *homes, const fle_observers *observers,
                           const fle_key *key)
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        const uint32_t home = fle_homes_find(homes, &key->address[pole]);

        if (home != 0 && has_several(observers, home) &&
            observers->items[home].tells == FLE_TELLS_PACKETS)
            return true;
    }
    return false;
}

static bool is_inner(const fle_address *address)
{
    return fle_address_is_v4(address) && fle_address_is_private(address);
}

static void choose_home(const fle_observers *observers, fle_notice *notice, fle_pole pole,
                        uint32_t home[FLE_N_POLES])
{
    const vagueness found = judge_holder(observers, home[pole]);

    notice->maybe[pole] = found == IS_UNKNOWN ? home[pole] : 0;
    if (found != IS_VAGUE)
        home[pole] = 0;
}

/* What stands for an interface is shown as those see it who aren't it. */
static void note_shown(fle_notice *notice, fle_pole pole, uint32_t home)
{
    memcpy(&notice->shown[pole], notice->key.address[pole].bytes + 12, sizeof notice->shown[pole]);
    notice->is_shown_by_others[pole] = home != notice->observer;
}

/* Who talks to, or through, a gateway that writes its own address at the other pole. */
static bool find_talker(fle_observers *observers, uint32_t slack, fle_notice *notice, fle_pole pole,
                        uint32_t home[FLE_N_POLES])
{
    bool is_foreign;

    if (is_inner(&notice->key.address[pole]) &&
        !find_owner(observers, notice, slack, pole, &home[pole], &is_foreign))
        return false;
    choose_home(observers, notice, pole, home);
    for (fle_pole p = FLE_LOW; p < FLE_N_POLES; p++)
        note_shown(notice, p, home[p]);
    return true;
}

/*
 * A log without the packets' addresses has the primary address where the observer's own is
 * a secondary one or a pod's, and others see that one. Where those have no other log, either,
 * the interface stands for all its addresses. What is known by public addresses stays so.
 */
static bool find_holders(fle_observers *observers, uint32_t slack, fle_notice *notice, fle_pole own,
                         uint32_t home[FLE_N_POLES])
{
    uint32_t held[FLE_N_POLES] = { 0, 0 };
    bool is_foreign;

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (home[pole] == 0 && is_inner(&notice->key.address[pole]) &&
            !find_owner(observers, notice, slack, pole, &held[pole], &is_foreign))
            return false;
    if (own != FLE_N_POLES && has_several(observers, notice->observer) &&
        observers->items[held[fle_pole_other(own)]].tells == FLE_TELLS_PACKETS)
        notice->is_blind = true; /* the other end tells whose address it is */
    if (notice->is_blind)
        held[FLE_LOW] = held[FLE_HIGH] = 0;
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        if (home[pole] != 0)
            continue;
        choose_home(observers, notice, pole, held);
        home[pole] = held[pole];
        note_shown(notice, pole, home[pole]);
    }
    return true;
}

/* Note what such a record doesn't tell, and whether another log of its observer does. */
static void judge(const fle_homes *homes, fle_observers *observers, fle_notice *notice,
                  fle_pole own)
{
    fle_observer *observer = &observers->items[notice->observer];

    if (observer->tells == FLE_TELLS_NOTHING && !observer->is_gateway) {
        observer->tells = FLE_TELLS_HOPS;
        observers->tells_hops = true;
    }
    if (own == FLE_N_POLES)
        return;
    notice->is_blind = passes_on(homes, observers, notice, own);
    notice->is_shadowed = observer->tells == FLE_TELLS_PACKETS &&
                          (notice->is_blind || has_several(observers, notice->observer));
    if (notice->is_blind) {
        notice->place = (uint8_t)own;
        notice->behind = true;
    }
}

/* Whose packets' addresses such a record has, or that it doesn't tell. */
static fle_pole weigh(const fle_homes *homes, fle_observers *observers, fle_notice *notice)
{
    fle_pole own = FLE_N_POLES;

    if (!notice->is_hop_only && notice->place == FLE_N_POLES &&
        observers->badges[notice->observer].is_nat)
        notice->place = (uint8_t)own_pole(observers, notice);
    if (notice->is_hop_only) {
        own = own_pole(observers, notice);
        judge(homes, observers, notice, own);
    } else if (observers->items[notice->observer].tells != FLE_TELLS_PACKETS) {
        observers->items[notice->observer].tells = FLE_TELLS_PACKETS;
        observers->tells_packets =
            observers->tells_packets || !observers->items[notice->observer].is_regional;
    }
    return own;
}

bool fle_homes_enter(fle_homes *homes, fle_observers *observers, uint32_t slack, uint64_t hash_seed,
                     fle_notice *notice)
{
    uint32_t home[FLE_N_POLES] = { 0, 0 };
    fle_pole own;

    memset(notice->shown, 0, sizeof notice->shown);
    memset(notice->maybe, 0, sizeof notice->maybe);
    notice->is_shown_by_others[FLE_LOW] = notice->is_shown_by_others[FLE_HIGH] = false;
    notice->is_blind = notice->is_shadowed = false;
    if (!observers->snapshot || notice->end == 0)
        return true;
    own = weigh(homes, observers, notice);
    if (notice->is_shadowed)
        return true;
    if (notice->is_blind ? !find_talker(observers, slack, notice, fle_pole_other(own), home)
                         : !find_talkers(homes, observers, slack, notice, home))
        return false;
    if (!notice->is_blind && may_be_vague(observers, notice) &&
        !find_holders(observers, slack, notice, own, home))
        return false;
    if (home[FLE_LOW] == 0 && home[FLE_HIGH] == 0) {
        memset(notice->shown, 0, sizeof notice->shown);
        return true;
    }
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (home[pole] != 0 && !enter(homes, observers, notice, pole, home[pole]))
            return false;
    put_in_order(notice);
    notice->hash = fle_key_hash(&notice->key, hash_seed);
    return true;
}

bool fle_homes_rename(fle_homes *homes, const fle_observers *observers, uint64_t hash_seed,
                      unsigned poles, fle_notice *notice)
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if ((poles >> pole & 1) && !enter(homes, observers, notice, pole, notice->maybe[pole]))
            return false;
    put_in_order(notice);
    notice->hash = fle_key_hash(&notice->key, hash_seed);
    return true;
}
