/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/yaml.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "yamling.h"

/* Write a tree on one line: [a b], {key=value}, and texts in quotes. */
static void write_tree(fle_buffer *out, const fle_yaml *node)
{
    if (node->kind == FLE_YAML_SCALAR) {
        fle_buffer_char(out, '\'');
        fle_buffer_text(out, node->scalar);
        fle_buffer_char(out, '\'');
        return;
    }
    fle_buffer_char(out, node->kind == FLE_YAML_SEQUENCE ? '[' : '{');
    for (const fle_yaml *child = node->child; child != NULL; child = child->next) {
        if (child != node->child)
            fle_buffer_char(out, ' ');
        if (child->key != NULL) {
            fle_buffer_text(out, child->key->scalar);
            fle_buffer_char(out, '=');
        }
        write_tree(out, child);
    }
    fle_buffer_char(out, node->kind == FLE_YAML_SEQUENCE ? ']' : '}');
}

static void documents_become_trees(void **state)
{
    static const struct {
        const char *yaml, *tree;
    } cases[] = {
        { "", "{}" },
        { "\n\n", "{}" },
        { "# nothing but a comment\n", "{}" },
        { "---\n", "{}" },
        { "---\n...\n", "{}" },
        { "~", "{}" },
        { "a: 1\n---\nb: 2\n---\na: [3]\n", "{a=['3'] b='2'}" }, /* the later one wins */
        { "a: 1\nb: 2\n---\n---\n# nothing\n", "{a='1' b='2'}" },
        { "---\n---\na: 1\n", "{a='1'}" },
        { "{}", "{}" },
        { "[]", "[]" },
        { "one", "'one'" },
        { "a: 1", "{a='1'}" },
        { "\xef\xbb\xbf"
          "a: 1",
          "{a='1'}" }, /* a byte order mark */
        { "%YAML 1.1\n---\na: 1\n", "{a='1'}" },
        { "a: 1\nb:\n  - x\n  - y: 2\n    z: 3\n", "{a='1' b=['x' {y='2' z='3'}]}" },
        { "a: [x, [y], {z: 1}]", "{a=['x' ['y'] {z='1'}]}" },
        { "{\"a\": [1, true, null], \"b\": {}}", "{a=['1' 'true' ''] b={}}" }, /* JSON */
        { "a: ~\nb: null\nc: Null\nd: NULL\ne:\n", "{a='' b='' c='' d='' e=''}" },
        { "a: '~'\nb: \"null\"\n", "{a='~' b='null'}" }, /* in quotes they are texts */
        { "a: nULL\n", "{a='nULL'}" },
        { "a: 012345678901\n", "{a='012345678901'}" }, /* an account id stays what it is */
        { "a: |\n  one\n  two\n", "{a='one\ntwo\n'}" },
        { "a: >\n  one\n  two\n", "{a='one two\n'}" },
        { "a: \"\\u00fc\\x41\"\n", "{a='\xc3\xbc"
                                   "A'}" },
        { "10.0.0.0/8: x\n", "{10.0.0.0/8='x'}" },
        { "A: 1\na: 2\n", "{A='1' a='2'}" },
        { "a: {k: 1}\nb: {k: 1}\n", "{a={k='1'} b={k='1'}}" }, /* the same key, but elsewhere */
        { "\"<\": 1\n", "{<='1'}" },
    };
    struct fixture *x = *state;
    fle_buffer tree;

    fle_buffer_init(&tree, &x->allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_buffer_clear(&tree);
        write_tree(&tree, read_yaml(x, cases[i].yaml));
        fle_buffer_char(&tree, '\0');
        assert_string_equal(tree.data, cases[i].tree);
    }
    fle_buffer_free(&tree);
}

static void a_text_may_hold_a_zero(void **state)
{
    const fle_yaml *root = read_yaml(*state, "\"a\\0b\": 1");

    assert_true(fle_text_equal(root->child->key->scalar, FLE_TEXT("a\0b")));
    assert_null(fle_yaml_get(root, "a"));
}

