/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: what a resolver said of one question. They live in the batch that asked. */
#include "record/answer.h"

#define TAG_PREFIX "tags."

void fle_answer_init(flowenrich_answer *answer, fle_arena *arena)
{
    memset(answer, 0, sizeof *answer);
    answer->first = answer->last = FLOWENRICH_TIME_ABSENT;
    answer->hold_from = answer->hold_until = FLOWENRICH_TIME_ABSENT;
    answer->arena = arena;
}

bool fle_answer_is_given(const flowenrich_answer *answer)
{
    return answer->by != FLE_BY_NONE || answer->reason == FLE_REASON_REFUSED;
}

static bool copy_text(fle_arena *arena, flowenrich_text *text)
{
    return text->len == 0 || fle_arena_text(arena, text->data, text->len, text);
}

static bool copy_texts(fle_arena *arena, fle_texts *texts)
{
    flowenrich_text *items = fle_arena_alloc(arena, texts->n * sizeof *items);

    if (!items)
        return false;
    for (size_t i = 0; i < texts->n; i++) {
        items[i] = texts->items[i];
        if (!copy_text(arena, &items[i]))
            return false;
    }
    texts->items = items;
    return true;
}

bool fle_answer_copy(flowenrich_answer *answer, const flowenrich_answer *from)
{
    fle_identity *identity = &answer->identity;

    *identity = from->identity;
    answer->by = from->by;
    answer->sure = from->sure;
    answer->reason = from->reason;
    answer->reason_name = from->reason_name;
    answer->behind = from->behind;
    for (size_t i = 0; i < FLE_N_SINGLE; i++)
        if (!copy_text(answer->arena, &identity->single[i]))
            return false;
    return copy_texts(answer->arena, &identity->arns) &&
           copy_texts(answer->arena, &identity->security_group_ids) &&
           copy_texts(answer->arena, &identity->tags) &&
           copy_text(answer->arena, &answer->reason_name) &&
           copy_text(answer->arena, &answer->behind);
}

static bool texts_equal(const fle_texts *a, const fle_texts *b)
{
    size_t i = 0;

    while (i < a->n && i < b->n && fle_text_equal(a->items[i], b->items[i]))
        i++;
    return i == a->n && i == b->n;
}

bool fle_answer_equal(const flowenrich_answer *a, const flowenrich_answer *b)
{
    if (a->by != b->by || a->sure != b->sure || a->reason != b->reason ||
        !fle_text_equal(a->reason_name, b->reason_name) || !fle_text_equal(a->behind, b->behind))
        return false;
    for (size_t i = 0; i < FLE_N_SINGLE; i++)
        if (!fle_text_equal(a->identity.single[i], b->identity.single[i]))
            return false;
    return texts_equal(&a->identity.arns, &b->identity.arns) &&
           texts_equal(&a->identity.security_group_ids, &b->identity.security_group_ids) &&
           texts_equal(&a->identity.tags, &b->identity.tags);
}

flowenrich_text fle_answer_text(const flowenrich_answer *answer, fle_attribute attribute)
{
    if (attribute < FLE_N_SINGLE)
        return answer->identity.single[attribute];
    switch (attribute) {
    case FLE_ATTR_BEHIND:
        return answer->behind;
    case FLE_ATTR_BY:
        return answer->by_name.len ? answer->by_name : fle_text_of(fle_by_names[answer->by]);
    case FLE_ATTR_SURE:
        return fle_text_of(fle_sure_names[answer->sure]);
    case FLE_ATTR_REASON:
        return answer->reason_name.len ? answer->reason_name
                                       : fle_text_of(fle_reason_names[answer->reason]);
    default:
        return fle_text(NULL, 0);
    }
}

fle_texts fle_answer_texts(const flowenrich_answer *answer, fle_attribute attribute)
{
    static const fle_texts none = { NULL, 0 };

    switch (attribute) {
    case FLE_ATTR_ARNS:
        return answer->identity.arns;
    case FLE_ATTR_SECURITY_GROUP_IDS:
        return answer->identity.security_group_ids;
    case FLE_ATTR_TAGS:
        return answer->identity.tags;
    default:
        return none;
    }
}

/* A list with 'more' further texts in a new place: the old one may be a snapshot's. */
static flowenrich_text *extended(fle_arena *arena, const fle_texts *texts, size_t more)
{
    flowenrich_text *items = fle_arena_alloc(arena, (texts->n + more) * sizeof *items);

    if (items && texts->n)
        memcpy(items, texts->items, texts->n * sizeof *items);
    return items;
}

static flowenrich_status add_text(fle_arena *arena, fle_texts *texts, flowenrich_text value)
{
    flowenrich_text *items = extended(arena, texts, 1);

    if (!items)
        return FLOWENRICH_ERR_NOMEM;
    items[texts->n] = value;
    texts->items = items;
    texts->n++;
    return FLOWENRICH_OK;
}

