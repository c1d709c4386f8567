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
        return put_absent(owner, out, rows, 2, 1) && put_absent(owner, out->children[0], 0, 3, 0);
    case FLE_ARROW_MAP:
        return put_absent(owner, out, rows, 2, 1) && put_absent_pairs(owner, out->children[0]);
    default:
        return put_absent(owner, out, rows, 2, 0);
    }
}

static bool put_column(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_field *field)
{
    const fle_arrow_chunk *chunk = owner->chunk;

    for (size_t i = 0; i < chunk->n_columns; i++)
        if (strcmp(chunk->columns[i].field.path, field->path) == 0)
            return share(owner, &chunk->columns[i].array, out);
    if (!owner->zeros)
        owner->zeros = fle_alloc_zeroed(&owner->allocator, (chunk->rows + 1) * WIDEST);
    return owner->zeros && put_absent_column(owner, out, chunk->rows, field->kind);
}

/* One buffer, of validity: a row of a struct is never absent itself. */
static bool begin_struct(fle_arrow_owner *owner, struct ArrowArray *out, size_t n_children)
{
    return fle_arrow_array_init(out, &owner->arena, owner->chunk->rows, 1, n_children);
}

static bool put_group(fle_arrow_owner *owner, struct ArrowArray *out, const fle_arrow_group *group)
{
    if (!group->is_struct)
        return put_column(owner, out, group->members[0]);
    if (!begin_struct(owner, out, group->n))
        return false;
    for (size_t i = 0; i < group->n; i++)
        if (!put_column(owner, out->children[i], group->members[i]))
            return false;
    fle_arrow_owner_add_array(owner, out);
    return true;
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
