/* SPDX-License-Identifier: Apache-2.0 */
/* The enricher: its life, its resolvers, and the order of the steps. */
#include "enrich/enricher.h"

#include "base/error.h"
#include "enrich/paired.h"
#include "enrich/rows.h"

#define DEFAULT_SLACK 60

static flowenrich_status read_options(flowenrich_enricher *enricher,
                                      const flowenrich_enricher_options *opt,
                                      flowenrich_error *error)
{
    enricher->slack = opt->slack == 0 ? DEFAULT_SLACK : opt->slack < 0 ? 0 : opt->slack;
    enricher->strict = opt->strict != 0;
    enricher->hold.seconds = opt->hold;
    enricher->hold.slack = enricher->slack;
    if (opt->max_bytes > 0)
        enricher->hold.max_bytes = opt->max_bytes;
    if (opt->hold < 0)
        return fle_error(error, FLOWENRICH_ERR_ARG, "rows can't be held for less than no time");
    if (!opt->config)
        return FLOWENRICH_OK;
    return fle_config_read(&enricher->config, opt->config, opt->config_len, &enricher->arena,
                           error);
}

flowenrich_status flowenrich_enricher_new(flowenrich_enricher **out,
                                          const flowenrich_enricher_options *options,
                                          flowenrich_error *error)
{
    flowenrich_enricher_options opt = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_enricher *enricher;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    enricher = fle_alloc_zeroed(&allocator, sizeof *enricher);
    if (!enricher)
        return fle_error_nomem(error);
    enricher->allocator = allocator;
    enricher->read = FLE_ALL_OUTPUTS;
    fle_arena_init(&enricher->arena, &enricher->allocator);
    fle_hold_init(&enricher->hold, &enricher->allocator, opt.hash_seed);
    fle_inquiries_init(&enricher->inquiries, &enricher->allocator, opt.hash_seed);
    status = read_options(enricher, &opt, error);
    if (status != FLOWENRICH_OK) {
        flowenrich_enricher_free(enricher);
        return status;
    }
    *out = enricher;
    return fle_error_ok(error);
}

void flowenrich_enricher_free(flowenrich_enricher *enricher)
{
    fle_allocator allocator;

    if (!enricher)
        return;
    allocator = enricher->allocator;
    for (size_t i = 0; i < enricher->resolvers.n; i++) {
        const flowenrich_resolver *table = &enricher->resolvers.items[i].table;

        if (table->destroy)
            table->destroy(table->ctx);
    }
    flowenrich_snapshot_free(enricher->snapshot);
    fle_hold_free(&enricher->hold);
    fle_inquiries_free(&enricher->inquiries);
    fle_arena_free(&enricher->arena);
    fle_free(&allocator, enricher->resolvers.items);
    fle_free(&allocator, enricher->facts);
    fle_free(&allocator, enricher);
}

void fle_enricher_choose(flowenrich_enricher *enricher,
                         bool (*is_read)(const void *reader, flowenrich_text path),
                         const void *reader)
{
    enricher->read = UINT32_C(1) << FLE_OUT_RULE | UINT32_C(1) << FLE_OUT_CLIENT_ADDR |
                     UINT32_C(1) << FLE_OUT_CLIENT_PORT;
    for (size_t i = 0; i < FLE_N_OUTPUTS; i++)
        if (is_read(reader, fle_output_path((fle_output)i)))
            enricher->read |= UINT32_C(1) << i;
}

flowenrich_status flowenrich_enricher_set_snapshot(flowenrich_enricher *enricher,
                                                   flowenrich_snapshot *snapshot,
                                                   flowenrich_error *error)
{
    if (!enricher)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'enricher' is NULL");
    if (snapshot != enricher->snapshot) /* another may come to lie where this one did */
        fle_kept_clear(&enricher->inquiries.kept);
    if (snapshot)
        flowenrich_snapshot_ref(snapshot);
    flowenrich_snapshot_free(enricher->snapshot);
    enricher->snapshot = snapshot;
    if (snapshot && enricher->hold.longest < (int64_t)fle_snapshot_window(snapshot))
        enricher->hold.longest = fle_snapshot_window(snapshot);
    return fle_error_ok(error);
}

/* Keep the names, which are the caller's. */
static bool name_resolver(flowenrich_enricher *enricher, fle_resolver *resolver)
{
    static const char prefix[] = "named_";
    const flowenrich_text name = fle_text_of(resolver->table.name);
    char *stat = fle_arena_alloc(&enricher->arena, sizeof prefix + name.len);

    if (!stat)
        return false;
    memcpy(stat, prefix, sizeof prefix - 1);
    memcpy(stat + sizeof prefix - 1, name.data, name.len + 1);
    resolver->stat = stat;
    resolver->name = fle_text(stat + sizeof prefix - 1, name.len);
    resolver->table.name = resolver->name.data;
    return true;
}

