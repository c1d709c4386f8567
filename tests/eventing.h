/* SPDX-License-Identifier: Apache-2.0 */
/* Records of CloudTrail, and what became of interfaces. */
#ifndef TESTS_EVENTING_H
#define TESTS_EVENTING_H

#include "cataloging.h"

/* One call of EC2's: 'request' and 'response' are members of objects. */
static inline flowenrich_status eventing_call(struct cataloging *c, flowenrich_time time,
                                              const char *name, const char *request,
                                              const char *response)
{
    static char json[8192];
    static unsigned number;
    const flowenrich_time at = time - NOON;

    snprintf(json, sizeof json,
             "{'eventVersion': '1.08', 'eventSource': 'ec2.amazonaws.com', 'eventName': '%s', "
             "'eventTime': '2026-11-20T%02d:%02d:%02dZ', 'awsRegion': 'us-east-1', "
             "'recipientAccountId': '111122223333', 'eventID': 'event-%u', 'requestParameters': "
             "{%s}, 'responseElements': {%s}}",
             name, 12 + (int)(at / 3600), (int)(at / 60 % 60), (int)(at % 60), number++, request,
             response);
    return cataloging_load(c, json, FLOWENRICH_TIME_ABSENT);
}

/*
 * What an interface was throughout a time, in one line: the last parts of its
 * ARNs, groups and tags: "i-1 sg-1 app=web".
 */
static inline const char *eventing_then(struct cataloging *c, const char *id, flowenrich_time from,
                                        flowenrich_time until, char *out, size_t size)
{
    const fle_identity *identity =
        cataloging_tell(c, fle_snapshot_then(c->snapshot, cataloging_entry(c, id), from, until));
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; identity && i < identity->arns.n; i++) {
        const flowenrich_text arn = identity->arns.items[i];
        size_t begin = arn.len;

        while (begin > 0 && arn.data[begin - 1] != '/' && arn.data[begin - 1] != ':')
            begin--;
        used += (size_t)snprintf(out + used, size - used, "%s%.*s", i > 0 ? " " : "",
                                 (int)(arn.len - begin), arn.data + begin);
    }
    for (size_t i = 0; identity && i < identity->security_group_ids.n; i++)
        used += (size_t)snprintf(out + used, size - used, " %.*s",
                                 (int)identity->security_group_ids.items[i].len,
                                 identity->security_group_ids.items[i].data);
    for (size_t i = 0; identity && i < identity->tags.n; i += 2)
        used += (size_t)snprintf(out + used, size - used, " %.*s=%.*s",
                                 (int)identity->tags.items[i].len, identity->tags.items[i].data,
                                 (int)identity->tags.items[i + 1].len,
                                 identity->tags.items[i + 1].data);
    return out;
}

/* Who held an address in a VPC throughout a time: "eni-1 address exact", "owner_changed eni-2". */
static inline const char *eventing_owner(struct cataloging *c, const char *vpc, const char *address,
                                         flowenrich_time from, flowenrich_time until, char *out,
                                         size_t size)
{
    const fle_finding finding = cataloging_ask(c, vpc, address, from, until);

    return cataloging_say(c, &finding, NULL, out, size);
}

#endif
