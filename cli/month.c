/* SPDX-License-Identifier: Apache-2.0 */
/* What a month would cost that goes on like the logs. */
#include "month.h"

#include <stdio.h>
#include <string.h>

#include "message.h"
#include "moment.h"
#include "text.h"
#include "value.h"

#define MONTH (730 * 3600) /* seconds, as AWS reckons */

void month_init(month *of, flowenrich_time first, flowenrich_time last)
{
    memset(of, 0, sizeof *of);
    of->first = first;
    of->last = last;
    of->allowance = UINT64_MAX;
}

static bool is_timed(const month *of)
{
    return of->first != FLOWENRICH_TIME_ABSENT && of->last >= of->first;
}

/* The last second counts, too. Logs without times are taken for a month's. */
static uint64_t seconds_of(const month *of)
{
    return is_timed(of) ? (uint64_t)of->last - (uint64_t)of->first + 1 : MONTH;
}

/* In whole numbers: sum * MONTH / seconds, without a product that is too large. */
uint64_t month_sum(const month *of, uint64_t sum)
{
    const uint64_t seconds = seconds_of(of), whole = sum / seconds;

    if (whole > UINT64_MAX / MONTH - MONTH)
        return UINT64_MAX;
    return whole * MONTH + sum % seconds * MONTH / seconds;
}

/* The text of a row, "" if there is none. */
static void copy_text(const flowenrich_column *column, size_t row, char *out, size_t room)
{
    char buf[VALUE_TEXT];
    value has;

    value_get(column, row, buf, &has);
    snprintf(out, room, "%.*s", has.n > 0 ? (int)has.items[0].len : 0,
             has.n > 0 ? has.items[0].data : "");
}

outcome month_add(month *of, const flowenrich_tariff *tariff, flowenrich_batch *groups)
{
    static const char *const paths[] = { "charges.meter", "charges.region", "charges.currency",
                                         "bytes", "amount" };
    enum { METER, REGION, CURRENCY, BYTES, AMOUNT, N_PATHS };
    flowenrich_column columns[N_PATHS];
    flowenrich_error error;

    for (size_t i = 0; i < N_PATHS; i++)
        if (value_column(groups, paths[i], &columns[i], &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
    for (size_t row = 0; row < flowenrich_batch_rows(groups); row++) {
        const uint64_t listed = month_sum(of, value_number(&columns[AMOUNT], row));
        uint64_t tiered;
        char region[64];

        if (!value_is(&columns[METER], row, "internet"))
            continue;
        copy_text(&columns[CURRENCY], row, of->currency, sizeof of->currency);
        copy_text(&columns[REGION], row, region, sizeof region);
        if (flowenrich_tariff_month(tariff, "internet", region, FLOWENRICH_TIME_END,
                                    month_sum(of, value_number(&columns[BYTES], row)),
                                    &of->allowance, &tiered, NULL) != FLOWENRICH_OK)
            tiered = listed;
        of->listed += listed;
        of->tiered += tiered;
    }
    return OUTCOME_DONE;
}

void month_tell(const month *of)
{
    char first[MOMENT_TEXT], last[MOMENT_TEXT], listed[NUMBER_TEXT], tiered[NUMBER_TEXT];

    if (!is_timed(of))
        return;
    notice("month: 730 hours that go on like these logs, of %s to %s",
           moment_text(of->first, first), moment_text(of->last, last));
    if (of->listed != of->tiered)
        notice("internet: %s %s a month is at the rate of one gigabyte more; with a month's tiers "
               "and free gigabytes it would be %s",
               text_money(of->listed, true, listed), of->currency,
               text_money(of->tiered, true, tiered));
}
