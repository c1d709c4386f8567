/* SPDX-License-Identifier: Apache-2.0 */
/* Files read one after another, and dealt out to threads in pieces that end with a line. */
#include "relay.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "feed.h"
#include "judge.h"
#include "message.h"

#define PIECES 2                       /* that wait for a thread, or are read by it */
#define MOST_HEADER ((size_t)64 << 10) /* bytes of a header that is given to each part */
#define ROOM (RELAY_PIECE + RELAY_PIECE / 2 + INPUT_WINDOW)

/* A file, whose parts are read by several threads. */
typedef struct parted {
    file_tally found;   /* in all parts */
    size_t parts, open; /* so far, and those that aren't over */
    bool is_sent;       /* there are no more */
    bool is_whole;      /* all that was sent could be used */
    uint64_t bytes;
    uint64_t unknown; /* fields of its header, which was given to each part */
} parted;

/* Bytes for a thread. A part of a file is one piece, or several for the same thread. */
typedef struct piece {
    parted *of;
    uint64_t line; /* before its first one, in the file; a header that was given to it isn't one */
    bool begins, ends;
    bool is_whole; /* what ends here was read to its end */
    char *data;
    size_t len;
} piece;

typedef struct relay relay;

typedef struct lane {
    relay *relay;
    run *share;
    const sink *to;
    pthread_t thread;
    piece pieces[PIECES];
    size_t sent, taken; /* of the pieces, which are used in turns */
    file_counts before; /* the part at hand */
    outcome done;
} lane;

struct relay {
    run *whole;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a piece was sent or taken, or no more come */
    bool is_over;
    lane *lanes;
    size_t n, next;
};

/* ---- The threads. ---- */

/* All is known of it: was it a flow log? The lock is held. */
static void judge_parted(run *whole, parted *of)
{
    if (of->is_whole)
        of->is_whole = judge_file(whole, &of->found, of->bytes) == OUTCOME_DONE;
    whole->failed += !of->is_whole;
    whole->repeated += of->parts > 1 ? of->unknown * (of->parts - 1) : 0;
}

static void end_part(lane *l, const piece *p, bool is_whole)
{
    const file_counts *counts = &l->share->of.counts;
    parted *of = p->of;

    l->share->of.counts = judge_since(l->share, &l->before);
    pthread_mutex_lock(&l->relay->lock);
    judge_add(&of->found, &l->share->of);
    if (p->line == 0 && counts->headers > 0)
        of->unknown = counts->unknown_fields / counts->headers;
    of->is_whole = of->is_whole && is_whole;
    if (--of->open == 0 && of->is_sent)
        judge_parted(l->relay->whole, of);
    pthread_mutex_unlock(&l->relay->lock);
}

static outcome take(lane *l, const piece *p)
{
    run *share = l->share;
    bool is_whole = p->is_whole;
    outcome done = OUTCOME_DONE;

    if (p->begins) {
        const flowenrich_source source = run_source(p->of->found.name);

        l->before = judge_count(share);
        done = feed_begin(share, p->of->found.name, &source);
        share->of.line = p->line;
    }
    if (done == OUTCOME_DONE)
        done = feed_data(share, p->data, p->len);
    progress_update(&share->shown, 0, share->kept);
    if (done != OUTCOME_DONE || !p->ends)
        return done;
    done = feed_end(share, &is_whole);
    end_part(l, p, is_whole);
    return done;
}

/* The next piece; NULL: there are no more. */
static const piece *wait_for_piece(lane *l)
{
    bool is_there;

    pthread_mutex_lock(&l->relay->lock);
    while (l->taken == l->sent && !l->relay->is_over)
        pthread_cond_wait(&l->relay->moved, &l->relay->lock);
    is_there = l->taken < l->sent;
    pthread_mutex_unlock(&l->relay->lock);
    return is_there ? &l->pieces[l->taken % PIECES] : NULL;
}

