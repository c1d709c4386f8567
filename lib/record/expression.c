/* SPDX-License-Identifier: Apache-2.0 */
/* Filters as text: `server.port in [22, 3389] and not client.network == "office"`. */
#include "record/expression.h"

#include "base/error.h"
#include "record/lexer.h"

#define DEEPEST 32 /* parentheses in one another */

typedef struct reader {
    fle_filter *filter;
    fle_lexer lexer;
    unsigned depth;
} reader;

/* How a path stands to what is behind it. */
typedef struct relation {
    fle_compare compare;
    bool is_not;
    bool takes_list; /* else one value, or another path */
} relation;

static const struct {
    fle_token_kind token;
    relation relation;
} comparisons[] = {
    { FLE_TOKEN_EQUAL, { FLE_EQUAL, false, false } },
    { FLE_TOKEN_UNEQUAL, { FLE_EQUAL, true, false } },
    { FLE_TOKEN_LESS, { FLE_LESS, false, false } },
    { FLE_TOKEN_AT_MOST, { FLE_AT_MOST, false, false } },
    { FLE_TOKEN_MORE, { FLE_MORE, false, false } },
    { FLE_TOKEN_AT_LEAST, { FLE_AT_LEAST, false, false } },
};

#define N_COMPARISONS (sizeof comparisons / sizeof *comparisons)

static const char *const keywords[] = { "and", "or",      "not",     "in",
                                        "has", "matches", "present", "absent" };

#define N_KEYWORDS (sizeof keywords / sizeof *keywords)

/* For "%.*s". */
#define QUOTE(text) FLE_YAML_QUOTE(text), (text).data

static flowenrich_status nomem(const reader *r)
{
    return fle_error_nomem(r->lexer.error);
}

static flowenrich_status expect(reader *r, fle_token_kind kind, const char *what)
{
    const fle_token *token = &r->lexer.token;

    if (token->kind == kind)
        return fle_lexer_next(&r->lexer);
    if (token->kind == FLE_TOKEN_END)
        return fle_lexer_error(&r->lexer, token, "%s is missing at the end", what);
    return fle_lexer_error(&r->lexer, token, "%s is missing before '%.*s'", what,
                           QUOTE(token->text));
}

static bool is_value_word(flowenrich_text word)
{
    fle_cidr network;

    return (word.data[0] >= '0' && word.data[0] <= '9') || fle_text_is(word, "true") ||
           fle_text_is(word, "false") || fle_cidr_parse(word.data, word.len, &network);
}

/* ---- What a path is compared with ---- */

static flowenrich_status check_value(const reader *r, const fle_term *test)
{
    const fle_token *token = &r->lexer.token;

    if (token->kind == FLE_TOKEN_QUOTED && token->value.len == 0)
        return fle_lexer_error(&r->lexer, token,
                               "no value is an empty text: write 'absent', or 'present'");
    if (token->kind == FLE_TOKEN_WORD && !is_value_word(token->value))
        return fle_lexer_error(&r->lexer, token, "a text is written in quotes: \"%.*s\"",
                               QUOTE(token->value));
    if (token->kind != FLE_TOKEN_WORD && token->kind != FLE_TOKEN_QUOTED)
        return fle_lexer_error(&r->lexer, token, "a value to compare '%.*s' with is missing",
                               QUOTE(test->path));
    return FLOWENRICH_OK;
}

static flowenrich_status read_value(reader *r, fle_term *test)
{
    const fle_token *token = &r->lexer.token;
    flowenrich_status status = check_value(r, test);
    char message[FLE_FILTER_MESSAGE];
    const fle_wanted *wanted;

    if (status != FLOWENRICH_OK)
        return status;
    wanted = fle_filter_want(r->filter, test, token->value);
    if (!wanted)
        return nomem(r);
    if (!fle_filter_is_value(test->path, wanted, message))
        return fle_lexer_error(&r->lexer, token, "%s", message);
    return fle_lexer_next(&r->lexer);
}

/* Read "value", or "[value, value]". */
static flowenrich_status read_values(reader *r, fle_term *test)
{
    flowenrich_status status;

    if (r->lexer.token.kind != FLE_TOKEN_LIST)
        return read_value(r, test);
    do {
        status = fle_lexer_next(&r->lexer);
        if (status == FLOWENRICH_OK)
            status = read_value(r, test);
    } while (status == FLOWENRICH_OK && r->lexer.token.kind == FLE_TOKEN_COMMA);
    return status == FLOWENRICH_OK ? expect(r, FLE_TOKEN_LIST_END, "a comma or ']'") : status;
}

/* Types whose values compare with one another. */
static uint32_t kind_of(uint32_t type)
{
    return type == FLOWENRICH_TYPE_U32 ? FLOWENRICH_TYPE_U64 : type;
}

/* The other path of a comparison. */
static flowenrich_status read_other(reader *r, fle_term *test)
{
    const fle_token *token = &r->lexer.token;
    const uint32_t type = fle_path_type(token->value), own = fle_path_type(test->path);

    if (own != 0 && kind_of(own) != kind_of(type))
        return fle_lexer_error(&r->lexer, token, "'%.*s' and '%.*s' are of two kinds",
                               QUOTE(test->path), QUOTE(token->value));
    test->kind = FLE_TERM_PATH;
    test->other = token->value;
    return fle_lexer_next(&r->lexer);
}

