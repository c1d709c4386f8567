/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes in JSON: one object after another, each opened by what its members say. */
#include <stdio.h>

#include "unwrap/base64.h"
#include "unwrap/envelope.h"

#define BIT FLE_MEMBER_BIT

/* What two lines must have in common to come in one text. */
#define STREAM_MEMBERS                                                                             \
    (BIT(FLE_MEMBER_ACCOUNT) | BIT(FLE_MEMBER_REGION) | BIT(FLE_MEMBER_LOG_GROUP) |                \
     BIT(FLE_MEMBER_LOG_STREAM) | BIT(FLE_MEMBER_BUCKET) | BIT(FLE_MEMBER_KEY))
#define LINE_MEMBERS                                                                               \
    (STREAM_MEMBERS | BIT(FLE_MEMBER_LINE) | BIT(FLE_MEMBER_ID) | BIT(FLE_MEMBER_TIME))

typedef enum item_kind { ITEM_NONE, ITEM_OBJECT, ITEM_LINE, ITEM_ARRAY, ITEM_BAD } item_kind;

/* An item, and what is needed to read it once more. */
typedef struct item {
    item_kind kind;
    fle_members members;
    flowenrich_text array; /* with its brackets */
    fle_json_scan scan;    /* where it is bad, and what was expected */
    const char *at;        /* the level before it */
    bool is_first;
    size_t index;
} item;

/* Content that is JSON in turn isn't a line. */
static bool is_line(const fle_members *members)
{
    const flowenrich_text raw = members->raw[FLE_MEMBER_LINE];

    return fle_members_have(members, FLE_MEMBER_LINE) && (members->present & ~LINE_MEMBERS) == 0 &&
           (members->strings & BIT(FLE_MEMBER_LINE)) != 0 &&
           (raw.len == 0 || (raw.data[0] != '{' && raw.data[0] != '['));
}

static bool take_separator(fle_level *level, fle_json_scan *scan, bool *more)
{
    flowenrich_text key;

    if (level->close == '\0') {
        fle_json_scan_space(scan);
        *more = scan->at < scan->end;
        return true;
    }
    return fle_json_scan_element(scan, level->close, &level->is_first, more) &&
           (level->close != '}' || !*more || fle_json_scan_key(scan, &key));
}

static item_kind take(fle_level *level, fle_json_scan *scan, item *out)
{
    flowenrich_text other;
    bool more;

    if (!take_separator(level, scan, &more))
        return ITEM_BAD;
    if (!more)
        return ITEM_NONE;
    fle_json_scan_space(scan);
    level->item = scan->at;
    level->index++;
    if (fle_json_scan_peek(scan) == '{') {
        if (!fle_members_take(scan, &out->members))
            return ITEM_BAD;
        return is_line(&out->members) ? ITEM_LINE : ITEM_OBJECT;
    }
    if (fle_json_scan_peek(scan) == '[')
        return fle_json_scan_value(scan, &out->array) ? ITEM_ARRAY : ITEM_BAD;
    out->scan = *scan;
    out->scan.expected = "an object";
    if (level->close != '\0')
        fle_json_scan_value(scan, &other);
    return ITEM_BAD;
}

static void take_item(fle_level *level, item *out)
{
    fle_json_scan scan = { level->at, level->end, NULL };

    out->at = level->at;
    out->is_first = level->is_first;
    out->index = level->index;
    out->scan.expected = NULL;
    out->kind = take(level, &scan, out);
    if (out->kind == ITEM_BAD && !out->scan.expected)
        out->scan = scan;
    level->at = scan.at;
}

static void put_back(fle_level *level, const item *taken)
{
    level->at = taken->at;
    level->is_first = taken->is_first;
    level->index = taken->index;
}

/*
 * Go on behind a broken item. An array was looked through before it was opened,
 * so one of its elements is at most of the wrong kind; what is broken are values one
 * after another, and the next one begins a line. It is looked for from where the
 * broken one began, since a string without an end reaches into the lines behind it.
 * That stays linear: an object that swallows the beginnings of others nests them.
 */
static void skip_bad(fle_level *level)
{
    if (level->close != '\0')
        return;
    level->at = level->item;
    while (level->at < level->end) {
        const char *newline = memchr(level->at, '\n', (size_t)(level->end - level->at));

        level->at = newline ? newline + 1 : level->end;
        if (level->at < level->end && *level->at == '{')
            break;
    }
}

