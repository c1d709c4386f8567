/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a table of kinds. */
#include "catalog/kinds.h"

#include <string.h>

#include "base/error.h"
#include "base/yaml.h"

#define N(array) (sizeof(array) / sizeof *(array))

typedef struct reader {
    fle_arena *arena;
    flowenrich_error *error;
} reader;

/* Length of the "{name}" a text begins with; 0 if it isn't one. */
static size_t name_length(flowenrich_text text)
{
    const char *brace =
        text.len > 0 && text.data[0] == '{' ? memchr(text.data, '}', text.len) : NULL;

    return brace && brace > text.data + 1 ? (size_t)(brace - text.data) + 1 : 0;
}

/* Braces close, captures don't touch, an asterisk is last. An ARN has no asterisk. */
static flowenrich_status check_pattern(const reader *r, const fle_yaml *node, flowenrich_text text,
                                       bool is_arn)
{
    size_t n_names = 0, end = SIZE_MAX;

    for (size_t i = 0; i < text.len; i++) {
        const flowenrich_text rest = fle_text(text.data + i, text.len - i);
        const size_t len = name_length(rest);

        if (text.data[i] == '*' && !is_arn && i + 1 < text.len)
            return fle_yaml_error(node, r->error, "'*' may only end a pattern");
        if (text.data[i] != '{' && text.data[i] != '}')
            continue;
        if (len == 0)
            return fle_yaml_error(node, r->error, "'{' and '}' must hold a name");
        if (end == i && !is_arn)
            return fle_yaml_error(node, r->error, "two names must have something between them");
        if (++n_names > FLE_VARIABLES / 2)
            return fle_yaml_error(node, r->error, "too many names: %d are the most",
                                  FLE_VARIABLES / 2);
        i += len - 1;
        end = i + 1;
    }
    return FLOWENRICH_OK;
}

static flowenrich_status read_texts(const reader *r, const fle_yaml *mapping, const char *key,
                                    bool patterns, fle_texts *out)
{
    const fle_yaml *list = fle_yaml_get(mapping, key);
    flowenrich_status status;
    flowenrich_text *items;

    if (!list)
        return FLOWENRICH_OK;
    status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, key, r->error);
    if (status)
        return status;
    items = fle_arena_alloc(r->arena, fle_yaml_count(list) * sizeof *items);
    if (!items)
        return fle_error_nomem(r->error);
    out->items = items;
    for (const fle_yaml *node = list->child; node && !status; node = node->next) {
        status = fle_yaml_expect(node, FLE_YAML_SCALAR, key, r->error);
        if (!status && patterns)
            status = check_pattern(r, node, node->scalar, false);
        items[out->n++] = node->scalar;
    }
    return status;
}

static flowenrich_status read_bool(const reader *r, const fle_yaml *mapping, const char *key,
                                   bool *out)
{
    flowenrich_text text = FLE_TEXT("false");
    const flowenrich_status status = fle_yaml_text(mapping, key, false, &text, r->error);

    *out = fle_text_is(text, "true");
    if (!status && !*out && !fle_text_is(text, "false"))
        return fle_yaml_error(fle_yaml_get(mapping, key), r->error, "%s must be true or false",
                              key);
    return status;
}

static bool captures(fle_texts patterns, flowenrich_text name)
{
    for (size_t i = 0; i < patterns.n; i++) {
        const flowenrich_text pattern = patterns.items[i];

        for (size_t at = 0; at + name.len <= pattern.len; at++)
            if (memcmp(pattern.data + at, name.data, name.len) == 0)
                return true;
    }
    return false;
}

/* A name nobody fills in would quietly mean that no interface has an ARN. */
static flowenrich_status check_arn(const reader *r, const fle_yaml *mapping, const fle_kind *kind)
{
    static const char *const known[] = { "{partition}",   "{region}",      "{account}",
                                         "{instance}",    "{nat-gateway}", "{vpc-endpoint}",
                                         "{interface-id}" };
    const fle_yaml *node = fle_yaml_get(mapping, "arn");
    flowenrich_status status;

    if (!node)
        return FLOWENRICH_OK;
    status = check_pattern(r, node, kind->arn, true);
    for (size_t i = 0; i < kind->arn.len && !status; i++) {
        const flowenrich_text rest = fle_text(kind->arn.data + i, kind->arn.len - i);
        const flowenrich_text name = fle_text(rest.data, name_length(rest));
        bool found = name.len == 0 || captures(kind->descriptions, name);

        for (size_t k = 0; k < N(known) && !found; k++)
            found = fle_text_is(name, known[k]);
        if (!found)
            status = fle_yaml_error(node, r->error, "no description of this kind has %.*s",
                                    (int)(name.len < 40 ? name.len : 40), name.data);
    }
    return status;
}

static flowenrich_status read_kind(const reader *r, const fle_yaml *node, fle_kind *kind)
{
    static const char *const keys[] = {
        "type",         "path",       "forwards", "resource",
        "descriptions", "requesters", "arn",      "interface-types"
    };
    flowenrich_status status = fle_yaml_expect(node, FLE_YAML_MAPPING, "a kind", r->error);

    memset(kind, 0, sizeof *kind);
    if (!status)
        status = fle_yaml_keys(node, keys, N(keys), r->error);
    if (!status)
        status = fle_yaml_text(node, "type", true, &kind->type, r->error);
    if (!status)
        status = fle_yaml_text(node, "path", false, &kind->path, r->error);
    if (!status)
        status = read_bool(r, node, "forwards", &kind->forwards);
    if (!status)
        status = fle_yaml_text(node, "resource", false, &kind->resource, r->error);
    if (!status)
        status = read_texts(r, node, "interface-types", false, &kind->interface_types);
    if (!status)
        status = read_texts(r, node, "descriptions", true, &kind->descriptions);
    if (!status)
        status = read_texts(r, node, "requesters", true, &kind->requesters);
    if (!status)
        status = fle_yaml_text(node, "arn", false, &kind->arn, r->error);
    return status ? status : check_arn(r, node, kind);
}

static flowenrich_status read_root(const reader *r, const fle_yaml *root, fle_kinds *out)
{
    static const char *const keys[] = { "version", "user-types", "kinds" };
    const fle_yaml *list = fle_yaml_get(root, "kinds");
    flowenrich_status status =
        fle_yaml_expect(root, FLE_YAML_MAPPING, "a table of kinds", r->error);
    uint32_t version = 1;
    fle_kind *kinds;

    if (!status)
        status = fle_yaml_keys(root, keys, N(keys), r->error);
    if (!status)
        status = fle_yaml_u32(root, "version", false, 1, &version, r->error);
    if (!status)
        status = read_texts(r, root, "user-types", false, &out->user_types);
    if (!status && !list)
        status = fle_yaml_error(root, r->error, "kinds is missing");
    if (!status)
        status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, "kinds", r->error);
    if (status)
        return status;
    kinds = fle_arena_alloc(r->arena, fle_yaml_count(list) * sizeof *kinds);
    if (!kinds)
        return fle_error_nomem(r->error);
    out->items = kinds;
    for (const fle_yaml *node = list->child; node && !status; node = node->next)
        status = read_kind(r, node, &kinds[out->n++]);
    return status;
}

flowenrich_status fle_kinds_read(fle_kinds *out, const char *yaml, size_t len, fle_arena *arena,
                                 flowenrich_error *error)
{
    const reader r = { arena, error };
    fle_yaml *root;
    flowenrich_status status = fle_yaml_read(&root, yaml, len, arena, error);

    memset(out, 0, sizeof *out);
    return status ? status : read_root(&r, root, out);
}
