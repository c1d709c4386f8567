/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes what a line is taken for. The first byte chooses fields, the rest of the
 * first line is candidate formats parted by ';' (none: the two defaults), what
 * follows is a log. Line by line, a parser of all fields is held against one that
 * was asked for the chosen ones only, and against one for each candidate.
 */
#include <stdint.h>

#include "../parsing.h"

#define MOST_FORMATS 4
#define MOST_INPUT 2048 /* too few headers for more names than a batch takes columns of */

static const char *const paths[] = { "bytes",     "srcaddr",  "start",        "log_status",
                                     "tcp_flags", "protocol", "instance_tag", "x" };

#define N_PATHS (sizeof paths / sizeof *paths)

typedef enum fate { IGNORED, TAKEN, REFUSED } fate;

/* A parser, and what it made of the last line. */
typedef struct reader {
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    fate fate;
    const char *reason, *field; /* of a line refused */
} reader;

typedef struct readers {
    reader all, some;
    reader alone[MOST_FORMATS];
    size_t n;
    bool all_checked; /* without a header, even the values of fields that weren't chosen are */
    const char *chosen[N_PATHS];
    size_t n_chosen;
} readers;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void reader_new(reader *r, const flowenrich_parser_options *options)
{
    must(flowenrich_parser_new(&r->parser, options, NULL) == FLOWENRICH_OK);
    must(flowenrich_batch_new(&r->batch, 2, NULL, NULL) == FLOWENRICH_OK);
}

static void reader_free(reader *r)
{
    flowenrich_parser_free(r->parser);
    flowenrich_batch_free(r->batch);
}

/* A line with its newline, or the rest of the input without one. */
static void read_line(reader *r, flowenrich_text line, bool is_last)
{
    flowenrich_reject reject = { .size = sizeof reject };
    size_t used;

    flowenrich_batch_clear(r->batch);
    must(flowenrich_parser_parse(r->parser, line.data, line.len, &used, r->batch, NULL) ==
         FLOWENRICH_OK);
    must(used == line.len);
    if (is_last)
        must(flowenrich_parser_finish(r->parser, r->batch, NULL, NULL) == FLOWENRICH_OK);
    r->fate = flowenrich_batch_rows(r->batch) > 0 ? TAKEN : IGNORED;
    r->reason = r->field = "";
    if (flowenrich_batch_reject(r->batch, 0, &reject, NULL) == FLOWENRICH_OK) {
        r->fate = REFUSED;
        r->reason = reject.reason;
        r->field = reject.field;
    }
    must(flowenrich_batch_rows(r->batch) + flowenrich_batch_rejects(r->batch) ==
         (r->fate != IGNORED));
}

static bool is_chosen(const readers *r, const char *path)
{
    for (size_t i = 0; i < r->n_chosen; i++)
        if (strcmp(r->chosen[i], path) == 0)
            return true;
    return false;
}

/* The value of the one row there is; nothing if it has none. */
static void say(fle_buffer *out, const reader *r, const char *name)
{
    fle_path path;
    fle_value value;

    fle_buffer_clear(out);
    if (!fle_path_open(&path, r->batch, fle_text_of(name)))
        return;
    fle_path_get(&path, r->batch, 0, &value);
    if (value.type == 0)
        return;
    fle_buffer_u64(out, value.type);
    fle_buffer_char(out, ' ');
    parsing_value(out, &value);
}

/* All values of one row are the other's, too. */
static void must_have(const reader *r, const reader *other)
{
    fle_allocator allocator;
    fle_buffer mine, theirs;
    const char *name;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&mine, &allocator);
    fle_buffer_init(&theirs, &allocator);
    must(r->batch->kinds[0] == other->batch->kinds[0]);
    for (size_t i = 0; (name = flowenrich_batch_path(r->batch, i)) != NULL; i++) {
        say(&mine, r, name);
        say(&theirs, other, name);
        must(fle_text_equal(fle_text(mine.data, mine.len), fle_text(theirs.data, theirs.len)));
    }
    fle_buffer_free(&mine);
    fle_buffer_free(&theirs);
}

static void must_refuse_alike(const reader *a, const reader *b)
{
    must(strcmp(a->field, b->field) == 0);
    must(!*a->field || strcmp(a->reason, b->reason) == 0); /* the count that was meant may differ */
}

/* Who asks for less gets the same of it, but for lines that are bad where nobody looks. */
static void compare_some(const readers *r)
{
    const reader *all = &r->all, *some = &r->some;
    const char *name;

    if (all->fate == REFUSED && *all->field && !is_chosen(r, all->field) &&
        (!r->all_checked || parsing_stat(all->parser, "headers") > 0)) {
        must(some->fate == TAKEN || is_chosen(r, some->field) ||
             strcmp(some->field, all->field) == 0);
        return;
    }
    must(some->fate == all->fate);
    must_refuse_alike(some, all);
    for (size_t i = 0; (name = flowenrich_batch_path(some->batch, i)) != NULL; i++)
        must(is_chosen(r, name));
    for (size_t i = 0; i < r->n_chosen; i++)
        must(!fle_batch_find(all->batch, fle_text_of(r->chosen[i])) ==
             !fle_batch_find(some->batch, fle_text_of(r->chosen[i])));
    if (all->fate == TAKEN)
        must_have(some, all);
}

