/* SPDX-License-Identifier: Apache-2.0 */
/* What a configuration says of a pipeline; docs/pipeline.md is its manual. */
#ifndef FLE_PIPELINE_SETTINGS_H
#define FLE_PIPELINE_SETTINGS_H

#include "record/filter.h"
#include "record/interval.h"

typedef struct fle_limits {
    uint32_t rows;      /* of a batch */
    uint32_t line;      /* bytes of the longest line; 0 = the parser's own */
    uint32_t bad_lines; /* 0 = any number */
    uint32_t payload;   /* bytes held of what isn't plain text */
    uint32_t ratio;     /* of gzip; 0 = the envelope's own */
    uint32_t held;      /* bytes of rows that are held, and learned from them; 0 = the enricher's */
    uint32_t paired;    /* bytes of conversations; 0 = the pairer's own */
    uint32_t aggregated; /* bytes of groups; 0 = the aggregator's own */
} fle_limits;

typedef struct fle_settings {
    const fle_yaml *formats; /* a list of texts, or NULL */
    bool is_text;            /* never take an input for an envelope */
    bool names;              /* name the ends */
    bool has_networks;
    bool strict;
    int32_t slack;               /* as in flowenrich_enricher_options */
    int64_t assume, event_slack; /* as in flowenrich_catalog_options */
    bool holds;   /* records wait for the other end's, or conversations for late records… */
    int64_t hold; /* …as in flowenrich_enricher_options */
    bool pairs;   /* rows are conversations */
    uint32_t active, idle, lateness;        /* as in flowenrich_pairer_options */
    uint32_t source_idle;                   /* seconds that a silent source is waited for */
    bool charges;                           /* conversations have costs… */
    const fle_yaml *rates;                  /* …by these before what is built in; NULL = none */
    const fle_yaml *aggregate;              /* NULL: rows go out, else groups… */
    flowenrich_aggregator_options grouping; /* …by these; their texts live in the arena */
    fle_interval interval;
    fle_filter filter;
    const char **fields; /* NULL: all */
    size_t n_fields;
    const fle_yaml *reads; /* a list of texts: whoever takes rows looks at these, too; or NULL */
    const char *encoder;   /* NULL: none */
    fle_limits limits;
} fle_settings;

/* Read a configuration, whose texts live in 'arena'. ERR_SYNTAX, ERR_NOMEM, ERR_UNSUPPORTED. */
flowenrich_status fle_settings_read(fle_settings *out, const char *yaml, size_t len,
                                    fle_arena *arena, flowenrich_error *error);

/* Read what is said of groups, in the same. */
flowenrich_status fle_grouping_read(fle_settings *out, const fle_yaml *root, fle_arena *arena,
                                    flowenrich_error *error);

/* Read what is said of costs, in the same. */
flowenrich_status fle_charging_read(fle_settings *out, const fle_yaml *root,
                                    flowenrich_error *error);

#endif
