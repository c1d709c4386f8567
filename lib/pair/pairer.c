/* SPDX-License-Identifier: Apache-2.0 */
/* The pairer: its life, and records into it. */
#include "pair/pairer.h"

#include "base/error.h"
#include "base/prefetch.h"
#include "record/configuration.h"

#define DEFAULT_BYTES ((uint64_t)1 << 30)
#define LEAST_BYTES ((uint64_t)1 << 20)
#define DEFAULT_ACTIVE 1800
#define DEFAULT_SLACK 60
#define DEFAULT_MISMATCH 20

/* Of max_bytes, one in so many. */
#define OBSERVERS_SHARE 8
#define LISTENING_SHARE 32
#define WAYS_SHARE 32
#define COPIES_SHARE 16
#define GONE_SHARE 32

#define GROUP 64 /* rows that are read before the first is looked for, so that memory comes */

static flowenrich_status read_config(flowenrich_pairer *pairer,
                                     const flowenrich_pairer_options *opt, flowenrich_error *error)
{
    fle_yaml *root;
    flowenrich_status status;

    if (!opt->config)
        return FLOWENRICH_OK;
    status = fle_configuration_read(&root, opt->config, opt->config_len, &pairer->arena, error);
    if (status != FLOWENRICH_OK)
        return status;
    return fle_listeners_read(&pairer->listeners, fle_configuration_section(root, "listeners"),
                              &pairer->arena, error);
}

static void read_options(flowenrich_pairer *pairer, const flowenrich_pairer_options *opt)
{
    pairer->hash_seed = opt->hash_seed;
    pairer->max_bytes = opt->max_bytes ? opt->max_bytes : DEFAULT_BYTES;
    if (pairer->max_bytes < LEAST_BYTES)
        pairer->max_bytes = LEAST_BYTES;
    pairer->active = opt->active_timeout ? opt->active_timeout : DEFAULT_ACTIVE;
    pairer->idle = opt->idle_timeout;
    pairer->lateness = opt->lateness;
    pairer->slack = opt->slack == 0 ? DEFAULT_SLACK : opt->slack < 0 ? 0 : (uint32_t)opt->slack;
    pairer->mismatch_percent = opt->mismatch_percent ? opt->mismatch_percent : DEFAULT_MISMATCH;
    pairer->watermark = pairer->unprinted_until = -1;
}

static bool init(flowenrich_pairer *pairer)
{
    const fle_allocator *allocator = &pairer->allocator;
    const uint64_t seed = pairer->hash_seed;
    const size_t most = (size_t)pairer->max_bytes;
    const bool table = fle_table_init(&pairer->table, allocator, seed);
    const bool observers =
        fle_observers_init(&pairer->observers, allocator, seed, most / OBSERVERS_SHARE);
    const bool ways = fle_ways_init(&pairer->ways, allocator, seed, most / WAYS_SHARE);
    const bool listening =
        fle_listening_init(&pairer->listening, allocator, most / LISTENING_SHARE);
    const bool objects = fle_objects_init(&pairer->objects, allocator);
    const bool copies = fle_copies_init(&pairer->copies, allocator, seed, most / COPIES_SHARE);
    const bool homes = fle_homes_init(&pairer->homes, allocator, seed);
    const bool legs = fle_index_init(&pairer->legs, allocator);

    fle_gone_init(&pairer->gone, allocator, most / GONE_SHARE);
    fle_prints_init(&pairer->prints, allocator);
    return table && observers && ways && listening && objects && copies && homes && legs;
}

flowenrich_status flowenrich_pairer_new(flowenrich_pairer **out,
                                        const flowenrich_pairer_options *options,
                                        flowenrich_error *error)
{
    flowenrich_pairer_options opt = FLOWENRICH_PAIRER_OPTIONS_INIT;
    flowenrich_pairer *pairer;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    pairer = fle_alloc_zeroed(&allocator, sizeof *pairer);
    if (!pairer)
        return fle_error_nomem(error);
    pairer->allocator = allocator;
    fle_arena_init(&pairer->arena, &pairer->allocator);
    read_options(pairer, &opt);
    status = init(pairer) ? read_config(pairer, &opt, error) : fle_error_nomem(error);
    if (status != FLOWENRICH_OK) {
        flowenrich_pairer_free(pairer);
        return status;
    }
    *out = pairer;
    return fle_error_ok(error);
}

