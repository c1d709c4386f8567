/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings that write a row as an object: "json", "msgpack" and both flat. */
#include "base/error.h"
#include "encode/encoding.h"
#include "encode/outline.h"
#include "encode/paths.h"
#include "record/protocol.h"

/* A run of members as one answer gives it, rendered; 'len' 0 = not yet. */
typedef struct fragment {
    size_t start, len;
    size_t n; /* of its members that there are */
} fragment;

typedef struct writer {
    const fle_allocator *allocator;
    fle_field_list fields;
    fle_outline outline;
    const flowenrich_batch *batch;
    fragment *fragments; /* of each answer, of each run */
    size_t fragments_capacity;
    fle_buffer rendered;      /* what they point into */
    fle_outline_node **nodes; /* of each column, if what a row has depends on its shape; or NULL */
    size_t nodes_capacity;
} writer;

static void init(writer *w, const fle_allocator *allocator, fle_field_list fields,
                 const fle_notation *notation, bool flat)
{
    w->allocator = allocator;
    w->fields = fields;
    fle_outline_init(&w->outline, allocator, notation, flat);
    fle_buffer_init(&w->rendered, allocator);
}

static void init_json(void *state, const fle_allocator *allocator, fle_field_list fields)
{
    init(state, allocator, fields, &fle_notation_json, false);
}

static void init_json_flat(void *state, const fle_allocator *allocator, fle_field_list fields)
{
    init(state, allocator, fields, &fle_notation_json, true);
}

static void init_msgpack(void *state, const fle_allocator *allocator, fle_field_list fields)
{
    init(state, allocator, fields, &fle_notation_msgpack, false);
}

static void init_msgpack_flat(void *state, const fle_allocator *allocator, fle_field_list fields)
{
    init(state, allocator, fields, &fle_notation_msgpack, true);
}

static void free_writer(void *state)
{
    writer *w = state;

    fle_outline_free(&w->outline);
    fle_free(w->allocator, w->fragments);
    fle_free(w->allocator, w->nodes);
    fle_buffer_free(&w->rendered);
}

static bool is_enriched(const flowenrich_batch *batch)
{
    return batch->ends[FLE_CLIENT] != NULL;
}

/* The path with this number of those to write; empty data past the last. */
static flowenrich_text path_at(const writer *w, size_t index)
{
    const char *path;

    if (w->fields.n > 0)
        return index < w->fields.n ? w->fields.items[index] : fle_text(NULL, 0);
    if (is_enriched(w->batch) && !w->outline.flat)
        path = fle_paths_of_level(w->batch->level, index);
    else
        path = flowenrich_batch_path(w->batch, index);
    return path ? fle_text_of(path) : fle_text(NULL, 0);
}

static bool make_outline(writer *w)
{
    flowenrich_text path;

    fle_outline_clear(&w->outline);
    for (size_t i = 0; (path = path_at(w, i)).data; i++)
        if (!fle_outline_add(&w->outline, w->batch, path))
            return false;
    fle_outline_finish(&w->outline);
    return true;
}

/* Flat, with nothing chosen: the first nodes are the columns, in their order. */
static bool number_nodes(writer *w)
{
    const size_t n = w->batch->n_columns;
    fle_outline_node **nodes =
        fle_grow(w->allocator, w->nodes, &w->nodes_capacity, n, sizeof *nodes);
    fle_outline_node *node = w->outline.first;

    if (!nodes)
        return false;
    w->nodes = nodes;
    for (size_t i = 0; i < n; i++, node = node->next)
        nodes[i] = node;
    return true;
}

static bool writes_shapes(const writer *w)
{
    return w->outline.flat && w->fields.n == 0 && !is_enriched(w->batch);
}

static bool open_batch(writer *w, const flowenrich_batch *batch)
{
    fragment *fragments;
    size_t n;

    w->batch = batch;
    if (!make_outline(w) || (writes_shapes(w) && !number_nodes(w)))
        return false;
    n = w->outline.n_runs * batch->n_answers;
    fragments = fle_grow(w->allocator, w->fragments, &w->fragments_capacity, n, sizeof *fragments);
    if (!fragments)
        return false;
    w->fragments = fragments;
    memset(fragments, 0, n * sizeof *fragments);
    fle_buffer_clear(&w->rendered);
    return fle_buffer_reserve(&w->rendered, 1);
}

