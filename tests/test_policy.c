/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what policies say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watch/policy.h"

typedef struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_error error;
    fle_policy policy;
} fixture;

static void set_up(fixture *x)
{
    memset(x, 0, sizeof *x);
    fle_allocator_init(&x->allocator, NULL);
    fle_arena_init(&x->arena, &x->allocator);
}

static flowenrich_status read_text(fixture *x, const char *yaml)
{
    return fle_policy_read(&x->policy, yaml, strlen(yaml), &x->arena, &x->error);
}

static void nothing_said_means_spikes_of_rejects(void **state)
{
    static const char *const texts[] = { "", "version: 1", "spikes: []" };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(read_text(&x, texts[i]), FLOWENRICH_OK);
        assert_int_equal(x.policy.n_spikes, 1);
        assert_string_equal(x.policy.spikes[0].measure, "rejects");
        assert_int_equal(x.policy.spikes[0].windows, 24);
        assert_int_equal(x.policy.spikes[0].minimum, 20);
        assert_false(x.policy.edges.is_given);
        fle_policy_free(&x.policy);
    }
    fle_arena_free(&x.arena);
}

static void every_key_is_read(void **state)
{
    const fle_spike_rule *spike;
    fixture x;

    (void)state;
    set_up(&x);
    assert_int_equal(read_text(&x, "version: 1\n"
                                   "spikes:\n"
                                   "- {measure: bytes}\n"
                                   "- name: much\n"
                                   "  measure: bytes\n"
                                   "  where: client.type == 'lambda:function'\n"
                                   "  windows: 12\n"
                                   "  warmup: 3\n"
                                   "  times: 5\n"
                                   "  cooldown: 0\n"
                                   "  minimum: 1MB\n"
                                   "- {measure: bytes, season: day}\n"
                                   "- {measure: bytes, season: week, seasons: 9, warmup: 3}\n"
                                   "edges:\n"
                                   "  where: {server.tags.tier: database}\n"
                                   "  cooldown: 7\n"
                                   "  minimum: 100\n"
                                   "  allow:\n"
                                   "  - client.tags.app == 'orders'\n"
                                   "  - {client.tags.app: backup, server.port: [22, 873]}\n"),
                     FLOWENRICH_OK);
    assert_int_equal(x.policy.n_spikes, 4);
    assert_int_equal(x.policy.spikes[0].season, 0);
    assert_true(fle_text_is(x.policy.spikes[0].name, "bytes"));
    spike = &x.policy.spikes[1];
    assert_true(fle_text_is(spike->name, "much"));
    assert_string_equal(fle_filter_path(&spike->where, 0), "client.type");
    assert_int_equal(spike->windows, 12);
    assert_int_equal(spike->warmup, 3);
    assert_int_equal(spike->times, 5);
    assert_int_equal(spike->cooldown, 0);
    assert_int_equal(spike->minimum, 1000000);
    assert_int_equal(x.policy.spikes[2].season, 86400);
    assert_int_equal(x.policy.spikes[2].windows, 7);
    assert_int_equal(x.policy.spikes[2].warmup, 2);
    assert_int_equal(x.policy.spikes[3].season, 604800);
    assert_int_equal(x.policy.spikes[3].windows, 9);
    assert_int_equal(x.policy.spikes[3].warmup, 3);
    assert_true(x.policy.edges.is_given);
    assert_int_equal(x.policy.edges.cooldown, 7);
    assert_int_equal(x.policy.edges.minimum, 100);
    assert_int_equal(x.policy.edges.n_allow, 2);
    assert_string_equal(fle_filter_path(&x.policy.edges.allow[1], 1), "server.port");
    fle_policy_free(&x.policy);

    assert_int_equal(read_text(&x, "edges: {allow: []}"), FLOWENRICH_OK); /* nobody to nobody */
    assert_int_equal(x.policy.n_spikes, 0);
    fle_policy_free(&x.policy);
    fle_arena_free(&x.arena);
}

static void what_can_not_be_meant_is_refused(void **state)
{
    static const struct {
        const char *yaml;
        unsigned line;
        const char *message;
    } cases[] = {
        { "[]", 1, "a policy must be a mapping (key: value)" },
        { "version: 2", 1, "version 2 isn't known: this library reads policies of version 1" },
        { "spike: []", 1, "unknown key 'spike': did you mean 'spikes'?" },
        { "spikes: rejects", 1, "spikes must be a list" },
        { "spikes: [rejects]", 1, "a spike must be a mapping (key: value)" },
        { "spikes:\n- {name: a}", 2, "measure is missing" },
        { "spikes:\n- {measure: a, time: 3}", 2, "unknown key 'time': did you mean 'times'?" },
        { "spikes:\n- {measure: a, times: 0}", 2, "times is 1 at least" },
        { "spikes:\n- {measure: a, minimum: few}", 2, "minimum is a whole number, not 'few'" },
        { "spikes:\n- {measure: a, windows: 3}", 2,
          "warmup is 6 windows, but only 3 of the past are looked at" },
        { "spikes:\n- {measure: a, season: month}", 2, "season must be day or week, not 'month'" },
        { "spikes:\n- {measure: a, seasons: 3}", 2, "seasons needs a season: day or week" },
        { "spikes:\n- {measure: a, season: day, windows: 9}", 2,
          "a spike with a season has seasons, not windows" },
        { "spikes:\n- {measure: a, season: day, seasons: 3, warmup: 4}", 2,
          "warmup is 4 seasons, but only 3 of the past are looked at" },
        { "spikes:\n- {measure: a, season: day, seasons: 53}", 2,
          "seasons must be a whole number from 0 to 52, not '53'" },
        { "spikes:\n- {measure: a, where: bytes}", 2,
          "expression, line 1, column 6: behind 'bytes' there is to be one of == != < <= > >= in, "
          "not in, has, matches, present, absent" },
        { "edges: []", 1, "edges must be a mapping (key: value)" },
        { "edges: {where: bytes > 1}", 1, "allow is missing: who may talk to whom" },
        { "edges: {allow: a}", 1, "allow must be a list" },
        { "edges:\n  allow:\n  - {}", 3, "this allows everything: say what" },
        { "edges:\n  allow:\n  - {clinet.type: a}", 3,
          "there is no path 'clinet.type': did you mean 'client.type'?" },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (read_text(&x, cases[i].yaml) != FLOWENRICH_ERR_SYNTAX ||
            strcmp(x.error.message, cases[i].message) != 0 || x.error.line != cases[i].line)
            fail_msg("%s: %u: %s", cases[i].yaml, (unsigned)x.error.line, x.error.message);
        fle_policy_free(&x.policy);
    }
    fle_arena_free(&x.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said_means_spikes_of_rejects),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(what_can_not_be_meant_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
