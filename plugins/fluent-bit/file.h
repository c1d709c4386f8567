/* SPDX-License-Identifier: Apache-2.0 */
/* Files: all of one, and those that a list of paths names. */
#ifndef PLUGIN_FILE_H
#define PLUGIN_FILE_H

#include "buffer.h"
#include "say.h"

/* Append all of a file. False: it can't be read, or there is no memory; `why` has a sentence. */
bool file_read(buffer *out, const char *path, char why[SENTENCE]);

typedef struct file_list {
    char **paths;
    size_t n, capacity;
    uint64_t state; /* another one once a file came, went or changed */
} file_list;

/*
 * List what `text` names, paths parted by commas: files, and folders, of which the *.json below
 * count. The files are looked at, not opened.
 */
bool file_list_make(file_list *out, const char *text, char why[SENTENCE]);
void file_list_free(file_list *list);

#endif
