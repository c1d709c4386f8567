/* SPDX-License-Identifier: Apache-2.0 */
/* baseline KIND FOLDER: tables of "who has it now", as people write them; and a wrong one. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "text.h"

typedef enum kind {
    LAST_WRITE,      /* whoever was last heard of at an address, from whatever source */
    LATEST_SNAPSHOT, /* whoever had it when everything was last described */
    WRONG            /* as LAST_WRITE, but the next one in the table: the scorer must see it */
} kind;

/* Owner of each (VPC, address), and of each address for those that ask from another VPC. */
typedef struct table {
    names keys;
    uint32_t *owners; /* number of the id, 0 = nobody */
    size_t capacity;
} table;

typedef struct baseline {
    kind kind;
    const char *folder;
    table here, anywhere;
    names ids;
    lines known;
    char *row[MOST_PARTS]; /* the next one of known.tsv */
    bool more;
    uint64_t snapshot; /* when the last one arrived */
} baseline;

static uint32_t *owner_at(table *in, const char *key)
{
    const uint32_t number = names_number(&in->keys, key);

    while (number >= in->capacity) {
        const size_t had = in->capacity;

        in->owners = grown(in->owners, had, &in->capacity, sizeof *in->owners);
        memset(in->owners + had, 0, (in->capacity - had) * sizeof *in->owners);
    }
    return &in->owners[number];
}

static void hold(baseline *of, const char *vpc, const char *address, const char *owner)
{
    char key[128];
    const uint32_t number = names_number(&of->ids, owner);

    snprintf(key, sizeof key, "%s %s", vpc, address);
    *owner_at(&of->here, key) = number;
    *owner_at(&of->anywhere, address) = number;
}

static void forget(table *what)
{
    memset(what->owners, 0, what->capacity * sizeof *what->owners);
}

/* Take in what had come to be known when a file arrived. */
static void catch_up(baseline *of, uint64_t time)
{
    for (; of->more && number_of(of->row[0]) <= time;
         of->more = lines_next(&of->known, '\t', of->row) == 5) {
        if (of->kind == LATEST_SNAPSHOT) {
            if (strcmp(of->row[1], "snapshot") != 0)
                continue;
            if (number_of(of->row[0]) != of->snapshot && of->snapshot != 0) {
                forget(&of->here);
                forget(&of->anywhere);
            }
            of->snapshot = number_of(of->row[0]);
        }
        hold(of, of->row[2], of->row[3], of->row[4]);
    }
}

/* "10.0.32.23" is in "10.0.32.16/28". */
static void to_block(const char *address, char *out, size_t size)
{
    const char *const last = strrchr(address, '.');

    if (last == NULL)
        snprintf(out, size, "%s", address);
    else
        snprintf(out, size, "%.*s.%d/28", (int)(last - address), address, atoi(last + 1) & ~15);
}

static uint32_t look_up(baseline *of, const char *vpc, const char *address)
{
    char key[128], block[64];
    uint32_t found;

    to_block(address, block, sizeof block);
    snprintf(key, sizeof key, "%s %s", vpc, address);
    if ((found = *owner_at(&of->here, key)) != 0)
        return found;
    snprintf(key, sizeof key, "%s %s", vpc, block);
    if ((found = *owner_at(&of->here, key)) != 0)
        return found;
    if ((found = *owner_at(&of->anywhere, address)) != 0)
        return found;
    return *owner_at(&of->anywhere, block);
}

/* The columns of one file; NONE = the format has no such field. */
typedef struct columns {
    size_t interface_id, src, dst, direction, log_status;
} columns;

#define NONE SIZE_MAX

static size_t column(char **parts, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(parts[i], name) == 0)
            return i;
    return NONE;
}

static columns read_header(char **parts, size_t n)
{
    columns out = { column(parts, n, "interface-id"), column(parts, n, "pkt-srcaddr"),
                    column(parts, n, "pkt-dstaddr"), column(parts, n, "flow-direction"),
                    column(parts, n, "log-status") };

    if (out.src == NONE || out.dst == NONE) {
        out.src = column(parts, n, "srcaddr");
        out.dst = column(parts, n, "dstaddr");
    }
    if (out.src == NONE || out.dst == NONE || out.interface_id == NONE || out.log_status == NONE)
        give_up("a format without addresses, interface or status", "baseline");
    return out;
}

static void answer(baseline *of, const char *file, uint64_t line, const char *end, const char *vpc,
                   const char *address)
{
    uint32_t found = look_up(of, vpc, address);

    if (of->kind == WRONG && found != 0)
        found = found + 1 < of->ids.len ? found + 1 : 1;
    printf("%s\t%llu\t%s\t%s\t\t%s\n", file, (unsigned long long)line, end, of->ids.items[found],
           found == 0 ? "not in table" : "");
}

static void resolve_file(baseline *of, const char *file, const char *path, const char *vpc)
{
    lines from;
    char *parts[MOST_PARTS];
    columns at;
    uint64_t line = 1;
    size_t n;

    lines_open(&from, of->folder, path);
    at = read_header(parts, lines_next(&from, ' ', parts));
    while ((n = lines_next(&from, ' ', parts)) > 0) {
        line++;
        if (strcmp(parts[at.log_status], "OK") != 0)
            continue;
        if (of->kind != LATEST_SNAPSHOT && at.direction != NONE)
            hold(of, vpc, parts[parts[at.direction][0] == 'e' ? at.src : at.dst],
                 parts[at.interface_id]);
        answer(of, file, line, "src", vpc, parts[at.src]);
        answer(of, file, line, "dst", vpc, parts[at.dst]);
    }
    lines_close(&from);
}

int main(int argc, char **argv)
{
    static const char *const kinds[] = { "last-write", "latest-snapshot", "wrong" };
    static baseline of;
    lines files;
    char *parts[MOST_PARTS];

    if (argc != 3)
        give_up("usage: baseline last-write|latest-snapshot|wrong FOLDER", "arguments");
    while (strcmp(argv[1], kinds[of.kind]) != 0)
        if (++of.kind > WRONG)
            give_up("no such kind", argv[1]);
    of.folder = argv[2];
    names_number(&of.ids, "-");
    lines_open(&of.known, of.folder, "known.tsv");
    lines_next(&of.known, '\t', of.row);
    of.more = lines_next(&of.known, '\t', of.row) == 5;

    lines_open(&files, of.folder, "files.tsv");
    lines_next(&files, '\t', parts);
    while (lines_next(&files, '\t', parts) == 6) {
        catch_up(&of, number_of(parts[5]));
        resolve_file(&of, parts[0], parts[1], parts[3]);
    }
    lines_close(&files);
    lines_close(&of.known);
    names_free(&of.ids);
    names_free(&of.here.keys);
    names_free(&of.anywhere.keys);
    free(of.here.owners);
    free(of.anywhere.owners);
    return EXIT_SUCCESS;
}
