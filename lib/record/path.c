/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: how encoders, groups and filters reach any value of any batch. */
#include "record/path.h"

#include <stdio.h>

#include "base/error.h"
#include "base/prefetch.h"
#include "record/list.h"
#include "record/source.h"

#define TAGS "tags."

typedef struct named_type {
    const char *name;
    uint32_t type;
} named_type;

/* What enrichment adds besides the ends' attributes, and what conversations have. */
static const named_type added[] = {
    { "uploaded", FLOWENRICH_TYPE_U64 },
    { "downloaded", FLOWENRICH_TYPE_U64 },
    { "direction.by", FLOWENRICH_TYPE_TEXT },
    { "direction.confidence", FLOWENRICH_TYPE_F64 },
    { "scope", FLOWENRICH_TYPE_TEXT },
    { "path", FLOWENRICH_TYPE_TEXT },
    { "observer", FLOWENRICH_TYPE_TEXT },
    { "verdict", FLOWENRICH_TYPE_TEXT },

    { "id", FLOWENRICH_TYPE_TEXT },
    { "sequence", FLOWENRICH_TYPE_U32 },
    { "final", FLOWENRICH_TYPE_BOOL },
    { "late", FLOWENRICH_TYPE_BOOL },
    { "reversal", FLOWENRICH_TYPE_BOOL },
    { "uploaded_packets", FLOWENRICH_TYPE_U64 },
    { "downloaded_packets", FLOWENRICH_TYPE_U64 },
    { "records", FLOWENRICH_TYPE_U64 },
    { "refused_by", FLOWENRICH_TYPE_TEXT },
    { "nat", FLOWENRICH_TYPE_TEXT },
    { "outside.addr", FLOWENRICH_TYPE_ADDRESS },
    { "outside.port", FLOWENRICH_TYPE_U32 },
    { "marks", FLOWENRICH_TYPE_LIST },
    { "observers", FLOWENRICH_TYPE_LIST },
    { "tgw", FLOWENRICH_TYPE_LIST },
    { "uncosted_bytes", FLOWENRICH_TYPE_U64 },
    { "uncosted", FLOWENRICH_TYPE_LIST },
};

/* Lists that are parallel, and what their items are: record/list.h. */
static const named_type parallel[] = {
    { "hops.observer", FLOWENRICH_TYPE_TEXT },
    { "hops.direction", FLOWENRICH_TYPE_TEXT },
    { "hops.type", FLOWENRICH_TYPE_TEXT },
    { "hops.arn", FLOWENRICH_TYPE_TEXT },
    { "hops.availability_zone_id", FLOWENRICH_TYPE_TEXT },
    { "hops.vpc_id", FLOWENRICH_TYPE_TEXT },
    { "hops.account_id", FLOWENRICH_TYPE_TEXT },
    { "meters.observer", FLOWENRICH_TYPE_TEXT },
    { "meters.direction", FLOWENRICH_TYPE_TEXT },
    { "meters.flow_log", FLOWENRICH_TYPE_TEXT },
    { "meters.bytes", FLOWENRICH_TYPE_U64 },
    { "meters.packets", FLOWENRICH_TYPE_U64 },
    { "charges.meter", FLOWENRICH_TYPE_TEXT },
    { "charges.payer", FLOWENRICH_TYPE_TEXT },
    { "charges.region", FLOWENRICH_TYPE_TEXT },
    { "charges.currency", FLOWENRICH_TYPE_TEXT },
    { "charges.rate", FLOWENRICH_TYPE_TEXT },
    { "charges.price", FLOWENRICH_TYPE_U64 },
    { "charges.unit", FLOWENRICH_TYPE_U64 },
    { "charges.bytes", FLOWENRICH_TYPE_U64 },
    { "charges.amount", FLOWENRICH_TYPE_U64 },
};

/* What each end has in columns, behind its name. */
static const named_type added_to_end[] = {
    { "addr", FLOWENRICH_TYPE_ADDRESS },  { "port", FLOWENRICH_TYPE_U32 },
    { "rfc1918", FLOWENRICH_TYPE_BOOL },  { "observer", FLOWENRICH_TYPE_TEXT },
    { "contested", FLOWENRICH_TYPE_BOOL }, { "public", FLOWENRICH_TYPE_TEXT },
};

#define N_ADDED (sizeof added / sizeof *added)
#define N_PARALLEL (sizeof parallel / sizeof *parallel)
#define N_ADDED_TO_END (sizeof added_to_end / sizeof *added_to_end)

static uint32_t type_among(flowenrich_text text, const named_type *named, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_is(text, named[i].name))
            return named[i].type;
    return 0;
}

/* Split "client.tags.app" into the end and "tags.app". FLE_N_ENDS if it names no end. */
static fle_end split_end(flowenrich_text text, flowenrich_text *rest)
{
    size_t end;

    for (end = 0; end < FLE_OWNER; end++) {
        const size_t len = strlen(fle_end_names[end]);

        if (text.len > len + 1 && fle_text_starts(text, fle_end_names[end]) &&
            text.data[len] == '.') {
            *rest = fle_text(text.data + len + 1, text.len - len - 1);
            return (fle_end)end;
        }
    }
    return FLE_N_ENDS;
}

