/* SPDX-License-Identifier: Apache-2.0 */
/* ours [--strict] [--learn | --hold SECONDS] [--bytes N] FOLDER: what the library says of a
 * simulated world's ends, told all of its documents and events; with --learn, after it has read the
 * logs once before; with --hold, holding records back in one pass, for so long (0: as long as it
 * thinks fit). --bytes is what it may learn and hold. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flowenrich.h>

enum { ROWS = 2048 };

static flowenrich_error error;

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "ours: %s: %s\n", which, what);
    exit(EXIT_FAILURE);
}

/* One error serves all calls: whichever fails has filled it in. */
static void check(flowenrich_status status)
{
    if (status != FLOWENRICH_OK)
        fail(error.message, flowenrich_status_name(status));
}

static FILE *open_in(const char *folder, const char *path)
{
    char whole[4096];
    FILE *file;

    snprintf(whole, sizeof whole, "%s/%s", folder, path);
    file = fopen(whole, "rb");
    if (file == NULL)
        fail(strerror(errno), whole);
    return file;
}

static char *read_whole(const char *folder, const char *path, size_t *len)
{
    FILE *const file = open_in(folder, path);
    char *data;

    if (fseek(file, 0, SEEK_END) != 0)
        fail(strerror(errno), path);
    *len = (size_t)ftell(file);
    rewind(file);
    data = malloc(*len + 1);
    if (data == NULL || fread(data, 1, *len, file) != *len)
        fail("can't be read", path);
    fclose(file);
    return data;
}

/* What the catalog can't read yet is told, and does without. */
static void load_folder(flowenrich_catalog *catalog, const char *folder, const char *sub)
{
    char path[4096];
    struct dirent **entries;
    int n, beyond = 0;

    snprintf(path, sizeof path, "%s/%s", folder, sub);
    n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char *data;
        size_t len;
        flowenrich_status status;

        snprintf(path, sizeof path, "%s/%s", sub, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            data = read_whole(folder, path, &len);
            status = flowenrich_catalog_load(catalog, data, len, NULL, NULL, &error);
            free(data);
            beyond += status == FLOWENRICH_ERR_UNSUPPORTED;
            if (status != FLOWENRICH_ERR_UNSUPPORTED)
                check(status);
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    if (beyond > 0)
        fprintf(stderr, "ours: %d of the documents in %s are beyond the catalog\n", beyond, sub);
}

/* Rows come out as they went in; this is where each is from. */
typedef struct origin {
    unsigned long file;
    uint64_t line;
} origin;

typedef struct resolver {
    flowenrich_catalog *catalog;
    flowenrich_parser *parser;
    flowenrich_batch *batch, *out;
    flowenrich_enricher *enricher; /* NULL as long as the logs are read to learn from them */
    int holds;
    unsigned long file; /* its number */
    uint64_t line;      /* of the next row: each line below the header is one */
    origin *origins;    /* of rows that aren't answered; a ring */
    size_t first, len, capacity;
} resolver;

static flowenrich_text text_at(const flowenrich_column *of, size_t row)
{
    const flowenrich_text none = { "", 0 };
    const flowenrich_slice *slice;

    if (of->codes != NULL)
        return of->codes[row] == UINT32_MAX ? none : of->dictionary[of->codes[row]];
    if (of->validity == NULL || !(of->validity[row / 8] >> (row % 8) & 1))
        return none;
    slice = (const flowenrich_slice *)of->values + row;
    return (flowenrich_text){ of->text + slice->offset, slice->length };
}

static int has_value(const flowenrich_column *of, size_t row)
{
    return of->validity != NULL && (of->validity[row / 8] >> (row % 8) & 1);
}

typedef struct side {
    flowenrich_column interface_id, sure, reason;
} side;

static void view(flowenrich_batch *batch, const char *path, flowenrich_column *out)
{
    *out = (flowenrich_column){ .size = sizeof *out };
    check(flowenrich_batch_column(batch, path, out, &error));
}

static void push_origins(resolver *of, size_t n)
{
    while (of->len + n > of->capacity) {
        const size_t capacity = of->capacity > 0 ? 2 * of->capacity : 4 * ROWS;
        origin *const items = malloc(capacity * sizeof *items);

        if (items == NULL)
            fail("no memory", "origins");
        for (size_t i = 0; i < of->len; i++)
            items[i] = of->origins[(of->first + i) % of->capacity];
        free(of->origins);
        of->origins = items;
        of->first = 0;
        of->capacity = capacity;
    }
    for (; n > 0; n--)
        of->origins[(of->first + of->len++) % of->capacity] = (origin){ of->file, of->line++ };
}

static origin pop_origin(resolver *of)
{
    const origin first = of->origins[of->first];

    of->first = (of->first + 1) % of->capacity;
    of->len--;
    return first;
}

static void put_answer(origin at, const char *end, const side *from, size_t row)
{
    flowenrich_text id = text_at(&from->interface_id, row);
    const flowenrich_text sure = text_at(&from->sure, row);
    const flowenrich_text reason = text_at(&from->reason, row);

    if (id.len == 0)
        id = (flowenrich_text){ "-", 1 };
    printf("%lu\t%" PRIu64 "\t%s\t%.*s\t%.*s\t%.*s\n", at.file, at.line, end, (int)id.len, id.data,
           (int)sure.len, sure.data, (int)reason.len, reason.data);
}

static void answer(resolver *of, flowenrich_batch *batch)
{
    const size_t n = flowenrich_batch_rows(batch);
    flowenrich_column uploaded, downloaded;
    side client, server;

    view(batch, "uploaded", &uploaded);
    view(batch, "downloaded", &downloaded);
    view(batch, "client.interface_id", &client.interface_id);
    view(batch, "client.sure", &client.sure);
    view(batch, "client.reason", &client.reason);
    view(batch, "server.interface_id", &server.interface_id);
    view(batch, "server.sure", &server.sure);
    view(batch, "server.reason", &server.reason);
    for (size_t row = 0; row < n; row++) {
        const origin at = pop_origin(of);
        const int up = has_value(&uploaded, row);

        if (!up && !has_value(&downloaded, row))
            continue; /* NODATA, SKIPDATA */
        put_answer(at, "src", up ? &client : &server, row);
        put_answer(at, "dst", up ? &server : &client, row);
    }
}

/* Answer what has been held back long enough. */
static void take(resolver *of)
{
    check(flowenrich_enricher_take(of->enricher, of->out, &error));
    while (flowenrich_batch_rows(of->out) > 0) {
        answer(of, of->out);
        flowenrich_batch_clear(of->out);
        check(flowenrich_enricher_take(of->enricher, of->out, &error));
    }
}

static void drain(resolver *of)
{
    const size_t n = flowenrich_batch_rows(of->batch);
    size_t row = 0;

    if (flowenrich_batch_rejects(of->batch) > 0)
        fail("a line was refused", "logs");
    if (of->enricher == NULL) {
        check(flowenrich_catalog_learn(of->catalog, of->batch, &error));
    } else if (of->holds) {
        push_origins(of, n);
        while (row < n) {
            check(flowenrich_enricher_hold(of->enricher, of->batch, &row, &error));
            take(of);
        }
    } else {
        push_origins(of, n);
        check(flowenrich_enricher_enrich(of->enricher, of->batch, &error));
        answer(of, of->batch);
    }
    flowenrich_batch_clear(of->batch);
}

static void read_file(resolver *of, const char *folder, const char *path)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    size_t len, used;
    char *const data = read_whole(folder, path, &len);

    flowenrich_source_from_key(&source, path, strlen(path));
    check(flowenrich_parser_begin(of->parser, &source, &error));
    of->line = 2;
    for (size_t at = 0; at < len; at += used) {
        check(flowenrich_parser_parse(of->parser, data + at, len - at, &used, of->batch, &error));
        drain(of);
    }
    check(flowenrich_parser_finish(of->parser, of->batch, NULL, &error));
    drain(of);
    free(data);
}

