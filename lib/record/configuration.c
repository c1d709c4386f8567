/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration document: its sections, whoever reads which. */
#include "record/configuration.h"

#define VERSION 1

/* Those of a pipeline; docs/pipeline.md tells what is in them. */
static const char *const sections[] = {
    "version", "formats", "input",       "level", "enrich",  "networks", "listeners", "slack",
    "strict",  "assume",  "event_slack", "hold",  "pair",    "charge",   "rates",     "since",
    "until",   "filter",  "fields",      "reads", "encoder", "limits",   "aggregate", "sources",
};

static flowenrich_status check_version(const fle_yaml *root, flowenrich_error *error)
{
    uint32_t version = VERSION;
    const flowenrich_status status =
        fle_yaml_u32(root, "version", false, UINT32_MAX, &version, error);

    if (status == FLOWENRICH_OK && version != VERSION)
        return fle_yaml_error(fle_yaml_get(root, "version"), error,
                              "version %lu isn't known: this library reads version %d",
                              (unsigned long)version, VERSION);
    return status;
}

flowenrich_status fle_configuration_read(fle_yaml **out, const char *yaml, size_t len,
                                         fle_arena *arena, flowenrich_error *error)
{
    flowenrich_status status = fle_yaml_read(out, yaml, len, arena, error);

    if (status == FLOWENRICH_OK)
        status = fle_yaml_expect(*out, FLE_YAML_MAPPING, "a configuration", error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(*out, sections, sizeof sections / sizeof *sections, error);
    if (status == FLOWENRICH_OK)
        status = check_version(*out, error);
    return status;
}

const fle_yaml *fle_configuration_section(const fle_yaml *configuration, const char *name)
{
    const fle_yaml *node = fle_yaml_get(configuration, name);

    return node && node->kind == FLE_YAML_SCALAR && !node->scalar.len ? NULL : node;
}
