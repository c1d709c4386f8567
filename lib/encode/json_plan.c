/* SPDX-License-Identifier: Apache-2.0 */
/* How the paths of a row become members of nested JSON objects. */
#include "encode/json_plan.h"

#include "encode/json.h"
#include "record/list.h"

/* "client.tags.app": whatever follows the second dot is a tag's key, and stays as it is. */
#define MOST_PARTS 3

void fle_json_plan_init(fle_json_plan *plan, const fle_allocator *allocator, bool flat)
{
    memset(plan, 0, sizeof *plan);
    fle_arena_init(&plan->arena, allocator);
    plan->flat = flat;
}

void fle_json_plan_free(fle_json_plan *plan)
{
    fle_arena_free(&plan->arena);
}

void fle_json_plan_clear(fle_json_plan *plan)
{
    fle_arena_clear(&plan->arena);
    plan->first = plan->runs = NULL;
    plan->n_runs = 0;
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

static void write_key(fle_output *out, flowenrich_text name)
{
    fle_json_string(out, name);
    fle_output_char(out, ':');
}

/* The key of a part as it is written. */
static bool make_key(fle_json_plan *plan, flowenrich_text part, bool verbatim, flowenrich_text *key)
{
    fle_output out = { NULL, 0, 0 };
    char *name = fle_arena_alloc(&plan->arena, part.len + 1);

    if (!name)
        return false;
    memcpy(name, part.data, part.len);
    part = fle_text(name, verbatim ? part.len : to_pascal(name, part.len));
    write_key(&out, part);
    out.data = fle_arena_alloc(&plan->arena, out.len);
    if (!out.data)
        return false;
    out.capacity = out.len;
    out.len = 0;
    write_key(&out, part);
    *key = fle_text(out.data, out.len);
    return true;
}

/* Where the member with this key is, or where it would be appended. */
static fle_json_node **find(fle_json_node **members, flowenrich_text key)
{
    while (*members && !fle_text_equal((*members)->key, key))
        members = &(*members)->next;
    return members;
}

static fle_json_node *append(fle_json_plan *plan, fle_json_node **at, flowenrich_text key)
{
    fle_json_node *node = fle_arena_alloc(&plan->arena, sizeof *node);

    if (!node)
        return NULL;
    memset(node, 0, sizeof *node);
    node->key = key;
    node->run = FLE_ABSENT;
    *at = node;
    return node;
}

bool fle_json_plan_add(fle_json_plan *plan, const flowenrich_batch *batch, flowenrich_text path)
{
    const unsigned most = plan->flat ? 1 : MOST_PARTS;
    const bool parallel = !plan->flat && fle_list_name(path).len > 0;
    fle_json_node **members = &plan->first, *node;
    flowenrich_text rest = path, key;
    fle_path opened;

    if (!fle_path_open(&opened, batch, path) && !plan->flat)
        return true;
    for (unsigned parts = 1;; parts++) {
        const flowenrich_text part = next_part(&rest, parts == most);
        fle_json_node **at;

        if (!make_key(plan, part, plan->flat || parts == MOST_PARTS, &key))
            return false;
        at = find(members, key);
        if (*at && !(*at)->child) /* this path, or all that it is a part of */
            return true;
        node = *at ? *at : append(plan, at, key);
        if (!node)
            return false;
        if (rest.len == 0)
            break;
        node->parallel = parallel;
        members = &node->child;
    }
    node->child = NULL; /* the parts that were there come with the whole */
    node->path = opened;
    node->keyword = !plan->flat && fle_text_is(path, "protocol");
    return true;
}

/* Set whose answer decides each node. Depth is bounded by MOST_PARTS. */
static fle_end settle_ends(fle_json_node *node)
{
    if (!node->child)
        return node->end = node->path.end;
    node->end = settle_ends(node->child);
    for (fle_json_node *child = node->child->next; child; child = child->next)
        if (settle_ends(child) != node->end)
            node->end = FLE_N_ENDS;
    return node->end;
}

/* Would the same answer give the same bytes in both? What is said of client and server often is. */
static bool is_same(const fle_json_node *a, const fle_json_node *a_stop, const fle_json_node *b,
                    const fle_json_node *b_stop)
{
    for (; a != a_stop && b != b_stop; a = a->next, b = b->next)
        if (!fle_text_equal(a->key, b->key) || a->path.attribute != b->path.attribute ||
            !fle_text_equal(a->path.tag, b->path.tag) || !is_same(a->child, NULL, b->child, NULL))
            return false;
    return a == a_stop && b == b_stop;
}

static void number_run(fle_json_plan *plan, fle_json_node *run)
{
    const fle_json_node *other = plan->runs;

    while (other && !is_same(run, run->stop, other, other->stop))
        other = other->next_run;
    if (other) {
        run->run = other->run;
        return;
    }
    run->run = plan->n_runs++;
    run->next_run = plan->runs;
    plan->runs = run;
}

static void find_runs(fle_json_plan *plan, fle_json_node *node)
{
    while (node) {
        fle_json_node *stop = node->next;

        if (node->end == FLE_N_ENDS) {
            find_runs(plan, node->child);
        } else {
            while (stop && stop->end == node->end)
                stop = stop->next;
            node->stop = stop;
            number_run(plan, node);
        }
        node = stop;
    }
}

void fle_json_plan_finish(fle_json_plan *plan)
{
    for (fle_json_node *node = plan->first; node; node = node->next)
        settle_ends(node);
    find_runs(plan, plan->first);
}
