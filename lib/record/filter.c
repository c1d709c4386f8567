/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows are wanted: the `filter:` of a configuration. */
#include "record/filter.h"

#include "base/date.h"
#include "base/error.h"
#include "record/protocol.h"

flowenrich_status fle_filter_check_path(const fle_yaml *node, flowenrich_text path,
                                        flowenrich_error *error)
{
    char nearest[FLE_PATH_TEXT];

    if (path.len == 0)
        return fle_yaml_error(node, error, "a path is missing");
    if (fle_path_type(path) == 0 && fle_path_nearest(path, nearest))
        return fle_yaml_error(node, error, "there is no path '%.*s': did you mean '%s'?",
                              FLE_YAML_QUOTE(path), path.data, nearest);
    return FLOWENRICH_OK; /* the rest may be fields that AWS has added since */
}

static void read_value(fle_wanted *out, flowenrich_text path, flowenrich_text text)
{
    memset(out, 0, sizeof *out);
    out->text = text;
    out->is_number = fle_text_u64(text, &out->number);
    out->is_address = fle_address_parse(text.data, text.len, &out->address);
    out->is_time = fle_date_parse(text.data, text.len, &out->time);
    if (out->is_number && out->number <= INT64_MAX) {
        out->is_time = true;
        out->time = (flowenrich_time)out->number;
    }
    if (fle_text_is(path, "protocol")) {
        const uint32_t protocol = fle_protocol_find(text);

        out->is_number = protocol != UINT32_MAX;
        out->number = protocol;
    }
}

static bool is_bool(flowenrich_text text)
{
    return fle_text_is(text, "true") || fle_text_is(text, "false");
}

/* What a value of this type must be; NULL if this one can be one. */
static const char *mismatch(uint32_t type, const fle_wanted *value)
{
    if (value->text.len == 0)
        return NULL;
    switch (type) {
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        return value->is_number ? NULL : "a whole number";
    case FLOWENRICH_TYPE_TIME:
        return value->is_time ? NULL
                              : "a time like 2026-11-20T09:00:00Z, or its seconds since 1970";
    case FLOWENRICH_TYPE_ADDRESS:
        return value->is_address ? NULL : "an address";
    case FLOWENRICH_TYPE_BOOL:
        return is_bool(value->text) ? NULL : "true or false";
    default:
        return NULL;
    }
}

static flowenrich_status add_value(fle_condition *condition, const fle_yaml *node,
                                   flowenrich_error *error)
{
    const uint32_t item = fle_path_item(condition->path);
    const uint32_t type = item != 0 ? item : fle_path_type(condition->path);
    fle_wanted *value = &condition->values[condition->n++];
    const flowenrich_status status =
        fle_yaml_expect(node, FLE_YAML_SCALAR, "a value to compare with", error);
    const char *needed;

    if (status != FLOWENRICH_OK)
        return status;
    read_value(value, condition->path, node->scalar);
    needed = mismatch(type, value);
    if (!needed)
        return FLOWENRICH_OK;
    return fle_yaml_error(node, error, "%.*s is %s, not '%.*s'", FLE_YAML_QUOTE(condition->path),
                          condition->path.data, needed, FLE_YAML_QUOTE(node->scalar),
                          node->scalar.data);
}

static flowenrich_status check_comparable(const fle_yaml *key, flowenrich_error *error)
{
    const flowenrich_text path = key->scalar;
    const uint32_t type = fle_path_type(path);

    if (type == FLOWENRICH_TYPE_MAP)
        return fle_yaml_error(key, error, "'%.*s' are many: name one, such as %.*s.app",
                              FLE_YAML_QUOTE(path), path.data, FLE_YAML_QUOTE(path), path.data);
    if (type == FLOWENRICH_TYPE_F64)
        return fle_yaml_error(key, error, "'%.*s' is a fraction: those aren't compared",
                              FLE_YAML_QUOTE(path), path.data);
    return fle_filter_check_path(key, path, error);
}

/* Read "value", or "[value, value]". */
static flowenrich_status read_values(fle_condition *out, const fle_yaml *node, fle_arena *arena,
                                     flowenrich_error *error)
{
    const bool is_list = node->kind == FLE_YAML_SEQUENCE;
    const fle_yaml *first = is_list ? node->child : node;
    flowenrich_status status = FLOWENRICH_OK;
    const size_t n = is_list ? fle_yaml_count(node) : 1;

    if (n == 0)
        return fle_yaml_error(node, error, "the list of values is empty");
    out->values = fle_arena_alloc(arena, n * sizeof *out->values);
    if (!out->values)
        return fle_error_nomem(error);
    for (const fle_yaml *item = first; status == FLOWENRICH_OK && out->n < n; item = item->next)
        status = add_value(out, item, error);
    return status;
}

