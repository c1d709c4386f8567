/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/kinds.h"
#include "failing.h"

static void same_text(const char *type, const char *what, flowenrich_text a, flowenrich_text b)
{
    if (!fle_text_equal(a, b))
        fail_msg("%s: %s is '%.*s' in the file, '%.*s' in the table", type, what, (int)a.len,
                 a.data, (int)b.len, b.data);
}

static void same_texts(const char *type, const char *what, fle_texts a, fle_texts b)
{
    if (a.n != b.n)
        fail_msg("%s: %zu %s in the file, %zu in the table", type, a.n, what, b.n);
    for (size_t i = 0; i < a.n; i++)
        same_text(type, what, a.items[i], b.items[i]);
}

static char *read_file(const char *name, size_t *len)
{
    FILE *file = fopen(name, "rb");
    char *data = malloc(65536);

    assert_non_null(file);
    assert_non_null(data);
    *len = fread(data, 1, 65536, file);
    assert_true(*len < 65536);
    fclose(file);
    return data;
}

static void the_built_in_table_is_what_the_file_says(void **state)
{
    const fle_kinds *built_in = &fle_kinds_builtin;
    flowenrich_error error;
    fle_allocator allocator;
    fle_arena arena;
    fle_kinds kinds;
    size_t len;
    char *yaml = read_file("data/kinds.yaml", &len);
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    if (fle_kinds_read(&kinds, yaml, len, &arena, &error) != FLOWENRICH_OK)
        fail_msg("line %u: %s", error.line, error.message);
    assert_int_equal(kinds.n, built_in->n);
    same_texts("user-types", "entries", kinds.user_types, built_in->user_types);
    for (size_t i = 0; i < kinds.n; i++) {
        const fle_kind *a = &kinds.items[i], *b = &built_in->items[i];
        const char *type = b->type.data;

        same_text(type, "type", a->type, b->type);
        same_text(type, "path", a->path, b->path);
        same_text(type, "arn", a->arn, b->arn);
        same_text(type, "resource", a->resource, b->resource);
        same_texts(type, "interface-types", a->interface_types, b->interface_types);
        same_texts(type, "descriptions", a->descriptions, b->descriptions);
        same_texts(type, "requesters", a->requesters, b->requesters);
        assert_int_equal(a->forwards, b->forwards);
    }
    free(yaml);
    fle_arena_free(&arena);
}

static void a_wrong_table_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *yaml, *message;
        unsigned line;
    } cases[] = {
        { "version: 1\n", "kinds is missing", 1 },
        { "kinds: 1\n", "kinds must be a list", 1 },
        { "version: 2\nkinds: []\n", "version must be", 1 },
        { "kind: []\n", "did you mean 'kinds'", 1 },
        { "kinds:\n  - arn: x\n", "type is missing", 2 },
        { "kinds:\n  - type: a:b\n    tpye: x\n", "did you mean 'type'", 3 },
        { "kinds:\n  - type: a:b\n    forwards: maybe\n", "true or false", 3 },
        { "kinds:\n  - type: a:b\n    descriptions: x\n", "descriptions must be a list", 3 },
        { "kinds:\n  - type: a:b\n    descriptions: ['x{', y]\n", "must hold a name", 3 },
        { "kinds:\n  - type: a:b\n    descriptions: ['x{}']\n", "must hold a name", 3 },
        { "kinds:\n  - type: a:b\n    descriptions: ['x}']\n", "must hold a name", 3 },
        { "kinds:\n  - type: a:b\n    descriptions: ['{a}{b}']\n", "something between", 3 },
        { "kinds:\n  - type: a:b\n    descriptions: ['x*y']\n", "may only end", 3 },
        { "kinds:\n  - type: a:b\n    requesters: ['{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}-{i}']\n",
          "too many names", 3 },
        { "kinds:\n  - type: a:b\n    arn: 'arn:{name}'\n",
          "no description of this kind has {name}", 3 },
        { "kinds:\n  - type: a:b\n    arn: 'arn:{'\n", "must hold a name", 3 },
        { "kinds: [\n", "not YAML", 2 },
    };
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_error error;
        fle_arena arena;
        fle_kinds kinds;

        fle_arena_init(&arena, &allocator);
        if (fle_kinds_read(&kinds, cases[i].yaml, strlen(cases[i].yaml), &arena, &error) !=
                FLOWENRICH_ERR_SYNTAX ||
            !strstr(error.message, cases[i].message) || error.line != cases[i].line)
            fail_msg("%s: line %u: %s", cases[i].yaml, error.line, error.message);
        fle_arena_free(&arena);
    }
}

