/* SPDX-License-Identifier: Apache-2.0 */
/* A producer of Arrow's C data interface: columns made of C arrays, for tests to import. */
#ifndef TESTS_ARROW_WRITING_H
#define TESTS_ARROW_WRITING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "record/arrow_abi.h"

#define WRITTEN_MOST 8

/* A struct array of such columns. Nothing of it is allocated; it may not be copied. */
typedef struct written {
    struct ArrowSchema schema, schemas[WRITTEN_MOST], *schema_pointers[WRITTEN_MOST];
    struct ArrowArray array, arrays[WRITTEN_MOST], *array_pointers[WRITTEN_MOST];
    const void *buffers[WRITTEN_MOST][4], *struct_buffers[1];
} written;

static inline void written_release_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static inline void written_release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static inline void written_begin(written *w, int64_t rows)
{
    memset(w, 0, sizeof *w);
    w->schema.format = "+s";
    w->schema.name = "";
    w->schema.children = w->schema_pointers;
    w->schema.release = written_release_schema;
    w->array.length = rows;
    w->array.n_buffers = 1;
    w->array.buffers = w->struct_buffers;
    w->array.children = w->array_pointers;
    w->array.release = written_release_array;
}

/* A column of up to four buffers; the first, of validity, may be NULL. */
static inline struct ArrowArray *written_add(written *w, const char *name, const char *format,
                                             const void *validity, const void *second,
                                             const void *third, const void *fourth)
{
    const int64_t i = w->schema.n_children++;
    struct ArrowSchema *schema = &w->schemas[i];
    struct ArrowArray *array = &w->arrays[i];

    w->array.n_children++;
    w->schema_pointers[i] = schema;
    w->array_pointers[i] = array;
    schema->format = format;
    schema->name = name;
    schema->flags = ARROW_FLAG_NULLABLE;
    schema->release = written_release_schema;
    array->length = w->array.length;
    array->null_count = validity ? -1 : 0; /* not counted, which is allowed */
    array->n_buffers = 1 + (second != NULL) + (third != NULL) + (fourth != NULL);
    array->buffers = w->buffers[i];
    array->release = written_release_array;
    w->buffers[i][0] = validity;
    w->buffers[i][1] = second;
    w->buffers[i][2] = third;
    w->buffers[i][3] = fourth;
    return array;
}

/* Of utf8 in one piece: "abc" parted by 'offsets'. */
static inline struct ArrowArray *written_text(written *w, const char *name, const int32_t *offsets,
                                              const char *text)
{
    return written_add(w, name, "u", NULL, offsets, text, NULL);
}

#endif
