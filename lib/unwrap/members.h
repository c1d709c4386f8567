/* SPDX-License-Identifier: Apache-2.0 */
/* The members of an object that tell what it is and what it holds. */
#ifndef FLE_UNWRAP_MEMBERS_H
#define FLE_UNWRAP_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_scan.h"
#include "flowenrich.h"

typedef enum fle_member {
    /* What it holds. */
    FLE_MEMBER_LINE,  /* "message", which may be a line of a log */
    FLE_MEMBER_BODY,  /* another envelope, or text */
    FLE_MEMBER_DATA,  /* the same in base64 */
    FLE_MEMBER_ITEMS, /* an array of objects, or an object of arrays */
    /* Where it comes from. */
    FLE_MEMBER_ID,
    FLE_MEMBER_ACCOUNT,
    FLE_MEMBER_REGION,
    FLE_MEMBER_LOG_GROUP,
    FLE_MEMBER_LOG_STREAM,
    FLE_MEMBER_BUCKET,
    FLE_MEMBER_KEY,
    FLE_MEMBER_ENCODED_KEY,
    FLE_MEMBER_RECORD,
    FLE_MEMBER_TIME,
    /* Why it may be of no interest. */
    FLE_MEMBER_TYPE,
    FLE_MEMBER_EVENT,
    FLE_N_MEMBERS
} fle_member;

typedef struct fle_members {
    uint32_t present;                   /* a bit for each */
    uint32_t strings;                   /* which of them are strings: their texts have no quotes */
    uint8_t rules[4];                   /* by which of the names what it holds was found */
    flowenrich_text raw[FLE_N_MEMBERS]; /* as they stand in the input */
} fle_members;

#define FLE_MEMBER_BIT(member) (UINT32_C(1) << (member))

static inline bool fle_members_have(const fle_members *members, fle_member member)
{
    return (members->present & FLE_MEMBER_BIT(member)) != 0;
}

/*
 * Take an object. Members of some objects in it ("kinesis", "s3") count as its
 * own, all other members are passed over.
 */
bool fle_members_take(fle_json_scan *scan, fle_members *out);

/* The name of a member that holds something, as the input has it: "logEvents". */
const char *fle_members_name(const fle_members *members, fle_member member);

/* The object says that it holds nothing of interest: a control message, a test. */
bool fle_members_are_control(const fle_members *members);
/* The object is about one in S3 that is there now, not one deleted or restored. */
bool fle_members_are_created(const fle_members *members);

#endif
