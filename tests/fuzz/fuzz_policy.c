/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes policies: those that can be read watch the same groups twice, with another seed and
 * cut otherwise, and must tell the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../enriched.h"

#define N_ROWS 90
#define WINDOW 300
#define MOST_RULES 512 /* more than a policy of 4 KiB has */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Five groups, a window after another: steady, with leaps, and now and then missing. */
static flowenrich_batch *make_groups(void)
{
    static const char *const apps[] = { "shop", "orders", "backup", "web", "db" };
    flowenrich_batch *groups;

    must(!flowenrich_batch_new(&groups, N_ROWS, NULL, NULL));
    for (size_t i = 0; i < N_ROWS; i++) {
        const flowenrich_time start = (flowenrich_time)(i / 5) * WINDOW;

        must(enriched_time(groups, "window.start", i, start) &&
             enriched_time(groups, "window.end", i, start + WINDOW) &&
             enriched_text(groups, "client.tags.app", i, apps[i * i % 5]) &&
             enriched_text(groups, "server.type", i, i % 2 ? "rds:db" : "ec2:instance") &&
             enriched_u64(groups, "rejects", i, i % 17 ? i % 3 : 5000) &&
             enriched_u64(groups, "bytes", i, i % 23 ? 1000 * i : 70000000));
    }
    groups->rows = N_ROWS;
    return groups;
}

static flowenrich_status make(flowenrich_watcher **out, const uint8_t *data, size_t size,
                              uint64_t seed)
{
    static const char *const by[] = { "client.tags.app", "server.type" };
    flowenrich_watcher_options opt = FLOWENRICH_WATCHER_OPTIONS_INIT;
    flowenrich_error error = { 0 };
    flowenrich_status status;

    opt.policy = (const char *)data;
    opt.policy_len = size;
    opt.by = by;
    opt.by_count = 2;
    opt.hash_seed = seed;
    opt.max_bytes = 100000;
    status = flowenrich_watcher_new(out, &opt, &error);
    must(status == FLOWENRICH_OK || (status == FLOWENRICH_ERR_SYNTAX && error.line > 0));
    return status;
}

/* A sum over all alarms, which neither lacks one nor has them in another order. */
static uint64_t watch(flowenrich_watcher *watcher, const flowenrich_batch *groups, size_t capacity)
{
    flowenrich_batch *alarms;
    uint64_t sum = 0;
    size_t row = 0;

    must(!flowenrich_batch_new(&alarms, capacity, NULL, NULL));
    while (row < groups->rows &&
           flowenrich_watcher_watch(watcher, groups, &row, alarms, NULL) == FLOWENRICH_OK)
        for (size_t i = 0; i < alarms->rows; i++) {
            const uint64_t of[] = {
                fle_column_u32(fle_batch_find(alarms, FLE_TEXT("alarm.kind")), i),
                fle_column_u64(fle_batch_find(alarms, FLE_TEXT("alarm.limit")), i),
                (uint64_t)fle_column_time(fle_batch_find(alarms, FLE_TEXT("window.start")), i),
                fle_column_u64(fle_batch_find(alarms, FLE_TEXT("bytes")), i),
            };

            sum = fle_hash(of, sizeof of, sum);
        }
    flowenrich_batch_free(alarms);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static flowenrich_batch *groups;
    flowenrich_watcher *first, *second;

    if (!groups)
        groups = make_groups();
    if (make(&first, data, size, 1) != FLOWENRICH_OK)
        return 0;
    must(make(&second, data, size, 2) == FLOWENRICH_OK);
    must(watch(first, groups, MOST_RULES) == watch(second, groups, MOST_RULES + N_ROWS));
    flowenrich_watcher_free(first);
    flowenrich_watcher_free(second);
    return 0;
}
