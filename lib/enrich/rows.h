/* SPDX-License-Identifier: Apache-2.0 */
/* The columns that enrichment adds, and what a row has in them. */
#ifndef FLE_ENRICH_ROWS_H
#define FLE_ENRICH_ROWS_H

#include "enrich/observer.h"
#include "record/listeners.h"

typedef enum fle_output {
    FLE_OUT_UPLOADED,
    FLE_OUT_DOWNLOADED,
    FLE_OUT_VERDICT,
    FLE_OUT_RULE,
    FLE_OUT_CONFIDENCE,
    FLE_OUT_SCOPE,
    FLE_OUT_ROUTE,
    FLE_OUT_CLIENT_ADDR,
    FLE_OUT_CLIENT_PORT,
    FLE_OUT_CLIENT_RFC1918,
    FLE_OUT_SERVER_ADDR,
    FLE_OUT_SERVER_PORT,
    FLE_OUT_SERVER_RFC1918,
    FLE_N_OUTPUTS
} fle_output;

#define FLE_ALL_OUTPUTS ((UINT32_C(1) << FLE_N_OUTPUTS) - 1)

typedef struct fle_rows {
    fle_column *columns[FLE_N_OUTPUTS]; /* NULL where nobody reads it */
} fle_rows;

/* The path of a column. */
flowenrich_text fle_output_path(fle_output output);

/*
 * Add the columns that somebody reads, a bit for each, with nothing in them yet. False if
 * memory ran out.
 */
bool fle_rows_add(flowenrich_batch *batch, uint32_t read);

/* Look these up, once the batch gets no more. */
void fle_rows_open(fle_rows *rows, const flowenrich_batch *batch, uint32_t read);

/* Choose the client, and write all that follows, over an empty row. */
void fle_rows_write(const fle_rows *rows, const fle_context *context, const fle_facts *facts,
                    const fle_listeners *configured, const uint32_t *answers, size_t row);

/* Write, of a conversation, who its ends are, its scope and its path. */
void fle_rows_write_conversation(const fle_rows *rows, const fle_context *context,
                                 const fle_facts *facts, const uint32_t *answers, size_t row);

/* The side that a written row has as its client. */
fle_side fle_rows_client(const fle_rows *rows, const fle_facts *facts, size_t row);

#endif
