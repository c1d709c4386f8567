/* SPDX-License-Identifier: Apache-2.0 */
/* two_passes LOG [DOCUMENT@TIME]...: read a log twice, and first learn who logged what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flowenrich.h>

static flowenrich_error error;

static void check(flowenrich_status status)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "two_passes: %s: %s\n", flowenrich_status_name(status), error.message);
    exit(EXIT_FAILURE);
}

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return file;
}

/* "interfaces.json@1772452800": when AWS said so, in seconds since 1970. */
static void load(flowenrich_catalog *catalog, char *argument)
{
    static char data[16 * 1024 * 1024];
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    char *at = strrchr(argument, '@');
    FILE *file;
    size_t len;

    if (at != NULL) {
        *at = '\0';
        document.observed_at = strtoll(at + 1, NULL, 10);
    }
    file = open_file(argument);
    len = fread(data, 1, sizeof data, file);
    fclose(file);
    check(flowenrich_catalog_load(catalog, data, len, &document, NULL, &error));
}

static void encode(flowenrich_encoder *encoder, flowenrich_batch *batch)
{
    char out[256 * 1024];
    size_t row = 0, len;

    while (row < flowenrich_batch_rows(batch)) {
        check(flowenrich_encoder_encode(encoder, batch, &row, out, sizeof out, &len, &error));
        fwrite(out, 1, len, stdout);
    }
}

/* What a pass does with each batch of records. */
typedef struct pass {
    flowenrich_catalog *catalog; /* to teach; NULL in the second pass */
    flowenrich_enricher *enricher;
    flowenrich_encoder *encoder;
} pass;

static void handle(const pass *p, flowenrich_batch *batch)
{
    if (p->catalog != NULL) {
        check(flowenrich_catalog_learn(p->catalog, batch, &error));
    } else {
        check(flowenrich_enricher_enrich(p->enricher, batch, &error));
        encode(p->encoder, batch);
    }
    flowenrich_batch_clear(batch);
}

static void read_log(const char *path, const pass *p)
{
    FILE *file = open_file(path);
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    char in[64 * 1024];
    size_t len, used;

    check(flowenrich_parser_new(&parser, NULL, &error));
    check(flowenrich_batch_new(&batch, 2048, NULL, &error));
    while ((len = fread(in, 1, sizeof in, file)) > 0)
        for (size_t at = 0; at < len; at += used) {
            check(flowenrich_parser_parse(parser, in + at, len - at, &used, batch, &error));
            handle(p, batch);
        }
    check(flowenrich_parser_finish(parser, batch, NULL, &error));
    handle(p, batch);
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    fclose(file);
}

int main(int argc, char **argv)
{
    pass first = { NULL, NULL, NULL }, second = { NULL, NULL, NULL };
    flowenrich_snapshot *snapshot;

    if (argc < 2) {
        fputs("usage: two_passes LOG [DOCUMENT@TIME]...\n", stderr);
        return EXIT_FAILURE;
    }
    check(flowenrich_catalog_new(&first.catalog, NULL, &error));
    for (int i = 2; i < argc; i++)
        load(first.catalog, argv[i]);
    read_log(argv[1], &first);
    check(flowenrich_catalog_publish(first.catalog, &snapshot, &error));
    flowenrich_catalog_free(first.catalog);

    check(flowenrich_enricher_new(&second.enricher, NULL, &error));
    check(flowenrich_enricher_set_snapshot(second.enricher, snapshot, &error));
    check(flowenrich_encoder_new(&second.encoder, "json", NULL, &error));
    read_log(argv[1], &second);

    flowenrich_encoder_free(second.encoder);
    flowenrich_enricher_free(second.enricher);
    flowenrich_snapshot_free(snapshot);
    return EXIT_SUCCESS;
}
