/* SPDX-License-Identifier: Apache-2.0 */
/* The library's version, and the names of what its calls return. */
#include "flowenrich.h"

#define DOTTED(major, minor, patch) #major "." #minor "." #patch
#define EXPANDED(...) DOTTED(__VA_ARGS__)

const char *flowenrich_version(void)
{
    return EXPANDED(FLOWENRICH_VERSION_MAJOR, FLOWENRICH_VERSION_MINOR, FLOWENRICH_VERSION_PATCH);
}

const char *flowenrich_status_name(int32_t status)
{
    switch (status) {
    case FLOWENRICH_OK:
        return "OK";
    case FLOWENRICH_ERR_ARG:
        return "ERR_ARG";
    case FLOWENRICH_ERR_NOMEM:
        return "ERR_NOMEM";
    case FLOWENRICH_ERR_SYNTAX:
        return "ERR_SYNTAX";
    case FLOWENRICH_ERR_LIMIT:
        return "ERR_LIMIT";
    case FLOWENRICH_ERR_RESOLVER:
        return "ERR_RESOLVER";
    case FLOWENRICH_ERR_UNSUPPORTED:
        return "ERR_UNSUPPORTED";
    case FLOWENRICH_ERR_CORRUPT:
        return "ERR_CORRUPT";
    default:
        return "unknown";
    }
}
