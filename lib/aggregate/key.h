/* SPDX-License-Identifier: Apache-2.0 */
/* Group keys: a word for each path, so that finding a group compares a few numbers. */
#ifndef FLE_AGGREGATE_KEY_H
#define FLE_AGGREGATE_KEY_H

#include "aggregate/request.h"
#include "aggregate/values.h"
#include "record/path.h"

#define FLE_BLOCK 128 /* entries that are looked for at a time, so that memory comes meanwhile */

/*
 * A key is u32 words: first the number of its pane if there are windows, then one for each path,
 * then two bits for each path that say what its word is. An IPv4 address or a number below 2^32
 * is its word; any other value is a code of 'values'. Equal values have equal words.
 */
typedef enum fle_word { FLE_WORD_ABSENT, FLE_WORD_NUMBER, FLE_WORD_CODE } fle_word;

/* A part of a row that is counted in one group. */
typedef struct fle_entry {
    uint32_t row, line;
    uint32_t pane;
    bool is_lost; /* there are too many panes: no group is held of it */
    fle_stretch part;
} fle_entry;

/* How the values of a path come to be words, in the batch that is being added. */
typedef struct fle_key_path {
    const fle_by_path *by;
    uint32_t type; /* of the values; 0 until a batch had the path */
    fle_path path;
    size_t alike;    /* the number of the first path that has the same words: of the other end */
    uint32_t *words; /* of answers or a dictionary: 0 not known yet, 1 absent, code + 2 */
    size_t n_words, capacity;
    uint32_t last; /* the code of the text before, + 1; 0: there was none */
} fle_key_path;

typedef struct fle_keys {
    const fle_allocator *allocator;
    fle_key_path *paths;
    size_t n;
    size_t first, words; /* the number of the first path's word, and that of all */
    fle_values values;
    fle_buffer scratch;
} fle_keys;

/* False if memory ran out; what there is then may be freed. */
bool fle_keys_init(fle_keys *keys, const fle_request *request, const fle_allocator *allocator);
void fle_keys_free(fle_keys *keys);

/* Forget values and types. */
void fle_keys_clear(fle_keys *keys);

/* Get ready for a batch. ERR_ARG: a path is of another type than before; nothing has changed. */
flowenrich_status fle_keys_open(fle_keys *keys, const flowenrich_batch *batch,
                                flowenrich_error *error);

/*
 * The keys of at most FLE_BLOCK entries, one behind another; all words are zero before. False: no
 * memory.
 */
bool fle_keys_fill(fle_keys *keys, const flowenrich_batch *batch, const fle_entry *entries,
                   size_t n, uint32_t *words);

static inline fle_word fle_key_word(const fle_keys *keys, const uint32_t *key, size_t i)
{
    return (fle_word)(key[keys->first + keys->n + i / 16] >> i % 16 * 2 & 3);
}

/* A network's length in the 128-bit form; IPv4 has no more than 32 bits of its own. */
static inline unsigned fle_network_bits(uint8_t network, bool is_v4)
{
    if (!is_v4)
        return network;
    return network < 32 ? 96U + network : 128U;
}

/* What the codes of a key that no group held before count for in a budget. */
uint64_t fle_keys_hold(fle_keys *keys, const uint32_t *key);

/* Could fle_keys_fill() have made it, of the values there are? Its first word may be any. */
bool fle_keys_is_valid(const fle_keys *keys, const uint32_t *key);

/* In the order of the paths' values, absent ones first. */
int fle_keys_compare(const fle_keys *keys, const uint32_t *a, const uint32_t *b);

/* A number that is smaller only if the key comes before: what of its first path's value fits. */
uint32_t fle_keys_hint(const fle_keys *keys, const uint32_t *key);

/* The type of the column that shows a path. */
uint32_t fle_keys_column_type(const fle_key_path *path);

/*
 * Show the values of a path in rows to come: those of the groups, each of which begins with its
 * key, whose bits are set. False if memory ran out.
 */
bool fle_keys_show(const fle_keys *keys, const unsigned char *const *groups, uint64_t which,
                   size_t i, flowenrich_batch *out, fle_column *column);

/*
 * Let a key have our codes for values that 'from' has other ones for. 'codes' has a word for
 * each value of 'from', at first 0. False if memory ran out.
 */
bool fle_keys_translate(fle_keys *keys, const fle_values *from, uint32_t *codes, uint32_t *key);

#endif
