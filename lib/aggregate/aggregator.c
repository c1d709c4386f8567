/* SPDX-License-Identifier: Apache-2.0 */
/* Sums records, conversations or their charges by any paths. */
#include "aggregate/key.h"
#include "aggregate/sums.h"
#include "base/error.h"
#include "record/list.h"

#define DEFAULT_MAX_BYTES (UINT64_C(256) << 20)
#define BYTES_OF_GROUP 256

typedef struct group {
    flowenrich_text key;
    fle_sums sums;
} group;

struct flowenrich_aggregator {
    fle_allocator allocator;
    uint64_t max_groups;
    fle_arena names;
    flowenrich_text *by;
    uint32_t *types; /* of each path's column; 0 until a batch has the path */
    fle_path *paths; /* each path in the batch that is being added */
    size_t n_by;
    bool by_line;           /* a path is of charges: each line of a row is counted by itself */
    bool has_conversations; /* since groups were last taken out */
    uint64_t overflows, underflows;

    fle_arena keys;
    fle_map *by_key; /* to the number of the group; void while groups are taken */
    group *groups;
    size_t n_groups, capacity;
    fle_buffer key, scratch;
    bool taking;
    size_t n_taken;
};

static flowenrich_status check_paths(const flowenrich_aggregator_options *opt,
                                     flowenrich_error *error)
{
    if (opt->measure_count > 0 || opt->where || opt->window > 0)
        return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED,
                         "measures, 'where' and windows aren't there yet");
    if (opt->by_count > 0 && !opt->by)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'by' is NULL");
    for (size_t i = 0; i < opt->by_count; i++) {
        if (!opt->by[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "path %zu is NULL", i);
        for (size_t j = 0; j < i; j++)
            if (strcmp(opt->by[i], opt->by[j]) == 0)
                return fle_error(error, FLOWENRICH_ERR_ARG, "'%s' is grouped by twice", opt->by[i]);
        for (size_t j = 0; j < FLE_N_SUMS; j++)
            if (strcmp(opt->by[i], fle_sum_paths[j]) == 0)
                return fle_error(error, FLOWENRICH_ERR_ARG,
                                 "'%s' is what is summed, and can't be grouped by", opt->by[i]);
    }
    return FLOWENRICH_OK;
}

static bool is_of_lines(flowenrich_text path)
{
    return fle_text_is(fle_list_name(path), "charges");
}

static bool copy_paths(flowenrich_aggregator *aggregator, const flowenrich_aggregator_options *opt)
{
    const size_t n = opt->by_count;
    fle_arena *arena = &aggregator->names;

    aggregator->by = fle_arena_alloc(arena, n * sizeof *aggregator->by);
    aggregator->types = fle_arena_alloc(arena, n * sizeof *aggregator->types);
    aggregator->paths = fle_arena_alloc(arena, n * sizeof *aggregator->paths);
    if (!aggregator->by || !aggregator->types || !aggregator->paths)
        return false;
    for (size_t i = 0; i < n; i++) {
        aggregator->types[i] = 0;
        if (!fle_arena_text(arena, opt->by[i], strlen(opt->by[i]), &aggregator->by[i]))
            return false;
        aggregator->by_line = aggregator->by_line || is_of_lines(aggregator->by[i]);
    }
    aggregator->n_by = n;
    return true;
}

flowenrich_status flowenrich_aggregator_new(flowenrich_aggregator **out,
                                            const flowenrich_aggregator_options *options,
                                            flowenrich_error *error)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status == FLOWENRICH_OK)
        status = check_paths(&opt, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    aggregator = fle_alloc_zeroed(&allocator, sizeof *aggregator);
    if (!aggregator)
        return fle_error_nomem(error);

    aggregator->allocator = allocator;
    aggregator->max_groups =
        (opt.max_bytes > 0 ? opt.max_bytes : DEFAULT_MAX_BYTES) / BYTES_OF_GROUP + 1;
    fle_arena_init(&aggregator->names, &aggregator->allocator);
    fle_arena_init(&aggregator->keys, &aggregator->allocator);
    fle_buffer_init(&aggregator->key, &aggregator->allocator);
    fle_buffer_init(&aggregator->scratch, &aggregator->allocator);
    aggregator->by_key = fle_map_new(&aggregator->allocator, opt.hash_seed);
    if (!aggregator->by_key || !copy_paths(aggregator, &opt)) {
        flowenrich_aggregator_free(aggregator);
        return fle_error_nomem(error);
    }
    *out = aggregator;
    return fle_error_ok(error);
}

