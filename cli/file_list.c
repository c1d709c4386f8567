/* SPDX-License-Identifier: Apache-2.0 */
/* The files that arguments stand for. */
#include "file_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "message.h"

#define DEEPEST 64 /* folders in folders; buckets have a dozen */

/* A walk through one folder. */
typedef struct walk {
    file_list *list;
    const char *const *endings;
    size_t passed_over; /* files of other names */
} walk;

static outcome append(file_list *list, const char *path, const struct stat *info)
{
    const bool regular = info && S_ISREG(info->st_mode);
    const uint64_t size = regular ? (uint64_t)info->st_size : 0;

    if (list->n == list->capacity) {
        const size_t capacity = list->capacity * 2 + 16;
        file *items = realloc(list->items, capacity * sizeof *items);

        if (items == NULL)
            return failure_no_memory();
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n] =
        (file){ strdup(path), size, info ? info->st_mtime : time(NULL), list->n };
    if (list->items[list->n].path == NULL)
        return failure_no_memory();
    list->n++;
    list->bytes += size;
    list->unsized = list->unsized || !regular;
    return OUTCOME_DONE;
}

static bool ends_as(const char *name, const char *const *endings)
{
    const size_t len = strlen(name);

    for (; *endings; endings++) {
        const size_t ending = strlen(*endings);

        if (len > ending && strcmp(name + len - ending, *endings) == 0)
            return true;
    }
    return false;
}

/* Hidden files are nobody's logs. */
static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Bytes, not the locale: the same order everywhere. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static outcome walk_folder(walk *through, const char *folder, unsigned depth);

/* Links to files are followed, links to folders aren't: they may lead round in a circle. */
static outcome visit(walk *through, const char *path, const char *name, unsigned depth)
{
    struct stat info;

    if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return walk_folder(through, path, depth + 1);
    if (stat(path, &info) != 0) {
        through->list->failed++;
        failure("%s: %s", path, strerror(errno));
        return OUTCOME_DONE;
    }
    if (S_ISREG(info.st_mode) && ends_as(name, through->endings))
        return append(through->list, path, &info);
    through->passed_over += S_ISREG(info.st_mode);
    return OUTCOME_DONE;
}

static char *join(const char *folder, const char *name)
{
    const size_t len = strlen(folder);
    const char *slash = len > 0 && folder[len - 1] == '/' ? "" : "/";
    char *path = malloc(len + strlen(name) + 2);

    if (path)
        sprintf(path, "%s%s%s", folder, slash, name);
    return path;
}

static outcome walk_folder(walk *through, const char *folder, unsigned depth)
{
    struct dirent **entries = NULL;
    const int n = depth < DEEPEST ? scandir(folder, &entries, is_visible, by_name) : -1;
    outcome done = OUTCOME_DONE;

    if (n < 0) {
        through->list->failed++;
        failure("%s: %s", folder, depth < DEEPEST ? strerror(errno) : "too deep a folder");
        return OUTCOME_DONE;
    }
    for (int i = 0; i < n; i++) {
        char *path = join(folder, entries[i]->d_name);

        if (done == OUTCOME_DONE)
            done = path ? visit(through, path, entries[i]->d_name, depth) : failure_no_memory();
        free(path);
        free(entries[i]);
    }
    free(entries);
    return done;
}

static outcome add_folder(file_list *list, const char *path, const char *const *endings,
                          const char *kinds)
{
    walk through = { list, endings, 0 };
    const size_t before = list->n;
    const outcome done = walk_folder(&through, path, 0);

    if (done == OUTCOME_DONE && list->n == before && list->failed == 0) {
        list->failed++;
        failure("%s: this folder has no %s; files of other names must be named one by one", path,
                kinds);
    } else if (through.passed_over > 0) {
        notice("%s: passed over, for they aren't %s: %zu", path, kinds, through.passed_over);
    }
    return done;
}

outcome file_list_add(file_list *list, const char *path, const char *const *endings,
                      const char *kinds)
{
    struct stat info;

    if (strcmp(path, "-") == 0)
        return append(list, path, NULL);
    if (stat(path, &info) != 0) {
        list->failed++;
        failure("%s: %s", path, strerror(errno));
        return OUTCOME_DONE;
    }
    if (S_ISDIR(info.st_mode))
        return add_folder(list, path, endings, kinds);
    return append(list, path, &info);
}

/* "20260302T1205Z" of "..._fl-0a1b_20260302T1205Z_0c1d.log.gz"; "" if there is none. */
static const char *stamp_of(const char *path)
{
    static const char shape[] = "_00000000T0000Z_";
    const char *slash = strrchr(path, '/');

    for (const char *at = slash ? slash + 1 : path; *at; at++) {
        size_t i = 0;

        while (shape[i] && (shape[i] == '0' ? at[i] >= '0' && at[i] <= '9' : at[i] == shape[i]))
            i++;
        if (shape[i] == '\0')
            return at + 1;
    }
    return "";
}

static int by_stamp(const void *a, const void *b)
{
    enum { STAMP = sizeof "20260302T1205Z" - 1 };
    const file *first = a, *second = b;
    const int order = strncmp(stamp_of(first->path), stamp_of(second->path), STAMP);

    return order ? order : (first->number > second->number) - (first->number < second->number);
}

void file_list_order(file_list *list)
{
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_stamp);
}

bool file_list_is_dated(const file_list *list)
{
    for (size_t i = 0; i < list->n && list->n > 1; i++)
        if (*stamp_of(list->items[i].path) == '\0')
            return false;
    return true;
}

void file_list_free(file_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i].path);
    free(list->items);
}
