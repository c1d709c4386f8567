/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line asks for. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"
#include "progress.h"

/* Which commands take an option: bits of option_info.commands. */
enum {
    COMMAND_ENRICH = 1,
    COMMAND_PARSE = 2,
    COMMAND_EXPLAIN = 4,
    COMMAND_TOP = 8,
    COMMAND_FORMAT = 16,
    COMMAND_VERSION = 32,
    COMMAND_HELP = 64,
    COMMAND_CATALOG = 128,
    COMMAND_COST = 256,
    COMMAND_PAIRS = 512,
    COMMAND_AGGREGATE = 1024,
    COMMAND_ASK = 2048,
    COMMAND_WATCH = 4096,
    COMMANDS_ENRICHING = COMMAND_ENRICH | COMMAND_PAIRS,
    COMMANDS_SUMMING = COMMAND_TOP | COMMAND_AGGREGATE,
    COMMANDS_SHOWING = COMMANDS_SUMMING | COMMAND_ASK | COMMAND_COST,
    COMMANDS_GROUPING = COMMANDS_SHOWING | COMMAND_WATCH,
    COMMANDS_WINDOWING = COMMAND_AGGREGATE | COMMAND_WATCH,
    COMMANDS_PAIRING = COMMAND_PAIRS | COMMAND_COST,
    COMMANDS_READING = COMMANDS_ENRICHING | COMMAND_PARSE | COMMANDS_GROUPING,
    COMMANDS_NAMING = COMMANDS_ENRICHING | COMMAND_EXPLAIN | COMMANDS_GROUPING,
    COMMANDS_LOADING = COMMANDS_NAMING | COMMAND_CATALOG
};

/* What --hold says but for seconds. */
enum { HOLD_UNSAID = 0, HOLD_OFF = -1, HOLD_AUTO = -2 };

/* Texts in the order given; they are the command line's. */
typedef struct text_list {
    const char **items;
    size_t n;
} text_list;

/* The texts with a blank between each two; free() it. NULL without memory. */
char *text_list_joined(const text_list *words);

typedef struct options {
    unsigned command;             /* one of the bits above */
    text_list arguments;          /* what isn't an option */
    text_list inventory;          /* PATH[@TIME] */
    text_list formats;            /* as flowenrich_format_new() takes them */
    text_list fields;             /* paths */
    text_list by;                 /* paths */
    text_list measures;           /* as flowenrich_aggregator_options has them */
    text_list merge;              /* files of saved sums */
    text_list rates;              /* files */
    text_list where;              /* PATH=VALUE, PATH!=VALUE, expressions */
    const char *level;            /* what a row is to be, or NULL */
    const char *config;           /* file, or NULL */
    const char *output;           /* file, or NULL for stdout */
    const char *summary_json;     /* file, or NULL */
    const char *save_state;       /* file, or NULL */
    const char *policy;           /* file, or NULL */
    uint64_t evidence;            /* rows of each alarm */
    const char *before, *after;   /* FROM..TO, or NULL */
    const char *vpc;              /* where an address is looked up from, or NULL */
    flowenrich_time at;           /* when; FLOWENRICH_TIME_ABSENT = at any time */
    flowenrich_time since, until; /* FLOWENRICH_TIME_ABSENT = no bound */
    int64_t assume, event_slack;  /* as flowenrich_catalog_options has them */
    int64_t slack;                /* as flowenrich_enricher_options has it */
    int64_t hold;                 /* seconds, or one of the HOLD_… */
    uint64_t max_bad_lines;       /* UINT64_MAX = no limit */
    uint64_t seed;
    uint64_t groups;                  /* how many to show, 0 = all */
    uint64_t threads;                 /* 1 unless given; 0 = as many as there are processors */
    uint32_t window, slide, lateness; /* seconds; 0 = not given */
    uint32_t active; /* seconds of a conversation that a row covers; 0 = the default */
    bool seeded;     /* --seed was given */
    bool learn, no_learn, strict, quiet, list, history, print_config, help;
    bool adds; /* by the command itself: more is to come to the inventory, were it an image */
    bool json, csv, influx, prometheus, spread;
    progress_mode progress;
} options;

/* Read what follows the command's name. Says what is wrong with it. */
outcome options_read(options *opt, unsigned bit, int argc, char **argv);

void options_free(options *opt);

/* Whether rows are asked to be conversations. */
bool options_pair(const options *opt);

/* The encoder that is asked for in place of a table, or NULL. */
const char *options_encoder(const options *opt);

/* Are there logs to read? Sums that were saved before need none beside them. */
bool options_reads_logs(const options *opt);

/* Is stdin read, whose rows are waited for? Files are read to their end, and in no order. */
bool options_reads_stream(const options *opt);

/* The seed of hash tables: --seed, else random. */
uint64_t options_seed(const options *opt);

/* Print the options that a command has, for its help. */
void options_print(unsigned bit);

#endif
