/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes records of Arrow. The bytes are columns: names, types, offsets and values, in arrays put
 * together as the C data interface wants. A row becomes what it becomes alone, and what a batch
 * holds can be exported.
 */
#include <stdlib.h>

#include "../arrow_writing.h"
#include "base/alloc.h"
#include "base/text.h"
#include "flowenrich.h"

#define MOST_ROWS 12
#define MOST_OFFSET 3
#define MOST_WORDS 4 /* of a dictionary */
#define MOST_TEXT 63
#define MOST_NAME 15

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Buffers are blocks of their own, so that a sanitizer sees a read past their ends. */
typedef struct input {
    const uint8_t *at, *end;
    written columns;
    struct ArrowSchema word_schemas[WRITTEN_MOST];
    struct ArrowArray words[WRITTEN_MOST];
    const void *word_buffers[WRITTEN_MOST][4];
    void *blocks[12 * WRITTEN_MOST]; /* of a name, two arrays of texts, codes */
    size_t n_blocks;
} input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static uint8_t next(input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

static void *make(input *in, size_t len)
{
    void *block = calloc(1, len > 0 ? len : 1);

    must(block && in->n_blocks < sizeof in->blocks / sizeof *in->blocks);
    return in->blocks[in->n_blocks++] = block;
}

/* As many bytes of the input; what it lacks is zero. */
static void *take(input *in, size_t len)
{
    const size_t left = (size_t)(in->end - in->at), used = len < left ? len : left;
    void *block = make(in, len);

    if (used > 0)
        memcpy(block, in->at, used);
    in->at += used;
    return block;
}

/* Texts that lie one behind another, each with its length before it in the input. */
static void take_texts(input *in, size_t n, const char *format, const void *buffers[4])
{
    size_t lengths[MOST_ROWS + MOST_OFFSET], len = 0, at = 0;
    int32_t *narrow, *views;
    int64_t *wide;
    char *text;

    for (size_t i = 0; i < n; i++)
        len += lengths[i] = next(in) % (MOST_TEXT + 1);
    text = take(in, len);
    narrow = make(in, (n + 1) * sizeof *narrow);
    wide = make(in, (n + 1) * sizeof *wide);
    views = make(in, n * 16);
    for (size_t i = 0; i < n; at += lengths[i++]) {
        views[4 * i] = (int32_t)lengths[i];
        if (lengths[i] <= 12)
            memcpy(&views[4 * i + 1], text + at, lengths[i]);
        else
            views[4 * i + 3] = (int32_t)at; /* of the first buffer, whose number is 0 */
        wide[i + 1] = narrow[i + 1] = (int32_t)(at + lengths[i]);
    }
    buffers[1] = format[0] == 'v' ? (void *)views : format[0] == 'u' ? (void *)narrow : wide;
    buffers[2] = text;
}

static void take_values(input *in, size_t n, const char *format, const void *buffers[4])
{
    buffers[0] = next(in) % 2 ? take(in, 2) : NULL;
    if (strchr("uUv", format[0]))
        take_texts(in, n, format, buffers);
    else
        buffers[1] = take(in, 16 * n); /* no value is wider */
}

static void take_array(input *in, struct ArrowArray *array, size_t n, const char *format,
                       const void *buffers[4])
{
    array->offset = next(in) % (MOST_OFFSET + 1);
    array->buffers = buffers;
    take_values(in, n + (size_t)array->offset, format, buffers);
    array->length = (int64_t)n;
    array->null_count = buffers[0] ? -1 : 0;
    array->n_buffers = strchr("uUv", format[0]) ? 3 : 2;
    array->release = written_release_array;
}

static const char *take_format(input *in)
{
    static const char *const formats[] = { "u", "U",    "vu",   "c",       "C",    "s",
                                           "S", "i",    "I",    "l",       "L",    "f",
                                           "g", "w:16", "tss:", "tsm:UTC", "tsu:", "tsn:" };

    return formats[next(in) % (sizeof formats / sizeof *formats)];
}

static const char *take_name(input *in)
{
    flowenrich_field field = { .size = sizeof field };
    const uint8_t which = next(in);
    char *name;

    if (flowenrich_field_at(which, &field) == FLOWENRICH_OK)
        return field.path;
    name = take(in, MOST_NAME + 1);
    name[MOST_NAME] = '\0';
    return name;
}

/* Instead of its values, a column may have the numbers of words. */
static void take_words(input *in, size_t i, size_t rows)
{
    struct ArrowArray *array = &in->columns.arrays[i];
    int8_t *codes = take(in, rows + (size_t)array->offset);

    for (size_t row = 0; row < rows + (size_t)array->offset; row++)
        codes[row] = (int8_t)((uint8_t)codes[row] % MOST_WORDS);
    in->word_schemas[i] = in->columns.schemas[i];
    in->columns.schemas[i].format = "c";
    in->columns.schemas[i].dictionary = &in->word_schemas[i];
    take_array(in, &in->words[i], MOST_WORDS, in->word_schemas[i].format, in->word_buffers[i]);
    array->dictionary = &in->words[i];
    array->n_buffers = 2;
    in->columns.buffers[i][1] = codes;
}

static void take_columns(input *in)
{
    const size_t rows = 1 + next(in) % MOST_ROWS;

    written_begin(&in->columns, (int64_t)rows);
    for (size_t i = 0; i < WRITTEN_MOST && in->at < in->end; i++) {
        const char *name = take_name(in), *format = take_format(in);

        take_array(in, written_add(&in->columns, name, format, NULL, NULL, NULL, NULL), rows,
                   format, in->columns.buffers[i]);
        if (next(in) % 4 == 0)
            take_words(in, i, rows);
    }
}

/* Rows as JSON, and why others were refused. */
typedef struct shown {
    fle_buffer rows, refused;
} shown;

static void show(flowenrich_batch *batch, shown *out)
{
    flowenrich_encoder *encoder;
    flowenrich_reject reject = { .size = sizeof reject };
    char buf[16384];
    size_t row = 0, len;

    must(flowenrich_encoder_new(&encoder, "json-flat", NULL, NULL) == FLOWENRICH_OK);
    while (row < flowenrich_batch_rows(batch)) {
        must(flowenrich_encoder_encode(encoder, batch, &row, buf, sizeof buf, &len, NULL) ==
             FLOWENRICH_OK);
        fle_buffer_append(&out->rows, buf, len);
    }
    flowenrich_encoder_free(encoder);
    for (size_t i = 0; flowenrich_batch_reject(batch, i, &reject, NULL) == FLOWENRICH_OK; i++) {
        fle_buffer_string(&out->refused, reject.reason);
        fle_buffer_string(&out->refused, reject.field);
        fle_buffer_append(&out->refused, reject.text.data, reject.text.len);
        fle_buffer_char(&out->refused, '\n');
    }
}

static void export(flowenrich_batch *batch)
{
    struct ArrowSchema schema;
    struct ArrowArray array;

    must(flowenrich_batch_export(batch, NULL, &schema, &array, NULL) == FLOWENRICH_OK);
    schema.release(&schema);
    array.release(&array);
}

/* Import all rows by batches of so many. */
static flowenrich_status import(const written *columns, size_t capacity, shown *out)
{
    flowenrich_status status = FLOWENRICH_OK;
    flowenrich_batch *batch;
    size_t row = 0;

    must(flowenrich_batch_new(&batch, capacity, NULL, NULL) == FLOWENRICH_OK);
    while (status == FLOWENRICH_OK && row < (size_t)columns->array.length) {
        const size_t before = row;

        status = flowenrich_batch_import(batch, &columns->schema, &columns->array, &row, NULL);
        must(status != FLOWENRICH_OK ||
             row - before == flowenrich_batch_rows(batch) + flowenrich_batch_rejects(batch));
        show(batch, out);
        export(batch);
        flowenrich_batch_clear(batch);
    }
    flowenrich_batch_free(batch);
    return status;
}

static void must_be_alike(const fle_buffer *a, const fle_buffer *b)
{
    must(fle_text_equal(fle_text(a->data, a->len), fle_text(b->data, b->len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { .at = data, .end = data + size };
    flowenrich_status status;
    fle_allocator allocator;
    shown together, apart;
    size_t rows;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&together.rows, &allocator);
    fle_buffer_init(&together.refused, &allocator);
    fle_buffer_init(&apart.rows, &allocator);
    fle_buffer_init(&apart.refused, &allocator);

    take_columns(&in);
    rows = (size_t)in.columns.array.length;
    status = import(&in.columns, 1 + size % MOST_ROWS, &together);
    must(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_ARG ||
         status == FLOWENRICH_ERR_UNSUPPORTED);
    in.columns.array.length = 1;
    for (; (size_t)in.columns.array.offset < rows; in.columns.array.offset++)
        must(import(&in.columns, 1, &apart) == status);
    must_be_alike(&together.rows, &apart.rows);
    must_be_alike(&together.refused, &apart.refused);

    fle_buffer_free(&together.rows);
    fle_buffer_free(&together.refused);
    fle_buffer_free(&apart.rows);
    fle_buffer_free(&apart.refused);
    while (in.n_blocks > 0)
        free(in.blocks[--in.n_blocks]);
    return 0;
}
