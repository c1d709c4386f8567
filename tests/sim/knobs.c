/* SPDX-License-Identifier: Apache-2.0 */
/* What can be set about a simulated world. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knobs.h"
#include "text.h"

typedef struct knob {
    const char *name;
    size_t offset;
    double value, least, most;
    const char *meaning;
} knob;

#define KNOB(member) offsetof(knobs, member)

static const knob all[] = {
    { "seed", KNOB(seed), 1, 0, 9e15, "of all chance" },
    { "minutes", KNOB(minutes), 60, 5, 1440, "how long traffic is watched" },
    { "enis", KNOB(enis), 2000, 10, 4e6, "interfaces at any time" },
    { "vpcs", KNOB(vpcs), 5, 1, 200, "VPCs, of a /16 each" },
    { "overlap", KNOB(overlap), 2, 1, 200, "VPCs with one and the same CIDR" },
    { "churn", KNOB(churn), 30, 0, 100, "% of interfaces deleted an hour, and others created" },
    { "reuse-least", KNOB(reuse_least), 1, 1, 3600, "seconds until an address is used again" },
    { "reuse-most", KNOB(reuse_most), 30, 1, 3600, "…at most" },
    { "slow", KNOB(slow), 20, 0, 100, "% of addresses left free for 1 to 20 minutes instead" },
    { "move", KNOB(move), 30, 0, 1000, "% of addresses not primary that move an hour" },
    { "secondary", KNOB(secondary), 15, 0, 90, "% of addresses that are secondary" },
    { "prefix", KNOB(prefix), 5, 0, 90, "% that are /28 prefixes, for pods" },
    { "ipv6", KNOB(ipv6), 10, 0, 90, "% that are IPv6" },
    { "public", KNOB(public), 0, 0, 30, "% that are elastic, before a primary address" },
    { "window", KNOB(window), 60, 10, 600, "seconds of an aggregation window" },
    { "late", KNOB(late), 60, 0, 60, "seconds that start and end are late, at most" },
    { "packet-times", KNOB(packet_times), 0, 0, 1, "1: times of packets, not bounds of windows" },
    { "one-end", KNOB(one_end), 0, 0, 1, "1: one end of each flow is in a subnet without a log" },
    { "silent", KNOB(silent), 2, 0, 100, "% of interfaces that log nothing" },
    { "unlogged-vpcs", KNOB(unlogged_vpcs), 1, 0, 200, "VPCs without a flow log" },
    { "second-log", KNOB(second_log), 0, 0, 100, "% of VPCs with one more flow log, v2 of 600 s" },
    { "missing", KNOB(missing), 0, 0, 100, "% of files that never came" },
    { "skipdata", KNOB(skipdata), 0, 0, 100, "% of windows that lost half their records" },
    { "nodata", KNOB(nodata), 1, 0, 1, "1: windows without traffic say so" },
    { "ends", KNOB(ends), 100000, 1, 1e9, "records to make, each with its peer end" },
    { "unowned", KNOB(unowned), 3, 0, 100, "% of flows to addresses nobody holds, or just left" },
    { "internet", KNOB(internet), 2, 0, 100, "% of flows to the internet" },
    { "unanswered", KNOB(unanswered), 3, 0, 100, "% of flows nobody answers" },
    { "refused", KNOB(refused), 3, 0, 100, "% of flows that are rejected" },
    { "fixed", KNOB(fixed), 1, 0, 100, "% of flows that are UDP, one port at both ends" },
    { "cross", KNOB(cross), 5, 0, 100, "% of flows to a peered VPC" },
    { "hairpin", KNOB(hairpin), 0, 0, 100, "% of flows between two elastic addresses" },
    { "events", KNOB(events), 1, 0, 2, "0: none, 1: CloudTrail's files, 2: EventBridge's" },
    { "history", KNOB(history), 0, 0, 1, "1: events of before the beginning, too" },
    { "async", KNOB(async), 10, 0, 60, "seconds from a request to what it does, at most" },
    { "event-late", KNOB(event_late), 1200, 0, 7200, "seconds that events come late, at most" },
    { "lost", KNOB(lost), 0, 0, 100, "% of events that never come" },
    { "failed", KNOB(failed), 5, 0, 100, "requests that were refused, in % of the others" },
};

static void help(void)
{
    puts("usage: simulate [--KNOB VALUE]... FOLDER\n");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        printf("  --%-15s %-8.10g %s\n", all[i].name, all[i].value, all[i].meaning);
    puts("  --format          v5       v2, v3, v4, v5, mixed, or names of fields: \"interface-id "
         "…\"\n"
         "  --snapshots       0,60     minutes at which everything is described; \"\": never");
    exit(EXIT_SUCCESS);
}

static void set(knobs *out, const char *name, const char *value)
{
    char *end;

    if (strcmp(name, "format") == 0) {
        out->format = value;
        return;
    }
    if (strcmp(name, "snapshots") == 0) {
        out->snapshots = value;
        return;
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        double *const at = (double *)(void *)((char *)out + all[i].offset);

        if (strcmp(name, all[i].name) != 0)
            continue;
        *at = strtod(value, &end);
        if (end == value || *end != '\0' || !(*at >= all[i].least && *at <= all[i].most))
            give_up("not a number, or out of range (--help)", name);
        return;
    }
    give_up("no such knob (--help)", name);
}

void knobs_read(knobs *out, int argc, char **argv)
{
    int i;

    memset(out, 0, sizeof *out);
    out->format = "v5";
    out->snapshots = "0,60";
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        *(double *)(void *)((char *)out + all[k].offset) = all[k].value;
    for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--help") == 0)
            help();
        if (i + 1 == argc)
            give_up("no value", argv[i]);
        set(out, argv[i] + 2, argv[i + 1]);
    }
    if (i + 1 != argc)
        give_up("one folder is to be named (--help)", "arguments");
    out->folder = argv[i];
    /* A subnet has room for some 4,000 single addresses, a VPC has four subnets. */
    if (out->secondary + out->prefix + out->ipv6 + out->public > 90 ||
        out->enis / out->vpcs * (1 + out->secondary / 10) > 12000)
        give_up("too many for this number of VPCs", "--enis");
}
