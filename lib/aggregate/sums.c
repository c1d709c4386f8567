/* SPDX-License-Identifier: Apache-2.0 */
/* What groups add up: of records, of conversations, of what these are charged. */
#include "aggregate/sums.h"

#include "record/list.h"

/* Parts of a nano-unit: a multiple of both units of rates, 10^9 and 2^30 bytes. */
#define PARTS UINT64_C(2097152000000000)

const char *const fle_sum_paths[FLE_N_SUMS] = {
    [FLE_SUM_RECORDS] = "records",
    [FLE_SUM_PACKETS] = "packets",
    [FLE_SUM_BYTES] = "bytes",
    [FLE_SUM_UPLOADED] = "uploaded",
    [FLE_SUM_DOWNLOADED] = "downloaded",
    [FLE_SUM_AMOUNT] = "amount",
    [FLE_SUM_UNCOSTED] = "uncosted_bytes",
};

void fle_sums_open(fle_sum_columns *columns, const flowenrich_batch *batch)
{
    const struct {
        const fle_column **column;
        flowenrich_text path;
        uint32_t type;
    } all[] = {
        { &columns->records, FLE_TEXT("records"), FLOWENRICH_TYPE_U64 },
        { &columns->packets, FLE_TEXT("packets"), FLOWENRICH_TYPE_U64 },
        { &columns->bytes, FLE_TEXT("bytes"), FLOWENRICH_TYPE_U64 },
        { &columns->uploaded, FLE_TEXT("uploaded"), FLOWENRICH_TYPE_U64 },
        { &columns->downloaded, FLE_TEXT("downloaded"), FLOWENRICH_TYPE_U64 },
        { &columns->uploaded_packets, FLE_TEXT("uploaded_packets"), FLOWENRICH_TYPE_U64 },
        { &columns->downloaded_packets, FLE_TEXT("downloaded_packets"), FLOWENRICH_TYPE_U64 },
        { &columns->uncosted, FLE_TEXT("uncosted_bytes"), FLOWENRICH_TYPE_U64 },
        { &columns->reversal, FLE_TEXT("reversal"), FLOWENRICH_TYPE_BOOL },
        { &columns->charged, FLE_TEXT("charges.bytes"), FLOWENRICH_TYPE_LIST },
        { &columns->price, FLE_TEXT("charges.price"), FLOWENRICH_TYPE_LIST },
        { &columns->unit, FLE_TEXT("charges.unit"), FLOWENRICH_TYPE_LIST },
    };

    columns->is_conversations = batch->level == FLE_LEVEL_CONVERSATION;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const fle_column *column = fle_batch_find(batch, all[i].path);
        const bool fits =
            column && column->type == all[i].type &&
            (column->type != FLOWENRICH_TYPE_LIST || column->item == FLOWENRICH_TYPE_U64);

        *all[i].column = fits ? column : NULL;
    }
}

static bool add(uint64_t *total, uint64_t more)
{
    const bool fits = more <= UINT64_MAX - *total;

    *total = fits ? *total + more : UINT64_MAX;
    return fits;
}

static uint64_t both(const fle_column *a, const fle_column *b, size_t row)
{
    uint64_t sum = fle_column_u64(a, row);

    add(&sum, fle_column_u64(b, row));
    return sum;
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
static bool add_amount(fle_sums *out, uint64_t bytes, uint64_t price, uint64_t unit)
{
    uint64_t rest;

    if (unit == 0 || PARTS % unit != 0 || price >> 34)
        return false;
    rest = bytes % unit * price;
    out->fraction += rest % unit * (PARTS / unit);
    if (out->fraction >= PARTS) {
        out->fraction -= PARTS;
        add(&out->values[FLE_SUM_AMOUNT], 1);
    }
    if (price && bytes / unit > UINT64_MAX / price)
        return add(&out->values[FLE_SUM_AMOUNT], UINT64_MAX);
    return add(&out->values[FLE_SUM_AMOUNT], bytes / unit * price) &&
           add(&out->values[FLE_SUM_AMOUNT], rest / unit);
}

void fle_sums_of_line(const fle_sum_columns *columns, size_t row, size_t line, fle_sums *out)
{
    memset(out, 0, sizeof *out);
    out->values[FLE_SUM_BYTES] = fle_list_u64(columns->charged, row, line);
    add_amount(out, out->values[FLE_SUM_BYTES], fle_list_u64(columns->price, row, line),
               fle_list_u64(columns->unit, row, line));
}

void fle_sums_of_row(const fle_sum_columns *columns, size_t row, fle_sums *out)
{
    uint64_t *values = out->values;

    memset(out, 0, sizeof *out);
    values[FLE_SUM_RECORDS] = columns->records ? fle_column_u64(columns->records, row) : 1;
    if (!columns->is_conversations) {
        values[FLE_SUM_PACKETS] = fle_column_u64(columns->packets, row);
        values[FLE_SUM_BYTES] = fle_column_u64(columns->bytes, row);
        return;
    }
    values[FLE_SUM_PACKETS] = both(columns->uploaded_packets, columns->downloaded_packets, row);
    values[FLE_SUM_BYTES] = both(columns->uploaded, columns->downloaded, row);
    values[FLE_SUM_UPLOADED] = fle_column_u64(columns->uploaded, row);
    values[FLE_SUM_DOWNLOADED] = fle_column_u64(columns->downloaded, row);
    values[FLE_SUM_UNCOSTED] = fle_column_u64(columns->uncosted, row);
    for (size_t i = 0; i < fle_sums_lines(columns, row); i++)
        add_amount(out, fle_list_u64(columns->charged, row, i),
                   fle_list_u64(columns->price, row, i), fle_list_u64(columns->unit, row, i));
}

bool fle_sums_is_reversal(const fle_sum_columns *columns, size_t row)
{
    return fle_column_valid(columns->reversal, row) &&
           (((const uint8_t *)columns->reversal->values)[row >> 3] >> (row & 7) & 1) != 0;
}

bool fle_sums_add(fle_sums *to, const fle_sums *more)
{
    bool fits = true;

    for (size_t i = 0; i < FLE_N_SUMS; i++)
        fits = add(&to->values[i], more->values[i]) && fits;
    to->fraction += more->fraction;
    if (to->fraction >= PARTS) {
        to->fraction -= PARTS;
        fits = add(&to->values[FLE_SUM_AMOUNT], 1) && fits;
    }
    return fits;
}

bool fle_sums_take(fle_sums *from, const fle_sums *less)
{
    const bool borrows = from->fraction < less->fraction;
    bool fits = true;

    for (size_t i = 0; i < FLE_N_SUMS; i++) {
        uint64_t taken = less->values[i];

        if (i == FLE_SUM_AMOUNT && borrows)
            fits = add(&taken, 1) && fits;
        fits = from->values[i] >= taken && fits;
        from->values[i] -= from->values[i] < taken ? from->values[i] : taken;
    }
    from->fraction = from->fraction - less->fraction + (borrows ? PARTS : 0);
    return fits;
}
