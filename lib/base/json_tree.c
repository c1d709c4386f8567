/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON value as a read-only tree in an arena.
 *
 * Not jansson: when memory runs out within a long string, its scanner drops bytes
 * and then asserts, or reads past the end; and its memory isn't our allocator's.
 */
#include "base/json_tree.h"

#include "base/error.h"
#include "base/json_scan.h"

typedef struct reader {
    fle_json_scan scan;
    fle_arena *arena;
    fle_json *stack; /* items of all open arrays and objects */
    size_t n, capacity;
    bool no_memory;
} reader;

static bool fail_memory(reader *r)
{
    r->no_memory = true;
    return false;
}

/* Most strings have no escape: those stay where they are. */
static bool unescape(reader *r, flowenrich_text raw, flowenrich_text *out)
{
    char *copy;
    size_t len;

    *out = raw;
    if (raw.len == 0 || !memchr(raw.data, '\\', raw.len))
        return true;
    copy = fle_arena_alloc(r->arena, raw.len);
    if (!copy)
        return fail_memory(r);
    if (!fle_json_scan_unescape(raw, copy, &len)) {
        r->scan.at = raw.data + len;
        r->scan.expected = "an escape that JSON has";
        return false;
    }
    *out = fle_text(copy, len);
    return true;
}

static fle_json_kind kind_of(char first)
{
    switch (first) {
    case '{':
        return FLE_JSON_OBJECT;
    case '[':
        return FLE_JSON_ARRAY;
    case '"':
        return FLE_JSON_STRING;
    case 't':
    case 'f':
        return FLE_JSON_BOOLEAN;
    case 'n':
        return FLE_JSON_NULL;
    default:
        return FLE_JSON_NUMBER;
    }
}

static bool push(reader *r, const fle_json *item)
{
    fle_json *stack =
        fle_grow(r->arena->allocator, r->stack, &r->capacity, r->n + 1, sizeof *stack);

    if (!stack)
        return fail_memory(r);
    r->stack = stack;
    stack[r->n++] = *item;
    return true;
}

/* What was pushed since 'base' becomes the value's items. */
static bool close_items(reader *r, size_t base, fle_json *value)
{
    const size_t n = r->n - base;
    fle_json *items = NULL;

    if (n > 0) {
        items = fle_arena_alloc(r->arena, n * sizeof *items);
        if (!items)
            return fail_memory(r);
        memcpy(items, r->stack + base, n * sizeof *items);
    }
    value->items = items;
    value->n = n;
    r->n = base;
    return true;
}

static bool read_value(reader *r, fle_json *value, unsigned depth);

static bool read_items(reader *r, fle_json *value, unsigned depth)
{
    const bool is_object = value->kind == FLE_JSON_OBJECT;
    const size_t base = r->n;
    bool first = true, more;

    if (depth == FLE_JSON_DEPTH) {
        r->scan.expected = "at most 64 brackets in brackets";
        return false;
    }
    r->scan.at++;
    while (fle_json_scan_element(&r->scan, is_object ? '}' : ']', &first, &more)) {
        fle_json item = { FLE_JSON_NULL, { NULL, 0 }, { NULL, 0 }, NULL, 0 };
        flowenrich_text key;

        if (!more)
            return close_items(r, base, value);
        if (is_object && (!fle_json_scan_key(&r->scan, &key) || !unescape(r, key, &item.key)))
            return false;
        if (!read_value(r, &item, depth + 1) || !push(r, &item))
            return false;
    }
    return false;
}

static bool read_value(reader *r, fle_json *value, unsigned depth)
{
    flowenrich_text raw;

    fle_json_scan_space(&r->scan);
    value->kind = kind_of(fle_json_scan_peek(&r->scan));
    switch (value->kind) {
    case FLE_JSON_OBJECT:
    case FLE_JSON_ARRAY:
        return read_items(r, value, depth);
    case FLE_JSON_STRING:
        return fle_json_scan_string(&r->scan, &raw) && unescape(r, raw, &value->text);
    default:
        return fle_json_scan_value(&r->scan, &value->text);
    }
}

/* Past blanks, and a mark of the byte order at the beginning. */
static size_t skip_blanks(const char *data, size_t len, size_t at)
{
    fle_json_scan scan = { data + at, data + len, NULL };

    if (at == 0 && len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
        scan.at += 3;
    fle_json_scan_space(&scan);
    return (size_t)(scan.at - data);
}

static flowenrich_status refuse(const char *data, size_t len, size_t at, const char *expected,
                                flowenrich_error *error)
{
    size_t line = 1, begin = 0;

    if (len > 1 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
        return fle_error_at(error, FLOWENRICH_ERR_SYNTAX, 1, 1, 0,
                            "not JSON: this is UTF-16, as PowerShell writes it; save it as UTF-8");
    for (size_t i = 0; i < at; i++) {
        line += data[i] == '\n';
        begin = data[i] == '\n' ? i + 1 : begin;
    }
    return fle_error_at(error, FLOWENRICH_ERR_SYNTAX, line, at - begin + 1, at,
                        "not JSON: %s is missing%s", expected,
                        at == len ? "; the document ends too early" : "");
}

flowenrich_status fle_json_read(const fle_json **out, const char *data, size_t len, size_t *at,
                                fle_arena *arena, flowenrich_error *error)
{
    reader r = { { NULL, NULL, NULL }, arena, NULL, 0, 0, false };
    fle_json *value;
    bool done;

    *out = NULL;
    *at = skip_blanks(data, len, *at);
    if (*at == len)
        return FLOWENRICH_OK;
    if (data[*at] != '{' && data[*at] != '[')
        return refuse(data, len, *at, "the '{' or '[' that a document begins with", error);
    value = fle_arena_alloc(arena, sizeof *value);
    if (!value)
        return fle_error_nomem(error);
    *value = (fle_json){ FLE_JSON_NULL, { NULL, 0 }, { NULL, 0 }, NULL, 0 };
    r.scan.at = data + *at;
    r.scan.end = data + len;
    done = read_value(&r, value, 0);
    fle_free(arena->allocator, r.stack);
    if (r.no_memory)
        return fle_error_nomem(error);
    *at = (size_t)(r.scan.at - data);
    if (!done)
        return refuse(data, len, *at, r.scan.expected, error);
    *out = value;
    return FLOWENRICH_OK;
}

bool fle_json_is_object(const fle_json *value)
{
    return value && value->kind == FLE_JSON_OBJECT;
}

bool fle_json_is_array(const fle_json *value)
{
    return value && value->kind == FLE_JSON_ARRAY;
}

const fle_json *fle_json_get(const fle_json *object, const char *key)
{
    if (fle_json_is_object(object))
        for (size_t i = object->n; i > 0; i--)
            if (fle_text_is(object->items[i - 1].key, key))
                return &object->items[i - 1];
    return NULL;
}

size_t fle_json_count(const fle_json *array)
{
    return fle_json_is_array(array) ? array->n : 0;
}

const fle_json *fle_json_at(const fle_json *array, size_t index)
{
    return index < fle_json_count(array) ? &array->items[index] : NULL;
}

flowenrich_text fle_json_text(const fle_json *value)
{
    if (value && (value->kind == FLE_JSON_STRING || value->kind == FLE_JSON_BOOLEAN))
        return value->text;
    return fle_text("", 0);
}

bool fle_json_number(const fle_json *value, uint64_t *out)
{
    return value && value->kind == FLE_JSON_NUMBER && fle_text_u64(value->text, out);
}