/* The first candidate that takes a line does; else the first it has the fields of says why. */
static void compare_alone(const readers *r)
{
    const reader *all = &r->all, *meant = &r->alone[0];

    for (size_t i = 0; i < r->n; i++) {
        const reader *one = &r->alone[i];

        must((one->fate == IGNORED) == (all->fate == IGNORED));
        if (meant->fate != TAKEN && (one->fate == TAKEN || (!*meant->field && *one->field)))
            meant = one;
    }
    must(meant->fate == all->fate);
    must_refuse_alike(meant, all);
    if (all->fate == TAKEN) {
        must_have(all, meant);
        must_have(meant, all);
    }
}

static void compare(readers *r, flowenrich_text log)
{
    while (log.len > 0) {
        const char *end = memchr(log.data, '\n', log.len);
        const size_t len = end ? (size_t)(end - log.data) + 1 : log.len;
        const flowenrich_text line = fle_text(log.data, len);

        read_line(&r->all, line, !end);
        read_line(&r->some, line, !end);
        for (size_t i = 0; i < r->n; i++)
            read_line(&r->alone[i], line, !end);
        compare_some(r);
        compare_alone(r);
        log = fle_text(log.data + len, log.len - len);
    }
}

static bool shares_count(flowenrich_format *const *formats, size_t n, size_t which)
{
    for (size_t i = 0; i < n; i++)
        if (i != which &&
            flowenrich_format_fields(formats[i]) == flowenrich_format_fields(formats[which]))
            return true;
    return false;
}

static void add_format(reader *r, const flowenrich_format *format)
{
    must(flowenrich_parser_add_format(r->parser, format, NULL) == FLOWENRICH_OK);
}

/*
 * All values of a line are looked at where formats have the same number of fields,
 * and where nobody gave one. A candidate alone does so if it is there twice.
 */
static void add_formats(readers *r, flowenrich_format *const *formats, bool given)
{
    r->all_checked = true;
    for (size_t i = 0; i < r->n; i++) {
        const bool checked = !given || shares_count(formats, r->n, i);

        if (given) {
            add_format(&r->all, formats[i]);
            add_format(&r->some, formats[i]);
        }
        add_format(&r->alone[i], formats[i]);
        if (checked)
            add_format(&r->alone[i], formats[i]);
        r->all_checked &= checked;
    }
}

static void run(flowenrich_format *const *formats, size_t n, bool given, uint8_t choice,
                flowenrich_text log)
{
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    readers r = { .n = n };

    for (size_t i = 0; i < N_PATHS; i++)
        if (choice >> i & 1)
            r.chosen[r.n_chosen++] = paths[i];
    options.max_line = 300;
    reader_new(&r.all, &options);
    for (size_t i = 0; i < n; i++)
        reader_new(&r.alone[i], &options);
    options.fields = r.chosen;
    options.field_count = r.n_chosen;
    reader_new(&r.some, &options);
    add_formats(&r, formats, given);
    compare(&r, log);
    reader_free(&r.all);
    reader_free(&r.some);
    for (size_t i = 0; i < n; i++)
        reader_free(&r.alone[i]);
}

/* How many were read, up to one that can't be. */
static size_t read_formats(flowenrich_format **formats, flowenrich_text texts)
{
    size_t n = 0;

    while (texts.len > 0 && n < MOST_FORMATS) {
        const char *end = memchr(texts.data, ';', texts.len);
        const size_t len = end ? (size_t)(end - texts.data) : texts.len;

        if (flowenrich_format_new(&formats[n], texts.data, len, NULL, NULL) != FLOWENRICH_OK)
            break;
        n++;
        texts = fle_text(texts.data + len + (end != NULL), texts.len - len - (end != NULL));
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    flowenrich_format *formats[MOST_FORMATS];
    const char *text = (const char *)data + 1, *end;
    size_t n;
    bool given;

    if (size < 2 || size > MOST_INPUT || !(end = memchr(text, '\n', size - 1)))
        return 0;
    n = read_formats(formats, fle_text(text, (size_t)(end - text)));
    given = n > 0;
    if (!given)
        n = read_formats(formats, FLE_TEXT("default;default-tgw"));
    run(formats, n, given, data[0], fle_text(end + 1, size - 2 - (size_t)(end - text)));
    for (size_t i = 0; i < n; i++)
        flowenrich_format_free(formats[i]);
    return 0;
}
