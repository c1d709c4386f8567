/* SPDX-License-Identifier: Apache-2.0 */
/* Loading what AWS says there is. */
#include "inventory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_list.h"
#include "input.h"
#include "message.h"
#include "moment.h"

/* What is loaded, and how often the file's own time had to do. */
typedef struct loading {
    flowenrich_pipeline *pipeline;
    inventory *out;
    size_t undated;
    char first_undated[256];
} loading;

static void note_time(inventory *out, flowenrich_time dated)
{
    if (out->documents == 0 || dated < out->first)
        out->first = dated;
    if (out->documents == 0 || dated > out->last)
        out->last = dated;
    out->documents++;
}

static outcome load_file(loading *load, const file *from, flowenrich_time observed)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_time dated = FLOWENRICH_TIME_ABSENT;
    flowenrich_error error;
    flowenrich_status status;
    bool undated;
    char *data;
    size_t len;

    if (input_read_all(from->path, &data, &len) != OUTCOME_DONE) {
        load->out->failed++;
        return OUTCOME_DONE;
    }
    document.observed_at = observed;
    status = flowenrich_pipeline_load(load->pipeline, data, len, &document, &dated, &error);
    undated = status == FLOWENRICH_ERR_ARG;
    if (undated) {
        document.modified_at = from->modified;
        status = flowenrich_pipeline_load(load->pipeline, data, len, &document, &dated, &error);
    }
    free(data);
    if (status == FLOWENRICH_ERR_UNSUPPORTED) {
        notice("%s: %s: passed over", from->path, error.message);
        return OUTCOME_DONE;
    }
    if (status != FLOWENRICH_OK) {
        load->out->failed++;
        failure_of(from->path, &error);
        return status == FLOWENRICH_ERR_NOMEM ? OUTCOME_FAILED : OUTCOME_DONE;
    }
    note_time(load->out, dated);
    if (undated && load->undated++ == 0)
        strncat(load->first_undated, from->path, sizeof load->first_undated - 1);
    return OUTCOME_DONE;
}

/* Cut "PATH@TIME" at the last @, unless there is a file that is called so. */
static outcome split(char *path, flowenrich_time *observed)
{
    struct stat info;
    char *at = strrchr(path, '@');

    *observed = FLOWENRICH_TIME_ABSENT;
    if (at == NULL || stat(path, &info) == 0)
        return OUTCOME_DONE;
    if (!moment_parse(at + 1, observed))
        return misuse("--inventory: '%s': after the @, '%s' is no time: write "
                      "2026-11-20T09:00:00Z, or seconds since 1970",
                      path, at + 1);
    *at = '\0';
    return OUTCOME_DONE;
}

static outcome load_argument(loading *load, const char *argument)
{
    static const char *const endings[] = { ".json", ".json.gz", NULL };
    char *path = strdup(argument);
    file_list files = { 0 };
    flowenrich_time observed;
    outcome done;

    if (path == NULL)
        return failure_no_memory();
    done = split(path, &observed);
    if (done == OUTCOME_DONE)
        done = file_list_add(&files, path, endings, "documents (*.json)");
    for (size_t i = 0; done == OUTCOME_DONE && i < files.n; i++)
        done = load_file(load, &files.items[i], observed);
    load->out->failed += files.failed;
    file_list_free(&files);
    free(path);
    return done;
}

static void tell_undated(const loading *load)
{
    char at[MOMENT_TEXT];

    if (load->undated == 1)
        notice("%s has no date: it is taken to be of %s, when the file was last changed; tell "
               "another with PATH@TIME",
               load->first_undated, moment_text(load->out->last, at));
    else if (load->undated > 1)
        notice("%s and %zu more documents have no date: they are taken to be of when the files "
               "were last changed; tell another with PATH@TIME",
               load->first_undated, load->undated - 1);
}

bool inventory_is_image(const options *opt)
{
    return opt->inventory.n == 1 && image_is(opt->inventory.items[0]);
}

/* When its documents were true it doesn't tell: before it was made. */
static outcome load_image(inventory *out, const char *path, flowenrich_pipeline *pipeline)
{
    flowenrich_error error;
    outcome done = image_open(&out->image, path, &out->snapshot);

    note_time(out, out->image.modified);
    if (done == OUTCOME_DONE &&
        flowenrich_pipeline_set_snapshot(pipeline, out->snapshot, &error) != FLOWENRICH_OK)
        done = failure_of(path, &error);
    return done;
}

outcome inventory_load(inventory *out, const options *opt, flowenrich_pipeline *pipeline, bool adds)
{
    loading load = { .pipeline = pipeline, .out = out };
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    memset(out, 0, sizeof *out);
    if (inventory_is_image(opt) && !adds)
        return load_image(out, opt->inventory.items[0], pipeline);
    if (opt->inventory.n == 0 && options_reads_logs(opt))
        notice("no --inventory: only what the records and the configuration say is known");
    for (size_t i = 0; done == OUTCOME_DONE && i < opt->inventory.n; i++)
        done = load_argument(&load, opt->inventory.items[i]);
    tell_undated(&load);
    if (done == OUTCOME_DONE &&
        flowenrich_pipeline_publish(pipeline, &out->snapshot, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    return done;
}

void inventory_free(inventory *of)
{
    flowenrich_snapshot_free(of->snapshot);
    image_close(&of->image);
}
