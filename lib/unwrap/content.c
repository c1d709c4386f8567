/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that may be anything: JSON, gzip data, text; and text a window at a time. */
#include "base/date.h"
#include "unwrap/envelope.h"

static const char date_mask[] = "0000-00-00T00:00:00.000Z "; /* 0 is any digit */
#define DATE_LEN (sizeof date_mask - 1)

/* An export of CloudWatch Logs writes such a time before each line. */
static bool is_dated(const char *line, size_t len)
{
    if (len < DATE_LEN)
        return false;
    for (size_t i = 0; i < DATE_LEN; i++) {
        const bool digit = line[i] >= '0' && line[i] <= '9';

        if (date_mask[i] == '0' ? !digit : line[i] != date_mask[i])
            return false;
    }
    return true;
}

/*
 * Where JSON begins, behind white space and a byte order mark; NULL if it isn't JSON.
 * "[ERROR] ..." is a line of somebody's, an array holds objects or arrays.
 */
static const char *find_json(const char *data, const char *end)
{
    fle_json_scan scan = { data, end, NULL };
    const char *start;
    char open;

    if (end - data >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
        scan.at += 3;
    fle_json_scan_space(&scan);
    start = scan.at;
    open = fle_json_scan_peek(&scan);
    if (open != '{' && open != '[')
        return NULL;
    scan.at++;
    fle_json_scan_space(&scan);
    if (scan.at == end || strchr(open == '{' ? "\"}" : "{[]", *scan.at))
        return start;
    return NULL;
}

/* Text that was decoded into the level itself is its own window, filled already. */
static void turn_to_text(fle_level *level, const char *data, const char *end)
{
    level->stage = FLE_STAGE_TEXT;
    level->is_dated = is_dated(data, (size_t)(end - data));
    level->is_done = level->is_dated && level->at == level->decoded.data;
}

/* Other things that S3 objects of flow logs are; as text they would be thousands of bad lines. */
static const char *name_unread(const char *data, size_t len)
{
    static const struct {
        const char *start, *what;
    } kinds[] = {
        { "PAR1", "a Parquet file, which isn't text" },
        { "\x28\xb5\x2f\xfd", "zstd data, which has to be decompressed first" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fle_text_starts(fle_text(data, len), kinds[i].start))
            return kinds[i].what;
    return NULL;
}

bool fle_content_is_plain(const char *data, size_t len)
{
    return !find_json(data, data + len) && !fle_inflate_is_gzip(data, len) &&
           !name_unread(data, len) && !is_dated(data, len);
}

static flowenrich_status open_gzip(flowenrich_envelope *envelope, fle_level *level,
                                   flowenrich_error *error)
{
    fle_trouble trouble = { FLOWENRICH_ERR_LIMIT, level->at, NULL,
                            "too many envelopes in another" };
    const flowenrich_text bytes = fle_text(level->at, (size_t)(level->end - level->at));

    level->at = level->end;
    if (envelope->depth < FLE_MOST_LEVELS) {
        trouble.status = fle_inflate_begin(&envelope->inflater, &envelope->allocator,
                                           envelope->max_ratio, &trouble.what);
        if (trouble.status == FLOWENRICH_ERR_NOMEM)
            return fle_error_nomem(error);
    }
    if (trouble.status != FLOWENRICH_OK)
        return fle_envelope_refuse(envelope, level, level, &trouble, error);
    if (!fle_envelope_next(envelope, NULL))
        return fle_error_nomem(error);
    fle_envelope_push(envelope, FLE_STAGE_GZIP, bytes, NULL);
    fle_envelope_top(envelope)->is_gzip = true;
    return FLOWENRICH_OK;
}

flowenrich_status fle_content_step(flowenrich_envelope *envelope, fle_level *level,
                                   flowenrich_error *error)
{
    const size_t len = (size_t)(level->end - level->at);
    const char *json = find_json(level->at, level->end);
    const fle_trouble unread = { FLOWENRICH_ERR_UNSUPPORTED, level->at, NULL,
                                 name_unread(level->at, len) };

    level->item = level->at;
    if (len == 0) {
        envelope->depth--;
    } else if (json) {
        level->stage = FLE_STAGE_OBJECTS;
        level->at = json;
    } else if (fle_inflate_is_gzip(level->at, len)) {
        return open_gzip(envelope, level, error);
    } else if (unread.what) {
        level->at = level->end;
        return fle_envelope_refuse(envelope, level, level, &unread, error);
    } else {
        turn_to_text(level, level->at, level->end);
    }
    return FLOWENRICH_OK;
}

/* Fill the window up to 'most' bytes. A failure of the data is kept for later. False: no memory. */
static bool fill(flowenrich_envelope *envelope, fle_level *level, size_t most)
{
    fle_buffer *const window = &level->decoded;
    const size_t room = most > window->len ? most - window->len : 0;
    size_t len = (size_t)(level->end - level->at);

    if (level->is_done || room == 0)
        return true;
    if (!fle_buffer_reserve(window, room))
        return false;
    if (level->is_gzip) {
        level->failed =
            fle_inflate_some(envelope->inflater, &level->at, level->end, window->data + window->len,
                             room, &len, &level->is_done, &level->problem);
        level->is_done = level->is_done || level->failed != FLOWENRICH_OK;
    } else {
        len = len < room ? len : room;
        memcpy(window->data + window->len, level->at, len);
        level->at += len;
        level->is_done = level->at == level->end;
    }
    window->len += len;
    return level->failed != FLOWENRICH_ERR_NOMEM;
}

static flowenrich_status tell_failure(flowenrich_envelope *envelope, fle_level *level,
                                      flowenrich_error *error)
{
    const fle_trouble trouble = { level->failed, level->at, NULL, level->problem };

    return fle_envelope_refuse(envelope, level, level, &trouble, error);
}

/* The level reads what was inflated, from now on. */
static void turn_to_content(fle_level *level)
{
    level->stage = FLE_STAGE_CONTENT;
    level->at = level->decoded.data;
    level->end = level->at + level->decoded.len;
    level->base = level->at;
    level->is_callers = false;
    level->is_gzip = false;
}

/*
 * Text is handed out while it is inflated, JSON is inflated first. If the data
 * breaks off, that is told, and the objects that came whole are read all the same.
 */
flowenrich_status fle_gzip_step(flowenrich_envelope *envelope, fle_level *level,
                                flowenrich_error *error)
{
    const fle_buffer *inflated = &level->decoded;
    flowenrich_status status = FLOWENRICH_OK;

    if (!fill(envelope, level, FLE_WINDOW))
        return fle_error_nomem(error);
    if (!fle_inflate_is_gzip(inflated->data, inflated->len) &&
        !name_unread(inflated->data, inflated->len) &&
        !find_json(inflated->data, inflated->data + inflated->len)) {
        turn_to_text(level, inflated->data, inflated->data + inflated->len);
        return FLOWENRICH_OK;
    }
    while (!level->is_done) {
        if (!fle_envelope_may_hold(envelope, FLE_WINDOW)) {
            level->failed = FLOWENRICH_ERR_LIMIT;
            level->problem = "more than 'max_bytes' allows";
            break;
        }
        if (!fill(envelope, level, inflated->len + FLE_WINDOW))
            return fle_error_nomem(error);
    }
    if (level->failed != FLOWENRICH_OK)
        status = tell_failure(envelope, level, error);
    if (level->failed == FLOWENRICH_ERR_LIMIT)
        envelope->depth--;
    else
        turn_to_content(level);
    return status;
}

/* Take the times from the lines in the first 'len' bytes of the window; returns what is left. */
static size_t strip_dates(fle_level *level, size_t len)
{
    char *const start = level->decoded.data;
    const char *const end = start + len;
    const bool ends_inside = end[-1] != '\n';
    char *to = start;

    if (!level->is_inside && is_dated(start, len))
        fle_date_parse(start, DATE_LEN - 1, &level->origin.time);
    for (const char *line = start, *next; line < end; line = next) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));

        next = newline ? newline + 1 : end;
        if (!level->is_inside && is_dated(line, (size_t)(next - line)))
            line += DATE_LEN;
        memmove(to, line, (size_t)(next - line));
        to += next - line;
        level->is_inside = false;
    }
    level->is_inside = ends_inside;
    return (size_t)(to - start);
}

