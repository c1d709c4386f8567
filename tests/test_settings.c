/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what a configuration says of a pipeline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "failing.h"
#include "pipeline/settings.h"

typedef struct fixture {
    failing memory;
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_error error;
    fle_settings settings;
} fixture;

static void set_up(fixture *x)
{
    memset(x, 0, sizeof *x);
    x->memory.succeed = SIZE_MAX;
    x->allocator = failing_allocator(&x->memory);
    fle_arena_init(&x->arena, &x->allocator);
}

static flowenrich_status read_settings(fixture *x, const char *yaml)
{
    return fle_settings_read(&x->settings, yaml, strlen(yaml), &x->arena, &x->error);
}

static void nothing_said_means_the_defaults(void **state)
{
    fixture x;

    (void)state;
    set_up(&x);
    assert_int_equal(read_settings(&x, ""), FLOWENRICH_OK);
    assert_true(x.settings.names);
    assert_false(x.settings.is_text || x.settings.strict);
    assert_null(x.settings.formats);
    assert_null(x.settings.fields);
    assert_string_equal(x.settings.encoder, "json");
    assert_null(x.settings.filter.terms);
    assert_false(fle_interval_is_bounded(&x.settings.interval));
    assert_int_equal(x.settings.slack, 0);
    assert_int_equal(x.settings.assume, 0);
    assert_false(x.settings.holds);
    assert_int_equal(x.settings.limits.rows, 2048);
    assert_int_equal(x.settings.limits.payload, 268435456);
    assert_int_equal(read_settings(&x, "enrich: false"), FLOWENRICH_OK);
    assert_string_equal(x.settings.encoder, "json-flat");
    fle_arena_free(&x.arena);
}

static void every_key_is_read(void **state)
{
    fixture x;

    (void)state;
    set_up(&x);
    assert_int_equal(read_settings(&x, "version: 1\n"
                                       "formats: [default, '${bytes}']\n"
                                       "input: text\n"
                                       "level: record\n"
                                       "enrich: true\n"
                                       "strict: true\n"
                                       "slack: 0\n"
                                       "assume: 3600\n"
                                       "hold: 600\n"
                                       "since: 2026-03-02T12:00:00Z\n"
                                       "until: 1772456400\n"
                                       "filter: {action: ACCEPT}\n"
                                       "fields: [bytes, client.tags.app]\n"
                                       "reads: [scope]\n"
                                       "encoder: none\n"
                                       "limits: {rows: 7, line: 100, bad_lines: 3, payload: 9,"
                                       " ratio: 2, held: 5}\n"),
                     FLOWENRICH_OK);
    assert_true(x.settings.is_text && x.settings.names && x.settings.strict);
    assert_true(fle_text_is(x.settings.formats->child->next->scalar, "${bytes}"));
    assert_int_equal(x.settings.slack, -1); /* none */
    assert_int_equal(x.settings.assume, 3600);
    assert_int_equal(x.settings.interval.since, 1772452800);
    assert_int_equal(x.settings.interval.until, 1772456400);
    assert_string_equal(fle_filter_path(&x.settings.filter, 0), "action");
    assert_int_equal(x.settings.n_fields, 2);
    assert_string_equal(x.settings.fields[1], "client.tags.app");
    assert_true(fle_text_is(x.settings.reads->child->scalar, "scope"));
    assert_null(x.settings.encoder);
    assert_int_equal(x.settings.limits.rows, 7);
    assert_int_equal(x.settings.limits.line, 100);
    assert_int_equal(x.settings.limits.bad_lines, 3);
    assert_int_equal(x.settings.limits.payload, 9);
    assert_int_equal(x.settings.limits.ratio, 2);
    assert_int_equal(x.settings.limits.held, 5);
    assert_true(x.settings.holds && x.settings.hold == 600);
    assert_int_equal(read_settings(&x, "hold: auto"), FLOWENRICH_OK);
    assert_true(x.settings.holds && x.settings.hold == 0);
    assert_int_equal(read_settings(&x, "hold: off"), FLOWENRICH_OK);
    assert_false(x.settings.holds);
    assert_int_equal(read_settings(&x, "enrich: false\nhold: auto"), FLOWENRICH_OK);
    assert_false(x.settings.holds); /* who names nobody waits for nobody */
    assert_int_equal(read_settings(&x, "slack: 9\nstrict: true\n---\nslack: 8\n"), FLOWENRICH_OK);
    assert_int_equal(x.settings.slack, 8); /* the later document wins, */
    assert_true(x.settings.strict);        /* and leaves the rest */
    fle_arena_free(&x.arena);
}

