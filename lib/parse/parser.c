/* SPDX-License-Identifier: Apache-2.0 */
/* The parser as an object: its options, formats and counters. */
#include "parse/parser.h"

#include <inttypes.h>

#include "base/error.h"

#define DEFAULT_MAX_LINE 65536u
/* Of the batch's 4 GiB of text an empty batch has room for any line. */
#define MOST_MAX_LINE ((uint32_t)1 << 30)
#define MOST_KNOWN 256 /* expected formats that are kept for inputs to come */

static const char *const stat_names[FLE_N_STATS] = {
    [FLE_STAT_LINES] = "lines",
    [FLE_STAT_RECORDS] = "records",
    [FLE_STAT_NODATA] = "nodata",
    [FLE_STAT_SKIPDATA] = "skipdata",
    [FLE_STAT_HEADERS] = "headers",
    [FLE_STAT_UNKNOWN_FIELDS] = "unknown_fields",
    [FLE_STAT_MILLISECONDS] = "milliseconds",
    [FLE_STAT_DOUBLED_SPACES] = "doubled_spaces",
    [FLE_STAT_BAD + FLE_BAD_TOO_FEW_FIELDS] = "bad_too_few_fields",
    [FLE_STAT_BAD + FLE_BAD_TOO_MANY_FIELDS] = "bad_too_many_fields",
    [FLE_STAT_BAD + FLE_BAD_NUMBER] = "bad_number",
    [FLE_STAT_BAD + FLE_BAD_ADDRESS] = "bad_address",
    [FLE_STAT_BAD + FLE_BAD_TOO_LONG] = "bad_too_long",
    [FLE_STAT_BAD + FLE_BAD_NUL_BYTE] = "bad_nul_byte",
    [FLE_STAT_BAD + FLE_BAD_NO_FORMAT] = "bad_no_format",
};

static bool copy_selection(flowenrich_parser *parser, const char *const *paths, size_t n)
{
    const char **copies = fle_arena_alloc(&parser->names, n * sizeof *copies);

    if (!copies)
        return false;
    parser->asked = 0;
    for (size_t i = 0; i < n; i++) {
        flowenrich_text copy;

        if (!fle_arena_text(&parser->names, paths[i], strlen(paths[i]), &copy))
            return false;
        copies[i] = copy.data;
        parser->asked |= UINT32_C(1) << fle_part_find(copy);
    }
    parser->selection = (fle_selection){ copies, n, false };
    return true;
}

static void free_plans(flowenrich_parser *parser, fle_plan **plans, size_t *n)
{
    parser->fitted = NULL;
    for (size_t i = 0; i < *n; i++)
        fle_plan_free(plans[i], &parser->allocator);
    *n = 0;
}

static void drop_plans(flowenrich_parser *parser)
{
    free_plans(parser, parser->plans, &parser->n_plans);
    parser->has_defaults = false;
}

/* Room for one more plan to be tried. */
static bool make_room(flowenrich_parser *parser)
{
    fle_plan **tried = fle_grow(&parser->allocator, parser->tried, &parser->tried_capacity,
                                parser->n_expected + parser->n_plans + 1, sizeof *tried);

    if (tried)
        parser->tried = tried;
    return tried != NULL;
}

/* Behind what is expected, try what was added and isn't among it. There is room. */
static void order_plans(flowenrich_parser *parser)
{
    parser->n_tried = parser->n_expected;
    for (size_t i = 0; i < parser->n_plans; i++) {
        size_t k = 0;

        while (k < parser->n_expected && parser->tried[k] != parser->plans[i])
            k++;
        if (k == parser->n_expected)
            parser->tried[parser->n_tried++] = parser->plans[i];
    }
}

