/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/yaml_values.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "yamling.h"

static void values_are_found_by_key(void **state)
{
    const fle_yaml *root = read_yaml(*state, "a: 1\nab: 2\nlist: [a]\n");

    assert_true(fle_text_is(fle_yaml_get(root, "ab")->scalar, "2"));
    assert_null(fle_yaml_get(root, "b"));
    assert_null(fle_yaml_get(fle_yaml_get(root, "a"), "a"));    /* nothing is in a text, */
    assert_null(fle_yaml_get(fle_yaml_get(root, "list"), "a")); /* or by name in a list */
}

static void what_is_in_a_list_or_mapping_is_counted(void **state)
{
    const fle_yaml *root = read_yaml(*state, "a: 1\nempty: []\nlist: [a, [b, c], d]\n");

    assert_int_equal(fle_yaml_count(root), 3);
    assert_int_equal(fle_yaml_count(fle_yaml_get(root, "a")), 0);
    assert_int_equal(fle_yaml_count(fle_yaml_get(root, "empty")), 0);
    assert_int_equal(fle_yaml_count(fle_yaml_get(root, "list")), 3);
}

static void an_unknown_key_is_named_with_the_nearest_one(void **state)
{
    static const char *const known[] = { "version", "networks", "listeners" };
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        { "networks: []\nversion: 1\n", NULL },
        { "{}", NULL },
        { "version: 1\nnetwork: []\n", "unknown key 'network': did you mean 'networks'?" },
        { "version: 1\nfoo: 1\n", "unknown key 'foo'" },
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_status status =
            fle_yaml_keys(read_yaml(x, cases[i].yaml), known, 3, &x->error);

        if (cases[i].message == NULL) {
            assert_int_equal(status, FLOWENRICH_OK);
            continue;
        }
        assert_int_equal(status, FLOWENRICH_ERR_SYNTAX);
        assert_string_equal(x->error.message, cases[i].message);
        assert_int_equal(x->error.line, 2);
        assert_int_equal(x->error.column, 1);
    }
}

