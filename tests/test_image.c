/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "imaging.h"

struct fixture {
    struct cataloging c;
    char *image;
    size_t len;
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    *state = x;
    if (!x || cataloging_new(&x->c, NULL, 0) != FLOWENRICH_OK ||
        imaging_load(&x->c) != FLOWENRICH_OK || cataloging_publish(&x->c) != FLOWENRICH_OK)
        return -1;
    x->image = imaging_make_whole(&x->c, &x->len);
    return x->image ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    const size_t left = cataloging_free(&x->c);

    free(x->image);
    free(x);
    return left == 0 ? 0 : -1;
}

static flowenrich_status open_image(struct fixture *x, const void *image, size_t len,
                                    int32_t verify)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;

    opt.allocator = &x->c.allocator;
    flowenrich_snapshot_free(x->c.snapshot);
    return flowenrich_snapshot_from_image(&x->c.snapshot, image, len, verify, &opt, &x->c.error);
}

static void describe(struct fixture *x, fle_buffer *out)
{
    fle_buffer_init(out, &x->c.plain);
    imaging_describe(&x->c, out);
    assert_false(out->failed);
}

/* Else nobody asks whether a part comes back as it was. */
static void no_part_of_the_image_is_empty(void **state)
{
    const struct fixture *x = *state;
    uint32_t n;

    memcpy(&n, x->image + IMAGING_SUM - sizeof n, sizeof n);
    for (size_t i = 0; i < n; i++) {
        uint64_t part[3]; /* where it lies, how many it has, their checksum */

        memcpy(part, x->image + IMAGING_SUM + sizeof(uint64_t) + i * sizeof part, sizeof part);
        if (part[1] == 0)
            fail_msg("part %zu of %u", i, (unsigned)n);
    }
}

static void an_image_answers_as_the_snapshot_that_it_is_of(void **state)
{
    struct fixture *x = *state;
    fle_buffer made, read;

    describe(x, &made);
    assert_int_equal(open_image(x, x->image, x->len, 1), FLOWENRICH_OK);
    describe(x, &read);
    assert_true(made.len > 3000);
    assert_true(fle_text_equal(fle_text(made.data, made.len), fle_text(read.data, read.len)));
    fle_buffer_free(&made);
    fle_buffer_free(&read);
}

static void an_image_of_an_image_is_the_same(void **state)
{
    struct fixture *x = *state;
    char *again;
    size_t len;

    assert_int_equal(open_image(x, x->image, x->len, 0), FLOWENRICH_OK);
    again = imaging_make(&x->c, &len);
    assert_non_null(again);
    assert_int_equal(len, x->len);
    assert_memory_equal(again, x->image, len);
    free(again);
}

static void an_empty_catalog_has_an_image(void **state)
{
    struct fixture *x = *state;
    struct cataloging empty;
    char *image;
    size_t len;

    assert_int_equal(cataloging_new(&empty, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&empty), FLOWENRICH_OK);
    image = imaging_make(&empty, &len);
    assert_non_null(image);
    assert_int_equal(open_image(x, image, len, 1), FLOWENRICH_OK);
    assert_null(cataloging_entry(&x->c, "eni-1"));
    flowenrich_snapshot_free(x->c.snapshot);
    x->c.snapshot = NULL;
    free(image);
    assert_int_equal(cataloging_free(&empty), 0);
}

static bool is_refusal(flowenrich_status status)
{
    return status == FLOWENRICH_ERR_CORRUPT || status == FLOWENRICH_ERR_UNSUPPORTED;
}

static void every_byte_is_verified(void **state)
{
    struct fixture *x = *state;

    for (size_t i = 0; i < x->len; i++) {
        x->image[i] ^= 0x10;
        if (!is_refusal(open_image(x, x->image, x->len, 1)))
            fail_msg("byte %zu of %zu", i, x->len);
        x->image[i] ^= 0x10;
    }
    assert_int_equal(open_image(x, x->image, x->len, 1), FLOWENRICH_OK);
}

static void an_image_that_is_cut_is_refused(void **state)
{
    struct fixture *x = *state;

    for (size_t len = 0; len < x->len; len++) {
        char *cut = malloc(len + 1); /* so that reading beyond it shows */

        assert_non_null(cut);
        memcpy(cut, x->image, len);
        if (open_image(x, cut, len, 0) != FLOWENRICH_ERR_CORRUPT)
            fail_msg("%zu bytes of %zu", len, x->len);
        free(cut);
    }
    assert_int_equal(open_image(x, NULL, 0, 0), FLOWENRICH_ERR_CORRUPT);
}

