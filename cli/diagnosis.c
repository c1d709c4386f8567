/* SPDX-License-Identifier: Apache-2.0 */
/* Why so few ends are named, and what would help: one sentence. */
#include "diagnosis.h"

#include <stdio.h>
#include <string.h>

#include "moment.h"

#define LIST_TEXT 200

/* What the sentences are made of. */
typedef struct facts {
    const sightings *seen;
    const inventory *known;
} facts;

/* "a, b, c, …" */
static const char *list_sample(const sample *of, char out[LIST_TEXT])
{
    int len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < of->n && i < 3 && len < LIST_TEXT; i++)
        len +=
            snprintf(out + len, (size_t)(LIST_TEXT - len), "%s%s", i > 0 ? ", " : "", of->texts[i]);
    if (of->n > 3 && len < LIST_TEXT)
        snprintf(out + len, (size_t)(LIST_TEXT - len), " and others");
    return out;
}

static const char *list_vpcs(const inventory *known, char out[LIST_TEXT])
{
    sample vpcs = { 0 };

    while (vpcs.n < sizeof vpcs.texts / sizeof *vpcs.texts) {
        const flowenrich_text vpc = flowenrich_snapshot_vpc(known->snapshot, vpcs.n);

        if (vpc.len == 0)
            break;
        snprintf(vpcs.texts[vpcs.n++], sizeof vpcs.texts[0], "%.*s", (int)vpc.len, vpc.data);
    }
    return list_sample(&vpcs, out);
}

static bool has_vpc(const inventory *known, const char *id)
{
    for (size_t i = 0;; i++) {
        const flowenrich_text vpc = flowenrich_snapshot_vpc(known->snapshot, i);

        if (vpc.len == 0)
            return false;
        if (vpc.len == strlen(id) && memcmp(vpc.data, id, vpc.len) == 0)
            return true;
    }
}

/* Whether the logs tell their VPCs, and the inventory has none of those. */
static bool is_elsewhere(const facts *of)
{
    for (size_t i = 0; i < of->seen->vpcs.n; i++)
        if (has_vpc(of->known, of->seen->vpcs.texts[i]))
            return false;
    return of->seen->vpcs.n > 0;
}

static void say_elsewhere(char *out, const facts *of)
{
    char logs[LIST_TEXT], vpcs[LIST_TEXT];

    list_sample(&of->seen->vpcs, logs);
    list_vpcs(of->known, vpcs);
    snprintf(out, DIAGNOSIS_TEXT,
             "the logs are from %s, the inventory has %s%s: add what describe-network-interfaces "
             "prints for the account and region of the logs",
             logs, *vpcs ? "only " : "no interfaces", vpcs);
}

static void say_unknown_space(char *out, const facts *of)
{
    char observers[LIST_TEXT], vpcs[LIST_TEXT];

    if (is_elsewhere(of)) {
        say_elsewhere(out, of);
        return;
    }
    if (of->seen->observers.n == 0) {
        snprintf(out, DIAGNOSIS_TEXT,
                 "the format of the logs has neither interface-id nor vpc-id, "
                 "so nobody knows whose addresses these are: add interface-id");
        return;
    }
    list_vpcs(of->known, vpcs);
    snprintf(out, DIAGNOSIS_TEXT,
             "interfaces such as %s logged this, and the inventory doesn't have them; it has %s%s: "
             "add what describe-network-interfaces prints for their account and region",
             list_sample(&of->seen->observers, observers), *vpcs ? "only " : "no interfaces", vpcs);
}

static void say_not_in_inventory(char *out, const facts *of)
{
    char addresses[LIST_TEXT];

    if (is_elsewhere(of)) {
        say_elsewhere(out, of);
        return;
    }
    snprintf(out, DIAGNOSIS_TEXT,
             "no document shows anybody at addresses such as %s: add what "
             "describe-network-interfaces prints for all accounts and regions that talk, or name "
             "networks in --config",
             list_sample(&of->seen->addresses, addresses));
}

