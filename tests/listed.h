/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of lists, put together by hand. */
#ifndef TESTS_LISTED_H
#define TESTS_LISTED_H

#include "record/list.h"

#define LISTED_ROWS 5

typedef enum listed_column { LISTED_OBSERVER, LISTED_TYPE, LISTED_BYTES } listed_column;

/*
 * Row 0 has two hops and one meter, row 2 a hop whose type isn't known, row 4 three meters; the
 * others none. NULL if memory ran out.
 */
static inline flowenrich_batch *listed_new(const flowenrich_allocator *allocator)
{
    static const struct {
        size_t row;
        const char *observer, *type;
    } hops[] = { { 0, "eni-1", "nat-gateway" }, { 0, "eni-2", "tgw" }, { 2, "eni-3", "" } };
    static const struct {
        size_t row;
        uint64_t bytes;
    } meters[] = { { 0, 17 }, { 4, 0 }, { 4, UINT64_MAX }, { 4, 3 } };
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;
    bool done;

    options.allocator = allocator;
    if (flowenrich_batch_new(&batch, LISTED_ROWS, &options, NULL) != FLOWENRICH_OK)
        return NULL;
    batch->rows = LISTED_ROWS;
    done = fle_batch_add_list(batch, FLE_TEXT("hops.observer"), FLOWENRICH_TYPE_TEXT) &&
           fle_batch_add_list(batch, FLE_TEXT("hops.type"), FLOWENRICH_TYPE_TEXT) &&
           fle_batch_add_list(batch, FLE_TEXT("meters.bytes"), FLOWENRICH_TYPE_U64);
    for (size_t i = 0; done && i < sizeof hops / sizeof *hops; i++)
        done = fle_list_add_text(batch, &batch->columns[LISTED_OBSERVER], hops[i].row,
                                 hops[i].observer, strlen(hops[i].observer)) &&
               fle_list_add_kept(batch, &batch->columns[LISTED_TYPE], hops[i].row,
                                 fle_text_of(hops[i].type));
    for (size_t i = 0; done && i < sizeof meters / sizeof *meters; i++)
        done =
            fle_list_add_u64(batch, &batch->columns[LISTED_BYTES], meters[i].row, meters[i].bytes);
    if (done)
        return batch;
    flowenrich_batch_free(batch);
    return NULL;
}

#endif
