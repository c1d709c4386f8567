/* SPDX-License-Identifier: Apache-2.0 */
/* A consumer of Arrow's C data interface: it checks what the format asks for, and shows values. */
#ifndef TESTS_ARROW_READING_H
#define TESTS_ARROW_READING_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"
#include "base/text.h"
#include "record/arrow_abi.h"

typedef struct arrow_exported {
    struct ArrowSchema schema;
    struct ArrowArray array;
} arrow_exported;

static inline bool arrow_valid(const struct ArrowArray *array, int64_t row)
{
    const uint8_t *bits = array->n_buffers > 0 ? array->buffers[0] : NULL;

    return bits ? (bits[row >> 3] >> (row & 7) & 1) != 0 : array->null_count == 0;
}

static inline int32_t arrow_i32(const struct ArrowArray *array, size_t buffer, int64_t row)
{
    return ((const int32_t *)array->buffers[buffer])[row];
}

/* Of a column of utf8 or of views. */
static inline flowenrich_text arrow_text(const char *format, const struct ArrowArray *array,
                                         int64_t row)
{
    const char *view;
    int32_t len, where[2];

    if (strcmp(format, "u") == 0)
        return fle_text((const char *)array->buffers[2] + arrow_i32(array, 1, row),
                        (size_t)(arrow_i32(array, 1, row + 1) - arrow_i32(array, 1, row)));
    view = (const char *)array->buffers[1] + 16 * row;
    memcpy(&len, view, sizeof len);
    if (len <= 12)
        return fle_text(view + 4, (size_t)len);
    memcpy(where, view + 8, sizeof where);
    return fle_text((const char *)array->buffers[2 + where[0]] + where[1], (size_t)len);
}

static inline void arrow_check_utf8(flowenrich_text text)
{
    for (size_t i = 0; i < text.len;) {
        const size_t width = fle_utf8_width(text.data + i, text.len - i);

        assert_true(width > 0);
        i += width;
    }
}

/* Short texts lie in their views, with zeros behind; others in a buffer, and begin alike. */
static inline void arrow_check_view(const struct ArrowArray *array, int64_t row)
{
    const int64_t n = array->n_buffers - 3;
    const int64_t *sizes = array->buffers[array->n_buffers - 1];
    const char *view = (const char *)array->buffers[1] + 16 * row;
    int32_t len, where[2];

    memcpy(&len, view, sizeof len);
    memcpy(where, view + 8, sizeof where);
    assert_true(len >= 0);
    if (len <= 12) {
        for (int i = len; i < 12; i++)
            assert_int_equal(view[4 + i], 0);
        return;
    }
    assert_in_range(where[0], 0, n - 1);
    assert_true(where[1] >= 0 && where[1] + (int64_t)len <= sizes[where[0]]);
    assert_memory_equal(view + 4, (const char *)array->buffers[2 + where[0]] + where[1], 4);
}

static inline void arrow_check_texts(const char *format, const struct ArrowArray *array)
{
    for (int64_t row = 0; row < array->length; row++) {
        if (strcmp(format, "vu") == 0)
            arrow_check_view(array, row);
        else
            assert_true(arrow_i32(array, 1, row) <= arrow_i32(array, 1, row + 1));
        if (arrow_valid(array, row))
            arrow_check_utf8(arrow_text(format, array, row));
    }
}

/* Codes lie in the dictionary, which has each text once. */
static inline void arrow_check_codes(const struct ArrowSchema *schema,
                                     const struct ArrowArray *array)
{
    const struct ArrowArray *words = array->dictionary;

    assert_non_null(words);
    assert_string_equal(schema->dictionary->format, "u");
    assert_int_equal(words->null_count, 0);
    for (int64_t row = 0; row < array->length; row++)
        if (arrow_valid(array, row))
            assert_in_range(arrow_i32(array, 1, row), 0, words->length - 1);
    for (int64_t i = 0; i < words->length; i++)
        for (int64_t k = 0; k < i; k++)
            assert_false(fle_text_equal(arrow_text("u", words, i), arrow_text("u", words, k)));
}

/* The buffers a format has; -1 of one we never make. */
static inline int64_t arrow_buffers_of(const char *format)
{
    static const struct {
        const char *format;
        int64_t n;
    } formats[] = { { "n", 0 },
                    { "I", 2 },
                    { "L", 2 },
                    { "i", 2 },
                    { "g", 2 },
                    { "b", 2 },       { "u", 3 }, { "vu", 3 }, { "w:16", 2 }, { "+l", 2 },
                    { "tss:UTC", 2 },
                    { "+s", 1 },
                    { "+m", 2 } };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].format, format) == 0)
            return formats[i].n;
    return -1;
}