static void no_data_is_an_empty_document(void **state)
{
    struct fixture *x = *state;
    fle_yaml *root;

    assert_int_equal(fle_yaml_read(&root, NULL, 0, &x->arena, &x->error), FLOWENRICH_OK);
    assert_int_equal(root->kind, FLE_YAML_MAPPING);
}

static void nodes_know_their_lines(void **state)
{
    const fle_yaml *root = read_yaml(*state, "# comment\na: 1\nb:\n  - x\n  -   y\n");
    const fle_yaml *b = fle_yaml_get(root, "b");

    assert_int_equal(root->line, 2);
    assert_int_equal(root->column, 1);
    assert_int_equal(root->child->key->column, 1);
    assert_int_equal(root->child->column, 4);
    assert_int_equal(b->key->line, 3);
    assert_int_equal(b->child->line, 4);
    assert_int_equal(b->child->next->line, 5);
    assert_int_equal(b->child->next->column, 7);
}

static void what_is_refused_is_pointed_at(void **state)
{
    static const struct {
        const char *yaml;
        unsigned line, column;
        const char *message; /* a part of it */
    } cases[] = {
        { "a: 1\n\tb: 2\n", 2, 1, "found a tab character that violates indentation" },
        { "a:\n\tb: 2\n", 2, 1, "cannot start any token" }, /* a tab, too */
        { "a: 1\n b: 2\n", 2, 3, "mapping values are not allowed" },
        { "a: [1, 2\n", 2, 1, "expected ',' or ']'" },
        { "a: \"x\n", 2, 1, "unexpected end of stream" },
        { "a: @x\n", 1, 4, "cannot start any token" },
        { "a: 1\nb\n", 3, 1, "could not find expected ':'" },
        { "a: 1\nb: \xff\n", 2, 0, "UTF-8" },
        { "a: 1\nb: 2\nc: \x1b\n", 3, 0, "control characters" },
        { "a: 1\nb: 2\na: 3\n", 3, 1, "'a' is already on line 1" },
        { "x: {a: 1, 'a': 2}\n", 1, 11, "'a' is already on line 1" }, /* quotes don't matter */
        { "~: 1\n'': 2\n", 2, 1, "already on line 1" },
        { "a: &x 1\nb: *x\n", 1, 4, "anchors" },
        { "a: &x [1]\n", 1, 4, "anchors" },
        { "a: &x {b: 1}\n", 1, 4, "anchors" },
        { "&x a: 1\n", 1, 1, "anchors" },
        { "a: *x\n", 1, 4, "aliases" },
        { "*x : 1\n", 1, 1, "aliases" },
        { "a:\n  <<: {b: 1}\n", 2, 3, "merge keys" },
        { "a: !Ref x\n", 1, 4, "tags" },
        { "a: !!int 1\n", 1, 4, "tags" },
        { "a: !x [1]\n", 1, 4, "tags" },
        { "a: !x {b: 1}\n", 1, 4, "tags" },
        { "? [a, b]\n: 1\n", 1, 3, "a key must be a text" },
        { "{{a: 1}: 2}\n", 1, 2, "a key must be a text" },
        { "a: 1\n---\n- b\n", 3, 1, "a further document must be a mapping" },
        { "a\n---\nb: 1\n", 3, 1, "a further document must be a mapping" },
        { "a: 1\n---\nb: 1\nb: 2\n", 4, 1, "'b' is already on line 3" },
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *yaml = cases[i].yaml;
        fle_yaml *root = (fle_yaml *)x;

        if (fle_yaml_read(&root, yaml, strlen(yaml), &x->arena, &x->error) != FLOWENRICH_ERR_SYNTAX)
            fail_msg("%s is taken", yaml);
        if (root != NULL || x->error.line != cases[i].line || x->error.column != cases[i].column ||
            strstr(x->error.message, cases[i].message) == NULL)
            fail_msg("%s\n%u:%u: %s", yaml, x->error.line, x->error.column, x->error.message);
    }
}

