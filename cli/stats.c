/* SPDX-License-Identifier: Apache-2.0 */
/* The counters of a pipeline, by name. */
#include "stats.h"

#include <string.h>

enum { MOST = sizeof((stats *)0)->items / sizeof *((stats *)0)->items };

void stats_of(stats *out, const flowenrich_pipeline *pipeline)
{
    const size_t n = flowenrich_pipeline_stats(pipeline, out->items, MOST);

    out->n = n < MOST ? n : MOST;
}

/* The place of a name; 'n' if there is none. */
static size_t find(const stats *of, const char *name)
{
    size_t i = 0;

    while (i < of->n && strcmp(of->items[i].name, name) != 0)
        i++;
    return i;
}

void stats_add(stats *to, const flowenrich_pipeline *pipeline)
{
    stats more;

    stats_of(&more, pipeline);
    for (size_t i = 0; i < more.n; i++) {
        const size_t at = find(to, more.items[i].name);

        if (at < to->n)
            to->items[at].value += more.items[i].value;
        else if (to->n < MOST)
            to->items[to->n++] = more.items[i];
    }
}

void stats_take(stats *from, const char *name, uint64_t less)
{
    const size_t at = find(from, name);

    if (at < from->n)
        from->items[at].value -= less;
}

bool stats_has(const stats *of, const char *name)
{
    return find(of, name) < of->n;
}

uint64_t stats_get(const stats *of, const char *name)
{
    const size_t at = find(of, name);

    return at < of->n ? of->items[at].value : 0;
}

/* These reasons begin with the prefix themselves. */
static bool is_whole(const char *name)
{
    return strcmp(name, "bad_number") == 0 || strcmp(name, "bad_address") == 0;
}

const char *stats_next(const stats *of, const char *prefix, size_t *at, uint64_t *value)
{
    const size_t len = strlen(prefix);

    while (*at < of->n) {
        const flowenrich_stat *item = &of->items[(*at)++];

        if (item->value > 0 && strncmp(item->name, prefix, len) == 0) {
            *value = item->value;
            return is_whole(item->name) ? item->name : item->name + len;
        }
    }
    return NULL;
}

uint64_t stats_sum(const stats *of, const char *prefix)
{
    uint64_t sum = 0, value;
    size_t at = 0;

    while (stats_next(of, prefix, &at, &value))
        sum += value;
    return sum;
}

uint64_t stats_lines(const stats *of)
{
    return stats_get(of, "records") + stats_get(of, "nodata") + stats_get(of, "skipdata") +
           stats_sum(of, "bad_");
}