void flowenrich_aggregator_free(flowenrich_aggregator *aggregator)
{
    fle_allocator allocator;

    if (!aggregator)
        return;
    allocator = aggregator->allocator;
    fle_arena_free(&aggregator->names);
    fle_arena_free(&aggregator->keys);
    fle_buffer_free(&aggregator->key);
    fle_buffer_free(&aggregator->scratch);
    fle_map_free(aggregator->by_key);
    fle_free(&allocator, aggregator->groups);
    fle_free(&allocator, aggregator);
}

/* What a path is shown as: of charges one line's item, of other lists all in one text. */
static uint32_t type_of(const flowenrich_aggregator *aggregator, size_t i)
{
    const fle_path *path = &aggregator->paths[i];

    return is_of_lines(aggregator->by[i]) && path->item ? path->item : fle_key_type(path->type);
}

static flowenrich_status open_paths(flowenrich_aggregator *aggregator,
                                    const flowenrich_batch *batch, flowenrich_error *error)
{
    for (size_t i = 0; i < aggregator->n_by; i++) {
        fle_path *path = &aggregator->paths[i];
        uint32_t *type = &aggregator->types[i];

        if (!fle_path_open(path, batch, aggregator->by[i]))
            continue;
        if (*type == 0)
            *type = type_of(aggregator, i);
        if (*type != type_of(aggregator, i))
            return fle_error(error, FLOWENRICH_ERR_ARG,
                             "'%s' is of another type than in the batches before",
                             aggregator->by[i].data);
    }
    return FLOWENRICH_OK;
}

/* The item of a line, in the place of all lines' list. */
static void choose_line(fle_value *value, size_t line)
{
    if (value->type == FLOWENRICH_TYPE_LIST && line < value->as.texts.n) {
        const flowenrich_text text = value->as.texts.items[line];

        value->type = text.len ? FLOWENRICH_TYPE_TEXT : 0;
        value->as.text = text;
    } else if (value->type == FLE_NUMBERS && line < value->as.numbers.n) {
        const uint64_t number = value->as.numbers.items[line];

        value->type = FLOWENRICH_TYPE_U64;
        value->as.u64 = number;
    }
}

static void make_key(flowenrich_aggregator *aggregator, const flowenrich_batch *batch, size_t row,
                     size_t line)
{
    fle_value value;

    fle_buffer_clear(&aggregator->key);
    for (size_t i = 0; i < aggregator->n_by; i++) {
        fle_path_get(&aggregator->paths[i], batch, row, &value);
        if (aggregator->by_line && is_of_lines(aggregator->by[i]))
            choose_line(&value, line);
        fle_key_put(&aggregator->key, &value);
    }
}

/* What has no group of its own any more is in one whose texts are "other". */
static void make_other_key(flowenrich_aggregator *aggregator)
{
    const fle_value absent = { 0 };
    const fle_value other = { FLOWENRICH_TYPE_TEXT, { .text = FLE_TEXT("other") } };

    fle_buffer_clear(&aggregator->key);
    for (size_t i = 0; i < aggregator->n_by; i++) {
        const uint32_t type = aggregator->types[i];

        fle_key_put(&aggregator->key, type == 0 || type == FLOWENRICH_TYPE_TEXT ? &other : &absent);
    }
}

static group *find_group(flowenrich_aggregator *aggregator)
{
    const uint32_t *number =
        fle_map_find(aggregator->by_key, aggregator->key.data, aggregator->key.len);

    return number ? &aggregator->groups[*number] : NULL;
}

static group *add_group(flowenrich_aggregator *aggregator)
{
    const fle_buffer *key = &aggregator->key;
    const size_t number = aggregator->n_groups;
    group *groups = fle_grow(&aggregator->allocator, aggregator->groups, &aggregator->capacity,
                             number + 1, sizeof *groups);

    if (!groups)
        return NULL;
    aggregator->groups = groups;
    memset(&groups[number], 0, sizeof groups[number]);
    if (!fle_arena_text(&aggregator->keys, key->data, key->len, &groups[number].key) ||
        !fle_map_add(aggregator->by_key, groups[number].key.data, key->len, (uint32_t)number))
        return NULL;
    aggregator->n_groups++;
    return &groups[number];
}

/* The group of a row, or of a line of it, made if need be; NULL if memory ran out. */
static group *group_of(flowenrich_aggregator *aggregator, const flowenrich_batch *batch, size_t row,
                       size_t line)
{
    group *found;

    make_key(aggregator, batch, row, line);
    if (aggregator->key.failed)
        return NULL;
    found = find_group(aggregator);
    if (!found && aggregator->n_groups >= aggregator->max_groups) {
        make_other_key(aggregator);
        if (aggregator->key.failed)
            return NULL;
        found = find_group(aggregator);
    }
    return found ? found : add_group(aggregator);
}

