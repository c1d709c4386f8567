/* SPDX-License-Identifier: Apache-2.0 */
/* Which windows are due, and their groups in the order in which they come out. */
#include "aggregate/budget.h"
#include "base/prefetch.h"

static void drop_view(fle_due *due, const fle_layout *layout)
{
    if (due->view_other)
        fle_group_drop(layout, due->view_other);
    fle_aggregator_free_store(layout, &due->view);
}

void fle_due_free(fle_due *due, const fle_layout *layout, const fle_allocator *allocator)
{
    drop_view(due, layout);
    fle_free(allocator, due->panes);
    fle_free(allocator, due->groups);
    fle_free(allocator, due->begins);
    fle_free(allocator, due->order.items);
    fle_free(allocator, due->view_other);
    memset(due, 0, sizeof *due);
}

/* ---- Panes by time, and groups by pane. ---- */

static const fle_pane *pane_at(const flowenrich_aggregator *aggregator, size_t i)
{
    return &aggregator->panes.items[aggregator->due.panes[i]];
}

/* Late ones first, those without time last; of absent times the number is the least there is. */
static bool pane_before(const void *ctx, const fle_ranked *a, const fle_ranked *b)
{
    const fle_panes *panes = ctx;
    const fle_pane *one = &panes->items[a->number], *other = &panes->items[b->number];

    if (one->is_late != other->is_late)
        return one->is_late;
    if ((one->start == FLOWENRICH_TIME_ABSENT) != (other->start == FLOWENRICH_TIME_ABSENT))
        return other->start == FLOWENRICH_TIME_ABSENT;
    return one->start < other->start;
}

static bool sort_panes(flowenrich_aggregator *aggregator)
{
    const fle_panes *panes = &aggregator->panes;
    fle_due *due = &aggregator->due;
    const fle_ranked *next;

    fle_order_begin(&due->order, aggregator->store.seed);
    due->order.comes_before = pane_before;
    due->order.ctx = panes;
    for (uint32_t i = 0; i < panes->n; i++)
        if (!fle_order_add(&due->order, &aggregator->allocator, (fle_ranked){ 0, i, 0 }))
            return false;
    for (; (next = fle_order_next(&due->order)) != NULL; fle_order_pass(&due->order)) {
        const fle_pane *pane = &panes->items[next->number];

        due->panes[due->n++] = next->number;
        due->n_late += pane->is_late;
        due->n_timed += pane->start != FLOWENRICH_TIME_ABSENT;
    }
    return true;
}

/* Where the groups begin that are in the same pane as this one. */
static uint32_t *begin_of(const flowenrich_aggregator *aggregator, const uint32_t *places,
                          uint32_t group)
{
    const unsigned char *data = fle_store_at(&aggregator->store, group);

    return &aggregator->due.begins[places[fle_aggregator_pane(aggregator, data)]];
}

/* By counting, in one pass over the groups for all windows that are due. */
static void sort_groups(flowenrich_aggregator *aggregator, uint32_t *places)
{
    const fle_store *store = &aggregator->store;
    fle_due *due = &aggregator->due;
    uint32_t sum = 0;

    for (size_t i = 0; i < due->n; i++)
        places[due->panes[i]] = (uint32_t)i;
    for (uint32_t i = 0; i < store->n; i++)
        ++*begin_of(aggregator, places, i);
    for (size_t i = 0; i <= due->n; i++) {
        const uint32_t n = due->begins[i];

        due->begins[i] = sum;
        sum += n;
    }
    for (uint32_t i = 0; i < store->n; i++)
        due->groups[(*begin_of(aggregator, places, i))++] = i;
    /* Each begin is now where the next one was. */
    for (size_t i = due->n; i-- > 0;)
        due->begins[i + 1] = due->begins[i];
    due->begins[0] = 0;
}

/* The earliest window that ends after 'from'. */
static flowenrich_time first_window(const fle_request *request, flowenrich_time from)
{
    const flowenrich_time slide = request->slide;
    flowenrich_time start;

    if (from < INT64_MIN / 2)
        return INT64_MIN;
    start = from - request->window;
    return start - (start % slide + slide) % slide + slide;
}