static flowenrich_status keep_resolver(flowenrich_enricher *enricher, fle_resolver *resolver,
                                       flowenrich_error *error)
{
    fle_resolvers *resolvers = &enricher->resolvers;
    fle_resolver *items;

    if (!resolver->table.resolve || !resolver->table.name || !*resolver->table.name)
        return fle_error(error, FLOWENRICH_ERR_ARG, "a resolver needs a name and 'resolve'");
    items = fle_grow(&enricher->allocator, resolvers->items, &resolvers->capacity, resolvers->n + 1,
                     sizeof *items);
    if (!items)
        return fle_error_nomem(error);
    resolvers->items = items;
    if (!name_resolver(enricher, resolver))
        return fle_error_nomem(error);
    items[resolvers->n++] = *resolver;
    return fle_error_ok(error);
}

flowenrich_status flowenrich_enricher_add_resolver(flowenrich_enricher *enricher,
                                                   const flowenrich_resolver *resolver,
                                                   flowenrich_error *error)
{
    fle_resolver kept = { .table = { sizeof kept.table, NULL, NULL, NULL, NULL } };
    flowenrich_status status;

    if (!resolver || !fle_struct_import(&kept.table, sizeof kept.table, resolver))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'resolver' is NULL, or doesn't begin with its size");
    if (enricher)
        status = keep_resolver(enricher, &kept, error);
    else
        status = fle_error(error, FLOWENRICH_ERR_ARG, "'enricher' is NULL");
    if (status != FLOWENRICH_OK && kept.table.destroy)
        kept.table.destroy(kept.table.ctx);
    return status;
}

/* What is learned from rows that are held is of the log at hand; a snapshot's may not be. */
static fle_mirrors *mirrors_of(const flowenrich_enricher *enricher)
{
    if (enricher->hold.mirrors || !enricher->snapshot)
        return enricher->hold.mirrors;
    return fle_snapshot_mirrors(enricher->snapshot);
}

/* The batch's answers point into these, so it takes references of its own. */
static bool begin(const flowenrich_enricher *enricher, flowenrich_batch *batch)
{
    if (!fle_batch_begin_ends(batch, enricher->snapshot, flowenrich_snapshot_free))
        return false;
    if (enricher->snapshot)
        flowenrich_snapshot_ref(enricher->snapshot);
    batch->mirrors = fle_mirrors_ref(mirrors_of(enricher));
    if (batch->level == FLE_LEVEL_RECORD ? !fle_observers_add(batch) : !fle_hops_add(batch))
        return false;
    return fle_rows_add(batch, enricher->read);
}

/* Ask about both sides of a row. False if memory ran out. */
static bool collect_sides(fle_inquiries *inquiries, const fle_context *context, fle_facts *facts,
                          size_t row)
{
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        facts->number[side] = fle_inquiries_ask(inquiries, context, facts, side, row);
        if (facts->number[side] == FLE_ABSENT)
            return false;
    }
    return true;
}

static bool is_traffic(const fle_context *context, size_t row)
{
    return context->batch->kinds[row] == FLE_ROW_TRAFFIC;
}

/* Begin with some rows: who logged them. */
static void begin_rows(const fle_context *context, fle_facts *facts, size_t begin, size_t end)
{
    flowenrich_text ids[FLE_AHEAD];
    size_t n = 0;

    for (size_t row = begin; row < end; row++) {
        if (!is_traffic(context, row))
            continue;
        fle_facts_begin(&facts[row], context, row);
        ids[n++] = facts[row].interface_id;
    }
    if (context->snapshot)
        fle_snapshot_look_for(context->snapshot, ids, n);
}

/* The memory that what is asked about some rows will need comes while others are read. */
static void look_ahead(const fle_context *context, fle_facts *facts, size_t begin, size_t end)
{
    fle_question questions[FLE_AHEAD];
    fle_trail *trails[FLE_AHEAD];
    size_t n = 0;

    for (size_t row = begin; context->snapshot && row < end; row++)
        for (fle_side side = FLE_SRC; is_traffic(context, row) && side < FLE_N_SIDES; side++)
            if (facts[row].wire[side]) {
                questions[n].space = facts[row].space[side];
                questions[n].address = *facts[row].wire[side];
                trails[n++] = &facts[row].trail[side];
            }
    if (n > 0)
        fle_snapshot_look_ahead(context->snapshot, questions, n, false);
    for (size_t i = 0; i < n; i++)
        *trails[i] = questions[i].trail;
}

#define ROWS_AHEAD (FLE_AHEAD / FLE_N_SIDES)

/* Read at most so many rows, and collect what is to be asked about them. */
static bool collect_rows(fle_inquiries *inquiries, const fle_context *context, fle_facts *facts,
                         size_t begin, size_t end)
{
    const bool are_records = context->batch->level == FLE_LEVEL_RECORD;

    if (are_records)
        begin_rows(context, facts, begin, end);
    for (size_t row = begin; row < end; row++)
        if (is_traffic(context, row))
            (are_records ? fle_facts_open : fle_conversation_read)(&facts[row], context, row);
    look_ahead(context, facts, begin, end);
    for (size_t row = begin; row < end; row++) {
        if (!is_traffic(context, row))
            continue;
        if (are_records)
            fle_facts_judge(&facts[row], context, row);
        if (!collect_sides(inquiries, context, &facts[row], row))
            return false;
    }
    return true;
}

