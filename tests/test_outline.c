/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/outline.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "encode/outline.h"
#include "enriched.h"

#define MOST_PATHS 8

static void draw_runs(const fle_outline_node *node, char *out);

/* The keys of members, with what they hold in braces and runs in parentheses. */
static void draw(const fle_outline_node *node, const fle_outline_node *stop, char *out)
{
    for (; node != stop; node = node->next) {
        strncat(out, node->key.data + 1, node->key.len - 3);
        if (node->child) {
            strcat(out, "{");
            draw_runs(node->child, out);
            strcat(out, "}");
        }
        strcat(out, node->next != stop ? " " : "");
    }
}

static void draw_runs(const fle_outline_node *node, char *out)
{
    while (node) {
        const bool run = node->run != FLE_ABSENT;
        const fle_outline_node *stop = run ? node->stop : node->next;

        strcat(out, run ? "(" : "");
        draw(node, stop, out);
        strcat(out, run ? ")" : "");
        strcat(out, stop ? " " : "");
        node = stop;
    }
}

static void paths_are_nested_and_merged(void **state)
{
    static const struct {
        const char *paths[MOST_PATHS];
        const char *outline;
    } cases[] = {
        { { "bytes" }, "Bytes" },
        { { "client.tags.app", "bytes" }, "(Client{Tags{app}}) Bytes" },
        { { "client.addr", "server.addr", "client.port" }, "Client{Addr Port} Server{Addr}" },
        /* A tag's key stays as it is, dots and all. */
        { { "client.tags.a_b", "client.tags.a.b" }, "(Client{Tags{a_b a.b}})" },
        /* Said twice, or said as a whole before or after: once. */
        { { "bytes", "bytes" }, "Bytes" },
        { { "client.tags", "client.tags.app" }, "(Client{Tags})" },
        { { "client.tags.app", "client.tags" }, "(Client{Tags})" },
        /* What the batch lacks leaves nothing behind. */
        { { "nonsense", "client.nonsense", "bytes", "" }, "Bytes" },
        { { "client", "client.addr" }, "Client{Addr}" },
        { { "direction.by", "direction.confidence" }, "Direction{By Confidence}" },
        /* Neighbours that the same answer decides are one run. */
        { { "client.addr", "client.type", "client.arns", "client.rfc1918", "client.by" },
          "Client{Addr (Type Arns) Rfc1918 (By)}" },
    };
    flowenrich_batch *batch = enriched_new(NULL);
    fle_outline outline;
    (void)state;

    assert_non_null(batch);
    fle_outline_init(&outline, &batch->allocator, &fle_notation_json, false);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char drawn[256] = "";

        fle_outline_clear(&outline);
        for (size_t j = 0; j < MOST_PATHS && cases[i].paths[j]; j++)
            assert_true(fle_outline_add(&outline, batch, fle_text_of(cases[i].paths[j])));
        fle_outline_finish(&outline);
        draw_runs(outline.first, drawn);
        if (strcmp(drawn, cases[i].outline) != 0)
            fail_msg("row %zu: '%s', not '%s'", i, drawn, cases[i].outline);
    }
    fle_outline_free(&outline);
    flowenrich_batch_free(batch);
}

static void flat_keys_are_the_paths_and_nothing_is_left_out(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    char drawn[256] = "";
    fle_outline outline;
    (void)state;

    assert_non_null(batch);
    fle_outline_init(&outline, &batch->allocator, &fle_notation_json, true);
    assert_true(fle_outline_add(&outline, batch, FLE_TEXT("client.addr")));
    assert_true(fle_outline_add(&outline, batch, FLE_TEXT("client.tags.a_b")));
    assert_true(fle_outline_add(&outline, batch, FLE_TEXT("nonsense")));
    assert_true(fle_outline_add(&outline, batch, FLE_TEXT("client.addr")));
    fle_outline_finish(&outline);
    draw_runs(outline.first, drawn);
    assert_string_equal(drawn, "client.addr (client.tags.a_b) nonsense");
    fle_outline_free(&outline);
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_nested_and_merged),
        cmocka_unit_test(flat_keys_are_the_paths_and_nothing_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
