/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the logs through the library, which enrich, parse and top share. */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "path.h"
#include "stats.h"
#include "summary.h"
#include "text.h"
#include "unfinished.h"
#include "value.h"

#define ROWS 2048 /* of a batch: what the caches hold best */
#define BAD_LINES_SHOWN 5
#define BAD_LINE_TEXT 100

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static outcome add_formats(run *r)
{
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    settings.hash_seed = r->seed;
    for (size_t i = 0; i < r->opt->formats.n; i++) {
        const char *text = r->opt->formats.items[i];
        flowenrich_format *format;
        flowenrich_status status =
            flowenrich_format_new(&format, text, strlen(text), &settings, &error);

        if (status == FLOWENRICH_OK)
            status = flowenrich_parser_add_format(r->parser, format, &error);
        flowenrich_format_free(format);
        if (status != FLOWENRICH_OK)
            return misuse("--format: %s", error.message);
    }
    return OUTCOME_DONE;
}

static outcome make_parser(run *r)
{
    flowenrich_parser_options parsing = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    parsing.hash_seed = settings.hash_seed = r->seed;
    if (flowenrich_parser_new(&r->parser, &parsing, &error) != FLOWENRICH_OK ||
        flowenrich_batch_new(&r->batch, ROWS, &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return add_formats(r);
}

static outcome list_files(run *r, const text_list *given)
{
    static const char *const endings[] = { ".log", ".gz", ".txt", NULL };
    outcome done = OUTCOME_DONE;

    if (given->n == 0 && isatty(STDIN_FILENO))
        return misuse("no logs: name files or folders, or - for stdin; see 'flowenrich help'");
    if (given->n == 0)
        return file_list_add(&r->files, "-", endings, NULL);
    for (size_t i = 0; done == OUTCOME_DONE && i < given->n; i++)
        done = file_list_add(&r->files, given->items[i], endings, "logs (*.log, *.gz, *.txt)");
    return done;
}

outcome run_init(run *r, const options *opt, bool names, const text_list *logs)
{
    outcome done;

    memset(r, 0, sizeof *r);
    r->opt = opt;
    r->seed = options_seed(opt);
    r->names = names;
    r->began = now();
    unfinished_watch();
    sightings_init(&r->seen);
    done = input_init(&r->input);
    if (done == OUTCOME_DONE)
        done = selection_init(&r->selection, opt, ROWS);
    if (done == OUTCOME_DONE)
        done = make_parser(r);
    if (done == OUTCOME_DONE && logs)
        done = list_files(r, logs);
    if (done == OUTCOME_DONE && names)
        done = naming_init(&r->naming, opt, r->seed);
    r->failed = r->files.failed;
    return done;
}

void run_free(run *r)
{
    flowenrich_batch_free(r->batch);
    flowenrich_parser_free(r->parser);
    naming_free(&r->naming);
    selection_free(&r->selection);
    file_list_free(&r->files);
    input_free(&r->input);
}

/* "too_few_fields" reads as it is, but for the underscores. */
static void show_reject(const run *r, const flowenrich_reject *bad)
{
    const bool cut = bad->text.len > BAD_LINE_TEXT;
    const size_t len = cut ? BAD_LINE_TEXT : bad->text.len;
    char reason[64], line[4 * BAD_LINE_TEXT + 1];

    snprintf(reason, sizeof reason, "%s", bad->reason);
    for (char *c = reason; *c; c++)
        if (*c == '_')
            *c = ' ';
    text_visible(line, sizeof line, bad->text.data, len);
    notice("%s:%" PRIu64 ": %s%s%s%s: %s%s", r->input.name, bad->line, reason,
           *bad->field ? " (" : "", bad->field, *bad->field ? ")" : "", line, cut ? "..." : "");
}

static void note_rejects(run *r)
{
    const size_t n = flowenrich_batch_rejects(r->batch);

    for (size_t i = 0; i < n && r->bad + i < BAD_LINES_SHOWN; i++) {
        flowenrich_reject bad = { .size = sizeof bad };

        if (flowenrich_batch_reject(r->batch, i, &bad, NULL) == FLOWENRICH_OK)
            show_reject(r, &bad);
    }
    if (r->bad <= BAD_LINES_SHOWN && r->bad + n > BAD_LINES_SHOWN)
        notice("further bad lines are only counted");
    r->bad += n;
}

static bool any_present(flowenrich_batch *batch, const char *path)
{
    flowenrich_column column;
    size_t row = 0;

    if (value_column(batch, path, &column, NULL) != FLOWENRICH_OK)
        return false;
    while (row < column.rows && !value_present(&column, row))
        row++;
    return row < column.rows;
}

static void note_addresses(run *r)
{
    r->has_source =
        r->has_source || any_present(r->batch, "srcaddr") || any_present(r->batch, "pkt_srcaddr");
    r->has_destination = r->has_destination || any_present(r->batch, "dstaddr") ||
                         any_present(r->batch, "pkt_dstaddr");
}

static outcome name_ends(run *r)
{
    flowenrich_error error;

    if (!r->names)
        return OUTCOME_DONE;
    if (flowenrich_enricher_enrich(r->naming.enricher, r->batch, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

/* Take what is in the batch all the way. */
static outcome drain(run *r)
{
    outcome done;

    note_rejects(r);
    note_addresses(r);
    done = selection_keep_times(&r->selection, r->batch);
    if (done == OUTCOME_DONE)
        done = name_ends(r);
    if (done == OUTCOME_DONE)
        done = sightings_note(&r->seen, r->batch, r->names);
    if (done == OUTCOME_DONE)
        done = selection_keep_values(&r->selection, r->batch);
    r->kept += flowenrich_batch_rows(r->batch);
    if (done == OUTCOME_DONE)
        done = r->sink.take(r->sink.ctx, r->batch);
    flowenrich_batch_clear(r->batch);
    if (done == OUTCOME_DONE && r->bad > r->opt->max_bad_lines) {
        failure("%s: there are more than %" PRIu64 " bad lines (--max-bad-lines): stopped here",
                r->input.name, r->opt->max_bad_lines);
        done = OUTCOME_BAD_LINES;
    }
    return done;
}

static outcome feed(run *r, const char *data, size_t len)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE && len > 0) {
        flowenrich_error error;
        size_t used;

        if (flowenrich_parser_parse(r->parser, data, len, &used, r->batch, &error) != FLOWENRICH_OK)
            return failure_of(r->input.name, &error);
        data += used;
        len -= used;
        if (len > 0 || r->input.waits)
            done = drain(r);
    }
    if (done == OUTCOME_DONE && r->input.waits && r->sink.pause)
        done = r->sink.pause(r->sink.ctx);
    return done;
}

/* The last line may lack its newline. */
static outcome finish(run *r)
{
    outcome done = OUTCOME_DONE;
    int32_t finished = 0;

    while (done == OUTCOME_DONE && !finished) {
        flowenrich_error error;

        if (flowenrich_parser_finish(r->parser, r->batch, &finished, &error) != FLOWENRICH_OK)
            return failure_of(r->input.name, &error);
        done = drain(r);
    }
    return done;
}

/* How many lines of each kind there were before a file, to tell what was in it. */
typedef struct tally {
    uint64_t bytes, lines, headers, bad;
} tally;

static tally count(const run *r)
{
    stats parsed;

    stats_of_parser(&parsed, r->parser);
    return (tally){ r->bytes + r->input.bytes, stats_lines(&parsed), stats_get(&parsed, "headers"),
                    stats_sum(&parsed, "bad_") };
}

/* A file that was read to its end: was it a flow log? */
static outcome judge(const run *r, const tally *before)
{
    const tally after = count(r);
    const uint64_t lines = after.lines - before->lines, bad = after.bad - before->bad;
    const bool headers = after.headers > before->headers;
    const char *name = r->input.name;

    if (after.bytes == before->bytes)
        return failure("%s: this is empty: if there should be records in it, get it again", name);
    if (lines == 0 && !headers)
        return failure("%s: there is no line in it: if there should be records, get it again",
                       name);
    if (lines > 0 && lines == bad && !headers)
        return failure("%s: not one of its lines is a record: is it a flow log? If it is, give "
                       "its format with --format, as describe-flow-logs prints it",
                       name);
    if (r->names && lines > bad && !(r->has_source && r->has_destination))
        notice("%s: the records have no %s, so nobody can tell who %s: add the field to the flow "
               "log's format",
               name,
               r->has_source        ? "dstaddr"
               : r->has_destination ? "srcaddr"
                                    : "srcaddr and dstaddr",
               r->has_source || r->has_destination ? "that end is" : "the ends are");
    return OUTCOME_DONE;
}

/* The windows of an open file. *whole tells whether it was read to its end. */
static outcome read_windows(run *r, bool *whole)
{
    outcome done = OUTCOME_DONE;
    const char *data, *other;
    size_t len;

    for (bool first = true; done == OUTCOME_DONE; first = false) {
        *whole = input_next(&r->input, &data, &len) == OUTCOME_DONE;
        if (!*whole || len == 0)
            break;
        other = first ? input_is_no_log(data, len) : NULL;
        if (other) {
            *whole = false;
            failure("%s: %s", r->input.name, other);
            break;
        }
        done = feed(r, data, len);
        progress_update(r->bytes + r->input.bytes, r->kept);
    }
    return done;
}

/* The last line of what broke off may be cut short, and is left out: it could look right. */
static outcome read_file(run *r, const file *from)
{
    bool whole = false;
    tally before;
    flowenrich_error error;
    outcome done;

    if (input_open(&r->input, from->path) != OUTCOME_DONE) {
        r->failed++;
        return OUTCOME_DONE;
    }
    before = count(r);
    before.bytes = r->bytes;
    r->has_source = r->has_destination = false;
    if (flowenrich_parser_begin(r->parser, NULL, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    done = read_windows(r, &whole);
    if (done == OUTCOME_DONE)
        done = whole ? finish(r) : drain(r);
    if (done != OUTCOME_DONE)
        return done;
    if (whole)
        whole = judge(r, &before) == OUTCOME_DONE;
    r->read++;
    r->failed += !whole;
    r->bytes += r->input.bytes;
    input_close(&r->input);
    return OUTCOME_DONE;
}

outcome run_logs(run *r, const sink *to)
{
    const options *opt = r->opt;
    outcome done = OUTCOME_DONE;

    r->sink = *to;
    progress_begin(opt->progress, opt->output == NULL && opt->command != COMMAND_TOP,
                   r->files.unsized ? 0 : r->files.bytes);
    for (size_t i = 0; done == OUTCOME_DONE && i < r->files.n; i++)
        done = read_file(r, &r->files.items[i]);
    progress_end();
    return done;
}

outcome run_text(run *r, const sink *to, const char *name, const char *text)
{
    const tally before = count(r);
    flowenrich_error error;
    outcome done;

    r->sink = *to;
    r->input.name = name;
    if (flowenrich_parser_begin(r->parser, NULL, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    done = feed(r, text, strlen(text));
    if (done == OUTCOME_DONE)
        done = finish(r);
    r->bytes += strlen(text);
    return done == OUTCOME_DONE ? judge(r, &before) : done;
}

bool run_failed(const run *r)
{
    return r->failed + r->naming.inventory.failed > 0;
}

outcome run_end(run *r)
{
    const outcome done = summarize(r, now() - r->began);
    const options *opt = r->opt;

    selection_report(&r->selection, r->batch);
    for (size_t i = 0; i < opt->fields.n; i++)
        path_report("--fields", opt->fields.items[i], r->batch);
    for (size_t i = 0; i < opt->by.n; i++)
        path_report("--by", opt->by.items[i], r->batch);
    return done == OUTCOME_DONE && run_failed(r) ? OUTCOME_FAILED : done;
}
