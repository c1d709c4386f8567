/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line asks for. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/random.h>

#include "command.h"
#include "message.h"
#include "moment.h"
#include "text.h"

/* How an option's argument is read, and so what the member of 'options' is. */
typedef enum option_kind {
    KIND_FLAG,     /* bool */
    KIND_TEXT,     /* const char * */
    KIND_LIST,     /* text_list, one more each time */
    KIND_PATHS,    /* text_list, parted by commas */
    KIND_TIME,     /* flowenrich_time */
    KIND_DURATION, /* int64_t; "none" is -1 */
    KIND_PERIOD,   /* uint32_t, more than 0 seconds */
    KIND_HOLD,     /* int64_t, as options.hold */
    KIND_NUMBER,   /* uint64_t */
    KIND_PROGRESS  /* progress_mode */
} option_kind;

typedef struct option_info {
    char letter; /* 0 = it has only a name */
    const char *name, *argument;
    unsigned commands;
    option_kind kind;
    size_t member;
    const char *help;
} option_info;

#define MEMBER(name) offsetof(options, name)

static const option_info table[] = {
    { 'i', "inventory", "PATH[@TIME]", COMMANDS_LOADING, KIND_LIST, MEMBER(inventory),
      "What AWS's describe calls printed: a JSON file, or a folder of them (repeatable). TIME is "
      "when AWS said so; without it, the date in the document, else that of the file. Or an "
      "image that 'catalog build' made, which alone needs no loading." },
    { 'c', "config", "FILE", COMMANDS_NAMING | COMMAND_PARSE, KIND_TEXT, MEMBER(config),
      "YAML with networks and listeners of your own, and any other setting of the pipeline. "
      "Options come before it." },
    { 0, "print-config", NULL, COMMANDS_ENRICHING | COMMAND_PARSE | COMMAND_ASK | COMMAND_AGGREGATE,
      KIND_FLAG, MEMBER(print_config),
      "Print that configuration with the options in it, for a program of your own; read no logs." },
    { 'f', "format", "FORMAT", COMMANDS_READING | COMMAND_EXPLAIN | COMMAND_CATALOG, KIND_LIST,
      MEMBER(formats),
      "Fields of logs without a header, in any spelling AWS has (repeatable: the first that "
      "fits a line is taken). Without it: default and default-tgw." },
    { 0, "level", "LEVEL", COMMAND_ENRICH | COMMAND_EXPLAIN | COMMANDS_SUMMING | COMMAND_WATCH,
      KIND_TEXT, MEMBER(level),
      "What a row is: record, or conversation: both directions of one exchange, its bytes once, "
      "whoever logged it (as pairs does)." },
    { 0, "vpc", "ID", COMMAND_CATALOG, KIND_TEXT, MEMBER(vpc),
      "lookup: as seen from this VPC; without it, from the only one that may have the address." },
    { 0, "at", "TIME", COMMAND_CATALOG, KIND_TIME, MEMBER(at),
      "lookup: who it was then: 2026-11-20T09:00:00Z, or seconds since 1970. Default: ever." },
    { 0, "history", NULL, COMMAND_CATALOG, KIND_FLAG, MEMBER(history),
      "lookup: everybody who ever held the address." },
    { 0, "assume", "DURATION", COMMANDS_LOADING, KIND_DURATION, MEMBER(assume),
      "How far from a sighting an owner may be assumed: 90s, 15m, 24h, 30d, none. Default: 24h." },
    { 0, "event-slack", "DURATION", COMMANDS_LOADING, KIND_DURATION, MEMBER(event_slack),
      "How long after an event's time AWS may take to do what it says. Default: 60s." },
    { 0, "slack", "DURATION", COMMANDS_NAMING, KIND_DURATION, MEMBER(slack),
      "How late the times of records may be. Default: 60s." },
    { 0, "strict", NULL, COMMANDS_NAMING, KIND_FLAG, MEMBER(strict),
      "Don't name what is only assumed." },
    { 0, "learn", NULL, COMMANDS_ENRICHING | COMMANDS_GROUPING | COMMAND_CATALOG, KIND_FLAG,
      MEMBER(learn),
      "Read the logs twice, first to learn who logged which packets and who had which address: "
      "names ends that no document has, and that changed hands. So files are read anyhow, unless "
      "the inventory is an image. 'catalog build' reads them once, and keeps what they teach." },
    { 0, "no-learn", NULL, COMMANDS_ENRICHING | COMMANDS_GROUPING, KIND_FLAG, MEMBER(no_learn),
      "Read files once, and hold nothing back from pipes." },
    { 0, "hold", "DURATION", COMMANDS_ENRICHING | COMMANDS_GROUPING, KIND_HOLD, MEMBER(hold),
      "Read once, and hold records back until the other end's of the same packets may have come: "
      "25m, auto (as long as the longest covers, and 15 minutes) or off. Pipes: auto." },
    { 0, "since", "TIME", COMMANDS_READING, KIND_TIME, MEMBER(since),
      "Only records that end at TIME or later: 2026-11-20T09:00:00Z, seconds since 1970, or 2h: so "
      "long ago." },
    { 0, "until", "TIME", COMMANDS_READING, KIND_TIME, MEMBER(until),
      "Only records that start at TIME or earlier." },
    { 'w', "where", "EXPRESSION", COMMANDS_READING, KIND_LIST, MEMBER(where),
      "Only rows that fit: 'bytes > 1MB and not server.tags.app present', or short: PATH=VALUE, "
      "PATH!=VALUE, an empty VALUE for none (repeatable, all must hold)." },
    { 0, "by", "PATH[,PATH]", COMMANDS_GROUPING, KIND_PATHS, MEMBER(by),
      "What to group by: scope, client.tags.app, server.port, ..." },
    { 0, "measure", "NAME[,NAME]", COMMANDS_WINDOWING, KIND_PATHS, MEMBER(measures),
      "What to tell of each group, in this order: bytes, packets, records, rejects, uploaded, "
      "amount, first, last, ..., distinct(PATH), p99(PATH), top10(PATH). Default: all sums." },
    { 0, "window", "DURATION", COMMANDS_WINDOWING, KIND_PERIOD, MEMBER(window),
      "Sums for each so long, by the records' time: 90s, 5m, 1h. Default: one for all time; watch: "
      "5m." },
    { 0, "slide", "DURATION", COMMANDS_WINDOWING, KIND_PERIOD, MEMBER(slide),
      "A window begins every so often: windows overlap. Default: when the last one ends." },
    { 0, "lateness", "DURATION", COMMANDS_WINDOWING, KIND_PERIOD, MEMBER(lateness),
      "stdin: how long after its end a window waits for late records; what comes later is told "
      "as late. Default: 15m, and as long as the longest record covers." },
    { 0, "spread", NULL, COMMANDS_WINDOWING, KIND_FLAG, MEMBER(spread),
      "Spread bytes and packets of a record over the windows it covers; without it they are in "
      "that of its start." },
    { 0, "save-state", "FILE", COMMAND_AGGREGATE, KIND_TEXT, MEMBER(save_state),
      "Save the sums to FILE in place of showing them, for --merge." },
    { 0, "merge", "FILE", COMMAND_AGGREGATE, KIND_LIST, MEMBER(merge),
      "Add the sums that --save-state saved with the same --by, --measure and windows, here or "
      "on other machines (repeatable). Then no logs need be named." },
    { 0, "before", "FROM..TO", COMMAND_ASK, KIND_TEXT, MEMBER(before),
      "why-did-transfer-grow: the first period, 2026-11-20T09:00Z..2026-11-20T09:30Z." },
    { 0, "after", "FROM..TO", COMMAND_ASK, KIND_TEXT, MEMBER(after),
      "why-did-transfer-grow: the period it is compared with." },
    { 0, "policy", "FILE", COMMAND_WATCH, KIND_TEXT, MEMBER(policy),
      "YAML: spikes of what to tell, and who may talk to whom. Default: spikes of rejects." },
    { 0, "evidence", "N", COMMAND_WATCH, KIND_NUMBER, MEMBER(evidence),
      "Tell of each alarm who talked to whom: the N pairs with most bytes. Default: 0." },
    { 0, "rates", "FILE", COMMAND_COST, KIND_LIST, MEMBER(rates),
      "Rates before those built in: YAML, or a price list file of AWS's (repeatable)." },
    { 'n', "groups", "N", COMMANDS_SHOWING, KIND_NUMBER, MEMBER(groups),
      "Show so many groups, of each window; 0 for all. Default: 20; aggregate: all." },
    { 'j', "threads", "N", COMMANDS_SUMMING, KIND_NUMBER, MEMBER(threads),
      "Read files in so many threads, 0 for as many as there are processors. Each holds groups of "
      "its own until they are merged: the same sums, and more memory. Default: 1." },
    { 0, "json", NULL, COMMANDS_SHOWING | COMMAND_CATALOG, KIND_FLAG, MEMBER(json),
      "One JSON object a line, no table." },
    { 0, "csv", NULL, COMMAND_AGGREGATE | COMMAND_ASK, KIND_FLAG, MEMBER(csv),
      "CSV with a header." },
    { 0, "influx", NULL, COMMAND_AGGREGATE, KIND_FLAG, MEMBER(influx),
      "Influx line protocol: keys are tags, sums are fields." },
    { 0, "prometheus", NULL, COMMAND_AGGREGATE, KIND_FLAG, MEMBER(prometheus),
      "Prometheus's text exposition: keys are labels, sums are metrics." },
    { 0, "fields", "PATH[,PATH]", COMMANDS_ENRICHING | COMMAND_PARSE | COMMAND_CATALOG, KIND_PATHS,
      MEMBER(fields), "Write only these, in this order." },
    { 'o', "output", "FILE", COMMANDS_READING | COMMAND_CATALOG, KIND_TEXT, MEMBER(output),
      "Write to FILE, which appears whole or not at all." },
    { 0, "max-bad-lines", "N", COMMANDS_READING, KIND_NUMBER, MEMBER(max_bad_lines),
      "Stop with status 3 at more than N bad lines. Default: no limit." },
    { 0, "summary-json", "FILE", COMMANDS_READING, KIND_TEXT, MEMBER(summary_json),
      "Write the summary to FILE, as JSON." },
    { 0, "progress", "WHEN", COMMANDS_READING, KIND_PROGRESS, MEMBER(progress),
      "auto (on a terminal), always or never." },
    { 0, "seed", "N", COMMANDS_READING | COMMANDS_LOADING, KIND_NUMBER, MEMBER(seed),
      "Seed of hash tables, random by default. The output is the same for any." },
    { 'q', "quiet", NULL, COMMANDS_READING | COMMANDS_LOADING, KIND_FLAG, MEMBER(quiet),
      "Neither summary nor notices, only failures." },
    { 'l', "list", NULL, COMMAND_FORMAT | COMMAND_ASK, KIND_FLAG, MEMBER(list),
      "All that are known: fields, questions." },
    { 'h', "help", NULL, ~0U, KIND_FLAG, MEMBER(help), "Say this." },
};

