/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich catalog diff: who has which address, and what that is, in two inventories. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "message.h"
#include "output.h"
#include "value.h"

#define BATCH_ROWS 256
#define LATEST INT64_C(253402300799) /* 9999-12-31: what an interface was last */

/* Whom an address was last seen with, in a VPC; public ones are the same in all of them. */
typedef struct holding {
    unsigned char address[16];
    bool is_prefix, is_gone;
    flowenrich_time since;
    char *vpc;
    char *interface; /* empty: nobody */
} holding;

typedef struct side {
    flowenrich_snapshot *snapshot;
    holding *items;
    size_t n, capacity;
} side;

/* What is told of an interface: all; its tags; what else may change. */
static const char *const all[] = { "interface_id", "type", "arns", "security_group_ids", "tags" };
static const char *const tags[] = { "tags" };
static const char *const others[] = { "type", "arns", "security_group_ids" };
static const struct {
    const char *const *paths;
    size_t n;
} aspects[] = { { all, 5 }, { tags, 1 }, { others, 3 } };

enum { ALL, TAGS, OTHERS, N_ASPECTS };

typedef struct diff {
    const options *opt;
    side before, after;
    flowenrich_batch *batch;
    flowenrich_encoder *encoders[N_ASPECTS];
    table table;
    output out;
} diff;

/* ---- Who holds what. ---- */

static char *copy_text(const flowenrich_column *column, size_t row)
{
    char buf[VALUE_TEXT];
    value text;
    char *copy;

    value_get(column, row, buf, &text);
    copy = calloc(1, text.one.len + 1);
    if (copy && text.one.len > 0)
        memcpy(copy, text.one.data, text.one.len);
    return copy;
}

/* The columns of a history. */
enum { ADDRESS, SINCE, GONE, VPC, INTERFACE, BY, N_COLUMNS };
static const char *const columns[] = { "address", "since", "gone", "vpc_id", "interface_id", "by" };

static outcome add_holding(side *s, const flowenrich_column *from, size_t row)
{
    char *by = copy_text(&from[BY], row);
    holding *held;

    if (s->n == s->capacity) {
        const size_t capacity = s->capacity > 0 ? 2 * s->capacity : 1024;
        holding *items = realloc(s->items, capacity * sizeof *items);

        if (!items) {
            free(by);
            return failure_no_memory();
        }
        s->items = items;
        s->capacity = capacity;
    }
    held = &s->items[s->n++];
    memcpy(held->address, (const char *)from[ADDRESS].values + 16 * row, sizeof held->address);
    held->since = value_present(&from[SINCE], row) ? value_time(&from[SINCE], row) : 0;
    held->is_gone = value_present(&from[GONE], row);
    held->is_prefix = by && strcmp(by, "prefix") == 0;
    held->interface = copy_text(&from[INTERFACE], row);
    held->vpc = by && strcmp(by, "public-address") == 0 ? calloc(1, 1) : copy_text(&from[VPC], row);
    free(by);
    return held->interface && held->vpc ? OUTCOME_DONE : failure_no_memory();
}

static outcome add_rows(side *s, flowenrich_batch *batch)
{
    flowenrich_column from[N_COLUMNS];
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; i < N_COLUMNS; i++) {
        from[i] = (flowenrich_column){ .size = sizeof from[i] };
        if (value_column(batch, columns[i], &from[i], &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
    }
    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(batch); row++)
        done = add_holding(s, from, row);
    return done;
}

static int compare_places(const holding *a, const holding *b)
{
    const int order = memcmp(a->address, b->address, sizeof a->address);

    if (order != 0)
        return order;
    if (a->is_prefix != b->is_prefix)
        return a->is_prefix ? 1 : -1;
    return strcmp(a->vpc, b->vpc);
}

static int compare_holdings(const void *left, const void *right)
{
    const holding *a = left, *b = right;
    const int order = compare_places(a, b);

    return order != 0 ? order : (a->since > b->since) - (a->since < b->since);
}

static void free_holding(holding *held)
{
    free(held->vpc);
    free(held->interface);
}

