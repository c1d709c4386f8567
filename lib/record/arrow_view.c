/* SPDX-License-Identifier: Apache-2.0 */
/* Views of texts, each of 16 bytes, as Arrow has them. */
#include "record/arrow_view.h"

#include "record/arrow_text.h"

#define MOST_INLINE 12 /* bytes of a text that lie in its view */
#define PIECE 16       /* bytes that are copied at a time */
#define MOST_V4 15     /* bytes of "255.255.255.255" */
#define VIEW 16        /* bytes of a view */
#define NOT_ASCII UINT64_C(0x8080808080808080)

/*
 * A view is the length, then all of a short text and zeros, or else the first four
 * bytes of it, the number of a buffer, and where it lies in that.
 */
typedef struct views {
    unsigned char *first;
    char *far; /* the first buffer: texts that aren't short */
    size_t far_len;
    fle_buffer mended; /* the second: those that were no UTF-8 */
} views;

static void put_i32(unsigned char *to, size_t value)
{
    const int32_t narrow = (int32_t)value;

    memcpy(to, &narrow, sizeof narrow);
}

static void put_far(unsigned char *view, const char *text, size_t len, size_t buffer, size_t offset)
{
    put_i32(view, len);
    memcpy(view + 4, text, 4);
    put_i32(view + 8, buffer);
    put_i32(view + 12, offset);
}

/* MOST_INLINE bytes can be read. Returns the text's own, or-ed. */
static inline uint64_t put_near(unsigned char *view, const char *text, size_t len)
{
    static const unsigned char masks[2 * MOST_INLINE] = { 255, 255, 255, 255, 255, 255,
                                                          255, 255, 255, 255, 255, 255 };
    const unsigned char *mask = masks + MOST_INLINE - len;
    uint64_t first, first_mask;
    uint32_t last, last_mask;

    memcpy(&first, text, sizeof first);
    memcpy(&last, text + sizeof first, sizeof last);
    memcpy(&first_mask, mask, sizeof first_mask);
    memcpy(&last_mask, mask + sizeof first, sizeof last_mask);
    first &= first_mask;
    last &= last_mask;
    put_i32(view, len);
    memcpy(view + 4, &first, sizeof first);
    memcpy(view + 12, &last, sizeof last);
    return first | last;
}

/* Whole pieces, so that some of what follows the text is copied, and or-ed, as well. */
static inline uint64_t copy_pieces(char *to, const char *from, size_t len)
{
    uint64_t words[PIECE / 8], seen = 0;

    for (size_t i = 0; i < len; i += PIECE) {
        memcpy(words, from + i, PIECE);
        memcpy(to + i, words, PIECE);
        seen |= words[0] | words[1];
    }
    return seen;
}

/* A text that may be no UTF-8. False if memory ran out. */
static bool put_mended(unsigned char *view, fle_buffer *mended, flowenrich_text text)
{
    const size_t start = mended->len;
    size_t len;

    if (fle_arrow_is_utf8(text))
        return true;
    fle_arrow_append_mended(mended, text);
    if (!fle_buffer_reserve(mended, MOST_INLINE) || mended->failed)
        return false;
    len = mended->len - start;
    if (len <= MOST_INLINE) {
        put_near(view, mended->data + start, len);
        mended->len = start;
    } else {
        put_far(view, mended->data + start, len, 1, start);
    }
    return true;
}

/* Room for the views, and for 'far' bytes of texts that don't fit into them. */
static flowenrich_status begin(views *v, struct ArrowArray *array, fle_arrow_chunk *chunk,
                               size_t far)
{
    if (far > FLE_ARROW_MOST_BYTES)
        return FLOWENRICH_ERR_LIMIT;
    v->first = fle_arrow_chunk_block(chunk, (size_t)array->length * VIEW);
    v->far = fle_arrow_chunk_block(chunk, far + PIECE);
    v->far_len = 0;
    fle_buffer_init(&v->mended, &chunk->allocator);
    array->buffers[1] = v->first;
    return v->first && v->far ? FLOWENRICH_OK : FLOWENRICH_ERR_NOMEM;
}