static flowenrich_status begin(void *state, const flowenrich_batch *batch, flowenrich_error *error)
{
    return open_batch(state, batch) ? FLOWENRICH_OK : fle_error_nomem(error);
}

static void separate(const writer *w, fle_output *out)
{
    if (w->outline.notation->separator)
        fle_output_char(out, w->outline.notation->separator);
}

/* Returns where the members begin. */
static size_t open_bracket(const writer *w, fle_bracket bracket, fle_output *out)
{
    w->outline.notation->open(out, bracket);
    return out->len;
}

static void close_bracket(const writer *w, size_t start, fle_bracket bracket, size_t n,
                          fle_output *out)
{
    w->outline.notation->close(out, start, bracket, n);
    if (bracket != FLE_ROW)
        separate(w, out);
}

static void write_leaf(const writer *w, const fle_outline_node *node, fle_value *value,
                       fle_output *out)
{
    const char *name = NULL;

    if (node->keyword && value->type == FLOWENRICH_TYPE_U32)
        name = fle_protocol_name((uint32_t)value->as.u64);
    if (name) {
        value->type = FLOWENRICH_TYPE_TEXT;
        value->as.text = fle_text_of(name);
    }
    fle_output_append(out, node->key.data, node->key.len);
    w->outline.notation->value(out, value);
    separate(w, out);
}

/* The item of a list, as a value; nothing if the list has none there, or it isn't known. */
static fle_value item_of(const fle_value *list, size_t i)
{
    fle_value item = { 0 };

    if (list->type == FLE_NUMBERS && i < list->as.numbers.n) {
        item.type = FLOWENRICH_TYPE_U64;
        item.as.u64 = list->as.numbers.items[i];
    } else if (list->type == FLOWENRICH_TYPE_LIST && i < list->as.texts.n &&
               list->as.texts.items[i].len > 0) {
        item.type = FLOWENRICH_TYPE_TEXT;
        item.as.text = list->as.texts.items[i];
    }
    return item;
}

static size_t count_items(const writer *w, const fle_outline_node *node, size_t row)
{
    fle_value list;

    fle_path_get(&node->path, w->batch, row, &list);
    if (list.type == FLE_NUMBERS)
        return list.as.numbers.n;
    return list.type == FLOWENRICH_TYPE_LIST ? list.as.texts.n : 0;
}

/* Of parallel lists, the items with this number as an object. */
static void write_object(const writer *w, const fle_outline_node *first, size_t i, size_t row,
                         fle_output *out)
{
    const size_t start = open_bracket(w, FLE_MAP, out);
    size_t n = 0;

    for (const fle_outline_node *node = first; node; node = node->next) {
        fle_value list, item;

        fle_path_get(&node->path, w->batch, row, &list);
        item = item_of(&list, i);
        if (item.type) {
            write_leaf(w, node, &item, out);
            n++;
        }
    }
    close_bracket(w, start, FLE_MAP, n, out);
}

/* Parallel lists are one list of objects; nothing if the row has none of them. */
static bool write_parallel(const writer *w, const fle_outline_node *node, size_t row,
                           fle_output *out)
{
    size_t longest = 0, start;

    for (const fle_outline_node *list = node->child; list; list = list->next) {
        const size_t n = count_items(w, list, row);

        longest = n > longest ? n : longest;
    }
    if (longest == 0)
        return false;
    fle_output_append(out, node->key.data, node->key.len);
    start = open_bracket(w, FLE_LIST, out);
    for (size_t i = 0; i < longest; i++)
        write_object(w, node->child, i, row, out);
    close_bracket(w, start, FLE_LIST, longest, out);
    return true;
}

static bool write_members(writer *w, const fle_outline_node *node, size_t row, fle_output *out,
                          size_t *n);

