/* SPDX-License-Identifier: Apache-2.0 */
/* Group keys: a word for each path, so that finding a group compares a few numbers. */
#include "aggregate/key.h"

#include "base/error.h"
#include "record/list.h"

#define UNKNOWN 0
#define ABSENT 1 /* in 'words' of a path: the entry has no value */

bool fle_keys_init(fle_keys *keys, const fle_request *request, const fle_allocator *allocator)
{
    const size_t n = request->opt.by_count;

    memset(keys, 0, sizeof *keys);
    keys->allocator = allocator;
    keys->n = n;
    keys->first = request->window > 0;
    keys->words = keys->first + n + (n + 15) / 16;
    fle_buffer_init(&keys->scratch, allocator);
    if (!fle_values_init(&keys->values, allocator, request->opt.hash_seed))
        return false;
    keys->paths = fle_alloc_zeroed(allocator, (n + 1) * sizeof *keys->paths);
    for (size_t i = 0; keys->paths && i < n; i++)
        keys->paths[i].by = &request->by[i];
    return keys->paths != NULL;
}

void fle_keys_free(fle_keys *keys)
{
    if (!keys->allocator)
        return;
    for (size_t i = 0; keys->paths && i < keys->n; i++)
        fle_free(keys->allocator, keys->paths[i].words);
    fle_free(keys->allocator, keys->paths);
    fle_values_free(&keys->values);
    fle_buffer_free(&keys->scratch);
}

void fle_keys_clear(fle_keys *keys)
{
    fle_values_clear(&keys->values);
    for (size_t i = 0; i < keys->n; i++)
        keys->paths[i].type = 0;
}

/* ---- Getting ready for a batch. ---- */

/* Of charges one line's item, of other lists all in one text. */
static uint32_t type_of(const fle_key_path *path)
{
    const uint32_t type = path->path.type;

    if (path->by->is_of_lines && path->path.item)
        return path->path.item;
    return type == FLOWENRICH_TYPE_LIST || type == FLOWENRICH_TYPE_MAP ? FLOWENRICH_TYPE_TEXT
                                                                       : type;
}

/* How many entries the path has, of which rows have one each: answers, or a dictionary's. */
static size_t entries_of(const fle_path *path, const flowenrich_batch *batch)
{
    if (path->end != FLE_N_ENDS)
        return batch->n_answers;
    return path->column != FLE_ABSENT && batch->columns[path->column].dictionary
               ? batch->columns[path->column].dictionary_len
               : 0;
}

/* What "client.type" makes of an answer, "server.type" makes of it, too. */
static size_t first_alike(const fle_keys *keys, size_t i)
{
    size_t first = 0;

    while (first < i && !fle_path_is_alike(&keys->paths[first].path, &keys->paths[i].path))
        first++;
    return first;
}

static bool open_words(fle_keys *keys, size_t i, const flowenrich_batch *batch)
{
    fle_key_path *path = &keys->paths[i];
    const size_t n = entries_of(&path->path, batch);
    uint32_t *words;

    path->last = 0;
    path->alike = first_alike(keys, i);
    path->n_words = n;
    if (n == 0 || path->alike < i)
        return true;
    words = fle_grow(keys->allocator, path->words, &path->capacity, n, sizeof *words);
    if (!words)
        return false;
    path->words = words;
    memset(words, 0, n * sizeof *words);
    return true;
}

flowenrich_status fle_keys_open(fle_keys *keys, const flowenrich_batch *batch,
                                flowenrich_error *error)
{
    for (size_t i = 0; i < keys->n; i++) {
        fle_key_path *path = &keys->paths[i];

        if (fle_path_open(&path->path, batch, path->by->path) && path->type != 0 &&
            path->type != type_of(path))
            return fle_error(error, FLOWENRICH_ERR_ARG,
                             "'%s' is of another type than in the batches before",
                             path->by->name.data);
    }
    for (size_t i = 0; i < keys->n; i++) {
        fle_key_path *path = &keys->paths[i];

        if (path->path.type != 0)
            path->type = type_of(path);
        if (!open_words(keys, i, batch))
            return fle_error_nomem(error);
    }
    return FLOWENRICH_OK;
}

/* ---- Values to words. ---- */

static inline void set_word(const fle_keys *keys, uint32_t *key, size_t i, fle_word kind,
                            uint32_t word)
{
    key[keys->first + i] = word;
    key[keys->first + keys->n + i / 16] |= (uint32_t)kind << i % 16 * 2;
}

static bool set_code(fle_keys *keys, uint32_t *key, size_t i, const void *data, size_t len)
{
    const uint32_t code = fle_values_intern(&keys->values, data, len);

    set_word(keys, key, i, FLE_WORD_CODE, code);
    return code != FLE_ABSENT;
}

/* Lowest byte first, so that a saved state is the same on every machine. */
static bool set_wide(fle_keys *keys, uint32_t *key, size_t i, uint64_t number)
{
    unsigned char bytes[8];

    for (size_t b = 0; b < sizeof bytes; b++)
        bytes[b] = (unsigned char)(number >> 8 * b);
    return set_code(keys, key, i, bytes, sizeof bytes);
}

