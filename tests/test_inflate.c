/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "unwrap/inflate.h"
#include "unwrapping.h"

#define LARGE ((size_t)3 << 20)

static const flowenrich_text sample = { LINE "\n" LINE "\n", sizeof(LINE "\n" LINE "\n") - 1 };

static fle_allocator default_allocator(void)
{
    fle_allocator allocator;

    fle_allocator_init(&allocator, NULL);
    return allocator;
}

/* Inflate all, 'step' bytes at a time; '*len' receives how many came. */
static flowenrich_status inflate_all(flowenrich_text in, char *out, size_t room, size_t step,
                                     uint32_t max_ratio, size_t *len, const char **problem)
{
    const fle_allocator allocator = default_allocator();
    fle_inflater *inflater = NULL;
    const char *at = in.data;
    flowenrich_status status = fle_inflate_begin(&inflater, &allocator, max_ratio, problem);
    bool done = false;

    *len = 0;
    while (status == FLOWENRICH_OK && !done && *len < room) {
        size_t some;

        status = fle_inflate_some(inflater, &at, in.data + in.len, out + *len,
                                  room - *len < step ? room - *len : step, &some, &done, problem);
        *len += some;
    }
    fle_inflate_free(inflater);
    return status;
}

static void pieces_of_any_size_make_the_same_whole(void **state)
{
    bench b = { .n_kept = 0 };
    const flowenrich_text zipped = gzip(&b, sample);
    const char *problem = "";
    char out[1024];
    size_t len;

    (void)state;
    for (size_t step = 1; step < 200; step += 7) {
        assert_int_equal(inflate_all(zipped, out, sizeof out, step, 10, &len, &problem), 0);
        assert_true(fle_text_equal(fle_text(out, len), sample));
    }
    bench_free(&b);
}

/* Zeros behind them fill up a tape's block; anything else isn't meant. */
static void members_may_stand_back_to_back(void **state)
{
    static const char zeros[512];
    bench b = { .n_kept = 0 };
    const flowenrich_text one = gzip(&b, sample);
    const flowenrich_text two = concatenated(&b, one, one);
    const flowenrich_text filled = concatenated(&b, two, fle_text(zeros, sizeof zeros));
    const char *problem = "";
    char out[1024];
    size_t len;

    (void)state;
    assert_int_equal(inflate_all(filled, out, sizeof out, 50, 10, &len, &problem), FLOWENRICH_OK);
    assert_int_equal(len, 2 * sample.len);
    assert_int_equal(
        inflate_all(joined(&b, "", filled, "x"), out, sizeof out, 50, 10, &len, &problem),
        FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(len, 2 * sample.len);
    assert_string_equal(problem, "what follows the gzip data is none");
    bench_free(&b);
}

static void data_cut_anywhere_is_refused(void **state)
{
    bench b = { .n_kept = 0 };
    const flowenrich_text whole = gzip(&b, sample);
    const char *problem = "";
    char out[1024];
    size_t len;

    (void)state;
    for (size_t cut = 0; cut < whole.len; cut++) {
        assert_int_equal(
            inflate_all(fle_text(whole.data, cut), out, sizeof out, 64, 10, &len, &problem),
            FLOWENRICH_ERR_SYNTAX);
        assert_string_equal(problem, "the gzip data ends too early");
        assert_true(len <= sample.len && memcmp(out, sample.data, len) == 0);
    }
    bench_free(&b);
}

static void a_flipped_bit_is_found(void **state)
{
    bench b = { .n_kept = 0 };
    const flowenrich_text whole = gzip(&b, sample);
    char *flipped = keep(&b, whole.len);
    const char *problem = "";
    char out[1024];
    size_t len;

    (void)state;
    for (size_t i = 10; i < whole.len; i++) { /* behind the header, which has no checksum */
        memcpy(flipped, whole.data, whole.len);
        flipped[i] ^= 4;
        assert_int_equal(
            inflate_all(fle_text(flipped, whole.len), out, sizeof out, 64, 10, &len, &problem),
            FLOWENRICH_ERR_SYNTAX);
    }
    bench_free(&b);
}

static void what_grows_too_much_is_stopped_soon(void **state)
{
    bench b = { .n_kept = 0 };
    char *zeros = keep(&b, LARGE);
    char *out = keep(&b, LARGE);
    const char *problem = "";
    flowenrich_text bomb;
    size_t len;

    (void)state;
    memset(zeros, 0, LARGE);
    bomb = gzip(&b, fle_text(zeros, LARGE));
    assert_int_equal(inflate_all(bomb, out, LARGE, 65536, 100, &len, &problem),
                     FLOWENRICH_ERR_LIMIT);
    assert_true(len <= ((size_t)1 << 20) + 65536);
    assert_int_equal(inflate_all(bomb, out, LARGE, 65536, 2000, &len, &problem), FLOWENRICH_OK);
    assert_int_equal(len, LARGE);
    bench_free(&b);
}

static void each_allocation_may_fail(void **state)
{
    bench b = { .n_kept = 0 };
    const flowenrich_text whole = gzip(&b, sample);

    (void)state;
    for (size_t n = 0; n < 4; n++) {
        failing f = { .succeed = n };
        const fle_allocator allocator = failing_allocator(&f);
        fle_inflater *inflater = NULL;
        const char *at = whole.data;
        const char *problem = "";
        char out[1024];
        size_t len;
        bool done;
        flowenrich_status status = fle_inflate_begin(&inflater, &allocator, 10, &problem);

        while (status == FLOWENRICH_OK && at < whole.data + whole.len)
            status = fle_inflate_some(inflater, &at, whole.data + whole.len, out, 16, &len, &done,
                                      &problem);
        assert_int_equal(status, n < 3 ? FLOWENRICH_ERR_NOMEM : FLOWENRICH_OK);
        fle_inflate_free(inflater);
        assert_int_equal(f.live, 0);
    }
    bench_free(&b);
}

static void gzip_is_known_by_its_first_bytes(void **state)
{
    (void)state;
    assert_true(fle_inflate_is_gzip("\x1f\x8b", 2));
    assert_false(fle_inflate_is_gzip("\x1f\x8b", 1));
    assert_false(fle_inflate_is_gzip("\x1f\x8c", 2));
    assert_false(fle_inflate_is_gzip(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_size_make_the_same_whole),
        cmocka_unit_test(members_may_stand_back_to_back),
        cmocka_unit_test(data_cut_anywhere_is_refused),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(what_grows_too_much_is_stopped_soon),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(gzip_is_known_by_its_first_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
