/* SPDX-License-Identifier: Apache-2.0 */
/* What rows add to groups: records, conversations, lines of what these are charged. */
#include "aggregate/sums.h"

#include "base/number.h"
#include "record/list.h"

const char *const fle_sum_paths[FLE_N_SUMS] = {
    [FLE_SUM_CONVERSATIONS] = "conversations",
    [FLE_SUM_RECORDS] = "records",
    [FLE_SUM_UPLOADED] = "uploaded",
    [FLE_SUM_DOWNLOADED] = "downloaded",
    [FLE_SUM_UPLOADED_PACKETS] = "uploaded_packets",
    [FLE_SUM_DOWNLOADED_PACKETS] = "downloaded_packets",
    [FLE_SUM_PACKETS] = "packets",
    [FLE_SUM_BYTES] = "bytes",
    [FLE_SUM_REJECTS] = "rejects",
    [FLE_SUM_AMOUNT] = "amount",
    [FLE_SUM_UNCOSTED] = "uncosted_bytes",
};

/* The column of a path if it is of that type, and a list's items are numbers. */
static const fle_column *column_of(const flowenrich_batch *batch, const char *path, uint32_t type)
{
    const fle_column *column = fle_batch_find(batch, fle_text_of(path));

    if (!column || column->type != type ||
        (type == FLOWENRICH_TYPE_LIST && column->item != FLOWENRICH_TYPE_U64))
        return NULL;
    return column;
}

static const fle_column *either(const fle_column *a, const fle_column *b)
{
    return a ? a : b;
}

void fle_sums_open(fle_sum_columns *columns, const flowenrich_batch *batch)
{
    const struct {
        const fle_column **column;
        const char *path;
        uint32_t type;
    } all[] = {
        { &columns->records, "records", FLOWENRICH_TYPE_U64 },
        { &columns->packets, "packets", FLOWENRICH_TYPE_U64 },
        { &columns->bytes, "bytes", FLOWENRICH_TYPE_U64 },
        { &columns->uploaded, "uploaded", FLOWENRICH_TYPE_U64 },
        { &columns->downloaded, "downloaded", FLOWENRICH_TYPE_U64 },
        { &columns->uploaded_packets, "uploaded_packets", FLOWENRICH_TYPE_U64 },
        { &columns->downloaded_packets, "downloaded_packets", FLOWENRICH_TYPE_U64 },
        { &columns->conversations, "conversations", FLOWENRICH_TYPE_U64 },
        { &columns->rejects, "rejects", FLOWENRICH_TYPE_U64 },
        { &columns->sequence, "sequence", FLOWENRICH_TYPE_U32 },
        { &columns->amount, "amount", FLOWENRICH_TYPE_U64 },
        { &columns->uncosted, "uncosted_bytes", FLOWENRICH_TYPE_U64 },
        { &columns->reversal, "reversal", FLOWENRICH_TYPE_BOOL },
        { &columns->charged, "charges.bytes", FLOWENRICH_TYPE_LIST },
        { &columns->price, "charges.price", FLOWENRICH_TYPE_LIST },
        { &columns->unit, "charges.unit", FLOWENRICH_TYPE_LIST },
        { &columns->action, "action", FLOWENRICH_TYPE_TEXT },
        { &columns->verdict, "verdict", FLOWENRICH_TYPE_TEXT },
        { &columns->start, "start", FLOWENRICH_TYPE_TIME },
        { &columns->end, "end", FLOWENRICH_TYPE_TIME },
    };

    columns->batch = batch;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i].column = column_of(batch, all[i].path, all[i].type);
    columns->is_conversations =
        batch->level == FLE_LEVEL_CONVERSATION || columns->conversations != NULL;
    /* Groups have these, and no row that isn't one does. */
    columns->start = either(column_of(batch, "first", FLOWENRICH_TYPE_TIME), columns->start);
    columns->end = either(column_of(batch, "last", FLOWENRICH_TYPE_TIME), columns->end);
}

/* So much of a number as belongs to the time up to 'until', without the product of the two. */
static uint64_t up_to(uint64_t number, uint32_t until, uint32_t whole)
{
    return number / whole * until + number % whole * until / whole;
}