flowenrich_status fle_parser_new_plan(fle_plan **out, const flowenrich_parser *parser,
                                      flowenrich_text text, bool checks_all,
                                      flowenrich_error *error)
{
    const flowenrich_options options = { sizeof options, &parser->allocator, 0 };
    flowenrich_format *format;
    flowenrich_status status = flowenrich_format_new(&format, text.data, text.len, &options, error);

    *out = NULL;
    if (status != FLOWENRICH_OK)
        return status;
    *out = fle_plan_new(&parser->allocator, format, &parser->selection, checks_all);
    return *out ? FLOWENRICH_OK : fle_error_nomem(error);
}

/*
 * Where a line might be of two formats, and where nobody said what it is, all its
 * values are looked at, or the answer would depend on the selection.
 */
static void tell_apart(const flowenrich_parser *parser, fle_plan *const *plans, size_t n,
                       fle_plan *plan)
{
    for (size_t i = 0; i < n; i++)
        if (plans[i] != plan && plans[i]->format->n_fields == plan->format->n_fields) {
            fle_plan_check_all(plans[i], &parser->selection);
            fle_plan_check_all(plan, &parser->selection);
        }
}

static flowenrich_status add_plan(flowenrich_parser *parser, flowenrich_text text, bool checks_all,
                                  flowenrich_error *error)
{
    fle_plan **plans = fle_grow(&parser->allocator, parser->plans, &parser->plans_capacity,
                                parser->n_plans + 1, sizeof *plans);
    flowenrich_status status;
    fle_plan *plan;

    if (plans)
        parser->plans = plans;
    if (!plans || !make_room(parser))
        return fle_error_nomem(error);
    status = fle_parser_new_plan(&plan, parser, text, checks_all, error);
    if (status != FLOWENRICH_OK)
        return status;
    tell_apart(parser, plans, parser->n_plans, plan);
    plans[parser->n_plans++] = plan;
    order_plans(parser);
    return FLOWENRICH_OK;
}

static flowenrich_status check_options(const flowenrich_parser_options *opt,
                                       flowenrich_error *error)
{
    if (opt->max_line > MOST_MAX_LINE)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'max_line' is %" PRIu32 ", more than %" PRIu32,
                         opt->max_line, MOST_MAX_LINE);
    if (!opt->fields && opt->field_count > 0)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'fields' is NULL and 'field_count' isn't 0");
    for (size_t i = 0; i < opt->field_count; i++)
        if (!opt->fields[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "'fields[%zu]' is NULL", i);
    return FLOWENRICH_OK;
}

flowenrich_status flowenrich_parser_new(flowenrich_parser **out,
                                        const flowenrich_parser_options *options,
                                        flowenrich_error *error)
{
    flowenrich_parser_options opt = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status == FLOWENRICH_OK)
        status = check_options(&opt, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    parser = fle_alloc_zeroed(&allocator, sizeof *parser);
    if (!parser)
        return fle_error_nomem(error);

    parser->allocator = allocator;
    parser->max_bad_lines = opt.max_bad_lines ? opt.max_bad_lines : UINT64_MAX;
    parser->max_line = opt.max_line ? opt.max_line : DEFAULT_MAX_LINE;
    parser->number = 1;
    parser->selection.all = true;
    parser->asked = UINT32_MAX;
    fle_arena_init(&parser->names, &parser->allocator);
    fle_arena_init(&parser->source_texts, &parser->allocator);
    fle_buffer_init(&parser->carry, &parser->allocator);
    parser->marks = fle_alloc(&parser->allocator, sizeof *parser->marks);
    if (!parser->marks)
        status = fle_error_nomem(error);
    if (status == FLOWENRICH_OK && opt.fields &&
        !copy_selection(parser, opt.fields, opt.field_count))
        status = fle_error_nomem(error);
    if (status == FLOWENRICH_OK)
        status = add_plan(parser, FLE_TEXT("default"), true, error);
    if (status == FLOWENRICH_OK)
        status = add_plan(parser, FLE_TEXT("default-tgw"), true, error);
    parser->has_defaults = true;
    if (status != FLOWENRICH_OK) {
        flowenrich_parser_free(parser);
        return status;
    }
    *out = parser;
    return FLOWENRICH_OK;
}

