/* SPDX-License-Identifier: Apache-2.0 */
/* What the structs of one export stand in, until the last of them is released. */
#include "record/arrow_owner.h"

#include "record/list.h"

fle_arrow_owner *fle_arrow_owner_new(const fle_allocator *allocator, fle_arrow_chunk *chunk)
{
    fle_arrow_owner *owner = fle_alloc_zeroed(allocator, sizeof *owner);

    if (!owner)
        return NULL;
    owner->allocator = *allocator;
    atomic_init(&owner->structs, 1);
    fle_arena_init(&owner->arena, &owner->allocator);
    owner->chunk = chunk ? fle_arrow_chunk_ref(chunk) : NULL;
    return owner;
}

static void drop(fle_arrow_owner *owner)
{
    fle_allocator allocator;

    if (atomic_fetch_sub_explicit(&owner->structs, 1, memory_order_acq_rel) > 1)
        return;
    allocator = owner->allocator;
    fle_arrow_chunk_free(owner->chunk);
    fle_free(&allocator, owner->zeros);
    fle_arena_free(&owner->arena);
    fle_free(&allocator, owner);
}

void fle_arrow_owner_end(fle_arrow_owner *owner, bool done)
{
    if (!owner)
        return;
    if (!done)
        atomic_store_explicit(&owner->structs, 1, memory_order_relaxed);
    drop(owner);
}

/* Children that were moved out have no release any more. */
static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    array->release = NULL;
    drop(array->private_data);
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release)
        schema->dictionary->release(schema->dictionary);
    schema->release = NULL;
    drop(schema->private_data);
}

void fle_arrow_owner_add_array(fle_arrow_owner *owner, struct ArrowArray *array)
{
    atomic_fetch_add_explicit(&owner->structs, 1, memory_order_relaxed);
    array->release = release_array;
    array->private_data = owner;
}

void fle_arrow_owner_add_schema(fle_arrow_owner *owner, struct ArrowSchema *schema)
{
    atomic_fetch_add_explicit(&owner->structs, 1, memory_order_relaxed);
    schema->release = release_schema;
    schema->private_data = owner;
}

/* Bytes of "client" in "client.type"; 0 if the path has one part. */
static size_t first_part(const char *path)
{
    const char *dot = strchr(path, '.');

    return dot && dot[1] != '\0' ? (size_t)(dot - path) : 0;
}

/* The lists of a struct, such as the ARNs of an end, aren't parallel; nor is anything else. */
static bool is_parallel(const fle_arrow_field *field)
{
    return field->type == FLOWENRICH_TYPE_LIST && fle_list_name(fle_text_of(field->path)).len > 0;
}

static bool is_of(const fle_arrow_group *group, const fle_arrow_field *field, size_t len)
{
    return len > 0 && group->is_struct && group->is_list == is_parallel(field) &&
           strlen(group->name) == len && memcmp(group->name, field->path, len) == 0;
}

fle_arrow_group *fle_arrow_group_fields(fle_arena *arena, const fle_arrow_field *fields, size_t n,
                                        bool nested, size_t *n_groups)
{
    fle_arrow_group *groups = fle_arena_alloc(arena, n * sizeof *groups);

    *n_groups = 0;
    for (size_t i = 0; groups && i < n; i++) {
        const char *path = fields[i].path;
        const size_t len = nested ? first_part(path) : 0;
        flowenrich_text name;
        size_t k = 0;

        while (k < *n_groups && !is_of(&groups[k], &fields[i], len))
            k++;
        if (k == *n_groups) {
            groups[k].members = fle_arena_alloc(arena, n * sizeof *groups[k].members);
            if (!groups[k].members ||
                !fle_arena_text(arena, path, len > 0 ? len : strlen(path), &name))
                return NULL;
            groups[k].name = name.data;
            groups[k].is_struct = len > 0;
            groups[k].is_list = len > 0 && is_parallel(&fields[i]);
            groups[k].n = 0;
            ++*n_groups;
        }
        groups[k].members[groups[k].n++] = &fields[i];
    }
    return groups;
}
