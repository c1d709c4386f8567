/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of the parser share: a run over a text, and a batch as text. */
#ifndef TESTS_PARSING_H
#define TESTS_PARSING_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/text.h"
#include "record/batch.h"
#include "record/path.h"

static inline void parsing_number(fle_buffer *out, const char *before, uint64_t number)
{
    fle_buffer_string(out, before);
    fle_buffer_u64(out, number);
}

static inline void parsing_value(fle_buffer *out, const fle_value *value)
{
    char address[FLE_ADDRESS_TEXT];

    switch (value->type) {
    case FLOWENRICH_TYPE_TIME:
        fle_buffer_i64(out, value->as.time);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        fle_address_format(value->as.address, address);
        fle_buffer_string(out, address);
        break;
    case FLOWENRICH_TYPE_TEXT:
        fle_buffer_text(out, value->as.text);
        break;
    default:
        fle_buffer_u64(out, value->as.u64);
        break;
    }
}

/* "srcport=443 bytes=1500", without what is absent; "NODATA " or "SKIPDATA " in front. */
static inline void parsing_row(fle_buffer *out, flowenrich_batch *batch, size_t row)
{
    static const char *const kinds[] = { "", "NODATA", "SKIPDATA" };
    const char *space = "";

    fle_buffer_string(out, kinds[batch->kinds[row]]);
    if (batch->kinds[row] != FLE_ROW_TRAFFIC)
        space = " ";
    for (size_t i = 0; i < batch->n_columns; i++) {
        fle_path path;
        fle_value value;

        fle_path_open(&path, batch, fle_text_of(batch->columns[i].path));
        fle_path_get(&path, batch, row, &value);
        if (value.type == 0)
            continue;
        fle_buffer_string(out, space);
        fle_buffer_string(out, batch->columns[i].path);
        fle_buffer_char(out, '=');
        parsing_value(out, &value);
        space = " ";
    }
    fle_buffer_char(out, '\n');
}

/* All rows, then the refused lines: "!2@18 bad_number bytes: 443 x". */
static inline void parsing_batch(fle_buffer *out, flowenrich_batch *batch)
{
    for (size_t row = 0; row < batch->rows; row++)
        parsing_row(out, batch, row);
    for (size_t i = 0; i < batch->n_rejects && i < FLE_REJECTS_KEPT; i++) {
        const flowenrich_reject *reject = &batch->rejects[i];

        parsing_number(out, "!", reject->line);
        parsing_number(out, "@", reject->offset);
        fle_buffer_char(out, ' ');
        fle_buffer_string(out, reject->reason);
        fle_buffer_char(out, ' ');
        fle_buffer_string(out, reject->field);
        fle_buffer_string(out, ": ");
        fle_buffer_text(out, reject->text);
        fle_buffer_char(out, '\n');
    }
}

static inline uint64_t parsing_stat(const flowenrich_parser *parser, const char *name)
{
    flowenrich_stat stats[64];
    const size_t n = flowenrich_parser_stats(parser, stats, 64);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

/* Add formats, parted by ';'. */
static inline flowenrich_status parsing_add_formats(flowenrich_parser *parser, const char *texts,
                                                    const flowenrich_options *options)
{
    flowenrich_status status = FLOWENRICH_OK;

    while (texts && *texts && status == FLOWENRICH_OK) {
        const size_t len = strcspn(texts, ";");
        flowenrich_format *format;

        status = flowenrich_format_new(&format, texts, len, options, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_parser_add_format(parser, format, NULL);
        flowenrich_format_free(format);
        texts += len + (texts[len] == ';');
    }
    return status;
}

/* Parse the text, cut at 'cut', to its end. The batch has room for it. */
static inline flowenrich_status parsing_run(flowenrich_parser *parser, flowenrich_batch *batch,
                                            const char *text, size_t len, size_t cut,
                                            flowenrich_error *error)
{
    size_t used;
    flowenrich_status status;

    status = flowenrich_parser_parse(parser, text, cut, &used, batch, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_parse(parser, text + cut, len - cut, &used, batch, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_finish(parser, batch, NULL, error);
    return status;
}

#endif
