/* SPDX-License-Identifier: Apache-2.0 */
/* Logs and a document for benchmarks: made up, and the same each time. */
#ifndef BENCH_MADE_UP_H
#define BENCH_MADE_UP_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MADE_UP_START 1795168800 /* 2026-11-20 10:00 UTC */
#define MADE_UP_INTERFACES 5000
#define MADE_UP_VPCS 6
#define MADE_UP_PAGE 4096
#define MADE_UP_LINE 512      /* more than any line has */
#define MADE_UP_INTERFACE 768 /* more than any interface's JSON has */

typedef struct made_up_text {
    char *data;
    size_t len;
} made_up_text;

/* Whole pages: how buffers lie to one another changes what a copy costs. */
static inline char *made_up_pages(size_t len)
{
    char *pages = aligned_alloc(MADE_UP_PAGE, (len / MADE_UP_PAGE + 1) * MADE_UP_PAGE);

    if (!pages) {
        fprintf(stderr, "bench: out of memory\n");
        exit(1);
    }
    return pages;
}

__attribute__((format(printf, 2, 3))) static inline void made_up_print(made_up_text *text,
                                                                       const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text->len += (size_t)vsnprintf(text->data + text->len, MADE_UP_LINE, format, arguments);
    va_end(arguments);
}

static inline uint32_t made_up_draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((*seed >> 32) * below >> 32);
}

/* Few interfaces talk much, many little. */
static inline uint32_t made_up_talker(uint64_t *seed)
{
    uint64_t talker = MADE_UP_INTERFACES;

    for (int i = 0; i < 3; i++)
        talker = talker * made_up_draw(seed, 1 << 16) >> 16;
    return (uint32_t)talker;
}

/* The address of an interface: interface i is in VPC i % 6, and each VPC has a /16 of its own. */
static inline void made_up_private(char out[40], uint32_t interface)
{
    const uint32_t host = interface / MADE_UP_VPCS + 4;

    snprintf(out, 40, "10.%u.%u.%u", interface % MADE_UP_VPCS, host >> 8, host & 255);
}

/* Who an interface talks to: six in ten times a neighbour, else somebody outside. */
static inline void made_up_peer(char out[40], uint32_t interface, uint64_t *seed)
{
    if (made_up_draw(seed, 10) < 6) {
        const uint32_t other = made_up_talker(seed) / MADE_UP_VPCS * MADE_UP_VPCS;

        made_up_private(out, other + interface % MADE_UP_VPCS);
    } else {
        snprintf(out, 40, "52.%u.%u.%u", made_up_draw(seed, 256), made_up_draw(seed, 256),
                 made_up_draw(seed, 256));
    }
}

static inline void made_up_line(made_up_text *log, uint64_t *seed, int v5)
{
    static const uint32_t services[] = { 443, 443, 443, 80, 5432, 53, 6379, 8080 };
    const uint32_t interface = made_up_talker(seed), kind = made_up_draw(seed, 100);
    const uint32_t protocol = kind < 80 ? 6 : kind < 97 ? 17 : 1;
    const uint32_t service = protocol == 1 ? 0 : services[made_up_draw(seed, 8)];
    const uint32_t client_port = protocol == 1 ? 0 : 32768 + made_up_draw(seed, 28000);
    const uint32_t start = MADE_UP_START + made_up_draw(seed, 3600);
    const uint32_t packets = 1 + made_up_draw(seed, 400);
    const int out = made_up_draw(seed, 2) == 0;
    char own[40], peer[40];

    made_up_private(own, interface);
    made_up_peer(peer, interface, seed);
    made_up_print(log, "%d 123456789010 eni-%017x %s %s %u %u %u %u %u %u %u %s OK", v5 ? 5 : 2,
                  interface, out ? own : peer, out ? peer : own, out ? client_port : service,
                  out ? service : client_port, protocol, packets,
                  packets * (40 + made_up_draw(seed, 1400)), start,
                  start + 10 + made_up_draw(seed, 50),
                  made_up_draw(seed, 20) == 0 ? "REJECT" : "ACCEPT");
    if (v5)
        made_up_print(log,
                      " vpc-%017x subnet-%017x i-%017x %u IPv4 %s %s us-east-1 use1-az%u - - %s %s "
                      "%s %s",
                      interface % MADE_UP_VPCS, interface % 60, interface,
                      protocol == 6 ? 3 + 16 * made_up_draw(seed, 2) : 0, out ? own : peer,
                      out ? peer : own, interface % 3 + 1, out ? "-" : "EC2", out ? "EC2" : "-",
                      out ? "egress" : "ingress", out ? "8" : "-");
    made_up_print(log, "\n");
}

/* The default format, or the 29 fields up to version 5 with their header. */
static inline made_up_text made_up_log(size_t records, int v5)
{
    made_up_text log = { made_up_pages((records + 2) * MADE_UP_LINE), 0 };
    uint64_t seed = 1;

    if (v5)
        made_up_print(&log,
                      "version account-id interface-id srcaddr dstaddr srcport dstport protocol "
                      "packets bytes start end action log-status vpc-id subnet-id instance-id "
                      "tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type "
                      "sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction "
                      "traffic-path\n");
    while (records-- > 0)
        made_up_line(&log, &seed, v5);
    return log;
}

/* What describe-network-interfaces would print of the interfaces. */
static inline made_up_text made_up_interfaces(void)
{
    made_up_text json = { made_up_pages((MADE_UP_INTERFACES + 1) * MADE_UP_INTERFACE), 0 };
    char own[40];

    made_up_print(&json, "{\"NetworkInterfaces\":[");
    for (uint32_t i = 0; i < MADE_UP_INTERFACES; i++) {
        made_up_private(own, i);
        made_up_print(&json,
                      "%s{\"NetworkInterfaceId\":\"eni-%017x\",\"VpcId\":\"vpc-%017x\","
                      "\"SubnetId\":\"subnet-%017x\",\"AvailabilityZone\":\"us-east-1%c\","
                      "\"OwnerId\":\"123456789010\",\"InterfaceType\":\"interface\","
                      "\"Status\":\"in-use\",\"Description\":\"\",\"PrivateIpAddress\":\"%s\",",
                      i ? "," : "", i, i % MADE_UP_VPCS, i % 60, "abc"[i % 3], own);
        made_up_print(&json,
                      "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"%s\",\"Primary\":true}],"
                      "\"Groups\":[{\"GroupId\":\"sg-%017x\",\"GroupName\":\"web\"}],"
                      "\"Attachment\":{\"InstanceId\":\"i-%017x\",\"Status\":\"attached\"},",
                      own, i % 40, i);
        made_up_print(&json,
                      "\"TagSet\":[{\"Key\":\"app\",\"Value\":\"app-%u\"},"
                      "{\"Key\":\"team\",\"Value\":\"team-%u\"}]}",
                      i % 120, i % 17);
    }
    made_up_print(&json, "]}");
    return json;
}

#endif
