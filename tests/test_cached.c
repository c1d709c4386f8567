/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the cache before a resolver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "record/answer.h"

#define MOST_KEYS 64
#define EPOCH 1000 /* seconds that each owner has an address for */

/* A resolver that knows everything, and how often it was asked. */
typedef struct oracle {
    bool tells_hold;
    size_t asked, calls, destroyed;
    flowenrich_status status;
} oracle;

static flowenrich_status say(const oracle *o, const flowenrich_key *key, flowenrich_answer *answer)
{
    const flowenrich_time epoch = key->from / EPOCH;
    const uint8_t last = key->address[15];
    char text[40];

    if (o->tells_hold && key->until / EPOCH == epoch)
        flowenrich_answer_hold(answer, epoch * EPOCH, epoch * EPOCH + EPOCH - 1);
    if (key->until / EPOCH != epoch || last % 4 == 0)
        return FLOWENRICH_OK; /* more than one owner, or none */
    if (last % 4 == 1)
        return flowenrich_answer_refuse(answer, "secret", 6);
    snprintf(text, sizeof text, "owner-%d-%d", (int)last, (int)epoch);
    flowenrich_answer_sure(answer, FLOWENRICH_SURE_EXACT);
    if (flowenrich_answer_set(answer, "arns", text, strlen(text)) ||
        flowenrich_answer_set(answer, "tags.app", text, strlen(text)) ||
        flowenrich_answer_set(answer, "vpc_id", key->vpc.data, key->vpc.len))
        return FLOWENRICH_ERR_NOMEM;
    return last % 4 == 2 ? FLOWENRICH_OK : flowenrich_answer_behind(answer, "eni-node", 8);
}

static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    oracle *o = ctx;
    flowenrich_status status = o->status;

    if (status != FLOWENRICH_OK)
        snprintf(error->message, sizeof error->message, "nobody is there");
    o->calls++;
    o->asked += n;
    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        status = say(o, &keys[i], answers[i]);
    return status;
}

static void destroy(void *ctx)
{
    ((oracle *)ctx)->destroyed++;
}

static flowenrich_resolver resolver_of(oracle *o)
{
    return (flowenrich_resolver){ sizeof(flowenrich_resolver), o, "oracle", resolve, destroy };
}

static flowenrich_key key_of(uint8_t last, const char *vpc, flowenrich_time from,
                             flowenrich_time until)
{
    flowenrich_key key = { .size = sizeof key, .kind = FLOWENRICH_KEY_ADDRESS, .space = 1 };

    key.address[10] = key.address[11] = 0xff;
    key.address[12] = 10;
    key.address[15] = last;
    key.id = fle_text("", 0);
    key.vpc = fle_text_of(vpc);
    key.from = from;
    key.until = until;
    return key;
}

/* Ask 'n' questions at once. */
static flowenrich_status ask(const flowenrich_resolver *resolver, const flowenrich_key *keys,
                             size_t n, flowenrich_answer *answers, fle_arena *arena,
                             flowenrich_error *error)
{
    flowenrich_answer *pointers[MOST_KEYS];

    for (size_t i = 0; i < n; i++) {
        fle_answer_init(&answers[i], arena);
        pointers[i] = &answers[i];
    }
    return resolver->resolve(resolver->ctx, keys, n, pointers, error);
}

