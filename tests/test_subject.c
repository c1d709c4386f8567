/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of which group a row is of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "enriched.h"
#include "failing.h"
#include "watch/subject.h"

static const char *const by[] = { "client.tags.app", "server.tags.app", "server.port" };

static const struct {
    const char *client, *server; /* NULL: absent */
    uint64_t port;
    int group;
} rows[] = {
    { "ab", "c", 1, 0 },
    { "ab", "c", 1, 0 },
    { "a", "bc", 1, 1 },  /* the same letters */
    { "ab", "c", 2, 2 },
    { "ab", NULL, 1, 3 },
    { NULL, "ab", 1, 4 }, /* another one is absent */
    { NULL, NULL, 1, 5 },
    { "ab", "c", 1, 0 },  /* and once more */
};

enum { N_ROWS = sizeof rows / sizeof *rows };

static flowenrich_batch *make_groups(void)
{
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, N_ROWS, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < N_ROWS; i++)
        assert_true((!rows[i].client || enriched_text(batch, by[0], i, rows[i].client)) &&
                    (!rows[i].server || enriched_text(batch, by[1], i, rows[i].server)) &&
                    enriched_u64(batch, by[2], i, rows[i].port));
    batch->rows = N_ROWS;
    return batch;
}

/* The keys of all rows, of an allocator that may fail. */
static bool read_keys(const fle_allocator *allocator, const flowenrich_batch *groups,
                      char *keys[N_ROWS], size_t lens[N_ROWS])
{
    fle_subject subject;
    fle_arena arena;
    bool done;

    fle_arena_init(&arena, allocator);
    fle_subject_init(&subject, allocator);
    done = fle_subject_choose(&subject, by, 3, &arena);
    if (done)
        fle_subject_open(&subject, groups);
    for (size_t i = 0; done && i < N_ROWS; i++) {
        done = fle_subject_read(&subject, groups, i);
        if (done) {
            lens[i] = subject.key.len;
            keys[i] = malloc(lens[i]);
            assert_non_null(keys[i]);
            memcpy(keys[i], subject.key.data, lens[i]);
        }
    }
    fle_subject_free(&subject);
    fle_arena_free(&arena);
    return done;
}

static void free_keys(char *keys[N_ROWS])
{
    for (size_t i = 0; i < N_ROWS; i++) {
        free(keys[i]);
        keys[i] = NULL;
    }
}

static void rows_have_one_key_if_they_are_of_one_group(void **state)
{
    flowenrich_batch *groups = make_groups();
    char *keys[N_ROWS] = { NULL };
    size_t lens[N_ROWS];
    fle_allocator allocator;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(read_keys(&allocator, groups, keys, lens));
    for (size_t i = 0; i < N_ROWS; i++)
        for (size_t j = 0; j < N_ROWS; j++) {
            const bool equal = lens[i] == lens[j] && memcmp(keys[i], keys[j], lens[i]) == 0;

            if (equal != (rows[i].group == rows[j].group))
                fail_msg("rows %zu and %zu", i, j);
        }
    free_keys(keys);
    flowenrich_batch_free(groups);
}

static void without_memory_it_says_so(void **state)
{
    flowenrich_batch *groups = make_groups();
    bool done = false;

    (void)state;
    for (size_t calls = 0; !done; calls++) {
        failing f = { .succeed = calls };
        const fle_allocator allocator = failing_allocator(&f);
        char *keys[N_ROWS] = { NULL };
        size_t lens[N_ROWS];

        done = read_keys(&allocator, groups, keys, lens);
        free_keys(keys);
        assert_int_equal(f.live, 0);
        assert_true(done || f.succeed == 0);
        assert_true(!done || calls > 0);
    }
    flowenrich_batch_free(groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_one_key_if_they_are_of_one_group),
        cmocka_unit_test(without_memory_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
