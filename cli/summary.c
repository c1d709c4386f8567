/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run: text for people, JSON for programs. */
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagnosis.h"
#include "message.h"
#include "moment.h"
#include "output.h"
#include "stats.h"
#include "text.h"

/* All that is told. */
typedef struct report {
    const run *of;
    stats counted;
    const char *diagnosis; /* NULL if there is nothing to say */
} report;

static void print_count(FILE *out, const char *before, uint64_t n)
{
    char count[NUMBER_TEXT];

    fprintf(out, "%s%s", before, text_count(n, count));
}

/* ": interface 15,008, address 7,000" */
static void print_parts(FILE *out, const stats *of, const char *prefix)
{
    const char *name, *before = ": ";
    uint64_t n;
    size_t at = 0;

    while ((name = stats_next(of, prefix, &at, &n))) {
        fputs(before, out);
        for (; *name; name++)
            fputc(*name == '_' ? ' ' : *name, out);
        print_count(out, " ", n);
        before = ", ";
    }
}

/* Nothing is said of what there is none of. */
static void print_sum(FILE *out, const char *label, const stats *of, const char *prefix)
{
    if (stats_sum(of, prefix) == 0)
        return;
    print_count(out, label, stats_sum(of, prefix));
    print_parts(out, of, prefix);
    fputc('\n', out);
}

static void print_work(FILE *out, const report *tell, double seconds)
{
    const run *r = tell->of;
    const uint64_t lines = stats_lines(&tell->counted);
    char bytes[NUMBER_TEXT];

    print_count(out, "flowenrich: ", r->read);
    print_count(out, r->read == 1 ? " file, " : " files, ", lines);
    fprintf(out, " line%s, %s in %.1f s", lines == 1 ? "" : "s", text_bytes(r->bytes, bytes),
            seconds);
    if (seconds >= 0.1)
        print_count(out, ", ", (uint64_t)((double)lines / seconds));
    fputs(seconds >= 0.1 ? " lines/s" : "", out);
    if (r->failed > 0)
        print_count(out, "; failed: ", r->failed);
    fputc('\n', out);
}

static void print_documents(FILE *out, const inventory *from)
{
    char first[MOMENT_TEXT], last[MOMENT_TEXT];

    if (from->documents + from->failed == 0)
        return;
    print_count(out, "  documents  ", from->documents);
    if (from->documents > 0)
        fprintf(out, ", of %s", moment_text(from->first, first));
    if (from->documents > 0 && from->first != from->last)
        fprintf(out, " to %s", moment_text(from->last, last));
    if (from->failed > 0)
        print_count(out, "; failed: ", from->failed);
    fputc('\n', out);
}

