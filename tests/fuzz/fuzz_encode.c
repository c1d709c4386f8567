/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as names and values of a batch: what is encoded is JSON, and says what went in. */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input's lines are these. */
enum { PATH, VALUE, TAG_KEY, TAG_VALUE, N_PARTS };

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool is_utf8(flowenrich_text text)
{
    for (size_t i = 0, width; i < text.len; i += width) {
        width = fle_utf8_width(text.data + i, text.len - i);
        if (width == 0)
            return false;
    }
    return true;
}

static void split(flowenrich_text input, flowenrich_text parts[N_PARTS])
{
    for (size_t i = 0; i < N_PARTS; i++) {
        const char *end = input.len > 0 ? memchr(input.data, '\n', input.len) : NULL;
        const size_t len = end && i < N_PARTS - 1 ? (size_t)(end - input.data) : input.len;
        const size_t used = len + (len < input.len);

        parts[i] = fle_text(input.data, len);
        input = fle_text(input.data + used, input.len - used);
    }
}

/* Paths are C strings, and jansson takes no keys with a zero byte. */
static flowenrich_text up_to_zero(flowenrich_text text)
{
    const char *zero = text.len > 0 ? memchr(text.data, '\0', text.len) : NULL;

    return fle_text(text.data, zero ? (size_t)(zero - text.data) : text.len);
}

static void fill(flowenrich_batch *batch, const flowenrich_text parts[N_PARTS],
                 const flowenrich_text tag[2])
{
    fle_column *column = fle_batch_add(batch, parts[PATH], FLOWENRICH_TYPE_TEXT);
    flowenrich_slice slice = { 0, 0 };

    must(column && fle_batch_append_text(batch, parts[VALUE].data, parts[VALUE].len, &slice));
    fle_column_set_slice(column, 0, slice);
    must(fle_batch_begin_ends(batch, NULL, NULL) && fle_batch_new_answer(batch) == 0);
    batch->answers[0]->identity.tags = (fle_texts){ tag, 2 };
    batch->ends[FLE_CLIENT][0] = 0;
    batch->rows = 1;
}

static json_t *encode(flowenrich_batch *batch, const char *name, const char *const *fields,
                      size_t n)
{
    flowenrich_encoder_options options = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_encoder *encoder;
    size_t row = 0, need, len = 0;
    json_t *object;
    char *buf;

    options.fields = fields;
    options.field_count = n;
    must(flowenrich_encoder_new(&encoder, name, &options, NULL) == FLOWENRICH_OK);
    must(flowenrich_encoder_encode(encoder, batch, &row, NULL, 0, &need, NULL) ==
         FLOWENRICH_ERR_LIMIT);
    buf = malloc(need);
    must(buf &&
         flowenrich_encoder_encode(encoder, batch, &row, buf, need, &len, NULL) == FLOWENRICH_OK);
    must(len == need && buf[len - 1] == '\n');
    object = json_loadb(buf, len, JSON_ALLOW_NUL, NULL);
    must(json_is_object(object));
    free(buf);
    flowenrich_encoder_free(encoder);
    return object;
}

/* If both are UTF-8, the object has the value under the key. */
static void must_have(const json_t *object, flowenrich_text key, flowenrich_text value)
{
    const json_t *found;

    if (!is_utf8(key) || !is_utf8(value))
        return;
    found = json_object_getn(object, key.data, key.len);
    must(json_is_string(found) &&
         fle_text_equal(fle_text(json_string_value(found), json_string_length(found)), value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    flowenrich_text parts[N_PARTS], tag[2];
    flowenrich_batch *batch;
    const char *path;
    json_t *object;

    split(fle_text((const char *)data, size), parts);
    parts[PATH] = up_to_zero(parts[PATH]);
    tag[0] = up_to_zero(parts[TAG_KEY]);
    tag[1] = parts[TAG_VALUE];
    must(flowenrich_batch_new(&batch, 1, NULL, NULL) == FLOWENRICH_OK);
    fill(batch, parts, tag);

    object = encode(batch, "json-flat", NULL, 0);
    must_have(object, parts[PATH], parts[VALUE]);
    if (!fle_text_is(parts[PATH], "client.tags"))
        must_have(json_object_get(object, "client.tags"), tag[0], tag[1]);
    json_decref(object);

    path = flowenrich_batch_path(batch, 0);
    json_decref(encode(batch, "json", &path, 1));
    json_decref(encode(batch, "json", NULL, 0));
    flowenrich_batch_free(batch);
    return 0;
}