static flowenrich_status refuse_bad(flowenrich_envelope *envelope, fle_level *level,
                                    const item *bad, flowenrich_error *error)
{
    char what[80];
    const fle_trouble trouble = { FLOWENRICH_ERR_SYNTAX, bad->scan.at, NULL, what };

    snprintf(what, sizeof what, "expected %s%s", bad->scan.expected,
             bad->scan.at == level->end ? ", but the data ends" : "");
    skip_bad(level);
    return fle_envelope_refuse(envelope, level, level, &trouble, error);
}

static flowenrich_status refuse_member(flowenrich_envelope *envelope, const fle_level *level,
                                       const fle_members *members, fle_member member,
                                       fle_trouble trouble, flowenrich_error *error)
{
    trouble.name = fle_members_name(members, member);
    return fle_envelope_refuse(envelope, level, level + 1, &trouble, error);
}

static void open_items(flowenrich_envelope *envelope, flowenrich_text value, const char *name)
{
    const char close = *value.data == '{' ? '}' : ']';

    fle_envelope_push(envelope, FLE_STAGE_OBJECTS, fle_text(value.data + 1, value.len - 1), name);
    fle_envelope_top(envelope)->close = close;
}

/* Undo escapes and base64 into the level that was prepared; false if it is neither. */
static bool decode(fle_level *next, flowenrich_text raw, bool is_base64, size_t *bad)
{
    char *const out = next->decoded.data;
    flowenrich_text text = raw;

    *bad = 0;
    if (!is_base64 || memchr(raw.data, '\\', raw.len)) {
        if (!fle_json_scan_unescape(raw, out, &text.len)) {
            *bad = text.len;
            return false;
        }
        text.data = out; /* a decoder in base64 never writes ahead of what it reads */
    }
    next->decoded.len = text.len;
    if (is_base64 && !fle_base64_decode(text, out, &next->decoded.len)) {
        *bad = text.data == raw.data ? next->decoded.len : 0;
        next->decoded.len = 0;
        return false;
    }
    return true;
}

static flowenrich_status open_string(flowenrich_envelope *envelope, fle_level *level,
                                     const fle_members *members, fle_member member,
                                     flowenrich_error *error)
{
    const bool is_base64 = member == FLE_MEMBER_DATA;
    const flowenrich_text raw = members->raw[member];
    fle_level *next = level + 1;
    fle_trouble trouble = { FLOWENRICH_ERR_LIMIT, raw.data, NULL, "more than 'max_bytes' allows" };
    size_t bad;

    if (!fle_envelope_may_hold(envelope, raw.len))
        return refuse_member(envelope, level, members, member, trouble, error);
    if (!fle_buffer_reserve(&next->decoded, raw.len + FLE_BASE64_ROOM(0)))
        return fle_error_nomem(error);
    if (!decode(next, raw, is_base64, &bad)) {
        trouble.status = FLOWENRICH_ERR_SYNTAX;
        trouble.at = raw.data + bad;
        trouble.what = is_base64 ? "not base64" : "a backslash with no meaning";
        return refuse_member(envelope, level, members, member, trouble, error);
    }
    fle_envelope_push(envelope, FLE_STAGE_CONTENT, fle_text(next->decoded.data, next->decoded.len),
                      fle_members_name(members, member));
    return FLOWENRICH_OK;
}

static flowenrich_status open_member(flowenrich_envelope *envelope, fle_level *level,
                                     const fle_members *members, fle_member member,
                                     flowenrich_error *error)
{
    const flowenrich_text raw = members->raw[member];
    const bool is_string = (members->strings & BIT(member)) != 0;
    fle_trouble trouble = { FLOWENRICH_ERR_LIMIT, raw.data, NULL, "too many envelopes in another" };

    if (envelope->depth == FLE_MOST_LEVELS)
        return refuse_member(envelope, level, members, member, trouble, error);
    if (is_string && member != FLE_MEMBER_ITEMS)
        return open_string(envelope, level, members, member, error);
    if (is_string || (*raw.data != '[' && *raw.data != '{')) {
        trouble.status = FLOWENRICH_ERR_SYNTAX;
        trouble.what = member == FLE_MEMBER_ITEMS ? "expected an array" : "expected a string";
        return refuse_member(envelope, level, members, member, trouble, error);
    }
    if (member == FLE_MEMBER_ITEMS)
        open_items(envelope, raw, fle_members_name(members, member));
    else
        fle_envelope_push(envelope, FLE_STAGE_CONTENT, raw, fle_members_name(members, member));
    return FLOWENRICH_OK;
}

