/* SPDX-License-Identifier: Apache-2.0 */
/* What ends are known by, as Arrow's dictionaries, lists and maps. */
#include "record/arrow_ends.h"

#include "record/arrow_text.h"

/*
 * The values of one attribute. Many answers have the same, and consumers want a
 * dictionary to have each text once: so texts are numbered here, not answers.
 */
typedef struct values {
    const fle_allocator *allocator;
    size_t stride;            /* 2 if texts are pairs, else 1 */
    fle_arrow_words words[2]; /* a pair's keys and values have their own */
    uint32_t *first;          /* of each answer, and one more: where its texts' numbers begin */
    uint32_t *numbers;
} values;

static fle_texts texts_of(const fle_path *path, const flowenrich_answer *answer,
                          flowenrich_text *single)
{
    if (path->type != FLOWENRICH_TYPE_TEXT)
        return fle_answer_texts(answer, path->attribute);
    *single = path->tag.len ? fle_identity_tag(&answer->identity, path->tag)
                            : fle_answer_text(answer, path->attribute);
    return (fle_texts){ single, single->len > 0 };
}

static size_t count_texts(const flowenrich_batch *batch, const fle_path *path)
{
    flowenrich_text single;
    size_t n = 0;

    for (size_t i = 0; i < batch->n_answers; i++)
        n += texts_of(path, batch->answers[i], &single).n;
    return n;
}

static void free_values(values *v)
{
    for (size_t i = 0; i < 2; i++)
        if (v->words[i].numbers)
            fle_arrow_words_free(&v->words[i]);
    fle_free(v->allocator, v->first);
    fle_free(v->allocator, v->numbers);
}

/* False if memory ran out; to be freed all the same. */
static bool number_values(values *v, const flowenrich_batch *batch, const fle_path *path)
{
    uint32_t n = 0;

    memset(v, 0, sizeof *v);
    v->allocator = &batch->allocator;
    v->stride = path->type == FLOWENRICH_TYPE_MAP ? 2 : 1;
    v->first = fle_alloc(v->allocator, (batch->n_answers + 1) * sizeof *v->first);
    v->numbers = fle_alloc(v->allocator, count_texts(batch, path) * sizeof *v->numbers);
    if (!v->first || !v->numbers)
        return false;
    for (size_t i = 0; i < v->stride; i++)
        if (!fle_arrow_words_init(&v->words[i], v->allocator, batch->hash_seed))
            return false;
    for (size_t i = 0; i < batch->n_answers; i++) {
        flowenrich_text single;
        const fle_texts texts = texts_of(path, batch->answers[i], &single);

        v->first[i] = n;
        for (size_t k = 0; k < texts.n; k++)
            if (!fle_arrow_words_add(&v->words[k % v->stride], texts.items[k], &v->numbers[n++]))
                return false;
    }
    v->first[batch->n_answers] = n;
    return true;
}

/* How many texts a row has. */
static size_t n_of(const values *v, uint32_t answer)
{
    return answer == FLE_ABSENT ? 0 : v->first[answer + 1] - v->first[answer];
}

/* The rows that have texts. All of them: then there is no bitmap. */
static bool mark_valid(struct ArrowArray *array, fle_arrow_chunk *chunk, const values *v,
                       const uint32_t *answers, size_t rows)
{
    const size_t bytes = (rows + 7) / 8;
    uint8_t *validity = fle_arrow_chunk_block(chunk, bytes);
    size_t n = 0;

    if (!validity)
        return false;
    memset(validity, 0, bytes);
    for (size_t row = 0; row < rows; row++)
        if (n_of(v, answers[row]) > 0) {
            validity[row >> 3] |= (uint8_t)(1u << (row & 7));
            n++;
        }
    array->null_count = (int64_t)(rows - n);
    array->buffers[0] = n < rows ? validity : NULL;
    return true;
}

/* Bytes of the 'part'th texts of all rows, which lie in 'words'. */
static size_t count_bytes(const values *v, const int32_t *words, const uint32_t *answers,
                          size_t rows, size_t part)
{
    size_t bytes = 0;

    for (size_t row = 0; row < rows; row++)
        for (size_t i = part; i < n_of(v, answers[row]); i += v->stride) {
            const uint32_t word = v->numbers[v->first[answers[row]] + i];

            bytes += (size_t)(words[word + 1] - words[word]);
        }
    return bytes;
}

/*
 * The 'part'th texts of all rows, one after another: 'n' in all. Not as codes of
 * a dictionary, though these would be smaller: DuckDB can't read lists of those
 * where it comes upon rows whose lists are all empty.
 */
