/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog: takes documents in, gives snapshots out. */
#include <string.h>

#include "base/error.h"
#include "catalog/derive.h"
#include "catalog/forget.h"
#include "catalog/learn.h"
#include "catalog/lessons.h"
#include "catalog/load.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/update.h"
#include "record/directory.h"

#define DEFAULT_ASSUME 86400
#define MOST_NOTES 4096 /* beside one of each interface: then the next snapshot is a whole one */

struct flowenrich_catalog {
    fle_allocator allocator;
    uint64_t hash_seed;
    int64_t assume;  /* -1 = none; 0 = as long as there are only documents */
    fle_arena arena; /* of the caller's kinds */
    fle_kinds kinds;
    fle_facts facts;
    fle_learned learned;
    uint64_t documents, interfaces, addresses, skipped_items;
    fle_event_counts events;
    bool has_events, has_flow_logs;
    flowenrich_snapshot *last; /* that was published, as long as the next may be made from it */
    fle_ledger ledger;         /* of its facts, as soon as there is a next one */
    size_t n_published;        /* facts that are in it: of a whole one they are in order */
};

static flowenrich_status init(flowenrich_catalog *catalog, const flowenrich_catalog_options *opt,
                              flowenrich_error *error)
{
    catalog->hash_seed = opt->hash_seed;
    catalog->assume = opt->assume;
    catalog->kinds = fle_kinds_builtin;
    fle_arena_init(&catalog->arena, &catalog->allocator);
    fle_learned_init(&catalog->learned, &catalog->allocator, opt->hash_seed,
                     opt->max_learned_bytes);
    if (!fle_facts_init(&catalog->facts, &catalog->allocator, opt->hash_seed))
        return fle_error_nomem(error);
    return opt->kinds
               ? fle_kinds_read(&catalog->kinds, opt->kinds, opt->kinds_len, &catalog->arena, error)
               : FLOWENRICH_OK;
}

flowenrich_status flowenrich_catalog_new(flowenrich_catalog **out,
                                         const flowenrich_catalog_options *options,
                                         flowenrich_error *error)
{
    flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_catalog *catalog;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (!status && opt.assume < -1)
        status = fle_error(error, FLOWENRICH_ERR_ARG, "assume is seconds, or -1 for none");
    if (status)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    catalog = fle_alloc_zeroed(&allocator, sizeof *catalog);
    if (!catalog)
        return fle_error_nomem(error);
    catalog->allocator = allocator;
    status = init(catalog, &opt, error);
    if (status) {
        flowenrich_catalog_free(catalog);
        return status;
    }
    *out = catalog;
    return fle_error_ok(error);
}

/* The next snapshot is to be made as a whole. */
static void drop_last(flowenrich_catalog *catalog)
{
    flowenrich_snapshot_free(catalog->last);
    catalog->last = NULL;
    fle_ledger_free(&catalog->ledger);
    memset(&catalog->ledger, 0, sizeof catalog->ledger);
}

void flowenrich_catalog_free(flowenrich_catalog *catalog)
{
    fle_allocator allocator;

    if (!catalog)
        return;
    allocator = catalog->allocator;
    drop_last(catalog);
    fle_facts_free(&catalog->facts);
    fle_learned_free(&catalog->learned);
    fle_arena_free(&catalog->arena);
    fle_free(&allocator, catalog);
}

/* Count what the facts from 'begin' on show for the first time. */
static void count(flowenrich_catalog *catalog, size_t begin)
{
    fle_facts *facts = &catalog->facts;

    for (size_t i = begin; i < facts->n; i++) {
        const fle_fact *fact = &facts->items[i];
        fle_interned *subject = &facts->texts[fact->subject], *value = &facts->texts[fact->value];

        catalog->has_flow_logs = catalog->has_flow_logs || fact->kind == FLE_SUBJECT_FLOW_LOG;
        if (fact->kind == FLE_SUBJECT_INTERFACE && fact->subject != 0 && !subject->is_interface) {
            subject->is_interface = true;
            catalog->interfaces++;
        }
        if ((fact->predicate == FLE_FACT_ADDRESSES || fact->predicate == FLE_FACT_PUBLIC) &&
            fact->value != 0 && !value->is_address) {
            value->is_address = true;
            catalog->addresses++;
        }
    }
}

