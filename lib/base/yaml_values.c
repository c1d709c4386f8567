/* SPDX-License-Identifier: Apache-2.0 */
/* What a YAML document holds: values found by key, and of the right kind. */
#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "base/yaml.h"

const fle_yaml *fle_yaml_get(const fle_yaml *mapping, const char *key)
{
    if (mapping->kind != FLE_YAML_MAPPING)
        return NULL;
    for (const fle_yaml *entry = mapping->child; entry != NULL; entry = entry->next)
        if (fle_text_is(entry->key->scalar, key))
            return entry;
    return NULL;
}

size_t fle_yaml_count(const fle_yaml *node)
{
    size_t n = 0;

    for (const fle_yaml *child = node->child; child != NULL; child = child->next)
        n++;
    return n;
}

flowenrich_status fle_yaml_error(const fle_yaml *node, flowenrich_error *error, const char *format,
                                 ...)
{
    char message[sizeof error->message];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fle_error_at(error, FLOWENRICH_ERR_SYNTAX, node->line, node->column, 0, "%s", message);
}

static bool is_among(flowenrich_text text, const char *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_is(text, known[i]))
            return true;
    return false;
}

flowenrich_status fle_yaml_keys(const fle_yaml *mapping, const char *const *known, size_t n,
                                flowenrich_error *error)
{
    for (const fle_yaml *entry = mapping->child; entry != NULL; entry = entry->next) {
        const flowenrich_text key = entry->key->scalar;
        const char *nearest;

        if (is_among(key, known, n))
            continue;
        nearest = fle_nearest(key.data, key.len, known, n);
        if (nearest == NULL)
            return fle_yaml_error(entry->key, error, "unknown key '%.*s'", FLE_YAML_QUOTE(key),
                                  key.data);
        return fle_yaml_error(entry->key, error, "unknown key '%.*s': did you mean '%s'?",
                              FLE_YAML_QUOTE(key), key.data, nearest);
    }
    return FLOWENRICH_OK;
}

flowenrich_status fle_yaml_expect(const fle_yaml *node, fle_yaml_kind kind, const char *what,
                                  flowenrich_error *error)
{
    static const char *const names[] = {
        [FLE_YAML_SCALAR] = "a single value",
        [FLE_YAML_SEQUENCE] = "a list",
        [FLE_YAML_MAPPING] = "a mapping (key: value)",
    };

    if (node->kind == kind)
        return FLOWENRICH_OK;
    return fle_yaml_error(node, error, "%s must be %s", what, names[kind]);
}

/* Find a scalar; '*node' is NULL if it is optional, and missing or empty. */
static flowenrich_status get_scalar(const fle_yaml *mapping, const char *key, bool required,
                                    const fle_yaml **node, flowenrich_error *error)
{
    *node = fle_yaml_get(mapping, key);
    if (*node == NULL)
        return required ? fle_yaml_error(mapping, error, "%s is missing", key) : FLOWENRICH_OK;
    if ((*node)->kind == FLE_YAML_SCALAR && (*node)->scalar.len == 0) {
        const fle_yaml *empty = *node;

        *node = NULL;
        return required ? fle_yaml_error(empty, error, "%s is empty", key) : FLOWENRICH_OK;
    }
    return fle_yaml_expect(*node, FLE_YAML_SCALAR, key, error);
}

flowenrich_status fle_yaml_text(const fle_yaml *mapping, const char *key, bool required,
                                flowenrich_text *out, flowenrich_error *error)
{
    const fle_yaml *node;
    const flowenrich_status status = get_scalar(mapping, key, required, &node, error);

    if (status == FLOWENRICH_OK && node != NULL)
        *out = node->scalar;
    return status;
}

flowenrich_status fle_yaml_u32(const fle_yaml *mapping, const char *key, bool required,
                               uint32_t max, uint32_t *out, flowenrich_error *error)
{
    const fle_yaml *node;
    const flowenrich_status status = get_scalar(mapping, key, required, &node, error);
    uint64_t value;

    if (status != FLOWENRICH_OK || node == NULL)
        return status;
    if (!fle_text_u64(node->scalar, &value) || value > max)
        return fle_yaml_error(node, error, "%s must be a whole number from 0 to %lu, not '%.*s'",
                              key, (unsigned long)max, FLE_YAML_QUOTE(node->scalar),
                              node->scalar.data);
    *out = (uint32_t)value;
    return FLOWENRICH_OK;
}

flowenrich_status fle_yaml_bool(const fle_yaml *mapping, const char *key, bool *out,
                                flowenrich_error *error)
{
    const fle_yaml *node;
    const flowenrich_status status = get_scalar(mapping, key, false, &node, error);

    if (status != FLOWENRICH_OK || node == NULL)
        return status;
    *out = fle_text_is(node->scalar, "true");
    if (!*out && !fle_text_is(node->scalar, "false"))
        return fle_yaml_error(node, error, "%s must be true or false, not '%.*s'", key,
                              FLE_YAML_QUOTE(node->scalar), node->scalar.data);
    return FLOWENRICH_OK;
}

flowenrich_status fle_yaml_choice(const fle_yaml *mapping, const char *key,
                                  const char *const *names, size_t n, size_t *out,
                                  flowenrich_error *error)
{
    const fle_yaml *node;
    const flowenrich_status status = get_scalar(mapping, key, false, &node, error);
    char list[128] = "";

    if (status != FLOWENRICH_OK || node == NULL)
        return status;
    for (size_t i = 0; i < n; i++) {
        const size_t len = strlen(list);

        if (fle_text_is(node->scalar, names[i])) {
            *out = i;
            return FLOWENRICH_OK;
        }
        snprintf(list + len, sizeof list - len, "%s%s",
                 i == 0      ? ""
                 : i + 1 < n ? ", "
                             : " or ",
                 names[i]);
    }
    return fle_yaml_error(node, error, "%s must be %s, not '%.*s'", key, list,
                          FLE_YAML_QUOTE(node->scalar), node->scalar.data);
}

flowenrich_status fle_yaml_cidr(const fle_yaml *mapping, const char *key, bool required,
                                fle_cidr *out, flowenrich_error *error)
{
    const fle_yaml *node;
    const flowenrich_status status = get_scalar(mapping, key, required, &node, error);

    if (status != FLOWENRICH_OK || node == NULL)
        return status;
    if (!fle_cidr_parse(node->scalar.data, node->scalar.len, out))
        return fle_yaml_error(node, error,
                              "%s must be an address or a CIDR like 10.0.0.0/8, not '%.*s'", key,
                              FLE_YAML_QUOTE(node->scalar), node->scalar.data);
    return FLOWENRICH_OK;
}
