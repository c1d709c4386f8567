/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "changing.h"
#include "record/batch.h"

#define READERS 8
#define VERSIONS 60
#define SHELF 4 /* snapshots that readers find at a time */

/*
 * Readers take the newest snapshots from a shelf and ask them, while the catalog goes on
 * publishing: into the layer that they read. Only the shelf has a lock.
 */
struct readers {
    pthread_mutex_t lock;
    flowenrich_snapshot *shelf[SHELF];
    atomic_bool is_over;
    atomic_uint answers, wrong;
};

static flowenrich_snapshot *take(struct readers *r, unsigned place)
{
    flowenrich_snapshot *snapshot;

    pthread_mutex_lock(&r->lock);
    snapshot = r->shelf[place] ? flowenrich_snapshot_ref(r->shelf[place]) : NULL;
    pthread_mutex_unlock(&r->lock);
    return snapshot;
}

static void put(struct readers *r, unsigned place, flowenrich_snapshot *snapshot)
{
    flowenrich_snapshot *before;

    pthread_mutex_lock(&r->lock);
    before = r->shelf[place];
    r->shelf[place] = snapshot;
    pthread_mutex_unlock(&r->lock);
    flowenrich_snapshot_free(before);
}

/* Asked twice, a snapshot says the same: whatever was published meanwhile. */
static bool is_steady(flowenrich_snapshot *snapshot, flowenrich_batch *batches[2], unsigned number)
{
    flowenrich_key keys[3] = { FLOWENRICH_KEY_INIT, FLOWENRICH_KEY_INIT, FLOWENRICH_KEY_INIT };
    char id[16];
    bool same = true;

    keys[0].address[10] = keys[0].address[11] = 0xff;
    keys[0].address[12] = 10;
    keys[0].address[15] = (unsigned char)(number % CHANGING_ADDRESSES);
    keys[0].from = keys[0].until = NOON + 60 * (number % 90);
    keys[1] = keys[0];
    keys[1].vpc = FLE_TEXT("vpc-0");
    keys[2].kind = FLOWENRICH_KEY_INTERFACE;
    snprintf(id, sizeof id, "eni-%u", number % CHANGING_INTERFACES);
    keys[2].id = fle_text_of(id);
    for (unsigned i = 0; i < 2; i++)
        if (flowenrich_snapshot_lookup(snapshot, keys, 3, batches[i], NULL) != FLOWENRICH_OK)
            return false;
    for (size_t row = 0; row < 3; row++) {
        const fle_identity *a = &batches[0]->answers[batches[0]->ends[FLE_OWNER][row]]->identity;
        const fle_identity *b = &batches[1]->answers[batches[1]->ends[FLE_OWNER][row]]->identity;

        for (size_t i = 0; i < FLE_N_SINGLE; i++)
            same = same && fle_text_equal(a->single[i], b->single[i]);
        same = same && a->tags.n == b->tags.n && a->arns.n == b->arns.n;
    }
    return same;
}

static void *read_on(void *ctx)
{
    struct readers *r = ctx;
    flowenrich_batch *batches[2] = { NULL, NULL };
    unsigned number = 0;

    for (unsigned i = 0; i < 2; i++)
        if (flowenrich_batch_new(&batches[i], 3, NULL, NULL) != FLOWENRICH_OK)
            return NULL;
    while (!atomic_load(&r->is_over)) {
        flowenrich_snapshot *snapshot = take(r, number % SHELF);

        if (snapshot && !is_steady(snapshot, batches, number))
            atomic_fetch_add(&r->wrong, 1);
        atomic_fetch_add(&r->answers, snapshot != NULL);
        flowenrich_snapshot_free(snapshot);
        number++;
    }
    for (unsigned i = 0; i < 2; i++)
        flowenrich_batch_free(batches[i]);
    return NULL;
}

static void readers_never_wait_for_who_publishes(void **state)
{
    static struct readers r = { .lock = PTHREAD_MUTEX_INITIALIZER };
    pthread_t threads[READERS];
    struct changing w;
    (void)state;

    changing_begin(&w, 1);
    w.pace = 100;
    flowenrich_catalog_free(w.often.catalog); /* whose allocator counts, for one thread */
    assert_int_equal(flowenrich_catalog_new(&w.often.catalog, NULL, NULL), FLOWENRICH_OK);
    for (unsigned i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &r), 0);
    for (unsigned i = 0; i < VERSIONS; i++) {
        flowenrich_snapshot *snapshot;

        changing_load(&w);
        assert_int_equal(flowenrich_catalog_publish(w.often.catalog, &snapshot, NULL),
                         FLOWENRICH_OK);
        put(&r, i % SHELF, snapshot);
    }
    atomic_store(&r.is_over, true);
    for (unsigned i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < SHELF; i++)
        put(&r, i, NULL);
    changing_end(&w);
    assert_int_equal(atomic_load(&r.wrong), 0);
    assert_true(atomic_load(&r.answers) > READERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_never_wait_for_who_publishes),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);

#if defined(TESTS_WITHOUT_SANITIZER)
    if (failed == 0) {
        puts("skipped: whether threads race, since this compiler has no -fsanitize=thread");
        return 77;
    }
#endif
    return failed;
}
