/* SPDX-License-Identifier: Apache-2.0 */
/* score [--wrong N] [--split N] FOLDER NAME=ANSWERS...: how the answers of resolvers agree with the
 * truth. --wrong shows the first N of each resolver that are wrong, --split the N commonest kinds
 * of ends that weren't named: what is true of them, and the reason that was given. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "text.h"

/* The columns of truth.tsv. */
enum { FILE_NUMBER, LINE, END, ROLE, OWNER, CLASS, STORY, STATE, WITNESS, REACH, CHANGE, COLUMNS };

/* What ends are told apart by, besides all of them: the columns from CLASS on. */
enum { VIEWS = COLUMNS - CLASS, MOST_VALUES = 16, MOST_REASONS = 64, MOST_KINDS = 1024 };

typedef struct end {
    uint32_t owner; /* number of its id */
    uint8_t own;    /* not the peer's */
    uint8_t done;   /* has an answer */
    uint8_t values[VIEWS];
} end;

typedef struct tally {
    uint64_t ends;
    uint64_t right;   /* named, and it was them */
    uint64_t assumed; /* of these, the assumed ones */
    uint64_t nobody;  /* not named, and there was nobody to name */
    uint64_t unnamed; /* not named, although there was */
    uint64_t wrong;   /* another was named, or somebody where there was nobody */
} tally;

typedef struct truth {
    end *ends; /* two for each line: src, dst */
    size_t len, capacity;
    size_t *first; /* of each file: its first end */
    size_t n_files, files_capacity;
    names ids, reasons, sures, values[VIEWS];
    uint32_t answered; /* the number of that state */
} truth;

typedef struct score {
    tally all, views[VIEWS][MOST_VALUES];
    tally answered[MOST_VALUES]; /* of answered flows, by the witness */
    tally sure[MOST_VALUES];     /* of those who were named, by how sure that is */
    tally own;
    uint64_t reasons[MOST_REASONS]; /* of the unnamed */
    uint64_t shown, to_show;        /* of the wrong */
    names kinds;                    /* of the unnamed: all that is true of them, and the reason */
    uint64_t of_kind[MOST_KINDS];   /* by the number of a kind */
} score;

enum { NOBODY, STRADDLES }; /* the first ids */

static void load(truth *out, const char *folder)
{
    lines from;
    char *parts[MOST_PARTS];
    size_t next_line = 0;

    names_number(&out->ids, "-");
    names_number(&out->ids, "*");
    lines_open(&from, folder, "truth.tsv");
    if (lines_next(&from, '\t', parts) != COLUMNS || strcmp(parts[CLASS], "class") != 0)
        give_up("not a file of the simulator's", "truth.tsv");
    while (lines_next(&from, '\t', parts) == COLUMNS) {
        end *at;

        while (number_of(parts[FILE_NUMBER]) >= out->n_files) {
            out->first = grown(out->first, out->n_files, &out->files_capacity, sizeof *out->first);
            out->first[out->n_files++] = out->len;
            next_line = 2; /* below the header */
        }
        out->ends = grown(out->ends, out->len, &out->capacity, sizeof *out->ends);
        at = &out->ends[out->len++];
        at->owner = names_number(&out->ids, parts[OWNER]);
        at->own = strcmp(parts[ROLE], "own") == 0;
        at->done = 0;
        for (size_t view = 0; view < VIEWS; view++)
            at->values[view] = (uint8_t)names_number(&out->values[view], parts[CLASS + view]);
        /* That places can be computed rests on this. */
        if (number_of(parts[LINE]) != next_line || (parts[END][0] == 's') != (out->len % 2 == 1))
            give_up("lines out of order", "truth.tsv");
        next_line += out->len % 2 == 0;
    }
    lines_close(&from);
    out->answered = names_number(&out->values[STATE - CLASS], "answered");
    for (size_t view = 0; view < VIEWS; view++)
        if (out->values[view].len > MOST_VALUES)
            give_up("too many values in a column", "truth.tsv");
}

