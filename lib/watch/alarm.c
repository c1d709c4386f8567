/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms as rows: what is wrong, and the group that it is about. */
#include "watch/alarm.h"

#include "record/dictionary.h"
#include "record/list.h"

/* Columns of the alarm itself, before those of the group. */
#define OWN "alarm."

enum { KIND, RULE, MEASURE, VALUE, USUAL, LIMIT, N_OWN };

static const struct {
    const char *path;
    uint32_t type;
} own[N_OWN] = {
    [KIND] = { OWN "kind", FLOWENRICH_TYPE_TEXT },   [RULE] = { OWN "rule", FLOWENRICH_TYPE_TEXT },
    [MEASURE] = { OWN "measure", FLOWENRICH_TYPE_TEXT },
    [VALUE] = { OWN "value", FLOWENRICH_TYPE_U64 }, [USUAL] = { OWN "usual", FLOWENRICH_TYPE_U64 },
    [LIMIT] = { OWN "limit", FLOWENRICH_TYPE_U64 },
};

static const flowenrich_text kinds[] = { FLE_ENTRY("spike"), FLE_ENTRY("unexpected") };

static bool add_own(flowenrich_batch *alarms)
{
    bool done = fle_batch_add_codes(alarms, fle_text_of(own[KIND].path), kinds, 2) != NULL;

    for (size_t i = RULE; done && i < N_OWN; i++)
        done = fle_batch_add(alarms, fle_text_of(own[i].path), own[i].type) != NULL;
    return done;
}

/* Groups may be by anything. */
static bool is_own(const fle_column *column)
{
    return fle_text_starts(fle_text_of(column->path), OWN);
}

bool fle_alarm_begin(flowenrich_batch *alarms, const flowenrich_batch *groups)
{
    bool done;

    fle_batch_drop_columns(alarms);
    done = add_own(alarms);
    for (size_t i = 0; done && i < groups->n_columns; i++) {
        const fle_column *column = &groups->columns[i];
        const flowenrich_text path = fle_text_of(column->path);

        if (is_own(column))
            continue;
        done = (column->type == FLOWENRICH_TYPE_LIST
                    ? fle_batch_add_list(alarms, path, column->item)
                    : fle_batch_add(alarms, path, column->type)) != NULL;
    }
    return done;
}

static bool set_text(flowenrich_batch *alarms, fle_column *column, flowenrich_text text)
{
    flowenrich_slice slice;

    if (text.len == 0)
        return true;
    if (!fle_batch_append_text(alarms, text.data, text.len, &slice))
        return false;
    fle_column_set_slice(column, alarms->rows, slice);
    return true;
}

static bool set_list(flowenrich_batch *alarms, fle_column *to, const fle_column *from, size_t row)
{
    const size_t n = fle_list_len(from, row);
    bool done = true;

    for (size_t i = 0; done && i < n; i++) {
        const flowenrich_text text =
            from->item == FLOWENRICH_TYPE_TEXT ? fle_list_text(from, row, i) : fle_text(NULL, 0);

        done = from->item == FLOWENRICH_TYPE_TEXT
                   ? fle_list_add_text(alarms, to, alarms->rows, text.data, text.len)
                   : fle_list_add_u64(alarms, to, alarms->rows, fle_list_u64(from, row, i));
    }
    return done;
}

static bool set_group(flowenrich_batch *alarms, const flowenrich_batch *groups, size_t row)
{
    bool done = true;

    for (size_t i = 0; done && i < groups->n_columns; i++) {
        const fle_column *from = &groups->columns[i];
        fle_column *to = fle_batch_find(alarms, fle_text_of(from->path));

        if (is_own(from) || !fle_column_valid(from, row))
            continue;
        if (from->type == FLOWENRICH_TYPE_LIST)
            done = set_list(alarms, to, from, row);
        else if (from->type == FLOWENRICH_TYPE_TEXT)
            done = set_text(alarms, to, fle_batch_text(groups, from, row));
        else
            fle_column_copy(to, alarms->rows, from, row);
    }
    return done;
}

bool fle_alarm_add(flowenrich_batch *alarms, const fle_alarm *alarm, const flowenrich_batch *groups,
                   size_t row)
{
    fle_column *columns = alarms->columns; /* its own are the first */

    alarms->kinds[alarms->rows] = FLE_ROW_TRAFFIC;
    alarms->lines[alarms->rows] = 0;
    alarms->shape_of[alarms->rows] = FLE_ABSENT;
    fle_column_set_u32(&columns[KIND], alarms->rows, alarm->kind);
    if (!set_text(alarms, &columns[RULE], alarm->rule) ||
        !set_text(alarms, &columns[MEASURE], alarm->measure) || !set_group(alarms, groups, row))
        return false;
    if (alarm->kind == FLE_ALARM_SPIKE) {
        fle_column_set_u64(&columns[VALUE], alarms->rows, alarm->value);
        fle_column_set_u64(&columns[USUAL], alarms->rows, alarm->usual);
        fle_column_set_u64(&columns[LIMIT], alarms->rows, alarm->limit);
    }
    alarms->rows++;
    return true;
}