bool fle_due_begin(flowenrich_aggregator *aggregator, flowenrich_time until)
{
    const fle_allocator *allocator = &aggregator->allocator;
    const size_t n = aggregator->panes.n;
    fle_due *due = &aggregator->due;
    uint32_t *places;
    bool done;

    fle_due_free(due, &aggregator->layout, allocator);
    due->panes = fle_alloc(allocator, n * sizeof *due->panes);
    due->begins = fle_alloc_zeroed(allocator, (n + 1) * sizeof *due->begins);
    due->groups = fle_alloc(allocator, aggregator->store.n * sizeof *due->groups);
    places = fle_alloc(allocator, n * sizeof *places);
    done = due->panes && due->begins && due->groups && places && sort_panes(aggregator);
    if (done)
        sort_groups(aggregator, places);
    fle_free(allocator, places);
    if (!done) {
        fle_due_free(due, &aggregator->layout, allocator);
        return false;
    }
    due->from = aggregator->closed;
    due->until = until;
    due->next = INT64_MIN;
    due->in_late = true;
    due->is_active = true;
    aggregator->sequence += due->n_late > 0;
    return true;
}

/* ---- From window to window. ---- */

typedef struct span {
    flowenrich_time start;
    bool is_late;
    size_t first, n; /* panes */
} span;

static bool is_due(const flowenrich_aggregator *aggregator, const fle_pane *pane)
{
    const fle_request *request = &aggregator->request;

    if (pane->is_late || request->window == 0)
        return true;
    if (pane->start == FLOWENRICH_TIME_ABSENT)
        return aggregator->due.until == FLOWENRICH_TIME_END;
    return pane->start + request->window <= aggregator->due.until;
}

static bool next_pane(flowenrich_aggregator *aggregator, span *out)
{
    fle_due *due = &aggregator->due;

    while (due->at < due->n) {
        const fle_pane *pane = pane_at(aggregator, due->at++);

        if (is_due(aggregator, pane)) {
            *out = (span){ pane->start, pane->is_late, due->at - 1, 1 };
            return true;
        }
    }
    return false;
}

/*
 * The next window of panes that overlap others'. Late rows are told of windows that were told
 * before, up to 'from'; the others of those after it.
 */
static bool next_sliding(flowenrich_aggregator *aggregator, span *out)
{
    const fle_request *request = &aggregator->request;
    fle_due *due = &aggregator->due;

    while (due->at < due->n_timed || due->in_late) {
        const size_t end = due->in_late ? due->n_late : due->n_timed;
        const flowenrich_time limit = due->in_late ? due->from : due->until;
        flowenrich_time start;

        while (due->at < end && pane_at(aggregator, due->at)->start < due->next)
            due->at++;
        start = due->at < end
                    ? pane_at(aggregator, due->at)->start - request->window + request->slide
                    : due->next;
        if (start < due->next)
            start = due->next;
        if (due->at < end && start + request->window <= limit) {
            *out = (span){ start, due->in_late, due->at, 0 };
            while (out->first + out->n < end &&
                   pane_at(aggregator, out->first + out->n)->start < start + request->window)
                out->n++;
            due->next = start + request->slide;
            return true;
        }
        due->at = end;
        if (due->in_late)
            due->next = first_window(request, due->from);
        due->in_late = false;
    }
    return next_pane(aggregator, out);
}

/* ---- The groups of a window. ---- */

static uint64_t positive(const flowenrich_aggregator *aggregator, uint32_t number, fle_sum sum)
{
    const fle_shown shown =
        fle_group_sum(&aggregator->layout, fle_store_at(aggregator->due.from_store, number), sum);

    return shown.is_negative ? 0 : shown.value;
}

static bool is_ranked_by_amount(const flowenrich_aggregator *aggregator)
{
    return aggregator->layout.places[FLE_SUM_AMOUNT] != 0;
}