static uint32_t type_of_attribute(fle_attribute attribute)
{
    switch (attribute) {
    case FLE_ATTR_ARNS:
    case FLE_ATTR_SECURITY_GROUP_IDS:
        return FLOWENRICH_TYPE_LIST;
    case FLE_ATTR_TAGS:
        return FLOWENRICH_TYPE_MAP;
    default:
        return FLOWENRICH_TYPE_TEXT;
    }
}

/* The part behind "client.", if it is what an answer is asked for. */
static bool open_attribute(fle_path *path, flowenrich_text rest)
{
    if (fle_text_starts(rest, TAGS) && rest.len > sizeof TAGS - 1) {
        path->attribute = FLE_ATTR_TAGS;
        path->tag = fle_text(rest.data + sizeof TAGS - 1, rest.len - (sizeof TAGS - 1));
        path->type = FLOWENRICH_TYPE_TEXT;
        return true;
    }
    path->attribute = fle_attribute_find(rest);
    path->type = path->attribute < FLE_ATTR_COUNT ? type_of_attribute(path->attribute) : 0;
    path->item = path->type == FLOWENRICH_TYPE_LIST ? FLOWENRICH_TYPE_TEXT : 0;
    return path->type != 0;
}

/* What a hop is, people call its kind as well. */
static flowenrich_text usual(flowenrich_text text)
{
    return fle_text_is(text, "hops.kind") ? fle_text_of("hops.type") : text;
}

bool fle_path_open(fle_path *path, const flowenrich_batch *batch, flowenrich_text text)
{
    const fle_column *column = fle_batch_find(batch, usual(text));
    flowenrich_text rest;

    memset(path, 0, sizeof *path);
    path->column = FLE_ABSENT;
    path->end = FLE_N_ENDS;
    if (column) {
        path->column = (uint32_t)(column - batch->columns);
        path->type = column->type;
        path->item = column->item;
        return true;
    }
    rest = text;
    path->end = batch->ends[FLE_OWNER] ? FLE_OWNER : split_end(text, &rest);
    if (path->end != FLE_N_ENDS && batch->ends[path->end] && open_attribute(path, rest))
        return true;
    path->end = FLE_N_ENDS;
    return false;
}

uint32_t fle_path_type(flowenrich_text text)
{
    const uint32_t type = type_among(text, added, N_ADDED);
    fle_path path;
    flowenrich_text rest;

    if (type)
        return type;
    if (type_among(usual(text), parallel, N_PARALLEL) != 0)
        return FLOWENRICH_TYPE_LIST;
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        if (fle_text_is(text, fle_fields[i].path))
            return fle_fields[i].type;
    if (fle_part_find(text) != FLE_N_PARTS)
        return FLOWENRICH_TYPE_TEXT;
    if (split_end(text, &rest) == FLE_N_ENDS)
        return 0;
    return open_attribute(&path, rest) ? path.type : type_among(rest, added_to_end, N_ADDED_TO_END);
}

uint32_t fle_path_item(flowenrich_text text)
{
    const uint32_t item = type_among(usual(text), parallel, N_PARALLEL);

    if (item || fle_path_type(text) != FLOWENRICH_TYPE_LIST)
        return item;
    return FLOWENRICH_TYPE_TEXT;
}

bool fle_path_is_added(flowenrich_text text)
{
    flowenrich_text rest;

    return type_among(text, added, N_ADDED) != 0 ||
           type_among(usual(text), parallel, N_PARALLEL) != 0 ||
           split_end(text, &rest) != FLE_N_ENDS;
}

/* What is behind "client." is compared apart; the key of a tag is anybody's. */
static bool nearest_of_end(fle_end end, flowenrich_text rest, char out[FLE_PATH_TEXT])
{
    const char *names[N_ADDED_TO_END + FLE_ATTR_COUNT], *nearest;
    const char *dot = memchr(rest.data, '.', rest.len);
    const size_t len = dot ? (size_t)(dot - rest.data) : rest.len;

    for (size_t i = 0; i < N_ADDED_TO_END; i++)
        names[i] = added_to_end[i].name;
    memcpy(names + N_ADDED_TO_END, fle_attribute_paths, sizeof fle_attribute_paths);
    nearest = fle_nearest(rest.data, len, names, sizeof names / sizeof *names);
    if (!nearest)
        return false;
    snprintf(out, FLE_PATH_TEXT, "%s.%s%.*s", fle_end_names[end], nearest, (int)(rest.len - len),
             rest.data + len);
    return true;
}