static void print_records(FILE *out, const report *tell)
{
    static const char *const others[][2] = {
        { "nodata", ", no data " },
        { "skipdata", ", skipped data " },
        { "unknown_fields", ", unknown fields " },
        { "milliseconds", ", times in milliseconds " },
        { "doubled_spaces", ", lines with doubled spaces " },
    };

    print_count(out, "  records    ", stats_get(&tell->counted, "records"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (stats_get(&tell->counted, others[i][0]) > 0)
            print_count(out, others[i][1], stats_get(&tell->counted, others[i][0]));
    if (stats_get(&tell->counted, "dropped") > 0 && stats_get(&tell->counted, "paired") == 0)
        print_count(out, "; selected ", tell->of->kept);
    fputc('\n', out);
    print_sum(out, "  bad lines  ", &tell->counted, "bad_");
}

/* How it came that ends are named by the records themselves, and what it lacked room for. */
static void print_lessons(FILE *out, const report *tell)
{
    const uint64_t waited = stats_get(&tell->counted, "waited");
    const uint64_t hurried = stats_get(&tell->counted, "hurried");
    const uint64_t ahead = stats_get(&tell->counted, "ahead");

    if (tell->of->learned > 0)
        print_count(out, "  learned    in a first pass, from records ", tell->of->learned);
    if (tell->of->unlearned > 0)
        print_count(out, ", with no room (limits: held) for others ", tell->of->unlearned);
    if (tell->of->unseen > 0)
        print_count(out, ", with no room (limits: held) for addresses of ", tell->of->unseen);
    if (waited > 0)
        print_count(out, "  held back  ", waited);
    if (hurried > 0)
        print_count(out, ", for want of room (limits: held) too briefly ", hurried);
    if (ahead > 0)
        print_count(out, ", more than a day after all before ", ahead);
    fputs(tell->of->learned > 0 || waited > 0 ? "\n" : "", out);
}

/* Nothing is said of records that were taken one by one. */
static void print_conversations(FILE *out, const stats *of)
{
    static const char *const others[][2] = {
        { "late_conversations", ", late " },
        { "evicted", ", let go for want of room " },
        { "ambiguous", ", that could have been joined to several " },
    };

    if (stats_get(of, "paired") == 0)
        return;
    print_count(out, "  paired     ", stats_get(of, "paired"));
    print_count(out, " records to conversations: ", stats_get(of, "conversations"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (stats_get(of, others[i][0]) > 0)
            print_count(out, others[i][1], stats_get(of, others[i][0]));
    if (stats_get(of, "dropped") > 0)
        print_count(out, "; selected ", stats_get(of, "kept"));
    fputc('\n', out);
}

static void print_ends(FILE *out, const stats *ends)
{
    char internet[NUMBER_TEXT];

    print_sum(out, "  named      ", ends, "named_");
    print_sum(out, "  how sure   ", ends, "sure_");
    print_sum(out, "  unnamed    ", ends, "unnamed_");
    if (stats_get(ends, "internet") > 0)
        fprintf(out, "  internet   %s\n", text_count(stats_get(ends, "internet"), internet));
}

static void print_text(const report *tell, double seconds)
{
    print_work(stderr, tell, seconds);
    print_documents(stderr, &tell->of->inventory);
    print_records(stderr, tell);
    print_lessons(stderr, tell);
    print_conversations(stderr, &tell->counted);
    print_ends(stderr, &tell->counted);
    if (tell->diagnosis)
        notice("%s", tell->diagnosis);
}

/* Texts are names and sentences of ours, which may quote UTF-8 but hold no control bytes. */
static void write_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_parts(FILE *out, const char *key, const stats *of, const char *prefix)
{
    const char *name;
    uint64_t n;
    size_t at = 0;
    bool more = false;

    fprintf(out, "\"%s\":{", key);
    while ((name = stats_next(of, prefix, &at, &n))) {
        fputs(more ? "," : "", out);
        write_string(out, name);
        fprintf(out, ":%" PRIu64, n);
        more = true;
    }
    fputc('}', out);
}

static void write_counts(FILE *out, const stats *of, const char *const keys[][2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "\"%s\":%" PRIu64 ",", keys[i][0], stats_get(of, keys[i][1]));
}

static void write_json(FILE *out, const report *tell)
{
    static const char *const kinds[][2] = {
        { "Records", "records" },
        { "NoData", "nodata" },
        { "SkipData", "skipdata" },
    };
    static const char *const oddities[][2] = {
        { "UnknownFields", "unknown_fields" },
        { "Milliseconds", "milliseconds" },
    };

    fprintf(out, "{\"Files\":{\"Read\":%" PRIu64 ",\"Failed\":%" PRIu64 "},\"Lines\":%" PRIu64 ",",
            tell->of->read, tell->of->failed, stats_lines(&tell->counted));
    write_counts(out, &tell->counted, kinds, sizeof kinds / sizeof *kinds);
    write_parts(out, "Bad", &tell->counted, "bad_");
    fputc(',', out);
    write_counts(out, &tell->counted, oddities, sizeof oddities / sizeof *oddities);
    fprintf(out, "\"DoubledSpaces\":%" PRIu64, stats_get(&tell->counted, "doubled_spaces"));
    if (tell->of->names) {
        fprintf(out,
                ",\"Learned\":%" PRIu64 ",\"Unlearned\":%" PRIu64
                ",\"UnlearnedAddresses\":%" PRIu64,
                tell->of->learned, tell->of->unlearned, tell->of->unseen);
        fprintf(out, ",\"Held\":%" PRIu64 ",\"Hurried\":%" PRIu64 ",\"Ahead\":%" PRIu64,
                stats_get(&tell->counted, "waited"), stats_get(&tell->counted, "hurried"),
                stats_get(&tell->counted, "ahead"));
        fprintf(out, ",\"Documents\":{\"Read\":%zu,\"Failed\":%" PRIu64 "},\"Ends\":{",
                tell->of->inventory.documents, tell->of->inventory.failed);
        write_parts(out, "Named", &tell->counted, "named_");
        fputc(',', out);
        write_parts(out, "Sure", &tell->counted, "sure_");
        fputc(',', out);
        write_parts(out, "Unnamed", &tell->counted, "unnamed_");
        fprintf(out, ",\"Internet\":%" PRIu64 "}", stats_get(&tell->counted, "internet"));
    }
    if (stats_get(&tell->counted, "paired") > 0)
        fprintf(out, ",\"Paired\":%" PRIu64 ",\"Conversations\":%" PRIu64 ",\"Evicted\":%" PRIu64,
                stats_get(&tell->counted, "paired"), stats_get(&tell->counted, "conversations"),
                stats_get(&tell->counted, "evicted"));
    if (tell->diagnosis) {
        fputs(",\"Diagnosis\":", out);
        write_string(out, tell->diagnosis);
    }
    fputs("}\n", out);
}

static outcome save_json(const report *tell, const char *path)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    output saved = { .fd = -1 };
    outcome done = OUTCOME_DONE;

    if (memory == NULL)
        return failure_no_memory();
    write_json(memory, tell);
    if (fclose(memory) != 0)
        done = failure_no_memory();
    if (done == OUTCOME_DONE)
        done = output_open(&saved, path);
    if (done == OUTCOME_DONE)
        done = output_write(&saved, text, len);
    if (done == OUTCOME_DONE)
        done = output_commit(&saved);
    output_free(&saved);
    free(text);
    return done;
}

outcome summarize(const run *r, double seconds)
{
    report tell = { .of = r };
    char diagnosis[DIAGNOSIS_TEXT];

    run_count(r, &tell.counted);
    if (r->names && diagnose(diagnosis, &tell.counted, &r->seen, &r->inventory))
        tell.diagnosis = diagnosis;
    if (!r->opt->quiet)
        print_text(&tell, seconds);
    return r->opt->summary_json ? save_json(&tell, r->opt->summary_json) : OUTCOME_DONE;
}
