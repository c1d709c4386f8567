/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks, one after another, through Arrow's C stream interface. */
#include "record/arrow_stream.h"

/* The interface wants the numbers of errno.h, which this one has everywhere. */
#define NO_MEMORY 12

typedef struct stream {
    fle_allocator allocator;
    fle_arena arena;
    fle_arrow_field *fields;
    size_t n_fields;
    bool nested;
    fle_arrow_chunk **chunks;
    size_t n_chunks, next;
    const char *message; /* of the last failure */
} stream;

static int refuse(stream *s)
{
    s->message = "out of memory";
    return NO_MEMORY;
}

static int get_schema(struct ArrowArrayStream *from, struct ArrowSchema *out)
{
    stream *s = from->private_data;

    return fle_arrow_schema_export(out, &s->allocator, s->fields, s->n_fields, s->nested)
               ? 0
               : refuse(s);
}

/* A released array tells that there is no more. After a failure the same chunk is tried again. */
static int get_next(struct ArrowArrayStream *from, struct ArrowArray *out)
{
    stream *s = from->private_data;

    memset(out, 0, sizeof *out);
    if (s->next == s->n_chunks)
        return 0;
    if (!fle_arrow_array_export(out, s->chunks[s->next], s->fields, s->n_fields, s->nested))
        return refuse(s);
    s->next++;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *from)
{
    return ((const stream *)from->private_data)->message;
}

static void free_stream(stream *s)
{
    const fle_allocator allocator = s->allocator;

    for (size_t i = 0; i < s->n_chunks; i++)
        fle_arrow_chunk_free(s->chunks[i]);
    fle_arena_free(&s->arena);
    fle_free(&allocator, s);
}

static void release(struct ArrowArrayStream *from)
{
    free_stream(from->private_data);
    from->release = NULL;
}

static bool fill(stream *s, const fle_arrow_field *fields, size_t n_fields,
                 fle_arrow_chunk *const *chunks, size_t n_chunks)
{
    s->fields = fle_arena_alloc(&s->arena, n_fields * sizeof *s->fields);
    s->chunks = fle_arena_alloc(&s->arena, n_chunks * sizeof *s->chunks);
    if (!s->fields || !s->chunks)
        return false;
    for (; s->n_fields < n_fields; s->n_fields++) {
        const fle_arrow_field *field = &fields[s->n_fields];
        flowenrich_text path;

        if (!fle_arena_text(&s->arena, field->path, strlen(field->path), &path))
            return false;
        s->fields[s->n_fields] = (fle_arrow_field){ path.data, field->type, field->kind };
    }
    for (; s->n_chunks < n_chunks; s->n_chunks++)
        s->chunks[s->n_chunks] = fle_arrow_chunk_ref(chunks[s->n_chunks]);
    return true;
}

bool fle_arrow_stream(struct ArrowArrayStream *out, const fle_allocator *allocator,
                      const fle_arrow_field *fields, size_t n_fields, bool nested,
                      fle_arrow_chunk *const *chunks, size_t n_chunks)
{
    stream *s = fle_alloc_zeroed(allocator, sizeof *s);

    memset(out, 0, sizeof *out);
    if (!s)
        return false;
    s->allocator = *allocator;
    s->nested = nested;
    fle_arena_init(&s->arena, &s->allocator);
    if (!fill(s, fields, n_fields, chunks, n_chunks)) {
        free_stream(s);
        return false;
    }
    *out = (struct ArrowArrayStream){ get_schema, get_next, get_last_error, release, s };
    return true;
}
