/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes tables of kinds. The input is a table, a zero byte, and a description that is
 * looked up in it: the first kind is found that a slow and plain matcher finds, too.
 */
#include <stdint.h>
#include <stdlib.h>

#include "catalog/kinds.h"

#define LONGEST 200 /* of descriptions; the plain matcher takes the square of it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '-' ? text[i] != '-' : !text[i] || !strchr("0123456789abcdef", text[i]))
            return false;
    return true;
}

/* From a set of places in the text to those that are reached by way of one {name}. */
static void capture(flowenrich_text name, flowenrich_text text, const bool *from, bool *to)
{
    const bool uuid = fle_text_is(name, "uuid");

    for (size_t i = 0; i < text.len; i++)
        for (size_t end = i; from[i] && end < text.len; end++) {
            if (text.data[end] == '/' || text.data[end] == ':')
                break;
            to[end + 1] |= !uuid || (end + 1 - i == 36 && is_uuid(text.data + i));
        }
}

/* All the places that can be reached, step by step of the pattern. */
static bool fits(flowenrich_text pattern, flowenrich_text text)
{
    bool places[LONGEST + 1] = { true };

    for (size_t at = 0; at < pattern.len && pattern.data[at] != '*'; at++) {
        bool next[LONGEST + 1] = { false };

        if (pattern.data[at] == '{') {
            const char *begin = pattern.data + at + 1;
            const char *end = memchr(begin, '}', pattern.len - at - 1);

            capture(fle_text(begin, (size_t)(end - begin)), text, places, next);
            at += (size_t)(end - begin) + 1;
        } else {
            for (size_t i = 0; i < text.len; i++)
                next[i + 1] = places[i] && text.data[i] == pattern.data[at];
        }
        memcpy(places, next, sizeof places);
    }
    if (pattern.len == 0 || pattern.data[pattern.len - 1] != '*')
        return places[text.len];
    return memchr(places, true, text.len + 1) != NULL;
}

static bool fits_one(fle_texts patterns, flowenrich_text text)
{
    for (size_t i = 0; i < patterns.n; i++)
        if (fits(patterns.items[i], text))
            return true;
    return false;
}

/* The first kind that is described so; NULL if there is none. */
static const fle_kind *described(const fle_kinds *kinds, flowenrich_text description)
{
    for (size_t i = 0; i < kinds->n; i++)
        if (fits_one(kinds->items[i].descriptions, description))
            return &kinds->items[i];
    return NULL;
}

static void look_up(const fle_kinds *kinds, flowenrich_text description,
                    const fle_allocator *allocator)
{
    const fle_evidence evidence = { .description = description,
                                    .interface_type = FLE_TEXT("of nobody"),
                                    .requester_managed = true };
    const fle_kind *expected = described(kinds, description);
    fle_variables variables = { .n = 0 };
    const fle_kind *found = fle_kinds_find(kinds, &evidence, &variables);
    fle_buffer arn;

    must(!expected || found == expected);
    must(expected || !found || !fits_one(found->descriptions, description));
    fle_buffer_init(&arn, allocator);
    if (found)
        (void)fle_kind_arn(found, &variables, &arn);
    fle_buffer_free(&arn);
}

/* Does a kind want to be known by the type that the look-up has? */
static bool wants_type(const fle_kinds *kinds)
{
    for (size_t i = 0; i < kinds->n; i++)
        for (size_t k = 0; k < kinds->items[i].interface_types.n; k++)
            if (fle_text_is(kinds->items[i].interface_types.items[k], "of nobody"))
                return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *table = (const char *)data;
    const char *zero = size > 0 ? memchr(table, '\0', size) : NULL;
    fle_allocator allocator;
    fle_arena arena;
    fle_kinds kinds;
    flowenrich_error error;
    flowenrich_status status;

    if (!zero || (size_t)(table + size - zero - 1) > LONGEST)
        return 0;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    status = fle_kinds_read(&kinds, table, (size_t)(zero - table), &arena, &error);
    must(status == FLOWENRICH_OK || (status == FLOWENRICH_ERR_SYNTAX && error.line > 0));
    if (status == FLOWENRICH_OK && !wants_type(&kinds))
        look_up(&kinds, fle_text(zero + 1, (size_t)(table + size - zero - 1)), &allocator);
    fle_arena_free(&arena);
    return 0;
}