static void say_not_observed(char *out, const facts *of)
{
    const sightings *seen = of->seen;
    const inventory *known = of->known;
    char logs[MOMENT_TEXT], document[MOMENT_TEXT], apart[MOMENT_TEXT], assume[MOMENT_TEXT];
    const bool before = seen->first < known->first;
    const flowenrich_time log = before ? seen->first : seen->last;
    const flowenrich_time observed = before ? known->first : known->last;
    const int64_t gap = before ? observed - log : log - observed;

    if (seen->first == FLOWENRICH_TIME_ABSENT || gap <= 0) {
        snprintf(out, DIAGNOSIS_TEXT,
                 "owners were seen too far from the time of the records: give "
                 "documents of that time, or a longer --assume");
        return;
    }
    snprintf(out, DIAGNOSIS_TEXT,
             "the inventory was observed on %.10s, the logs are from %.10s, %s apart: --assume %s "
             "would accept that",
             moment_text(observed, document), moment_text(log, logs), duration_text(gap, apart),
             duration_covering(gap, assume));
}

/* A sentence, or what makes one of the facts. */
static const struct {
    const char *reason, *sentence;
    void (*say)(char *out, const facts *of);
} sentences[] = {
    { "not_in_inventory", NULL, say_not_in_inventory },
    { "not_observed_then", NULL, say_not_observed },
    { "no_answer",
      "packets went to addresses that nobody logged them at, though others there log: give "
      "documents of that time, or the files of the log that are missing",
      NULL },
    { "unknown_space", NULL, say_unknown_space },
    { "owner_changed",
      "addresses changed hands around the time of the records: give documents from nearer to it",
      NULL },
    { "ambiguous_cidr",
      "several VPCs use the same addresses: add what describe-vpc-peering-connections and "
      "describe-transit-gateway-attachments print, which tell who reaches whom; where a VPC "
      "reaches several of them, single records don't tell which was meant",
      NULL },
    { "unreachable_space",
      "only VPCs that the observers can't reach have these addresses: add what "
      "describe-vpc-peering-connections and describe-transit-gateway-attachments print",
      NULL },
    { "assumed_only",
      "most owners could only be assumed, and --strict doesn't: give documents from before and "
      "after the records",
      NULL },
    { "no_address",
      "the format of the logs has no addresses: add srcaddr and dstaddr to the flow log", NULL },
};

enum { N_SENTENCES = sizeof sentences / sizeof *sentences };

static const char *main_reason(const stats *ends)
{
    const char *reason, *most = NULL;
    uint64_t n, largest = 0;
    size_t at = 0;

    while ((reason = stats_next(ends, "unnamed_", &at, &n)))
        if (n > largest) {
            largest = n;
            most = reason;
        }
    return most;
}

static void say(char out[DIAGNOSIS_TEXT], const char *reason, const facts *of)
{
    size_t i = 0;

    while (i < N_SENTENCES && strcmp(reason, sentences[i].reason) != 0)
        i++;
    if (i < N_SENTENCES && sentences[i].say && of->seen->rows > 0)
        sentences[i].say(out, of);
    else if (i < N_SENTENCES && sentences[i].sentence)
        snprintf(out, DIAGNOSIS_TEXT, "%s", sentences[i].sentence);
    else
        snprintf(out, DIAGNOSIS_TEXT, "most ends have no owner for the reason %s", reason);
}

/*
 * What most ends lack, NULL if nothing. An interface that logged a record and is in no document
 * is known by the record alone, and one that is in a document tells nothing of who faces it: so
 * the two are weighed one by one, lest the one make up for the other. Ranges of Amazon's and
 * prefix lists have no owners to lack.
 */
static const char *what_most_lack(const stats *ends)
{
    const uint64_t own = stats_get(ends, "named_interface"), bare = stats_get(ends, "named_record");
    const uint64_t others =
        own + bare + stats_get(ends, "named_ip-ranges") + stats_get(ends, "named_prefix-list");
    const uint64_t facing = stats_sum(ends, "named_") - others;

    if (bare > own)
        return "unknown_space";
    return stats_sum(ends, "unnamed_") > facing ? main_reason(ends) : NULL;
}

bool diagnose(char out[DIAGNOSIS_TEXT], const stats *ends, const sightings *seen,
              const inventory *known)
{
    const facts of = { seen, known };
    const char *reason = what_most_lack(ends);

    if (reason == NULL)
        return false;
    if (known->documents == 0 && strcmp(reason, "no_address") != 0)
        snprintf(out, DIAGNOSIS_TEXT, "%s",
                 known->failed > 0
                     ? "no document of the inventory could be used: first of all mend those"
                     : "there is no inventory to name anybody by: save what 'aws ec2 "
                       "describe-network-interfaces' prints, and give that file with --inventory");
    else
        say(out, reason, &of);
    return true;
}