static bool is_of_order(uint32_t type)
{
    return type == FLOWENRICH_TYPE_U32 || type == FLOWENRICH_TYPE_U64 ||
           type == FLOWENRICH_TYPE_TIME || type == FLOWENRICH_TYPE_F64;
}

/* Why values of a type aren't looked at in this way; NULL if they are. 0 may be any type. */
static const char *misuse(uint32_t type, const char *word, const relation *how)
{
    const bool is_list = type == FLOWENRICH_TYPE_LIST;

    if (type == 0)
        return NULL;
    if (strcmp(word, "has") == 0)
        return is_list ? NULL : "is one value, no list: write '==' or 'in'";
    if (how->compare == FLE_MATCHES)
        return is_list || type == FLOWENRICH_TYPE_TEXT ? NULL : "is no text, so it has no pattern";
    if (is_list)
        return "is a list: write 'has'";
    if (how->compare != FLE_EQUAL && !is_of_order(type))
        return "has no order: only numbers and times are less or more";
    return NULL;
}

/* An address is never equal to a network, so that isn't what was meant. */
static bool is_network(const fle_term *test)
{
    return fle_path_type(test->path) == FLOWENRICH_TYPE_ADDRESS && test->wanted &&
           test->wanted->network.bits < 128;
}

/* What is behind the operator. */
static flowenrich_status read_operand(reader *r, fle_term *test, const relation *how)
{
    const fle_token at = r->lexer.token;
    flowenrich_status status;

    test->compare = how->compare;
    if (!how->takes_list && at.kind == FLE_TOKEN_WORD && !is_value_word(at.value) &&
        fle_path_type(at.value) != 0)
        return read_other(r, test);
    status = how->takes_list ? read_values(r, test) : read_value(r, test);
    if (status == FLOWENRICH_OK && !how->takes_list && is_network(test))
        return fle_lexer_error(&r->lexer, &at, "'%.*s' is a network: write 'in'", QUOTE(at.value));
    return status;
}

static flowenrich_status relate(reader *r, fle_term *test, const char *word, relation how,
                                fle_term **out)
{
    const char *wrong = misuse(fle_path_type(test->path), word, &how);
    flowenrich_status status;

    if (wrong)
        return fle_lexer_error(&r->lexer, &r->lexer.token, "'%.*s' %s", QUOTE(test->path), wrong);
    status = fle_lexer_next(&r->lexer);
    if (status == FLOWENRICH_OK)
        status = read_operand(r, test, &how);
    *out = how.is_not ? fle_filter_not(r->filter, test) : test;
    return status == FLOWENRICH_OK && !*out ? nomem(r) : status;
}

/* ---- One test ---- */

static flowenrich_status read_presence(reader *r, fle_term *test, fle_term **out)
{
    const bool is_absent = fle_lexer_is(&r->lexer, "absent");

    test->kind = FLE_TERM_PRESENT;
    *out = is_absent ? fle_filter_not(r->filter, test) : test;
    return *out ? fle_lexer_next(&r->lexer) : nomem(r);
}

/* A path alone, of what is true or false. */
static flowenrich_status read_truth(reader *r, fle_term *test, fle_term **out)
{
    if (fle_path_type(test->path) != FLOWENRICH_TYPE_BOOL)
        return fle_lexer_error(&r->lexer, &r->lexer.token,
                               "behind '%.*s' there is to be one of == != < <= > >= in, not in, "
                               "has, matches, present, absent",
                               QUOTE(test->path));
    *out = test;
    return fle_filter_want(r->filter, test, FLE_TEXT("true")) ? FLOWENRICH_OK : nomem(r);
}

static flowenrich_status read_relation(reader *r, fle_term *test, fle_term **out)
{
    const fle_lexer *lexer = &r->lexer;
    const bool is_not = fle_lexer_is(lexer, "not");
    flowenrich_status status;

    for (size_t i = 0; i < N_COMPARISONS; i++)
        if (lexer->token.kind == comparisons[i].token)
            return relate(r, test, "", comparisons[i].relation, out);
    if (fle_lexer_is(lexer, "present") || fle_lexer_is(lexer, "absent"))
        return read_presence(r, test, out);
    if (fle_lexer_is(lexer, "has"))
        return relate(r, test, "has", (relation){ FLE_EQUAL, false, true }, out);
    if (fle_lexer_is(lexer, "matches"))
        return relate(r, test, "matches", (relation){ FLE_MATCHES, false, true }, out);
    if (is_not) {
        status = fle_lexer_next(&r->lexer);
        if (status != FLOWENRICH_OK)
            return status;
        if (!fle_lexer_is(lexer, "in"))
            return fle_lexer_error(lexer, &lexer->token, "'not' stands before the path, or 'in'");
    }
    if (fle_lexer_is(lexer, "in"))
        return relate(r, test, "in", (relation){ FLE_EQUAL, is_not, true }, out);
    return read_truth(r, test, out);
}