/* Of each address the last one who had it counts, if he still has it as far as is known. */
static void keep_last(side *s)
{
    size_t n = 0;

    if (s->n > 0)
        qsort(s->items, s->n, sizeof *s->items, compare_holdings);
    for (size_t i = 0; i < s->n; i++) {
        holding *held = &s->items[i];
        const bool is_last = i + 1 == s->n || compare_places(held, held + 1) != 0;

        if (is_last && !held->is_gone && held->interface[0] != '\0')
            s->items[n++] = *held;
        else
            free_holding(held);
    }
    s->n = n;
}

static outcome find_holdings(diff *d, side *s)
{
    uint64_t cursor = 0;
    outcome done = OUTCOME_DONE;

    do {
        flowenrich_error error;

        if (flowenrich_snapshot_history(s->snapshot, NULL, &cursor, d->batch, &error) !=
            FLOWENRICH_OK)
            return failure_of(NULL, &error);
        done = add_rows(s, d->batch);
    } while (done == OUTCOME_DONE && flowenrich_batch_rows(d->batch) > 0);
    if (done == OUTCOME_DONE)
        keep_last(s);
    return done;
}

/* ---- What it is. ---- */

/* In JSON, what a holder is now; "null" if there is none. */
static outcome tell(diff *d, const side *s, const holding *held, size_t aspect, char **out)
{
    flowenrich_key key = FLOWENRICH_KEY_INIT;
    size_t row = 0, len = 0, room = 4096;
    flowenrich_status status;
    flowenrich_error error;
    char *grown;

    *out = NULL;
    if (!held)
        return (*out = strdup("null")) ? OUTCOME_DONE : failure_no_memory();
    key.kind = FLOWENRICH_KEY_INTERFACE;
    key.id = (flowenrich_text){ held->interface, strlen(held->interface) };
    key.from = key.until = LATEST;
    status = flowenrich_snapshot_lookup(s->snapshot, &key, 1, d->batch, &error);
    while (status == FLOWENRICH_OK && row == 0) {
        grown = realloc(*out, room + 1);
        if (!grown)
            return failure_no_memory();
        *out = grown;
        status = flowenrich_encoder_encode(d->encoders[aspect], d->batch, &row, *out, room, &len,
                                           &error);
        if (status == FLOWENRICH_ERR_LIMIT) {
            room = len;
            status = FLOWENRICH_OK;
        }
    }
    if (status != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    (*out)[len - 1] = '\0'; /* instead of the end of the line */
    return OUTCOME_DONE;
}

/* ---- What is written. ---- */

static outcome write_json(diff *d, const char *change, const char *address, const holding *place,
                          char *told[2])
{
    const char *const parts[] = { "{\"Change\":\"",
                                  change,
                                  "\",\"Address\":\"",
                                  address,
                                  "\",\"VpcId\":\"",
                                  place->vpc,
                                  "\",\"Before\":",
                                  told[0],
                                  ",\"After\":",
                                  told[1],
                                  "}\n" };
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < sizeof parts / sizeof *parts; i++)
        done = output_write(&d->out, parts[i], strlen(parts[i]));
    return done;
}

static outcome add_cells(diff *d, const char *const *cells, size_t n)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < n; i++)
        done = table_add(&d->table, cells[i], strlen(cells[i]));
    return done;
}

/* Of the same interface, what differs; else the ids. */
static outcome write_row(diff *d, const char *change, const char *address, const holding *before,
                         const holding *after, size_t aspect)
{
    const holding *place = before ? before : after;
    char *told[2] = { NULL, NULL };
    outcome done = OUTCOME_DONE;

    if (aspect != ALL)
        done = tell(d, &d->before, before, aspect, &told[0]);
    if (aspect != ALL && done == OUTCOME_DONE)
        done = tell(d, &d->after, after, aspect, &told[1]);
    if (done == OUTCOME_DONE) {
        const char *const cells[] = { change, address, place->vpc[0] ? place->vpc : "-",
                                      told[0]  ? told[0]
                                      : before ? before->interface
                                               : "-",
                                      told[1] ? told[1]
                                      : after ? after->interface
                                              : "-" };

        done = add_cells(d, cells, sizeof cells / sizeof *cells);
    }
    free(told[0]);
    free(told[1]);
    return done;
}

