/* SPDX-License-Identifier: Apache-2.0 */
/* From when until when rows are wanted: the `since:` and `until:` of a configuration. */
#include "record/interval.h"

#include "base/date.h"
#include "base/text.h"
#include "record/configuration.h"

static flowenrich_status read_time(const fle_yaml *configuration, const char *key,
                                   flowenrich_time *out, flowenrich_error *error)
{
    const fle_yaml *node = fle_configuration_section(configuration, key);
    flowenrich_status status = FLOWENRICH_OK;
    uint64_t seconds;

    *out = FLOWENRICH_TIME_ABSENT;
    if (node)
        status = fle_yaml_expect(node, FLE_YAML_SCALAR, key, error);
    if (!node || status != FLOWENRICH_OK)
        return status;
    if (fle_text_u64(node->scalar, &seconds) && seconds <= INT64_MAX)
        *out = (flowenrich_time)seconds;
    else if (!fle_date_parse(node->scalar.data, node->scalar.len, out))
        return fle_yaml_error(node, error,
                              "%s must be a time like 2026-11-20T09:00:00Z, or its seconds since "
                              "1970, not '%.*s'",
                              key, FLE_YAML_QUOTE(node->scalar), node->scalar.data);
    return FLOWENRICH_OK;
}

flowenrich_status fle_interval_read(fle_interval *out, const fle_yaml *configuration,
                                    flowenrich_error *error)
{
    flowenrich_status status = read_time(configuration, "since", &out->since, error);

    if (status == FLOWENRICH_OK)
        status = read_time(configuration, "until", &out->until, error);
    if (status == FLOWENRICH_OK && out->until != FLOWENRICH_TIME_ABSENT && out->until < out->since)
        return fle_yaml_error(fle_yaml_get(configuration, "until"), error,
                              "until is earlier than since: no record can be in between");
    return status;
}

bool fle_interval_is_bounded(const fle_interval *interval)
{
    return interval->since != FLOWENRICH_TIME_ABSENT || interval->until != FLOWENRICH_TIME_ABSENT;
}

/* No time is less than any, so an absent 'since' is before each end. */
static bool overlaps(const fle_interval *interval, const fle_column *start, const fle_column *end,
                     size_t row)
{
    if (fle_column_valid(end, row) && fle_column_time(end, row) < interval->since)
        return false;
    return interval->until == FLOWENRICH_TIME_ABSENT || !fle_column_valid(start, row) ||
           fle_column_time(start, row) <= interval->until;
}

void fle_interval_apply(const fle_interval *interval, flowenrich_batch *batch, uint8_t *keep)
{
    const fle_column *start = fle_batch_field(batch, FLE_FIELD_START);
    const fle_column *end = fle_batch_field(batch, FLE_FIELD_END);

    if (!fle_interval_is_bounded(interval))
        return;
    memset(keep, 0xff, batch->rows / 8 + 1);
    for (size_t row = 0; row < batch->rows; row++)
        if (!overlaps(interval, start, end, row))
            keep[row / 8] &= (uint8_t) ~(1U << row % 8);
    (void)flowenrich_batch_keep(batch, keep, NULL); /* fails only for NULL */
}