enum { N_OPTIONS = sizeof table / sizeof *table };

#define WINDOW_OF_WATCH 300 /* seconds */
#define VALUE_OF_FIRST 256  /* getopt's values of options are beyond those of characters */

static bool append(text_list *list, const char *text)
{
    const char **items = realloc(list->items, (list->n + 1) * sizeof *items);

    if (items == NULL)
        return false;
    list->items = items;
    list->items[list->n++] = text;
    return true;
}

/* The command line's bytes are ours to cut. */
static outcome append_paths(text_list *list, const char *name, char *text)
{
    char *rest = NULL;

    for (char *path = strtok_r(text, ",", &rest); path; path = strtok_r(NULL, ",", &rest))
        if (!append(list, path))
            return failure_no_memory();
    return list->n > 0 ? OUTCOME_DONE : misuse("--%s: no path is given", name);
}

static outcome read_time(flowenrich_time *out, const char *name, const char *text)
{
    int64_t ago;

    if (moment_parse(text, out))
        return OUTCOME_DONE;
    if (!duration_parse(text, &ago))
        return misuse("--%s: '%s' is no time: write 2026-11-20T09:00:00Z, seconds since 1970, or "
                      "2h for two hours ago",
                      name, text);
    *out = time(NULL) - ago;
    return OUTCOME_DONE;
}

