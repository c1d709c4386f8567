/* SPDX-License-Identifier: Apache-2.0 */
/* The fleet: interfaces, the addresses they hold, and who held which when. */
#ifndef SIM_FLEET_H
#define SIM_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chance.h"
#include "knobs.h"

#define NOBODY UINT32_MAX
#define NOTHING UINT32_MAX
#define STILL INT32_MAX /* the end of what hasn't ended */

enum { SUBNETS = 4 }; /* of each VPC */

/* What a slot is: a thing that has one owner at a time. */
typedef enum slot_kind { SINGLE, BLOCK, SIX, ELASTIC, SLOT_KINDS } slot_kind;

/* What an address is to its owner. */
typedef enum hold_kind { PRIMARY, SECONDARY, PREFIX, IPV6, PUBLIC, HOLD_KINDS } hold_kind;

/* One owner of one slot, from `from` to before `until`, in seconds since the beginning. */
typedef struct tenure {
    uint32_t owner, slot;
    int32_t from, until;
    uint32_t next;      /* of the slot, later */
    uint32_t next_held; /* of the owner, earlier */
    uint32_t kind;      /* a hold_kind */
    uint32_t told;      /* what documents and events tell of it: told.c */
} tenure;

typedef struct slot {
    uint32_t first, last; /* tenures */
    uint32_t number;      /* in its subnet, of its kind */
    uint32_t movable;     /* place among the fleet's movable ones */
    uint16_t vpc;
    uint8_t subnet, kind;
} slot;

typedef struct eni {
    uint32_t held; /* the last tenure it began */
    uint32_t primary;
    uint32_t alive; /* place among those alive in its subnet */
    int32_t from, until;
    uint16_t vpc;
    uint8_t subnet;
    bool silent; /* logs nothing */
} eni;

typedef struct list {
    uint32_t *items;
    size_t len, capacity;
} list;

typedef struct subnet {
    list alive;            /* interfaces */
    list free[SLOT_KINDS]; /* slots, the most recently freed last */
    uint32_t fresh[SLOT_KINDS];
} subnet;

typedef struct vpc {
    subnet subnets[SUBNETS];
    list slots[SLOT_KINDS];
    uint32_t octet; /* 10.octet.0.0/16 */
    uint32_t logs;  /* flow logs it has: 0, 1 or 2 */
} vpc;

/* What was done to the fleet, in the order of time; documents and events are made of it. */
typedef enum change_kind { CREATED, DELETED, ASSIGNED, UNASSIGNED } change_kind;

typedef struct change {
    int32_t time;
    uint32_t kind;
    uint32_t eni;
    uint32_t tenure; /* of ASSIGNED and UNASSIGNED */
} change;

typedef struct fleet {
    const knobs *knobs;
    uint64_t seed;
    int32_t duration;
    vpc *vpcs;
    size_t n_vpcs;
    eni *enis;
    size_t n_enis, enis_capacity;
    slot *slots;
    size_t n_slots, slots_capacity;
    tenure *tenures;
    size_t n_tenures, tenures_capacity;
    change *changes;
    size_t n_changes, changes_capacity;
    list movable; /* slots that are held now, and not as a primary address */
    list left;    /* tenures that have ended, in the order of their ends */
} fleet;

/* Make the fleet and all that happens to it. */
void fleet_live(fleet *out, const knobs *with);
void fleet_free(fleet *what);

/* Steps of its life, at a second; timeline.c decides which. */
uint32_t fleet_create(fleet *in, chance *from, uint32_t vpc_index, uint32_t subnet_index,
                      int32_t time);
void fleet_delete(fleet *in, uint32_t number, int32_t time);
void fleet_assign(fleet *in, uint32_t slot_index, uint32_t owner, hold_kind kind, int32_t time);
/* Ends a tenure whose slot stays taken, because somebody is to get it next. */
void fleet_unassign(fleet *in, uint32_t number, int32_t time);

void list_add(list *to, uint32_t item);

/* @return The tenure at that second, or NOTHING. */
uint32_t fleet_tenure(const fleet *in, uint32_t slot_index, int32_t time);
/* @return Whether anybody but the owner held the slot at any second from `from` to `until`. */
bool fleet_others(const fleet *in, uint32_t slot_index, uint32_t owner, int32_t from,
                  int32_t until);

/* @return What an interface held at that second of that kind (the last begun), or NOTHING. */
uint32_t fleet_held(const fleet *in, uint32_t number, hold_kind kind, int32_t time);

/* @return How many flow logs there are of an interface. */
size_t fleet_logs(const fleet *in, uint32_t number);

/* The tenure of a slot that hasn't ended, or NOTHING: only right while the fleet is made. */
uint32_t fleet_holding(const fleet *in, uint32_t slot_index);

#endif
