/* SPDX-License-Identifier: Apache-2.0 */
/* What enrichment takes from a configuration. */
#include "enrich/config.h"

#include "record/configuration.h"

flowenrich_status fle_config_read(fle_config *out, const char *yaml, size_t len, fle_arena *arena,
                                  flowenrich_error *error)
{
    fle_yaml *root;
    flowenrich_status status = fle_configuration_read(&root, yaml, len, arena, error);

    if (status == FLOWENRICH_OK)
        status = fle_networks_read(&out->networks, fle_configuration_section(root, "networks"),
                                   arena, error);
    if (status == FLOWENRICH_OK)
        status = fle_listeners_read(&out->listeners, fle_configuration_section(root, "listeners"),
                                    arena, error);
    return status;
}
