/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the configuration document: its version and the names of its sections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "record/configuration.h"

static void sections_have_known_names(void **state)
{
    static const struct {
        const char *yaml;
        uint32_t line; /* 0: it is fine */
        const char *message;
    } cases[] = {
        { "", 0, NULL },
        { "version: 1\nformats:\ninput:\nlevel:\nenrich:\nnetworks:\nlisteners:\nslack:\nstrict:\n"
          "assume:\nfilter:\nfields:\nencoder:\nlimits:\n",
          0, NULL },
        { "version: 2\n", 1, "version 2 isn't known: this library reads version 1" },
        { "version: 1\nfilters: {}\n", 2, "unknown key 'filters': did you mean 'filter'?" },
        { "version: 1\n---\nencode: json\n", 3, "unknown key 'encode': did you mean 'encoder'?" },
        { "[]\n", 1, "a configuration must be a mapping (key: value)" },
    };
    fle_allocator allocator;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_error error = { 0 };
        fle_yaml *root;

        fle_configuration_read(&root, cases[i].yaml, strlen(cases[i].yaml), &arena, &error);
        if (error.line != cases[i].line ||
            (cases[i].message && strcmp(error.message, cases[i].message) != 0))
            fail_msg("%s\n%u: %s", cases[i].yaml, (unsigned)error.line, error.message);
    }
    fle_arena_free(&arena);
}

static void a_section_without_a_value_is_not_there(void **state)
{
    static const char yaml[] = "networks:\n#  - commented out\nfilter: {}\n";
    flowenrich_error error = { 0 };
    fle_allocator allocator;
    fle_arena arena;
    fle_yaml *root;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    assert_int_equal(fle_configuration_read(&root, yaml, sizeof yaml - 1, &arena, &error),
                     FLOWENRICH_OK);
    assert_null(fle_configuration_section(root, "networks"));
    assert_null(fle_configuration_section(root, "limits"));
    assert_non_null(fle_configuration_section(root, "filter"));
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_have_known_names),
        cmocka_unit_test(a_section_without_a_value_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
