/* SPDX-License-Identifier: Apache-2.0 */
/* stream DOCUMENT.json < LOG: the loop of a program that embeds the library, with its failures. */
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
    fprintf(stderr, "stream: %s: %s\n", flowenrich_status_name(status), error.message);
    exit(EXIT_FAILURE);
}

static void load(flowenrich_pipeline *pipeline, const char *path)
{
    static char data[16 * 1024 * 1024];
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    FILE *file = fopen(path, "rb");
    size_t len;

    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    len = fread(data, 1, sizeof data, file);
    fclose(file);
    document.modified_at = time(NULL); /* of a fresh one; a date in the document wins */
    check(flowenrich_pipeline_load(pipeline, data, len, &document, NULL, &error));
}

/* What each call that takes something in has put out is gone at the next one. */
static void write_output(const flowenrich_pipeline *pipeline)
{
    const flowenrich_text out = flowenrich_pipeline_output(pipeline);

    fwrite(out.data, 1, out.len, stdout);
}

int main(int argc, char **argv)
{
    flowenrich_pipeline *pipeline;
    char in[64 * 1024];
    size_t len, used;
    int32_t done = 0;

    if (argc != 2) {
        fputs("usage: stream DOCUMENT.json < LOG\n", stderr);
        return EXIT_FAILURE;
    }
    check(flowenrich_pipeline_new(&pipeline, NULL, 0, NULL, &error)); /* or from your own YAML */
    load(pipeline, argv[1]);

    while ((len = fread(in, 1, sizeof in, stdin)) > 0)
        for (size_t at = 0; at < len; at += used) {
            check(flowenrich_pipeline_feed(pipeline, in + at, len - at, &used, &error));
            write_output(pipeline);
        }
    while (!done) {
        check(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error));
        write_output(pipeline);
    }

    flowenrich_pipeline_free(pipeline);
    return EXIT_SUCCESS;
}
