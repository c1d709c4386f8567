/* SPDX-License-Identifier: Apache-2.0 */
/* Filter expressions as words, quoted texts and signs. */
#ifndef FLE_RECORD_LEXER_H
#define FLE_RECORD_LEXER_H

#include "base/text.h"

#define FLE_EXPRESSION_LONGEST 65536 /* bytes */

typedef enum fle_token_kind {
    FLE_TOKEN_END,
    FLE_TOKEN_WORD,   /* a path, a keyword, or a value without quotes */
    FLE_TOKEN_QUOTED, /* "text" or 'text' */
    FLE_TOKEN_OPEN,   /* ( */
    FLE_TOKEN_CLOSE,
    FLE_TOKEN_LIST, /* [ */
    FLE_TOKEN_LIST_END,
    FLE_TOKEN_COMMA,
    FLE_TOKEN_EQUAL,
    FLE_TOKEN_UNEQUAL,
    FLE_TOKEN_LESS,
    FLE_TOKEN_AT_MOST,
    FLE_TOKEN_MORE,
    FLE_TOKEN_AT_LEAST
} fle_token_kind;

typedef struct fle_token {
    fle_token_kind kind;
    flowenrich_text text; /* as it stands there */
    size_t offset;
    flowenrich_text value; /* of a word or what is quoted, with a zero behind it */
} fle_token;

typedef struct fle_lexer {
    flowenrich_text input;
    size_t at;
    fle_token token; /* the one that is looked at */
    fle_arena *arena;
    flowenrich_error *error;
} fle_lexer;

/* Look at the first token. ERR_SYNTAX or ERR_NOMEM, as of the next. */
flowenrich_status fle_lexer_begin(fle_lexer *lexer, flowenrich_text input, fle_arena *arena,
                                  flowenrich_error *error);
flowenrich_status fle_lexer_next(fle_lexer *lexer);

/* Is it this word, without quotes? */
bool fle_lexer_is(const fle_lexer *lexer, const char *word);

/* An error at a token: its line and column, in characters, and offset. Returns ERR_SYNTAX. */
flowenrich_status fle_lexer_error(const fle_lexer *lexer, const fle_token *token,
                                  const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