/* Whoever wrote it: what it says is followed no further than it reaches. */
static void a_forged_image_is_read_within_its_bounds(void **state)
{
    static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
    struct fixture *x = *state;

    for (size_t i = 0; i < x->len; i++) {
        const char was = x->image[i];

        if (i >= IMAGING_SUM && i < IMAGING_SUM + 8)
            continue;
        x->image[i] = (char)values[i % sizeof values];
        imaging_sum(x->image, x->len);
        if (open_image(x, x->image, x->len, 0) == FLOWENRICH_OK) {
            fle_buffer out;

            describe(x, &out);
            fle_buffer_free(&out);
            fle_arena_clear(&x->c.told);
        }
        x->image[i] = was;
    }
}

/* What the image is made of comes last. */
static void a_forged_image_is_loaded_whole_or_not_at_all(void **state)
{
    static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
    struct fixture *x = *state;
    uint64_t sources;

    memcpy(&sources, x->image + IMAGING_SUM + 8 + 26 * 24, sizeof sources);
    for (size_t i = (size_t)sources; i < x->len; i++) {
        const char was = x->image[i];
        struct cataloging c;
        flowenrich_stat facts[2];
        flowenrich_status status;

        x->image[i] = (char)values[i % sizeof values];
        imaging_sum(x->image, x->len);
        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        status = flowenrich_catalog_load(c.catalog, x->image, x->len, NULL, NULL, &c.error);
        (void)flowenrich_catalog_stats(c.catalog, facts, 2);
        if (status == FLOWENRICH_OK)
            assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        else if (status != FLOWENRICH_ERR_CORRUPT || facts[1].value != 0)
            fail_msg("byte %zu of %zu: %s", i, x->len, flowenrich_status_name(status));
        assert_int_equal(cataloging_free(&c), 0);
        x->image[i] = was;
    }
}

static const char more[] =
    "interface-id vpc-id subnet-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport "
    "dstport protocol packets start end log-status\n"
    "eni-3 vpc-1 subnet-1 ingress 10.1.0.5 10.0.0.6 10.1.0.5 10.0.0.6 443 40000 6 9 1795183200 "
    "1795183260 OK\n";
static const char latest[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-4', 'VpcId': 'vpc-2', 'PrivateIpAddress': "
    "'10.1.0.6'}]}";

/* Go on: other documents and records. */
static char *go_on(struct cataloging *c, size_t *len)
{
    assert_int_equal(cataloging_load(c, latest, NOON + 3 * HOUR), FLOWENRICH_OK);
    assert_int_equal(imaging_learn(c, more), FLOWENRICH_OK);
    return imaging_make_whole(c, len);
}

static void a_catalog_goes_on_from_its_image_as_it_would_have(void **state)
{
    struct fixture *x = *state;
    char *expected, *image;
    size_t len_expected, len;
    flowenrich_time dated;
    struct cataloging c;

    expected = go_on(&x->c, &len_expected);
    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(flowenrich_catalog_load(c.catalog, x->image, x->len, NULL, &dated, &c.error),
                     FLOWENRICH_OK);
    assert_int_equal(dated, NOON + 2 * HOUR);
    image = go_on(&c, &len);
    assert_non_null(expected);
    assert_non_null(image);
    assert_int_equal(len, len_expected);
    assert_memory_equal(image, expected, len);
    assert_int_equal(cataloging_free(&c), 0);
    free(expected);
    free(image);
}

/* It doesn't matter which comes first: what was learned before, or an image with more of it. */
static void an_image_adds_to_what_is_known(void **state)
{
    struct fixture *x = *state;
    struct cataloging c;
    fle_buffer expected, out;

    assert_int_equal(cataloging_load(&x->c, latest, NOON + 3 * HOUR), FLOWENRICH_OK);
    assert_int_equal(imaging_learn(&x->c, more), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&x->c), FLOWENRICH_OK);
    describe(x, &expected);
    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(imaging_learn(&c, more), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c, latest, NOON + 3 * HOUR), FLOWENRICH_OK);
    assert_int_equal(flowenrich_catalog_load(c.catalog, x->image, x->len, NULL, NULL, &c.error),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    fle_buffer_init(&out, &c.plain);
    imaging_describe(&c, &out);
    assert_true(fle_text_equal(fle_text(out.data, out.len), fle_text(expected.data, expected.len)));
    fle_buffer_free(&out);
    fle_buffer_free(&expected);
    assert_int_equal(cataloging_free(&c), 0);
}