/* What costs most first, then with most bytes, then by keys. No two are equal. */
static bool group_before(const void *ctx, const fle_ranked *a, const fle_ranked *b)
{
    const flowenrich_aggregator *aggregator = ctx;
    const fle_store *store = aggregator->due.from_store;
    uint64_t one, other;

    if (is_ranked_by_amount(aggregator)) {
        one = positive(aggregator, a->number, FLE_SUM_BYTES);
        other = positive(aggregator, b->number, FLE_SUM_BYTES);
        if (one != other)
            return one > other;
    }
    return fle_keys_compare(&aggregator->keys,
                            (const uint32_t *)(const void *)fle_store_at(store, a->number),
                            (const uint32_t *)(const void *)fle_store_at(store, b->number)) < 0;
}

static void expect_groups(const void *ctx, const fle_ranked *items, size_t n)
{
    const flowenrich_aggregator *aggregator = ctx;
    const fle_store *store = aggregator->due.from_store;

    for (size_t i = 0; i < n; i++)
        fle_prefetch(fle_store_at(store, items[i].number), store->width);
}

static bool rank_group(flowenrich_aggregator *aggregator, uint32_t number)
{
    const bool is_by_amount = is_ranked_by_amount(aggregator);
    const unsigned char *group = fle_store_at(aggregator->due.from_store, number);
    const fle_ranked ranked = {
        positive(aggregator, number, is_by_amount ? FLE_SUM_AMOUNT : FLE_SUM_BYTES), number,
        is_by_amount ? 0 : fle_keys_hint(&aggregator->keys, (const uint32_t *)(const void *)group)
    };

    return fle_order_add(&aggregator->due.order, &aggregator->allocator, ranked);
}

/* In the view keys differ from those held: a pane's number is that of no window. */
static unsigned char *in_view(flowenrich_aggregator *aggregator, const unsigned char *group,
                              uint64_t floors)
{
    fle_due *due = &aggregator->due;
    uint32_t *key = aggregator->block;
    uint64_t hash;
    uint32_t number;

    memcpy(key, group, aggregator->keys.words * sizeof *key);
    key[0] = 0;
    hash = fle_store_hash(&due->view, key);
    number = fle_store_find(&due->view, key, hash);
    if (number != FLE_ABSENT)
        return fle_store_at(&due->view, number);
    number = fle_store_add(&due->view, key, hash);
    if (number == FLE_ABSENT)
        return NULL;
    fle_group_begin(&aggregator->layout, fle_store_at(&due->view, number));
    if (!fle_group_set_error(&aggregator->layout, fle_store_at(&due->view, number), floors))
        return NULL;
    return fle_store_at(&due->view, number);
}

/* A group that one of the panes hasn't got may have as much there as that pane's floor. */
static bool view_pane(flowenrich_aggregator *aggregator, size_t i, uint64_t floors)
{
    const fle_layout *layout = &aggregator->layout;
    const fle_pane *pane = pane_at(aggregator, i);
    fle_due *due = &aggregator->due;

    for (uint32_t g = due->begins[i]; g < due->begins[i + 1]; g++) {
        const unsigned char *group = fle_store_at(&aggregator->store, due->groups[g]);
        unsigned char *into = in_view(aggregator, group, floors);

        if (!into || !fle_group_add(layout, into, group) ||
            !fle_group_set_error(layout, into,
                                 fle_group_error_but(fle_group_error(layout, into), pane->floor,
                                                     fle_group_error(layout, group))))
            return false;
    }
    if (!pane->other)
        return true;
    due->other = due->view_other;
    return fle_group_add(layout, due->view_other, pane->other);
}

static bool view_window(flowenrich_aggregator *aggregator, const span *window)
{
    fle_due *due = &aggregator->due;
    uint64_t floors = 0;

    drop_view(due, &aggregator->layout);
    fle_store_init(&due->view, &aggregator->allocator, aggregator->store.seed,
                   aggregator->store.key_words, aggregator->store.width);
    if (!due->view_other)
        due->view_other = fle_alloc_zeroed(&aggregator->allocator, aggregator->layout.width);
    if (!due->view_other)
        return false;
    memset(due->view_other, 0, aggregator->layout.width);
    fle_group_begin(&aggregator->layout, due->view_other);
    for (size_t i = window->first; i < window->first + window->n; i++)
        floors = fle_plus(floors, pane_at(aggregator, i)->floor);
    for (size_t i = window->first; i < window->first + window->n; i++)
        if (!view_pane(aggregator, i, floors))
            return false;
    due->from_store = &due->view;
    for (uint32_t i = 0; i < due->view.n; i++)
        if (!rank_group(aggregator, i))
            return false;
    return true;
}