/* An answer to no question, or a second one, is a mistake of whoever wrote the resolver. */
static end *end_of(truth *in, const char *file, const char *line, const char *which)
{
    const uint64_t number = number_of(file), row = number_of(line);
    size_t at, until;

    if (number == 0 || number >= in->n_files || row < 2)
        give_up("no such file or line", "answers");
    until = number + 1 < in->n_files ? in->first[number + 1] : in->len;
    at = in->first[number] + (row - 2) * 2 + (which[0] == 'd');
    if (at >= until)
        give_up("no such line", "answers");
    if (in->ends[at].done)
        give_up("an end is answered twice", "answers");
    in->ends[at].done = 1;
    return &in->ends[at];
}

static void add(tally *to, uint32_t owner, uint32_t named, int assumed)
{
    const int somebody = owner != NOBODY && owner != STRADDLES;

    to->ends++;
    if (named == NOBODY) {
        to->nobody += somebody ? 0 : 1;
        to->unnamed += somebody ? 1 : 0;
    } else if (named == owner) {
        to->right++;
        to->assumed += (uint64_t)assumed;
    } else {
        to->wrong++;
    }
}

/* Which of an end's values and reasons come together. */
static void count_kind(score *to, const truth *in, const end *of, const char *reason)
{
    char kind[256];
    size_t len = 0;
    uint32_t number;

    for (size_t view = 0; view < VIEWS; view++)
        len += (size_t)snprintf(kind + len, sizeof kind - len, "%-10s ",
                                in->values[view].items[of->values[view]]);
    snprintf(kind + len, sizeof kind - len, "%s", reason);
    number = names_number(&to->kinds, kind);
    to->of_kind[number < MOST_KINDS ? number : MOST_KINDS - 1]++;
}

static void judge(score *to, truth *in, const end *of, uint32_t named, const char *sure,
                  const char *reason)
{
    const int assumed = strcmp(sure, "assumed") == 0;

    if (of->own) {
        add(&to->own, of->owner, named, assumed);
        return;
    }
    add(&to->all, of->owner, named, assumed);
    for (size_t view = 0; view < VIEWS; view++)
        add(&to->views[view][of->values[view]], of->owner, named, assumed);
    if (of->values[STATE - CLASS] == in->answered)
        add(&to->answered[of->values[WITNESS - CLASS]], of->owner, named, assumed);
    if (named != NOBODY && *sure != '\0')
        add(&to->sure[names_number(&in->sures, sure) % MOST_VALUES], of->owner, named, assumed);
    if (named == NOBODY && of->owner != NOBODY && of->owner != STRADDLES) {
        const uint32_t number = names_number(&in->reasons, *reason != '\0' ? reason : "none given");

        to->reasons[number < MOST_REASONS ? number : MOST_REASONS - 1]++;
        count_kind(to, in, of, reason);
    }
}

/* As the answer stands, then what is true of the end. */
static void show_wrong(score *to, const truth *in, const end *of, uint32_t named, char **parts)
{
    if (named == NOBODY || named == of->owner || to->shown == to->to_show)
        return;
    to->shown++;
    printf("wrong: file %s line %s %s%s: named %s, is %s:", parts[0], parts[1], parts[2],
           of->own ? " (own)" : "", parts[3], in->ids.items[of->owner]);
    for (size_t view = 0; view < VIEWS; view++)
        printf(" %s", in->values[view].items[of->values[view]]);
    printf("\n");
}

/* file, line, end, interface id or "-", how sure, reason */
static void read_answers(score *to, truth *in, const char *path)
{
    lines from;
    char *parts[MOST_PARTS];
    size_t n;

    lines_open(&from, "", path);
    while ((n = lines_next(&from, '\t', parts)) > 0) {
        const end *of;
        uint32_t named;

        if (n != 6)
            give_up("a line doesn't have six parts", path);
        of = end_of(in, parts[0], parts[1], parts[2]);
        named = names_number(&in->ids, parts[3]);
        judge(to, in, of, named, parts[4], parts[5]);
        show_wrong(to, in, of, named, parts);
    }
    lines_close(&from);
    for (size_t i = 0; i < in->len; i++) {
        if (!in->ends[i].done)
            judge(to, in, &in->ends[i], NOBODY, "", "not answered");
        in->ends[i].done = 0;
    }
}

