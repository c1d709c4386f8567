/* SPDX-License-Identifier: Apache-2.0 */
/* Strings numbered in the order they are first seen; and lines of tab-separated files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "text.h"

static uint64_t hash(const char *name)
{
    uint64_t sum = 0xcbf29ce484222325u;

    for (; *name != '\0'; name++)
        sum = (sum ^ (unsigned char)*name) * 0x100000001b3u;
    return sum ^ sum >> 29;
}

static uint32_t *find(const names *of, const char *name)
{
    size_t at = hash(name) & (of->n_slots - 1);

    while (of->slots[at] != 0 && strcmp(of->items[of->slots[at] - 1], name) != 0)
        at = (at + 1) & (of->n_slots - 1);
    return &of->slots[at];
}

static void widen(names *of)
{
    of->n_slots = of->n_slots > 0 ? of->n_slots * 2 : 64;
    free(of->slots);
    of->slots = made(of->n_slots, sizeof *of->slots);
    for (size_t i = 0; i < of->len; i++)
        *find(of, of->items[i]) = (uint32_t)i + 1;
}

uint32_t names_number(names *of, const char *name)
{
    uint32_t *at;

    if (of->len * 2 >= of->n_slots)
        widen(of);
    at = find(of, name);
    if (*at == 0) {
        of->items = grown(of->items, of->len, &of->capacity, sizeof *of->items);
        of->items[of->len] = strcpy(made(strlen(name) + 1, 1), name);
        *at = (uint32_t)++of->len;
    }
    return *at - 1;
}

void names_free(names *what)
{
    for (size_t i = 0; i < what->len; i++)
        free(what->items[i]);
    free(what->items);
    free(what->slots);
}

void lines_open(lines *out, const char *folder, const char *path)
{
    char whole[4096];

    *out = (lines){ .file = stdin };
    if (strcmp(path, "-") == 0)
        return;
    snprintf(whole, sizeof whole, "%s%s%s", folder, *folder != '\0' ? "/" : "", path);
    out->file = fopen(whole, "rb");
    if (out->file == NULL)
        give_up(strerror(errno), whole);
}

size_t lines_next(lines *of, char separator, char **parts)
{
    ssize_t len = getline(&of->line, &of->capacity, of->file);
    size_t n = 0;
    char *at = of->line;

    if (len <= 0)
        return 0;
    if (of->line[len - 1] == '\n')
        of->line[--len] = '\0';
    while (n < MOST_PARTS) {
        parts[n++] = at;
        at = memchr(at, separator, (size_t)(of->line + len - at));
        if (at == NULL)
            break;
        *at++ = '\0';
    }
    return n;
}

void lines_close(lines *what)
{
    if (ferror(what->file))
        give_up("can't be read", "input");
    if (what->file != stdin)
        fclose(what->file);
    free(what->line);
}

uint64_t number_of(const char *digits)
{
    uint64_t number = 0;

    for (; *digits >= '0' && *digits <= '9'; digits++)
        number = number * 10 + (uint64_t)(*digits - '0');
    if (*digits != '\0')
        give_up("not a number", digits);
    return number;
}
