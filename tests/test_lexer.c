/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the words and signs of expressions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "record/lexer.h"

/* Each token as a letter, with its value in braces. */
static flowenrich_status read_all(const char *text, fle_arena *arena, char *out,
                                  flowenrich_error *error)
{
    static const char letters[] = "$WQ()[],=!<{>}";
    fle_lexer lexer;
    flowenrich_status status = fle_lexer_begin(&lexer, fle_text_of(text), arena, error);

    *out = '\0';
    while (status == FLOWENRICH_OK && lexer.token.kind != FLE_TOKEN_END) {
        const fle_token *token = &lexer.token;

        out += sprintf(out, "%c", letters[token->kind]);
        if (token->value.data)
            out += sprintf(out, "{%s}", token->value.data);
        if (memcmp(text + token->offset, token->text.data, token->text.len) != 0)
            return FLOWENRICH_ERR_CORRUPT;
        status = fle_lexer_next(&lexer);
    }
    return status;
}

static void texts_are_cut_into_tokens(void **state)
{
    static const struct {
        const char *text, *tokens;
    } cases[] = {
        { "", "" },
        { " \t\r\n", "" },
        { "a.b:c/24 x", "W{a.b:c/24}W{x}" },
        { "a==b!=c<d<=e>f>=g", "W{a}=W{b}!W{c}<W{d}{W{e}>W{f}}W{g}" },
        { "([1,2])", "([W{1},W{2}])" },
        { "\"a b\"'c'", "Q{a b}Q{c}" },
        { "'it\\'s' \"\\\\\"", "Q{it's}Q{\\}" },
        { "\"it's\" ''", "Q{it's}Q{}" },
        { "caf\xc3\xa9", "W{caf\xc3\xa9}" },
    };
    fle_allocator allocator;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_error error = { 0 };
        char tokens[128];

        if (read_all(cases[i].text, &arena, tokens, &error) != FLOWENRICH_OK ||
            strcmp(tokens, cases[i].tokens) != 0)
            fail_msg("%s: %s %s", cases[i].text, tokens, error.message);
    }
    fle_arena_free(&arena);
}

static void what_is_no_token_is_refused_where_it_is(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column, offset;
    } cases[] = {
        { "a;b", 1, 2, 1 },
        { "a 'b", 1, 3, 2 },
        { "a '\\", 1, 3, 2 },
        { "\xc3\xa9 #", 1, 3, 3 }, /* characters, not bytes */
        { "a\n\n  =b", 3, 3, 5 },
    };
    fle_allocator allocator;
    fle_arena arena;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_error error = { 0 };
        char tokens[128];

        if (read_all(cases[i].text, &arena, tokens, &error) != FLOWENRICH_ERR_SYNTAX ||
            error.line != cases[i].line || error.column != cases[i].column ||
            error.offset != cases[i].offset)
            fail_msg("%s: %u, %u: %s", cases[i].text, (unsigned)error.line, (unsigned)error.column,
                     error.message);
    }
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_cut_into_tokens),
        cmocka_unit_test(what_is_no_token_is_refused_where_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