void flowenrich_pairer_free(flowenrich_pairer *pairer)
{
    fle_allocator allocator;

    if (!pairer)
        return;
    allocator = pairer->allocator;
    fle_table_free(&pairer->table);
    fle_observers_free(&pairer->observers);
    fle_ways_free(&pairer->ways);
    fle_listening_free(&pairer->listening);
    fle_objects_free(&pairer->objects);
    fle_copies_free(&pairer->copies);
    fle_gone_free(&pairer->gone);
    fle_homes_free(&pairer->homes);
    fle_index_free(&pairer->legs);
    fle_prints_free(&pairer->prints);
    fle_free(&allocator, pairer->late.items);
    fle_free(&allocator, pairer->dues.items);
    fle_arena_free(&pairer->arena);
    flowenrich_snapshot_free(pairer->snapshot);
    fle_free(&allocator, pairer);
}

flowenrich_status flowenrich_pairer_set_snapshot(flowenrich_pairer *pairer,
                                                 flowenrich_snapshot *snapshot,
                                                 flowenrich_error *error)
{
    if (!pairer)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pairer' is NULL");
    if (snapshot)
        flowenrich_snapshot_ref(snapshot);
    flowenrich_snapshot_free(pairer->snapshot);
    pairer->snapshot = snapshot;
    fle_homes_set_snapshot(&pairer->homes, snapshot);
    if (snapshot && pairer->window < fle_snapshot_window(snapshot))
        pairer->window = fle_snapshot_window(snapshot);
    if (!fle_observers_set_snapshot(&pairer->observers, snapshot) ||
        !fle_pairer_know_gateways(pairer))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}

/* ---- Records. ---- */

static void note_life(flowenrich_pairer *pairer, const flowenrich_batch *records,
                      const fle_notice *notice)
{
    if (records->kinds[notice->row] == FLE_ROW_SKIPDATA)
        fle_observer_skip(&pairer->observers.items[notice->observer], notice->start, notice->end);
}

/* Whose address is whose depends on where the observer is, so that must be known first. */
static bool meet_observer(flowenrich_pairer *pairer, const fle_noting *noting,
                          const fle_notice *notice)
{
    fle_observed told;

    if (notice->observer == 0 || pairer->observers.badges[notice->observer].is_told)
        return true;
    fle_noting_observed(noting, notice->row, &told);
    return fle_observers_tell(&pairer->observers, notice->observer, &told);
}

/* Read up to GROUP records with traffic from a row on. False if memory ran out. */
static bool read_group(flowenrich_pairer *pairer, fle_noting *noting, size_t *row,
                       fle_notice group[GROUP], fle_copied copies[GROUP], size_t *n)
{
    for (*n = 0; *n < GROUP && *row < noting->batch->rows; ++*row) {
        fle_notice *notice = &group[*n];

        switch (fle_noting_row(noting, &pairer->observers, &pairer->objects, *row, notice)) {
        case FLE_READ_TRAFFIC:
            if (!meet_observer(pairer, noting, notice) ||
                !fle_homes_enter(&pairer->homes, &pairer->observers, pairer->slack,
                                 pairer->hash_seed, notice))
                return false;
            if (notice->is_shadowed) {
                pairer->stats[FLE_PAIR_UNCOUNTED]++;
                break;
            }
            copies[(*n)++] = fle_copies_name(&pairer->copies, notice);
            break;
        case FLE_READ_LIFE:
            note_life(pairer, noting->batch, notice);
            break;
        case FLE_READ_NO_ADDRESS:
            pairer->stats[FLE_PAIR_NO_ADDRESS]++;
            break;
        case FLE_READ_NO_TIME:
            pairer->stats[FLE_PAIR_NO_TIME]++;
            break;
        case FLE_READ_NOMEM:
            return false;
        }
    }
    return true;
}

/*
 * Have the memory come that is most likely needed: slots, conversations, then their meters. Each
 * in a loop of its own: there, many pages are looked up at a time.
 */
static void prefetch(const flowenrich_pairer *pairer, const fle_notice *group,
                     const fle_copied *copies, size_t n)
{
    const fle_table *table = &pairer->table;
    const fle_conversation *found[GROUP];

    for (size_t i = 0; i < n; i++) {
        fle_index_expect(&table->by_key, group[i].hash);
        fle_copies_expect(&pairer->copies, &copies[i]);
    }
    for (size_t i = 0; i < n; i++) {
        size_t at = fle_index_begin(&table->by_key, group[i].hash);
        const uint32_t number = fle_index_next(&table->by_key, group[i].hash, &at);

        found[i] = number != FLE_NONE ? fle_table_at(table, number) : NULL;
        if (found[i])
            fle_prefetch(found[i], FLE_CONVERSATION_HOT);
    }
    for (size_t i = 0; i < n; i++) {
        const fle_meters *meters = found[i] ? &found[i]->meters : NULL;

        if (meters && meters->first != FLE_NONE)
            fle_prefetch(fle_meter_at(&table->meters, meters->first), sizeof(fle_meter));
        if (meters && meters->second != FLE_NONE)
            fle_prefetch(fle_meter_at(&table->meters, meters->second), sizeof(fle_meter));
    }
}