static uint32_t random_number(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Where a resolver says how long its answers hold, the cache makes no difference but in calls. */
static void a_cache_answers_as_the_resolver_behind_it(void **state)
{
    static const uint64_t sizes[] = { 0, 4096, 1 }; /* all fits; some; nothing */
    (void)state;

    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        flowenrich_cache_options options = FLOWENRICH_CACHE_OPTIONS_INIT;
        oracle slow = { .tells_hold = true }, truth = { .tells_hold = true };
        const flowenrich_resolver inner = resolver_of(&slow), direct = resolver_of(&truth);
        flowenrich_resolver cached;
        fle_allocator memory;
        fle_arena arena;
        uint32_t seed = 7;

        fle_allocator_init(&memory, NULL);
        fle_arena_init(&arena, &memory);
        options.max_bytes = sizes[size];
        options.negative_ttl = -1; /* what straddles a change says nothing of its neighbours */
        assert_int_equal(flowenrich_resolver_cached(&cached, &inner, &options, NULL), 0);
        for (size_t round = 0; round < 400; round++) {
            flowenrich_answer got[MOST_KEYS], expected[MOST_KEYS];
            flowenrich_key keys[MOST_KEYS];
            const size_t n = 1 + random_number(&seed) % MOST_KEYS;

            for (size_t i = 0; i < n; i++) {
                const flowenrich_time from = random_number(&seed) % (5 * EPOCH);

                keys[i] = key_of((uint8_t)(random_number(&seed) % 20),
                                 random_number(&seed) % 2 ? "vpc-1" : "vpc-2", from,
                                 from + random_number(&seed) % 200);
            }
            assert_int_equal(ask(&cached, keys, n, got, &arena, NULL), FLOWENRICH_OK);
            assert_int_equal(ask(&direct, keys, n, expected, &arena, NULL), FLOWENRICH_OK);
            for (size_t i = 0; i < n; i++)
                if (!fle_answer_equal(&got[i], &expected[i]))
                    fail_msg("size %zu, round %zu, question %zu", size, round, i);
            fle_arena_clear(&arena);
        }
        assert_true(size > 0 || slow.asked < truth.asked / 4);
        cached.destroy(cached.ctx);
        assert_int_equal(slow.destroyed, 1);
        fle_arena_free(&arena);
    }
}

/* Asked one after another, a first question and then a second: how many got through? */
static void an_answer_holds_as_long_as_is_said_or_else_for_the_ttl(void **state)
{
    static const struct {
        bool tells_hold;
        uint8_t last; /* of the address: 0 is nobody's, 1 is refused, 2 is somebody's */
        int32_t ttl, negative_ttl;
        flowenrich_time second; /* the first is asked of 500 to 520 */
        const char *vpc;
        size_t asked;
    } cases[] = {
        { false, 2, 0, 0, 500, "vpc-1", 1 },   /* the same */
        { false, 2, 0, 0, 800, "vpc-1", 1 },   /* up to 300 s later */
        { false, 2, 0, 0, 801, "vpc-1", 2 },   /* its end isn't */
        { false, 2, 0, 0, 200, "vpc-1", 1 },   /* or earlier */
        { false, 2, 0, 0, 199, "vpc-1", 2 },   /* */
        { false, 2, 10, 0, 510, "vpc-1", 1 },  /* as long as was told */
        { false, 2, 10, 0, 511, "vpc-1", 2 },  /* */
        { false, 2, -1, 0, 500, "vpc-1", 2 },  /* nothing is kept */
        { false, 0, 0, 0, 560, "vpc-1", 1 },   /* nobody is known for 60 s */
        { false, 0, 0, 0, 561, "vpc-1", 2 },   /* */
        { false, 0, 0, -1, 500, "vpc-1", 2 },  /* */
        { false, 1, 0, 0, 800, "vpc-1", 1 },   /* what was refused was answered */
        { true, 2, 1, 0, 979, "vpc-1", 1 },    /* what the resolver says counts */
        { true, 2, -1, 0, 979, "vpc-1", 1 },   /* */
        { true, 2, 9999, 0, 980, "vpc-1", 2 }, /* */
        { true, 0, 0, -1, 0, "vpc-1", 1 },     /* also of nobody */
        { false, 2, 0, 0, 500, "vpc-2", 2 },   /* another's address */
        { false, 2, 0, 0, FLOWENRICH_TIME_ABSENT, "vpc-1", 2 }, /* a log without times */
    };
    fle_allocator memory;
    fle_arena arena;
    (void)state;

    fle_allocator_init(&memory, NULL);
    fle_arena_init(&arena, &memory);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_cache_options options = FLOWENRICH_CACHE_OPTIONS_INIT;
        oracle slow = { .tells_hold = cases[i].tells_hold };
        const flowenrich_resolver inner = resolver_of(&slow);
        const flowenrich_time from = cases[i].second;
        flowenrich_key key = key_of(cases[i].last, "vpc-1", 500, 520);
        flowenrich_resolver cached;
        flowenrich_answer first, second;

        options.ttl = cases[i].ttl;
        options.negative_ttl = cases[i].negative_ttl;
        assert_int_equal(flowenrich_resolver_cached(&cached, &inner, &options, NULL), 0);
        assert_int_equal(ask(&cached, &key, 1, &first, &arena, NULL), FLOWENRICH_OK);
        key = key_of(cases[i].last, cases[i].vpc, from,
                     from == FLOWENRICH_TIME_ABSENT ? from : from + 20);
        assert_int_equal(ask(&cached, &key, 1, &second, &arena, NULL), FLOWENRICH_OK);
        if (slow.asked != cases[i].asked)
            fail_msg("case %zu: asked %zu times", i, slow.asked);
        if (slow.asked == 1 && !fle_answer_equal(&first, &second))
            fail_msg("case %zu: another answer", i);
        cached.destroy(cached.ctx);
    }
    fle_arena_free(&arena);
}

