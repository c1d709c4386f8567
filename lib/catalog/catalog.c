/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog: takes documents in, gives snapshots out. */
#include <string.h>

#include "base/error.h"
#include "base/pack.h"
#include "catalog/derive.h"
#include "catalog/facts_pack.h"
#include "catalog/forget.h"
#include "catalog/image.h"
#include "catalog/learn.h"
#include "catalog/lessons.h"
#include "catalog/load.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/update.h"
#include "record/directory.h"

#define DEFAULT_ASSUME 86400
#define MOST_NOTES 4096 /* beside one of each interface: then the next snapshot is a whole one */
#define MOST_PARTS 4    /* of VPCs, for each such note */

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
    char *image;               /* that was made last; NULL if none was */
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
    if (opt->event_slack != 0)
        catalog->facts.event_slack = opt->event_slack > 0 ? opt->event_slack : 0;
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
    if (!status && (opt.assume < -1 || opt.event_slack < -1 || opt.event_slack > INT32_MAX))
        status = fle_error(error, FLOWENRICH_ERR_ARG, "%s is seconds, or -1 for none",
                           opt.assume < -1 ? "assume" : "event_slack");
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
    fle_free(&allocator, catalog->image);
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

/* All of a document, or of an image, or none. */
static void add_up(flowenrich_catalog *catalog, uint64_t documents, const fle_loaded *loaded)
{
    catalog->documents += documents;
    catalog->skipped_items += loaded->skipped;
    catalog->has_events = catalog->has_events || loaded->has_events;
    catalog->events.events += loaded->counts.events;
    catalog->events.failed += loaded->counts.failed;
    catalog->events.repeated += loaded->counts.repeated;
    catalog->events.others += loaded->counts.others;
}

/* ---- Images. ---- */

/* What was counted, facts, and sightings, in this order. */
static void pack_sources(const flowenrich_catalog *catalog, fle_buffer *out)
{
    fle_pack_number(out, catalog->documents);
    fle_pack_number(out, catalog->skipped_items);
    fle_pack_number(out, catalog->has_events);
    fle_pack_number(out, catalog->events.events);
    fle_pack_number(out, catalog->events.failed);
    fle_pack_number(out, catalog->events.repeated);
    fle_pack_number(out, catalog->events.others);
    fle_facts_pack(&catalog->facts, out);
    if (catalog->learned.mirrors)
        fle_sightings_pack(&catalog->learned.sightings, out);
}

static bool unpack_counts(flowenrich_text *from, uint64_t *documents, fle_loaded *out)
{
    uint64_t has_events = 0;

    memset(out, 0, sizeof *out);
    if (!fle_unpack_number(from, documents) || !fle_unpack_number(from, &out->skipped) ||
        !fle_unpack_number(from, &has_events) || !fle_unpack_number(from, &out->counts.events) ||
        !fle_unpack_number(from, &out->counts.failed) ||
        !fle_unpack_number(from, &out->counts.repeated) ||
        !fle_unpack_number(from, &out->counts.others))
        return false;
    out->has_events = has_events != 0;
    return true;
}

/* False if it is corrupt or memory ran out: facts may have been added, of what was learned none. */
static bool unpack_sources(flowenrich_catalog *catalog, flowenrich_text learned,
                           flowenrich_text sources, bool *corrupt)
{
    fle_learned other;
    bool done;

    if (!fle_facts_unpack(&catalog->facts, &sources, corrupt))
        return false;
    if (learned.len == 0)
        return true;
    fle_learned_init(&other, &catalog->allocator, catalog->hash_seed, catalog->learned.max_bytes);
    done = fle_learned_unpack(&other, learned, sources, corrupt) &&
           fle_learned_merge(&catalog->learned, &other);
    fle_learned_free(&other);
    return done;
}

