/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich ask: questions that people have, answered from conversations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps.h"
#include "command.h"
#include "groups.h"
#include "message.h"
#include "question.h"
#include "run.h"

/* What the question asks, as if it stood on the command line. */
typedef struct asked {
    options opt;
    const char *app; /* the argument, or NULL */
    char *condition; /* of it */
} asked;

static outcome list_questions(void)
{
    const question *known;

    for (size_t i = 0; (known = question_at(i)) != NULL; i++)
        printf("%s%s%s\n    %s\n", known->name, known->argument ? " " : "",
               known->argument ? known->argument : "", known->asks);
    return OUTCOME_DONE;
}

/* Texts up to a NULL, then those of 'more'. */
static bool copy_texts(text_list *out, const char *const *texts, const text_list *more)
{
    size_t n = 0;

    while (n < QUESTION_MOST && texts[n])
        n++;
    out->items = calloc(n + more->n + 1, sizeof *out->items);
    if (out->items == NULL)
        return false;
    for (out->n = 0; out->n < n; out->n++)
        out->items[out->n] = texts[out->n];
    for (size_t i = 0; i < more->n; i++)
        out->items[out->n++] = more->items[i];
    return true;
}

/* The argument is an app of the configuration that is printed, unless one is given. */
static outcome take_argument(asked *to, const question *about)
{
    text_list *words = &to->opt.arguments;
    const char *word = words->n > 0           ? words->items[0]
                       : to->opt.print_config ? about->argument
                                              : NULL;

    if (about->argument == NULL)
        return OUTCOME_DONE;
    if (word == NULL)
        return misuse("ask %s: %s is missing: flowenrich ask %s %s ...", about->name,
                      about->argument, about->name, about->argument);
    to->condition = malloc(strlen(about->where_argument) + strlen(word) + 1);
    if (to->condition == NULL)
        return failure_no_memory();
    sprintf(to->condition, "%s%s", about->where_argument, word);
    to->app = word;
    to->opt.where.items[to->opt.where.n++] = to->condition;
    if (words->n > 0) {
        words->items++;
        words->n--;
    }
    return OUTCOME_DONE;
}

static outcome make(asked *to, const question *about, const options *given)
{
    static const text_list none = { NULL, 0 };
    options *opt = &to->opt;
    outcome done;

    *opt = *given;
    to->condition = NULL;
    to->app = NULL;
    opt->level = "conversation";
    opt->arguments.items++;
    opt->arguments.n--;
    memset(&opt->by, 0, sizeof opt->by);
    memset(&opt->measures, 0, sizeof opt->measures);
    memset(&opt->where, 0, sizeof opt->where);
    if (!copy_texts(&opt->measures, about->measures, &none) ||
        !copy_texts(&opt->where, about->where, &given->where) ||
        !(given->by.n > 0 ? copy_texts(&opt->by, (const char *const[]){ NULL }, &given->by)
                          : copy_texts(&opt->by, about->by, &none)))
        return failure_no_memory();
    done = take_argument(to, about);
    if (done == OUTCOME_DONE && about->prepare)
        done = about->prepare(opt);
    return done == OUTCOME_DONE ? groups_check(opt) : done;
}

static void free_all(asked *to)
{
    free(to->opt.by.items);
    free(to->opt.measures.items);
    free(to->opt.where.items);
    free(to->condition);
}

static outcome show(groups *of, const options *opt)
{
    const outcome done = groups_show(of);

    (void)opt;
    if (done == OUTCOME_DONE)
        groups_tell(of);
    return done;
}

static outcome answer(const question *about, const asked *to)
{
    const options *opt = &to->opt;
    run r;
    outcome done = run_init(&r, opt, &opt->arguments);

    if (done == OUTCOME_DONE)
        done = about->answer ? about->answer(&r, opt) : groups_of_logs(&r, opt, show);
    if (done == OUTCOME_DONE)
        done = run_end(&r);
    if (r.kept == 0 && r.snapshot && to->app)
        apps_tell(r.snapshot, to->app);
    run_free(&r);
    return done;
}

outcome command_ask(const options *given)
{
    const question *about;
    asked to;
    outcome done;

    if (given->list)
        return list_questions();
    if (given->json && given->csv)
        return misuse("of --json and --csv only one can be written");
    if (given->arguments.n == 0)
        return misuse("ask: a question is missing; see 'flowenrich ask --list'");
    about = question_find(given->arguments.items[0]);
    if (about == NULL)
        return OUTCOME_MISUSE;
    done = make(&to, about, given);
    if (done == OUTCOME_DONE)
        done = given->print_config ? configuration_print(&to.opt) : answer(about, &to);
    free_all(&to);
    return done;
}