static bool pair(flowenrich_pairer *pairer, const flowenrich_batch *records)
{
    fle_noting noting;
    fle_notice group[GROUP];
    fle_copied copies[GROUP];
    size_t n;

    fle_noting_open(&noting, records, pairer->hash_seed);
    for (size_t row = 0; row < records->rows;) {
        if (!read_group(pairer, &noting, &row, group, copies, &n))
            return false;
        prefetch(pairer, group, copies, n);
        for (size_t i = 0; i < n; i++) {
            if (fle_copies_have(&pairer->copies, &copies[i]))
                pairer->stats[FLE_PAIR_DUPLICATES]++;
            else if (!fle_pairer_join(pairer, &noting, &group[i]))
                return false;
        }
    }
    return true;
}

flowenrich_status flowenrich_pairer_pair(flowenrich_pairer *pairer, const flowenrich_batch *records,
                                         flowenrich_error *error)
{
    if (!pairer || !records)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pairer' or 'records' is NULL");
    if (pairer->dues.n > 0)
        return fle_error(error, FLOWENRICH_ERR_ARG, "rows are due: take them before more records");
    if (records->level != FLE_LEVEL_RECORD)
        return fle_error(error, FLOWENRICH_ERR_ARG, "these rows are conversations already");
    if (!pair(pairer, records))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_pairer_advance(flowenrich_pairer *pairer, flowenrich_time watermark,
                                            flowenrich_error *error)
{
    if (!pairer)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pairer' is NULL");
    if (pairer->dues.n > 0)
        return fle_error(error, FLOWENRICH_ERR_ARG, "rows are due: take them before time goes on");
    if (!fle_pairer_collect(pairer, watermark))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}

size_t flowenrich_pairer_stats(const flowenrich_pairer *pairer, flowenrich_stat *out, size_t n)
{
    static const char *const names[FLE_PAIR_N_STATS] = {
        [FLE_PAIR_RECORDS] = "records",
        [FLE_PAIR_NO_ADDRESS] = "records_without_address",
        [FLE_PAIR_NO_TIME] = "records_without_time",
        [FLE_PAIR_DUPLICATES] = "duplicate_records",
        [FLE_PAIR_DUPLICATE_MESSAGES] = "duplicate_messages",
        [FLE_PAIR_CONVERSATIONS] = "conversations",
        [FLE_PAIR_ROWS] = "rows",
        [FLE_PAIR_REVERSALS] = "reversals",
        [FLE_PAIR_EVICTED] = "evicted",
        [FLE_PAIR_LATE_RECORDS] = "late_records",
        [FLE_PAIR_LATE_CONVERSATIONS] = "late_conversations",
        [FLE_PAIR_REUSED] = "reused",
        [FLE_PAIR_AMBIGUOUS] = "ambiguous",
        [FLE_PAIR_OTHER_SPACE] = "other_space",
        [FLE_PAIR_OVERLAPPING] = "overlapping_records",
        [FLE_PAIR_UNCOUNTED] = "uncounted_records",
        [FLE_PAIR_LEGS] = "joined_legs",
        [FLE_PAIR_OUTSIDE] = "joined_outside_legs",
    };
    const flowenrich_stat held[] = {
        { "refused_observers", pairer->observers.refused },
        { "open", pairer->table.by_key.n },
        { "bytes", sizeof *pairer + fle_table_bytes(&pairer->table) +
                       fle_observers_bytes(&pairer->observers) + fle_ways_bytes(&pairer->ways) +
                       fle_listening_bytes(&pairer->listening) +
                       fle_objects_bytes(&pairer->objects) + fle_copies_bytes(&pairer->copies) +
                       fle_gone_bytes(&pairer->gone) + fle_homes_bytes(&pairer->homes) +
                       fle_index_bytes(&pairer->legs) + fle_prints_bytes(&pairer->prints) +
                       FLE_PORT_BYTES + pairer->dues.capacity * sizeof *pairer->dues.items },
    };
    const size_t n_held = sizeof held / sizeof *held;

    for (size_t i = 0; i < FLE_PAIR_N_STATS + n_held && i < n; i++) {
        if (i < FLE_PAIR_N_STATS)
            out[i] = (flowenrich_stat){ names[i], pairer->stats[i] };
        else
            out[i] = held[i - FLE_PAIR_N_STATS];
    }
    return FLE_PAIR_N_STATS + n_held;
}
