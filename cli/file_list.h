/* SPDX-License-Identifier: Apache-2.0 */
/* The files that arguments stand for. */
#ifndef CLI_FILE_LIST_H
#define CLI_FILE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"

typedef struct file {
    char *path;               /* "-" is stdin */
    uint64_t size;            /* 0 if it isn't a regular file */
    flowenrich_time modified; /* when it was last changed; now, if it is stdin */
    size_t number;            /* in the order in which they were added */
} file;

typedef struct file_list {
    file *items;
    size_t n, capacity;
    uint64_t bytes;  /* of all of them */
    bool unsized;    /* some are pipes: how much there is to read isn't known */
    uint64_t failed; /* arguments that stand for nothing */
} file_list;

/*
 * Add a file, or those below a folder whose names have one of the 'endings' (NULL-terminated),
 * in the order of their names. What can't be had is said, counted, and no reason to stop.
 *
 * @param kinds  What the endings stand for, for messages: "logs (*.log, …)".
 */
outcome file_list_add(file_list *list, const char *path, const char *const *endings,
                      const char *kinds);

/*
 * Order the files by the time in the names that AWS gives them, others first and as they were:
 * by name alone, all of one flow log comes before all of the next.
 */
void file_list_order(file_list *list);

/* Whether that order is the one of time: there is one file, or all names tell theirs. */
bool file_list_is_dated(const file_list *list);

void file_list_free(file_list *list);

#endif
