/* SPDX-License-Identifier: Apache-2.0 */
/* What an enricher counts. */
#include "enrich/stats.h"

static const char *const named[FLE_BY_COUNT] = {
    [FLE_BY_NEXT_HOP] = "named_next-hop",
    [FLE_BY_INTERFACE] = "named_interface",
    [FLE_BY_RECORD] = "named_record",
    [FLE_BY_MIRROR] = "named_mirror",
    [FLE_BY_ADDRESS] = "named_address",
    [FLE_BY_PREFIX] = "named_prefix",
    [FLE_BY_PUBLIC_ADDRESS] = "named_public-address",
    [FLE_BY_PREFIX_LIST] = "named_prefix-list",
    [FLE_BY_IP_RANGES] = "named_ip-ranges",
};

static const char *const sure[FLOWENRICH_SURE_EXACT + 1] = {
    [FLOWENRICH_SURE_ASSUMED] = "sure_assumed",
    [FLOWENRICH_SURE_SIGHTED] = "sure_sighted",
    [FLOWENRICH_SURE_EXACT] = "sure_exact",
};

static const char *const unnamed[FLE_REASON_COUNT] = {
    [FLE_REASON_NOT_IN_INVENTORY] = "unnamed_not_in_inventory",
    [FLE_REASON_NOT_OBSERVED_THEN] = "unnamed_not_observed_then",
    [FLE_REASON_NO_ANSWER] = "unnamed_no_answer",
    [FLE_REASON_OWNER_CHANGED] = "unnamed_owner_changed",
    [FLE_REASON_AMBIGUOUS_CIDR] = "unnamed_ambiguous_cidr",
    [FLE_REASON_UNKNOWN_SPACE] = "unnamed_unknown_space",
    [FLE_REASON_UNREACHABLE_SPACE] = "unnamed_unreachable_space",
    [FLE_REASON_ASSUMED_ONLY] = "unnamed_assumed_only",
    [FLE_REASON_NO_ADDRESS] = "unnamed_no_address",
    [FLE_REASON_REFUSED] = "unnamed_refused",
};

static bool is_internet(const flowenrich_answer *answer)
{
    return answer->reason == FLE_REASON_NOT_IN_INVENTORY &&
           fle_text_is(answer->identity.single[FLE_ATTR_TYPE], "internet");
}

void fle_stats_end(fle_stats *stats, fle_resolvers *resolvers, const flowenrich_answer *answer)
{
    stats->ends++;
    if (answer->by == FLE_BY_NONE) {
        if (is_internet(answer))
            stats->internet++;
        else
            stats->unnamed[answer->reason]++;
        return;
    }
    stats->sure[answer->sure]++;
    if (answer->by == FLE_BY_RESOLVER)
        resolvers->items[answer->resolver].named++;
    else
        stats->named[answer->by]++;
}

typedef struct writer {
    flowenrich_stat *out;
    size_t n, most;
} writer;

static void write(writer *w, const char *name, uint64_t value)
{
    if (!name)
        return;
    if (w->n < w->most)
        w->out[w->n] = (flowenrich_stat){ name, value };
    w->n++;
}

size_t fle_stats_write(const fle_stats *stats, const fle_resolvers *resolvers, flowenrich_stat *out,
                       size_t n)
{
    writer w = { out, 0, n };

    write(&w, "records", stats->records);
    write(&w, "ends", stats->ends);
    for (size_t i = 0; i < FLE_BY_COUNT; i++)
        write(&w, named[i], stats->named[i]);
    for (size_t i = 0; i < resolvers->n; i++)
        write(&w, resolvers->items[i].stat, resolvers->items[i].named);
    for (size_t i = 0; i <= FLOWENRICH_SURE_EXACT; i++)
        write(&w, sure[i], stats->sure[i]);
    for (size_t i = 0; i < FLE_REASON_COUNT; i++)
        write(&w, unnamed[i], stats->unnamed[i]);
    write(&w, "internet", stats->internet);
    write(&w, "waited", stats->waited);
    write(&w, "held", stats->held);
    write(&w, "hurried", stats->hurried);
    write(&w, "ahead", stats->ahead);
    return w.n;
}