static void a_table_of_ones_own_may_use_what_its_descriptions_capture(void **state)
{
    static const char yaml[] = "kinds:\n"
                               "  - type: acme:vault\n"
                               "    forwards: true\n"
                               "    descriptions: ['vault {name} (*']\n"
                               "    arn: 'arn:{partition}:acme:{region}::vault/{name}'\n";
    const fle_evidence evidence = { .description = FLE_TEXT("vault blue (1)"),
                                    .requester_managed = true };
    fle_variables variables = { { { FLE_TEXT("partition"), FLE_TEXT("aws") },
                                  { FLE_TEXT("region"), FLE_TEXT("eu-west-1") } },
                                2 };
    flowenrich_error error;
    fle_allocator allocator;
    fle_arena arena;
    fle_buffer out;
    fle_kinds kinds;
    const fle_kind *kind;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    fle_buffer_init(&out, &allocator);
    assert_int_equal(fle_kinds_read(&kinds, yaml, sizeof yaml - 1, &arena, &error), FLOWENRICH_OK);
    kind = fle_kinds_find(&kinds, &evidence, &variables);
    assert_non_null(kind);
    assert_true(kind->forwards);
    assert_true(fle_kind_arn(kind, &variables, &out));
    assert_true(fle_text_is(fle_text(out.data, out.len), "arn:aws:acme:eu-west-1::vault/blue"));
    assert_null(fle_kinds_find(&kinds, &(fle_evidence){ .requester_managed = false }, &variables));
    fle_buffer_free(&out);
    fle_arena_free(&arena);
}

/* Going back from each of eight captures would take longer than anybody waits. */
static void no_pattern_makes_matching_slow(void **state)
{
    static const char yaml[] = "kinds: [{type: a:b, descriptions: "
                               "['{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}-x', '{a}-{uuid}=']}]\n";
    static char hyphens[1000];
    const struct {
        const char *description;
        bool fits;
    } cases[] = {
        { hyphens, false },
        { "1-2-3-4-5-6-7-8-x", true },
        { "1-2-3-4-5-6-7-8-9-x", true },                       /* the last capture goes on */
        { "1-2-3-4-5/6-6-7-8-x", false },                      /* none of them over a slash */
        { "1-2-01234567-89ab-cdef-0123-456789abcdef=", true }, /* the first goes on up to a UUID */
    };
    flowenrich_error error;
    fle_allocator allocator;
    fle_arena arena;
    fle_kinds kinds;
    (void)state;

    memset(hyphens, '-', sizeof hyphens - 1);
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    assert_int_equal(fle_kinds_read(&kinds, yaml, sizeof yaml - 1, &arena, &error), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_evidence evidence = { .description = fle_text_of(cases[i].description),
                                        .requester_managed = true };
        fle_variables variables = { .n = 0 };

        if ((fle_kinds_find(&kinds, &evidence, &variables) != NULL) != cases[i].fits)
            fail_msg("'%s'", cases[i].description);
    }
    fle_arena_free(&arena);
}

static void every_allocation_may_fail(void **state)
{
    static const char yaml[] = "user-types: [interface]\n"
                               "kinds: [{type: a:b, descriptions: ['x {n}'], arn: '{n}'}]\n";
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);
        fle_arena arena;
        fle_kinds kinds;

        fle_arena_init(&arena, &allocator);
        status = fle_kinds_read(&kinds, yaml, sizeof yaml - 1, &arena, NULL);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        fle_arena_free(&arena);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_table_is_what_the_file_says),
        cmocka_unit_test(a_wrong_table_is_refused_with_its_place),
        cmocka_unit_test(a_table_of_ones_own_may_use_what_its_descriptions_capture),
        cmocka_unit_test(no_pattern_makes_matching_slow),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