static void read_logs(resolver *of, const char *folder)
{
    char line[4096], path[2048];
    FILE *const files = open_in(folder, "files.tsv");

    while (fgets(line, sizeof line, files) != NULL)
        if (sscanf(line, "%lu\t%2047[^\t]", &of->file, path) == 2)
            read_file(of, folder, path);
    fclose(files);
}

int main(int argc, char **argv)
{
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_catalog_options learning = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_snapshot *snapshot;
    resolver of = { .holds = 0 };
    const char *folder = NULL;
    int learn = 0;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--strict") == 0)
            options.strict = 1;
        else if (strcmp(argv[i], "--learn") == 0)
            learn = 1;
        else if (strcmp(argv[i], "--hold") == 0 && i + 1 < argc) {
            of.holds = 1;
            options.hold = atoi(argv[++i]);
        } else if (strcmp(argv[i], "--bytes") == 0 && i + 1 < argc)
            options.max_bytes = learning.max_learned_bytes = strtoull(argv[++i], NULL, 10);
        else
            folder = argv[i];
    if (folder == NULL)
        fail("usage: ours [--strict] [--learn | --hold SECONDS] [--bytes N] FOLDER", "arguments");

    check(flowenrich_catalog_new(&of.catalog, &learning, &error));
    check(flowenrich_parser_new(&of.parser, NULL, &error));
    check(flowenrich_batch_new(&of.batch, ROWS, NULL, &error));
    check(flowenrich_batch_new(&of.out, ROWS, NULL, &error));
    load_folder(of.catalog, folder, "inventory");
    load_folder(of.catalog, folder, "events");
    if (learn)
        read_logs(&of, folder);
    check(flowenrich_catalog_publish(of.catalog, &snapshot, &error));
    check(flowenrich_enricher_new(&of.enricher, &options, &error));
    check(flowenrich_enricher_set_snapshot(of.enricher, snapshot, &error));
    read_logs(&of, folder);
    if (of.holds) {
        check(flowenrich_enricher_advance(of.enricher, FLOWENRICH_TIME_END, &error));
        take(&of);
    }

    free(of.origins);
    flowenrich_batch_free(of.out);
    flowenrich_enricher_free(of.enricher);
    flowenrich_snapshot_free(snapshot);
    flowenrich_batch_free(of.batch);
    flowenrich_parser_free(of.parser);
    flowenrich_catalog_free(of.catalog);
    return EXIT_SUCCESS;
}