static outcome write_change(diff *d, const char *change, const holding *before,
                            const holding *after, size_t aspect, char *told[2])
{
    const holding *place = before ? before : after;
    char address[INET6_ADDRSTRLEN + sizeof "/..."];
    const bool is_v4 = memcmp(place->address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;

    inet_ntop(is_v4 ? AF_INET : AF_INET6, place->address + (is_v4 ? 12 : 0), address,
              INET6_ADDRSTRLEN);
    if (place->is_prefix)
        strcat(address, "/...");
    return d->opt->json ? write_json(d, change, address, place, told)
                        : write_row(d, change, address, before, after, aspect);
}

/* Tags change by themselves; of what else does, the whole is told. */
static outcome find_aspect(diff *d, const holding *before, const holding *after, size_t *aspect)
{
    char *told[2] = { NULL, NULL };
    outcome done = tell(d, &d->before, before, TAGS, &told[0]);

    if (done == OUTCOME_DONE)
        done = tell(d, &d->after, after, TAGS, &told[1]);
    if (done == OUTCOME_DONE)
        *aspect = strcmp(told[0], told[1]) != 0 ? TAGS : OTHERS;
    free(told[0]);
    free(told[1]);
    return done;
}

static outcome compare(diff *d, const holding *before, const holding *after)
{
    char *told[2] = { NULL, NULL };
    size_t aspect = ALL;
    outcome done = tell(d, &d->before, before, ALL, &told[0]);

    if (done == OUTCOME_DONE)
        done = tell(d, &d->after, after, ALL, &told[1]);
    if (done == OUTCOME_DONE && strcmp(told[0], told[1]) != 0) {
        const char *change = !before ? "appeared" : !after ? "went" : "owner";

        if (before && after && strcmp(before->interface, after->interface) == 0) {
            done = find_aspect(d, before, after, &aspect);
            change = aspect == TAGS ? "tags" : "changed";
        }
        if (done == OUTCOME_DONE)
            done = write_change(d, change, before, after, aspect, told);
    }
    free(told[0]);
    free(told[1]);
    return done;
}

static outcome compare_all(diff *d)
{
    const holding *a = d->before.items, *end_a = a ? a + d->before.n : NULL;
    const holding *b = d->after.items, *end_b = b ? b + d->after.n : NULL;
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE && (a != end_a || b != end_b)) {
        const int order = a == end_a ? 1 : b == end_b ? -1 : compare_places(a, b);

        done = compare(d, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
        a += order <= 0;
        b += order >= 0;
    }
    return done;
}

static outcome begin(diff *d)
{
    static const char *const heading[] = { "change", "address", "vpc_id", "before", "after" };
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    table_init(&d->table, 5, 5);
    settings.hash_seed = options_seed(d->opt);
    if (flowenrich_batch_new(&d->batch, BATCH_ROWS, &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (size_t i = 0; i < N_ASPECTS; i++) {
        flowenrich_encoder_options asked = FLOWENRICH_ENCODER_OPTIONS_INIT;

        asked.hash_seed = settings.hash_seed;
        asked.fields = aspects[i].paths;
        asked.field_count = aspects[i].n;
        if (flowenrich_encoder_new(&d->encoders[i], "json", &asked, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
    }
    return add_cells(d, heading, 5);
}

static void free_side(side *s)
{
    for (size_t i = 0; i < s->n; i++)
        free_holding(&s->items[i]);
    free(s->items);
}

static outcome write_all(diff *d)
{
    outcome done = output_open(&d->out, d->opt->output);

    if (done == OUTCOME_DONE)
        done = compare_all(d);
    if (done == OUTCOME_DONE && !d->opt->json)
        done = output_table(&d->out, &d->table, color_wanted() && d->opt->output == NULL);
    return done == OUTCOME_DONE ? output_commit(&d->out) : done;
}

outcome catalog_diff(const options *opt, flowenrich_snapshot *before, flowenrich_snapshot *after)
{
    diff d = { .opt = opt,
               .before = { .snapshot = before },
               .after = { .snapshot = after },
               .out = { .fd = -1 } };
    outcome done = begin(&d);

    if (done == OUTCOME_DONE)
        done = find_holdings(&d, &d.before);
    if (done == OUTCOME_DONE)
        done = find_holdings(&d, &d.after);
    if (done == OUTCOME_DONE)
        done = write_all(&d);
    free_side(&d.before);
    free_side(&d.after);
    output_free(&d.out);
    table_free(&d.table);
    for (size_t i = 0; i < N_ASPECTS; i++)
        flowenrich_encoder_free(d.encoders[i]);
    flowenrich_batch_free(d.batch);
    return done;
}
