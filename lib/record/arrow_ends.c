/* SPDX-License-Identifier: Apache-2.0 */
/* What ends are known by, as Arrow's dictionaries. */
#include "record/arrow_ends.h"

#include "record/arrow_list.h"
#include "record/arrow_text.h"

#define UNSEEN (FLE_ABSENT - 1) /* of an answer: it has no number yet */

static flowenrich_text text_of(const fle_path *path, const flowenrich_answer *answer)
{
    return path->tag.len ? fle_identity_tag(&answer->identity, path->tag)
                         : fle_answer_text(answer, path->attribute);
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
            fle_arrow_set_bit(validity, row);
            n_valid++;
        }
    }
    fle_arrow_mark_valid(array, validity, n_valid);
    return true;
}

static flowenrich_status lay_out_codes(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                       const flowenrich_batch *batch, const fle_path *path)
{
    const fle_allocator *allocator = &batch->allocator;
    uint32_t *code_of = fle_alloc(allocator, batch->n_answers * sizeof *code_of);
    uint32_t *codes = fle_arrow_chunk_block(chunk, batch->rows * sizeof *codes);
    uint8_t *validity = fle_arrow_chunk_bitmap(chunk, batch->rows);
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

flowenrich_status fle_arrow_end(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                const flowenrich_batch *batch, const fle_path *path)
{
    if (path->type != FLOWENRICH_TYPE_TEXT)
        return fle_arrow_list(array, chunk, batch, path);
    if (!fle_arrow_array_init(array, &chunk->arena, batch->rows, 2, 0))
        return FLOWENRICH_ERR_NOMEM;
    return lay_out_codes(array, chunk, batch, path);
}
