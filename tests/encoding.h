/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding a batch whole, and a batch of groups to encode, put together by hand. */
#ifndef TESTS_ENCODING_H
#define TESTS_ENCODING_H

#include <stdlib.h>

#include "enriched.h"

#define ENCODING_MOST 16384

static inline flowenrich_encoder *encoding_new(const char *name, const char *const *fields)
{
    flowenrich_encoder_options options = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_encoder *encoder;

    options.fields = fields;
    while (fields && fields[options.field_count])
        options.field_count++;
    assert_int_equal(flowenrich_encoder_new(&encoder, name, &options, NULL), FLOWENRICH_OK);
    return encoder;
}

/* All rows of a batch as a string. */
static inline void encoding_write(flowenrich_encoder *encoder, flowenrich_batch *batch,
                                  char out[ENCODING_MOST])
{
    flowenrich_error error = { 0 };
    size_t row = 0, len = 0;

    if (flowenrich_encoder_encode(encoder, batch, &row, out, ENCODING_MOST - 1, &len, &error) !=
        FLOWENRICH_OK)
        fail_msg("%s", error.message);
    assert_int_equal(row, batch->rows);
    out[len] = '\0';
}

/* The same by a new encoder. 'fields' ends with NULL, or is NULL. */
static inline void encoding_once(const char *name, const char *const *fields,
                                 flowenrich_batch *batch, char out[ENCODING_MOST])
{
    flowenrich_encoder *encoder = encoding_new(name, fields);

    encoding_write(encoder, batch, out);
    flowenrich_encoder_free(encoder);
}

/* Two groups of one window, and the one of what had no room. */
static inline flowenrich_batch *encoding_groups(void)
{
    flowenrich_batch *batch;
    fle_column *other;

    assert_int_equal(flowenrich_batch_new(&batch, 3, NULL, NULL), FLOWENRICH_OK);
    for (size_t row = 0; row < 3; row++) {
        assert_true(enriched_time(batch, "window.start", row, 1795168800));
        assert_true(enriched_time(batch, "window.end", row, 1795169100));
    }
    assert_true(enriched_text(batch, "client.tags.app", 0, "shop"));
    assert_true(enriched_text(batch, "client.tags.app", 1, "a, b=\"c\\d\"\n"));
    assert_true(enriched_u32(batch, "server.port", 0, 443));
    assert_true(enriched_u32(batch, "protocol", 0, 6));
    other = fle_batch_add(batch, FLE_TEXT("other"), FLOWENRICH_TYPE_BOOL);
    assert_non_null(other);
    fle_column_set_bool(other, 0, false);
    fle_column_set_bool(other, 2, true);
    assert_true(enriched_u64(batch, "bytes", 0, 4249));
    assert_true(enriched_u64(batch, "bytes", 1, UINT64_MAX));
    assert_true(enriched_u64(batch, "bytes", 2, 0));
    assert_true(enriched_time(batch, "first", 0, 1795168801));
    assert_non_null(fle_batch_add(batch, FLE_TEXT("p99_9.bytes"), FLOWENRICH_TYPE_F64));
    fle_column_set_f64(fle_batch_find(batch, FLE_TEXT("p99_9.bytes")), 0, 1.5);
    batch->rows = 3;
    memset(batch->kinds, FLE_ROW_TRAFFIC, 3);
    return batch;
}

#endif
