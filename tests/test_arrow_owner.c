/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_owner.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "record/arrow_owner.h"

static void the_last_struct_frees_what_all_stand_in(void **state)
{
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&allocator);
    fle_arrow_owner *owner = fle_arrow_owner_new(&allocator, chunk);
    struct ArrowArray parent, child;
    (void)state;

    fle_arrow_chunk_free(chunk);
    assert_true(fle_arrow_array_init(&parent, &owner->arena, 0, 0, 2));
    assert_true(fle_arrow_array_init(parent.children[0], &owner->arena, 0, 0, 0));
    assert_true(fle_arrow_array_init(parent.children[1], &owner->arena, 0, 0, 0));
    fle_arrow_owner_add_array(owner, parent.children[0]);
    fle_arrow_owner_add_array(owner, parent.children[1]);
    fle_arrow_owner_add_array(owner, &parent);
    fle_arrow_owner_end(owner, true);

    child = *parent.children[1];
    parent.children[1]->release = NULL; /* moved */
    parent.release(&parent);
    assert_null(parent.release);
    assert_true(f.live > 0);
    child.release(&child);
    assert_int_equal(f.live, 0);
}

static void structs_that_were_never_finished_hold_nothing(void **state)
{
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    fle_arrow_owner *owner = fle_arrow_owner_new(&allocator, NULL);
    struct ArrowSchema schema = { 0 };
    (void)state;

    fle_arrow_owner_add_schema(owner, &schema);
    fle_arrow_owner_end(owner, false);
    assert_int_equal(f.live, 0);
    fle_arrow_owner_end(NULL, false);
}

static void fields_that_begin_alike_are_grouped(void **state)
{
    static const fle_arrow_field fields[] = {
        { "client.type", FLOWENRICH_TYPE_TEXT, FLE_ARROW_CODES },
        { "bytes", FLOWENRICH_TYPE_U64, FLE_ARROW_U64 },
        { "clients.type", FLOWENRICH_TYPE_TEXT, FLE_ARROW_CODES },
        { "client.tags.app", FLOWENRICH_TYPE_TEXT, FLE_ARROW_CODES },
        { "client", FLOWENRICH_TYPE_TEXT, FLE_ARROW_TEXT }, /* a field of somebody's log */
        { "odd.", FLOWENRICH_TYPE_TEXT, FLE_ARROW_TEXT },
        { "hops.type", FLOWENRICH_TYPE_LIST, FLE_ARROW_LIST },
        { "hops.bytes", FLOWENRICH_TYPE_U64, FLE_ARROW_U64 }, /* no list */
        { "hops.observer", FLOWENRICH_TYPE_LIST, FLE_ARROW_LIST },
        { "client.arns", FLOWENRICH_TYPE_LIST, FLE_ARROW_LIST },
    };
    static const struct {
        const char *name;
        bool is_struct, is_list;
        size_t n;
    } expected[] = { { "client", true, false, 3 },
                     { "bytes", false, false, 1 },
                     { "clients", true, false, 1 }, { "client", false, false, 1 },
                     { "odd.", false, false, 1 },  { "hops", true, true, 2 },
                     { "hops", true, false, 1 } };
    const size_t n_fields = sizeof fields / sizeof *fields;
    fle_allocator allocator;
    fle_arrow_group *groups;
    fle_arena arena;
    size_t n;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    groups = fle_arrow_group_fields(&arena, fields, n_fields, true, &n);
    assert_int_equal(n, 7);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(groups[i].name, expected[i].name);
        assert_int_equal(groups[i].is_struct, expected[i].is_struct);
        assert_int_equal(groups[i].is_list, expected[i].is_list);
        assert_int_equal(groups[i].n, expected[i].n);
    }
    assert_ptr_equal(groups[0].members[1], &fields[3]);

    groups = fle_arrow_group_fields(&arena, fields, n_fields, false, &n);
    assert_int_equal(n, n_fields);
    assert_string_equal(groups[3].name, "client.tags.app");
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_struct_frees_what_all_stand_in),
        cmocka_unit_test(structs_that_were_never_finished_hold_nothing),
        cmocka_unit_test(fields_that_begin_alike_are_grouped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
