/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a configuration: its readers agree on it, and what they take can be used. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "enrich/config.h"
#include "flowenrich.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Every network that was read finds itself, or one that is as specific. */
static void must_find_networks(const char *yaml, size_t len)
{
    fle_allocator allocator;
    fle_arena arena;
    fle_config config;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    must(fle_config_read(&config, yaml, len, &arena, NULL) == FLOWENRICH_OK);
    for (size_t i = 0; i < config.networks.n; i++) {
        const fle_network *network = &config.networks.items[i];
        const fle_network *found =
            fle_networks_find(&config.networks, &network->cidr.base, network->vpc);

        must(found && found->cidr.bits >= network->cidr.bits);
    }
    for (size_t i = 0; i < config.listeners.n; i++) {
        const fle_listener *listener = &config.listeners.items[i];

        must(fle_listeners_find(&config.listeners, listener->protocol, listener->port,
                                listener->type, &listener->cidr.base));
    }
    fle_arena_free(&arena);
}

/* What a pipeline is made of is right for its stages, and runs. */
static void must_make_pipelines(const char *yaml, size_t len, flowenrich_status of_stages)
{
    static const char line[] = "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK";
    flowenrich_pipeline *pipeline;
    flowenrich_error error;
    int32_t done = 0;
    size_t used;
    const flowenrich_status status = flowenrich_pipeline_new(&pipeline, yaml, len, NULL, &error);

    must(error.status == status && (pipeline != NULL) == (status == FLOWENRICH_OK));
    if (!pipeline)
        return;
    must(of_stages == FLOWENRICH_OK);
    must(flowenrich_pipeline_feed(pipeline, line, sizeof line - 1, &used, NULL) == FLOWENRICH_OK);
    while (!done)
        must(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, NULL) ==
             FLOWENRICH_OK);
    flowenrich_pipeline_free(pipeline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *yaml = size ? (const char *)data : "";
    flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_enricher *enricher;
    flowenrich_resolver networks;
    flowenrich_error error;
    flowenrich_status status;

    options.config = yaml;
    options.config_len = size;
    status = flowenrich_enricher_new(&enricher, &options, &error);
    must(error.status == status && !error.message[0] == (status == FLOWENRICH_OK));
    must(flowenrich_resolver_networks(&networks, yaml, size, NULL, NULL) == status);
    if (status == FLOWENRICH_OK) {
        must_find_networks(yaml, size);
        must(flowenrich_enricher_add_resolver(enricher, &networks, NULL) == FLOWENRICH_OK);
    }
    flowenrich_enricher_free(enricher);
    must_make_pipelines(yaml, size, status);
    return 0;
}