/* Rows of a stream come out by themselves, and need no ends to be named. */
static void conversations_have_defaults_of_their_own(void **state)
{
    fixture x;

    (void)state;
    set_up(&x);
    assert_int_equal(read_settings(&x, "level: conversation\nenrich: false"), FLOWENRICH_OK);
    assert_true(x.settings.pairs && x.settings.holds && x.settings.hold == 0);
    assert_string_equal(x.settings.encoder, "json");
    assert_int_equal(read_settings(&x, "level: conversation\nenrich: false\nhold: 600\n"
                                       "pair: {active: 1, idle: 2, lateness: 3}\n"
                                       "limits: {paired: 4}"),
                     FLOWENRICH_OK);
    assert_int_equal(x.settings.hold, 600);
    assert_int_equal(x.settings.active, 1);
    assert_int_equal(x.settings.idle, 2);
    assert_int_equal(x.settings.lateness, 3);
    assert_int_equal(x.settings.limits.paired, 4);
    assert_int_equal(read_settings(&x, "level: conversation\nhold: off"), FLOWENRICH_OK);
    assert_false(x.settings.holds);
    fle_arena_free(&x.arena);
}

static void every_mistake_has_its_place(void **state)
{
    static const struct {
        const char *yaml;
        uint32_t line, column;
        const char *message;
    } cases[] = {
        { "stict: true\n", 1, 1, "unknown key 'stict': did you mean 'strict'?" },
        { "strict: yes\n", 1, 9, "strict must be true or false, not 'yes'" },
        { "slack: -1\n", 1, 8, "slack must be a whole number from 0 to 2147483647, not '-1'" },
        { "assume: 1h\n", 1, 9, "assume must be a whole number from 0 to 2147483647, not '1h'" },
        { "hold: 0\n", 1, 7, "hold must be auto, off, or 1 to 86400 seconds, not '0'" },
        { "hold: 15m\n", 1, 7, "hold must be auto, off, or 1 to 86400 seconds, not '15m'" },
        { "hold: [60]\n", 1, 7, "hold must be a single value" },
        { "level: flow\n", 1, 8, "level must be record or conversation, not 'flow'" },
        { "pair: {idle: 5}\n", 1, 7,
          "pair is about conversations: it needs 'level: conversation'" },
        { "level: conversation\npair: {idle: 0}\n", 2, 14, "idle is 1 second at least" },
        { "level: conversation\npair: {activ: 9}\n", 2, 8,
          "unknown key 'activ': did you mean 'active'?" },
        { "level: conversation\npair: 60\n", 2, 7, "pair must be a mapping (key: value)" },
        { "input: json\n", 1, 8, "input must be auto or text, not 'json'" },
        { "encoder: xml\n", 1, 10,
          "encoder must be json, json-flat, msgpack, msgpack-flat, csv, influx, prometheus or "
          "none, not 'xml'" },
        { "formats: default\n", 1, 10, "formats must be a list" },
        { "formats: [[a]]\n", 1, 11, "a format must be a single value" },
        { "fields: bytes\n", 1, 9, "fields must be a list" },
        { "reads: bytes\n", 1, 8, "reads must be a list" },
        { "fields: []\n", 1, 9, "fields is an empty list: leave it out to have all" },
        { "fields:\n- byte\n", 2, 3, "there is no path 'byte': did you mean 'bytes'?" },
        { "fields:\n- ''\n", 2, 3, "a path is missing" },
        { "filter:\n  scope: internet\n  dstport: x\n", 3, 12,
          "dstport is a whole number, not 'x'" },
        { "since: 9\nuntil: 8\n", 2, 8,
          "until is earlier than since: no record can be in between" },
        { "limits: 7\n", 1, 9, "limits must be a mapping (key: value)" },
        { "limits: {row: 7}\n", 1, 10, "unknown key 'row': did you mean 'rows'?" },
        { "limits: {rows: 0}\n", 1, 16, "rows is 1 at least" },
        { "limits: {rows: 1048577}\n", 1, 16,
          "rows must be a whole number from 0 to 1048576, not '1048577'" },
        { "networks:\n- {cidr: 10.0.0.0/8}\n", 2, 3, "name is missing" },
        { "listeners:\n- {port: 80, name: x}\n", 2, 3, "protocol is missing" },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&x.error, 0, sizeof x.error);
        if (read_settings(&x, cases[i].yaml) != FLOWENRICH_ERR_SYNTAX ||
            x.error.line != cases[i].line || x.error.column != cases[i].column ||
            strcmp(x.error.message, cases[i].message) != 0)
            fail_msg("%s\n%u:%u: %s", cases[i].yaml, (unsigned)x.error.line,
                     (unsigned)x.error.column, x.error.message);
    }
    fle_arena_free(&x.arena);
}

static void each_allocation_may_fail(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    for (size_t succeed = 0; status != FLOWENRICH_OK; succeed++) {
        fixture x;

        set_up(&x);
        x.memory.succeed = succeed;
        status = read_settings(&x, "fields: [bytes]\nfilter: {action: [ACCEPT]}\n");
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        fle_arena_free(&x.arena);
        assert_int_equal(x.memory.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said_means_the_defaults),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(conversations_have_defaults_of_their_own),
        cmocka_unit_test(every_mistake_has_its_place),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