/* One member, which '*n' is raised by; nothing if nested and absent. */
static bool write_member(writer *w, const fle_outline_node *node, size_t row, fle_output *out,
                         size_t *n)
{
    const size_t before = out->len;
    size_t start, members = 0;
    fle_value value;

    if (!node->child) {
        fle_path_get(&node->path, w->batch, row, &value);
        if (value.type || w->outline.flat) {
            write_leaf(w, node, &value, out);
            ++*n;
        }
        return true;
    }
    if (node->parallel) {
        *n += write_parallel(w, node, row, out);
        return true;
    }
    fle_output_append(out, node->key.data, node->key.len);
    start = open_bracket(w, FLE_MAP, out);
    if (!write_members(w, node->child, row, out, &members))
        return false;
    if (members == 0) {
        out->len = before;
        return true;
    }
    close_bracket(w, start, FLE_MAP, members, out);
    ++*n;
    return true;
}

/* What an answer says in a run, written once. NULL = no memory. */
static const fragment *render(writer *w, const fle_outline_node *run, uint32_t answer, size_t row)
{
    fragment *made = &w->fragments[run->run * w->batch->n_answers + answer];
    fle_buffer *rendered = &w->rendered;
    fle_output out;

    while (made->len == 0) {
        out.data = rendered->data + rendered->len;
        out.capacity = rendered->capacity - rendered->len;
        out.len = 0;
        made->n = 0;
        for (const fle_outline_node *node = run; node != run->stop; node = node->next)
            if (!write_member(w, node, row, &out, &made->n))
                return NULL;
        if (out.len == 0)
            break;
        if (fle_output_fits(&out)) {
            made->start = rendered->len;
            made->len = out.len;
            rendered->len += out.len;
        } else if (!fle_buffer_reserve(rendered, out.len)) {
            return NULL;
        }
    }
    return made;
}

static bool write_members(writer *w, const fle_outline_node *node, size_t row, fle_output *out,
                          size_t *n)
{
    while (node) {
        const uint32_t answer =
            node->run != FLE_ABSENT ? w->batch->ends[node->end][row] : FLE_ABSENT;

        if (answer != FLE_ABSENT) {
            const fragment *run = render(w, node, answer, row);

            if (!run)
                return false;
            fle_output_append(out, w->rendered.data + run->start, run->len);
            *n += run->n;
            node = node->stop;
        } else {
            if (!write_member(w, node, row, out, n))
                return false;
            node = node->next;
        }
    }
    return true;
}

/* A record has the keys of its own format, whatever others are in the batch. */
static bool write_shape(writer *w, const fle_shape *shape, size_t row, fle_output *out, size_t *n)
{
    for (size_t i = 0; i < shape->n; i++)
        if (!write_member(w, w->nodes[shape->columns[i]], row, out, n))
            return false;
    return true;
}

static bool write_row(void *state, size_t row, fle_output *out)
{
    writer *w = state;
    const fle_shape *shape = writes_shapes(w) ? fle_batch_shape(w->batch, row) : NULL;
    size_t start, n = 0;

    if (!w->outline.flat && is_enriched(w->batch) && w->batch->kinds[row] != FLE_ROW_TRAFFIC)
        return true;
    start = open_bracket(w, FLE_ROW, out);
    if (shape ? !write_shape(w, shape, row, out, &n)
              : !write_members(w, w->outline.first, row, out, &n))
        return false;
    close_bracket(w, start, FLE_ROW, n, out);
    return true;
}

const fle_encoding fle_encoding_json = {
    .name = "json",
    .size = sizeof(writer),
    .init = init_json,
    .free = free_writer,
    .begin = begin,
    .row = write_row,
};

const fle_encoding fle_encoding_json_flat = {
    .name = "json-flat",
    .size = sizeof(writer),
    .init = init_json_flat,
    .free = free_writer,
    .begin = begin,
    .row = write_row,
};

const fle_encoding fle_encoding_msgpack = {
    .name = "msgpack",
    .size = sizeof(writer),
    .init = init_msgpack,
    .free = free_writer,
    .begin = begin,
    .row = write_row,
};

const fle_encoding fle_encoding_msgpack_flat = {
    .name = "msgpack-flat",
    .size = sizeof(writer),
    .init = init_msgpack_flat,
    .free = free_writer,
    .begin = begin,
    .row = write_row,
};
