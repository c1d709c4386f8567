/* SPDX-License-Identifier: Apache-2.0 */
/* Formats of flow logs: which fields a line has, in what order, and what is in them. */
#include <string.h>

#include "format.h"

typedef enum field {
    VERSION,
    ACCOUNT_ID,
    INTERFACE_ID,
    SRCADDR,
    DSTADDR,
    SRCPORT,
    DSTPORT,
    PROTOCOL,
    PACKETS,
    BYTES,
    START,
    END,
    ACTION,
    LOG_STATUS,
    VPC_ID,
    SUBNET_ID,
    INSTANCE_ID,
    TCP_FLAGS,
    TYPE,
    PKT_SRCADDR,
    PKT_DSTADDR,
    REGION_FIELD,
    AZ_ID,
    SUBLOCATION_TYPE,
    SUBLOCATION_ID,
    PKT_SRC_AWS_SERVICE,
    PKT_DST_AWS_SERVICE,
    FLOW_DIRECTION,
    TRAFFIC_PATH,
    FIELDS
} field;

/* In the order of AWS's documentation, so that a version is the first so many of them. */
static const struct {
    const char *name;
    int version;
} fields[FIELDS] = {
    [VERSION] = { "version", 2 },
    [ACCOUNT_ID] = { "account-id", 2 },
    [INTERFACE_ID] = { "interface-id", 2 },
    [SRCADDR] = { "srcaddr", 2 },
    [DSTADDR] = { "dstaddr", 2 },
    [SRCPORT] = { "srcport", 2 },
    [DSTPORT] = { "dstport", 2 },
    [PROTOCOL] = { "protocol", 2 },
    [PACKETS] = { "packets", 2 },
    [BYTES] = { "bytes", 2 },
    [START] = { "start", 2 },
    [END] = { "end", 2 },
    [ACTION] = { "action", 2 },
    [LOG_STATUS] = { "log-status", 2 },
    [VPC_ID] = { "vpc-id", 3 },
    [SUBNET_ID] = { "subnet-id", 3 },
    [INSTANCE_ID] = { "instance-id", 3 },
    [TCP_FLAGS] = { "tcp-flags", 3 },
    [TYPE] = { "type", 3 },
    [PKT_SRCADDR] = { "pkt-srcaddr", 3 },
    [PKT_DSTADDR] = { "pkt-dstaddr", 3 },
    [REGION_FIELD] = { "region", 4 },
    [AZ_ID] = { "az-id", 4 },
    [SUBLOCATION_TYPE] = { "sublocation-type", 4 },
    [SUBLOCATION_ID] = { "sublocation-id", 4 },
    [PKT_SRC_AWS_SERVICE] = { "pkt-src-aws-service", 5 },
    [PKT_DST_AWS_SERVICE] = { "pkt-dst-aws-service", 5 },
    [FLOW_DIRECTION] = { "flow-direction", 5 },
    [TRAFFIC_PATH] = { "traffic-path", 5 },
};

static void add(format *to, const char *name, size_t len)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, name, len) == 0) {
            if (to->len == MOST_FIELDS)
                give_up("too many fields", "--format");
            to->fields[to->len++] = (uint8_t)i;
            if (fields[i].version > to->version)
                to->version = fields[i].version;
            return;
        }
    give_up("no such field or version", name);
}

void format_read(format *out, const char *names)
{
    *out = (format){ .version = 2 };
    if (names[0] == 'v' && names[1] >= '2' && names[1] <= '5' && names[2] == '\0') {
        for (size_t i = 0; i < FIELDS && fields[i].version <= names[1] - '0'; i++)
            add(out, fields[i].name, strlen(fields[i].name));
        return;
    }
    while (*names != '\0') {
        const size_t len = strcspn(names, " ");

        add(out, names, len);
        names += len + strspn(names + len, " ");
    }
}

void format_put_header(const format *of, text *to)
{
    for (size_t i = 0; i < of->len; i++) {
        text_string(to, fields[of->fields[i]].name);
        text_char(to, i + 1 == of->len ? '\n' : ' ');
    }
}

