/* SPDX-License-Identifier: Apache-2.0 */
/* Files: all of one, and those that a list of paths names. */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define PIECE ((size_t)1 << 16)
#define LONGEST_PATH 4096

bool file_read(buffer *out, const char *path, char why[SENTENCE])
{
    FILE *file = fopen(path, "rb");
    bool is_read;

    if (!file)
        return fail_with(why, "%s: %s", path, strerror(errno));
    while (buffer_reserve(out, PIECE)) {
        const size_t n = fread(out->data + out->len, 1, PIECE, file);

        out->len += n;
        if (n < PIECE)
            break;
    }
    is_read = !ferror(file) && !out->failed;
    if (!is_read)
        fail_with(why, "%s: %s", path, out->failed ? "out of memory" : strerror(errno));
    fclose(file);
    return is_read;
}

static void mix(uint64_t *state, uint64_t value)
{
    *state = (*state ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    *state ^= *state >> 32;
}

static bool add(file_list *list, const char *path, const struct stat *is)
{
    char **paths = list->paths;

    if (list->n == list->capacity) {
        const size_t capacity = list->capacity ? 2 * list->capacity : 8;

        paths = realloc(paths, capacity * sizeof *paths);
        if (!paths)
            return false;
        list->paths = paths;
        list->capacity = capacity;
    }
    paths[list->n] = strdup(path);
    if (!paths[list->n])
        return false;
    list->n++;
    for (const char *c = path; *c; c++)
        mix(&list->state, (uint8_t)*c);
    mix(&list->state, (uint64_t)is->st_ino);
    mix(&list->state, (uint64_t)is->st_size);
    mix(&list->state, (uint64_t)is->st_mtim.tv_sec);
    mix(&list->state, (uint64_t)is->st_mtim.tv_nsec);
    return true;
}

static bool is_document(const char *path)
{
    const size_t len = strlen(path);

    return len > 5 && strcmp(path + len - 5, ".json") == 0;
}

static int is_shown(const struct dirent *entry)
{
    return *entry->d_name != '.';
}

static bool add_path(file_list *list, const char *path, bool is_named, char why[SENTENCE]);

/* In the order of their names, so that the same folder always has the same state. */
static bool add_folder(file_list *list, const char *folder, char why[SENTENCE])
{
    struct dirent **entries;
    const int n = scandir(folder, &entries, is_shown, alphasort);
    bool is_added = true;

    if (n < 0)
        return fail_with(why, "%s: %s", folder, strerror(errno));
    for (int i = 0; i < n; i++) {
        char path[LONGEST_PATH + sizeof entries[i]->d_name + 1];

        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        is_added = is_added && add_path(list, path, false, why);
        free(entries[i]);
    }
    free(entries);
    return is_added;
}

/* What the user names is read whatever it is called. */
static bool add_path(file_list *list, const char *path, bool is_named, char why[SENTENCE])
{
    struct stat is;

    if (strlen(path) >= LONGEST_PATH)
        return fail_with(why, "%s: the path is too long", path);
    if (stat(path, &is) != 0)
        return fail_with(why, "%s: %s", path, strerror(errno));
    if (S_ISDIR(is.st_mode))
        return add_folder(list, path, why);
    return !(is_named || is_document(path)) || add(list, path, &is) ||
           fail_with(why, "out of memory");
}

bool file_list_make(file_list *out, const char *text, char why[SENTENCE])
{
    *out = (file_list){ 0 };
    while (*text) {
        const size_t len = strcspn(text, ",");
        const char *end = text + len;
        char path[LONGEST_PATH + 1]; /* one that is cut short is still too long */

        while (text < end && *text == ' ')
            text++;
        while (end > text && end[-1] == ' ')
            end--;
        snprintf(path, sizeof path, "%.*s", (int)(end - text), text);
        if (end > text && !add_path(out, path, true, why)) {
            file_list_free(out);
            return false;
        }
        text = end + strcspn(end, ",");
        text += *text == ',';
    }
    return out->n > 0 || fail_with(why, "Catalog names no file: JSON, or a folder of *.json");
}

void file_list_free(file_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (file_list){ 0 };
}