static outcome read_duration(int64_t *out, const char *name, const char *text)
{
    if (strcmp(text, "none") == 0) {
        *out = -1;
        return OUTCOME_DONE;
    }
    if (!duration_parse(text, out))
        return misuse("--%s: '%s' is no duration: write 90s, 15m, 24h, 30d or none", name, text);
    if (*out == 0)
        *out = -1; /* to the library, 0 is the default */
    return OUTCOME_DONE;
}

static outcome read_period(uint32_t *out, const char *name, const char *text)
{
    int64_t seconds;

    if (!duration_parse(text, &seconds) || seconds <= 0 || seconds > INT32_MAX)
        return misuse("--%s: '%s' is no duration: write 90s, 5m, 1h or 1d", name, text);
    *out = (uint32_t)seconds;
    return OUTCOME_DONE;
}

static outcome read_hold(int64_t *out, const char *text)
{
    if (strcmp(text, "off") == 0)
        *out = HOLD_OFF;
    else if (strcmp(text, "auto") == 0)
        *out = HOLD_AUTO;
    else if (!duration_parse(text, out) || *out <= 0 || *out > 86400)
        return misuse("--hold: '%s' is neither auto nor off nor a duration up to a day (90s, 25m)",
                      text);
    return OUTCOME_DONE;
}

