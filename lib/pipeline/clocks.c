/* SPDX-License-Identifier: Apache-2.0 */
/* How late it is by the rows of each source: who is last is waited for, but not for ever. */
#include "pipeline/clocks.h"

#include "record/source.h"

#define MOST_SOURCES 65536 /* those beyond are one with those without a name */
#define FAR 86400          /* seconds: no row alone moves the time so far */

static const fle_source_clock unheard = { FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT, 0 };

bool fle_clocks_init(fle_clocks *clocks, const fle_allocator *allocator, uint64_t hash_seed,
                     int64_t idle)
{
    memset(clocks, 0, sizeof *clocks);
    clocks->allocator = allocator;
    clocks->idle = idle;
    fle_arena_init(&clocks->names, allocator);
    clocks->by_name = fle_map_new(allocator, hash_seed);
    clocks->items = fle_grow(allocator, NULL, &clocks->capacity, 1, sizeof *clocks->items);
    if (!clocks->by_name || !clocks->items)
        return false;
    fle_clocks_clear(clocks);
    return true;
}

void fle_clocks_free(fle_clocks *clocks)
{
    if (!clocks->allocator)
        return;
    fle_free(clocks->allocator, clocks->items);
    fle_map_free(clocks->by_name);
    fle_arena_free(&clocks->names);
}

void fle_clocks_clear(fle_clocks *clocks)
{
    fle_map_clear(clocks->by_name);
    fle_arena_clear(&clocks->names);
    clocks->items[0] = unheard;
    clocks->n = 1;
    clocks->passed = 0;
    clocks->told = FLOWENRICH_TIME_ABSENT;
    clocks->has_moved = clocks->is_over = false;
}

/* No sum of seconds is the end of time. */
static int64_t sum(int64_t a, int64_t seconds)
{
    return a < INT64_MAX - 1 - seconds ? a + seconds : INT64_MAX - 1;
}

/* ---- Rows. ---- */

static bool add(fle_clocks *clocks, flowenrich_text name, size_t *out)
{
    fle_source_clock *items =
        fle_grow(clocks->allocator, clocks->items, &clocks->capacity, clocks->n + 1, sizeof *items);
    flowenrich_text kept;

    if (!items)
        return false;
    clocks->items = items;
    if (!fle_arena_text(&clocks->names, name.data, name.len, &kept) ||
        !fle_map_add(clocks->by_name, kept.data, kept.len, (uint32_t)clocks->n))
        return false;
    items[clocks->n] = unheard;
    *out = clocks->n++;
    return true;
}

static bool find(fle_clocks *clocks, flowenrich_text name, size_t *out)
{
    const uint32_t *number = fle_map_find(clocks->by_name, name.data, name.len);

    *out = number ? *number : 0;
    return number || name.len == 0 || clocks->n >= MOST_SOURCES || add(clocks, name, out);
}

/* A row alone from the far future is a wrong one; another one says that it isn't. */
static bool is_believed(fle_source_clock *clock, flowenrich_time end)
{
    if (clock->newest == FLOWENRICH_TIME_ABSENT || end - clock->newest <= FAR)
        return true;
    if (clock->ahead != FLOWENRICH_TIME_ABSENT && clock->ahead != end)
        return true;
    clock->ahead = end;
    return false;
}

static void hear(fle_clocks *clocks, fle_source_clock *clock, flowenrich_time end)
{
    if (!is_believed(clock, end))
        return;
    if (clock->newest == FLOWENRICH_TIME_ABSENT) {
        clock->newest = end;
        clocks->has_moved = true;
    } else if (end > clock->newest) {
        const int64_t passed = sum(clock->heard, end - clock->newest);

        clocks->passed = passed > clocks->passed ? passed : clocks->passed;
        clock->newest = end;
        clock->ahead = FLOWENRICH_TIME_ABSENT;
        clocks->has_moved = true;
    }
    clock->heard = clocks->passed;
}

bool fle_clocks_note(fle_clocks *clocks, const flowenrich_batch *rows)
{
    const fle_column *ends = fle_batch_find(rows, FLE_TEXT("end"));
    const fle_column *id = fle_batch_find(rows, fle_text_of(fle_part_paths[FLE_PART_ID]));
    const fle_column *group = fle_batch_find(rows, fle_text_of(fle_part_paths[FLE_PART_GROUP]));
    flowenrich_text last = fle_text("", 0);
    size_t number = 0;

    if (!ends || ends->type != FLOWENRICH_TYPE_TIME)
        return true;
    for (size_t row = 0; row < rows->rows; row++) {
        flowenrich_text name = fle_batch_text(rows, id, row);

        if (!fle_column_valid(ends, row) || fle_column_time(ends, row) < 0)
            continue;
        if (name.len == 0)
            name = fle_batch_text(rows, group, row);
        if ((name.data != last.data || name.len != last.len) && !find(clocks, name, &number))
            return false;
        last = name;
        hear(clocks, &clocks->items[number], fle_column_time(ends, row));
    }
    return true;
}

/* ---- Time. ---- */

static void pass(fle_clocks *clocks, int64_t seconds)
{
    clocks->passed = sum(clocks->passed, seconds);
    for (size_t i = 0; i < clocks->n; i++) {
        flowenrich_time *newest = &clocks->items[i].newest;

        if (*newest != FLOWENRICH_TIME_ABSENT)
            *newest = sum(*newest, seconds);
    }
}

void fle_clocks_tell(fle_clocks *clocks, flowenrich_time now)
{
    if (now == FLOWENRICH_TIME_END) {
        clocks->is_over = true;
        return;
    }
    if (!clocks->has_moved && clocks->told >= 0 && now > clocks->told)
        pass(clocks, now - clocks->told);
    clocks->told = now;
    clocks->has_moved = false;
}

flowenrich_time fle_clocks_newest(const fle_clocks *clocks)
{
    flowenrich_time newest = FLOWENRICH_TIME_ABSENT;

    for (size_t i = 0; i < clocks->n; i++)
        if (clocks->items[i].newest > newest)
            newest = clocks->items[i].newest;
    return newest;
}

flowenrich_time fle_clocks_time(const fle_clocks *clocks)
{
    flowenrich_time least = FLOWENRICH_TIME_END;

    if (clocks->is_over)
        return FLOWENRICH_TIME_END;
    if (clocks->n > 1 && clocks->passed < clocks->idle)
        return FLOWENRICH_TIME_ABSENT;
    for (size_t i = 0; i < clocks->n; i++) {
        const fle_source_clock *clock = &clocks->items[i];

        if (clock->newest != FLOWENRICH_TIME_ABSENT &&
            clocks->passed - clock->heard <= clocks->idle && clock->newest < least)
            least = clock->newest;
    }
    return least == FLOWENRICH_TIME_END ? fle_clocks_newest(clocks) : least;
}
