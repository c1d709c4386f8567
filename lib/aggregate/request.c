/* SPDX-License-Identifier: Apache-2.0 */
/* What an aggregator is asked for: the options, read once. */
#include "aggregate/request.h"

#include <stdio.h>

#include "base/error.h"
#include "base/pack.h"
#include "record/expression.h"
#include "record/list.h"
#include "record/path.h"

#define MOST_PATHS 64
#define MOST_MEASURES 64
#define LONGEST_WINDOW (366 * 86400U)
#define TOP 10
#define MOST_TOP 1000

/* What the columns of groups are called beside what was asked for: of all, and of windows'. */
static const char *const taken[] = { "other", "error", "first", "last" };
static const char *const taken_by_windows[] = { "window.start", "window.end", "sequence", "late",
                                                "reversal" };

/* ---- Paths to group by. ---- */

/* "24" of "client.addr/24", and what is before it; tags may have any bytes in their keys. */
static flowenrich_status read_network(fle_by_path *by, flowenrich_error *error)
{
    const char *slash = NULL;
    flowenrich_text rest;
    uint64_t bits;

    by->path = by->name;
    by->network = FLE_NO_NETWORK;
    for (size_t i = 0; i < by->name.len; i++)
        if (by->name.data[i] == '/')
            slash = by->name.data + i;
    if (!slash)
        return FLOWENRICH_OK;
    rest = fle_text(slash + 1, (size_t)(by->name.data + by->name.len - slash) - 1);
    if (!fle_text_u64(rest, &bits) || fle_path_type(by->name) != 0)
        return FLOWENRICH_OK;
    by->path = fle_text(by->name.data, (size_t)(slash - by->name.data));
    if (fle_path_type(by->path) != FLOWENRICH_TYPE_ADDRESS || bits > 128)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'%s' is no network of addresses, such as client.addr/24", by->name.data);
    by->network = (uint8_t)bits;
    return FLOWENRICH_OK;
}

static bool is_among(flowenrich_text name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_is(name, names[i]))
            return true;
    return false;
}

static bool is_taken(const fle_request *request, flowenrich_text name)
{
    return is_among(name, taken, sizeof taken / sizeof *taken) ||
           is_among(name, fle_sum_paths, FLE_N_SUMS) ||
           (request->window > 0 &&
            is_among(name, taken_by_windows, sizeof taken_by_windows / sizeof *taken_by_windows));
}

static flowenrich_status read_by(fle_request *request, size_t i, flowenrich_error *error)
{
    fle_by_path *by = &request->by[i];

    if (is_taken(request, by->name))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'%s' is what is told of groups, and can't be grouped by", by->name.data);
    for (size_t j = 0; j < i; j++)
        if (fle_text_equal(by->name, request->by[j].name))
            return fle_error(error, FLOWENRICH_ERR_ARG, "'%s' is grouped by twice", by->name.data);
    by->is_of_lines = fle_text_is(fle_list_name(by->name), "charges");
    request->is_of_lines = request->is_of_lines || by->is_of_lines;
    return read_network(by, error);
}

/* ---- Measures. ---- */

static bool is_plain(fle_measure *measure, flowenrich_text name)
{
    measure->column = name;
    if (fle_text_is(name, "first") || fle_text_is(name, "last")) {
        measure->kind = fle_text_is(name, "first") ? FLE_MEASURE_FIRST : FLE_MEASURE_LAST;
        return true;
    }
    for (size_t i = 0; i < FLE_N_SUMS; i++)
        if (fle_text_is(name, fle_sum_paths[i])) {
            measure->kind = FLE_MEASURE_SUM;
            measure->sum = (fle_sum)i;
            return true;
        }
    return false;
}

/* "50" is 500, "99.9" is 999; false if it is none from above 0 to below 100. */
static bool read_per_mille(flowenrich_text text, uint32_t *out)
{
    const char *dot = memchr(text.data, '.', text.len);
    const size_t len = dot ? (size_t)(dot - text.data) : text.len;
    uint64_t whole, tenth = 0;

    if (!fle_text_u64(fle_text(text.data, len), &whole) || whole >= 100 ||
        (dot && (text.len != len + 2 || !fle_text_u64(fle_text(dot + 1, 1), &tenth))))
        return false;
    *out = (uint32_t)(whole * 10 + tenth);
    return *out > 0;
}