/* What parts have adds up to the number, since each begins where the last one ended. */
static uint64_t share(uint64_t number, fle_stretch part)
{
    if (part.whole == 0)
        return number;
    return up_to(number, part.until, part.whole) - up_to(number, part.from, part.whole);
}

/* As fle_column_u64() and fle_column_time(), of which a row needs so many that calls show. */
static inline uint64_t number_at(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? ((const uint64_t *)column->values)[row] : 0;
}

static inline flowenrich_time time_at(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? ((const flowenrich_time *)column->values)[row]
                                         : FLOWENRICH_TIME_ABSENT;
}

static inline uint64_t share_at(const fle_column *column, size_t row, fle_stretch part)
{
    return column ? share(number_at(column, row), part) : 0;
}

size_t fle_sums_lines(const fle_sum_columns *columns, size_t row)
{
    const size_t n = fle_list_len(columns->charged, row);

    /* Rows that were read back from somewhere may lack one of them. */
    return fle_list_len(columns->price, row) == n && fle_list_len(columns->unit, row) == n ? n : 0;
}

/*
 * bytes x price / unit, exactly. The rest is below 2^30 and prices are below 2^34; one that
 * isn't comes from elsewhere, and is as good as the most that can be told.
 */
static void add_amount(fle_sums *out, uint64_t bytes, uint64_t price, uint64_t unit)
{
    uint64_t *amount = &out->values[FLE_SUM_AMOUNT], rest;

    if (unit == 0 || FLE_PARTS % unit != 0 || price >> 34)
        return;
    rest = bytes % unit * price;
    out->fraction += rest % unit * (FLE_PARTS / unit);
    if (out->fraction >= FLE_PARTS) {
        out->fraction -= FLE_PARTS;
        *amount = fle_plus(*amount, 1);
    }
    *amount = fle_plus(*amount, fle_times(bytes / unit, price));
    *amount = fle_plus(*amount, rest / unit);
}

static void add_line(const fle_sum_columns *columns, size_t row, size_t line, fle_stretch part,
                     fle_sums *out)
{
    add_amount(out, share(fle_list_u64(columns->charged, row, line), part),
               fle_list_u64(columns->price, row, line), fle_list_u64(columns->unit, row, line));
}

