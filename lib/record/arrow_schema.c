/* SPDX-License-Identifier: Apache-2.0 */
/* The Arrow types of columns, and what their metadata says. */
#include "record/arrow_owner.h"

static const char *const formats[FLE_ARROW_N_KINDS] = {
    [FLE_ARROW_NOTHING] = "n",    [FLE_ARROW_U32] = "I",   [FLE_ARROW_U64] = "L",
    [FLE_ARROW_TIME] = "tss:UTC", [FLE_ARROW_F64] = "g",   [FLE_ARROW_BOOL] = "b",
    [FLE_ARROW_ADDRESS] = "w:16", [FLE_ARROW_TEXT] = "vu", [FLE_ARROW_CODES] = "i",
    [FLE_ARROW_LIST] = "+l",      [FLE_ARROW_MAP] = "+m",  [FLE_ARROW_NUMBERS] = "+l",
};

static const char *const type_names[] = {
    [0] = "",
    [FLOWENRICH_TYPE_U32] = "u32",
    [FLOWENRICH_TYPE_U64] = "u64",
    [FLOWENRICH_TYPE_TIME] = "time",
    [FLOWENRICH_TYPE_F64] = "f64",
    [FLOWENRICH_TYPE_ADDRESS] = "address",
    [FLOWENRICH_TYPE_TEXT] = "text",
    [FLOWENRICH_TYPE_LIST] = "list",
    [FLOWENRICH_TYPE_MAP] = "map",
    [FLOWENRICH_TYPE_BOOL] = "bool",
};

typedef struct pair {
    const char *key, *value;
} pair;

static char *append(char *to, const char *text)
{
    const int32_t len = (int32_t)strlen(text);

    memcpy(to, &len, sizeof len);
    memcpy(to + sizeof len, text, (size_t)len);
    return to + sizeof len + (size_t)len;
}

/* As Arrow writes it: numbers in the machine's order, no zeros between. NULL if memory ran out. */
static const char *encode(fle_arena *arena, const pair *pairs, size_t n)
{
    const int32_t count = (int32_t)n;
    size_t len = sizeof count;
    char *data, *to;

    for (size_t i = 0; i < n; i++)
        len += 2 * sizeof count + strlen(pairs[i].key) + strlen(pairs[i].value);
    data = fle_arena_alloc(arena, len);
    if (!data)
        return NULL;
    memcpy(data, &count, sizeof count);
    to = data + sizeof count;
    for (size_t i = 0; i < n; i++)
        to = append(append(to, pairs[i].key), pairs[i].value);
    return data;
}

/* A struct with so many children, which are to be filled in. NULL: no memory. */
static bool begin(fle_arrow_owner *owner, struct ArrowSchema *schema, const char *format,
                  const char *name, size_t n_children)
{
    struct ArrowSchema *children = fle_arena_alloc(&owner->arena, n_children * sizeof *children);
    struct ArrowSchema **pointers = fle_arena_alloc(&owner->arena, n_children * sizeof *pointers);

    if (!children || !pointers)
        return false;
    for (size_t i = 0; i < n_children; i++)
        pointers[i] = &children[i];
    *schema = (struct ArrowSchema){ .format = format,
                                    .name = name,
                                    .flags = ARROW_FLAG_NULLABLE,
                                    .n_children = (int64_t)n_children,
                                    .children = pointers };
    return true;
}

static bool put_plain(fle_arrow_owner *owner, struct ArrowSchema *schema, const char *format,
                      const char *name)
{
    if (!begin(owner, schema, format, name, 0))
        return false;
    fle_arrow_owner_add_schema(owner, schema);
    return true;
}

static bool put_text(fle_arrow_owner *owner, struct ArrowSchema *schema, const char *name)
{
    return put_plain(owner, schema, "u", name);
}

static const char *format_of_items(const fle_arrow_field *field)
{
    return field->kind == FLE_ARROW_NUMBERS ? "L" : "u";
}

static bool put_dictionary(fle_arrow_owner *owner, struct ArrowSchema *schema)
{
    schema->dictionary = fle_arena_alloc(&owner->arena, sizeof *schema->dictionary);
    return schema->dictionary && put_text(owner, schema->dictionary, "");
}

/* Keys are never absent, and neither is a pair. */
static bool put_pairs(fle_arrow_owner *owner, struct ArrowSchema *schema)
{
    if (!begin(owner, schema, "+s", "entries", 2) || !put_text(owner, schema->children[0], "key") ||
        !put_text(owner, schema->children[1], "value"))
        return false;
    schema->flags = 0;
    schema->children[0]->flags = 0;
    fle_arrow_owner_add_schema(owner, schema);
    return true;
}

