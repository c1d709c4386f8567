/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk's columns as arrays that may be handed out and released one by one. */
#include "record/arrow_owner.h"

#define WIDEST 16 /* bytes of the widest values: views and addresses */

/* A struct like the model, with children and dictionary of its own. The buffers are shared. */
static bool share(fle_arrow_owner *owner, const struct ArrowArray *model, struct ArrowArray *out)
{
    if (!fle_arrow_array_init(out, &owner->arena, (size_t)model->length, 0,
                              (size_t)model->n_children))
        return false;
    out->null_count = model->null_count;
    out->n_buffers = model->n_buffers;
    out->buffers = model->buffers;
    for (int64_t i = 0; i < model->n_children; i++)
        if (!share(owner, model->children[i], out->children[i]))
            return false;
    if (model->dictionary) {
        out->dictionary = fle_arena_alloc(&owner->arena, sizeof *out->dictionary);
        if (!out->dictionary || !share(owner, model->dictionary, out->dictionary))
            return false;
    }
    fle_arrow_owner_add_array(owner, out);
    return true;
}

/* So many rows of any kind without a value: whatever a buffer means, it is zeros. */
static bool put_absent(fle_arrow_owner *owner, struct ArrowArray *out, size_t rows,
                       size_t n_buffers, size_t n_children)
{
    if (!fle_arrow_array_init(out, &owner->arena, rows, n_buffers, n_children))
        return false;
    out->null_count = (int64_t)rows;
    for (size_t i = 0; i < n_buffers; i++)
        out->buffers[i] = owner->zeros;
    fle_arrow_owner_add_array(owner, out);
    return true;
}

static bool put_absent_codes(fle_arrow_owner *owner, struct ArrowArray *out, size_t rows)
{
    if (!put_absent(owner, out, rows, 2, 0))
        return false;
    out->dictionary = fle_arena_alloc(&owner->arena, sizeof *out->dictionary);
    return out->dictionary && put_absent(owner, out->dictionary, 0, 3, 0);
}

static bool put_absent_pairs(fle_arrow_owner *owner, struct ArrowArray *out)
{
    return put_absent(owner, out, 0, 1, 2) && put_absent(owner, out->children[0], 0, 3, 0) &&
           put_absent(owner, out->children[1], 0, 3, 0);
}

static bool put_absent_items(fle_arrow_owner *owner, struct ArrowArray *out, size_t rows,
                             fle_arrow_kind kind)
{
    return put_absent(owner, out, rows, kind == FLE_ARROW_NUMBERS ? 2 : 3, 0);
}

static bool put_absent_column(fle_arrow_owner *owner, struct ArrowArray *out, size_t rows,
                              fle_arrow_kind kind)
{
    switch (kind) {
    case FLE_ARROW_NOTHING:
        return put_absent(owner, out, rows, 0, 0);
    case FLE_ARROW_TEXT:
        return put_absent(owner, out, rows, 3, 0);
    case FLE_ARROW_CODES:
        return put_absent_codes(owner, out, rows);
    case FLE_ARROW_LIST:
    case FLE_ARROW_NUMBERS:
        return put_absent(owner, out, rows, 2, 1) &&
               put_absent_items(owner, out->children[0], 0, kind);
    case FLE_ARROW_MAP:
        return put_absent(owner, out, rows, 2, 1) && put_absent_pairs(owner, out->children[0]);
    default:
        return put_absent(owner, out, rows, 2, 0);
    }
}

/* The chunk's array of a field, NULL if it has none. */
static const struct ArrowArray *find(const fle_arrow_chunk *chunk, const fle_arrow_field *field)
{
    for (size_t i = 0; i < chunk->n_columns; i++)
        if (strcmp(chunk->columns[i].field.path, field->path) == 0)
            return &chunk->columns[i].array;
    return NULL;
}

