/* SPDX-License-Identifier: Apache-2.0 */
/* One filter of a host's: its settings, its pipeline, its catalog. One thread at a time. */
#include "instance.h"

#include <sys/random.h>

#include "inventory.h"

struct instance {
    settings settings;
    uint64_t hash_seed;
    inventory *inventory;
    flowenrich_snapshot *snapshot; /* of the inventory, as it is in use; NULL: none */
    flowenrich_pipeline *pipeline; /* NULL after a failure: the next chunk makes another */
    chunk_filter chunk;
    char said[SENTENCE]; /* of the failure before, which is told once */
};

static bool make_pipeline(instance *in, char why[SENTENCE])
{
    const flowenrich_options opt = { sizeof opt, NULL, in->hash_seed };
    const buffer *yaml = &in->settings.yaml;
    flowenrich_error error;

    if (flowenrich_pipeline_new(&in->pipeline, yaml->data, yaml->len, &opt, &error) !=
        FLOWENRICH_OK)
        return fail_at(why, in->settings.config, &error);
    if (!in->snapshot ||
        flowenrich_pipeline_set_snapshot(in->pipeline, in->snapshot, &error) == FLOWENRICH_OK)
        return true;
    flowenrich_pipeline_free(in->pipeline);
    in->pipeline = NULL;
    return fail_at(why, "Catalog", &error);
}

/* What the inventory has read since the last chunk counts from this one on. */
static bool take_snapshot(instance *in, char why[SENTENCE])
{
    flowenrich_snapshot *fresh = inventory_take(in->inventory);
    flowenrich_error error;

    if (!fresh)
        return true;
    flowenrich_snapshot_free(in->snapshot);
    in->snapshot = fresh;
    if (!in->pipeline ||
        flowenrich_pipeline_set_snapshot(in->pipeline, fresh, &error) == FLOWENRICH_OK)
        return true;
    return fail_at(why, "Catalog", &error);
}

instance *instance_new(settings_get *get, void *host, char why[SENTENCE])
{
    instance *in = calloc(1, sizeof *in);

    if (!in) {
        fail_with(why, "out of memory");
        return NULL;
    }
    if (getrandom(&in->hash_seed, sizeof in->hash_seed, GRND_NONBLOCK) < 0)
        in->hash_seed = 0;
    if (!settings_read(&in->settings, get, host, why) || !make_pipeline(in, why) ||
        !inventory_new(&in->inventory, &in->settings, in->hash_seed, why) ||
        !take_snapshot(in, why)) {
        instance_free(in);
        return NULL;
    }
    in->chunk.key = (flowenrich_text){ in->settings.key, strlen(in->settings.key) };
    in->chunk.keeps = in->settings.keeps;
    return in;
}

void instance_free(instance *in)
{
    if (!in)
        return;
    inventory_free(in->inventory);
    flowenrich_pipeline_free(in->pipeline);
    flowenrich_snapshot_free(in->snapshot);
    chunk_free(&in->chunk);
    settings_free(&in->settings);
    free(in);
}

/* The chunk passes as it is. The pipeline is good for nothing more. */
static bool give_up(instance *in, const char *why)
{
    if (strcmp(in->said, why) != 0)
        say("records pass as they are: %s", why);
    fail_with(in->said, "%s", why);
    flowenrich_pipeline_free(in->pipeline);
    in->pipeline = NULL;
    return false;
}

bool instance_run(instance *in, const void *chunk, size_t len, void **out, size_t *out_len)
{
    flowenrich_error error;
    char why[SENTENCE];

    *out = NULL;
    *out_len = 0;
    if (!take_snapshot(in, why) || (!in->pipeline && !make_pipeline(in, why)))
        return give_up(in, why);
    switch (chunk_run(&in->chunk, in->pipeline, chunk, len, out, out_len, &error)) {
    case CHUNK_CHANGED:
        return true;
    case CHUNK_UNTOUCHED:
        return false;
    default:
        return give_up(in, error.message);
    }
}
