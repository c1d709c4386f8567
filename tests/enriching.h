/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of enrichment share: logs and documents as text, a row's values as text. */
#ifndef TESTS_ENRICHING_H
#define TESTS_ENRICHING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "enrich/observer.h"
#include "record/path.h"

/* 2026-03-02, when documents are observed and between which the records lie. */
#define ENRICHING_ELEVEN 1772449200
#define ENRICHING_NOON 1772452800
#define ENRICHING_ONE 1772456400

static inline void enriching_must(flowenrich_status status, const flowenrich_error *error)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "%s: %s (line %u, column %u)\n", flowenrich_status_name(status), error->message,
            (unsigned)error->line, (unsigned)error->column);
    abort();
}

/* The rows of a log with a header, from 'source' if it isn't NULL. */
static inline flowenrich_batch *enriching_parse_from(const char *log,
                                                     const flowenrich_source *source)
{
    flowenrich_error error = { 0 };
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    size_t used;

    enriching_must(flowenrich_batch_new(&batch, 64, NULL, &error), &error);
    enriching_must(flowenrich_parser_new(&parser, NULL, &error), &error);
    enriching_must(flowenrich_parser_begin(parser, source, &error), &error);
    enriching_must(flowenrich_parser_parse(parser, log, strlen(log), &used, batch, &error), &error);
    enriching_must(flowenrich_parser_finish(parser, batch, NULL, &error), &error);
    flowenrich_parser_free(parser);
    return batch;
}

static inline flowenrich_batch *enriching_parse(const char *log)
{
    return enriching_parse_from(log, NULL);
}

/* An inventory that says the same at eleven and at one. */
static inline flowenrich_snapshot *enriching_inventory(const char *documents)
{
    flowenrich_error error = { 0 };
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;

    enriching_must(flowenrich_catalog_new(&catalog, NULL, &error), &error);
    for (flowenrich_time at = ENRICHING_ELEVEN; at <= ENRICHING_ONE; at += 7200) {
        flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;

        document.observed_at = at;
        enriching_must(
            flowenrich_catalog_load(catalog, documents, strlen(documents), &document, NULL, &error),
            &error);
    }
    enriching_must(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    flowenrich_catalog_free(catalog);
    return snapshot;
}

/* An enricher with these, either of which may be NULL. The inventory is given up. */
static inline flowenrich_enricher *enriching_enricher(flowenrich_snapshot *snapshot,
                                                      const char *config)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_error error = { 0 };
    flowenrich_enricher *enricher;
    flowenrich_resolver networks;

    options.config = config;
    options.config_len = config ? strlen(config) : 0;
    enriching_must(flowenrich_enricher_new(&enricher, &options, &error), &error);
    enriching_must(flowenrich_enricher_set_snapshot(enricher, snapshot, &error), &error);
    flowenrich_snapshot_free(snapshot);
    if (config) {
        enriching_must(
            flowenrich_resolver_networks(&networks, config, strlen(config), NULL, &error), &error);
        enriching_must(flowenrich_enricher_add_resolver(enricher, &networks, &error), &error);
    }
    return enricher;
}

/* A value of a row as text, "" if it is absent. Good until the fourth call from now. */
static inline const char *enriching_value(const flowenrich_batch *batch, const char *name,
                                          size_t row)
{
    static char texts[4][512];
    static size_t next;
    char *out = texts[next++ % 4];
    fle_path path;
    fle_value value;

    out[0] = '\0';
    if (!fle_path_open(&path, batch, fle_text_of(name)))
        return out;
    fle_path_get(&path, batch, row, &value);
    if (value.type == FLOWENRICH_TYPE_ADDRESS)
        fle_address_format(value.as.address, out);
    else if (value.type == FLOWENRICH_TYPE_TEXT)
        snprintf(out, 512, "%.*s", (int)value.as.text.len, value.as.text.data);
    else if (value.type == FLOWENRICH_TYPE_F64)
        snprintf(out, 512, "%g", value.as.f64);
    else if (value.type == FLOWENRICH_TYPE_LIST)
        snprintf(out, 512, "%.*s", (int)value.as.texts.items[0].len, value.as.texts.items[0].data);
    else if (value.type)
        snprintf(out, 512, "%llu", (unsigned long long)value.as.u64);
    return out;
}

static inline uint64_t enriching_stat(const flowenrich_enricher *enricher, const char *name)
{
    flowenrich_stat stats[64];
    const size_t n = flowenrich_enricher_stats(enricher, stats, 64);

    for (size_t i = 0; i < n && i < 64; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

/* Facts with nothing in them. */
static inline fle_facts enriching_facts(void)
{
    fle_facts facts;

    memset(&facts, 0, sizeof facts);
    facts.own = FLE_N_SIDES;
    facts.protocol = facts.flags = FLE_ABSENT;
    facts.port[FLE_SRC] = facts.port[FLE_DST] = FLE_ABSENT;
    facts.from = facts.until = FLOWENRICH_TIME_ABSENT;
    return facts;
}

static inline fle_address enriching_address(const char *text)
{
    fle_address address;

    if (!fle_address_parse(text, strlen(text), &address))
        abort();
    return address;
}

#endif