static outcome read_number(uint64_t *out, const char *name, const char *text)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 0);
    if (errno != 0 || *end != '\0' || text[0] < '0' || text[0] > '9')
        return misuse("--%s: '%s' is no number", name, text);
    return OUTCOME_DONE;
}

static outcome read_progress(progress_mode *out, const char *text)
{
    static const char *const modes[] = { "auto", "always", "never" };

    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(text, modes[i]) == 0) {
            *out = (progress_mode)i;
            return OUTCOME_DONE;
        }
    return misuse("--progress: '%s' is none of auto, always, never", text);
}

static outcome set(options *opt, const option_info *info, char *value)
{
    void *member = (char *)opt + info->member;

    switch (info->kind) {
    case KIND_FLAG:
        *(bool *)member = true;
        break;
    case KIND_TEXT:
        *(const char **)member = value;
        break;
    case KIND_LIST:
        return append(member, value) ? OUTCOME_DONE : failure_no_memory();
    case KIND_PATHS:
        return append_paths(member, info->name, value);
    case KIND_TIME:
        return read_time(member, info->name, value);
    case KIND_DURATION:
        return read_duration(member, info->name, value);
    case KIND_PERIOD:
        return read_period(member, info->name, value);
    case KIND_HOLD:
        return read_hold(member, value);
    case KIND_NUMBER:
        opt->seeded = opt->seeded || info->member == MEMBER(seed);
        return read_number(member, info->name, value);
    case KIND_PROGRESS:
        return read_progress(member, value);
    }
    return OUTCOME_DONE;
}

/* What getopt_long() is to know: the options of one command. */
typedef struct option_set {
    struct option names[N_OPTIONS + 1];
    const char *known[N_OPTIONS];
    size_t n;
    char letters[2 * N_OPTIONS + 2];
} option_set;

static void select_options(option_set *chosen, unsigned bit)
{
    char *letter = chosen->letters;

    memset(chosen, 0, sizeof *chosen);
    *letter++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < N_OPTIONS; i++) {
        const option_info *info = &table[i];

        if (!(info->commands & bit))
            continue;
        chosen->known[chosen->n] = info->name;
        chosen->names[chosen->n++] =
            (struct option){ info->name, info->argument ? required_argument : no_argument, NULL,
                             VALUE_OF_FIRST + i };
        if (info->letter) {
            *letter++ = info->letter;
            if (info->argument)
                *letter++ = ':';
        }
    }
}

static const option_info *find(int value)
{
    if (value >= VALUE_OF_FIRST)
        return &table[value - VALUE_OF_FIRST];
    for (int i = 0; i < N_OPTIONS; i++)
        if (table[i].letter == value)
            return &table[i];
    return NULL;
}

static outcome refuse(const option_set *chosen, unsigned bit, const char *given)
{
    const char *name = command_name(bit);
    const char *nearest = NULL;
    char bare[64];

    if (strncmp(given, "--", 2) == 0) {
        snprintf(bare, sizeof bare, "%.*s", (int)strcspn(given + 2, "="), given + 2);
        nearest = text_nearest(bare, chosen->known, chosen->n);
    }
    if (nearest)
        return misuse("%s has no option '%s'; did you mean --%s?", name, given, nearest);
    return misuse("%s has no option '%s'; see 'flowenrich help %s'", name, given, name);
}

static void set_defaults(options *opt, unsigned bit)
{
    memset(opt, 0, sizeof *opt);
    opt->command = bit;
    opt->since = opt->until = opt->at = FLOWENRICH_TIME_ABSENT;
    opt->max_bad_lines = UINT64_MAX;
    opt->threads = 1;
    opt->groups = bit & COMMANDS_WINDOWING ? 0 : 20;
    opt->json = bit == COMMAND_WATCH;
    opt->window = bit == COMMAND_WATCH ? WINDOW_OF_WATCH : 0;
}

static size_t count_stdin(const text_list *files)
{
    size_t n = 0;

    for (size_t i = 0; i < files->n; i++)
        n += strcmp(files->items[i], "-") == 0;
    return n;
}

/* Logs that nobody names are read from there, too; of 'ask' the question is an argument. */
static outcome check_stdin(const options *opt)
{
    const text_list *files[] = { &opt->arguments, &opt->inventory, &opt->rates, &opt->merge };
    const char *single[] = { opt->config, opt->policy };
    size_t n = (opt->command & COMMANDS_READING) && opt->command != COMMAND_ASK &&
               options_reads_logs(opt) && !opt->print_config && opt->arguments.n == 0;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        n += count_stdin(files[i]);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        n += single[i] && strcmp(single[i], "-") == 0;
    return n < 2 ? OUTCOME_DONE
                 : misuse("stdin (-) can only be read once: give the rest as files%s",
                          opt->arguments.n == 0 ? "; logs are read from there if none are named"
                                                : "");
}