static void nesting_has_a_bottom(void **state)
{
    char deep[100];
    struct fixture *x = *state;
    fle_yaml *root;

    for (int levels = 32; levels <= 33; levels++) {
        const flowenrich_status wanted = levels == 32 ? FLOWENRICH_OK : FLOWENRICH_ERR_SYNTAX;

        memset(deep, '[', (size_t)levels);
        memset(deep + levels, ']', (size_t)levels);
        assert_int_equal(fle_yaml_read(&root, deep, 2 * (size_t)levels, &x->arena, &x->error),
                         wanted);
    }
    assert_int_equal(x->error.column, 33);
    assert_non_null(strstr(x->error.message, "32 levels"));
}

/* A list of n texts: n + 1 values. */
static flowenrich_status read_list(struct fixture *x, size_t n, fle_yaml **root)
{
    char *list = malloc(2 * n + 1);
    flowenrich_status status;

    assert_non_null(list);
    for (size_t i = 0; i < n; i++)
        memcpy(list + 2 * i, i == 0 ? "[a" : ",a", 2);
    list[2 * n] = ']';
    status = fle_yaml_read(root, list, 2 * n + 1, &x->arena, &x->error);
    free(list);
    return status;
}

static void documents_have_an_end(void **state)
{
    struct fixture *x = *state;
    fle_yaml *root;

    assert_int_equal(read_list(x, 999999, &root), FLOWENRICH_OK);
    assert_int_equal(read_list(x, 1000000, &root), FLOWENRICH_ERR_SYNTAX);
    assert_non_null(strstr(x->error.message, "a million"));
}

/* Comparing each key with each other one would take minutes. */
static void many_keys_are_no_trouble(void **state)
{
    enum { KEYS = 100000, LINE = 12 };
    struct fixture *x = *state;
    char *text = malloc(KEYS * LINE + LINE + 1);
    fle_yaml *root;

    assert_non_null(text);
    for (unsigned i = 0; i <= KEYS; i++)
        snprintf(text + (size_t)i * LINE, LINE + 1, "k%07u: x\n", i < KEYS ? i : 7u);
    assert_int_equal(fle_yaml_read(&root, text, KEYS * LINE, &x->arena, &x->error), FLOWENRICH_OK);
    assert_int_equal(fle_yaml_read(&root, text, KEYS * LINE + LINE, &x->arena, &x->error),
                     FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "the key 'k0000007' is already on line 8");
    assert_int_equal(x->error.line, KEYS + 1);
    free(text);
}

static void each_allocation_may_fail(void **state)
{
    static const char text[] = "a: 1\nb: {c: [x, y], d: ~}\ne: [{f: 1}, {f: 2}]\n";
    struct fixture *x = *state;
    flowenrich_status status;
    size_t failures = 0;

    do {
        fle_yaml *root;

        fle_arena_free(&x->arena);
        x->f.succeed = failures++;
        status = fle_yaml_read(&root, text, sizeof text - 1, &x->arena, &x->error);
        if (status != FLOWENRICH_OK) {
            assert_int_equal(status, FLOWENRICH_ERR_NOMEM);
            assert_int_equal(x->error.status, FLOWENRICH_ERR_NOMEM);
            assert_null(root);
        }
    } while (status != FLOWENRICH_OK);
    assert_true(failures > 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(documents_become_trees),        TEST(a_text_may_hold_a_zero),
        TEST(no_data_is_an_empty_document),  TEST(nodes_know_their_lines),
        TEST(what_is_refused_is_pointed_at), TEST(nesting_has_a_bottom),
        TEST(documents_have_an_end),         TEST(many_keys_are_no_trouble),
        TEST(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