static bool read_call(fle_measure *measure, flowenrich_text call)
{
    uint64_t top = TOP;

    if (fle_text_is(call, "distinct")) {
        measure->kind = FLE_MEASURE_DISTINCT;
        return true;
    }
    if (fle_text_starts(call, "top")) {
        measure->kind = FLE_MEASURE_TOP;
        if (call.len > 3 && !fle_text_u64(fle_text(call.data + 3, call.len - 3), &top))
            return false;
        measure->number = (uint32_t)top;
        return top > 0 && top <= MOST_TOP;
    }
    measure->kind = FLE_MEASURE_QUANTILE;
    return call.len > 1 && call.data[0] == 'p' &&
           read_per_mille(fle_text(call.data + 1, call.len - 1), &measure->number);
}

/* "p99_9.bytes" of "p99.9(bytes)", since a dot parts what is nested in JSON. */
static bool name_column(fle_request *request, fle_measure *measure, flowenrich_text call)
{
    const size_t len = call.len + 1 + measure->path.len;
    const bool is_top = measure->kind == FLE_MEASURE_TOP;
    char *name = fle_arena_alloc(&request->arena, len + 1);
    char *weights = is_top ? fle_arena_alloc(&request->arena, len + 7) : name;

    if (!name || !weights)
        return false;
    snprintf(name, len + 1, "%.*s.%.*s", (int)call.len, call.data, (int)measure->path.len,
             measure->path.data);
    for (size_t i = 0; i < call.len; i++)
        if (name[i] == '.')
            name[i] = '_';
    measure->column = fle_text(name, len);
    if (!is_top)
        return true;
    snprintf(weights, len + 7, "%.*s_bytes.%.*s", (int)call.len, call.data, (int)measure->path.len,
             measure->path.data);
    measure->weights = fle_text(weights, len + 6);
    return true;
}

static flowenrich_status read_measure(fle_request *request, size_t i, flowenrich_error *error)
{
    const flowenrich_text name = fle_text_of(request->opt.measures[i]);
    const char *bracket = memchr(name.data, '(', name.len);
    fle_measure *measure = &request->measures[i];
    flowenrich_text call;

    memset(measure, 0, sizeof *measure);
    for (size_t j = 0; j < i; j++)
        if (fle_text_is(name, request->opt.measures[j]))
            return fle_error(error, FLOWENRICH_ERR_ARG, "'%s' is asked for twice", name.data);
    if (is_plain(measure, name))
        return FLOWENRICH_OK;
    if (bracket && bracket + 2 < name.data + name.len && name.data[name.len - 1] == ')') {
        call = fle_text(name.data, (size_t)(bracket - name.data));
        measure->path = fle_text(bracket + 1, name.len - call.len - 2);
        if (read_call(measure, call))
            return name_column(request, measure, call) ? FLOWENRICH_OK : fle_error_nomem(error);
    }
    return fle_error(error, FLOWENRICH_ERR_ARG,
                     "'%s' is no measure: there are the sums, such as bytes, first, last, "
                     "distinct(PATH), p50(PATH) to p99.9(PATH), top(PATH)",
                     name.data);
}

/* ---- All of it. ---- */

static bool copy_texts(fle_arena *arena, const char *const *from, size_t n, const char *const **out)
{
    const char **copies = fle_arena_alloc(arena, (n + 1) * sizeof *copies);
    flowenrich_text copy;

    for (size_t i = 0; copies && i < n; i++) {
        if (!fle_arena_text(arena, from[i], strlen(from[i]), &copy))
            return false;
        copies[i] = copy.data;
    }
    *out = copies;
    return copies != NULL;
}

static bool copy_options(fle_request *request)
{
    flowenrich_aggregator_options *opt = &request->opt;
    fle_arena *arena = &request->arena;
    flowenrich_text where = { NULL, 0 };

    if (!copy_texts(arena, opt->by, opt->by_count, &opt->by) ||
        !copy_texts(arena, opt->measures, opt->measure_count, &opt->measures) ||
        (opt->where && !fle_arena_text(arena, opt->where, opt->where_len, &where)))
        return false;
    opt->where = where.data;
    request->by = fle_arena_alloc(arena, (opt->by_count + 1) * sizeof *request->by);
    request->measures =
        fle_arena_alloc(arena, (opt->measure_count + 1) * sizeof *request->measures);
    if (!request->by || !request->measures)
        return false;
    for (size_t i = 0; i < opt->by_count; i++)
        request->by[i].name = fle_text_of(opt->by[i]);
    return true;
}