static outcome check(const options *opt)
{
    if (opt->since != FLOWENRICH_TIME_ABSENT && opt->until != FLOWENRICH_TIME_ABSENT &&
        opt->since > opt->until)
        return misuse("--since is later than --until: no record can be in between");
    return opt->help ? OUTCOME_DONE : check_stdin(opt);
}

outcome options_read(options *opt, unsigned bit, int argc, char **argv)
{
    option_set chosen;
    outcome done = OUTCOME_DONE;
    int value;

    set_defaults(opt, bit);
    select_options(&chosen, bit);
    opterr = 0;
    while (done == OUTCOME_DONE &&
           (value = getopt_long(argc, argv, chosen.letters, chosen.names, NULL)) != -1) {
        const char *given = argv[optind - 1];

        if (value == '?')
            done = refuse(&chosen, bit, given);
        else if (value == ':')
            done =
                misuse("%s needs an argument; see 'flowenrich help %s'", given, command_name(bit));
        else
            done = set(opt, find(value), optarg);
    }
    for (int i = optind; done == OUTCOME_DONE && i < argc; i++)
        if (!append(&opt->arguments, argv[i]))
            done = failure_no_memory();
    message_quiet(opt->quiet);
    return done == OUTCOME_DONE ? check(opt) : done;
}

void options_free(options *opt)
{
    text_list *lists[] = { &opt->arguments, &opt->inventory, &opt->formats,  &opt->fields, &opt->by,
                           &opt->where,     &opt->rates,     &opt->measures, &opt->merge };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]->items);
}

char *text_list_joined(const text_list *words)
{
    size_t len = 1;
    char *joined, *end;

    for (size_t i = 0; i < words->n; i++)
        len += strlen(words->items[i]) + 1;
    joined = end = calloc(len, 1);
    for (size_t i = 0; joined && i < words->n; i++)
        end += sprintf(end, "%s%s", i > 0 ? " " : "", words->items[i]);
    return joined;
}

bool options_pair(const options *opt)
{
    return (opt->command & COMMANDS_PAIRING) ||
           (opt->level && strcmp(opt->level, "conversation") == 0);
}

const char *options_encoder(const options *opt)
{
    if (opt->csv)
        return "csv";
    if (opt->influx)
        return "influx";
    if (opt->prometheus)
        return "prometheus";
    if (!opt->json)
        return NULL;
    return opt->command == COMMAND_ASK ? "json-flat" : "json"; /* answers are rows of paths */
}

bool options_reads_logs(const options *opt)
{
    return opt->arguments.n > 0 || opt->merge.n == 0;
}

bool options_reads_stream(const options *opt)
{
    return opt->arguments.n == 0 || count_stdin(&opt->arguments) > 0;
}

/* Without randomness tables are only slower against chosen input. */
uint64_t options_seed(const options *opt)
{
    uint64_t seed = opt->seed;

    if (!opt->seeded && getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = 0;
    return seed;
}

#define HELP_COLUMN 30
#define LAST_COLUMN 79

/* Words from HELP_COLUMN on, where the cursor already is. */
static void print_wrapped(const char *text)
{
    size_t column = HELP_COLUMN;

    while (*text) {
        const size_t len = strcspn(text, " ");

        if (column > HELP_COLUMN && column + 1 + len > LAST_COLUMN) {
            printf("\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            putchar(' ');
            column++;
        }
        printf("%.*s", (int)len, text);
        column += len;
        text += len + (text[len] == ' ');
    }
    putchar('\n');
}

void options_print(unsigned bit)
{
    for (int i = 0; i < N_OPTIONS; i++) {
        const option_info *info = &table[i];
        char left[64], letter[8] = "    ";

        if (!(info->commands & bit))
            continue;
        if (info->letter)
            snprintf(letter, sizeof letter, "-%c, ", info->letter);
        snprintf(left, sizeof left, "  %s--%s%s%s", letter, info->name, info->argument ? " " : "",
                 info->argument ? info->argument : "");
        printf("%-*s", HELP_COLUMN, left);
        if (strlen(left) >= HELP_COLUMN)
            printf("\n%*s", HELP_COLUMN, "");
        print_wrapped(info->help);
    }
}
