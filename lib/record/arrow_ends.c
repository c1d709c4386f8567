/* SPDX-License-Identifier: Apache-2.0 */
/* What ends are known by, as Arrow's dictionaries, lists and maps. */
#include "record/arrow_ends.h"

#include "record/arrow_text.h"

#define UNSEEN (FLE_ABSENT - 1) /* of an answer: it has no number yet */

static flowenrich_text text_of(const fle_path *path, const flowenrich_answer *answer)
{
    return path->tag.len ? fle_identity_tag(&answer->identity, path->tag)
                         : fle_answer_text(answer, path->attribute);
}

/*
 * Where rows have a value. Of all of them: then there is no bitmap. 'array' has
 * its rows, and the bitmap is theirs; its bits were set.
 */
static void mark_valid(struct ArrowArray *array, const uint8_t *validity, size_t n_valid)
{
    array->null_count = array->length - (int64_t)n_valid;
    array->buffers[0] = array->null_count > 0 ? validity : NULL;
}

static uint8_t *new_bitmap(fle_arrow_chunk *chunk, size_t rows)
{
    const size_t bytes = (rows + 7) / 8;
    uint8_t *bits = fle_arrow_chunk_block(chunk, bytes);

    if (bits)
        memset(bits, 0, bytes);
    return bits;
}

static inline void set_bit(uint8_t *bits, size_t row)
{
    bits[row >> 3] |= (uint8_t)(1u << (row & 7));
}

/*
 * Each row's code. Many answers have the same text, and consumers want a
 * dictionary to have each once: so texts are numbered, as they are met, and not
 * answers. 'code_of' says what is known of these. False if memory ran out.
 */
static bool put_codes(struct ArrowArray *array, uint32_t *codes, uint8_t *validity,
                      const flowenrich_batch *batch, const fle_path *path, fle_arrow_words *words,
                      uint32_t *code_of)
{
    const uint32_t *answers = batch->ends[path->end];
    size_t n_valid = 0;

    memset(codes, 0, batch->rows * sizeof *codes);
    for (size_t row = 0; row < batch->rows; row++) {
        const uint32_t answer = answers[row];

        if (answer == FLE_ABSENT)
            continue;
        if (code_of[answer] == UNSEEN) {
            const flowenrich_text text = text_of(path, batch->answers[answer]);

            code_of[answer] = FLE_ABSENT;
            if (text.len > 0 && !fle_arrow_words_add(words, text, &code_of[answer]))
                return false;
        }
        if (code_of[answer] != FLE_ABSENT) {
            codes[row] = code_of[answer];
            set_bit(validity, row);
            n_valid++;
        }
    }
    mark_valid(array, validity, n_valid);
    return true;
}

static flowenrich_status lay_out_codes(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                       const flowenrich_batch *batch, const fle_path *path)
{
    const fle_allocator *allocator = &batch->allocator;
    uint32_t *code_of = fle_alloc(allocator, batch->n_answers * sizeof *code_of);
    uint32_t *codes = fle_arrow_chunk_block(chunk, batch->rows * sizeof *codes);
    uint8_t *validity = new_bitmap(chunk, batch->rows);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    fle_arrow_words words;

    array->dictionary = fle_arena_alloc(&chunk->arena, sizeof *array->dictionary);
    array->buffers[1] = codes;
    if (code_of && codes && validity && array->dictionary &&
        fle_arrow_words_init(&words, allocator, batch->hash_seed)) {
        for (size_t i = 0; i < batch->n_answers; i++)
            code_of[i] = UNSEEN;
        if (put_codes(array, codes, validity, batch, path, &words, code_of))
            status = fle_arrow_texts(array->dictionary, chunk, words.texts, words.n);
        fle_arrow_words_free(&words);
    }
    fle_free(allocator, code_of);
    return status;
}

static fle_texts texts_of(const flowenrich_batch *batch, const fle_path *path, size_t row)
{
    static const fle_texts none = { NULL, 0 };
    const flowenrich_answer *answer = fle_batch_answer(batch, path->end, row);

    return answer ? fle_answer_texts(answer, path->attribute) : none;
}

/* Where each row's texts, or pairs, begin. 'n' receives how many there are. */
static flowenrich_status put_offsets(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                     const flowenrich_batch *batch, const fle_path *path,
                                     size_t stride, size_t *n)
{
    int32_t *offsets = fle_arrow_chunk_block(chunk, (batch->rows + 1) * sizeof *offsets);
    uint8_t *validity = new_bitmap(chunk, batch->rows);
    size_t n_valid = 0;

    *n = 0;
    if (!offsets || !validity)
        return FLOWENRICH_ERR_NOMEM;
    array->buffers[1] = offsets;
    for (size_t row = 0; row < batch->rows; row++) {
        const size_t n_texts = texts_of(batch, path, row).n;

        offsets[row] = (int32_t)*n;
        *n += n_texts / stride;
        if (*n > INT32_MAX)
            return FLOWENRICH_ERR_LIMIT;
        if (n_texts > 0) {
            set_bit(validity, row);
            n_valid++;
        }
    }
    offsets[batch->rows] = (int32_t)*n;
    mark_valid(array, validity, n_valid);
    return FLOWENRICH_OK;
}

/*
 * The 'part'th texts of all rows' pairs, one after another: 'n' in all. Not as codes
 * of a dictionary, though these would be smaller: DuckDB can't read lists of
 * those where it comes upon rows whose lists are all empty.
 */
static flowenrich_status put_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                   const flowenrich_batch *batch, const fle_path *path,
                                   size_t stride, size_t part, size_t n)
{
    fle_arrow_writer writer;
    flowenrich_status status = fle_arrow_writer_init(&writer, chunk, n);

    for (size_t row = 0; row < batch->rows && status == FLOWENRICH_OK; row++) {
        const fle_texts texts = texts_of(batch, path, row);

        for (size_t i = part; i < texts.n && status == FLOWENRICH_OK; i += stride)
            status = fle_arrow_writer_add(&writer, texts.items[i]);
    }
    return fle_arrow_writer_end(&writer, array, status);
}

static flowenrich_status lay_out_lists(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                       const flowenrich_batch *batch, const fle_path *path)
{
    const size_t stride = path->type == FLOWENRICH_TYPE_MAP ? 2 : 1;
    struct ArrowArray *items = array->children[0];
    size_t n;
    flowenrich_status status = put_offsets(array, chunk, batch, path, stride, &n);

    if (status != FLOWENRICH_OK)
        return status;
    if (stride == 1)
        return put_texts(items, chunk, batch, path, stride, 0, n);
    if (!fle_arrow_array_init(items, &chunk->arena, n, 1, stride))
        return FLOWENRICH_ERR_NOMEM;
    for (size_t part = 0; part < stride && status == FLOWENRICH_OK; part++)
        status = put_texts(items->children[part], chunk, batch, path, stride, part, n);
    return status;
}

flowenrich_status fle_arrow_end(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                const flowenrich_batch *batch, const fle_path *path)
{
    const bool is_single = path->type == FLOWENRICH_TYPE_TEXT;

    if (!fle_arrow_array_init(array, &chunk->arena, batch->rows, 2, !is_single))
        return FLOWENRICH_ERR_NOMEM;
    return (is_single ? lay_out_codes : lay_out_lists)(array, chunk, batch, path);
}