/*
 * How much of the window to hand out: whole lines, as long as more may come. A line
 * that broken data cuts off isn't one: its last number may have lost digits.
 */
static size_t cut(const fle_level *level)
{
    size_t len = level->decoded.len;

    if (level->is_done && level->failed == FLOWENRICH_OK)
        return len;
    while (len > 0 && level->decoded.data[len - 1] != '\n')
        len--;
    return len > 0 || level->is_done ? len : level->decoded.len;
}

static void drop_taken(fle_level *level)
{
    fle_buffer *const window = &level->decoded;

    window->len -= level->taken;
    if (window->len > 0 && level->taken > 0)
        memmove(window->data, window->data + level->taken, window->len);
    level->taken = 0;
}

flowenrich_status fle_window_step(flowenrich_envelope *envelope, fle_level *level,
                                  flowenrich_error *error)
{
    const fle_buffer *window = &level->decoded;
    const flowenrich_text whole = fle_text(level->at, (size_t)(level->end - level->at));
    size_t len;

    if (!level->is_gzip && !level->is_dated) {
        envelope->depth--;
        fle_envelope_text(envelope, level, whole, 0);
        level->at = level->end;
        return FLOWENRICH_OK;
    }
    drop_taken(level);
    if (!fill(envelope, level, FLE_WINDOW))
        return fle_error_nomem(error);
    level->taken = cut(level);
    if (level->taken == 0) {
        envelope->depth--;
        return level->failed != FLOWENRICH_OK ? tell_failure(envelope, level, error)
                                              : FLOWENRICH_OK;
    }
    len = level->is_dated ? strip_dates(level, level->taken) : level->taken;
    fle_envelope_text(envelope, level, fle_text(window->data, len), level->part++);
    return FLOWENRICH_OK;
}
