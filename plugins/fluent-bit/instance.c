/* SPDX-License-Identifier: Apache-2.0 */
/* One filter of a host's: its settings, its pipeline, its catalog. One thread at a time. */
#include "instance.h"

#include <sys/random.h>

#include "inventory.h"
#include "msgpack.h"

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

/* What is to be JSON becomes MessagePack, of the same shape, behind what the settings say. */
static bool choose_encoder(instance *in, char why[SENTENCE])
{
    buffer *yaml = &in->settings.yaml;
    flowenrich_pipeline *pipeline;
    flowenrich_error error;
    const char *name;

    if (flowenrich_pipeline_new(&pipeline, yaml->data, yaml->len, NULL, &error) != FLOWENRICH_OK)
        return fail_at(why, in->settings.config, &error);
    name = flowenrich_pipeline_encoder(pipeline);
    if (name && strcmp(name, "json") == 0)
        buffer_append(yaml, "encoder: msgpack\n", 17);
    else if (name && strcmp(name, "json-flat") == 0)
        buffer_append(yaml, "encoder: msgpack-flat\n", 22);
    flowenrich_pipeline_free(pipeline);
    return !yaml->failed || fail_with(why, "out of memory");
}

/* An event as it may come: [0, {key: line}]. */
static void make_event(buffer *out, const char *key)
{
    static const char line[] = "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 "
                               "1772452800 1772452860 ACCEPT OK";
    const struct {
        const char *text;
        size_t len;
    } texts[] = { { key, strlen(key) }, { line, sizeof line - 1 } };

    buffer_append(out, "\x92\0\x81", 3);
    for (size_t i = 0; i < 2; i++) {
        char head[MSGPACK_MOST];

        buffer_append(out, head, (size_t)(msgpack_put_string_head(head, texts[i].len) - head));
        buffer_append(out, texts[i].text, texts[i].len);
    }
}

/*
 * Not all configurations are a filter's: one may write no objects, or other rows than came in. A
 * line in a format that is known shows that at the start, in a pipeline that is thrown away.
 */
static bool try_out(instance *in, char why[SENTENCE])
{
    static const char format[] = "---\nformats: [default]\n";
    flowenrich_pipeline *pipeline = NULL;
    buffer yaml = { 0 }, event = { 0 };
    flowenrich_error error;
    bool is_right;
    size_t len;
    void *out;

    buffer_append(&yaml, in->settings.yaml.data, in->settings.yaml.len);
    buffer_append(&yaml, format, sizeof format - 1);
    make_event(&event, in->settings.key);
    is_right = !yaml.failed && !event.failed;
    if (!is_right)
        fail_with(why, "out of memory");
    else if (flowenrich_pipeline_new(&pipeline, yaml.data, yaml.len, NULL, &error) !=
                 FLOWENRICH_OK ||
             chunk_run(&in->chunk, pipeline, event.data, event.len, &out, &len, &error) ==
                 CHUNK_FAILED)
        is_right = fail_at(why, in->settings.config, &error);
    else
        free(out);
    flowenrich_pipeline_free(pipeline);
    buffer_free(&yaml);
    buffer_free(&event);
    return is_right;
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
    if (!settings_read(&in->settings, get, host, why)) {
        free(in);
        return NULL;
    }
    in->chunk.key = (flowenrich_text){ in->settings.key, strlen(in->settings.key) };
    in->chunk.keeps = in->settings.keeps;
    if (choose_encoder(in, why) && make_pipeline(in, why) && try_out(in, why) &&
        inventory_new(&in->inventory, &in->settings, in->hash_seed, why) && take_snapshot(in, why))
        return in;
    instance_free(in);
    return NULL;
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
