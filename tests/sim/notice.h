/* SPDX-License-Identifier: Apache-2.0 */
/* What is heard of changes to the fleet, and when: late, lost, or of what was refused. */
#ifndef SIM_NOTICE_H
#define SIM_NOTICE_H

#include "fleet.h"

enum { CLOUDTRAIL = 1, EVENTBRIDGE = 2 }; /* of --events */

typedef enum notice_kind {
    RUN_INSTANCES,
    CREATE_INTERFACE,
    ATTACH_INTERFACE,
    DETACH_INTERFACE,
    DELETE_INTERFACE,
    TERMINATE_INSTANCES,
    INSTANCE_TERMINATED, /* EventBridge's notification, after the fact */
    ASSIGN,
    UNASSIGN,
    ASSOCIATE, /* of an elastic address */
    DISASSOCIATE,
    NOTICE_KINDS
} notice_kind;

typedef struct notice {
    int32_t requested, arrived;
    uint32_t kind;
    uint32_t eni;
    uint32_t tenure; /* of ASSIGN and what follows it */
    bool refused;    /* has an errorCode, and changed nothing */
    uint32_t number; /* in the order of the changes */
} notice;

typedef struct notices {
    notice *items;
    size_t len, capacity;
} notices;

/* All that arrives, in the order in which it does. */
void notices_make(notices *out, const fleet *of);

/* Whether a notice by itself tells of an owner that began or ended to hold something. */
bool notice_begins(const notice *what);
bool notice_ends(const notice *what);
/* @return Whether a tenure of its interface is one of those. */
bool notice_concerns(const notice *what, const fleet *in, uint32_t held);

#endif
