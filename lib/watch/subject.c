/* SPDX-License-Identifier: Apache-2.0 */
/* Which group a row is of: the values of the paths that groups are by, as bytes. */
#include "watch/subject.h"

void fle_subject_init(fle_subject *subject, const fle_allocator *allocator)
{
    memset(subject, 0, sizeof *subject);
    fle_buffer_init(&subject->key, allocator);
}

void fle_subject_free(fle_subject *subject)
{
    fle_buffer_free(&subject->key);
}

bool fle_subject_choose(fle_subject *subject, const char *const *by, size_t n, fle_arena *arena)
{
    subject->by = fle_arena_alloc(arena, (n + 1) * sizeof *subject->by);
    subject->paths = fle_arena_alloc(arena, (n + 1) * sizeof *subject->paths);
    if (!subject->by || !subject->paths)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!fle_arena_text(arena, by[i], strlen(by[i]), &subject->by[i]))
            return false;
    subject->n = n;
    return true;
}

void fle_subject_open(fle_subject *subject, const flowenrich_batch *groups)
{
    for (size_t i = 0; i < subject->n; i++)
        (void)fle_path_open(&subject->paths[i], groups, subject->by[i]);
}

static void put_bytes(fle_buffer *key, const void *data, size_t len)
{
    fle_buffer_append(key, (const char *)&len, sizeof len);
    fle_buffer_append(key, data, len);
}

/* With its type and length, so that no two groups have the same bytes. */
static void put_value(fle_buffer *key, const fle_value *value)
{
    fle_buffer_char(key, (char)value->type);
    switch (value->type) {
    case 0:
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        put_bytes(key, value->as.address->bytes, sizeof value->as.address->bytes);
        break;
    case FLOWENRICH_TYPE_TEXT:
        put_bytes(key, value->as.text.data, value->as.text.len);
        break;
    case FLOWENRICH_TYPE_LIST:
    case FLOWENRICH_TYPE_MAP:
        put_bytes(key, &value->as.texts.n, sizeof value->as.texts.n);
        for (size_t i = 0; i < value->as.texts.n; i++)
            put_bytes(key, value->as.texts.items[i].data, value->as.texts.items[i].len);
        break;
    case FLE_NUMBERS:
        put_bytes(key, value->as.numbers.items,
                  value->as.numbers.n * sizeof *value->as.numbers.items);
        break;
    case FLOWENRICH_TYPE_F64:
        put_bytes(key, &value->as.f64, sizeof value->as.f64);
        break;
    case FLOWENRICH_TYPE_TIME:
        put_bytes(key, &value->as.time, sizeof value->as.time);
        break;
    default:
        put_bytes(key, &value->as.u64, sizeof value->as.u64);
        break;
    }
}

bool fle_subject_read(fle_subject *subject, const flowenrich_batch *groups, size_t row)
{
    fle_buffer_clear(&subject->key);
    for (size_t i = 0; i < subject->n; i++) {
        fle_value value;

        fle_path_get(&subject->paths[i], groups, row, &value);
        put_value(&subject->key, &value);
    }
    return !subject->key.failed;
}