static void nothing_is_added_to_the_image_of_a_snapshot(void **state)
{
    struct fixture *x = *state;
    size_t len;
    char *image = imaging_make(&x->c, &len);

    assert_non_null(image);
    assert_int_equal(flowenrich_catalog_load(x->c.catalog, image, len, NULL, NULL, &x->c.error),
                     FLOWENRICH_ERR_UNSUPPORTED);
    assert_int_equal(flowenrich_catalog_load(x->c.catalog, image, len - 1, NULL, NULL, NULL),
                     FLOWENRICH_ERR_CORRUPT);
    free(image);
}

static void what_this_library_does_not_read_is_said(void **state)
{
    static const struct {
        size_t at;
        unsigned char value;
        flowenrich_status status;
    } cases[] = {
        { 0, '{', FLOWENRICH_ERR_CORRUPT }, /* JSON */
        { 12, 1, FLOWENRICH_ERR_UNSUPPORTED }, /* an older version */
    };
    struct fixture *x = *state;
    const uint32_t foreign = 0x04030201;
    size_t len;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char was = x->image[cases[i].at];

        x->image[cases[i].at] = (char)cases[i].value;
        assert_int_equal(open_image(x, x->image, x->len, 0), cases[i].status);
        x->image[cases[i].at] = was;
    }
    memcpy(x->image + 8, &foreign, sizeof foreign);
    assert_int_equal(open_image(x, x->image, x->len, 0), FLOWENRICH_ERR_UNSUPPORTED);
    assert_non_null(strstr(x->c.error.message, "byte order"));
    assert_int_equal(open_image(x, x->image + 1, x->len, 0), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_snapshot_image(NULL, NULL, 0, &len, NULL), FLOWENRICH_ERR_ARG);
}

static void too_little_room_is_said(void **state)
{
    struct fixture *x = *state;
    size_t len = 0;
    char *image = imaging_make(&x->c, &len);
    const size_t whole = len;

    assert_int_equal(flowenrich_snapshot_image(x->c.snapshot, image, whole - 1, &len, NULL),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(len, whole);
    free(image);
}

static void memory_may_run_out(void **state)
{
    struct fixture *x = *state;

    flowenrich_snapshot_free(x->c.snapshot);
    x->c.snapshot = NULL;
    for (size_t n = 0;; n++) {
        x->c.f.succeed = n;
        if (open_image(x, x->image, x->len, 0) == FLOWENRICH_OK)
            break;
        assert_int_equal(x->c.error.status, FLOWENRICH_ERR_NOMEM);
    }
    x->c.f.succeed = SIZE_MAX;
}

/* Of what is learned, too, all or nothing is added. */
static void without_memory_an_image_is_neither_made_nor_loaded(void **state)
{
    struct fixture *x = *state;
    size_t len, n = 0;
    const void *image;
    bool made = false, loaded = false;

    for (; !made; n++) {
        x->c.f.succeed = n;
        made = flowenrich_catalog_image(x->c.catalog, &image, &len, &x->c.error) == FLOWENRICH_OK;
        assert_true(made || x->c.error.status == FLOWENRICH_ERR_NOMEM);
    }
    assert_in_range(n, 20, 10000);
    assert_int_equal(len, x->len);
    assert_memory_equal(image, x->image, len);
    for (n = 0; !loaded; n++) {
        struct cataloging c;
        flowenrich_stat stats[8];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        assert_int_equal(imaging_learn(&c, more), FLOWENRICH_OK);
        c.f.succeed = n;
        loaded = flowenrich_catalog_load(c.catalog, x->image, x->len, NULL, NULL, &c.error) ==
                 FLOWENRICH_OK;
        c.f.succeed = SIZE_MAX;
        (void)flowenrich_catalog_stats(c.catalog, stats, 8);
        assert_int_equal(stats[1].value > 0, loaded);
        assert_int_equal(stats[5].value, loaded ? 4 : 1); /* learned_records */
        assert_int_equal(cataloging_free(&c), 0);
    }
    assert_in_range(n, 20, 10000);
}

static void what_is_no_catalog_has_no_image(void **state)
{
    struct fixture *x = *state;
    const void *image;
    size_t len;

    assert_int_equal(flowenrich_catalog_image(NULL, &image, &len, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_image(x->c.catalog, NULL, &len, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_image(x->c.catalog, &image, NULL, NULL),
                     FLOWENRICH_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_part_of_the_image_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_image_answers_as_the_snapshot_that_it_is_of, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_image_of_an_image_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_catalog_has_an_image, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_byte_is_verified, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_image_that_is_cut_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_forged_image_is_read_within_its_bounds, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_forged_image_is_loaded_whole_or_not_at_all, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_catalog_goes_on_from_its_image_as_it_would_have, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_image_adds_to_what_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_added_to_the_image_of_a_snapshot, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_memory_an_image_is_neither_made_nor_loaded, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_catalog_has_no_image, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_this_library_does_not_read_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_little_room_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_run_out, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
