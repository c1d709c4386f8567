/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows are wanted: the `filter:` of a configuration, or an expression. */
#include "record/filter.h"

#include <stdio.h>

#include "base/error.h"
#include "record/expression.h"
#include "record/list.h"

void fle_filter_init(fle_filter *filter, fle_arena *arena)
{
    memset(filter, 0, sizeof *filter);
    filter->arena = arena;
}

void fle_filter_free(fle_filter *filter)
{
    if (filter->decided)
        fle_free(filter->arena->allocator, filter->decided);
}

fle_term *fle_filter_term(fle_filter *filter, fle_term_kind kind, flowenrich_text path)
{
    fle_term *term = fle_arena_alloc(filter->arena, sizeof *term);

    if (!term)
        return NULL;
    memset(term, 0, sizeof *term);
    term->kind = kind;
    if (path.len == 0)
        return term;
    term->path = path;
    if (filter->last_test)
        filter->last_test->next_test = term;
    else
        filter->tests = term;
    filter->last_test = term;
    return term;
}

fle_term *fle_filter_not(fle_filter *filter, fle_term *term)
{
    fle_term *not = fle_filter_term(filter, FLE_TERM_NOT, fle_text(NULL, 0));

    if (not )
        not ->child = term;
    return not ;
}

void fle_filter_add(fle_filter *filter, fle_term *term)
{
    fle_term **at = &filter->terms;

    while (*at)
        at = &(*at)->next;
    *at = term;
}

fle_wanted *fle_filter_want(fle_filter *filter, fle_term *test, flowenrich_text value)
{
    fle_wanted *wanted = fle_arena_alloc(filter->arena, sizeof *wanted);

    if (!wanted)
        return NULL;
    fle_wanted_read(wanted, test->path, value);
    if (test->last)
        test->last->next = wanted;
    else
        test->wanted = wanted;
    test->last = wanted;
    return wanted;
}

/* ---- What can be meant ---- */

bool fle_filter_is_path(flowenrich_text path, char message[FLE_FILTER_MESSAGE])
{
    const int len = FLE_YAML_QUOTE(path);
    const uint32_t type = fle_path_type(path);
    char nearest[FLE_PATH_TEXT];

    if (path.len == 0)
        snprintf(message, FLE_FILTER_MESSAGE, "a path is missing");
    else if (type == FLOWENRICH_TYPE_MAP)
        snprintf(message, FLE_FILTER_MESSAGE, "'%.*s' are many: name one, such as %.*s.app", len,
                 path.data, len, path.data);
    else if (type == 0 && fle_path_nearest(path, nearest))
        snprintf(message, FLE_FILTER_MESSAGE, "there is no path '%.*s': did you mean '%s'?", len,
                 path.data, nearest);
    else
        return true; /* what is unknown may be a field that AWS has added since */
    return false;
}

bool fle_filter_is_value(flowenrich_text path, const fle_wanted *wanted,
                         char message[FLE_FILTER_MESSAGE])
{
    const uint32_t item = fle_path_item(path);
    const char *needed = fle_wanted_mismatch(item ? item : fle_path_type(path), wanted);

    if (needed)
        snprintf(message, FLE_FILTER_MESSAGE, "%.*s is %s, not '%.*s'", FLE_YAML_QUOTE(path),
                 path.data, needed, FLE_YAML_QUOTE(wanted->text), wanted->text.data);
    return !needed;
}

flowenrich_status fle_filter_check_path(const fle_yaml *node, flowenrich_text path,
                                        flowenrich_error *error)
{
    char message[FLE_FILTER_MESSAGE];

    /* Of many, all may be wanted. */
    if (fle_path_type(path) == FLOWENRICH_TYPE_MAP || fle_filter_is_path(path, message))
        return FLOWENRICH_OK;
    return fle_yaml_error(node, error, "%s", message);
}

/* ---- Reading a configuration ---- */

static flowenrich_status add_value(fle_filter *filter, fle_term *test, const fle_yaml *node,
                                   flowenrich_error *error)
{
    const flowenrich_status status =
        fle_yaml_expect(node, FLE_YAML_SCALAR, "a value to compare with", error);
    char message[FLE_FILTER_MESSAGE];
    const fle_wanted *wanted;

    if (status != FLOWENRICH_OK)
        return status;
    wanted = fle_filter_want(filter, test, node->scalar);
    if (!wanted)
        return fle_error_nomem(error);
    return fle_filter_is_value(test->path, wanted, message)
               ? FLOWENRICH_OK
               : fle_yaml_error(node, error, "%s", message);
}

/* Read "value", or "[value, value]". */
static flowenrich_status read_values(fle_filter *filter, fle_term *test, const fle_yaml *node,
                                     flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (node->kind != FLE_YAML_SEQUENCE)
        return add_value(filter, test, node, error);
    if (!node->child)
        return fle_yaml_error(node, error, "the list of values is empty");
    for (const fle_yaml *item = node->child; status == FLOWENRICH_OK && item; item = item->next)
        status = add_value(filter, test, item, error);
    return status;
}

