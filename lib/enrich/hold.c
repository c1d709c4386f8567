/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are kept until the other end's record of the same packets may have come. */
#include "enrich/hold.h"

#include "enrich/proof.h"
#include "record/append.h"
#include "record/testimony.h"

#define CHUNK_ROWS 1024
#define STEP 60      /* seconds */
#define MARGIN 900   /* seconds that a record takes to be delivered, beside what it covers */
#define LONGEST 3600 /* seconds that a record may cover to be waited for */
#define AHEAD 86400  /* seconds by which one record alone moves the time on, at most */

#define DEFAULT_BYTES ((uint64_t)1 << 30)

/* What is learned gets a quarter of the bytes, and as much again while what is old is dropped. */
#define ROWS_SHARE 2
#define LEARNED_SHARE 4

void fle_hold_init(fle_hold *hold, const fle_allocator *allocator, uint64_t hash_seed)
{
    memset(hold, 0, sizeof *hold);
    hold->allocator = allocator;
    hold->hash_seed = hash_seed;
    hold->max_bytes = DEFAULT_BYTES;
    hold->clock.now = hold->judged = hold->since = INT64_MIN;
    hold->clock.leap = FLOWENRICH_TIME_ABSENT;
}

static void drop_head(fle_hold *hold)
{
    fle_chunk *chunk = hold->head;

    hold->head = chunk->next;
    hold->tail = hold->head ? hold->tail : NULL;
    hold->bytes -= chunk->bytes;
    hold->taken = 0;
    flowenrich_batch_free(chunk->rows);
    fle_free(hold->allocator, chunk);
}

void fle_hold_free(fle_hold *hold)
{
    while (hold->head)
        drop_head(hold);
    fle_mirrors_free(hold->mirrors);
}

/* ---- Time. ---- */

static int64_t seconds_of(const fle_hold *hold)
{
    return hold->seconds > 0 ? hold->seconds : hold->longest + MARGIN;
}

static flowenrich_time end_of(const flowenrich_batch *batch, size_t row)
{
    const flowenrich_time end = fle_column_time(fle_batch_field(batch, FLE_FIELD_END), row);

    return end != FLOWENRICH_TIME_ABSENT
               ? end
               : fle_column_time(fle_batch_field(batch, FLE_FIELD_START), row);
}

static flowenrich_time step_of(flowenrich_time time)
{
    return time < 0 ? INT64_MIN : time - time % STEP;
}

/* Is a time more than a day after another? */
static bool is_ahead(flowenrich_time time, flowenrich_time of)
{
    return time >= 0 && (of < 0 || time - of > AHEAD);
}

/* Nobody waits for what has no time, nor until a day comes that may never. */
static bool is_due(const fle_hold *hold, const flowenrich_batch *batch, size_t row)
{
    const flowenrich_time end = end_of(batch, row);

    if (end == FLOWENRICH_TIME_ABSENT)
        return true;
    return hold->clock.now > INT64_MIN + seconds_of(hold) &&
           (end <= hold->clock.now - seconds_of(hold) || is_ahead(end, hold->clock.now));
}

/* Seconds by which a record may come after what ended when it did. */
static int64_t lateness_of(const fle_hold *hold)
{
    const int64_t seconds = seconds_of(hold);

    return seconds > hold->longest ? seconds - hold->longest : seconds;
}

/* Up to when are all records here? */
static flowenrich_time known_until(const fle_hold *hold)
{
    const int64_t lateness = lateness_of(hold);

    return hold->clock.now > INT64_MIN + lateness ? hold->clock.now - lateness : INT64_MIN;
}

/* Let the rows go that are due, up to the first that isn't. All chunks but the last are full. */
static void release(fle_hold *hold, bool all)
{
    const fle_chunk *chunk = hold->head;
    size_t row = hold->taken + hold->due;

    for (; chunk; chunk = chunk->next) {
        for (; row < chunk->rows->rows; row++, hold->due++)
            if (!all && !is_due(hold, chunk->rows, row))
                return;
        row -= chunk->rows->rows;
    }
}

/* Let the oldest chunk go. */
static void press(fle_hold *hold)
{
    const flowenrich_batch *rows = hold->head->rows;

    for (size_t row = hold->taken + hold->due; row < rows->rows; row++, hold->due++)
        hold->hurried += !is_due(hold, rows, row);
}