static void a_very_long_key_leaves_room_for_the_message(void **state)
{
    char text[503];
    struct fixture *x = *state;

    memset(text, 'k', 500);
    memcpy(text + 500, ": ", 3);
    assert_int_equal(fle_yaml_keys(read_yaml(x, text), NULL, 0, &x->error), FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(strlen(x->error.message), strlen("unknown key ''") + 60);
}

static void a_node_of_the_wrong_kind_is_told_so(void **state)
{
    static const char *const messages[] = {
        [FLE_YAML_SCALAR] = "x must be a single value",
        [FLE_YAML_SEQUENCE] = "x must be a list",
        [FLE_YAML_MAPPING] = "x must be a mapping (key: value)",
    };
    struct fixture *x = *state;
    const fle_yaml *node = read_yaml(x, "[a, [], {}]")->child;

    for (fle_yaml_kind is = FLE_YAML_SCALAR; is <= FLE_YAML_MAPPING; is++, node = node->next)
        for (fle_yaml_kind wanted = FLE_YAML_SCALAR; wanted <= FLE_YAML_MAPPING; wanted++) {
            const flowenrich_status status = fle_yaml_expect(node, wanted, "x", &x->error);

            assert_int_equal(status, is == wanted ? FLOWENRICH_OK : FLOWENRICH_ERR_SYNTAX);
            if (is != wanted)
                assert_string_equal(x->error.message, messages[wanted]);
        }
}

static void texts_are_taken_or_left(void **state)
{
    struct fixture *x = *state;
    const fle_yaml *root = read_yaml(x, "name: office\nempty: ''\nlist: [a]\n");
    flowenrich_text text = FLE_TEXT("default");

    assert_int_equal(fle_yaml_text(root, "missing", false, &text, &x->error), FLOWENRICH_OK);
    assert_int_equal(fle_yaml_text(root, "empty", false, &text, &x->error), FLOWENRICH_OK);
    assert_true(fle_text_is(text, "default"));
    assert_int_equal(fle_yaml_text(root, "missing", true, &text, &x->error), FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "missing is missing");
    assert_int_equal(fle_yaml_text(root, "empty", true, &text, &x->error), FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "empty is empty");
    assert_int_equal(x->error.line, 2);
    assert_int_equal(fle_yaml_text(root, "list", false, &text, &x->error), FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "list must be a single value");
    assert_true(fle_text_is(text, "default"));
    assert_int_equal(fle_yaml_text(root, "name", true, &text, &x->error), FLOWENRICH_OK);
    assert_true(fle_text_is(text, "office"));
}

static void numbers_have_a_largest_one(void **state)
{
    static const struct {
        const char *yaml;
        uint32_t max, value;
        flowenrich_status status;
    } cases[] = {
        { "port: 443", 65535, 443, FLOWENRICH_OK },
        { "port: '443'", 65535, 443, FLOWENRICH_OK },
        { "port: 65535", 65535, 65535, FLOWENRICH_OK },
        { "port: 65536", 65535, 7, FLOWENRICH_ERR_SYNTAX },
        { "port: 4294967295", UINT32_MAX, UINT32_MAX, FLOWENRICH_OK },
        { "port: 4294967296", UINT32_MAX, 7, FLOWENRICH_ERR_SYNTAX },
        { "port: -1", 65535, 7, FLOWENRICH_ERR_SYNTAX },
        { "port: 1.5", 65535, 7, FLOWENRICH_ERR_SYNTAX },
        { "port: 0x10", 65535, 7, FLOWENRICH_ERR_SYNTAX },
        { "port: {}", 65535, 7, FLOWENRICH_ERR_SYNTAX },
        { "port:", 65535, 7, FLOWENRICH_OK }, /* left out */
        { "{}", 65535, 7, FLOWENRICH_OK },
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t value = 7;

        if (fle_yaml_u32(read_yaml(x, cases[i].yaml), "port", false, cases[i].max, &value,
                         &x->error) != cases[i].status ||
            value != cases[i].value)
            fail_msg("%s", cases[i].yaml);
    }
    assert_int_equal(
        fle_yaml_u32(read_yaml(x, "port: http"), "port", true, 65535, &(uint32_t){ 0 }, &x->error),
        FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message,
                        "port must be a whole number from 0 to 65535, not 'http'");
    assert_int_equal(x->error.column, 7);
}

static void cidrs_are_read(void **state)
{
    struct fixture *x = *state;
    fle_cidr cidr = { .bits = 1 };

    assert_int_equal(fle_yaml_cidr(read_yaml(x, "{}"), "cidr", false, &cidr, &x->error),
                     FLOWENRICH_OK);
    assert_int_equal(cidr.bits, 1);
    assert_int_equal(
        fle_yaml_cidr(read_yaml(x, "cidr: 10.0.0.0/8"), "cidr", true, &cidr, &x->error),
        FLOWENRICH_OK);
    assert_int_equal(cidr.bits, 104);
    assert_int_equal(
        fle_yaml_cidr(read_yaml(x, "cidr: 2001:db8::/32"), "cidr", true, &cidr, &x->error),
        FLOWENRICH_OK);
    assert_int_equal(cidr.bits, 32);
    assert_int_equal(
        fle_yaml_cidr(read_yaml(x, "cidr: 10.0.0.0/33"), "cidr", true, &cidr, &x->error),
        FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message,
                        "cidr must be an address or a CIDR like 10.0.0.0/8, not '10.0.0.0/33'");
    assert_int_equal(fle_yaml_cidr(read_yaml(x, "{}"), "cidr", true, &cidr, &x->error),
                     FLOWENRICH_ERR_SYNTAX);
}

static void switches_are_true_or_false(void **state)
{
    struct fixture *x = *state;
    const fle_yaml *root = read_yaml(x, "a: true\nb: false\nc: yes\nd:\n");
    bool value = false;

    assert_int_equal(fle_yaml_bool(root, "a", &value, &x->error), FLOWENRICH_OK);
    assert_true(value);
    assert_int_equal(fle_yaml_bool(root, "d", &value, &x->error), FLOWENRICH_OK);
    assert_true(value); /* left alone */
    assert_int_equal(fle_yaml_bool(root, "b", &value, &x->error), FLOWENRICH_OK);
    assert_false(value);
    assert_int_equal(fle_yaml_bool(root, "c", &value, &x->error), FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "c must be true or false, not 'yes'");
    assert_int_equal(x->error.line, 3);
}

static void a_choice_is_one_of_some_names(void **state)
{
    static const char *const names[] = { "json", "json-flat", "none" };
    struct fixture *x = *state;
    const fle_yaml *root = read_yaml(x, "a: none\nb: xml\n");
    size_t chosen = 0;

    assert_int_equal(fle_yaml_choice(root, "a", names, 3, &chosen, &x->error), FLOWENRICH_OK);
    assert_int_equal(chosen, 2);
    assert_int_equal(fle_yaml_choice(root, "missing", names, 3, &chosen, &x->error), FLOWENRICH_OK);
    assert_int_equal(chosen, 2);
    assert_int_equal(fle_yaml_choice(root, "b", names, 3, &chosen, &x->error),
                     FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "b must be json, json-flat or none, not 'xml'");
    assert_int_equal(fle_yaml_choice(root, "b", names, 1, &chosen, &x->error),
                     FLOWENRICH_ERR_SYNTAX);
    assert_string_equal(x->error.message, "b must be json, not 'xml'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_are_found_by_key),
        TEST(what_is_in_a_list_or_mapping_is_counted),
        TEST(an_unknown_key_is_named_with_the_nearest_one),
        TEST(a_very_long_key_leaves_room_for_the_message),
        TEST(a_node_of_the_wrong_kind_is_told_so),
        TEST(texts_are_taken_or_left),
        TEST(numbers_have_a_largest_one),
        TEST(cidrs_are_read),
        TEST(switches_are_true_or_false),
        TEST(a_choice_is_one_of_some_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