/* What the values are below: the path, or its "not". */
static flowenrich_status find_values(const fle_yaml **out, const fle_yaml *entry,
                                     flowenrich_error *error)
{
    static const char *const keys[] = { "not" };
    flowenrich_status status = FLOWENRICH_OK;

    *out = entry;
    if (entry->kind == FLE_YAML_MAPPING) {
        status = fle_yaml_keys(entry, keys, 1, error);
        *out = fle_yaml_get(entry, "not");
    }
    if (status == FLOWENRICH_OK && !*out)
        status = fle_yaml_error(entry, error, "not is missing");
    return status;
}

/* Read "path: VALUES", or "path: {not: VALUES}". */
static flowenrich_status read_condition(fle_filter *filter, const fle_yaml *entry,
                                        flowenrich_error *error)
{
    const bool is_not = entry->kind == FLE_YAML_MAPPING;
    char message[FLE_FILTER_MESSAGE];
    const fle_yaml *values;
    flowenrich_status status;
    fle_term *test, *top;

    if (!fle_filter_is_path(entry->key->scalar, message))
        return fle_yaml_error(entry->key, error, "%s", message);
    status = find_values(&values, entry, error);
    if (status != FLOWENRICH_OK)
        return status;
    top = test = fle_filter_term(filter, FLE_TERM_VALUE, entry->key->scalar);
    if (test && is_not)
        top = fle_filter_not(filter, test);
    if (!top)
        return fle_error_nomem(error);
    fle_filter_add(filter, top);
    return read_values(filter, test, values, error);
}

static flowenrich_status read_expression(fle_filter *filter, const fle_yaml *node,
                                         flowenrich_error *error)
{
    flowenrich_error wrong = { 0 };
    const flowenrich_status status = fle_expression_read(filter, node->scalar, &wrong);

    if (status != FLOWENRICH_ERR_SYNTAX)
        return status == FLOWENRICH_OK ? status : fle_error_nomem(error);
    return fle_error_at(error, status, node->line, node->column, wrong.offset,
                        "expression, line %u, column %u: %s", (unsigned)wrong.line,
                        (unsigned)wrong.column, wrong.message);
}

static flowenrich_status read_part(fle_filter *filter, const fle_yaml *node,
                                   flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (node->kind == FLE_YAML_SCALAR)
        return read_expression(filter, node, error);
    status = fle_yaml_expect(node, FLE_YAML_MAPPING, "filter", error);
    for (const fle_yaml *entry = node->child; status == FLOWENRICH_OK && entry; entry = entry->next)
        status = read_condition(filter, entry, error);
    return status;
}

flowenrich_status fle_filter_read(fle_filter *filter, const fle_yaml *node, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (!node || node->kind != FLE_YAML_SEQUENCE)
        return node ? read_part(filter, node, error) : status;
    for (const fle_yaml *at = node->child; status == FLOWENRICH_OK && at; at = at->next)
        status = read_part(filter, at, error);
    return status;
}

/* ---- Using it ---- */

const char *fle_filter_path(const fle_filter *filter, size_t i)
{
    for (const fle_term *term = filter->tests; term; term = term->next_test) {
        if (i-- == 0)
            return term->path.data;
        if (term->kind == FLE_TERM_PATH && i-- == 0)
            return term->other.data;
    }
    return NULL;
}

bool fle_filter_reads(const fle_filter *filter, flowenrich_text path)
{
    const char *read;

    for (size_t i = 0; (read = fle_filter_path(filter, i)) != NULL; i++)
        if (fle_text_is(path, read))
            return true;
    return false;
}

flowenrich_status fle_filter_open(fle_filter *filter, const flowenrich_batch *batch,
                                  flowenrich_error *error)
{
    uint8_t *at;
    size_t n = 0;

    for (fle_term *term = filter->tests; term; term = term->next_test) {
        fle_term_open(term, batch);
        n += term->codes;
    }
    if (n > 0) {
        at = fle_grow(filter->arena->allocator, filter->decided, &filter->decided_capacity, n, 1);
        if (!at)
            return fle_error_nomem(error);
        filter->decided = at;
        memset(at, 0, n);
        for (fle_term *term = filter->tests; term; at += term->codes, term = term->next_test)
            term->decided = at;
    }
    return fle_error_ok(error);
}

uint64_t fle_filter_rows(const fle_filter *filter, const flowenrich_batch *batch, size_t first)
{
    const size_t n = batch->rows - first;
    uint64_t rows = n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;

    for (const fle_term *term = filter->terms; term && rows; term = term->next)
        rows = fle_term_rows(term, batch, first, rows);
    return rows;
}

flowenrich_status fle_filter_apply(fle_filter *filter, flowenrich_batch *batch, uint8_t *keep,
                                   flowenrich_error *error)
{
    flowenrich_status status;

    if (!filter->terms)
        return FLOWENRICH_OK;
    status = fle_filter_open(filter, batch, error);
    if (status != FLOWENRICH_OK)
        return status;
    for (size_t first = 0; first < batch->rows; first += 64) {
        const uint64_t rows = fle_filter_rows(filter, batch, first);

        for (size_t i = 0; i < 8 && first / 8 + i <= batch->rows / 8; i++)
            keep[first / 8 + i] = (uint8_t)(rows >> 8 * i);
    }
    return flowenrich_batch_keep(batch, keep, error);
}