/* The buffers of text, then a last one with their lengths. */
static flowenrich_status end(views *v, struct ArrowArray *array, fle_arrow_chunk *chunk)
{
    const size_t n = v->mended.len > 0 ? 2 : v->far_len > 0 ? 1 : 0;
    int64_t *lengths = fle_arena_alloc(&chunk->arena, 2 * sizeof *lengths);

    if (v->mended.len > FLE_ARROW_MOST_BYTES)
        return FLOWENRICH_ERR_LIMIT;
    if (!lengths || !fle_arrow_chunk_reserve(chunk, 1))
        return FLOWENRICH_ERR_NOMEM;
    lengths[0] = (int64_t)v->far_len;
    lengths[1] = (int64_t)v->mended.len;
    array->buffers[2] = v->far;
    array->buffers[3] = v->mended.data;
    array->buffers[2 + n] = lengths;
    array->n_buffers = 3 + (int64_t)n;
    fle_arrow_chunk_take(chunk, v->mended.data);
    return FLOWENRICH_OK;
}

/* Bytes of texts that lie outside of the views. */
static size_t count_far(const flowenrich_slice *slices, size_t rows)
{
    size_t bytes = 0;

    for (size_t row = 0; row < rows; row++)
        bytes += slices[row].length > MOST_INLINE ? slices[row].length : 0;
    return bytes;
}

/* So that whole pieces may be read. A failure is no reason to refuse what is appended later. */
static bool put_zeros_behind(fle_buffer *text)
{
    const bool done = fle_buffer_reserve(text, PIECE);

    if (done)
        memset(text->data + text->len, 0, PIECE);
    text->failed = false;
    return done;
}

/* False if memory ran out. */
static bool fill(views *v, const char *texts, const flowenrich_slice *slices, size_t rows)
{
    unsigned char *view = v->first;

    for (size_t row = 0; row < rows; row++, view += VIEW) {
        const char *text = texts + slices[row].offset;
        const size_t len = slices[row].length;
        uint64_t seen;

        if (len <= MOST_INLINE) {
            seen = put_near(view, text, len);
        } else {
            seen = copy_pieces(v->far + v->far_len, text, len);
            put_far(view, text, len, 0, v->far_len);
            v->far_len += len;
        }
        if ((seen & NOT_ASCII) && !put_mended(view, &v->mended, fle_text(text, len)))
            return false;
    }
    return true;
}

flowenrich_status fle_arrow_views_of_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                           flowenrich_batch *batch, const flowenrich_slice *slices)
{
    const size_t rows = (size_t)array->length;
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    views v;

    if (!put_zeros_behind(&batch->text))
        return FLOWENRICH_ERR_NOMEM;
    status = begin(&v, array, chunk, count_far(slices, rows));
    if (status != FLOWENRICH_OK)
        return status;
    status =
        fill(&v, batch->text.data, slices, rows) ? end(&v, array, chunk) : FLOWENRICH_ERR_NOMEM;
    if (status != FLOWENRICH_OK)
        fle_buffer_free(&v.mended);
    return status;
}

/* No less than the addresses take in writing. */
static size_t count_far_addresses(const fle_column *column, size_t rows)
{
    const fle_address *addresses = column->values;
    size_t bytes = 0;

    for (size_t row = 0; row < rows; row++)
        if (fle_column_valid(column, row))
            bytes += fle_address_is_v4(&addresses[row]) ? MOST_V4 : FLE_ADDRESS_TEXT;
    return bytes;
}

flowenrich_status fle_arrow_views_of_addresses(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                               const fle_column *column)
{
    const fle_address *addresses = column->values;
    const size_t rows = (size_t)array->length;
    char text[FLE_ADDRESS_TEXT + PIECE] = { 0 };
    unsigned char *view;
    flowenrich_status status;
    views v;

    status = begin(&v, array, chunk, count_far_addresses(column, rows));
    if (status != FLOWENRICH_OK)
        return status;
    view = v.first;
    for (size_t row = 0; row < rows; row++, view += VIEW) {
        const size_t len =
            fle_column_valid(column, row) ? fle_address_format(&addresses[row], text) : 0;

        if (len <= MOST_INLINE) {
            put_near(view, text, len);
        } else {
            copy_pieces(v.far + v.far_len, text, len);
            put_far(view, text, len, 0, v.far_len);
            v.far_len += len;
        }
    }
    return end(&v, array, chunk);
}
