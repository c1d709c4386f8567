/* SPDX-License-Identifier: Apache-2.0 */
/* The enricher: its life, its resolvers, and the order of the steps. */
#include "enrich/enricher.h"

#include "base/error.h"
#include "enrich/paired.h"
#include "enrich/rows.h"

#define DEFAULT_SLACK 60

/* The columns that rows are written to. */
typedef struct writers {
    fle_rows rows;
    fle_hops hops;
} writers;

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
    fle_free(&allocator, enricher->waiting);
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
        fle_kept_forget(&enricher->inquiries.kept);
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

static bool is_traffic(const fle_context *context, size_t row)
{
    return context->batch->kinds[row] == FLE_ROW_TRAFFIC;
}

/* At most so many records at a time, so that the memory one needs comes while others are read. */
#define ROWS_AHEAD (FLE_AHEAD / FLE_N_SIDES)

/* Some rows of a batch with traffic, and what they say. */
typedef struct reading {
    fle_facts facts[ROWS_AHEAD];
    size_t rows[ROWS_AHEAD];
    size_t n;
} reading;

/* Who logged some rows. */
static void begin_rows(reading *r, const fle_context *context, size_t begin, size_t end)
{
    flowenrich_text ids[ROWS_AHEAD];
    fle_regular *regulars[ROWS_AHEAD];

    r->n = 0;
    for (size_t row = begin; row < end; row++)
        if (is_traffic(context, row))
            r->rows[r->n++] = row;
    if (context->batch->level != FLE_LEVEL_RECORD) {
        for (size_t i = 0; i < r->n; i++)
            fle_conversation_read(&r->facts[i], context, r->rows[i]);
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        fle_facts_begin(&r->facts[i], context, r->rows[i]);
        ids[i] = r->facts[i].interface_id;
    }
    if (context->regulars)
        fle_regulars_find(context->regulars, context->snapshot, ids, r->n, regulars);
    for (size_t i = 0; i < r->n; i++) {
        r->facts[i].regular = context->regulars ? regulars[i] : NULL;
        fle_facts_open(&r->facts[i], context, r->rows[i]);
    }
}

/* The memory that what is asked about some rows will need, where it isn't known already. */
static void look_ahead(reading *r, const fle_context *context, const fle_kept *kept)
{
    struct {
        fle_facts *facts;
        fle_side side;
    } asked[FLE_AHEAD];
    fle_question questions[FLE_AHEAD];
    size_t n_asked = 0, n = 0;

    for (size_t i = 0; context->snapshot && i < r->n; i++)
        for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
            if (fle_kept_look_ahead(kept, &r->facts[i], side)) {
                asked[n_asked].facts = &r->facts[i];
                asked[n_asked++].side = side;
            }
    for (size_t i = 0; i < n_asked; i++) {
        fle_facts *facts = asked[i].facts;
        const fle_side side = asked[i].side;

        if (fle_kept_knows(kept, facts, side))
            continue;
        questions[n].space = facts->space[side];
        questions[n].address = *facts->wire[side];
        asked[n++] = asked[i];
    }
    if (n > 0)
        fle_snapshot_look_ahead(context->snapshot, questions, n, false);
    for (size_t i = 0; i < n; i++)
        asked[i].facts->trail[asked[i].side] = questions[i].trail;
}

/* Write a row whose ends have been answered. False if memory ran out. */
static bool write_row(flowenrich_enricher *enricher, const fle_context *context,
                      const writers *writer, fle_facts *facts, size_t row)
{
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        facts->answer[side] = context->batch->answers[facts->number[side]];
        fle_stats_end(&enricher->stats, &enricher->resolvers, facts->answer[side]);
    }
    enricher->stats.records++;
    if (context->batch->level == FLE_LEVEL_RECORD) {
        fle_rows_write(&writer->rows, context, facts, &enricher->config.listeners, facts->number,
                       row);
        return true;
    }
    fle_rows_write_conversation(&writer->rows, context, facts, facts->number, row);
    return fle_hops_write(&writer->hops, context, facts, row);
}

/* A row waits for its ends to be answered. What is known of a regular may be another's by then. */
static bool wait(flowenrich_enricher *enricher, const fle_facts *facts, size_t row)
{
    fle_waiting *waiting =
        fle_grow(&enricher->allocator, enricher->waiting, &enricher->waiting_capacity,
                 enricher->n_waiting + 1, sizeof *waiting);

    if (!waiting)
        return false;
    enricher->waiting = waiting;
    waiting += enricher->n_waiting++;
    waiting->facts = *facts;
    waiting->facts.regular = NULL;
    waiting->row = row;
    return true;
}

/* Read a few rows, and write those about whose ends nothing is open. False if memory ran out. */
static bool read_rows(flowenrich_enricher *enricher, const fle_context *context,
                      const writers *writer, size_t begin, size_t end)
{
    const bool are_records = context->batch->level == FLE_LEVEL_RECORD;
    fle_inquiries *inquiries = &enricher->inquiries;
    reading r;

    begin_rows(&r, context, begin, end);
    look_ahead(&r, context, &inquiries->kept);
    for (size_t i = 0; i < r.n; i++) {
        fle_facts *facts = &r.facts[i];
        bool is_open = !are_records; /* their lists are written in their order */

        if (are_records)
            fle_facts_judge(facts, context, r.rows[i]);
        for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
            if (!fle_inquiries_ask(inquiries, context, facts, side, r.rows[i], &is_open))
                return false;
        if (!(is_open ? wait(enricher, facts, r.rows[i])
                      : write_row(enricher, context, writer, facts, r.rows[i])))
            return false;
    }
    return true;
}

static bool read_batch(flowenrich_enricher *enricher, const fle_context *context,
                       const writers *writer)
{
    const size_t rows = context->batch->rows;

    enricher->n_waiting = 0;
    for (size_t row = 0; row < rows; row += ROWS_AHEAD)
        if (!read_rows(enricher, context, writer, row,
                       rows - row < ROWS_AHEAD ? rows : row + ROWS_AHEAD))
            return false;
    return true;
}

static bool write_waiting(flowenrich_enricher *enricher, const fle_context *context,
                          const writers *writer)
{
    for (size_t i = 0; i < enricher->n_waiting; i++)
        if (!write_row(enricher, context, writer, &enricher->waiting[i].facts,
                       enricher->waiting[i].row))
            return false;
    return true;
}

flowenrich_status flowenrich_enricher_enrich(flowenrich_enricher *enricher, flowenrich_batch *batch,
                                             flowenrich_error *error)
{
    fle_context context;
    writers writer;
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
    fle_rows_open(&writer.rows, batch, enricher->read);
    fle_hops_open(&writer.hops, batch);
    if (!fle_inquiries_begin(&enricher->inquiries, &context, FLE_N_SIDES * batch->rows))
        return fle_error_nomem(error);
    context.regulars = batch->level == FLE_LEVEL_RECORD && context.snapshot
                           ? &enricher->inquiries.kept.regulars
                           : NULL;
    if (!read_batch(enricher, &context, &writer))
        return fle_error_nomem(error);
    status = fle_ends_answer(&context, &enricher->inquiries, &enricher->resolvers, error);
    if (status != FLOWENRICH_OK)
        return status;
    return write_waiting(enricher, &context, &writer) ? fle_error_ok(error)
                                                      : fle_error_nomem(error);
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