static void print_tally(const char *name, const char *view, const char *value, const tally *of)
{
    printf("%-16s %-8s %-11s %10" PRIu64 " %10" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64
           " %9" PRIu64 "\n",
           name, view, value, of->ends, of->right, of->assumed, of->nobody, of->unnamed, of->wrong);
}

static void print(const char *name, const truth *in, const score *of)
{
    static const char *const views[VIEWS] = { "class",   "story", "state",
                                              "witness", "reach", "change" };

    print_tally(name, "peers", "all", &of->all);
    for (size_t view = 0; view < VIEWS; view++)
        for (size_t value = 0; value < in->values[view].len; value++)
            if (of->views[view][value].ends > 0)
                print_tally(name, views[view], in->values[view].items[value],
                            &of->views[view][value]);
    for (size_t value = 0; value < in->values[WITNESS - CLASS].len; value++)
        if (of->answered[value].ends > 0)
            print_tally(name, "answered", in->values[WITNESS - CLASS].items[value],
                        &of->answered[value]);
    for (size_t i = 0; i < in->sures.len && i < MOST_VALUES; i++)
        if (of->sure[i].ends > 0)
            print_tally(name, "sure", in->sures.items[i], &of->sure[i]);
    print_tally(name, "own", "all", &of->own);
    for (size_t i = 0; i < in->reasons.len && i < MOST_REASONS; i++)
        if (of->reasons[i] > 0)
            printf("%-16s unnamed  %-40s %" PRIu64 "\n", name, in->reasons.items[i],
                   of->reasons[i]);
}

/* The commonest kinds of the unnamed. */
static void print_kinds(const char *name, score *of, uint64_t n)
{
    for (; n > 0; n--) {
        size_t most = 0;

        for (size_t i = 1; i < of->kinds.len && i < MOST_KINDS; i++)
            most = of->of_kind[i] > of->of_kind[most] ? i : most;
        if (of->of_kind[most] == 0)
            return;
        printf("%-16s split %10" PRIu64 "  %s\n", name, of->of_kind[most], of->kinds.items[most]);
        of->of_kind[most] = 0;
    }
}

static void free_truth(truth *what)
{
    free(what->ends);
    free(what->first);
    names_free(&what->ids);
    names_free(&what->reasons);
    names_free(&what->sures);
    for (size_t view = 0; view < VIEWS; view++)
        names_free(&what->values[view]);
}

int main(int argc, char **argv)
{
    static truth whole;
    uint64_t to_show = 0, to_split = 0;
    int first = 1;

    for (; first + 1 < argc && argv[first][0] == '-'; first += 2)
        if (strcmp(argv[first], "--wrong") == 0)
            to_show = number_of(argv[first + 1]);
        else if (strcmp(argv[first], "--split") == 0)
            to_split = number_of(argv[first + 1]);
        else
            give_up("no such option", argv[first]);
    if (argc < first + 2)
        give_up("usage: score [--wrong N] [--split N] FOLDER NAME=ANSWERS...", "arguments");
    load(&whole, argv[first]);
    printf("%-16s %-8s %-11s %10s %10s %9s %9s %9s %9s\n", "resolver", "by", "value", "ends",
           "right", "assumed", "nobody", "unnamed", "wrong");
    for (int i = first + 1; i < argc; i++) {
        static score of;
        char *const equals = strchr(argv[i], '=');

        if (equals == NULL)
            give_up("NAME=ANSWERS is missing its =", argv[i]);
        *equals = '\0';
        memset(&of, 0, sizeof of);
        of.to_show = to_show;
        read_answers(&of, &whole, equals + 1);
        print(argv[i], &whole, &of);
        print_kinds(argv[i], &of, to_split);
        names_free(&of.kinds);
    }
    free_truth(&whole);
    return EXIT_SUCCESS;
}
