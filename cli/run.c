/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the logs through the library, which enrich, parse and top share. */
#include "run.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "feed.h"
#include "message.h"
#include "path.h"
#include "stats.h"
#include "summary.h"
#include "unfinished.h"

#define ROWS 2048 /* of a batch: what the caches hold best */

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
    if (done == OUTCOME_DONE)
        done = payload_init(&r->payload, r->seed);
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
    payload_free(&r->payload);
}

/* How many lines of each kind there were before a file, to tell what was in it. */
typedef struct tally {
    uint64_t bytes, lines, records, headers, bad;
} tally;

static tally count(const run *r)
{
    stats parsed;

    stats_of_parser(&parsed, r->parser);
    return (tally){ r->bytes + r->input.bytes, stats_lines(&parsed), stats_get(&parsed, "records"),
                    stats_get(&parsed, "headers"), stats_sum(&parsed, "bad_") };
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
    if (lines == 0 && !headers && r->payload.objects > 0)
        return failure("%s: there is no record in it, only the names of S3 objects: get those "
                       "(aws s3 cp) and read them",
                       name);
    if (lines == 0 && !headers && r->payload.control > 0) {
        notice("%s: this holds no records, only what AWS sends to try the way", name);
        return OUTCOME_DONE;
    }
    if (lines == 0 && !headers)
        return failure("%s: there is no line in it: if there should be records, get it again",
                       name);
    if (lines > 0 && lines == bad && !headers)
        return failure("%s: not one of its lines is a record: is it a flow log? If it is, give "
                       "its format with --format, as describe-flow-logs prints it",
                       name);
    if (r->names && after.records > before->records && !(r->has_source && r->has_destination))
        notice("%s: the records have no %s, so nobody can tell who %s: add the field to the flow "
               "log's format",
               name,
               r->has_source        ? "dstaddr"
               : r->has_destination ? "srcaddr"
                                    : "srcaddr and dstaddr",
               r->has_source || r->has_destination ? "that end is" : "the ends are");
    return OUTCOME_DONE;
}

/* What the path tells of the flow log. Its key begins with what AWS writes, below any folder. */
static flowenrich_source source_of(const char *path)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    const char *key = strstr(path, "AWSLogs/");

    flowenrich_source_from_key(&source, path, strlen(path));
    source.key = (flowenrich_text){ key, key ? strlen(key) : 0 };
    return source;
}

/* Records wait for no input that takes its time. */
static outcome hand_on(run *r)
{
    outcome done = feed_drain(r);

    return done == OUTCOME_DONE && r->sink.pause ? r->sink.pause(r->sink.ctx) : done;
}

/* The windows of an open file. *whole tells whether it was read to its end. */
static outcome read_windows(run *r, bool *whole)
{
    outcome done = OUTCOME_DONE;
    bool is_payload = false;
    const char *data, *other;
    size_t len;

    for (bool first = true; done == OUTCOME_DONE; first = false) {
        *whole = input_next(&r->input, &data, &len) == OUTCOME_DONE;
        if (!*whole || len == 0)
            break;
        is_payload = first ? payload_is(&r->payload, data, len) : is_payload;
        other = is_payload ? payload_is_full(&r->payload, len)
                : first    ? input_is_no_log(data, len)
                           : NULL;
        if (other) {
            *whole = false;
            failure("%s: %s", r->input.name, other);
            break;
        }
        done = is_payload ? payload_take(&r->payload, r, data, len) : feed_text(r, data, len);
        if (done == OUTCOME_DONE && r->input.waits)
            done = hand_on(r);
        progress_update(r->bytes + r->input.bytes, r->kept);
    }
    if (done == OUTCOME_DONE && is_payload)
        done = payload_end(&r->payload, r, whole);
    else if (done == OUTCOME_DONE && *whole)
        done = feed_end(r);
    return done;
}

/* The last line of what broke off may be cut short, and is left out: it could look right. */
static outcome read_file(run *r, const file *from)
{
    const flowenrich_source source = source_of(from->path);
    bool whole = false;
    tally before;
    outcome done;

    if (input_open(&r->input, from->path) != OUTCOME_DONE) {
        r->failed++;
        return OUTCOME_DONE;
    }
    before = count(r);
    before.bytes = r->bytes;
    r->has_source = r->has_destination = false;
    payload_begin(&r->payload, &source);
    done = feed_begin(r, r->input.name, &source);
    if (done == OUTCOME_DONE)
        done = read_windows(r, &whole);
    if (done == OUTCOME_DONE)
        done = feed_drain(r);
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
    outcome done;

    r->sink = *to;
    r->input.name = name;
    done = feed_begin(r, name, NULL);
    if (done == OUTCOME_DONE)
        done = feed_text(r, text, strlen(text));
    if (done == OUTCOME_DONE)
        done = feed_end(r);
    if (done == OUTCOME_DONE)
        done = feed_drain(r);
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