static bool set_number(fle_keys *keys, uint32_t *key, size_t i, uint64_t number)
{
    if (number > UINT32_MAX)
        return set_wide(keys, key, i, number);
    set_word(keys, key, i, FLE_WORD_NUMBER, (uint32_t)number);
    return true;
}

static inline uint32_t v4_of(const fle_address *address)
{
    const uint8_t *bytes = address->bytes + 12;

    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool set_address(fle_keys *keys, uint32_t *key, size_t i, const fle_address *address)
{
    const fle_by_path *by = keys->paths[i].by;
    const bool is_v4 = fle_address_is_v4(address);
    fle_address network;

    if (by->network != FLE_NO_NETWORK) {
        network = *address;
        fle_address_keep(&network, fle_network_bits(by->network, is_v4));
        address = &network;
    }
    if (!is_v4)
        return set_code(keys, key, i, address->bytes, sizeof address->bytes);
    set_word(keys, key, i, FLE_WORD_NUMBER, v4_of(address));
    return true;
}

/* Rows that follow one another often have the same text. */
static bool set_text(fle_keys *keys, uint32_t *key, size_t i, flowenrich_text text)
{
    fle_key_path *path = &keys->paths[i];

    if (path->last == 0 || !fle_text_equal(fle_values_at(&keys->values, path->last - 1), text)) {
        const uint32_t code = fle_values_intern(&keys->values, text.data, text.len);

        if (code == FLE_ABSENT)
            return false;
        path->last = code + 1;
    }
    set_word(keys, key, i, FLE_WORD_CODE, path->last - 1);
    return true;
}

/* "a,b" of a list, whatever it is of, "k=v,k=v" of a map. */
static bool set_joined(fle_keys *keys, uint32_t *key, size_t i, const fle_value *value)
{
    const bool is_numbers = value->type == FLE_NUMBERS;
    const size_t n = is_numbers ? value->as.numbers.n : value->as.texts.n;
    fle_buffer *joined = &keys->scratch;

    fle_buffer_clear(joined);
    for (size_t item = 0; item < n; item++) {
        if (item > 0)
            fle_buffer_char(joined, value->type == FLOWENRICH_TYPE_MAP && item % 2 ? '=' : ',');
        if (is_numbers)
            fle_buffer_u64(joined, value->as.numbers.items[item]);
        else
            fle_buffer_text(joined, value->as.texts.items[item]);
    }
    return !joined->failed && set_text(keys, key, i, fle_text(joined->data, joined->len));
}

static bool set_value(fle_keys *keys, uint32_t *key, size_t i, const fle_value *value)
{
    uint64_t bits;

    switch (value->type) {
    case 0:
        return true;
    case FLOWENRICH_TYPE_TIME:
        return set_number(keys, key, i, (uint64_t)value->as.time);
    case FLOWENRICH_TYPE_F64:
        memcpy(&bits, &value->as.f64, sizeof bits);
        return set_wide(keys, key, i, bits);
    case FLOWENRICH_TYPE_ADDRESS:
        return set_address(keys, key, i, value->as.address);
    case FLOWENRICH_TYPE_TEXT:
        return set_text(keys, key, i, value->as.text);
    case FLOWENRICH_TYPE_LIST:
    case FLOWENRICH_TYPE_MAP:
    case FLE_NUMBERS:
        return set_joined(keys, key, i, value);
    default:
        return set_number(keys, key, i, value->as.u64);
    }
}

/* The item of a line, in the place of all lines' list. */
static void choose_line(fle_value *value, size_t line)
{
    if (value->type == FLOWENRICH_TYPE_LIST && line < value->as.texts.n) {
        const flowenrich_text text = value->as.texts.items[line];

        value->type = text.len ? FLOWENRICH_TYPE_TEXT : 0;
        value->as.text = text;
    } else if (value->type == FLE_NUMBERS && line < value->as.numbers.n) {
        const uint64_t number = value->as.numbers.items[line];

        value->type = FLOWENRICH_TYPE_U64;
        value->as.u64 = number;
    } else {
        value->type = 0;
    }
}

/* ---- A column's values at a time. ---- */

/* Which entry of the path a row has; FLE_ABSENT: none. */
static uint32_t entry_of(const fle_path *path, const flowenrich_batch *batch, size_t row)
{
    const fle_column *column;

    if (path->end != FLE_N_ENDS)
        return batch->ends[path->end][row];
    column = &batch->columns[path->column];
    return fle_column_valid(column, row) ? ((const uint32_t *)column->values)[row] : FLE_ABSENT;
}

/* Who was never seen in this batch lies anywhere in memory. */
static void expect_answers(const fle_path *path, const uint32_t *known,
                           const flowenrich_batch *batch, const fle_entry *entries, size_t n)
{
    const flowenrich_answer *unknown[FLE_BLOCK];
    size_t n_unknown = 0;

    for (size_t e = 0; path->end != FLE_N_ENDS && e < n; e++) {
        const uint32_t entry = batch->ends[path->end][entries[e].row];

        if (entry < batch->n_answers && known[entry] == UNKNOWN)
            unknown[n_unknown++] = batch->answers[entry];
    }
    fle_path_expect(path, unknown, n_unknown);
}

/* Each entry is looked up once in a batch, when the first row has it. */
static bool fill_entries(fle_keys *keys, size_t i, const flowenrich_batch *batch,
                         const fle_entry *entries, size_t n, uint32_t *words)
{
    const fle_key_path *path = &keys->paths[i];
    uint32_t *all_known = keys->paths[path->alike].words;

    expect_answers(&path->path, all_known, batch, entries, n);
    for (size_t e = 0; e < n; e++) {
        uint32_t *key = words + e * keys->words;
        const uint32_t entry = entry_of(&path->path, batch, entries[e].row);
        uint32_t *known = entry < path->n_words ? &all_known[entry] : NULL;
        fle_value value;

        if (!known)
            continue;
        if (*known == UNKNOWN) {
            fle_path_get(&path->path, batch, entries[e].row, &value);
            if (!set_value(keys, key, i, &value))
                return false;
            *known = value.type ? key[keys->first + i] + 2 : ABSENT;
        } else if (*known != ABSENT) {
            set_word(keys, key, i, FLE_WORD_CODE, *known - 2);
        }
    }
    return true;
}

static bool fill_addresses(fle_keys *keys, size_t i, const fle_column *column,
                           const fle_entry *entries, size_t n, uint32_t *words)
{
    const bool is_plain = keys->paths[i].by->network == FLE_NO_NETWORK;
    const fle_address *values = column->values;

    for (size_t e = 0; e < n; e++) {
        const fle_address *address = &values[entries[e].row];
        uint32_t *key = words + e * keys->words;

        if (!fle_column_valid(column, entries[e].row))
            continue;
        if (is_plain && fle_address_is_v4(address))
            set_word(keys, key, i, FLE_WORD_NUMBER, v4_of(address));
        else if (!set_address(keys, key, i, address))
            return false;
    }
    return true;
}

static void fill_u32(const fle_keys *keys, size_t i, const fle_column *column,
                     const fle_entry *entries, size_t n, uint32_t *words)
{
    const uint32_t *values = column->values;

    for (size_t e = 0; e < n; e++)
        if (fle_column_valid(column, entries[e].row))
            set_word(keys, words + e * keys->words, i, FLE_WORD_NUMBER, values[entries[e].row]);
}

static bool fill_values(fle_keys *keys, size_t i, const flowenrich_batch *batch,
                        const fle_entry *entries, size_t n, uint32_t *words)
{
    const fle_key_path *path = &keys->paths[i];

    for (size_t e = 0; e < n; e++) {
        fle_value value;

        fle_path_get(&path->path, batch, entries[e].row, &value);
        if (path->by->is_of_lines)
            choose_line(&value, entries[e].line);
        if (!set_value(keys, words + e * keys->words, i, &value))
            return false;
    }
    return true;
}

static bool fill(fle_keys *keys, size_t i, const flowenrich_batch *batch, const fle_entry *entries,
                 size_t n, uint32_t *words)
{
    const fle_path *path = &keys->paths[i].path;
    const fle_column *column = path->column != FLE_ABSENT ? &batch->columns[path->column] : NULL;

    if (path->type == 0)
        return true;
    if (path->end != FLE_N_ENDS || column->dictionary)
        return fill_entries(keys, i, batch, entries, n, words);
    if (column->type == FLOWENRICH_TYPE_ADDRESS)
        return fill_addresses(keys, i, column, entries, n, words);
    if (column->type != FLOWENRICH_TYPE_U32)
        return fill_values(keys, i, batch, entries, n, words);
    fill_u32(keys, i, column, entries, n, words);
    return true;
}

bool fle_keys_fill(fle_keys *keys, const flowenrich_batch *batch, const fle_entry *entries,
                   size_t n, uint32_t *words)
{
    for (size_t e = 0; keys->first > 0 && e < n; e++)
        words[e * keys->words] = entries[e].pane;
    for (size_t i = 0; i < keys->n; i++)
        if (!fill(keys, i, batch, entries, n, words))
            return false;
    return true;
}

uint64_t fle_keys_hold(fle_keys *keys, const uint32_t *key)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < keys->n; i++)
        if (fle_key_word(keys, key, i) == FLE_WORD_CODE)
            bytes += fle_values_hold(&keys->values, key[keys->first + i]);
    return bytes;
}

bool fle_keys_translate(fle_keys *keys, const fle_values *from, uint32_t *codes, uint32_t *key)
{
    for (size_t i = 0; i < keys->n; i++) {
        uint32_t *word = &key[keys->first + i];

        if (fle_key_word(keys, key, i) != FLE_WORD_CODE)
            continue;
        if (codes[*word] == 0) {
            const flowenrich_text value = fle_values_at(from, *word);
            const uint32_t code = fle_values_intern(&keys->values, value.data, value.len);

            if (code == FLE_ABSENT)
                return false;
            codes[*word] = code + 1;
        }
        *word = codes[*word] - 1;
    }
    return true;
}
