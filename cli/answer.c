/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that the tool itself has put together: a table, JSON lines or CSV. */
#include "answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "text.h"

static size_t count_texts(const answer_column *columns, size_t n)
{
    size_t texts = 0;

    while (texts < n && columns[texts].kind == ANSWER_TEXT)
        texts++;
    return texts;
}

/* Texts were made visible when they were taken (group_rows.c): no other byte needs an escape. */
static void write_string(FILE *out, const char *text, char escape)
{
    putc('"', out);
    for (; *text; text++) {
        if (*text == '"' || (*text == '\\' && escape == '\\'))
            putc(escape, out);
        putc(*text, out);
    }
    putc('"', out);
}

static void write_header(const answer *to)
{
    for (size_t i = 0; i < to->n; i++) {
        write_string(to->lines, to->columns[i].name, '"');
        putc(i + 1 < to->n ? ',' : '\n', to->lines);
    }
}

outcome answer_init(answer *to, const options *opt, const answer_column *columns, size_t n)
{
    outcome done = OUTCOME_DONE;

    memset(to, 0, sizeof *to);
    to->columns = columns;
    to->n = n;
    to->json = opt->json;
    to->for_people = opt->output == NULL && isatty(STDOUT_FILENO);
    table_init(&to->table, n, count_texts(columns, n));
    if (options_encoder(opt)) {
        to->lines = open_memstream(&to->text, &to->len);
        if (to->lines == NULL)
            return failure_no_memory();
        if (!to->json)
            write_header(to);
        return OUTCOME_DONE;
    }
    for (size_t i = 0; done == OUTCOME_DONE && i < n; i++)
        done = table_add(&to->table, columns[i].name, strlen(columns[i].name));
    return done;
}

void answer_free(answer *to)
{
    if (to->lines)
        fclose(to->lines);
    free(to->text);
    table_free(&to->table);
}

static const answer_column *next(answer *to)
{
    const answer_column *column = &to->columns[to->at];

    to->at = (to->at + 1) % to->n;
    return column;
}

/* What comes before a value in its line, and behind it. */
static void begin_value(answer *to, const answer_column *column)
{
    const bool first = column == to->columns;

    if (!to->json) {
        fputs(first ? "" : ",", to->lines);
        return;
    }
    putc(first ? '{' : ',', to->lines);
    write_string(to->lines, column->name, '\\');
    putc(':', to->lines);
}

static void end_value(answer *to)
{
    if (to->at == 0)
        fputs(to->json ? "}\n" : "\n", to->lines);
}

outcome answer_add_text(answer *to, const char *text)
{
    const answer_column *column = next(to);

    if (!to->lines)
        return table_add(&to->table, text ? text : "-", strlen(text ? text : "-"));
    begin_value(to, column);
    if (text)
        write_string(to->lines, text, to->json ? '\\' : '"');
    else
        fputs(to->json ? "null" : "", to->lines);
    end_value(to);
    return OUTCOME_DONE;
}

static const char *number_text(const answer *to, const answer_column *column, uint64_t n,
                               char out[NUMBER_TEXT])
{
    if (column->kind == ANSWER_MONEY)
        return text_money(n, to->for_people, out);
    if (to->for_people)
        return column->kind == ANSWER_BYTES ? text_bytes(n, out) : text_count(n, out);
    snprintf(out, NUMBER_TEXT, "%" PRIu64, n);
    return out;
}

outcome answer_add_number(answer *to, int64_t number)
{
    const answer_column *column = next(to);
    const char *sign = number < 0 ? "-" : column->is_change && number > 0 ? "+" : "";
    char digits[NUMBER_TEXT], text[NUMBER_TEXT + 1];

    if (to->lines) {
        begin_value(to, column);
        fprintf(to->lines, "%" PRId64, number);
        end_value(to);
        return OUTCOME_DONE;
    }
    number_text(to, column, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, digits);
    snprintf(text, sizeof text, "%s%s", sign, digits);
    return table_add(&to->table, text, strlen(text));
}

outcome answer_write(answer *to, const char *title, output *out)
{
    outcome done = OUTCOME_DONE;

    if (to->lines) {
        if (fflush(to->lines) != 0)
            return failure_no_memory();
        return output_write(out, to->text, to->len);
    }
    if (to->table.n == to->n) /* only headings */
        return OUTCOME_DONE;
    if (title)
        done = output_write(out, title, strlen(title));
    return done == OUTCOME_DONE ? output_table(out, &to->table, to->for_people && color_wanted())
                                : done;
}
