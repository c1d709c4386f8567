/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: keys of one path, of a row each. Included behind cmocka.h. */
#ifndef TESTS_KEYING_H
#define TESTS_KEYING_H

#include "aggregate/key.h"
#include "enriched.h"

#define KEYING_ROWS 8

static inline const fle_allocator *keying_allocator(void)
{
    static fle_allocator chosen;

    fle_allocator_init(&chosen, NULL);
    return &chosen;
}

typedef struct keying {
    fle_request request;
    fle_keys keys;
    flowenrich_batch *batch;
    uint32_t words[KEYING_ROWS][2];
} keying;

static inline void keying_set_up(keying *f, const char *path)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    memset(f, 0, sizeof *f);
    opt.by = &path;
    opt.by_count = 1;
    assert_int_equal(fle_request_init(&f->request, &opt, keying_allocator(), NULL), FLOWENRICH_OK);
    assert_true(fle_keys_init(&f->keys, &f->request, keying_allocator()));
    assert_int_equal(f->keys.words, 2);
    assert_int_equal(flowenrich_batch_new(&f->batch, KEYING_ROWS, NULL, NULL), FLOWENRICH_OK);
}

static inline void keying_tear_down(keying *f)
{
    flowenrich_batch_free(f->batch);
    fle_keys_free(&f->keys);
    fle_request_free(&f->request);
}

static inline void keying_fill(keying *f)
{
    fle_entry entries[KEYING_ROWS] = { 0 };

    for (uint32_t i = 0; i < f->batch->rows; i++)
        entries[i].row = i;
    memset(f->words, 0, sizeof f->words);
    assert_int_equal(fle_keys_open(&f->keys, f->batch, NULL), FLOWENRICH_OK);
    assert_true(fle_keys_fill(&f->keys, f->batch, entries, f->batch->rows, f->words[0]));
}

#endif
