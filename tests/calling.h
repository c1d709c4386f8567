/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that CloudTrail records, and who is who after them. */
#ifndef TESTS_CALLING_H
#define TESTS_CALLING_H

#include "eventing.h"

static inline void call(struct cataloging *c, flowenrich_time time, const char *name,
                        const char *request, const char *response)
{
    if (eventing_call(c, time, name, request, response) != FLOWENRICH_OK)
        fail_msg("%s: %s", name, c->error.message);
}

static inline void check_owner(struct cataloging *c, const char *vpc, const char *address,
                               flowenrich_time from, flowenrich_time until, const char *expected)
{
    char out[128];

    if (strcmp(eventing_owner(c, vpc, address, from, until, out, sizeof out), expected) != 0)
        fail_msg("%s from %lld to %lld: %s, not %s", address, (long long)(from - NOON),
                 (long long)(until - NOON), out, expected);
}

static inline void check_then(struct cataloging *c, const char *id, flowenrich_time time,
                              const char *expected)
{
    char out[256];

    if (strcmp(eventing_then(c, id, time, time, out, sizeof out), expected) != 0)
        fail_msg("%s at %lld: %s, not %s", id, (long long)(time - NOON), out, expected);
}

#define MADE(id, address, more)                                                                    \
    "'networkInterfaceId': '" id "', 'vpcId': 'vpc-1', 'subnetId': 'subnet-1', 'ownerId': "        \
    "'111122223333', 'availabilityZone': 'us-east-1a', 'sourceDestCheck': true, "                  \
    "'interfaceType': 'interface', 'groupSet': {'items': [{'groupId': 'sg-1', 'groupName': "       \
    "'default'}]}, 'privateIpAddress': '" address "', 'privateIpAddressesSet': {'item': ["         \
    "{'privateIpAddress': '" address "', 'primary': true}]}, 'tagSet': {}" more
#define CREATED(id, address) "'networkInterface': {" MADE(id, address, "") "}"
#define ATTACHED(id, index)                                                                        \
    ", 'attachment': {'attachmentId': '" id "', 'deviceIndex': " index ", 'deleteOnTermination': " \
    "true, 'attachTime': 1795176000000}"
#define LAUNCHED                                                                                   \
    "'ownerId': '111122223333', 'instancesSet': {'items': [{'instanceId': 'i-1', 'placement': "    \
    "{'availabilityZone': 'us-east-1a'}, 'tagSet': {'items': [{'key': 'app', 'value': 'web'}]}, "  \
    "'networkInterfaceSet': {'items': [{" MADE("eni-1", "10.0.0.5",                                \
                                               ATTACHED("eni-attach-1", "0")) "}]}}]}"
#define INSTANCES(id) "'instancesSet': {'items': [{'instanceId': '" id "'}]}"

#endif
