/* SPDX-License-Identifier: Apache-2.0 */
/* Filter expressions as words, quoted texts and signs. */
#include "record/lexer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"

flowenrich_status fle_lexer_error(const fle_lexer *lexer, const fle_token *token,
                                  const char *format, ...)
{
    char message[sizeof lexer->error->message];
    size_t line = 1, column = 1;
    va_list arguments;

    for (size_t i = 0; i < token->offset; i++) {
        const unsigned char c = (unsigned char)lexer->input.data[i];

        if (c == '\n') {
            line++;
            column = 1;
        } else if ((c & 0xc0) != 0x80) { /* the first byte of a character */
            column++;
        }
    }
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fle_error_at(lexer->error, FLOWENRICH_ERR_SYNTAX, line, column, token->offset, "%s",
                        message);
}

bool fle_lexer_is(const fle_lexer *lexer, const char *word)
{
    return lexer->token.kind == FLE_TOKEN_WORD && fle_text_is(lexer->token.value, word);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Paths have dots, keys of tags nearly anything, times and addresses colons, networks a slash. */
static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80 || (c != '\0' && strchr("_-.:/@+", c) != NULL);
}

static const struct {
    const char *sign;
    fle_token_kind kind;
} signs[] = {
    /* the longer ones first */
    { "==", FLE_TOKEN_EQUAL },    { "!=", FLE_TOKEN_UNEQUAL }, { "<=", FLE_TOKEN_AT_MOST },
    { ">=", FLE_TOKEN_AT_LEAST }, { "<", FLE_TOKEN_LESS },     { ">", FLE_TOKEN_MORE },
    { "(", FLE_TOKEN_OPEN },      { ")", FLE_TOKEN_CLOSE },    { "[", FLE_TOKEN_LIST },
    { "]", FLE_TOKEN_LIST_END },  { ",", FLE_TOKEN_COMMA },
};

/* What other languages write, and what is written here. */
static const struct {
    const char *sign, *ours;
} others[] = {
    { "=", "==" }, { "&", "and" }, { "|", "or" }, { "!", "not" }, { "~", "matches" },
};

static flowenrich_status read_sign(fle_lexer *lexer, flowenrich_text rest)
{
    fle_token *token = &lexer->token;

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (fle_text_starts(rest, signs[i].sign)) {
            token->kind = signs[i].kind;
            token->text.len = strlen(signs[i].sign);
            return FLOWENRICH_OK;
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (fle_text_starts(rest, others[i].sign))
            return fle_lexer_error(lexer, token, "'%s' isn't known: write '%s'", others[i].sign,
                                   others[i].ours);
    return fle_lexer_error(lexer, token, "'%c' isn't known: texts with it are quoted", *rest.data);
}

/* Where the quote that a text begins with ends; its length if it doesn't. */
static size_t find_quote(flowenrich_text text)
{
    size_t i = 1;

    while (i < text.len && text.data[i] != text.data[0])
        i += text.data[i] == '\\' ? 2 : 1;
    return i < text.len ? i : text.len;
}

/* A backslash lets the character behind it be itself. */
static flowenrich_status read_quoted(fle_lexer *lexer, flowenrich_text rest)
{
    fle_token *token = &lexer->token;
    const size_t end = find_quote(rest);
    size_t n = 0;
    char *to;

    if (end == rest.len)
        return fle_lexer_error(lexer, token, "the quote isn't closed");
    to = fle_arena_alloc(lexer->arena, end);
    if (!to)
        return fle_error_nomem(lexer->error);
    for (size_t i = 1; i < end; i++) {
        i += rest.data[i] == '\\';
        to[n++] = rest.data[i];
    }
    to[n] = '\0';
    token->kind = FLE_TOKEN_QUOTED;
    token->text.len = end + 1;
    token->value = fle_text(to, n);
    return FLOWENRICH_OK;
}

static flowenrich_status read_word(fle_lexer *lexer, flowenrich_text rest)
{
    fle_token *token = &lexer->token;
    size_t len = 0;

    while (len < rest.len && is_of_word(rest.data[len]))
        len++;
    token->kind = FLE_TOKEN_WORD;
    token->text.len = len;
    return fle_arena_text(lexer->arena, rest.data, len, &token->value)
               ? FLOWENRICH_OK
               : fle_error_nomem(lexer->error);
}

flowenrich_status fle_lexer_next(fle_lexer *lexer)
{
    const flowenrich_text input = lexer->input;
    flowenrich_status status = FLOWENRICH_OK;
    flowenrich_text rest;

    while (lexer->at < input.len && is_blank(input.data[lexer->at]))
        lexer->at++;
    rest = fle_text(input.data + lexer->at, input.len - lexer->at);
    lexer->token = (fle_token){ FLE_TOKEN_END, { rest.data, 0 }, lexer->at, { NULL, 0 } };
    if (rest.len == 0)
        return status;
    if (*rest.data == '"' || *rest.data == '\'')
        status = read_quoted(lexer, rest);
    else
        status = is_of_word(*rest.data) ? read_word(lexer, rest) : read_sign(lexer, rest);
    lexer->at += lexer->token.text.len;
    return status;
}

flowenrich_status fle_lexer_begin(fle_lexer *lexer, flowenrich_text input, fle_arena *arena,
                                  flowenrich_error *error)
{
    *lexer = (fle_lexer){ .input = fle_text(input.len > 0 ? input.data : "", input.len),
                          .arena = arena,
                          .error = error };
    if (input.len > FLE_EXPRESSION_LONGEST)
        return fle_error(error, FLOWENRICH_ERR_SYNTAX, "an expression has %d bytes at most",
                         FLE_EXPRESSION_LONGEST);
    return fle_lexer_next(lexer);
}