flowenrich_status flowenrich_catalog_load(flowenrich_catalog *catalog, const void *data, size_t len,
                                          const flowenrich_document *document,
                                          flowenrich_time *dated, flowenrich_error *error)
{
    flowenrich_document known = FLOWENRICH_DOCUMENT_INIT;
    fle_loaded loaded;
    flowenrich_status status;
    size_t n_facts;

    if (!catalog || (!data && len > 0) ||
        (document && !fle_struct_import(&known, sizeof known, document)))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "no catalog, no data, or a document without its size");
    n_facts = catalog->facts.n;
    status = fle_load(&catalog->facts, data ? data : "", len, &known, &loaded, error);
    if (status) {
        fle_facts_truncate(&catalog->facts, n_facts);
        return status;
    }
    count(catalog, n_facts);
    catalog->documents++;
    catalog->skipped_items += loaded.skipped;
    catalog->has_events = catalog->has_events || loaded.has_events;
    catalog->events.events += loaded.counts.events;
    catalog->events.failed += loaded.counts.failed;
    catalog->events.repeated += loaded.counts.repeated;
    catalog->events.others += loaded.counts.others;
    if (dated)
        *dated = loaded.dated;
    return fle_error_ok(error);
}

bool fle_catalog_has_flow_logs(const flowenrich_catalog *catalog)
{
    return catalog->has_flow_logs;
}

flowenrich_status flowenrich_catalog_learn(flowenrich_catalog *catalog,
                                           const flowenrich_batch *records, flowenrich_error *error)
{
    if (!catalog || !records)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'catalog' or 'records' is NULL");
    return fle_learn(&catalog->learned, records) ? fle_error_ok(error) : fle_error_nomem(error);
}

/* Where changes are told, that none is told is no reason to assume that there were none. */
static int64_t assume_of(const flowenrich_catalog *catalog)
{
    if (catalog->assume != 0)
        return catalog->assume > 0 ? catalog->assume : 0;
    return catalog->has_events ? 0 : DEFAULT_ASSUME;
}

flowenrich_status flowenrich_catalog_forget(flowenrich_catalog *catalog, flowenrich_time before,
                                            flowenrich_error *error)
{
    fle_facts kept;
    bool done;

    if (!catalog || before == FLOWENRICH_TIME_ABSENT)
        return fle_error(error, FLOWENRICH_ERR_ARG, "no catalog, or no time");
    drop_last(catalog);
    done = fle_facts_forget(&kept, &catalog->facts, before, catalog->hash_seed);
    if (done) {
        const fle_facts all = catalog->facts;

        catalog->facts = kept;
        kept = all;
    }
    fle_facts_free(&kept);
    return done ? fle_error_ok(error) : fle_error_nomem(error);
}

static flowenrich_snapshot *new_snapshot(const flowenrich_catalog *catalog)
{
    flowenrich_snapshot *snapshot = fle_snapshot_new(&catalog->allocator);

    if (!snapshot)
        return NULL;
    snapshot->seed = catalog->hash_seed;
    snapshot->assume = assume_of(catalog);
    snapshot->assumes_all = catalog->assume != 0;
    snapshot->mirrors = fle_mirrors_ref(catalog->learned.mirrors);
    return snapshot;
}

/* What these borrow is as large as the facts: it isn't kept until the snapshot is made. */
static void give_back(fle_arena *scratch)
{
    const fle_allocator *allocator = scratch->allocator;

    fle_arena_free(scratch);
    fle_arena_init(scratch, allocator);
}

static bool sort_facts(flowenrich_catalog *catalog, fle_arena *scratch)
{
    const bool done = fle_facts_sort(&catalog->facts, scratch);

    give_back(scratch);
    return done;
}

static bool derive(flowenrich_catalog *catalog, fle_arena *scratch)
{
    const bool done = fle_derive(&catalog->facts, scratch);

    give_back(scratch);
    return done;
}

static bool publish(flowenrich_catalog *catalog, fle_facts *facts, fle_publishing *p)
{
    size_t n;

    if (!sort_facts(catalog, p->scratch) || !derive(catalog, p->scratch) ||
        !fle_lessons_add(&catalog->learned, &catalog->facts, p->scratch, facts))
        return false;
    n = catalog->facts.n_texts;
    p->spaces = fle_array(p->scratch, n, sizeof *p->spaces);
    if (!p->spaces)
        return false;
    memset(p->spaces, 0, n * sizeof *p->spaces);
    n = fle_count_subjects(fle_facts_of(p->facts, FLE_SUBJECT_INTERFACE));
    (void)fle_entry_writer_reserve(p->writer, n);
    p->snapshot->n_interfaces = (uint32_t)n;
    return !p->writer->failed && fle_publish_spaces(p) && fle_publish_interfaces(p) &&
           fle_publish_holders(p) && fle_publish_ranges(p) && fle_publish_flow_logs(p) &&
           fle_publish_ports(p) && fle_publish_prefix_lists(p) && fle_publish_routes(p) &&
           fle_publish_entries(p);
}