/* Read every record, and collect what is to be asked about its sides. */
static bool collect(flowenrich_enricher *enricher, const fle_context *context)
{
    const flowenrich_batch *batch = context->batch;
    fle_facts *facts = fle_grow(&enricher->allocator, enricher->facts, &enricher->facts_capacity,
                                batch->rows + 1, sizeof *facts);

    if (!facts)
        return false;
    enricher->facts = facts;
    if (!fle_inquiries_begin(&enricher->inquiries, context, FLE_N_SIDES * batch->rows))
        return false;
    for (size_t row = 0; row < batch->rows; row += ROWS_AHEAD)
        if (!collect_rows(&enricher->inquiries, context, facts, row,
                          batch->rows - row < ROWS_AHEAD ? batch->rows : row + ROWS_AHEAD))
            return false;
    return true;
}

/* False if memory ran out. */
static bool write_row(flowenrich_enricher *enricher, const fle_context *context,
                      const fle_rows *rows, const fle_hops *hops, size_t row)
{
    fle_facts *facts = &enricher->facts[row];

    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        facts->answer[side] = context->batch->answers[facts->number[side]];
        fle_stats_end(&enricher->stats, &enricher->resolvers, facts->answer[side]);
    }
    enricher->stats.records++;
    if (context->batch->level == FLE_LEVEL_RECORD) {
        fle_rows_write(rows, context, facts, &enricher->config.listeners, facts->number, row);
        return true;
    }
    fle_rows_write_conversation(rows, context, facts, facts->number, row);
    return fle_hops_write(hops, context, facts, row);
}

static bool write_rows(flowenrich_enricher *enricher, const fle_context *context)
{
    fle_rows rows;
    fle_hops hops;

    fle_rows_open(&rows, context->batch, enricher->read);
    fle_hops_open(&hops, context->batch);
    for (size_t row = 0; row < context->batch->rows; row++)
        if (context->batch->kinds[row] == FLE_ROW_TRAFFIC &&
            !write_row(enricher, context, &rows, &hops, row))
            return false;
    return true;
}

flowenrich_status flowenrich_enricher_enrich(flowenrich_enricher *enricher, flowenrich_batch *batch,
                                             flowenrich_error *error)
{
    fle_context context;
    flowenrich_status status;

    if (!enricher || !batch)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'enricher' or 'batch' is NULL");
    if (!begin(enricher, batch))
        return fle_error_nomem(error);
    context = (fle_context){ .batch = batch,
                             .snapshot = enricher->snapshot,
                             .mirrors = batch->mirrors,
                             .slack = enricher->slack,
                             .strict = enricher->strict,
                             .has_resolvers = enricher->resolvers.n > 0 };
    fle_context_open(&context);
    if (!collect(enricher, &context))
        return fle_error_nomem(error);
    status = fle_ends_answer(&context, &enricher->inquiries, &enricher->resolvers, error);
    if (status != FLOWENRICH_OK)
        return status;
    return write_rows(enricher, &context) ? fle_error_ok(error) : fle_error_nomem(error);
}

flowenrich_status flowenrich_enricher_hold(flowenrich_enricher *enricher,
                                           const flowenrich_batch *records, size_t *row,
                                           flowenrich_error *error)
{
    if (!enricher || !records || !row || *row > records->rows)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'enricher', 'records' or 'row' is NULL, or the row isn't there");
    return fle_hold_rows(&enricher->hold, records, row) ? fle_error_ok(error)
                                                        : fle_error_nomem(error);
}

flowenrich_status flowenrich_enricher_advance(flowenrich_enricher *enricher, flowenrich_time now,
                                              flowenrich_error *error)
{
    if (!enricher)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'enricher' is NULL");
    fle_hold_advance(&enricher->hold, now);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_enricher_take(flowenrich_enricher *enricher, flowenrich_batch *out,
                                           flowenrich_error *error)
{
    if (!enricher || !out || out->rows > 0)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'enricher' or 'out' is NULL, or 'out' has "
                         "rows: clear it first");
    if (!fle_hold_take(&enricher->hold, out))
        return fle_error_nomem(error);
    return flowenrich_enricher_enrich(enricher, out, error);
}

size_t flowenrich_enricher_stats(const flowenrich_enricher *enricher, flowenrich_stat *out,
                                 size_t n)
{
    fle_stats stats = enricher->stats;

    stats.waited = enricher->hold.waited;
    stats.held = enricher->hold.held;
    stats.hurried = enricher->hold.hurried;
    stats.ahead = enricher->hold.ahead;
    return fle_stats_write(&stats, &enricher->resolvers, out, n);
}