static void give_back(lane *l)
{
    pthread_mutex_lock(&l->relay->lock);
    l->taken++;
    pthread_cond_broadcast(&l->relay->moved);
    pthread_mutex_unlock(&l->relay->lock);
}

/* Whatever happens pieces are taken, or the reader would wait for ever. */
static void *run_lane(void *ctx)
{
    lane *l = ctx;
    run *whole = l->relay->whole;
    const piece *p;

    l->share->sink = *l->to;
    while ((p = wait_for_piece(l)) != NULL) {
        if (l->done == OUTCOME_DONE && !whole->stops)
            l->done = take(l, p);
        if (l->done != OUTCOME_DONE)
            whole->stops = true;
        give_back(l);
    }
    if (l->done == OUTCOME_DONE && !whole->stops)
        l->done = feed_finish(l->share);
    return NULL;
}

/* ---- The reader. ---- */

/* What was read of a file and isn't sent yet. */
typedef struct reading {
    relay *relay;
    parted *of;
    lane *to; /* of the part at hand */
    char *data, *header;
    size_t len, header_len;
    uint64_t lines; /* before it */
    bool begins;    /* a part */
    bool is_first;  /* nothing of the file was sent */
    bool can_cut;
} reading;

static void begin_part(reading *in)
{
    in->to = &in->relay->lanes[in->relay->next++ % in->relay->n];
    in->begins = true;
}

/* Send what there is up to 'len'; the thread's buffer takes the place of ours. */
static void send_piece(reading *in, size_t len, bool ends, bool is_whole)
{
    relay *r = in->relay;
    const size_t before = ends && in->can_cut ? in->header_len : 0, behind = in->len - len;
    piece *p = &in->to->pieces[in->to->sent % PIECES];
    char *free_data;

    pthread_mutex_lock(&r->lock);
    while (in->to->sent - in->to->taken == PIECES)
        pthread_cond_wait(&r->moved, &r->lock);
    pthread_mutex_unlock(&r->lock);
    free_data = p->data;
    memcpy(free_data, in->header, before);
    memcpy(free_data + before, in->data + len, behind);
    *p = (piece){ in->of, in->lines, in->begins, ends, is_whole, in->data, len };
    in->data = free_data;
    in->len = before + behind;

    pthread_mutex_lock(&r->lock);
    in->of->parts += in->begins;
    in->of->open += in->begins;
    in->to->sent++;
    pthread_cond_broadcast(&r->moved);
    pthread_mutex_unlock(&r->lock);
    in->begins = in->is_first = false;
}

/* Cut what there is in two; if that can't be done, all that comes is for one thread. */
static void send_part(reading *in)
{
    uint64_t lines = 0;
    size_t cut;

    if (in->is_first) {
        in->can_cut =
            cut_begin(in->data, in->len, &in->header_len) && in->header_len <= MOST_HEADER;
        memcpy(in->header, in->data, in->can_cut ? in->header_len : 0);
    }
    cut = in->can_cut ? cut_find(in->data, in->len, in->header_len, &lines) : 0;
    in->can_cut = in->can_cut && cut > in->len / 2;
    send_piece(in, in->can_cut ? cut : in->len, in->can_cut, true);
    if (!in->can_cut)
        return;
    in->lines += lines;
    begin_part(in);
}

/* The windows of an open file. False: it couldn't be read to its end. */
static bool send_windows(reading *in)
{
    run *whole = in->relay->whole;
    const char *data, *other;
    bool is_whole = true;
    size_t len;

    for (bool first = true; !whole->stops; first = false) {
        is_whole = input_next(&whole->input, &data, &len) == OUTCOME_DONE;
        if (!is_whole || len == 0)
            break;
        other = first ? input_is_no_log(data, len) : NULL;
        if (other) {
            failure("%s: %s", whole->input.name, other);
            return false;
        }
        memcpy(in->data + in->len, data, len);
        in->len += len;
        if (in->len >= RELAY_PIECE)
            send_part(in);
        progress_update(&whole->shown, whole->bytes + whole->input.bytes, 0);
    }
    in->can_cut = false;
    if (in->len > 0 || !in->begins)
        send_piece(in, in->len, true, is_whole);
    return is_whole;
}

