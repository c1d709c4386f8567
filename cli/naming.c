/* SPDX-License-Identifier: Apache-2.0 */
/* An enricher made of what the command line gives: inventory, configuration, bounds. */
#include "naming.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "message.h"

static outcome add_networks(naming *out, const options *opt, const char *yaml, size_t len,
                            uint64_t seed)
{
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_resolver networks;
    flowenrich_error error;

    memset(&networks, 0, sizeof networks);
    networks.size = sizeof networks;
    settings.hash_seed = seed;
    if (flowenrich_resolver_networks(&networks, yaml, len, &settings, &error) != FLOWENRICH_OK)
        return failure_of(opt->config, &error);
    if (flowenrich_enricher_add_resolver(out->enricher, &networks, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

static outcome make_enricher(naming *out, const options *opt, const char *yaml, size_t len,
                             uint64_t seed)
{
    flowenrich_enricher_options settings = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_error error;

    settings.hash_seed = seed;
    settings.config = yaml;
    settings.config_len = len;
    settings.slack = opt->slack < INT32_MAX ? (int32_t)opt->slack : INT32_MAX;
    settings.strict = opt->strict;
    if (flowenrich_enricher_new(&out->enricher, &settings, &error) != FLOWENRICH_OK)
        return failure_of(opt->config, &error);
    if (flowenrich_enricher_set_snapshot(out->enricher, out->inventory.snapshot, &error) !=
        FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return yaml ? add_networks(out, opt, yaml, len, seed) : OUTCOME_DONE;
}

outcome naming_init(naming *out, const options *opt, uint64_t seed)
{
    char *yaml = NULL;
    size_t len = 0;
    outcome done;

    memset(out, 0, sizeof *out);
    if (opt->config && input_read_all(opt->config, &yaml, &len) != OUTCOME_DONE)
        return OUTCOME_FAILED;
    if (opt->inventory.n == 0)
        notice("no --inventory: only what the records and the configuration say is known");
    done = inventory_load(&out->inventory, opt, seed);
    if (done == OUTCOME_DONE)
        done = make_enricher(out, opt, yaml, len, seed);
    free(yaml);
    return done;
}

void naming_free(naming *of)
{
    flowenrich_enricher_free(of->enricher);
    inventory_free(&of->inventory);
}
