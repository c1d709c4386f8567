/* SPDX-License-Identifier: Apache-2.0 */
/* Taking the rows that are due. */
#include "base/error.h"
#include "pair/deltas.h"
#include "pair/pairer.h"

/* After its row: everything so far is told. */
static void close_row(flowenrich_pairer *pairer, fle_conversation *c, const fle_due *due)
{
    fle_meters_tell(&pairer->table.meters, &c->meters);
    fle_verdict_tell(c, due->verdict);
    c->marks &= (uint16_t) ~(FLE_MARK_OPEN_ROW | FLE_MARK_QUEUED);
    c->records = 0;
    c->start = c->end;
}

/* Where it goes on from there. Those that late records came to hang where they hung. */
static void dispose(flowenrich_pairer *pairer, const fle_due *due)
{
    fle_conversation *c = fle_table_at(&pairer->table, due->number);
    const bool was_closed = c->marks & FLE_MARK_CLOSED;

    if (due->gone) {
        fle_pairer_give(pairer, due->number);
        return;
    }
    if (due->final)
        c->marks |= FLE_MARK_CLOSED;
    if (!was_closed)
        fle_pairer_hang(pairer, due->number);
}

static bool write_row(flowenrich_pairer *pairer, fle_deltas *deltas, fle_due *due)
{
    fle_conversation *c = fle_table_at(&pairer->table, due->number);
    fle_telling telling = { .id = due->id,
                            .verdict = due->verdict,
                            .final = due->final,
                            .late = due->late,
                            .whole = due->reversed };
    fle_verdict told;
    const bool is_reversal =
        !due->reversed && fle_verdict_told(c, &told) && told.client != due->verdict.client;

    if (is_reversal) {
        telling.verdict = told;
        telling.reversal = true;
        telling.final = false;
        pairer->stats[FLE_PAIR_REVERSALS]++;
    }
    if (!fle_deltas_write(deltas, c, &telling))
        return false;
    c->sequence++;
    pairer->stats[FLE_PAIR_ROWS]++;
    due->reversed = is_reversal;
    return true;
}

static bool take(flowenrich_pairer *pairer, flowenrich_batch *out)
{
    fle_deltas rows = { .batch = out,
                        .table = &pairer->table,
                        .observers = &pairer->observers,
                        .ways = &pairer->ways,
                        .homes = &pairer->homes,
                        .mismatch_percent = pairer->mismatch_percent };
    fle_dues *dues = &pairer->dues;

    if (!fle_deltas_open(&rows))
        return false;
    while (dues->at < dues->n && fle_batch_has_room(out)) {
        fle_due *due = &dues->items[dues->at];

        fle_pairer_expect(pairer, dues->at, dues->n);
        if (!write_row(pairer, &rows, due))
            return false;
        if (due->reversed)
            continue;
        close_row(pairer, fle_table_at(&pairer->table, due->number), due);
        dispose(pairer, due);
        dues->at++;
    }
    if (dues->at == dues->n)
        dues->at = dues->n = 0;
    return true;
}

flowenrich_status flowenrich_pairer_take(flowenrich_pairer *pairer, flowenrich_batch *out,
                                         flowenrich_error *error)
{
    if (!pairer || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pairer' or 'out' is NULL");
    flowenrich_batch_clear(out);
    out->level = FLE_LEVEL_CONVERSATION;
    if (pairer->dues.n > 0 && !take(pairer, out))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}