/* Two questions about one address in one batch: the second waits for what the first brings. */
static void how_questions_come_in_batches_makes_no_difference(void **state)
{
    const flowenrich_key keys[] = { key_of(2, "vpc-1", 100, 120), key_of(2, "vpc-1", 300, 320),
                                    key_of(6, "vpc-1", 100, 120), key_of(2, "vpc-1", 1500, 1520),
                                    key_of(2, "vpc-1", 1100, 1120) };
    const size_t n = sizeof keys / sizeof *keys;
    (void)state;

    for (size_t size = 1; size <= n; size++) {
        oracle slow = { .tells_hold = false };
        const flowenrich_resolver inner = resolver_of(&slow);
        flowenrich_answer answers[5];
        flowenrich_resolver cached;
        flowenrich_stat stats[4];
        fle_allocator memory;
        fle_arena arena;

        fle_allocator_init(&memory, NULL);
        fle_arena_init(&arena, &memory);
        assert_int_equal(flowenrich_resolver_cached(&cached, &inner, NULL, NULL), FLOWENRICH_OK);
        for (size_t i = 0; i < n; i += size)
            assert_int_equal(
                ask(&cached, keys + i, i + size < n ? size : n - i, answers, &arena, NULL),
                FLOWENRICH_OK);
        assert_int_equal(slow.asked, 4);
        assert_int_equal(flowenrich_resolver_cached_stats(&cached, stats, 4), 4);
        assert_string_equal(stats[0].name, "hits");
        assert_int_equal(stats[0].value, 1);
        assert_int_equal(stats[1].value, 4);
        cached.destroy(cached.ctx);
        fle_arena_free(&arena);
    }
}

static void what_it_holds_is_bounded_and_what_is_in_use_stays(void **state)
{
    flowenrich_cache_options options = FLOWENRICH_CACHE_OPTIONS_INIT;
    oracle slow = { .tells_hold = true };
    const flowenrich_resolver inner = resolver_of(&slow);
    const flowenrich_key often = key_of(2, "vpc-1", 10, 20);
    flowenrich_resolver cached;
    flowenrich_stat stats[4];
    flowenrich_answer answer;
    fle_allocator memory;
    fle_arena arena;
    (void)state;

    fle_allocator_init(&memory, NULL);
    fle_arena_init(&arena, &memory);
    options.max_bytes = 200000;
    assert_int_equal(flowenrich_resolver_cached(&cached, &inner, &options, NULL), FLOWENRICH_OK);
    for (int i = 0; i < 20000; i++) {
        flowenrich_key key = key_of(6, "vpc-1", 10, 20);

        key.address[13] = (uint8_t)(i >> 8);
        key.address[14] = (uint8_t)i;
        assert_int_equal(ask(&cached, &key, 1, &answer, &arena, NULL), FLOWENRICH_OK);
        assert_int_equal(ask(&cached, &often, 1, &answer, &arena, NULL), FLOWENRICH_OK);
        flowenrich_resolver_cached_stats(&cached, stats, 4);
        assert_true(stats[3].value <= options.max_bytes + 20000);
        fle_arena_clear(&arena);
    }
    assert_int_equal(slow.asked, 20001);
    assert_true(stats[2].value > 10000);
    cached.destroy(cached.ctx);
    fle_arena_free(&arena);
}

