/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration document: whole, so that an error is found whoever reads it. */
#include "enrich/config.h"

#include "base/error.h"

#define VERSION 1

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

/* A section whose lines are all commented out is as good as absent. */
static const fle_yaml *section(const fle_yaml *root, const char *key)
{
    const fle_yaml *node = fle_yaml_get(root, key);

    return node && node->kind == FLE_YAML_SCALAR && !node->scalar.len ? NULL : node;
}

flowenrich_status fle_config_read(fle_config *out, const char *yaml, size_t len, fle_arena *arena,
                                  flowenrich_error *error)
{
    static const char *const sections[] = { "version", "networks", "listeners" };
    fle_yaml *root;
    flowenrich_status status = fle_yaml_read(&root, yaml, len, arena, error);

    if (status == FLOWENRICH_OK)
        status = fle_yaml_expect(root, FLE_YAML_MAPPING, "a configuration", error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(root, sections, sizeof sections / sizeof *sections, error);
    if (status == FLOWENRICH_OK)
        status = check_version(root, error);
    if (status == FLOWENRICH_OK)
        status = fle_networks_read(&out->networks, section(root, "networks"), arena, error);
    if (status == FLOWENRICH_OK)
        status = fle_listeners_read(&out->listeners, section(root, "listeners"), arena, error);
    return status;
}
