/* SPDX-License-Identifier: Apache-2.0 */
/* mirror [--careful] FOLDER: names the far end of a record by the far end's own record of the same
 * packets, and by nothing else: what that rule alone can do and can't. Needs pkt-*, ports and
 * flow-direction. Careful: what went unanswered isn't named by a record of what was answered. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "text.h"

enum { SLACK = 60 }; /* seconds that start and end may be late */

typedef struct sighting {
    uint64_t tuple; /* hash of addresses, ports and protocol… */
    uint64_t back;  /* …and of those the other way round */
    uint64_t start, end;
    uint32_t observer;
    uint32_t next; /* of the bucket */
    bool egress;
} sighting;

typedef struct book {
    names ids;
    sighting *items;
    size_t len, capacity;
    uint32_t *buckets;
    size_t n_buckets; /* a power of two */
    bool careful;
} book;

#define NONE UINT32_MAX

enum { INTERFACE, SRC, DST, SRC_PORT, DST_PORT, PROTOCOL, START, END, DIRECTION, STATUS, COLUMNS };

static const char *const fields[COLUMNS] = {
    "interface-id", "pkt-srcaddr", "pkt-dstaddr", "srcport",        "dstport",
    "protocol",     "start",       "end",         "flow-direction", "log-status",
};

static uint64_t tuple_of(char **parts, const size_t *at, bool back)
{
    static const uint8_t orders[][5] = { { SRC, SRC_PORT, DST, DST_PORT, PROTOCOL },
                                         { DST, DST_PORT, SRC, SRC_PORT, PROTOCOL } };
    uint64_t sum = 0xcbf29ce484222325u;

    for (size_t i = 0; i < sizeof orders[back]; i++) {
        for (const char *c = parts[at[orders[back][i]]]; *c != '\0'; c++)
            sum = (sum ^ (unsigned char)*c) * 0x100000001b3u;
        sum = (sum ^ ' ') * 0x100000001b3u;
    }
    return sum ^ sum >> 32;
}

typedef void each_record(book *in, const char *file, uint64_t line, const sighting *what);

/* @return Whether the file's format has all that is needed. */
static bool find_columns(char **parts, size_t n, size_t *at)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        for (at[i] = 0; at[i] < n && strcmp(parts[at[i]], fields[i]) != 0;)
            at[i]++;
        if (at[i] == n)
            return false;
    }
    return true;
}

static void read_file(book *in, const char *folder, char **file, each_record *each)
{
    lines from;
    char *parts[MOST_PARTS];
    size_t at[COLUMNS];
    uint64_t line = 1;

    lines_open(&from, folder, file[1]);
    if (find_columns(parts, lines_next(&from, ' ', parts), at))
        while (lines_next(&from, ' ', parts) > 0) {
            line++;
            if (strcmp(parts[at[STATUS]], "OK") == 0)
                each(in, file[0], line,
                     &(sighting){ .tuple = tuple_of(parts, at, false),
                                  .back = tuple_of(parts, at, true),
                                  .start = number_of(parts[at[START]]),
                                  .end = number_of(parts[at[END]]),
                                  .observer = names_number(&in->ids, parts[at[INTERFACE]]),
                                  .egress = parts[at[DIRECTION]][0] == 'e' });
        }
    lines_close(&from);
}

static void read_all(book *in, const char *folder, each_record *each)
{
    lines files;
    char *parts[MOST_PARTS];

    lines_open(&files, folder, "files.tsv");
    lines_next(&files, '\t', parts);
    while (lines_next(&files, '\t', parts) > 0)
        read_file(in, folder, parts, each);
    lines_close(&files);
}

static void keep(book *in, const char *file, uint64_t line, const sighting *what)
{
    (void)file;
    (void)line;
    in->items = grown(in->items, in->len, &in->capacity, sizeof *in->items);
    in->items[in->len++] = *what;
}

static void sort_into_buckets(book *in)
{
    for (in->n_buckets = 64; in->n_buckets < in->len; in->n_buckets *= 2)
        ;
    in->buckets = made(in->n_buckets, sizeof *in->buckets);
    memset(in->buckets, 0xff, in->n_buckets * sizeof *in->buckets);
    for (size_t i = 0; i < in->len; i++) {
        uint32_t *const bucket = &in->buckets[in->items[i].tuple & (in->n_buckets - 1)];

        in->items[i].next = *bucket;
        *bucket = (uint32_t)i;
    }
}

static const sighting *first_of(const book *in, uint64_t tuple)
{
    const uint32_t i = in->buckets[tuple & (in->n_buckets - 1)];

    return i == NONE ? NULL : &in->items[i];
}

static const sighting *next_of(const book *in, const sighting *after)
{
    return after->next == NONE ? NULL : &in->items[after->next];
}

/* Whether its observer saw packets go the other way in the same window, of the same bounds. */
static bool is_answered(const book *in, const sighting *what)
{
    for (const sighting *other = first_of(in, what->back); other != NULL;
         other = next_of(in, other))
        if (other->tuple == what->back && other->observer == what->observer &&
            other->start == what->start && other->end == what->end)
            return true;
    return false;
}

/* Traffic of either lies somewhere in [start - SLACK, end]. */
static bool mirrors(const sighting *what, const sighting *other)
{
    return what->tuple == other->tuple && what->egress != other->egress &&
           what->start <= other->end + SLACK && other->start <= what->end + SLACK;
}

/* What goes on to nobody overlaps the last record of who was there by the slack alone. */
static bool agrees(const book *in, const sighting *what, const sighting *other)
{
    return !in->careful || is_answered(in, what) || !is_answered(in, other);
}

static void answer(book *in, const char *file, uint64_t line, const sighting *what)
{
    uint32_t found = NONE;
    bool several = false, agreed = false;

    for (const sighting *other = first_of(in, what->tuple); other != NULL;
         other = next_of(in, other))
        if (mirrors(what, other)) {
            several = several || (found != NONE && found != other->observer);
            agreed = agreed || agrees(in, what, other);
            found = other->observer;
        }
    printf("%s\t%llu\t%s\t%s\texact\t\n", file, (unsigned long long)line,
           what->egress ? "src" : "dst", in->ids.items[what->observer]);
    printf("%s\t%llu\t%s\t%s\t\t%s\n", file, (unsigned long long)line, what->egress ? "dst" : "src",
           several || !agreed ? "-" : in->ids.items[found],
           several         ? "owner_changed"
           : found == NONE ? "no mirror"
           : !agreed       ? "unanswered"
                           : "");
}

int main(int argc, char **argv)
{
    static book whole;

    whole.careful = argc == 3 && strcmp(argv[1], "--careful") == 0;
    if (argc != 2 + whole.careful)
        give_up("usage: mirror [--careful] FOLDER", "arguments");
    read_all(&whole, argv[argc - 1], keep);
    sort_into_buckets(&whole);
    read_all(&whole, argv[argc - 1], answer);
    names_free(&whole.ids);
    free(whole.items);
    free(whole.buckets);
    return EXIT_SUCCESS;
}