void fle_parser_drop_header(flowenrich_parser *parser)
{
    fle_plan_free(parser->header, &parser->allocator);
    parser->header = NULL;
    parser->fitted = NULL;
    parser->has_header = false;
}

void flowenrich_parser_free(flowenrich_parser *parser)
{
    fle_allocator allocator;

    if (!parser)
        return;
    allocator = parser->allocator;
    fle_parser_drop_header(parser);
    drop_plans(parser);
    free_plans(parser, parser->known, &parser->n_known);
    fle_free(&allocator, parser->plans);
    fle_free(&allocator, parser->known);
    fle_free(&allocator, parser->tried);
    fle_free(&allocator, parser->marks);
    fle_arena_free(&parser->names);
    fle_arena_free(&parser->source_texts);
    fle_buffer_free(&parser->carry);
    fle_free(&allocator, parser);
}

flowenrich_status flowenrich_parser_add_format(flowenrich_parser *parser,
                                               const flowenrich_format *format,
                                               flowenrich_error *error)
{
    if (!parser || !format)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'parser' or 'format' is NULL");
    if (parser->has_defaults)
        drop_plans(parser);
    parser->n_expected = 0;
    return add_plan(parser, flowenrich_format_text(format), false, error);
}

static fle_plan *find_plan(fle_plan *const *plans, size_t n, flowenrich_text text)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_equal(flowenrich_format_text(plans[i]->format), text))
            return plans[i];
    return NULL;
}

/* The plan of a format, made unless there was one. NULL if memory ran out. */
static fle_plan *know_plan(flowenrich_parser *parser, flowenrich_text text)
{
    fle_plan *plan = find_plan(parser->plans, parser->n_plans, text);
    fle_plan **known;

    if (!plan)
        plan = find_plan(parser->known, parser->n_known, text);
    if (plan)
        return plan;
    known = fle_grow(&parser->allocator, parser->known, &parser->known_capacity,
                     parser->n_known + 1, sizeof *known);
    if (!known)
        return NULL;
    parser->known = known;
    if (fle_parser_new_plan(&plan, parser, text, false, NULL) == FLOWENRICH_OK)
        known[parser->n_known++] = plan;
    return plan;
}

flowenrich_status flowenrich_parser_expect(flowenrich_parser *parser,
                                           const flowenrich_format *format, flowenrich_error *error)
{
    fle_plan *plan;

    if (!parser || !format)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'parser' or 'format' is NULL");
    if (find_plan(parser->tried, parser->n_expected, flowenrich_format_text(format)))
        return fle_error_ok(error);
    plan = know_plan(parser, flowenrich_format_text(format));
    if (!plan || !make_room(parser))
        return fle_error_nomem(error);
    tell_apart(parser, parser->tried, parser->n_tried, plan);
    parser->tried[parser->n_expected++] = plan;
    order_plans(parser);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_parser_begin(flowenrich_parser *parser,
                                          const flowenrich_source *source, flowenrich_error *error)
{
    flowenrich_source given;
    flowenrich_status status;

    if (!parser)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'parser' is NULL");
    status = fle_source_import(&given, source, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_arena_clear(&parser->source_texts);
    if (!fle_parts_copy(&parser->source, &given, parser->asked, &parser->source_texts))
        return fle_error_nomem(error);
    fle_parser_drop_header(parser);
    parser->n_expected = 0;
    if (parser->n_known > MOST_KNOWN)
        free_plans(parser, parser->known, &parser->n_known);
    order_plans(parser);
    fle_buffer_clear(&parser->carry);
    parser->is_skipping = false;
    parser->number = 1;
    parser->start = 0;
    parser->position = 0;
    return FLOWENRICH_OK;
}

size_t flowenrich_parser_stats(const flowenrich_parser *parser, flowenrich_stat *out, size_t n)
{
    for (size_t i = 0; i < n && i < FLE_N_STATS; i++)
        out[i] = (flowenrich_stat){ stat_names[i], parser->stats[i] };
    return FLE_N_STATS;
}