static flowenrich_status check(const flowenrich_aggregator_options *opt, flowenrich_error *error)
{
    if (opt->by_count > MOST_PATHS || opt->measure_count > MOST_MEASURES)
        return fle_error(error, FLOWENRICH_ERR_ARG, "more than %d paths or measures are too many",
                         MOST_PATHS);
    if ((opt->by_count > 0 && !opt->by) || (opt->measure_count > 0 && !opt->measures))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'by' or 'measures' is NULL");
    for (size_t i = 0; i < opt->by_count; i++)
        if (!opt->by[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "path %zu is NULL", i);
    for (size_t i = 0; i < opt->measure_count; i++)
        if (!opt->measures[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "measure %zu is NULL", i);
    if (opt->window > LONGEST_WINDOW)
        return fle_error(error, FLOWENRICH_ERR_ARG, "a window of %lu s is longer than a year",
                         (unsigned long)opt->window);
    if (opt->slide > 0 && (opt->slide > opt->window || opt->window % opt->slide != 0))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "windows of %lu s can't slide by %lu s, which doesn't divide them",
                         (unsigned long)opt->window, (unsigned long)opt->slide);
    return FLOWENRICH_OK;
}

flowenrich_status fle_request_init(fle_request *request, const flowenrich_aggregator_options *opt,
                                   const fle_allocator *allocator, flowenrich_error *error)
{
    flowenrich_status status = check(opt, error);

    memset(request, 0, sizeof *request);
    fle_arena_init(&request->arena, allocator);
    fle_filter_init(&request->where, &request->arena);
    request->opt = *opt;
    request->window = opt->window;
    request->slide = opt->slide > 0 ? opt->slide : opt->window;
    if (status == FLOWENRICH_OK && !copy_options(request))
        return fle_error_nomem(error);
    for (size_t i = 0; status == FLOWENRICH_OK && i < opt->by_count; i++)
        status = read_by(request, i, error);
    for (size_t i = 0; status == FLOWENRICH_OK && i < opt->measure_count; i++)
        status = read_measure(request, i, error);
    if (status == FLOWENRICH_OK && opt->where)
        status = fle_expression_read(&request->where, fle_text(opt->where, opt->where_len), error);
    return status;
}

void fle_request_free(fle_request *request)
{
    fle_filter_free(&request->where);
    fle_arena_free(&request->arena);
}

size_t fle_request_core(fle_sum_level level, fle_measure core[FLE_MOST_CORE])
{
    static const char *const names[][FLE_MOST_CORE] = {
        [FLE_SUMS_UNKNOWN] = { "records", "packets", "bytes", "rejects", "first", "last" },
        [FLE_SUMS_OF_RECORDS] = { "records", "packets", "bytes", "rejects", "first", "last" },
        [FLE_SUMS_OF_CONVERSATIONS] = { "conversations", "records", "uploaded", "downloaded",
                                        "uploaded_packets", "downloaded_packets", "packets",
                                        "bytes", "rejects", "amount", "uncosted_bytes", "first",
                                        "last" },
        [FLE_SUMS_OF_LINES] = { "bytes", "amount" },
    };
    size_t n = 0;

    for (; n < FLE_MOST_CORE && names[level][n]; n++) {
        memset(&core[n], 0, sizeof core[n]);
        is_plain(&core[n], fle_text_of(names[level][n]));
    }
    return n;
}

/* A refusal counts unless the verdict says otherwise. */
static bool measure_reads(const fle_measure *measure, flowenrich_text path)
{
    if (measure->kind == FLE_MEASURE_SUM)
        return fle_text_is(path, measure->sum == FLE_SUM_REJECTS ? "verdict"
                                                                 : fle_sum_paths[measure->sum]);
    return fle_text_equal(path, measure->path);
}

bool fle_request_reads(const fle_request *request, flowenrich_text path)
{
    const size_t n_measures = request->opt.measure_count;
    bool reads = fle_filter_reads(&request->where, path) ||
                 (n_measures == 0 && fle_text_is(path, "verdict")); /* of the core ones */

    for (size_t i = 0; i < request->opt.by_count; i++)
        reads = reads || fle_text_equal(path, request->by[i].path);
    for (size_t i = 0; i < n_measures; i++)
        reads = reads || measure_reads(&request->measures[i], path);
    return reads;
}

void fle_request_sign(const fle_request *request, fle_buffer *out)
{
    const flowenrich_aggregator_options *opt = &request->opt;

    fle_pack_number(out, opt->by_count);
    for (size_t i = 0; i < opt->by_count; i++)
        fle_pack_text(out, request->by[i].name);
    fle_pack_number(out, opt->measure_count);
    for (size_t i = 0; i < opt->measure_count; i++)
        fle_pack_text(out, fle_text_of(opt->measures[i]));
    fle_pack_text(out, fle_text(opt->where, opt->where ? opt->where_len : 0));
    fle_pack_number(out, request->window);
    fle_pack_number(out, request->slide);
    fle_pack_number(out, opt->spread);
}
