/* SPDX-License-Identifier: Apache-2.0 */
/* The parser from the inside. */
#ifndef FLE_PARSE_PARSER_H
#define FLE_PARSE_PARSER_H

#include "parse/kernel.h"
#include "parse/plan.h"
#include "record/source.h"

/* Rows are counted at FLE_STAT_RECORDS + fle_row, refused lines at FLE_STAT_BAD + fle_bad. */
typedef enum fle_stat {
    FLE_STAT_LINES,
    FLE_STAT_RECORDS,
    FLE_STAT_NODATA,
    FLE_STAT_SKIPDATA,
    FLE_STAT_HEADERS,
    FLE_STAT_UNKNOWN_FIELDS,
    FLE_STAT_MILLISECONDS,
    FLE_STAT_DOUBLED_SPACES,
    FLE_STAT_BAD = FLE_STAT_DOUBLED_SPACES, /* as FLE_BAD_NONE is counted nowhere */
    FLE_N_STATS = FLE_STAT_BAD + FLE_BAD_COUNT
} fle_stat;

struct flowenrich_parser {
    fle_allocator allocator;
    uint64_t max_bad_lines; /* UINT64_MAX = no limit */
    uint32_t max_line;
    fle_arena names; /* of the selection */
    fle_selection selection;
    uint32_t asked; /* which parts of a source the selection has: a bit for each */

    fle_plan **plans; /* for lines without a header: what was added, or the defaults */
    size_t n_plans, plans_capacity;
    bool has_defaults;
    fle_plan **known; /* what was expected of any input, compiled once */
    size_t n_known, known_capacity;
    fle_plan **tried; /* for lines without a header: what is expected of this input, 'plans' */
    size_t n_expected, n_tried, tried_capacity;

    fle_marks *marks; /* of the window being read */

    /* Of this input: */
    bool has_header;
    fle_plan *header;       /* NULL if it can't be used */
    const fle_plan *fitted; /* what the last record fitted; NULL = none yet */
    fle_buffer carry;       /* a line whose end hasn't come yet */
    bool is_skipping;       /* to the end of a line that is too long */
    uint64_t number;        /* of the line being read */
    uint64_t start;         /* offset of its first byte */
    uint64_t position;      /* offset of the next byte to come */
    fle_parts source;       /* what its rows have of where it is from */
    fle_arena source_texts;

    uint64_t stats[FLE_N_STATS];
    uint64_t bad_lines;
};

/* Read a format into a plan of this parser's. '*out' is NULL after a failure. */
flowenrich_status fle_parser_new_plan(fle_plan **out, const flowenrich_parser *parser,
                                      flowenrich_text text, bool checks_all,
                                      flowenrich_error *error);

/* Is there room for one more row, whatever its line? */
bool fle_parser_has_room(const flowenrich_parser *parser, const flowenrich_batch *batch);

/* Read a whole line, without its newline, by itself. There is room for a row. */
flowenrich_status fle_parser_take_line(flowenrich_parser *parser, flowenrich_text text,
                                       flowenrich_batch *out, flowenrich_error *error);

/* Forget the header of this input. */
void fle_parser_drop_header(flowenrich_parser *parser);

#endif