static inline void arrow_check(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    const char *format = schema->format;
    int64_t n_absent = 0;

    assert_non_null(schema->release);
    assert_non_null(array->release);
    assert_non_null(schema->name);
    assert_int_equal(array->offset, 0);
    assert_int_equal(schema->n_children, array->n_children);
    assert_int_equal(schema->dictionary != NULL, array->dictionary != NULL);
    if (strcmp(format, "vu") == 0)
        assert_in_range(array->n_buffers, 3, 5);
    else
        assert_int_equal(array->n_buffers, arrow_buffers_of(format));
    for (int64_t i = 1; i < array->n_buffers; i++)
        assert_non_null(array->buffers[i]);
    for (int64_t row = 0; row < array->length; row++)
        n_absent += !arrow_valid(array, row);
    assert_int_equal(array->null_count, n_absent);
    if (!(schema->flags & ARROW_FLAG_NULLABLE))
        assert_int_equal(n_absent, 0);

    if (strcmp(format, "u") == 0 || strcmp(format, "vu") == 0)
        arrow_check_texts(format, array);
    if (array->dictionary) {
        arrow_check_codes(schema, array);
        arrow_check(schema->dictionary, array->dictionary);
    }
    if (strcmp(format, "+l") == 0 || strcmp(format, "+m") == 0) {
        assert_int_equal(array->n_children, 1);
        for (int64_t row = 0; row < array->length; row++)
            assert_true(arrow_i32(array, 1, row) <= arrow_i32(array, 1, row + 1));
        assert_int_equal(arrow_i32(array, 1, array->length), array->children[0]->length);
    }
    for (int64_t i = 0; i < array->n_children; i++) {
        if (strcmp(format, "+s") == 0)
            assert_int_equal(array->children[i]->length, array->length);
        arrow_check(schema->children[i], array->children[i]);
    }
}

static inline void arrow_release(arrow_exported *exported)
{
    exported->array.release(&exported->array);
    assert_null(exported->array.release);
    exported->schema.release(&exported->schema);
    assert_null(exported->schema.release);
}

/* The number of a child; fails if there is none. */
static inline int64_t arrow_child(const struct ArrowSchema *schema, const char *name)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (strcmp(schema->children[i]->name, name) == 0)
            return i;
    fail_msg("there is no '%s'", name);
    return -1;
}

static inline void arrow_append(fle_buffer *out, const struct ArrowSchema *schema,
                                const struct ArrowArray *array, int64_t row)
{
    const char *format = schema->format;
    char text[FLE_ADDRESS_TEXT];

    if (!arrow_valid(array, row)) {
        fle_buffer_string(out, "null");
    } else if (schema->dictionary) {
        arrow_append(out, schema->dictionary, array->dictionary, arrow_i32(array, 1, row));
    } else if (strcmp(format, "u") == 0 || strcmp(format, "vu") == 0) {
        fle_buffer_text(out, arrow_text(format, array, row));
    } else if (strcmp(format, "w:16") == 0) {
        fle_address_format((const fle_address *)array->buffers[1] + row, text);
        fle_buffer_string(out, text);
    } else if (strcmp(format, "I") == 0) {
        fle_buffer_u64(out, ((const uint32_t *)array->buffers[1])[row]);
    } else if (strcmp(format, "L") == 0) {
        fle_buffer_u64(out, ((const uint64_t *)array->buffers[1])[row]);
    } else if (strcmp(format, "tss:UTC") == 0) {
        fle_buffer_i64(out, ((const int64_t *)array->buffers[1])[row]);
    } else if (strcmp(format, "g") == 0) {
        fle_buffer_u64(out, (uint64_t)(100 * ((const double *)array->buffers[1])[row] + .5));
        fle_buffer_char(out, '%');
    } else if (strcmp(format, "b") == 0) {
        const uint8_t *bits = array->buffers[1];

        fle_buffer_string(out, bits[row >> 3] >> (row & 7) & 1 ? "true" : "false");
    } else if (strcmp(format, "+s") == 0) {
        for (int64_t i = 0; i < array->n_children; i++) {
            fle_buffer_string(out, i ? " " : "");
            fle_buffer_string(out, schema->children[i]->name);
            fle_buffer_char(out, '=');
            arrow_append(out, schema->children[i], array->children[i], row);
        }
    } else {
        fle_buffer_char(out, '[');
        for (int64_t i = arrow_i32(array, 1, row); i < arrow_i32(array, 1, row + 1); i++) {
            fle_buffer_string(out, i > arrow_i32(array, 1, row) ? ", " : "");
            arrow_append(out, schema->children[0], array->children[0], i);
        }
        fle_buffer_char(out, ']');
    }
}

/* A row as "bytes=4249 action=null", or of one column "4249". */
static inline void arrow_must_show(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                   int64_t row, const char *expected)
{
    fle_allocator allocator;
    fle_buffer shown;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&shown, &allocator);
    arrow_append(&shown, schema, array, row);
    fle_buffer_char(&shown, '\0');
    assert_string_equal(shown.data, expected);
    fle_buffer_free(&shown);
}

static inline void arrow_column_must_show(const arrow_exported *from, const char *name, int64_t row,
                                          const char *expected)
{
    const int64_t at = arrow_child(&from->schema, name);

    arrow_must_show(from->schema.children[at], from->array.children[at], row, expected);
}

/* The value of a key of metadata; empty if it isn't there. */
static inline flowenrich_text arrow_metadata(const struct ArrowSchema *schema, const char *key)
{
    const char *at = schema->metadata;
    int32_t n = 0, len;
    flowenrich_text texts[2];

    if (at)
        memcpy(&n, at, sizeof n);
    at += sizeof n;
    while (n-- > 0) {
        for (size_t i = 0; i < 2; i++) {
            memcpy(&len, at, sizeof len);
            texts[i] = fle_text(at + sizeof len, (size_t)len);
            at += sizeof len + (size_t)len;
        }
        if (fle_text_is(texts[0], key))
            return texts[1];
    }
    return fle_text(NULL, 0);
}

#endif
