/* SPDX-License-Identifier: Apache-2.0 */
/* Paths: how encoders, groups and filters reach any value of any batch. */
#include "record/path.h"

#include "record/source.h"

#define TAGS "tags."

/* What enrichment adds besides the ends' attributes. */
static const char *const added[] = {
    "uploaded", "downloaded", "direction.by", "direction.confidence",
    "scope",    "path",       "observer",     "verdict",
};

/* What each end has in columns, behind its name. */
static const char *const added_to_end[] = { "addr", "port", "rfc1918" };

static bool is_any(flowenrich_text text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_is(text, names[i]))
            return true;
    return false;
}

/* Split "client.tags.app" into the end and "tags.app". FLE_N_ENDS if it names no end. */
static fle_end split_end(flowenrich_text text, flowenrich_text *rest)
{
    size_t end;

    for (end = 0; end < FLE_N_ENDS; end++) {
        const size_t len = strlen(fle_end_names[end]);

        if (text.len > len + 1 && fle_text_starts(text, fle_end_names[end]) &&
            text.data[len] == '.') {
            *rest = fle_text(text.data + len + 1, text.len - len - 1);
            break;
        }
    }
    return (fle_end)end;
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
    return path->type != 0;
}

bool fle_path_open(fle_path *path, const flowenrich_batch *batch, flowenrich_text text)
{
    const fle_column *column = fle_batch_find(batch, text);
    flowenrich_text rest;

    memset(path, 0, sizeof *path);
    path->column = FLE_ABSENT;
    path->end = FLE_N_ENDS;
    if (column) {
        path->column = (uint32_t)(column - batch->columns);
        path->type = column->type;
        return true;
    }
    path->end = split_end(text, &rest);
    if (path->end != FLE_N_ENDS && batch->ends[path->end] && open_attribute(path, rest))
        return true;
    path->end = FLE_N_ENDS;
    return false;
}

bool fle_path_known(flowenrich_text text)
{
    fle_path path;
    flowenrich_text rest;

    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        if (fle_text_is(text, fle_fields[i].path))
            return true;
    if (is_any(text, added, sizeof added / sizeof *added) || fle_part_find(text) != FLE_N_PARTS)
        return true;
    return split_end(text, &rest) != FLE_N_ENDS &&
           (is_any(rest, added_to_end, sizeof added_to_end / sizeof *added_to_end) ||
            open_attribute(&path, rest));
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
