/* SPDX-License-Identifier: Apache-2.0 */
/* Makes entries: each text and each list is there once. */
#include "catalog/entry_writer.h"

#include "base/hash.h"
#include "catalog/order.h"

#define FIRST_SLOTS 1024
#define MOST_PERIODS (UINT32_MAX >> FLE_ENTRY_FLAG_BITS)

void fle_entry_writer_init(fle_entry_writer *writer, const fle_allocator *allocator, uint64_t seed)
{
    memset(writer, 0, sizeof *writer);
    writer->allocator = allocator;
    writer->seed = seed;
}

void fle_entry_writer_go_on(fle_entry_writer *writer, const fle_entries *first, fle_arena *arena)
{
    writer->arena = arena;
    writer->first = *first;
}

/* Room for 'more' elements behind the first 'n' of an array. */
static void *grow(const fle_entry_writer *writer, void *array, size_t *capacity, size_t n,
                  size_t more, size_t size)
{
    return writer->arena ? fle_array_grow(writer->arena, array, capacity, n, more, size)
                         : fle_grow(writer->allocator, array, capacity, n + more, size);
}

static void free_places(fle_entry_writer *writer)
{
    fle_free(writer->allocator, writer->of_texts.slots.items);
    fle_free(writer->allocator, writer->of_lists.slots.items);
}

void fle_entry_writer_free(fle_entry_writer *writer)
{
    fle_entries written = fle_entry_writer_view(writer);

    free_places(writer);
    if (!writer->arena)
        fle_entries_free(&written, writer->allocator);
}

void fle_entries_free(fle_entries *entries, const fle_allocator *allocator)
{
    fle_free(allocator, (void *)(uintptr_t)entries->texts);
    fle_free(allocator, (void *)(uintptr_t)entries->lists);
    fle_free(allocator, (void *)(uintptr_t)entries->items);
    fle_free(allocator, (void *)(uintptr_t)entries->periods);
}

fle_entries fle_entry_writer_view(const fle_entry_writer *writer)
{
    const fle_entries view = { .texts = writer->texts,
                               .n_texts = writer->n_texts,
                               .lists = writer->lists,
                               .n_lists = writer->n_lists,
                               .items = writer->items,
                               .n_items = writer->n_items,
                               .periods = writer->periods,
                               .n_periods = writer->n_periods };

    return view;
}

/* What isn't written can be given back, but for what realloc can't do in place. */
fle_entries fle_entry_writer_end(fle_entry_writer *writer)
{
    const fle_entries written = fle_entry_writer_view(writer);

    free_places(writer);
    memset(writer, 0, sizeof *writer);
    return written;
}

/* ---- Places. ---- */

static void add_place(fle_entry_writer *writer, fle_places *places, uint32_t hash, uint32_t place)
{
    const fle_slots old = places->slots;

    if (places->n >= old.n / 2) {
        fle_slots larger = { NULL, old.n > 0 ? old.n * 2 : FIRST_SLOTS };

        larger.items = fle_alloc_zeroed(writer->allocator, larger.n * sizeof *larger.items);
        if (!larger.items) {
            writer->failed = true;
            return;
        }
        for (size_t i = 0; i < old.n; i++)
            if (old.items[i].number != 0)
                fle_slots_add(&larger, old.items[i].hash, old.items[i].number - 1);
        fle_free(writer->allocator, old.items);
        places->slots = larger;
    }
    fle_slots_add(&places->slots, hash, place);
    places->n++;
}

/* ---- Texts. ---- */

static uint32_t append_text(fle_entry_writer *writer, flowenrich_text text)
{
    const uint32_t len = (uint32_t)text.len;
    const size_t place = writer->n_texts;
    char *texts;

    if (writer->first.n_texts + place > UINT32_MAX - sizeof len ||
        text.len > UINT32_MAX - sizeof len - writer->first.n_texts - place) {
        writer->failed = true;
        return 0;
    }
    texts = grow(writer, writer->texts, &writer->texts_capacity, place, sizeof len + len, 1);
    if (!texts) {
        writer->failed = true;
        return 0;
    }
    writer->texts = texts;
    memcpy(texts + place, &len, sizeof len);
    if (len > 0)
        memcpy(texts + place + sizeof len, text.data, len);
    writer->n_texts += sizeof len + len;
    return (uint32_t)place;
}

uint32_t fle_entry_writer_text(fle_entry_writer *writer, flowenrich_text text)
{
    const uint32_t hash = (uint32_t)fle_hash(text.data, text.len, writer->seed);
    fle_probe probe = fle_probe_begin(&writer->of_texts.slots, hash);
    uint32_t place;

    if (writer->n_texts == 0)
        (void)append_text(writer, fle_text("", 0));
    if (text.len == 0)
        return 0;
    while (fle_probe_next(&probe, &place)) {
        const fle_entries view = { .texts = writer->texts, .n_texts = writer->n_texts };

        if (fle_text_equal(fle_entries_text(&view, place), text))
            return place + (uint32_t)writer->first.n_texts;
    }
    place = append_text(writer, text);
    if (!writer->failed)
        add_place(writer, &writer->of_texts, hash, place);
    return place + (uint32_t)writer->first.n_texts;
}

