/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_schema.c. */
#include "arrow_kinds.h"
#include "arrow_reading.h"
#include "failing.h"
#include "record/arrow_owner.h"

static void each_kind_has_its_format(void **state)
{
    static const char *const formats[ARROW_KINDS] = { "n",  "I",    "L",  "tss:UTC", "g",
                                                      "b",  "w:16", "vu", "i",       "+l",
                                                      "+m", "+l",   "+l", "+l" };
    struct ArrowSchema schema, *map;
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_arrow_schema_export(&schema, &allocator, arrow_kinds, ARROW_KINDS, false));
    assert_string_equal(schema.format, "+s");
    assert_int_equal(schema.n_children, ARROW_KINDS);
    for (size_t i = 0; i < ARROW_KINDS; i++) {
        assert_string_equal(schema.children[i]->format, formats[i]);
        assert_string_equal(schema.children[i]->name, arrow_kinds[i].path);
        assert_true(schema.children[i]->flags & ARROW_FLAG_NULLABLE);
        assert_true(fle_text_is(arrow_metadata(schema.children[i], "flowenrich.path"),
                                arrow_kinds[i].path));
    }
    /* Addresses in writing are told from other texts. */
    assert_true(fle_text_is(arrow_metadata(schema.children[7], "flowenrich.type"), "address"));
    assert_string_equal(schema.children[8]->dictionary->format, "u");
    map = schema.children[10]->children[0];
    assert_string_equal(map->format, "+s");
    assert_int_equal(map->flags & ARROW_FLAG_NULLABLE, 0);
    assert_int_equal(map->children[0]->flags & ARROW_FLAG_NULLABLE, 0);
    assert_string_equal(schema.children[12]->children[0]->format, "u");
    assert_string_equal(schema.children[13]->children[0]->format, "L");
    schema.release(&schema);
}

static void parallel_lists_are_nested_into_a_list_of_structs(void **state)
{
    struct ArrowSchema schema, *meters, *item;
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_arrow_schema_export(&schema, &allocator, arrow_kinds, ARROW_KINDS, true));
    meters = schema.children[arrow_child(&schema, "meters")];
    assert_string_equal(meters->format, "+l");
    item = meters->children[0];
    assert_string_equal(item->format, "+s");
    assert_int_equal(item->n_children, 2);
    assert_string_equal(item->children[0]->name, "flow_log");
    assert_string_equal(item->children[0]->format, "u");
    assert_string_equal(item->children[1]->format, "L");
    schema.release(&schema);
}

static void nested_fields_are_named_by_what_is_left_of_their_path(void **state)
{
    struct ArrowSchema schema, *client;
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_arrow_schema_export(&schema, &allocator, arrow_kinds, ARROW_KINDS, true));
    client = schema.children[arrow_child(&schema, "client")];
    assert_string_equal(client->format, "+s");
    assert_int_equal(client->n_children, 3);
    assert_string_equal(client->children[1]->name, "arns");
    assert_true(fle_text_is(arrow_metadata(client->children[1], "flowenrich.path"), "client.arns"));
    schema.release(&schema);
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        struct ArrowSchema schema;

        done = fle_arrow_schema_export(&schema, &allocator, arrow_kinds, ARROW_KINDS, true);
        if (done)
            schema.release(&schema);
        assert_null(schema.release);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_format),
        cmocka_unit_test(parallel_lists_are_nested_into_a_list_of_structs),
        cmocka_unit_test(nested_fields_are_named_by_what_is_left_of_their_path),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