/* Tags stay sorted by key, so that the same answers give the same bytes. */
static flowenrich_status set_tag(fle_arena *arena, fle_texts *tags, flowenrich_text key,
                                 flowenrich_text value)
{
    flowenrich_text *items = extended(arena, tags, 2);
    size_t at = 0;

    if (!items)
        return FLOWENRICH_ERR_NOMEM;
    while (at < tags->n && fle_text_compare(items[at], key) < 0)
        at += 2;
    if (at == tags->n || !fle_text_equal(items[at], key)) {
        memmove(items + at + 2, items + at, (tags->n - at) * sizeof *items);
        items[at] = key;
        tags->n += 2;
    }
    items[at + 1] = value;
    tags->items = items;
    return FLOWENRICH_OK;
}

static flowenrich_status set_value(flowenrich_answer *answer, flowenrich_text path,
                                   flowenrich_text value)
{
    fle_identity *identity = &answer->identity;
    const fle_attribute attribute = fle_attribute_find(path);
    flowenrich_text key;

    if (attribute < FLE_N_SINGLE) {
        identity->single[attribute] = value;
        return FLOWENRICH_OK;
    }
    if (attribute == FLE_ATTR_ARNS)
        return add_text(answer->arena, &identity->arns, value);
    if (attribute == FLE_ATTR_SECURITY_GROUP_IDS)
        return add_text(answer->arena, &identity->security_group_ids, value);
    if (!fle_text_starts(path, TAG_PREFIX) || path.len == sizeof TAG_PREFIX - 1)
        return FLOWENRICH_ERR_ARG;
    if (!fle_arena_text(answer->arena, path.data + sizeof TAG_PREFIX - 1,
                        path.len - (sizeof TAG_PREFIX - 1), &key))
        return FLOWENRICH_ERR_NOMEM;
    return set_tag(answer->arena, &identity->tags, key, value);
}

/* Something was said, so somebody is named. */
static void give(flowenrich_answer *answer)
{
    if (answer->by != FLE_BY_NONE)
        return;
    answer->by = FLE_BY_RESOLVER;
    answer->reason = FLE_REASON_NONE;
    if (answer->sure == 0)
        answer->sure = FLOWENRICH_SURE_SIGHTED;
}

flowenrich_status flowenrich_answer_set(flowenrich_answer *answer, const char *path,
                                        const char *value, size_t len)
{
    flowenrich_text copy;
    flowenrich_status status;

    if (!answer || !path || (!value && len))
        return FLOWENRICH_ERR_ARG;
    if (len == 0)
        return FLOWENRICH_OK;
    if (!fle_arena_text(answer->arena, value, len, &copy))
        return FLOWENRICH_ERR_NOMEM;
    status = set_value(answer, fle_text_of(path), copy);
    if (status == FLOWENRICH_OK)
        give(answer);
    return status;
}

flowenrich_status flowenrich_answer_behind(flowenrich_answer *answer, const char *interface_id,
                                           size_t len)
{
    if (!answer || !interface_id || len == 0)
        return FLOWENRICH_ERR_ARG;
    if (!fle_arena_text(answer->arena, interface_id, len, &answer->behind))
        return FLOWENRICH_ERR_NOMEM;
    give(answer);
    return FLOWENRICH_OK;
}

void fle_answer_network(flowenrich_answer *answer, flowenrich_text name)
{
    flowenrich_text *network = &answer->identity.single[FLE_ATTR_NETWORK];

    if (name.len == 0 || network->len > 0)
        return;
    *network = name;
    if (answer->reason != FLE_REASON_NOT_IN_INVENTORY ||
        answer->identity.single[FLE_ATTR_VPC_ID].len > 0)
        return;
    answer->by = FLE_BY_PREFIX_LIST;
    answer->sure = FLOWENRICH_SURE_SIGHTED;
    answer->reason = FLE_REASON_NONE;
}

void flowenrich_answer_hold(flowenrich_answer *answer, flowenrich_time from, flowenrich_time until)
{
    if (!answer || from == FLOWENRICH_TIME_ABSENT || until < from)
        return;
    answer->hold_from = from;
    answer->hold_until = until;
}

void flowenrich_answer_sure(flowenrich_answer *answer, flowenrich_sure sure)
{
    if (answer && sure >= FLOWENRICH_SURE_ASSUMED && sure <= FLOWENRICH_SURE_EXACT)
        answer->sure = sure;
}

flowenrich_status flowenrich_answer_refuse(flowenrich_answer *answer, const char *reason,
                                           size_t len)
{
    flowenrich_text copy;

    if (!answer || !reason || len == 0)
        return FLOWENRICH_ERR_ARG;
    if (!fle_arena_text(answer->arena, reason, len, &copy))
        return FLOWENRICH_ERR_NOMEM;
    answer->by = FLE_BY_NONE;
    answer->sure = 0;
    answer->reason = FLE_REASON_REFUSED;
    answer->reason_name = copy;
    return FLOWENRICH_OK;
}