/* It goes back if the first record of all was far ahead. */
static void set_time(fle_hold *hold, flowenrich_time now)
{
    if (now < hold->clock.now) {
        hold->judged = hold->since = INT64_MIN;
        hold->ahead++;
    }
    hold->clock.now = now;
    if (hold->mirrors)
        fle_mirrors_expect(hold->mirrors, known_until(hold));
    release(hold, false);
}

void fle_hold_advance(fle_hold *hold, flowenrich_time now)
{
    if (now != FLOWENRICH_TIME_END && now > hold->clock.now) {
        hold->clock.now = now;
        if (hold->clock.by == FLE_CLOCK_BY_ONE)
            hold->clock.by = FLE_CLOCK_BY_ALL;
    }
    if (hold->mirrors)
        fle_mirrors_expect(hold->mirrors, now == FLOWENRICH_TIME_END ? now : known_until(hold));
    release(hold, now == FLOWENRICH_TIME_END);
}

/*
 * Forget what no row still to come can be asked about: of those that are late even for
 * that, fewer are named. Where room gets scarce, a quarter of the time that is only about
 * what was before goes, too.
 */
static bool age(fle_hold *hold)
{
    const int64_t needed = seconds_of(hold) + hold->longest + hold->slack;
    const int64_t most = needed + FLE_MIRRORS_REACH;
    const bool is_crowded = fle_mirrors_is_crowded(hold->mirrors);
    int64_t kept;
    fle_mirrors *younger;

    if (hold->clock.now == hold->judged)
        return true;
    hold->judged = hold->clock.now;
    if (hold->since == INT64_MIN)
        hold->since = hold->clock.now;
    kept = is_crowded ? (hold->clock.now - hold->since) / 4 * 3 : most;
    kept = kept < needed ? needed : kept > most ? most : kept;
    if (hold->clock.now - hold->since < (is_crowded ? kept + STEP : 2 * most))
        return true;
    younger = fle_mirrors_since(hold->mirrors, hold->clock.now - kept);
    if (!younger)
        return false;
    fle_mirrors_free(hold->mirrors);
    hold->mirrors = younger;
    hold->since = hold->clock.now - kept;
    return true;
}

/* ---- In. ---- */

static bool add_chunk(fle_hold *hold)
{
    const flowenrich_options opt = { sizeof opt, hold->allocator, hold->hash_seed };
    fle_chunk *chunk = fle_alloc_zeroed(hold->allocator, sizeof *chunk);

    if (!chunk)
        return false;
    if (flowenrich_batch_new(&chunk->rows, CHUNK_ROWS, &opt, NULL) != FLOWENRICH_OK) {
        fle_free(hold->allocator, chunk);
        return false;
    }
    if (hold->tail)
        hold->tail->next = chunk;
    else
        hold->head = chunk;
    hold->tail = chunk;
    return true;
}

/* A chunk that is full counts; if they are too many the oldest goes. */
static bool close_chunk(fle_hold *hold)
{
    if (!fle_batch_share_texts(hold->tail->rows, hold->hash_seed))
        return false;
    hold->tail->bytes = fle_batch_bytes(hold->tail->rows);
    hold->bytes += hold->tail->bytes;
    if (hold->bytes > hold->max_bytes / ROWS_SHARE)
        press(hold);
    return true;
}

/* As many as the last chunk has room for. */
static bool append(fle_hold *hold, const flowenrich_batch *records, size_t row, size_t *n)
{
    flowenrich_batch *rows;

    if ((!hold->tail || hold->tail->bytes > 0) && !add_chunk(hold))
        return false;
    rows = hold->tail->rows;
    *n = *n < CHUNK_ROWS - rows->rows ? *n : CHUNK_ROWS - rows->rows;
    if (!fle_batch_append_rows(rows, records, row, *n))
        return false;
    hold->held += *n;
    hold->waited += *n;
    return rows->rows < CHUNK_ROWS || close_chunk(hold);
}

static void note_length(fle_hold *hold, const flowenrich_batch *batch, size_t row)
{
    const flowenrich_time start = fle_column_time(fle_batch_field(batch, FLE_FIELD_START), row);
    const flowenrich_time end = fle_column_time(fle_batch_field(batch, FLE_FIELD_END), row);

    if (start >= 0 && end >= start && end - start <= LONGEST && end - start > hold->longest)
        hold->longest = end - start;
}

