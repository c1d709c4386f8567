/* SPDX-License-Identifier: Apache-2.0 */
/* How the paths of a row become members of nested objects. */
#include "encode/outline.h"

#include "record/list.h"

/* "client.tags.app": whatever follows the second dot is a tag's key, and stays as it is. */
#define MOST_PARTS 3

void fle_outline_init(fle_outline *outline, const fle_allocator *allocator,
                      const fle_notation *notation, bool flat)
{
    memset(outline, 0, sizeof *outline);
    fle_arena_init(&outline->arena, allocator);
    outline->notation = notation;
    outline->flat = flat;
}

void fle_outline_free(fle_outline *outline)
{
    fle_arena_free(&outline->arena);
}

void fle_outline_clear(fle_outline *outline)
{
    fle_arena_clear(&outline->arena);
    outline->first = outline->runs = NULL;
    outline->n_runs = 0;
}

/* Cut off what lies before the first dot, or all of it if 'last'. */
static flowenrich_text next_part(flowenrich_text *rest, bool last)
{
    const char *dot = last ? NULL : memchr(rest->data, '.', rest->len);
    const flowenrich_text part = fle_text(rest->data, dot ? (size_t)(dot - rest->data) : rest->len);
    const size_t used = part.len + (dot != NULL);

    *rest = fle_text(rest->data + used, rest->len - used);
    return part;
}

/* "security_group_ids" to "SecurityGroupIds", in place. Unknown fields may have hyphens. */
static size_t to_pascal(char *name, size_t len)
{
    bool upper = true;
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        const bool parts = name[i] == '_' || name[i] == '-';
        const bool small = name[i] >= 'a' && name[i] <= 'z';

        if (!parts)
            name[n++] = upper && small ? (char)(name[i] - 'a' + 'A') : name[i];
        upper = parts;
    }
    return n;
}

/* The key of a part as it is written. */
static bool make_key(fle_outline *outline, flowenrich_text part, bool verbatim,
                     flowenrich_text *key)
{
    fle_output out = { NULL, 0, 0 };
    char *name = fle_arena_alloc(&outline->arena, part.len + 1);

    if (!name)
        return false;
    memcpy(name, part.data, part.len);
    part = fle_text(name, verbatim ? part.len : to_pascal(name, part.len));
    outline->notation->key(&out, part);
    out.data = fle_arena_alloc(&outline->arena, out.len);
    if (!out.data)
        return false;
    out.capacity = out.len;
    out.len = 0;
    outline->notation->key(&out, part);
    *key = fle_text(out.data, out.len);
    return true;
}

/* Where the member with this key is, or where it would be appended. */
static fle_outline_node **find(fle_outline_node **members, flowenrich_text key)
{
    while (*members && !fle_text_equal((*members)->key, key))
        members = &(*members)->next;
    return members;
}

static fle_outline_node *append(fle_outline *outline, fle_outline_node **at, flowenrich_text key)
{
    fle_outline_node *node = fle_arena_alloc(&outline->arena, sizeof *node);

    if (!node)
        return NULL;
    memset(node, 0, sizeof *node);
    node->key = key;
    node->run = FLE_ABSENT;
    *at = node;
    return node;
}

bool fle_outline_add(fle_outline *outline, const flowenrich_batch *batch, flowenrich_text path)
{
    const unsigned most = outline->flat ? 1 : MOST_PARTS;
    bool parallel;
    fle_outline_node **members = &outline->first, *node;
    flowenrich_text rest = path, key;
    fle_path opened;

    if (!fle_path_open(&opened, batch, path) && !outline->flat)
        return true;
    /* Groups have one value there. */
    parallel = !outline->flat && fle_list_name(path).len > 0 && opened.type == FLOWENRICH_TYPE_LIST;
    for (unsigned parts = 1;; parts++) {
        const flowenrich_text part = next_part(&rest, parts == most);
        fle_outline_node **at;

        if (!make_key(outline, part, outline->flat || parts == MOST_PARTS, &key))
            return false;
        at = find(members, key);
        if (*at && !(*at)->child) /* this path, or all that it is a part of */
            return true;
        node = *at ? *at : append(outline, at, key);
        if (!node)
            return false;
        if (rest.len == 0)
            break;
        node->parallel = parallel;
        members = &node->child;
    }
    node->child = NULL; /* the parts that were there come with the whole */
    node->path = opened;
    node->keyword = !outline->flat && fle_text_is(path, "protocol");
    return true;
}

/* Set whose answer decides each node. Depth is bounded by MOST_PARTS. */
static fle_end settle_ends(fle_outline_node *node)
{
    if (!node->child)
        return node->end = node->path.end;
    node->end = settle_ends(node->child);
    for (fle_outline_node *child = node->child->next; child; child = child->next)
        if (settle_ends(child) != node->end)
            node->end = FLE_N_ENDS;
    return node->end;
}

/* Would the same answer give the same bytes in both? What is said of client and server often is. */
static bool is_same(const fle_outline_node *a, const fle_outline_node *a_stop,
                    const fle_outline_node *b, const fle_outline_node *b_stop)
{
    for (; a != a_stop && b != b_stop; a = a->next, b = b->next)
        if (!fle_text_equal(a->key, b->key) || a->path.attribute != b->path.attribute ||
            !fle_text_equal(a->path.tag, b->path.tag) || !is_same(a->child, NULL, b->child, NULL))
            return false;
    return a == a_stop && b == b_stop;
}

static void number_run(fle_outline *outline, fle_outline_node *run)
{
    const fle_outline_node *other = outline->runs;

    while (other && !is_same(run, run->stop, other, other->stop))
        other = other->next_run;
    if (other) {
        run->run = other->run;
        return;
    }
    run->run = outline->n_runs++;
    run->next_run = outline->runs;
    outline->runs = run;
}

static void find_runs(fle_outline *outline, fle_outline_node *node)
{
    while (node) {
        fle_outline_node *stop = node->next;

        if (node->end == FLE_N_ENDS) {
            find_runs(outline, node->child);
        } else {
            while (stop && stop->end == node->end)
                stop = stop->next;
            node->stop = stop;
            number_run(outline, node);
        }
        node = stop;
    }
}

void fle_outline_finish(fle_outline *outline)
{
    for (fle_outline_node *node = outline->first; node; node = node->next)
        settle_ends(node);
    find_runs(outline, outline->first);
}