/* "clinet.type": what only an end has, of none that there is. */
static bool nearest_end(flowenrich_text text, char out[FLE_PATH_TEXT])
{
    const char *dot = text.len > 0 ? memchr(text.data, '.', text.len) : NULL;
    const size_t len = dot ? (size_t)(dot - text.data) : 0;
    const char *end = len > 0 ? fle_nearest(text.data, len, fle_end_names, FLE_OWNER) : NULL;

    if (end)
        snprintf(out, FLE_PATH_TEXT, "%s%.*s", end, (int)(text.len - len), dot);
    return end && fle_path_type(fle_text_of(out)) != 0;
}

bool fle_path_nearest(flowenrich_text text, char out[FLE_PATH_TEXT])
{
    const char *names[FLE_FIELD_COUNT + N_ADDED + N_PARALLEL + FLE_N_PARTS], *nearest;
    flowenrich_text rest;
    const fle_end end = split_end(text, &rest);
    size_t n = 0;

    if (end != FLE_N_ENDS)
        return nearest_of_end(end, rest, out);
    if (nearest_end(text, out))
        return true;
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        names[n++] = fle_fields[i].path;
    for (size_t i = 0; i < N_ADDED; i++)
        names[n++] = added[i].name;
    for (size_t i = 0; i < N_PARALLEL; i++)
        names[n++] = parallel[i].name;
    for (size_t i = 0; i < FLE_N_PARTS; i++)
        names[n++] = fle_part_paths[i];
    nearest = fle_nearest(text.data, text.len, names, n);
    if (nearest)
        snprintf(out, FLE_PATH_TEXT, "%s", nearest);
    return nearest != NULL;
}

static void get_list(const fle_column *column, size_t row, fle_value *out)
{
    if (column->item == FLOWENRICH_TYPE_TEXT) {
        out->as.texts = fle_list_texts(column, row);
    } else {
        out->type = FLE_NUMBERS;
        out->as.numbers.items = fle_list_numbers(column, row);
        out->as.numbers.n = fle_list_len(column, row);
    }
}

static void get_column(const flowenrich_batch *batch, const fle_column *column, size_t row,
                       fle_value *out)
{
    out->type = column->type;
    switch (column->type) {
    case FLOWENRICH_TYPE_U32:
        out->as.u64 = fle_column_u32(column, row);
        break;
    case FLOWENRICH_TYPE_U64:
        out->as.u64 = fle_column_u64(column, row);
        break;
    case FLOWENRICH_TYPE_TIME:
        out->as.time = fle_column_time(column, row);
        break;
    case FLOWENRICH_TYPE_F64:
        out->as.f64 = ((const double *)column->values)[row];
        break;
    case FLOWENRICH_TYPE_BOOL:
        out->as.u64 = ((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1;
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        out->as.address = fle_column_address(column, row);
        break;
    case FLOWENRICH_TYPE_LIST:
        get_list(column, row, out);
        break;
    default:
        out->as.text = fle_batch_text(batch, column, row);
        break;
    }
}

static void get_attribute(const fle_path *path, const flowenrich_answer *answer, fle_value *out)
{
    if (path->type != FLOWENRICH_TYPE_TEXT) {
        out->as.texts = fle_answer_texts(answer, path->attribute);
        out->type = out->as.texts.n ? path->type : 0;
        return;
    }
    out->as.text = path->attribute == FLE_ATTR_TAGS ? fle_identity_tag(&answer->identity, path->tag)
                                                    : fle_answer_text(answer, path->attribute);
    out->type = out->as.text.len ? FLOWENRICH_TYPE_TEXT : 0;
}

void fle_path_get(const fle_path *path, const flowenrich_batch *batch, size_t row, fle_value *out)
{
    out->type = 0;
    if (path->column != FLE_ABSENT) {
        const fle_column *column = &batch->columns[path->column];

        if (fle_column_valid(column, row))
            get_column(batch, column, row, out);
    } else if (path->end != FLE_N_ENDS) {
        const flowenrich_answer *answer = fle_batch_answer(batch, path->end, row);

        if (answer)
            get_attribute(path, answer, out);
    }
}

/* Tags lie apart from the answer, so all answers are asked for before the first is looked at. */
void fle_path_expect(const fle_path *path, const flowenrich_answer *const *answers, size_t n)
{
    const size_t single = path->attribute < FLE_N_SINGLE ? path->attribute : 0;

    if (path->attribute != FLE_ATTR_TAGS) {
        for (size_t i = 0; i < n; i++)
            fle_prefetch(&answers[i]->identity.single[single], sizeof(flowenrich_text));
        return;
    }
    for (size_t i = 0; i < n; i++)
        fle_prefetch(&answers[i]->identity.tags, sizeof answers[i]->identity.tags);
    for (size_t i = 0; i < n; i++) {
        const fle_texts *tags = &answers[i]->identity.tags;

        if (tags->n > 0)
            fle_prefetch(tags->items, tags->n * sizeof *tags->items);
    }
}

bool fle_path_is_alike(const fle_path *a, const fle_path *b)
{
    return a->end != FLE_N_ENDS && b->end != FLE_N_ENDS && a->attribute == b->attribute &&
           fle_text_equal(a->tag, b->tag);
}