/*
 * Without windows, what a reversal took out of a group that had gone before lies in 'other': it
 * is taken out there.
 */
static bool settle(flowenrich_aggregator *aggregator, unsigned char *group, const fle_pane *pane)
{
    return aggregator->request.window > 0 || !pane->other ||
           fle_group_settle(&aggregator->layout, group, pane->other);
}

static bool take_pane(flowenrich_aggregator *aggregator, size_t i)
{
    const fle_pane *pane = pane_at(aggregator, i);
    fle_due *due = &aggregator->due;

    due->from_store = &aggregator->store;
    due->other = pane->other;
    for (uint32_t g = due->begins[i]; g < due->begins[i + 1]; g++) {
        if (!settle(aggregator, fle_store_at(&aggregator->store, due->groups[g]), pane) ||
            !rank_group(aggregator, due->groups[g]))
            return false;
    }
    return true;
}

bool fle_due_next(flowenrich_aggregator *aggregator, bool *more)
{
    const fle_request *request = &aggregator->request;
    fle_due *due = &aggregator->due;
    span window;

    *more = request->slide < request->window ? next_sliding(aggregator, &window)
                                             : next_pane(aggregator, &window);
    due->in_window = *more;
    if (!*more)
        return true;
    due->start = window.start;
    due->is_late = window.is_late;
    due->is_other_told = due->is_half_told = false;
    due->other = NULL;
    fle_order_begin(&due->order, aggregator->store.seed);
    due->order.comes_before = group_before;
    due->order.expect = expect_groups;
    due->order.ctx = aggregator;
    return request->slide < request->window && window.start != FLOWENRICH_TIME_ABSENT
               ? view_window(aggregator, &window)
               : take_pane(aggregator, window.first);
}

/* ---- Afterwards. ---- */

/* Does no window to come have it? */
static bool is_over(const flowenrich_aggregator *aggregator, const fle_pane *pane)
{
    return is_due(aggregator, pane) ||
           (pane->start != FLOWENRICH_TIME_ABSENT &&
            pane->start + aggregator->request.window <= aggregator->closed);
}

static bool drop(flowenrich_aggregator *aggregator, uint32_t *numbers, uint8_t *keep)
{
    fle_store *store = &aggregator->store;
    uint32_t n = 0;

    for (uint32_t i = 0; i < aggregator->panes.n; i++)
        numbers[i] = is_over(aggregator, &aggregator->panes.items[i]) ? FLE_ABSENT : n++;
    if (n == 0)
        return fle_aggregator_clear(aggregator);
    for (uint32_t i = 0; i < store->n; i++) {
        unsigned char *group = fle_store_at(store, i);
        const uint32_t pane = fle_aggregator_pane(aggregator, group);

        if (numbers[pane] == FLE_ABSENT) {
            fle_group_drop(&aggregator->layout, group);
            continue;
        }
        memcpy(group, &numbers[pane], sizeof pane);
        keep[i >> 3] |= (uint8_t)(1U << (i & 7));
    }
    fle_store_keep(store, keep);
    fle_budget_recount(aggregator);
    return fle_panes_renumber(&aggregator->panes, numbers);
}

bool fle_due_end(flowenrich_aggregator *aggregator)
{
    const fle_allocator *allocator = &aggregator->allocator;
    uint32_t *numbers = fle_alloc(allocator, aggregator->panes.n * sizeof *numbers);
    uint8_t *keep = fle_alloc_zeroed(allocator, (aggregator->store.n + 7) / 8);
    const bool done = numbers && keep && drop(aggregator, numbers, keep);

    if (aggregator->due.until == FLOWENRICH_TIME_END) /* what comes after that is another stream */
        aggregator->watermark = aggregator->closed = INT64_MIN;
    fle_free(allocator, numbers);
    fle_free(allocator, keep);
    fle_due_free(&aggregator->due, &aggregator->layout, allocator);
    return done;
}
