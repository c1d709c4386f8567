/* SPDX-License-Identifier: Apache-2.0 */
/* The files of flow logs, and beside them what is true of each line. */
#include <stdlib.h>
#include <string.h>

#include "logs.h"
#include "truth.h"

void logs_begin(logs *out, const fleet *in)
{
    static const char *const mixture[] = { "v5", "v2", "v3", "v4" };
    const char *const name = in->knobs->format;

    *out = (logs){ .fleet = in, .n_logs = in->n_vpcs * LOGS };
    /* The windows of the last packets end up to 600 s after them. */
    out->n_intervals = (size_t)(in->duration + 600) / INTERVAL + 1;
    out->pending = made(out->n_intervals * out->n_logs, sizeof *out->pending);
    out->formats = made(out->n_logs, sizeof *out->formats);
    for (size_t i = 0; i < out->n_logs; i++)
        format_read(&out->formats[i], i % LOGS == 1                ? "v2"
                                      : strcmp(name, "mixed") == 0 ? mixture[i / LOGS % 4]
                                                                   : name);
    for (size_t log = 0; log < LOGS; log++) {
        out->seen[log] = made(in->n_enis, sizeof *out->seen[log]);
        out->lossy[log] = made(in->n_enis, sizeof *out->lossy[log]);
    }
    out->truth = text_open(in->knobs->folder, "truth.tsv");
    truth_put_header(out->truth);
    out->files = text_open(in->knobs->folder, "files.tsv");
    text_string(out->files, "file\tpath\tflow_log\tvpc\twindow\tarrived\n");
}

void logs_keep(logs *to, const meters *of, const record *common)
{
    const fleet *const in = to->fleet;

    for (size_t i = 0; i < of->len; i++) {
        const meter *const from = &of->items[i];
        const int32_t length = window_length(in, from->log);
        const int32_t phase = window_phase(in, from->observer, from->log, length);
        const size_t interval = (size_t)(window_end(from->window, phase, length) / INTERVAL);
        const size_t which = in->enis[from->observer].vpc * (size_t)LOGS + from->log;
        records *const at = &to->pending[interval * to->n_logs + which];

        at->items = grown(at->items, at->len, &at->capacity, sizeof *at->items);
        at->items[at->len] = *common;
        meter_read(of, from, &at->items[at->len++]);
        to->kept++;
    }
}

/* Lines of a file are in no order. */
static void shuffle(records *what, chance *from)
{
    for (size_t i = what->len; i > 1; i--) {
        const size_t other = chance_below(from, (uint32_t)i);
        const record moved = what->items[other];

        what->items[other] = what->items[i - 1];
        what->items[i - 1] = moved;
    }
}

/* The first window of an interface that ends in the interval or later. */
static int32_t first_window(const fleet *in, uint32_t observer, size_t log, size_t interval)
{
    const int32_t length = window_length(in, log);
    const int32_t since = (int32_t)interval * INTERVAL - window_phase(in, observer, log, length);

    return since <= 0 ? 0 : (since + length - 1) / length;
}

/* One file while it is written. */
typedef struct page {
    logs *logs;
    size_t interval, vpc, log;
    const format *format;
    text *to;
    uint64_t line;
} page;

static text *open_page(page *at)
{
    logs *const of = at->logs;
    const fleet *const in = of->fleet;
    const int64_t arrived = ((int64_t)at->interval + 1) * INTERVAL;
    text *const name = made(1, sizeof *name);
    char day[32], minute[32];

    text_string(name, "logs/AWSLogs/");
    put_account(name, at->vpc);
    text_string(name, "/vpcflowlogs/" REGION);
    text_string(name, text_time(day, sizeof day, "/%Y/%m/%d/", arrived));
    put_account(name, at->vpc);
    text_string(name, "_vpcflowlogs_" REGION "_");
    put_flow_log(name, in, at->vpc, at->log);
    text_string(name, text_time(minute, sizeof minute, "_%Y%m%dT%H%MZ_", arrived));
    text_hex(name, mixed(in->seed ^ (of->n_files + 1)) >> 32, 8);
    text_put(name, ".log", sizeof ".log");

    text_format(of->files, "%u\t%s\t", ++of->n_files, name->buf);
    put_flow_log(of->files, in, at->vpc, at->log);
    text_char(of->files, '\t');
    put_vpc(of->files, in, at->vpc);
    text_format(of->files, "\t%d\t%lld\n", window_length(in, at->log),
                (long long)(BEGINNING + arrived));
    at->to = text_open(in->knobs->folder, name->buf);
    free(name);
    format_put_header(at->format, at->to);
    at->line = 1;
    return at->to;
}