static flowenrich_status load_image(flowenrich_catalog *catalog, const void *data, size_t len,
                                    flowenrich_time *dated, flowenrich_error *error)
{
    const size_t n_facts = catalog->facts.n;
    flowenrich_text learned, sources;
    flowenrich_status status = fle_image_read(data, len, &learned, &sources, error);
    bool corrupt = false, done;
    uint64_t documents;
    fle_loaded loaded;

    if (status != FLOWENRICH_OK)
        return status;
    done = unpack_counts(&sources, &documents, &loaded);
    corrupt = !done;
    done = done && unpack_sources(catalog, learned, sources, &corrupt);
    if (!done) {
        fle_facts_truncate(&catalog->facts, n_facts);
        return corrupt ? fle_error(error, FLOWENRICH_ERR_CORRUPT,
                                   "what this image was made of isn't what was written")
                       : fle_error_nomem(error);
    }
    count(catalog, n_facts);
    add_up(catalog, documents, &loaded);
    for (size_t i = n_facts; dated && i < catalog->facts.n; i++)
        *dated = i == n_facts ? catalog->facts.items[i].time
                              : fle_time_later(*dated, catalog->facts.items[i].time);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_catalog_image(flowenrich_catalog *catalog, const void **data,
                                           size_t *len, flowenrich_error *error)
{
    flowenrich_snapshot *snapshot;
    flowenrich_status status;
    fle_buffer sources;

    if (!catalog || !data || !len)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'catalog', 'data' or 'len' is NULL");
    fle_free(&catalog->allocator, catalog->image);
    catalog->image = NULL;
    status = flowenrich_catalog_publish(catalog, &snapshot, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_buffer_init(&sources, &catalog->allocator);
    pack_sources(catalog, &sources);
    if (!sources.failed)
        catalog->image = fle_image_make(snapshot, fle_text(sources.data, sources.len), len);
    fle_buffer_free(&sources);
    flowenrich_snapshot_free(snapshot);
    *data = catalog->image;
    return catalog->image ? fle_error_ok(error) : fle_error_nomem(error);
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
    if (data && fle_image_is(data, len))
        return load_image(catalog, data, len, dated, error);
    n_facts = catalog->facts.n;
    status = fle_load(&catalog->facts, data ? data : "", len, &known, &loaded, error);
    if (status) {
        fle_facts_truncate(&catalog->facts, n_facts);
        return status;
    }
    count(catalog, n_facts);
    add_up(catalog, 1, &loaded);
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

/* What was learned is needed as far back as owners are assumed from it. */
static bool forget(flowenrich_catalog *catalog, flowenrich_time before, fle_facts *kept,
                   fle_learned *learned)
{
    const int64_t assumed = catalog->assume > 0 ? catalog->assume : 0;
    const flowenrich_time since = before > INT64_MIN + assumed ? before - assumed : INT64_MIN;

    fle_learned_init(learned, &catalog->allocator, catalog->hash_seed, catalog->learned.max_bytes);
    return fle_facts_forget(kept, &catalog->facts, before, catalog->hash_seed) &&
           fle_learned_since(learned, &catalog->learned, since);
}

flowenrich_status flowenrich_catalog_forget(flowenrich_catalog *catalog, flowenrich_time before,
                                            flowenrich_error *error)
{
    fle_learned learned;
    fle_facts kept;
    bool done;

    if (!catalog || before == FLOWENRICH_TIME_ABSENT)
        return fle_error(error, FLOWENRICH_ERR_ARG, "no catalog, or no time");
    drop_last(catalog);
    done = forget(catalog, before, &kept, &learned);
    if (done) {
        const fle_facts all = catalog->facts;
        const fle_learned learned_before = catalog->learned;

        catalog->facts = kept;
        catalog->learned = learned;
        kept = all;
        learned = learned_before;
    }
    fle_facts_free(&kept);
    fle_learned_free(&learned);
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
           fle_publish_ports(p) && fle_publish_prefix_lists(p) && fle_publish_entries(p);
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
    const size_t most = last ? last->n_interfaces + MOST_NOTES : 0;

    return last && !catalog->learned.mirrors && last->journal.n <= most &&
           last->spaces.newer_parts.n_ways + last->spaces.newer_parts.n_routed <= MOST_PARTS * most;
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
        { "flow_logs", catalog->has_flow_logs },
    };
    const size_t n_stats = sizeof stats / sizeof *stats;

    for (size_t i = 0; i < n && i < n_stats; i++)
        out[i] = stats[i];
    return n_stats;
}