/* A reversal takes out what rows before it put in, which had the same key if all is well. */
static bool count(flowenrich_aggregator *aggregator, group *into, const fle_sums *sums,
                  bool is_reversal)
{
    if (!into)
        return false;
    if (is_reversal)
        aggregator->underflows += !fle_sums_take(&into->sums, sums);
    else
        aggregator->overflows += !fle_sums_add(&into->sums, sums);
    return true;
}

static bool add_row(flowenrich_aggregator *aggregator, const flowenrich_batch *batch,
                    const fle_sum_columns *columns, size_t row)
{
    const bool is_reversal = fle_sums_is_reversal(columns, row);
    const size_t lines = aggregator->by_line ? fle_sums_lines(columns, row) : 0;
    fle_sums sums;

    if (!aggregator->by_line) {
        fle_sums_of_row(columns, row, &sums);
        return count(aggregator, group_of(aggregator, batch, row, 0), &sums, is_reversal);
    }
    for (size_t line = 0; line < lines; line++) {
        fle_sums_of_line(columns, row, line, &sums);
        if (!count(aggregator, group_of(aggregator, batch, row, line), &sums, is_reversal))
            return false;
    }
    return true;
}

flowenrich_status flowenrich_aggregator_add(flowenrich_aggregator *aggregator,
                                            flowenrich_batch *batch, flowenrich_error *error)
{
    fle_sum_columns columns;
    flowenrich_status status;

    if (!aggregator || !batch)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator' or 'batch' is NULL");
    if (aggregator->taking)
        return fle_error(error, FLOWENRICH_ERR_ARG, "take all groups out before adding more");
    status = open_paths(aggregator, batch, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_sums_open(&columns, batch);
    aggregator->has_conversations = aggregator->has_conversations || columns.is_conversations;
    for (size_t row = 0; row < batch->rows; row++)
        if (batch->kinds[row] == FLE_ROW_TRAFFIC && !add_row(aggregator, batch, &columns, row))
            return fle_error_nomem(error);
    return fle_error_ok(error);
}

/* What costs most first, then with most bytes, then by keys. No two are equal. */
static bool comes_before(const group *a, const group *b)
{
    static const fle_sum order[] = { FLE_SUM_AMOUNT, FLE_SUM_BYTES };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (a->sums.values[order[i]] != b->sums.values[order[i]])
            return a->sums.values[order[i]] > b->sums.values[order[i]];
    return fle_text_compare(a->key, b->key) < 0;
}

/* Let the group at 'at' sink below all that come after it, in a heap of 'n'. */
static void sink(group *groups, size_t at, size_t n)
{
    const group sinking = groups[at];

    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && comes_before(&groups[child], &groups[child + 1]))
            child++;
        if (!comes_before(&sinking, &groups[child]))
            break;
        groups[at] = groups[child];
    }
    groups[at] = sinking;
}

/* By heap: in place, while the C library's qsort() may ask malloc() for memory. */
static void sort(group *groups, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sink(groups, i, n);
    for (size_t last = n; last-- > 1;) {
        const group next = groups[0];

        groups[0] = groups[last];
        groups[last] = next;
        sink(groups, 0, last);
    }
}

/* Lines of charges have no records, and records no charges. */
static bool is_shown(const flowenrich_aggregator *aggregator, fle_sum sum)
{
    if (aggregator->by_line)
        return sum == FLE_SUM_BYTES || sum == FLE_SUM_AMOUNT;
    return sum < FLE_SUM_UPLOADED || aggregator->has_conversations;
}

static bool add_columns(const flowenrich_aggregator *aggregator, flowenrich_batch *out)
{
    for (size_t i = 0; i < aggregator->n_by; i++) {
        const uint32_t type = aggregator->types[i] ? aggregator->types[i] : FLOWENRICH_TYPE_TEXT;

        if (!fle_batch_add(out, aggregator->by[i], type))
            return false;
    }
    for (size_t i = 0; i < FLE_N_SUMS; i++)
        if (is_shown(aggregator, (fle_sum)i) &&
            !fle_batch_add(out, fle_text_of(fle_sum_paths[i]), FLOWENRICH_TYPE_U64))
            return false;
    return true;
}