static void end_file(reading *in, bool is_whole)
{
    relay *r = in->relay;
    parted *of = in->of;

    pthread_mutex_lock(&r->lock);
    of->is_whole = of->is_whole && is_whole;
    of->bytes = r->whole->input.bytes;
    of->is_sent = true;
    if (of->open == 0)
        judge_parted(r->whole, of);
    pthread_mutex_unlock(&r->lock);
}

static void send_file(reading *in, const char *path, parted *of)
{
    run *whole = in->relay->whole;

    *of = (parted){ .found.name = path, .is_whole = true };
    if (input_open(&whole->input, path) != OUTCOME_DONE) {
        end_file(in, false);
        return;
    }
    in->of = of;
    in->len = in->header_len = 0;
    in->lines = 0;
    in->is_first = true;
    begin_part(in);
    end_file(in, send_windows(in));
    whole->read++;
    whole->bytes += whole->input.bytes;
    input_close(&whole->input);
}

/* ---- All of them. ---- */

static bool make_lane(lane *l, relay *of, run *share, const sink *to)
{
    bool has_memory = true;

    *l = (lane){ .relay = of, .share = share, .to = to };
    for (size_t i = 0; i < PIECES; i++) {
        l->pieces[i].data = malloc(ROOM);
        has_memory = has_memory && l->pieces[i].data;
    }
    return has_memory;
}

/* Lanes are made until one can't be. */
static void start(relay *r, const sink *sinks)
{
    while (r->n < r->whole->n_shares) {
        lane *l = &r->lanes[r->n];

        if (!make_lane(l, r, &r->whole->shares[r->n], &sinks[r->n]) ||
            pthread_create(&l->thread, NULL, run_lane, l) != 0)
            break;
        r->n++;
    }
}

static outcome finish(relay *r)
{
    outcome done = OUTCOME_DONE;

    pthread_mutex_lock(&r->lock);
    r->is_over = true;
    pthread_cond_broadcast(&r->moved);
    pthread_mutex_unlock(&r->lock);
    for (size_t i = 0; i < r->n; i++) {
        pthread_join(r->lanes[i].thread, NULL);
        if (done == OUTCOME_DONE)
            done = r->lanes[i].done;
    }
    return done;
}

static void free_relay(relay *r)
{
    for (size_t i = 0; r->lanes && i < r->whole->n_shares; i++)
        for (size_t k = 0; k < PIECES; k++)
            free(r->lanes[i].pieces[k].data);
    free(r->lanes);
    pthread_cond_destroy(&r->moved);
    pthread_mutex_destroy(&r->lock);
}

outcome relay_run(run *whole, const sink *sinks, bool *started)
{
    const file_list *files = &whole->files;
    relay r = { .whole = whole,
                .lock = PTHREAD_MUTEX_INITIALIZER,
                .moved = PTHREAD_COND_INITIALIZER };
    reading in = { .relay = &r, .data = malloc(ROOM), .header = malloc(MOST_HEADER) };
    parted *parts = calloc(files->n, sizeof *parts);
    outcome done = OUTCOME_DONE;

    r.lanes = calloc(whole->n_shares, sizeof *r.lanes);
    if (in.data && in.header && parts && r.lanes)
        start(&r, sinks);
    else
        done = failure_no_memory();
    *started = r.n > 0;
    for (size_t i = 0; r.n > 0 && i < files->n && !whole->stops; i++)
        send_file(&in, files->items[i].path, &parts[i]);
    if (done == OUTCOME_DONE)
        done = finish(&r);
    free(in.data);
    free(in.header);
    free(parts);
    free_relay(&r);
    return done;
}