static void a_failure_behind_it_is_told(void **state)
{
    oracle slow = { .status = FLOWENRICH_ERR_RESOLVER };
    const flowenrich_resolver inner = resolver_of(&slow);
    const flowenrich_key key = key_of(2, "vpc-1", 1, 2);
    flowenrich_error error = { 0 };
    flowenrich_resolver cached;
    flowenrich_answer answer;
    fle_allocator memory;
    fle_arena arena;
    (void)state;

    fle_allocator_init(&memory, NULL);
    fle_arena_init(&arena, &memory);
    assert_int_equal(flowenrich_resolver_cached(&cached, &inner, NULL, NULL), FLOWENRICH_OK);
    assert_string_equal(cached.name, "oracle");
    assert_int_equal(ask(&cached, &key, 1, &answer, &arena, &error), FLOWENRICH_ERR_RESOLVER);
    assert_string_equal(error.message, "nobody is there");
    slow.status = FLOWENRICH_OK;
    assert_int_equal(ask(&cached, &key, 1, &answer, &arena, &error), FLOWENRICH_OK);
    assert_true(fle_answer_is_given(&answer));
    cached.destroy(cached.ctx);
    fle_arena_free(&arena);
}

static void the_inner_one_is_destroyed_also_if_there_is_no_cache(void **state)
{
    flowenrich_cache_options wrong = FLOWENRICH_CACHE_OPTIONS_INIT;
    flowenrich_resolver out, nameless, unsized;
    oracle slow = { 0 };
    (void)state;

    wrong.ttl = -2;
    nameless = unsized = resolver_of(&slow);
    nameless.name = "";
    unsized.size = 0;
    assert_int_equal(flowenrich_resolver_cached(&out, &nameless, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(slow.destroyed, 1);
    nameless.name = "named";
    assert_int_equal(flowenrich_resolver_cached(&out, &nameless, &wrong, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_resolver_cached(NULL, &nameless, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(slow.destroyed, 3);
    assert_int_equal(flowenrich_resolver_cached(&out, &unsized, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_resolver_cached(&out, NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(slow.destroyed, 3); /* where it is told, nobody knows */
}

static flowenrich_status run(const flowenrich_allocator *allocator, oracle *slow)
{
    const flowenrich_resolver inner = resolver_of(slow);
    flowenrich_cache_options options = FLOWENRICH_CACHE_OPTIONS_INIT;
    flowenrich_answer answers[MOST_KEYS];
    flowenrich_key keys[MOST_KEYS];
    flowenrich_resolver cached;
    flowenrich_status status;
    fle_allocator memory;
    fle_arena arena;

    options.allocator = allocator;
    options.max_bytes = 100;
    fle_allocator_init(&memory, NULL);
    fle_arena_init(&arena, &memory);
    status = flowenrich_resolver_cached(&cached, &inner, &options, NULL);
    if (status != FLOWENRICH_OK)
        return status;
    for (int round = 0; round < 3 && status == FLOWENRICH_OK; round++) {
        for (uint8_t i = 0; i < MOST_KEYS; i++)
            keys[i] = key_of(i / 2, "vpc-1", 100 * i, 100 * i + 20);
        status = ask(&cached, keys, MOST_KEYS, answers, &arena, NULL);
    }
    cached.destroy(cached.ctx);
    fle_arena_free(&arena);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    size_t n;
    (void)state;

    for (n = 0; status != FLOWENRICH_OK; n++) {
        failing memory = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);
        oracle slow = { .tells_hold = true };

        status = run(&allocator, &slow);
        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_NOMEM)
            fail_msg("with %zu allocations it is %s", n, flowenrich_status_name(status));
        assert_int_equal(memory.live, 0);
        assert_int_equal(memory.misled, 0);
        assert_int_equal(slow.destroyed, 1);
    }
    assert_true(n > 20);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cache_answers_as_the_resolver_behind_it),
        cmocka_unit_test(an_answer_holds_as_long_as_is_said_or_else_for_the_ttl),
        cmocka_unit_test(how_questions_come_in_batches_makes_no_difference),
        cmocka_unit_test(what_it_holds_is_bounded_and_what_is_in_use_stays),
        cmocka_unit_test(a_failure_behind_it_is_told),
        cmocka_unit_test(the_inner_one_is_destroyed_also_if_there_is_no_cache),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
