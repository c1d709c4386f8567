/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as Arrow wants them: UTF-8, whatever the log had, one behind another. */
#include "record/arrow_text.h"

#define NOT_ASCII UINT64_C(0x8080808080808080)

bool fle_arrow_is_utf8(flowenrich_text text)
{
    size_t i = 0;
    uint64_t word;

    for (; i + sizeof word <= text.len; i += sizeof word) { /* nearly all are ASCII */
        memcpy(&word, text.data + i, sizeof word);
        if (word & NOT_ASCII)
            break;
    }
    while (i < text.len) {
        const size_t width = fle_utf8_width(text.data + i, text.len - i);

        if (width == 0)
            return false;
        i += width;
    }
    return true;
}

void fle_arrow_append_mended(fle_buffer *out, flowenrich_text text)
{
    for (size_t i = 0; i < text.len;) {
        const size_t width = fle_utf8_width(text.data + i, text.len - i);

        if (width > 0)
            fle_buffer_append(out, text.data + i, width);
        else
            fle_buffer_string(out, "\xef\xbf\xbd");
        i += width > 0 ? width : 1;
    }
}

bool fle_arrow_words_init(fle_arrow_words *words, const fle_allocator *allocator, uint64_t seed)
{
    memset(words, 0, sizeof *words);
    words->allocator = allocator;
    words->numbers = fle_map_new(allocator, seed);
    return words->numbers != NULL;
}

void fle_arrow_words_free(fle_arrow_words *words)
{
    fle_map_free(words->numbers);
    fle_free(words->allocator, words->texts);
}

static bool number(fle_arrow_words *words, flowenrich_text text, uint32_t *out)
{
    const uint32_t *found = fle_map_find(words->numbers, text.data, text.len);
    flowenrich_text *texts;

    if (found) {
        *out = *found;
        return true;
    }
    texts = fle_grow(words->allocator, words->texts, &words->capacity, words->n + 1, sizeof *texts);
    if (!texts)
        return false;
    words->texts = texts;
    *out = (uint32_t)words->n;
    if (!fle_map_add(words->numbers, text.data, text.len, *out))
        return false;
    texts[words->n++] = text;
    return true;
}

/* A place for a text that isn't empty. Those of a column begin alike: ids differ in their ends. */
static size_t place_of(flowenrich_text text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    const size_t last = text.len - 1;

    return (text.len + 31u * bytes[last] + 7u * bytes[last / 2] + bytes[last - (last > 0)]) %
           FLE_ARROW_RECENT;
}

bool fle_arrow_words_add(fle_arrow_words *words, flowenrich_text text, uint32_t *out)
{
    const size_t at = text.len > 0 ? place_of(text) : 0;

    if (text.len == 0 || !fle_text_equal(words->recent[at].text, text)) {
        if (!number(words, text, &words->recent[at].number))
            return false;
        words->recent[at].text = text;
    }
    *out = words->recent[at].number;
    return true;
}

flowenrich_status fle_arrow_writer_init(fle_arrow_writer *writer, fle_arrow_chunk *chunk, size_t n)
{
    writer->chunk = chunk;
    writer->offsets = fle_arrow_chunk_block(chunk, (n + 1) * sizeof *writer->offsets);
    writer->n = 0;
    fle_buffer_init(&writer->bytes, &chunk->allocator);
    /* An array without texts has a buffer all the same. */
    return writer->offsets && fle_buffer_reserve(&writer->bytes, n + 1) ? FLOWENRICH_OK
                                                                        : FLOWENRICH_ERR_NOMEM;
}

flowenrich_status fle_arrow_writer_add(fle_arrow_writer *writer, flowenrich_text text)
{
    writer->offsets[writer->n++] = (int32_t)writer->bytes.len;
    if (fle_arrow_is_utf8(text))
        fle_buffer_text(&writer->bytes, text);
    else
        fle_arrow_append_mended(&writer->bytes, text);
    if (writer->bytes.failed)
        return FLOWENRICH_ERR_NOMEM;
    return writer->bytes.len <= FLE_ARROW_MOST_BYTES ? FLOWENRICH_OK : FLOWENRICH_ERR_LIMIT;
}

flowenrich_status fle_arrow_writer_end(fle_arrow_writer *writer, struct ArrowArray *array,
                                       flowenrich_status status)
{
    fle_arrow_chunk *chunk = writer->chunk;

    if (status == FLOWENRICH_OK && (!fle_arrow_array_init(array, &chunk->arena, writer->n, 3, 0) ||
                                    !fle_arrow_chunk_reserve(chunk, 1)))
        status = FLOWENRICH_ERR_NOMEM;
    if (status != FLOWENRICH_OK) {
        fle_buffer_free(&writer->bytes);
        return status;
    }
    writer->offsets[writer->n] = (int32_t)writer->bytes.len;
    array->buffers[1] = writer->offsets;
    array->buffers[2] = writer->bytes.data;
    fle_arrow_chunk_take(chunk, writer->bytes.data);
    return FLOWENRICH_OK;
}

flowenrich_status fle_arrow_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                  const flowenrich_text *texts, size_t n)
{
    fle_arrow_writer writer;
    flowenrich_status status = fle_arrow_writer_init(&writer, chunk, n);

    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        status = fle_arrow_writer_add(&writer, texts[i]);
    return fle_arrow_writer_end(&writer, array, status);
}
