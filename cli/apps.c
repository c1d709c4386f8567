/* SPDX-License-Identifier: Apache-2.0 */
/* The apps that an inventory has, for who asked about one that it hasn't. */
#include "apps.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "text.h"
#include "value.h"

enum { MOST = 1024, SHOWN = 8, ROWS = 256, LONGEST = 64 };

typedef struct apps {
    char names[MOST][LONGEST];
    size_t n;
} apps;

static bool has(const apps *of, const char *name)
{
    for (size_t i = 0; i < of->n; i++)
        if (strcmp(of->names[i], name) == 0)
            return true;
    return false;
}

static void note(apps *to, flowenrich_batch *owners)
{
    flowenrich_column tags;

    if (value_column(owners, "tags.app", &tags, NULL) != FLOWENRICH_OK)
        return;
    for (size_t row = 0; row < tags.rows && to->n < MOST; row++) {
        char buf[VALUE_TEXT], name[LONGEST];
        value app;

        value_get(&tags, row, buf, &app);
        if (app.n == 0 || app.one.len >= sizeof name)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)app.one.len, app.one.data);
        if (!has(to, name))
            strcpy(to->names[to->n++], name);
    }
}

/* Of everybody who ever held an address. */
static void collect(apps *to, flowenrich_snapshot *snapshot)
{
    flowenrich_batch *owners;
    uint64_t cursor = 0;

    if (flowenrich_batch_new(&owners, ROWS, NULL, NULL) != FLOWENRICH_OK)
        return;
    while (flowenrich_snapshot_history(snapshot, NULL, &cursor, owners, NULL) == FLOWENRICH_OK &&
           flowenrich_batch_rows(owners) > 0)
        note(to, owners);
    flowenrich_batch_free(owners);
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Keep those that hold what was asked for, or are a slip away from it; if there are none, all. */
static bool keep_alike(apps *of, const char *asked)
{
    const char *names[MOST], *nearest;
    size_t n = 0;

    for (size_t i = 0; i < of->n; i++)
        names[i] = of->names[i];
    nearest = text_nearest(asked, names, of->n);
    for (size_t i = 0; i < of->n; i++)
        if (names[i] == nearest || strstr(names[i], asked) || strstr(asked, names[i]))
            names[n++] = names[i];
    for (size_t i = 0; i < n; i++)
        memmove(of->names[i], names[i], LONGEST);
    of->n = n > 0 ? n : of->n;
    return n > 0;
}

static void tell(apps *of, const char *asked)
{
    char list[SHOWN * (LONGEST + 2)] = "";
    const bool alike = keep_alike(of, asked);
    const size_t shown = of->n < SHOWN ? of->n : SHOWN;
    size_t len = 0;

    for (size_t i = 0; i < shown; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "",
                                of->names[i]);
    if (of->n == 0)
        notice("nobody in the inventory has the tag app: ask for other tags by 'aggregate --level "
               "conversation --where server.tags.KEY=VALUE'");
    else
        notice("nobody in the inventory has app=%s; %s: %s%s", asked,
               alike ? "alike are" : "there are", list, of->n > shown ? " and others" : "");
}

void apps_tell(flowenrich_snapshot *snapshot, const char *asked)
{
    apps *all = calloc(1, sizeof *all);

    if (all == NULL)
        return;
    collect(all, snapshot);
    qsort(all->names, all->n, sizeof all->names[0], compare);
    if (!has(all, asked))
        tell(all, asked);
    free(all);
}