static bool is_keyword(const fle_token *token)
{
    for (size_t i = 0; i < N_KEYWORDS && token->kind == FLE_TOKEN_WORD; i++)
        if (fle_text_is(token->value, keywords[i]))
            return true;
    return false;
}

/* Read a path and what is said of it. A path may be quoted, too. */
static flowenrich_status read_test(reader *r, fle_term **out)
{
    const fle_token at = r->lexer.token;
    char message[FLE_FILTER_MESSAGE];
    flowenrich_status status;
    fle_term *test;

    if (at.kind == FLE_TOKEN_END)
        return fle_lexer_error(&r->lexer, &at, "a comparison is missing at the end");
    if ((at.kind != FLE_TOKEN_WORD && at.kind != FLE_TOKEN_QUOTED) || is_keyword(&at))
        return fle_lexer_error(&r->lexer, &at, "a comparison is missing before '%.*s'",
                               QUOTE(at.text));
    if (at.kind == FLE_TOKEN_WORD && is_value_word(at.value))
        return fle_lexer_error(&r->lexer, &at, "a comparison begins with a path, not '%.*s'",
                               QUOTE(at.text));
    if (!fle_filter_is_path(at.value, message))
        return fle_lexer_error(&r->lexer, &at, "%s", message);
    test = fle_filter_term(r->filter, FLE_TERM_VALUE, at.value);
    if (!test)
        return nomem(r);
    status = fle_lexer_next(&r->lexer);
    return status == FLOWENRICH_OK ? read_relation(r, test, out) : status;
}

/* ---- How tests are joined ---- */

static flowenrich_status read_any(reader *r, fle_term **out);

static flowenrich_status read_group(reader *r, fle_term **out)
{
    flowenrich_status status;

    if (r->depth == DEEPEST)
        return fle_lexer_error(&r->lexer, &r->lexer.token,
                               "nested too deeply: %d parentheses are the most", DEEPEST);
    r->depth++;
    status = fle_lexer_next(&r->lexer);
    if (status == FLOWENRICH_OK)
        status = read_any(r, out);
    r->depth--;
    return status == FLOWENRICH_OK ? expect(r, FLE_TOKEN_CLOSE, "')'") : status;
}

/* A test or what is in parentheses, or what isn't. */
static flowenrich_status read_not(reader *r, fle_term **out)
{
    flowenrich_status status = FLOWENRICH_OK;
    bool is_not = false;

    while (status == FLOWENRICH_OK && fle_lexer_is(&r->lexer, "not")) {
        is_not = !is_not;
        status = fle_lexer_next(&r->lexer);
    }
    if (status == FLOWENRICH_OK)
        status = r->lexer.token.kind == FLE_TOKEN_OPEN ? read_group(r, out) : read_test(r, out);
    if (status != FLOWENRICH_OK || !is_not)
        return status;
    *out = fle_filter_not(r->filter, *out);
    return *out ? status : nomem(r);
}

/* Read parts that a word joins; of one alone, that. */
static flowenrich_status read_joined(reader *r, fle_term_kind kind, const char *word,
                                     flowenrich_status (*read)(reader *, fle_term **),
                                     fle_term **out)
{
    flowenrich_status status = read(r, out);
    fle_term *joined = *out, *last = *out;

    while (status == FLOWENRICH_OK && fle_lexer_is(&r->lexer, word)) {
        if (joined == *out) {
            joined = fle_filter_term(r->filter, kind, fle_text(NULL, 0));
            if (!joined)
                return nomem(r);
            joined->child = *out;
        }
        status = fle_lexer_next(&r->lexer);
        if (status == FLOWENRICH_OK)
            status = read(r, &last->next);
        last = last->next;
    }
    *out = joined;
    return status;
}

static flowenrich_status read_all(reader *r, fle_term **out)
{
    return read_joined(r, FLE_TERM_ALL, "and", read_not, out);
}

static flowenrich_status read_any(reader *r, fle_term **out)
{
    return read_joined(r, FLE_TERM_ANY, "or", read_all, out);
}

flowenrich_status fle_expression_read(fle_filter *filter, flowenrich_text text,
                                      flowenrich_error *error)
{
    reader r = { .filter = filter };
    fle_term *term = NULL;
    flowenrich_status status = fle_lexer_begin(&r.lexer, text, filter->arena, error);

    if (status == FLOWENRICH_OK)
        status = read_any(&r, &term);
    if (status != FLOWENRICH_OK)
        return status;
    if (r.lexer.token.kind == FLE_TOKEN_CLOSE)
        return fle_lexer_error(&r.lexer, &r.lexer.token, "there is no '(' for this ')'");
    if (r.lexer.token.kind != FLE_TOKEN_END)
        return fle_lexer_error(&r.lexer, &r.lexer.token, "'and' or 'or' is missing before '%.*s'",
                               QUOTE(r.lexer.token.text));
    fle_filter_add(filter, term);
    return fle_error_ok(error);
}
