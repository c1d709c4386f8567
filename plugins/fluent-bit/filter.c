/* SPDX-License-Identifier: Apache-2.0 */
/* flb-filter_flowenrich.so: the filter as Fluent Bit 3.2 and later loads it. */
#include <stddef.h>

#include "instance.h"

/*
 * What Fluent Bit expects of a filter's library, declared here since its headers can't be compiled
 * outside of its own configured tree. It copies as many bytes as its own struct has, of which what
 * may be appended to it one day finds zeros here.
 */
struct filter_plugin {
    int event_type; /* bits: 1 is logs */
    int flags;
    const char *name, *description;
    void *options; /* NULL: they aren't checked by the host, and reach us as they were written */
    int (*before_run)(void *filter, void *config, void *data);
    int (*init)(void *filter, void *config, void *data);
    int (*run)(const void *chunk, size_t len, const char *tag, int tag_len, void **out,
               size_t *out_len, void *filter, void *input, void *context, void *config);
    int (*exit)(void *context, void *config);
    int (*notify)(void *filter, void *config, void *data);
    void *next, *previous;
    char appended[64];
};

#define EVENTS_LOGS 1
#define FILTER_MODIFIED 1
#define FILTER_UNTOUCHED 2

/* The host's. */
const char *flb_filter_get_property(const char *name, void *filter);
void flb_filter_set_context(void *filter, void *context);

static int init(void *filter, void *config, void *data)
{
    char why[SENTENCE];
    instance *in = instance_new(flb_filter_get_property, filter, why);
    (void)config;
    (void)data;

    if (!in) {
        say("%s", why);
        return -1;
    }
    flb_filter_set_context(filter, in);
    return 0;
}

static int run(const void *chunk, size_t len, const char *tag, int tag_len, void **out,
               size_t *out_len, void *filter, void *input, void *context, void *config)
{
    (void)tag;
    (void)tag_len;
    (void)filter;
    (void)input;
    (void)config;
    return instance_run(context, chunk, len, out, out_len) ? FILTER_MODIFIED : FILTER_UNTOUCHED;
}

/* Also called where init failed. */
static int leave(void *context, void *config)
{
    (void)config;
    instance_free(context);
    return 0;
}

/* Fluent Bit knows it by this name, which follows from the file's. */
extern __attribute__((visibility("default"))) struct filter_plugin filter_flowenrich_plugin;

struct filter_plugin filter_flowenrich_plugin = {
    .event_type = EVENTS_LOGS,
    .name = "flowenrich",
    .description = "Names both ends of the records of AWS flow logs",
    .init = init,
    .run = run,
    .exit = leave,
};
