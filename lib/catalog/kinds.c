/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface is, by the table in data/kinds.yaml. */
#include "catalog/kinds.h"

#include <string.h>

#include "catalog/kinds_builtin.h"

#define LONGEST_MATCHED 1024 /* AWS's own texts stay under 256 */
#define UUID_LENGTH 36

const fle_kinds fle_kinds_builtin = {
    builtin_kinds,
    sizeof builtin_kinds / sizeof *builtin_kinds,
    { builtin_user_types, sizeof builtin_user_types / sizeof *builtin_user_types },
};

void fle_variables_set(fle_variables *variables, flowenrich_text name, flowenrich_text value)
{
    if (variables->n == FLE_VARIABLES)
        return;
    variables->items[variables->n].name = name;
    variables->items[variables->n].value = value;
    variables->n++;
}

/* What was captured from a description comes last, and is the most particular. */
static flowenrich_text variable(const fle_variables *variables, flowenrich_text name)
{
    for (size_t i = variables->n; i > 0; i--)
        if (fle_text_equal(variables->items[i - 1].name, name))
            return variables->items[i - 1].value;
    return fle_text(NULL, 0);
}

static flowenrich_text skip(flowenrich_text text, size_t len)
{
    return len > 0 ? fle_text(text.data + len, text.len - len) : text;
}

/* Split "{name}rest" off its name. The tables are checked: there is a brace. */
static flowenrich_text take_name(flowenrich_text *pattern)
{
    const char *brace = memchr(pattern->data, '}', pattern->len);
    const size_t len = (size_t)(brace - pattern->data);
    const flowenrich_text name = fle_text(pattern->data + 1, len - 1);

    *pattern = skip(*pattern, len + 1);
    return name;
}

static bool is_uuid(flowenrich_text text)
{
    if (text.len != UUID_LENGTH)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.data[i];
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

        if (hyphen ? c != '-' : !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
}

/* The text in front of the next capture or asterisk. */
static flowenrich_text literal_of(flowenrich_text pattern)
{
    size_t len = 0;

    while (len < pattern.len && pattern.data[len] != '{' && pattern.data[len] != '*')
        len++;
    return fle_text(pattern.data, len);
}

static bool begins_with(flowenrich_text text, flowenrich_text literal)
{
    return text.len >= literal.len &&
           (literal.len == 0 || memcmp(text.data, literal.data, literal.len) == 0);
}

/* Is a capture of any text next, behind the literal? */
static bool captures_next(flowenrich_text pattern)
{
    pattern = skip(pattern, literal_of(pattern).len);
    return pattern.len > 0 && pattern.data[0] == '{' && !fle_text_starts(pattern, "{uuid}");
}

/*
 * Does the whole text fit a pattern? Captures are as short as they can be.
 *
 * Going back is bounded. Where the literal behind a capture is found, and what comes
 * then is a capture of any text, a later place can't do better: between the two there
 * is no slash or colon, or the first capture couldn't reach the later one, so the next
 * capture could begin at the first place and end where it would have ended.
 */
static bool matches(flowenrich_text pattern, flowenrich_text text, fle_variables *captured)
{
    const size_t n_captured = captured->n;
    const flowenrich_text literal = literal_of(pattern);
    flowenrich_text name;

    if (!begins_with(text, literal))
        return false;
    pattern = skip(pattern, literal.len);
    text = skip(text, literal.len);
    if (pattern.len == 0 || pattern.data[0] == '*')
        return pattern.len > 0 || text.len == 0;
    name = take_name(&pattern);
    for (size_t len = 1; len <= text.len; len++) {
        const flowenrich_text value = fle_text(text.data, len);
        const flowenrich_text rest = skip(text, len);

        if (text.data[len - 1] == '/' || text.data[len - 1] == ':')
            break;
        if (!begins_with(rest, literal_of(pattern)) ||
            (fle_text_is(name, "uuid") && !is_uuid(value)))
            continue;
        fle_variables_set(captured, name, value);
        if (matches(pattern, rest, captured))
            return true;
        captured->n = n_captured;
        if (captures_next(pattern))
            break;
    }
    return false;
}

static bool matches_one(fle_texts patterns, flowenrich_text text, fle_variables *captured)
{
    if (text.len > LONGEST_MATCHED)
        return false;
    for (size_t i = 0; i < patterns.n; i++)
        if (matches(patterns.items[i], text, captured))
            return true;
    return false;
}

static bool is_among(fle_texts texts, flowenrich_text text)
{
    for (size_t i = 0; i < texts.n; i++)
        if (fle_text_equal(texts.items[i], text))
            return true;
    return false;
}

/* A description is free text on interfaces that users make. */
static bool describes_itself(const fle_kinds *kinds, const fle_evidence *evidence)
{
    return evidence->requester_managed || fle_text_starts(evidence->requester, "amazon-") ||
           fle_text_starts(evidence->instance_owner, "amazon-") ||
           (evidence->interface_type.len > 0 &&
            !is_among(kinds->user_types, evidence->interface_type));
}

static bool by_resource(const fle_kind *kind, const fle_evidence *evidence, fle_variables *captured)
{
    (void)captured;
    return evidence->resource.len > 0 && fle_text_equal(kind->resource, evidence->resource);
}

static bool by_interface_type(const fle_kind *kind, const fle_evidence *evidence,
                              fle_variables *captured)
{
    (void)captured;
    return is_among(kind->interface_types, evidence->interface_type);
}

static bool by_description(const fle_kind *kind, const fle_evidence *evidence,
                           fle_variables *captured)
{
    return matches_one(kind->descriptions, evidence->description, captured);
}

static bool by_requester(const fle_kind *kind, const fle_evidence *evidence,
                         fle_variables *captured)
{
    const size_t n_captured = captured->n;
    const bool matched = matches_one(kind->requesters, evidence->requester, captured);

    captured->n = n_captured;
    return matched;
}

static bool by_default(const fle_kind *kind, const fle_evidence *evidence, fle_variables *captured)
{
    (void)evidence;
    (void)captured;
    return kind->resource.len == 0 && kind->interface_types.n == 0 && kind->descriptions.n == 0 &&
           kind->requesters.n == 0;
}

typedef bool test(const fle_kind *kind, const fle_evidence *evidence, fle_variables *captured);

const fle_kind *fle_kinds_find(const fle_kinds *kinds, const fle_evidence *evidence,
                               fle_variables *variables)
{
    static test *const tests[] = { by_resource, by_interface_type, by_description, by_requester,
                                   by_default };

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (tests[i] == by_description && !describes_itself(kinds, evidence))
            continue;
        for (size_t k = 0; k < kinds->n; k++) {
            if (!tests[i](&kinds->items[k], evidence, variables))
                continue;
            if (tests[i] != by_description)
                (void)by_description(&kinds->items[k], evidence, variables);
            return &kinds->items[k];
        }
    }
    return NULL;
}

bool fle_kind_arn(const fle_kind *kind, const fle_variables *variables, fle_buffer *out)
{
    const size_t start = out->len;
    flowenrich_text rest = kind->arn;

    while (rest.len > 0) {
        const char *brace = memchr(rest.data, '{', rest.len);
        const size_t literal = brace ? (size_t)(brace - rest.data) : rest.len;
        flowenrich_text value;

        fle_buffer_append(out, rest.data, literal);
        rest = skip(rest, literal);
        if (!brace)
            break;
        value = variable(variables, take_name(&rest));
        if (value.len == 0) {
            out->len = start;
            return false;
        }
        fle_buffer_text(out, value);
    }
    return kind->arn.len > 0;
}
