/* SPDX-License-Identifier: Apache-2.0 */
/* Adding what another aggregator holds. */
#include "aggregate/budget.h"
#include "base/error.h"
#include "base/number.h"

/* What is the same for all groups that are merged. */
typedef struct merging {
    flowenrich_aggregator *into;
    const flowenrich_aggregator *from;
    uint32_t *codes;  /* of the values of 'from' */
    uint32_t *panes;  /* of its panes; FLE_ABSENT: there are too many */
    uint64_t *floors; /* of 'from', by panes of 'into': what a group may have had there */
} merging;

static bool is_empty(const flowenrich_aggregator *aggregator)
{
    for (uint32_t i = 0; i < aggregator->panes.n; i++)
        if (aggregator->panes.items[i].other)
            return false;
    return aggregator->store.n == 0;
}

/* ---- May they be added up? ---- */

static bool is_same_request(const flowenrich_aggregator *a, const flowenrich_aggregator *b,
                            bool *failed)
{
    fle_buffer one, other;
    bool same;

    fle_buffer_init(&one, &a->allocator);
    fle_buffer_init(&other, &a->allocator);
    fle_request_sign(&a->request, &one);
    fle_request_sign(&b->request, &other);
    *failed = one.failed || other.failed;
    same = fle_text_equal(fle_text(one.data, one.len), fle_text(other.data, other.len));
    fle_buffer_free(&one);
    fle_buffer_free(&other);
    return same && !*failed;
}

static flowenrich_status check(const flowenrich_aggregator *into, const flowenrich_aggregator *from,
                               flowenrich_error *error)
{
    bool failed;

    if (into->due.is_active || from->due.is_active)
        return fle_error(error, FLOWENRICH_ERR_ARG, "take all groups that are due out before");
    if (!is_same_request(into, from, &failed))
        return failed ? fle_error_nomem(error)
                      : fle_error(error, FLOWENRICH_ERR_ARG,
                                  "these groups are by other paths, measures, windows or filters");
    if (into->level != from->level && !is_empty(into) && !is_empty(from))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "records and conversations can't be added up in one aggregator");
    if (into->closed != from->closed && !is_empty(into) && !is_empty(from))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "windows were told up to different times: advance both alike");
    for (size_t i = 0; i < into->keys.n; i++)
        if (into->keys.paths[i].type != 0 && from->keys.paths[i].type != 0 &&
            into->keys.paths[i].type != from->keys.paths[i].type)
            return fle_error(error, FLOWENRICH_ERR_ARG, "'%s' is of another type there",
                             into->request.by[i].name.data);
    return FLOWENRICH_OK;
}

/* ---- Merging. ---- */

static bool map_panes(merging *m)
{
    for (uint32_t i = 0; i < m->from->panes.n; i++) {
        const fle_pane *pane = &m->from->panes.items[i];
        bool is_full;

        m->panes[i] = fle_panes_find(&m->into->panes, pane->start, pane->is_late, &is_full);
        if (m->panes[i] == FLE_ABSENT)
            return false;
        if (is_full)
            m->panes[i] = FLE_ABSENT;
    }
    return true;
}

static bool count_floors(merging *m)
{
    flowenrich_aggregator *into = m->into;

    m->floors = fle_alloc(&into->allocator, into->panes.n * sizeof *m->floors);
    for (uint32_t i = 0; m->floors && i < into->panes.n; i++)
        m->floors[i] = m->from->panes.lost;
    for (uint32_t i = 0; m->floors && i < m->from->panes.n; i++)
        if (m->panes[i] != FLE_ABSENT)
            m->floors[m->panes[i]] = m->from->panes.items[i].floor;
    return m->floors != NULL;
}

/* As if none of the groups were in 'from'; for those that are, merge_group() mends it. */
static bool raise_errors(merging *m)
{
    flowenrich_aggregator *into = m->into;
    const fle_layout *layout = &into->layout;

    for (uint32_t i = 0; i < into->store.n; i++) {
        unsigned char *group = fle_store_at(&into->store, i);
        const uint64_t had = fle_group_more(layout, group);

        if (!fle_group_set_error(layout, group,
                                 fle_plus(fle_group_error(layout, group),
                                          m->floors[fle_aggregator_pane(into, group)])))
            return false;
        into->more += fle_group_more(layout, group) - had;
    }
    return true;
}

/* Where there are too many panes: the groups of one are counted with those of no time. */
static bool lose(merging *m, const unsigned char *group)
{
    fle_panes *panes = &m->into->panes;
    bool is_full;
    const uint32_t number = fle_panes_find(panes, FLOWENRICH_TIME_ABSENT, false, &is_full);
    unsigned char *other = number != FLE_ABSENT ? fle_panes_other(panes, number) : NULL;

    if (!other)
        return false;
    panes->lost = fle_plus(panes->lost, fle_group_rank(&m->into->layout, group));
    return fle_group_add(&m->into->layout, other, group);
}