/* ---- Lists. ---- */

static bool is_list(const fle_entry_writer *writer, uint32_t place, const uint32_t *list, size_t n)
{
    const uint32_t *known = writer->lists + place;

    return known[0] == n && memcmp(known + 1, list, n * sizeof *list) == 0;
}

/* 'n' texts, behind room for their number. */
static uint32_t keep_list(fle_entry_writer *writer, size_t begin, size_t n)
{
    uint32_t *list = writer->lists + begin;
    const uint32_t hash = (uint32_t)fle_hash(list + 1, n * sizeof *list, writer->seed);
    fle_probe probe = fle_probe_begin(&writer->of_lists.slots, hash);
    uint32_t place;

    list[0] = (uint32_t)n;
    while (fle_probe_next(&probe, &place))
        if (is_list(writer, place, list + 1, n)) {
            writer->n_lists = begin;
            return place + (uint32_t)writer->first.n_lists;
        }
    add_place(writer, &writer->of_lists, hash, (uint32_t)begin);
    return (uint32_t)(writer->first.n_lists + begin);
}

/* Written where it would lie; if it is there already, taken back. */
static uint32_t write_list(fle_entry_writer *writer, fle_texts texts)
{
    const size_t n = writer->n_lists, begin = n > 0 ? n : 1;
    uint32_t *lists;

    if (texts.n >= UINT32_MAX - begin - writer->first.n_lists) {
        writer->failed = true;
        return 0;
    }
    lists = grow(writer, writer->lists, &writer->lists_capacity, n, begin - n + texts.n + 1,
                 sizeof *lists);
    if (!lists) {
        writer->failed = true;
        return 0;
    }
    writer->lists = lists;
    if (n == 0)
        lists[0] = 0;
    writer->n_lists = begin;
    if (texts.n == 0)
        return 0;
    for (size_t i = 0; i < texts.n; i++)
        lists[begin + 1 + i] = fle_entry_writer_text(writer, texts.items[i]);
    writer->n_lists = begin + 1 + texts.n;
    return keep_list(writer, begin, texts.n);
}

/* ---- Entries. ---- */

uint32_t fle_entry_writer_reserve(fle_entry_writer *writer, size_t n)
{
    const size_t first = writer->n_items;
    fle_entry *items;

    if (n > FLE_NOBODY - writer->first.n_items - first) {
        writer->failed = true;
        return 0;
    }
    items = grow(writer, writer->items, &writer->items_capacity, first, n, sizeof *items);
    if (!items) {
        writer->failed = true;
        return 0;
    }
    writer->items = items;
    if (n > 0)
        memset(items + first, 0, n * sizeof *items);
    writer->n_items += n;
    return (uint32_t)(writer->first.n_items + first);
}

fle_entry *fle_entry_writer_at(fle_entry_writer *writer, uint32_t index)
{
    return &writer->items[index - writer->first.n_items];
}

void fle_entry_writer_put(fle_entry_writer *writer, uint32_t index, const fle_identity *identity)
{
    fle_entry entry = { .space = identity->space,
                        .flags = (identity->forwards ? FLE_ENTRY_FORWARDS : 0) |
                                 (identity->has_public ? FLE_ENTRY_HAS_PUBLIC : 0) |
                                 (identity->has_several ? FLE_ENTRY_HAS_SEVERAL : 0) };

    for (size_t i = 0; i < FLE_N_STORED; i++)
        entry.single[i] = fle_entry_writer_text(writer, identity->single[i]);
    entry.path = fle_entry_writer_text(writer, identity->path);
    entry.arns = write_list(writer, identity->arns);
    entry.security_group_ids = write_list(writer, identity->security_group_ids);
    entry.tags = write_list(writer, identity->tags);
    if (!writer->failed)
        *fle_entry_writer_at(writer, index) = entry;
}

uint32_t fle_entry_writer_add(fle_entry_writer *writer, const fle_identity *identity)
{
    const uint32_t index = fle_entry_writer_reserve(writer, 1);

    if (!writer->failed)
        fle_entry_writer_put(writer, index, identity);
    return index;
}

void fle_entry_writer_periods(fle_entry_writer *writer, uint32_t index, const fle_periods *periods)
{
    const size_t first = writer->n_periods, place = writer->first.n_periods + first;
    fle_period *items;
    fle_entry *entry;

    if (writer->failed || periods->n > MOST_PERIODS || place > UINT32_MAX - periods->n) {
        writer->failed = true;
        return;
    }
    items =
        grow(writer, writer->periods, &writer->periods_capacity, first, periods->n, sizeof *items);
    if (!items) {
        writer->failed = true;
        return;
    }
    writer->periods = items;
    memcpy(items + first, periods->items, periods->n * sizeof *items);
    writer->n_periods += periods->n;
    entry = fle_entry_writer_at(writer, index);
    entry->periods = (uint32_t)place;
    entry->flags |= (uint32_t)periods->n << FLE_ENTRY_FLAG_BITS;
}