static bool is_lossy(const fleet *in, uint32_t observer, size_t log, int32_t window)
{
    return chance_of(in->seed ^ 3, observer, (uint64_t)window * LOGS + log) * 100 <
           in->knobs->skipdata;
}

static void write_records(page *at, const records *from)
{
    logs *const of = at->logs;
    const fleet *const in = of->fleet;

    for (size_t i = 0; i < from->len; i++) {
        const record *const what = &from->items[i];
        const uint64_t bit =
            UINT64_C(1) << (what->window - first_window(in, what->observer, at->log, at->interval));

        of->seen[at->log][what->observer] |= bit;
        if (is_lossy(in, what->observer, at->log, what->window)) {
            of->lossy[at->log][what->observer] |= bit;
            if (mixed(what->bytes ^ what->source_port) % 2 == 0)
                continue;
        }
        truth_put(of->truth, in, of->n_files, ++at->line, what);
        format_put_record(at->format, at->to, in, what);
        of->written++;
    }
}

/* NODATA of a window without traffic, SKIPDATA of one that lost some. */
static void write_statuses(page *at)
{
    logs *const of = at->logs;
    const fleet *const in = of->fleet;
    const int32_t length = window_length(in, at->log);
    const int32_t until = ((int32_t)at->interval + 1) * INTERVAL;

    for (uint32_t e = 0; e < in->n_enis; e++) {
        const eni *const who = &in->enis[e];
        const int32_t phase = window_phase(in, e, at->log, length);
        const uint64_t seen = of->seen[at->log][e], lossy = of->lossy[at->log][e];
        const int32_t first = first_window(in, e, at->log, at->interval);

        if (who->vpc != at->vpc || fleet_logs(in, e) <= at->log)
            continue;
        of->seen[at->log][e] = of->lossy[at->log][e] = 0;
        for (int32_t window = first; window_end(window, phase, length) < until; window++) {
            const int32_t end = window_end(window, phase, length);
            const bool alive = who->from < end && who->until > end - length;
            const bool quiet = alive && (seen >> (window - first) & 1) == 0;

            if (quiet && in->knobs->nodata > 0)
                format_put_status(at->format, at->to, in, e, end - length, end, "NODATA");
            else if (lossy >> (window - first) & 1)
                format_put_status(at->format, at->to, in, e, end - length, end, "SKIPDATA");
        }
    }
}

void logs_write(logs *from, size_t interval)
{
    const fleet *const in = from->fleet;
    chance order = { mixed(in->seed ^ (interval + 1)) };

    for (size_t which = 0; which < from->n_logs; which++) {
        records *const kept = &from->pending[interval * from->n_logs + which];
        page at = { .logs = from,
                    .interval = interval,
                    .vpc = which / LOGS,
                    .log = which % LOGS,
                    .format = &from->formats[which] };
        const bool came = chance_of(in->seed ^ 4, interval, which) * 100 >= in->knobs->missing;

        if (at.log < in->vpcs[at.vpc].logs && came) {
            shuffle(kept, &order);
            open_page(&at);
            write_records(&at, kept);
            write_statuses(&at);
            text_close(at.to);
        }
        free(kept->items);
        *kept = (records){ NULL, 0, 0 };
    }
}

void logs_end(logs *what)
{
    text_close(what->truth);
    text_close(what->files);
    for (size_t log = 0; log < LOGS; log++) {
        free(what->seen[log]);
        free(what->lossy[log]);
    }
    free(what->formats);
    free(what->pending);
}