/* Store a value unless the column is of another type, as "other" may be. False = no memory. */
static bool set_value(flowenrich_batch *out, fle_column *column, size_t row, const fle_value *value)
{
    flowenrich_slice slice;

    if (value->type != column->type)
        return true;
    switch (value->type) {
    case FLOWENRICH_TYPE_U32:
        fle_column_set_u32(column, row, (uint32_t)value->as.u64);
        break;
    case FLOWENRICH_TYPE_U64:
        fle_column_set_u64(column, row, value->as.u64);
        break;
    case FLOWENRICH_TYPE_TIME:
        fle_column_set_time(column, row, value->as.time);
        break;
    case FLOWENRICH_TYPE_F64:
        fle_column_set_f64(column, row, value->as.f64);
        break;
    case FLOWENRICH_TYPE_BOOL:
        fle_column_set_bool(column, row, value->as.u64 != 0);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        fle_column_set_address(column, row, value->as.address);
        break;
    default:
        if (!fle_batch_append_text(out, value->as.text.data, value->as.text.len, &slice))
            return false;
        fle_column_set_slice(column, row, slice);
        break;
    }
    return true;
}

static bool append_row(flowenrich_aggregator *aggregator, const group *from, flowenrich_batch *out)
{
    const size_t row = out->rows;
    flowenrich_text key = from->key;
    fle_value value;

    for (size_t i = 0; i < aggregator->n_by; i++)
        if (!fle_key_take(&key, &aggregator->scratch, &value) ||
            !set_value(out, fle_batch_find(out, aggregator->by[i]), row, &value))
            return false;
    for (size_t i = 0; i < FLE_N_SUMS; i++)
        if (is_shown(aggregator, (fle_sum)i))
            fle_column_set_u64(fle_batch_find(out, fle_text_of(fle_sum_paths[i])), row,
                               from->sums.values[i]);
    out->kinds[row] = FLE_ROW_TRAFFIC;
    out->lines[row] = 0;
    out->rows++;
    return true;
}

flowenrich_status flowenrich_aggregator_take(flowenrich_aggregator *aggregator,
                                             flowenrich_batch *out, flowenrich_error *error)
{
    if (!aggregator || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator' or 'out' is NULL");
    flowenrich_batch_clear(out);
    if (!add_columns(aggregator, out))
        return fle_error_nomem(error);
    if (!aggregator->taking)
        sort(aggregator->groups, aggregator->n_groups);
    aggregator->taking = true;
    for (; out->rows < out->capacity && aggregator->n_taken < aggregator->n_groups;
         aggregator->n_taken++)
        if (!append_row(aggregator, &aggregator->groups[aggregator->n_taken], out))
            return fle_error_nomem(error);
    if (out->rows == 0) {
        fle_map_clear(aggregator->by_key);
        fle_arena_clear(&aggregator->keys);
        memset(aggregator->types, 0, aggregator->n_by * sizeof *aggregator->types);
        aggregator->n_groups = aggregator->n_taken = 0;
        aggregator->taking = aggregator->has_conversations = false;
    }
    return fle_error_ok(error);
}

flowenrich_status flowenrich_aggregator_advance(flowenrich_aggregator *aggregator,
                                                flowenrich_time watermark, flowenrich_error *error)
{
    (void)watermark; /* without windows all is due at any time */
    if (!aggregator)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator' is NULL");
    return fle_error_ok(error);
}

flowenrich_status flowenrich_aggregator_merge(flowenrich_aggregator *into,
                                              const flowenrich_aggregator *from,
                                              flowenrich_error *error)
{
    if (!into || !from)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'into' or 'from' is NULL");
    return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED, "merging isn't there yet");
}

flowenrich_status flowenrich_aggregator_save(const flowenrich_aggregator *aggregator, void *buf,
                                             size_t cap, size_t *len, flowenrich_error *error)
{
    (void)cap;
    if (!aggregator || !buf || !len)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator', 'buf' or 'len' is NULL");
    return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED, "saving isn't there yet");
}

flowenrich_status flowenrich_aggregator_load(flowenrich_aggregator *into, const void *state,
                                             size_t len, flowenrich_error *error)
{
    (void)len;
    if (!into || !state)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'into' or 'state' is NULL");
    return fle_error(error, FLOWENRICH_ERR_UNSUPPORTED, "loading isn't there yet");
}

size_t flowenrich_aggregator_stats(const flowenrich_aggregator *aggregator, flowenrich_stat *out,
                                   size_t n)
{
    const flowenrich_stat all[] = {
        { "overflows", aggregator->overflows },
        { "underflows", aggregator->underflows },
    };
    const size_t count_of_all = sizeof all / sizeof *all;

    if (n > 0)
        memcpy(out, all, (n < count_of_all ? n : count_of_all) * sizeof *out);
    return count_of_all;
}