static bool is_set(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) &&
           (((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1) != 0;
}

static inline void begin(const fle_sum_columns *columns, size_t row, fle_stretch part,
                         fle_sums *out)
{
    memset(out, 0, sizeof *out);
    out->is_reversal = is_set(columns->reversal, row);
    out->first = time_at(columns->start, row);
    out->last = time_at(columns->end, row);
    if (part.whole == 0)
        return;
    out->last = out->first + part.until;
    out->first += part.from;
}

void fle_sums_of_line(const fle_sum_columns *columns, size_t row, size_t line, fle_stretch part,
                      fle_sums *out)
{
    begin(columns, row, part, out);
    out->values[FLE_SUM_BYTES] = share(fle_list_u64(columns->charged, row, line), part);
    add_line(columns, row, line, part, out);
}

/*
 * Was it truly denied? A REJECT of TCP that comes after a connection's end isn't; whoever named
 * the ends or paired the records has said so.
 */
static bool is_denied(const fle_sum_columns *columns, size_t row)
{
    const flowenrich_batch *batch = columns->batch;

    if (columns->is_conversations)
        return fle_text_is(fle_batch_text(batch, columns->verdict, row), "denied");
    return fle_text_is(fle_batch_text(batch, columns->action, row), "REJECT") &&
           !fle_text_is(fle_batch_text(batch, columns->verdict, row), "late_or_untracked");
}

/* What happened once, and so belongs to one part. A conversation is counted with its first row. */
static inline void count(const fle_sum_columns *columns, size_t row, uint64_t *values)
{
    const uint64_t records = columns->records ? fle_column_u64(columns->records, row) : 1;

    values[FLE_SUM_RECORDS] = records;
    if (columns->rejects)
        values[FLE_SUM_REJECTS] = fle_column_u64(columns->rejects, row);
    else if (is_denied(columns, row))
        values[FLE_SUM_REJECTS] = records;
    if (columns->conversations)
        values[FLE_SUM_CONVERSATIONS] = fle_column_u64(columns->conversations, row);
    else if (columns->is_conversations)
        values[FLE_SUM_CONVERSATIONS] = fle_column_u32(columns->sequence, row) == 0;
}

/* Groups have no lines, and say what theirs came to. */
static void add_charges(const fle_sum_columns *columns, size_t row, fle_stretch part, fle_sums *out)
{
    out->values[FLE_SUM_UNCOSTED] = share_at(columns->uncosted, row, part);
    if (columns->amount)
        out->values[FLE_SUM_AMOUNT] = share_at(columns->amount, row, part);
    for (size_t i = 0; i < fle_sums_lines(columns, row); i++)
        add_line(columns, row, i, part, out);
}

void fle_sums_of_row(const fle_sum_columns *columns, size_t row, fle_stretch part, fle_sums *out)
{
    uint64_t *values = out->values;

    begin(columns, row, part, out);
    if (part.from == 0)
        count(columns, row, values);
    values[FLE_SUM_UPLOADED] = share_at(columns->uploaded, row, part);
    values[FLE_SUM_DOWNLOADED] = share_at(columns->downloaded, row, part);
    if (!columns->is_conversations) {
        values[FLE_SUM_PACKETS] = share_at(columns->packets, row, part);
        values[FLE_SUM_BYTES] = share_at(columns->bytes, row, part);
        return;
    }
    values[FLE_SUM_UPLOADED_PACKETS] = share_at(columns->uploaded_packets, row, part);
    values[FLE_SUM_DOWNLOADED_PACKETS] = share_at(columns->downloaded_packets, row, part);
    values[FLE_SUM_PACKETS] =
        fle_plus(values[FLE_SUM_UPLOADED_PACKETS], values[FLE_SUM_DOWNLOADED_PACKETS]);
    values[FLE_SUM_BYTES] = fle_plus(values[FLE_SUM_UPLOADED], values[FLE_SUM_DOWNLOADED]);
    add_charges(columns, row, part, out);
}

static const fle_column *column_of_sum(const fle_sum_columns *columns, fle_sum sum)
{
    switch (sum) {
    case FLE_SUM_RECORDS:
        return columns->records;
    case FLE_SUM_UPLOADED:
        return columns->uploaded;
    case FLE_SUM_DOWNLOADED:
        return columns->downloaded;
    case FLE_SUM_PACKETS:
        return columns->packets;
    case FLE_SUM_BYTES:
        return columns->bytes;
    case FLE_SUM_REJECTS:
        return columns->rejects;
    default:
        return NULL;
    }
}

static void fill_sum(const fle_sum_columns *columns, fle_sum sum, const uint32_t *rows, size_t n,
                     fle_sums *out)
{
    const fle_column *column = column_of_sum(columns, sum);

    if (column)
        for (size_t i = 0; i < n; i++)
            out[i].values[sum] = number_at(column, rows[i]);
    else if (sum == FLE_SUM_REJECTS && columns->action)
        for (size_t i = 0; i < n; i++)
            out[i].values[sum] = is_denied(columns, rows[i])
                                     ? columns->records ? number_at(columns->records, rows[i]) : 1
                                     : 0;
    else
        for (size_t i = 0; i < n; i++)
            out[i].values[sum] = sum == FLE_SUM_RECORDS;
}

void fle_sums_of_records(const fle_sum_columns *columns, const uint32_t *rows, size_t n,
                         const uint8_t *wanted, size_t n_wanted, fle_sums *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i].fraction = 0;
        out[i].first = time_at(columns->start, rows[i]);
        out[i].last = time_at(columns->end, rows[i]);
        out[i].is_reversal = is_set(columns->reversal, rows[i]);
    }
    for (size_t i = 0; i < n_wanted; i++)
        fill_sum(columns, (fle_sum)wanted[i], rows, n, out);
}