/* What a line tells of its interface. @return Whether the field is such a one. */
static bool put_of_interface(field which, int version, text *to, const fleet *in, uint32_t observer)
{
    const eni *const who = &in->enis[observer];

    if (which == VERSION)
        text_number(to, (uint64_t)version);
    else if (which == ACCOUNT_ID)
        put_account(to, who->vpc);
    else if (which == INTERFACE_ID)
        put_eni(to, in, observer);
    else if (which == VPC_ID)
        put_vpc(to, in, who->vpc);
    else if (which == SUBNET_ID)
        put_subnet(to, in, who->vpc, who->subnet);
    else if (which == INSTANCE_ID)
        put_instance(to, in, observer);
    else if (which == REGION_FIELD)
        text_string(to, REGION);
    else if (which == AZ_ID)
        put_zone_id(to, who->subnet);
    else
        return false;
    return true;
}

/* The interface's own side shows its primary IPv4, whatever was on the wire; and of what comes to
 * an elastic address, that is on the wire. */
static void put_side(text *to, const fleet *in, const record *what, bool source, bool wire)
{
    const bool own = source == (what->direction == EGRESS);
    const place at = source ? what->src : what->dst;
    const slot_kind kind = own ? in->slots[at.slot].kind : SLOT_KINDS;

    if (own && kind != SIX && (!wire || kind == ELASTIC))
        put_slot(to, in, in->enis[what->observer].primary);
    else
        put_place(to, in, at);
}

enum { NO_NUMBER = -1 };

static int64_t number_in(field which, const record *what, bool six)
{
    switch (which) {
    case SRCPORT:
        return what->source_port;
    case DSTPORT:
        return what->destination_port;
    case PROTOCOL:
        return what->protocol == 1 && six ? 58 : what->protocol;
    case PACKETS:
        return what->packets;
    case BYTES:
        return (int64_t)what->bytes;
    case START:
        return BEGINNING + what->start;
    case END:
        return BEGINNING + what->end;
    case TCP_FLAGS:
        return what->flags;
    default:
        return NO_NUMBER;
    }
}

static const char *word_in(field which, const record *what, bool six)
{
    const bool egress = what->direction == EGRESS;

    return which == ACTION           ? (what->refused_here ? "REJECT" : "ACCEPT")
           : which == LOG_STATUS     ? "OK"
           : which == TYPE           ? (six ? "IPv6" : "IPv4")
           : which == FLOW_DIRECTION ? (egress ? "egress" : "ingress")
           : which == TRAFFIC_PATH   ? (egress ? "1" : "-")
                                     : "-";
}

static void put_of_flow(field which, text *to, const fleet *in, const record *what)
{
    const bool six = in->slots[what->own_slot].kind == SIX;
    const int64_t number = number_in(which, what, six);

    if (number != NO_NUMBER)
        text_number(to, (uint64_t)number);
    else if (which == SRCADDR || which == DSTADDR)
        put_side(to, in, what, which == SRCADDR, false);
    else if (which == PKT_SRCADDR || which == PKT_DSTADDR)
        put_side(to, in, what, which == PKT_SRCADDR, true);
    else
        text_string(to, word_in(which, what, six));
}

void format_put_record(const format *of, text *to, const fleet *in, const record *what)
{
    for (size_t i = 0; i < of->len; i++) {
        if (!put_of_interface(of->fields[i], of->version, to, in, what->observer))
            put_of_flow(of->fields[i], to, in, what);
        text_char(to, i + 1 == of->len ? '\n' : ' ');
    }
}

void format_put_status(const format *of, text *to, const fleet *in, uint32_t observer,
                       int32_t start, int32_t end, const char *status)
{
    for (size_t i = 0; i < of->len; i++) {
        const field which = of->fields[i];

        if (which == START || which == END)
            text_number(to, (uint64_t)(BEGINNING + (which == START ? start : end)));
        else if (which == LOG_STATUS)
            text_string(to, status);
        else if (!put_of_interface(which, of->version, to, in, observer))
            text_char(to, '-');
        text_char(to, i + 1 == of->len ? '\n' : ' ');
    }
}