/* A group that is only there: of what is here as much may have gone as the pane's floor. */
static bool add_group(merging *m, const uint32_t *key, uint64_t hash, uint32_t pane,
                      const unsigned char *group)
{
    flowenrich_aggregator *into = m->into;
    const fle_layout *layout = &into->layout;
    const uint32_t number = fle_store_add(&into->store, key, hash);
    unsigned char *to;

    if (number == FLE_ABSENT)
        return false;
    to = fle_store_at(&into->store, number);
    fle_group_begin(layout, to);
    if (!fle_group_set_error(
            layout, to, fle_plus(into->panes.items[pane].floor, fle_group_error(layout, group))) ||
        !fle_group_add(layout, to, group))
        return false;
    into->extra += fle_keys_hold(&into->keys, key);
    into->more += fle_group_more(layout, to);
    return true;
}

static bool merge_group(merging *m, const unsigned char *group)
{
    flowenrich_aggregator *into = m->into;
    fle_store *store = &into->store;
    const fle_layout *layout = &into->layout;
    const uint32_t pane = m->panes[fle_aggregator_pane(m->from, group)];
    const uint64_t error = fle_group_error(layout, group);
    uint32_t *key = into->block, number;
    uint64_t hash;
    unsigned char *to;

    if (pane == FLE_ABSENT)
        return lose(m, group);
    memcpy(key, group, into->keys.words * sizeof *key);
    if (into->keys.first > 0)
        key[0] = pane;
    if (!fle_keys_translate(&into->keys, &m->from->keys.values, m->codes, key))
        return false;
    hash = fle_store_hash(store, key);
    number = fle_store_find(store, key, hash);
    if (number == FLE_ABSENT)
        return add_group(m, key, hash, pane, group);
    to = fle_store_at(store, number);
    into->more -= fle_group_more(layout, to);
    if (!fle_group_set_error(
            layout, to, fle_group_error_but(fle_group_error(layout, to), m->floors[pane], error)) ||
        !fle_group_add(layout, to, group))
        return false;
    into->more += fle_group_more(layout, to);
    return true;
}

static bool merge_others(merging *m)
{
    fle_panes *panes = &m->into->panes;

    for (uint32_t i = 0; i < m->from->panes.n; i++) {
        const unsigned char *from = m->from->panes.items[i].other;
        unsigned char *to;

        if (!from)
            continue;
        if (m->panes[i] == FLE_ABSENT) {
            if (!lose(m, from))
                return false;
            continue;
        }
        to = fle_panes_other(panes, m->panes[i]);
        if (!to || !fle_group_add(&m->into->layout, to, from))
            return false;
    }
    for (uint32_t i = 0; i < panes->n; i++)
        panes->items[i].floor = fle_plus(panes->items[i].floor, m->floors[i]);
    panes->lost = fle_plus(panes->lost, m->from->panes.lost);
    return true;
}

static bool merge_groups(merging *m)
{
    const flowenrich_aggregator *from = m->from;

    if (!map_panes(m) || !count_floors(m) || !raise_errors(m))
        return false;
    for (uint32_t i = 0; i < from->store.n; i++)
        if (!merge_group(m, fle_store_at(&from->store, i)))
            return false;
    if (!merge_others(m))
        return false;
    while (fle_budget_is_over(m->into, m->into->store.n))
        if (!fle_budget_evict(m->into))
            return false;
    return true;
}

static void merge_rest(flowenrich_aggregator *into, const flowenrich_aggregator *from)
{
    if (from->longest > into->longest)
        into->longest = from->longest;
    if (from->sequence > into->sequence)
        into->sequence = from->sequence;
    for (size_t i = 0; i < FLE_AGGREGATE_N_STATS; i++)
        into->stats[i] += from->stats[i];
}

/* Of two that hold nothing, or one that does, what was told by whom is no matter. */
static bool take_over(flowenrich_aggregator *into, const flowenrich_aggregator *from)
{
    if (is_empty(into) && !is_empty(from)) {
        if (!fle_aggregator_begin(into, from->level))
            return false;
        into->closed = from->closed;
        into->watermark = from->watermark;
    }
    for (size_t i = 0; i < into->keys.n; i++)
        if (from->keys.paths[i].type != 0)
            into->keys.paths[i].type = from->keys.paths[i].type;
    return true;
}

flowenrich_status flowenrich_aggregator_merge(flowenrich_aggregator *into,
                                              const flowenrich_aggregator *from,
                                              flowenrich_error *error)
{
    merging m = { .into = into, .from = from };
    flowenrich_status status;
    bool done;

    if (!into || !from || into == from)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'into' or 'from' is NULL, or both are one");
    status = check(into, from, error);
    if (status != FLOWENRICH_OK)
        return status;
    m.codes = fle_alloc_zeroed(&into->allocator, from->keys.values.n * sizeof *m.codes);
    m.panes = fle_alloc(&into->allocator, from->panes.n * sizeof *m.panes);
    done = m.codes && m.panes && take_over(into, from) && (is_empty(from) || merge_groups(&m));
    if (done)
        merge_rest(into, from);
    fle_free(&into->allocator, m.codes);
    fle_free(&into->allocator, m.panes);
    fle_free(&into->allocator, m.floors);
    return done ? fle_error_ok(error) : fle_error_nomem(error);
}