static const char *meaning_of(const char *path)
{
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        if (strcmp(fle_fields[i].path, path) == 0)
            return fle_fields[i].meaning;
    return NULL;
}

static bool put_field(fle_arrow_owner *owner, struct ArrowSchema *schema,
                      const fle_arrow_field *field, const char *name)
{
    const pair pairs[] = { { "flowenrich.path", field->path },
                           { "flowenrich.type", type_names[field->type] },
                           { "description", meaning_of(field->path) } };
    const bool is_list = field->kind == FLE_ARROW_LIST || field->kind == FLE_ARROW_NUMBERS;
    const size_t n_children = is_list || field->kind == FLE_ARROW_MAP;
    bool done = begin(owner, schema, formats[field->kind], name, n_children);

    if (done && field->kind == FLE_ARROW_CODES)
        done = put_dictionary(owner, schema);
    if (done && is_list)
        done = put_plain(owner, schema->children[0], format_of_items(field), "item");
    if (done && field->kind == FLE_ARROW_MAP)
        done = put_pairs(owner, schema->children[0]);
    if (!done)
        return false;
    schema->metadata = encode(&owner->arena, pairs, pairs[2].value ? 3 : 2);
    fle_arrow_owner_add_schema(owner, schema);
    return schema->metadata != NULL;
}

/* What is behind the first dot of a member's path. NULL if memory ran out. */
static const char *name_in(fle_arrow_owner *owner, const fle_arrow_group *group,
                           const fle_arrow_field *member)
{
    const char *rest = member->path + strlen(group->name) + 1;
    flowenrich_text name;

    return fle_arena_text(&owner->arena, rest, strlen(rest), &name) ? name.data : NULL;
}

static bool put_struct(fle_arrow_owner *owner, struct ArrowSchema *schema,
                       const fle_arrow_group *group)
{
    if (!begin(owner, schema, "+s", group->name, group->n))
        return false;
    for (size_t i = 0; i < group->n; i++) {
        const char *name = name_in(owner, group, group->members[i]);

        if (!name || !put_field(owner, schema->children[i], group->members[i], name))
            return false;
    }
    fle_arrow_owner_add_schema(owner, schema);
    return true;
}

/* Parallel lists: a list of structs, whose members are their items. */
static bool put_list(fle_arrow_owner *owner, struct ArrowSchema *schema,
                     const fle_arrow_group *group)
{
    struct ArrowSchema *items;

    if (!begin(owner, schema, "+l", group->name, 1))
        return false;
    items = schema->children[0];
    if (!begin(owner, items, "+s", "item", group->n))
        return false;
    for (size_t i = 0; i < group->n; i++) {
        const char *name = name_in(owner, group, group->members[i]);

        if (!name ||
            !put_plain(owner, items->children[i], format_of_items(group->members[i]), name))
            return false;
    }
    fle_arrow_owner_add_schema(owner, items);
    fle_arrow_owner_add_schema(owner, schema);
    return true;
}

static bool put_group(fle_arrow_owner *owner, struct ArrowSchema *schema,
                      const fle_arrow_group *group)
{
    if (group->is_list)
        return put_list(owner, schema, group);
    return group->is_struct ? put_struct(owner, schema, group)
                            : put_field(owner, schema, group->members[0], group->name);
}

static bool put_all(fle_arrow_owner *owner, struct ArrowSchema *schema,
                    const fle_arrow_field *fields, size_t n, bool nested)
{
    const pair version = { "flowenrich.version", flowenrich_version() };
    size_t n_groups;
    const fle_arrow_group *groups =
        fle_arrow_group_fields(&owner->arena, fields, n, nested, &n_groups);

    if (!groups || !begin(owner, schema, "+s", "", n_groups))
        return false;
    for (size_t i = 0; i < n_groups; i++)
        if (!put_group(owner, schema->children[i], &groups[i]))
            return false;
    schema->flags = 0;
    schema->metadata = encode(&owner->arena, &version, 1);
    fle_arrow_owner_add_schema(owner, schema);
    return schema->metadata != NULL;
}

bool fle_arrow_schema_export(struct ArrowSchema *out, const fle_allocator *allocator,
                             const fle_arrow_field *fields, size_t n, bool nested)
{
    fle_arrow_owner *owner = fle_arrow_owner_new(allocator, NULL);
    const bool done = owner && put_all(owner, out, fields, n, nested);

    fle_arrow_owner_end(owner, done);
    if (!done)
        memset(out, 0, sizeof *out);
    return done;
}