static flowenrich_status put_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                   const values *v, const uint32_t *answers, size_t rows, size_t n,
                                   size_t part)
{
    struct ArrowArray words;
    const flowenrich_status status =
        fle_arrow_texts(&words, chunk, v->words[part].texts, v->words[part].n);
    const int32_t *starts;
    int32_t *offsets;
    size_t bytes, len = 0;
    char *to;

    if (status != FLOWENRICH_OK)
        return status;
    starts = words.buffers[1];
    bytes = count_bytes(v, starts, answers, rows, part);
    if (bytes > INT32_MAX)
        return FLOWENRICH_ERR_LIMIT;
    offsets = fle_arrow_chunk_block(chunk, (n + 1) * sizeof *offsets);
    to = fle_arrow_chunk_block(chunk, bytes);
    if (!offsets || !to || !fle_arrow_array_init(array, &chunk->arena, n, 3, 0))
        return FLOWENRICH_ERR_NOMEM;
    array->buffers[1] = offsets;
    array->buffers[2] = to;
    for (size_t row = 0; row < rows; row++)
        for (size_t i = part; i < n_of(v, answers[row]); i += v->stride) {
            const uint32_t word = v->numbers[v->first[answers[row]] + i];
            const size_t word_len = (size_t)(starts[word + 1] - starts[word]);

            *offsets++ = (int32_t)len;
            memcpy(to + len, (const char *)words.buffers[2] + starts[word], word_len);
            len += word_len;
        }
    *offsets = (int32_t)len;
    return FLOWENRICH_OK;
}

/* One text a row, or none, and then 0. */
static flowenrich_status put_single(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                    const values *v, const uint32_t *answers, size_t rows)
{
    uint32_t *codes = fle_arrow_chunk_block(chunk, rows * sizeof *codes);

    array->dictionary = fle_arena_alloc(&chunk->arena, sizeof *array->dictionary);
    if (!codes || !array->dictionary)
        return FLOWENRICH_ERR_NOMEM;
    array->buffers[1] = codes;
    for (size_t row = 0; row < rows; row++)
        codes[row] = n_of(v, answers[row]) > 0 ? v->numbers[v->first[answers[row]]] : 0;
    return fle_arrow_texts(array->dictionary, chunk, v->words[0].texts, v->words[0].n);
}

/* Where each row's texts, or pairs, begin. 'n' receives how many there are. */
static flowenrich_status put_offsets(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                     const values *v, const uint32_t *answers, size_t rows,
                                     size_t *n)
{
    int32_t *offsets = fle_arrow_chunk_block(chunk, (rows + 1) * sizeof *offsets);

    if (!offsets)
        return FLOWENRICH_ERR_NOMEM;
    array->buffers[1] = offsets;
    *n = 0;
    for (size_t row = 0; row < rows; row++) {
        offsets[row] = (int32_t)*n;
        *n += n_of(v, answers[row]) / v->stride;
        if (*n > INT32_MAX)
            return FLOWENRICH_ERR_LIMIT;
    }
    offsets[rows] = (int32_t)*n;
    return FLOWENRICH_OK;
}

static flowenrich_status put_lists(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                   const values *v, const uint32_t *answers, size_t rows)
{
    struct ArrowArray *items = array->children[0];
    size_t n;
    flowenrich_status status = put_offsets(array, chunk, v, answers, rows, &n);

    if (status != FLOWENRICH_OK)
        return status;
    if (v->stride == 1)
        return put_texts(items, chunk, v, answers, rows, n, 0);
    if (!fle_arrow_array_init(items, &chunk->arena, n, 1, v->stride))
        return FLOWENRICH_ERR_NOMEM;
    for (size_t part = 0; part < v->stride && status == FLOWENRICH_OK; part++)
        status = put_texts(items->children[part], chunk, v, answers, rows, n, part);
    return status;
}

flowenrich_status fle_arrow_end(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                const flowenrich_batch *batch, const fle_path *path)
{
    const uint32_t *answers = batch->ends[path->end];
    const bool is_single = path->type == FLOWENRICH_TYPE_TEXT;
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    values v;

    if (number_values(&v, batch, path) &&
        fle_arrow_array_init(array, &chunk->arena, batch->rows, 2, !is_single) &&
        mark_valid(array, chunk, &v, answers, batch->rows))
        status = (is_single ? put_single : put_lists)(array, chunk, &v, answers, batch->rows);
    free_values(&v);
    return status;
}