static flowenrich_status open_object(flowenrich_envelope *envelope, fle_level *level,
                                     const fle_members *members, flowenrich_error *error)
{
    static const fle_member holders[] = { FLE_MEMBER_ITEMS, FLE_MEMBER_DATA, FLE_MEMBER_BODY,
                                          FLE_MEMBER_LINE };
    const bool has_object =
        fle_members_have(members, FLE_MEMBER_BUCKET) &&
        (members->present & (BIT(FLE_MEMBER_KEY) | BIT(FLE_MEMBER_ENCODED_KEY))) != 0;
    const fle_trouble unknown = {
        FLOWENRICH_ERR_SYNTAX, level->item, NULL,
        "expected an envelope: an object with logEvents, Records, records, events, awslogs, data, "
        "value, body or message, or of an S3 object"
    };

    if (fle_members_are_control(members)) {
        envelope->stats[FLE_ENVELOPE_CONTROL]++;
        return FLOWENRICH_OK;
    }
    if (!fle_envelope_next(envelope, members))
        return fle_error_nomem(error);
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        if (fle_members_have(members, holders[i]))
            return open_member(envelope, level, members, holders[i], error);
    if (!has_object)
        return fle_envelope_refuse(envelope, level, level + 1, &unknown, error);
    if (fle_members_are_created(members))
        fle_envelope_object(envelope, level + 1);
    else
        envelope->stats[FLE_ENVELOPE_CONTROL]++;
    return FLOWENRICH_OK;
}

static flowenrich_status open_array(flowenrich_envelope *envelope, fle_level *level,
                                    const item *array, flowenrich_error *error)
{
    const fle_trouble trouble = { FLOWENRICH_ERR_LIMIT, array->array.data, NULL,
                                  "too many envelopes in another" };

    if (envelope->depth == FLE_MOST_LEVELS)
        return fle_envelope_refuse(envelope, level, level, &trouble, error);
    if (!fle_envelope_next(envelope, NULL))
        return fle_error_nomem(error);
    open_items(envelope, array->array, NULL);
    return FLOWENRICH_OK;
}

static flowenrich_status open_item(flowenrich_envelope *envelope, fle_level *level,
                                   const item *taken, flowenrich_error *error)
{
    switch (taken->kind) {
    case ITEM_NONE:
        envelope->depth--;
        return FLOWENRICH_OK;
    case ITEM_ARRAY:
        return open_array(envelope, level, taken, error);
    case ITEM_BAD:
        return refuse_bad(envelope, level, taken, error);
    case ITEM_OBJECT:
    case ITEM_LINE:
        break;
    }
    return open_object(envelope, level, &taken->members, error);
}

static bool is_same_stream(const fle_members *a, const fle_members *b)
{
    const uint32_t present = a->present & STREAM_MEMBERS;

    if (present != (b->present & STREAM_MEMBERS))
        return false;
    for (unsigned member = 0; present >> member != 0; member++)
        if ((present >> member & 1) && !fle_text_equal(a->raw[member], b->raw[member]))
            return false;
    return true;
}

/* Append a line to the text gathered. False if an escape is bad: the text is as it was. */
static bool append_line(fle_buffer *text, flowenrich_text raw)
{
    size_t len;

    if (!fle_buffer_reserve(text, raw.len + 1))
        return true; /* and 'failed' says so */
    if (!fle_json_scan_unescape(raw, text->data + text->len, &len))
        return false;
    text->len += len;
    if (len > 0 && text->data[text->len - 1] != '\n')
        text->data[text->len++] = '\n';
    return true;
}

/*
 * Gather the lines of one stream, as many as make a part; what comes after them is
 * put back, and opened by the next step.
 */
flowenrich_status fle_objects_step(flowenrich_envelope *envelope, fle_level *level,
                                   flowenrich_error *error)
{
    fle_buffer *const text = &envelope->text;
    fle_members first;
    size_t lines = 0;
    bool goes_on = false;
    item next;

    fle_buffer_clear(text);
    for (;; lines++) {
        take_item(level, &next);
        if (next.kind != ITEM_LINE)
            break;
        if (lines == 0)
            first = next.members;
        else if (!is_same_stream(&first, &next.members))
            break;
        goes_on = text->len >= FLE_WINDOW;
        if (goes_on || !append_line(text, next.members.raw[FLE_MEMBER_LINE]))
            break;
    }
    if (lines == 0)
        return open_item(envelope, level, &next, error);
    put_back(level, &next);
    if (text->failed || !fle_envelope_next(envelope, &first))
        return fle_error_nomem(error);
    if (text->len > 0)
        fle_envelope_text(envelope, level + 1, fle_text(text->data, text->len), level->part);
    level->part = goes_on ? level->part + 1 : 0;
    return FLOWENRICH_OK;
}