/* Read "path: VALUES", or "path: {not: VALUES}". */
static flowenrich_status read_condition(fle_condition *out, const fle_yaml *entry, fle_arena *arena,
                                        flowenrich_error *error)
{
    static const char *const keys[] = { "not" };
    const fle_yaml *values = entry;
    flowenrich_status status = check_comparable(entry->key, error);

    memset(out, 0, sizeof *out);
    out->path = entry->key->scalar;
    out->is_not = entry->kind == FLE_YAML_MAPPING;
    if (status == FLOWENRICH_OK && out->is_not) {
        status = fle_yaml_keys(entry, keys, 1, error);
        values = fle_yaml_get(entry, "not");
    }
    if (status == FLOWENRICH_OK && !values)
        status = fle_yaml_error(entry, error, "not is missing");
    return status == FLOWENRICH_OK ? read_values(out, values, arena, error) : status;
}

static flowenrich_status read_mapping(fle_filter *out, const fle_yaml *mapping, fle_arena *arena,
                                      flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    for (const fle_yaml *entry = mapping->child; status == FLOWENRICH_OK && entry;
         entry = entry->next)
        status = read_condition(&out->conditions[out->n++], entry, arena, error);
    return status;
}

flowenrich_status fle_filter_read(fle_filter *out, const fle_yaml *node, fle_arena *arena,
                                  flowenrich_error *error)
{
    const bool is_list = node && node->kind == FLE_YAML_SEQUENCE;
    const fle_yaml *first = is_list ? node->child : node;
    flowenrich_status status = FLOWENRICH_OK;
    size_t n = 0;

    memset(out, 0, sizeof *out);
    for (const fle_yaml *at = first; at; at = is_list ? at->next : NULL) {
        status = fle_yaml_expect(at, FLE_YAML_MAPPING, "filter", error);
        if (status != FLOWENRICH_OK)
            return status;
        n += fle_yaml_count(at);
    }
    if (n == 0)
        return FLOWENRICH_OK;
    out->conditions = fle_arena_alloc(arena, n * sizeof *out->conditions);
    if (!out->conditions)
        return fle_error_nomem(error);
    for (const fle_yaml *at = first; status == FLOWENRICH_OK && at; at = is_list ? at->next : NULL)
        status = read_mapping(out, at, arena, error);
    return status;
}

static bool has_text(fle_texts texts, flowenrich_text text)
{
    for (size_t i = 0; i < texts.n; i++)
        if (fle_text_equal(texts.items[i], text))
            return true;
    return false;
}

static bool has_number(fle_numbers numbers, uint64_t number)
{
    for (size_t i = 0; i < numbers.n; i++)
        if (numbers.items[i] == number)
            return true;
    return false;
}

static bool is_equal(const fle_value *value, const fle_wanted *wanted)
{
    switch (value->type) {
    case 0:
        return wanted->text.len == 0;
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        return wanted->is_number && wanted->number == value->as.u64;
    case FLOWENRICH_TYPE_TIME:
        return wanted->is_time && wanted->time == value->as.time;
    case FLOWENRICH_TYPE_ADDRESS:
        return wanted->is_address && fle_address_compare(&wanted->address, value->as.address) == 0;
    case FLOWENRICH_TYPE_BOOL:
        return fle_text_is(wanted->text, value->as.u64 ? "true" : "false");
    case FLOWENRICH_TYPE_LIST:
        return has_text(value->as.texts, wanted->text);
    case FLE_NUMBERS:
        return wanted->is_number && has_number(value->as.numbers, wanted->number);
    case FLOWENRICH_TYPE_TEXT:
        return fle_text_equal(value->as.text, wanted->text);
    default:
        return false;
    }
}

static bool holds(const fle_condition *condition, const fle_value *value)
{
    for (size_t i = 0; i < condition->n; i++)
        if (is_equal(value, &condition->values[i]))
            return !condition->is_not;
    return condition->is_not;
}

void fle_filter_apply(const fle_filter *filter, flowenrich_batch *batch, uint8_t *keep)
{
    if (filter->n == 0)
        return;
    memset(keep, 0xff, batch->rows / 8 + 1);
    for (size_t i = 0; i < filter->n; i++) {
        const fle_condition *condition = &filter->conditions[i];
        fle_path path;

        (void)fle_path_open(&path, batch, condition->path);
        for (size_t row = 0; row < batch->rows; row++) {
            fle_value value;

            fle_path_get(&path, batch, row, &value);
            if (!holds(condition, &value))
                keep[row / 8] &= (uint8_t) ~(1U << row % 8);
        }
    }
    (void)flowenrich_batch_keep(batch, keep, NULL); /* fails only for NULL */
}