/*
 * A record moves the time on. One that is far ahead may be wrong, and time never goes back: so
 * the next must be about then, too, and not just another of the same window. The first of all
 * has nothing to be ahead of: if it is, the next one tells.
 */
static void tick(fle_clock *clock, flowenrich_time end)
{
    const flowenrich_time leap = clock->leap, step = step_of(end);

    if (end < 0)
        return;
    clock->leap = FLOWENRICH_TIME_ABSENT;
    if (clock->by == FLE_CLOCK_UNSET || !is_ahead(end, clock->now)) {
        const bool is_back = clock->by == FLE_CLOCK_BY_ONE && is_ahead(clock->now, end);
        const bool is_first = clock->by == FLE_CLOCK_UNSET && step >= clock->now;

        clock->by = is_first || is_back ? FLE_CLOCK_BY_ONE : FLE_CLOCK_BY_ALL;
        clock->now = step > clock->now || is_back ? step : clock->now;
    } else if (leap >= 0 && leap != end && !is_ahead(end, leap) && !is_ahead(leap, end)) {
        clock->by = FLE_CLOCK_BY_ALL;
        clock->now = step_of(leap < end ? leap : end);
    } else {
        clock->leap = leap >= 0 && leap < end ? leap : end;
    }
}

/* The rows up to the one that moves the time, or to the last; the time then. */
static size_t find_step(const fle_hold *hold, const flowenrich_batch *records, size_t row,
                        flowenrich_time *now)
{
    fle_clock clock = hold->clock;

    while (row < records->rows && clock.now == hold->clock.now)
        tick(&clock, end_of(records, row++));
    *now = clock.now;
    return row;
}

/* Nobody learns from what is far ahead: whoever logged it would be there until then. */
static bool learn(fle_hold *hold, const flowenrich_batch *records, size_t row, size_t n)
{
    const size_t until = row + n;

    for (size_t begin = row; row <= until; row++) {
        const bool ahead = row < until && hold->clock.by != FLE_CLOCK_UNSET &&
                           is_ahead(end_of(records, row), hold->clock.now);

        hold->ahead += ahead;
        if (!ahead && row < until)
            continue;
        if (!fle_testimony_take(hold->mirrors, NULL, records, begin, row - begin))
            return false;
        begin = row + 1;
    }
    return true;
}

/* Rows up to 'until', unless the oldest have to go. */
static bool take_in(fle_hold *hold, const flowenrich_batch *records, size_t *row, size_t until)
{
    while (*row < until && hold->due == 0) {
        fle_clock clock = hold->clock;
        size_t n = until - *row;

        if (!append(hold, records, *row, &n) || !learn(hold, records, *row, n))
            return false;
        for (; n > 0; n--, ++*row) {
            note_length(hold, records, *row);
            tick(&clock, end_of(records, *row));
        }
        clock.now = hold->clock.now; /* until all that came before is in */
        hold->clock = clock;
    }
    return true;
}

static bool begin(fle_hold *hold)
{
    if (!hold->mirrors)
        hold->mirrors =
            fle_mirrors_new(hold->allocator, hold->hash_seed, hold->max_bytes / LEARNED_SHARE);
    return hold->mirrors != NULL;
}

bool fle_hold_rows(fle_hold *hold, const flowenrich_batch *records, size_t *row)
{
    if (!begin(hold))
        return false;
    while (*row < records->rows && hold->due == 0) {
        flowenrich_time now;
        const size_t until = find_step(hold, records, *row, &now);

        if (!age(hold) || !take_in(hold, records, row, until))
            return false;
        if (*row == until && now != hold->clock.now)
            set_time(hold, now);
    }
    return true;
}

/* ---- Out. ---- */

bool fle_hold_take(fle_hold *hold, flowenrich_batch *out)
{
    while (hold->due > 0 && fle_batch_has_room(out)) {
        const size_t here = hold->head->rows->rows - hold->taken, room = out->capacity - out->rows;
        const size_t left = hold->due < here ? hold->due : here;
        const size_t n = left < room ? left : room;

        if (!fle_batch_append_rows(out, hold->head->rows, hold->taken, n))
            return false;
        hold->due -= n;
        hold->held -= n;
        hold->taken += n;
        if (hold->taken == CHUNK_ROWS)
            drop_head(hold);
    }
    return true;
}
