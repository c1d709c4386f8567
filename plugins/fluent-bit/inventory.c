/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog of an instance: read from files, and again when they change. */
#include "inventory.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

#include "file.h"

struct inventory {
    const settings *settings;
    uint64_t hash_seed;
    uint64_t state;                       /* of the files, as they were read last */
    _Atomic(flowenrich_snapshot *) fresh; /* not taken yet */

    bool has_thread;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool is_over;
};

static bool load(flowenrich_pipeline *pipeline, const char *path, char why[SENTENCE])
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_status status;
    flowenrich_error error;
    buffer text = { 0 };
    struct stat is;

    if (stat(path, &is) == 0)
        document.modified_at = (flowenrich_time)is.st_mtim.tv_sec;
    if (!file_read(&text, path, why)) {
        buffer_free(&text);
        return false;
    }
    status = flowenrich_pipeline_load(pipeline, text.data, text.len, &document, NULL, &error);
    buffer_free(&text);
    if (status == FLOWENRICH_ERR_UNSUPPORTED) {
        say("%s: %s: passed over", path, error.message);
        return true;
    }
    return status == FLOWENRICH_OK || fail_at(why, path, &error);
}

/* A pipeline of its own reads the files, as its settings say how far to trust them. */
static bool read_files(inventory *i, const file_list *files, char why[SENTENCE])
{
    const flowenrich_options opt = { sizeof opt, NULL, i->hash_seed };
    const buffer *yaml = &i->settings->yaml;
    flowenrich_snapshot *snapshot;
    flowenrich_pipeline *pipeline;
    flowenrich_error error;
    bool is_read = true;

    if (flowenrich_pipeline_new(&pipeline, yaml->data, yaml->len, &opt, &error) != FLOWENRICH_OK)
        return fail_at(why, i->settings->config, &error);
    for (size_t n = 0; n < files->n && is_read; n++)
        is_read = load(pipeline, files->paths[n], why);
    if (is_read && flowenrich_pipeline_publish(pipeline, &snapshot, &error) != FLOWENRICH_OK)
        is_read = fail_at(why, "Catalog", &error);
    if (is_read)
        flowenrich_snapshot_free(atomic_exchange(&i->fresh, snapshot));
    flowenrich_pipeline_free(pipeline);
    return is_read;
}

/* Read the files if they aren't as they were: what can't be read isn't tried until it changes. */
static bool look(inventory *i, bool *is_read, char why[SENTENCE])
{
    file_list files;
    bool is_right;

    *is_read = false;
    if (!file_list_make(&files, i->settings->catalog, why)) {
        is_right = i->state == 0;
        i->state = 0;
        return is_right;
    }
    if (files.state == i->state) {
        file_list_free(&files);
        return true;
    }
    i->state = files.state;
    is_right = *is_read = read_files(i, &files, why);
    file_list_free(&files);
    return is_right;
}

/* Sleep until the next look is due. False: there is none. */
static bool wait(inventory *i)
{
    struct timespec until;
    bool is_over;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)i->settings->reload_s;
    pthread_mutex_lock(&i->lock);
    while (!i->is_over && pthread_cond_timedwait(&i->wake, &i->lock, &until) == 0)
        ;
    is_over = i->is_over;
    pthread_mutex_unlock(&i->lock);
    return !is_over;
}

static void *look_after(void *context)
{
    inventory *i = context;

    while (wait(i)) {
        char why[SENTENCE];
        bool is_read;

        if (!look(i, &is_read, why))
            say("the catalog stays as it was: %s", why);
        else if (is_read)
            say("the catalog was read anew: %s", i->settings->catalog);
    }
    return NULL;
}

/* Signals are the host's business. */
static bool start(inventory *i)
{
    pthread_condattr_t monotonic;
    sigset_t all, before;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&i->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&i->lock, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    i->has_thread = pthread_create(&i->thread, NULL, look_after, i) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return i->has_thread;
}

bool inventory_new(inventory **out, const settings *s, uint64_t hash_seed, char why[SENTENCE])
{
    inventory *i;
    file_list files;
    bool is_right;

    *out = NULL;
    if (!s->catalog)
        return true;
    i = calloc(1, sizeof *i);
    if (!i)
        return fail_with(why, "out of memory");
    i->settings = s;
    i->hash_seed = hash_seed;
    is_right = file_list_make(&files, s->catalog, why);
    if (is_right) {
        i->state = files.state;
        is_right = read_files(i, &files, why);
        file_list_free(&files);
    }
    if (is_right && s->reload_s > 0 && !start(i))
        is_right = fail_with(why, "no thread can be started to look after the catalog");
    if (is_right)
        *out = i;
    else
        inventory_free(i);
    return is_right;
}

flowenrich_snapshot *inventory_take(inventory *i)
{
    return i ? atomic_exchange(&i->fresh, NULL) : NULL;
}

void inventory_free(inventory *i)
{
    if (!i)
        return;
    if (i->has_thread) {
        pthread_mutex_lock(&i->lock);
        i->is_over = true;
        pthread_cond_signal(&i->wake);
        pthread_mutex_unlock(&i->lock);
        pthread_join(i->thread, NULL);
        pthread_cond_destroy(&i->wake);
        pthread_mutex_destroy(&i->lock);
    }
    flowenrich_snapshot_free(atomic_exchange(&i->fresh, NULL));
    free(i);
}