/* From all facts. NULL if memory ran out. */
static flowenrich_snapshot *publish_whole(flowenrich_catalog *catalog)
{
    flowenrich_snapshot *snapshot = new_snapshot(catalog);
    fle_publishing p;
    fle_facts facts; /* of documents and records */
    fle_entry_writer writer;
    fle_arena scratch, room;
    fle_buffer buffer;
    bool done;

    if (!snapshot)
        return NULL;
    fle_arena_init(&scratch, &catalog->allocator);
    fle_arena_init(&room, &catalog->allocator);
    fle_buffer_init(&buffer, &catalog->allocator);
    memset(&p, 0, sizeof p);
    p.facts = &facts;
    p.kinds = &catalog->kinds;
    p.snapshot = snapshot;
    p.scratch = &scratch;
    p.room = &room;
    p.buffer = &buffer;
    p.writer = &writer;
    if (!catalog->learned.mirrors) {
        fle_ledger_init(&catalog->ledger, &catalog->facts, catalog->hash_seed);
        p.ledger = &catalog->ledger;
    }
    fle_entry_writer_init(&writer, &catalog->allocator, catalog->hash_seed);
    done = publish(catalog, &facts, &p);
    fle_underive(&catalog->facts);
    if (done) {
        snapshot->entries = fle_entry_writer_end(&writer);
        snapshot->owns_entries = true;
    } else {
        fle_entry_writer_free(&writer);
    }
    fle_buffer_free(&buffer);
    fle_arena_free(&room);
    fle_arena_free(&scratch);
    if (done)
        return snapshot;
    flowenrich_snapshot_free(snapshot);
    return NULL;
}

/* What records teach isn't told from one snapshot to the next; and layers don't grow for ever. */
static bool may_update(const flowenrich_catalog *catalog)
{
    const flowenrich_snapshot *last = catalog->last;

    return last && !catalog->learned.mirrors && last->journal.n <= last->n_interfaces + MOST_NOTES;
}

static fle_updated update(flowenrich_catalog *catalog, flowenrich_snapshot **out)
{
    const fle_update of = { &catalog->ledger, catalog->n_published, &catalog->kinds,
                            catalog->last };
    fle_updated updated;

    *out = NULL;
    if (!may_update(catalog))
        return FLE_UPDATE_TOO_WIDE;
    if (!fle_ledger_update(&catalog->ledger, catalog->n_published))
        return FLE_UPDATE_NO_MEMORY;
    updated = fle_update_snapshot(&of, out);
    if (*out)
        (*out)->assume = assume_of(catalog);
    return updated;
}

flowenrich_status flowenrich_catalog_publish(flowenrich_catalog *catalog, flowenrich_snapshot **out,
                                             flowenrich_error *error)
{
    fle_updated updated;

    if (!catalog || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'catalog' or 'out' is NULL");
    updated = update(catalog, out);
    if (updated == FLE_UPDATED) {
        flowenrich_snapshot_free(catalog->last);
        catalog->last = flowenrich_snapshot_ref(*out);
        catalog->n_published = catalog->facts.n;
        return fle_error_ok(error);
    }
    drop_last(catalog);
    if (updated == FLE_UPDATE_TOO_WIDE)
        *out = publish_whole(catalog);
    if (!*out) {
        drop_last(catalog);
        return fle_error_nomem(error);
    }
    if (!catalog->learned.mirrors)
        catalog->last = flowenrich_snapshot_ref(*out);
    catalog->n_published = catalog->facts.n;
    return fle_error_ok(error);
}

size_t flowenrich_catalog_stats(const flowenrich_catalog *catalog, flowenrich_stat *out, size_t n)
{
    const flowenrich_stat stats[] = {
        { "documents", catalog->documents },
        { "facts", catalog->facts.n },
        { "interfaces", catalog->interfaces },
        { "addresses", catalog->addresses },
        { "skipped_items", catalog->skipped_items },
        { "learned_records", fle_learned_records(&catalog->learned) },
        { "unlearned_records", fle_learned_dropped(&catalog->learned) },
        { "unlearned_addresses", catalog->learned.sightings.dropped },
        { "events", catalog->events.events },
        { "failed_events", catalog->events.failed },
        { "repeated_events", catalog->events.repeated },
        { "other_events", catalog->events.others },
    };
    const size_t n_stats = sizeof stats / sizeof *stats;

    for (size_t i = 0; i < n && i < n_stats; i++)
        out[i] = stats[i];
    return n_stats;
}
