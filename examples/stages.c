/* SPDX-License-Identifier: Apache-2.0 */
/* stages DOCUMENT.json < LOG: as stream.c, by the stages one by one, for programs that do more. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <flowenrich.h>

static flowenrich_error error;

/* One error serves all calls: whichever fails has filled it in. */
static void check(flowenrich_status status)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "stages: %s: %s\n", flowenrich_status_name(status), error.message);
    exit(EXIT_FAILURE);
}

static flowenrich_snapshot *load(const char *path)
{
    static char data[16 * 1024 * 1024];
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    FILE *file = fopen(path, "rb");
    size_t len;

    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    len = fread(data, 1, sizeof data, file);
    fclose(file);
    document.modified_at = time(NULL); /* of a fresh one; a date in the document wins */
    check(flowenrich_catalog_new(&catalog, NULL, &error));
    check(flowenrich_catalog_load(catalog, data, len, &document, NULL, &error));
    check(flowenrich_catalog_publish(catalog, &snapshot, &error));
    flowenrich_catalog_free(catalog);
    return snapshot;
}

/* Name the ends of what is in the batch, write it, and make room for more. */
static void drain(flowenrich_enricher *enricher, flowenrich_encoder *encoder,
                  flowenrich_batch *batch)
{
    char out[256 * 1024]; /* for the longest row, too: a smaller one may end in ERR_LIMIT */
    size_t row = 0, len;

    check(flowenrich_enricher_enrich(enricher, batch, &error));
    while (row < flowenrich_batch_rows(batch)) {
        check(flowenrich_encoder_encode(encoder, batch, &row, out, sizeof out, &len, &error));
        fwrite(out, 1, len, stdout);
    }
    flowenrich_batch_clear(batch);
}

int main(int argc, char **argv)
{
    flowenrich_snapshot *snapshot;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_enricher *enricher;
    flowenrich_encoder *encoder;
    char in[64 * 1024];
    size_t len, used;

    if (argc != 2) {
        fputs("usage: stages DOCUMENT.json < LOG\n", stderr);
        return EXIT_FAILURE;
    }
    snapshot = load(argv[1]);
    check(flowenrich_parser_new(&parser, NULL, &error));
    check(flowenrich_batch_new(&batch, 2048, NULL, &error));
    check(flowenrich_enricher_new(&enricher, NULL, &error));
    check(flowenrich_enricher_set_snapshot(enricher, snapshot, &error));
    check(flowenrich_encoder_new(&encoder, "json", NULL, &error));

    while ((len = fread(in, 1, sizeof in, stdin)) > 0)
        for (size_t at = 0; at < len; at += used) {
            check(flowenrich_parser_parse(parser, in + at, len - at, &used, batch, &error));
            drain(enricher, encoder, batch);
        }
    check(flowenrich_parser_finish(parser, batch, NULL, &error)); /* a last line, no newline */
    drain(enricher, encoder, batch);

    flowenrich_encoder_free(encoder);
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    flowenrich_snapshot_free(snapshot);
    return EXIT_SUCCESS;
}