/* Enough for all rows, or all items, of what the chunk lacks. */
static bool reserve_zeros(fle_arrow_owner *owner)
{
    const fle_arrow_chunk *chunk = owner->chunk;
    const size_t most = chunk->most_items > chunk->rows ? chunk->most_items : chunk->rows;

    if (!owner->zeros)
        owner->zeros = fle_alloc_zeroed(&owner->allocator, (most + 1) * WIDEST);
    return owner->zeros != NULL;
}

static bool put_column(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_field *field)
{
    const struct ArrowArray *model = find(owner->chunk, field);

    if (model)
        return share(owner, model, out);
    return reserve_zeros(owner) && put_absent_column(owner, out, owner->chunk->rows, field->kind);
}

/* One buffer, of validity: a row of a struct is never absent itself. */
static bool begin_struct(fle_arrow_owner *owner, struct ArrowArray *out, size_t n_children)
{
    return fle_arrow_array_init(out, &owner->arena, owner->chunk->rows, 1, n_children);
}

static bool put_struct(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_group *group)
{
    if (!begin_struct(owner, out, group->n))
        return false;
    for (size_t i = 0; i < group->n; i++)
        if (!put_column(owner, out->children[i], group->members[i]))
            return false;
    fle_arrow_owner_add_array(owner, out);
    return true;
}

/* Items of parallel lists as members of one struct; what the chunk lacks of them is null. */
static bool put_items(fle_arrow_owner *owner, struct ArrowArray *out, size_t n,
                      const fle_arrow_group *group)
{
    if (!fle_arrow_array_init(out, &owner->arena, n, 1, group->n))
        return false;
    for (size_t i = 0; i < group->n; i++) {
        const fle_arrow_field *member = group->members[i];
        const struct ArrowArray *model = find(owner->chunk, member);

        if (model ? !share(owner, model->children[0], out->children[i])
                  : !put_absent_items(owner, out->children[i], n, member->kind))
            return false;
    }
    fle_arrow_owner_add_array(owner, out);
    return true;
}

/* Parallel lists have the same number of items in each row: any of them tells where those lie. */
static bool put_list(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_group *group)
{
    const struct ArrowArray *model = NULL;

    for (size_t i = 0; i < group->n && !model; i++)
        model = find(owner->chunk, group->members[i]);
    if (!reserve_zeros(owner))
        return false;
    if (!model)
        return put_absent(owner, out, owner->chunk->rows, 2, 1) &&
               put_items(owner, out->children[0], 0, group);
    if (!fle_arrow_array_init(out, &owner->arena, owner->chunk->rows, 0, 1))
        return false;
    out->null_count = model->null_count;
    out->n_buffers = model->n_buffers;
    out->buffers = model->buffers;
    if (!put_items(owner, out->children[0], (size_t)model->children[0]->length, group))
        return false;
    fle_arrow_owner_add_array(owner, out);
    return true;
}

static bool put_group(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_group *group)
{
    if (group->is_list)
        return put_list(owner, out, group);
    return group->is_struct ? put_struct(owner, out, group)
                            : put_column(owner, out, group->members[0]);
}

static bool put_all(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_field *fields,
                    size_t n, bool nested)
{
    size_t n_groups;
    const fle_arrow_group *groups =
        fle_arrow_group_fields(&owner->arena, fields, n, nested, &n_groups);

    if (!groups || !begin_struct(owner, out, n_groups))
        return false;
    for (size_t i = 0; i < n_groups; i++)
        if (!put_group(owner, out->children[i], &groups[i]))
            return false;
    fle_arrow_owner_add_array(owner, out);
    return true;
}

bool fle_arrow_array_export(struct ArrowArray *out, fle_arrow_chunk *chunk,
                            const fle_arrow_field *fields, size_t n, bool nested)
{
    fle_arrow_owner *owner = fle_arrow_owner_new(&chunk->allocator, chunk);
    const bool done = owner && put_all(owner, out, fields, n, nested);

    fle_arrow_owner_end(owner, done);
    if (!done)
        memset(out, 0, sizeof *out);
    return done;
}
