/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as names and values of a batch: what is encoded can be read, and says what went in. */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/batch.h"
#include "../unpacking.h"

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
    if (!fle_text_is(parts[PATH], "bytes")) /* what points and samples are made of */
        fle_column_set_u64(fle_batch_add(batch, FLE_TEXT("bytes"), FLOWENRICH_TYPE_U64), 0, 1);
    must(fle_batch_begin_ends(batch, NULL, NULL) && fle_batch_new_answer(batch) == 0);
    batch->answers[0]->identity.tags = (fle_texts){ tag, 2 };
    batch->ends[FLE_CLIENT][0] = 0;
    batch->rows = 1;
}

/* free() it. */
static char *encode(flowenrich_batch *batch, const char *name, const char *const *fields, size_t n,
                    size_t *len)
{
    flowenrich_encoder_options options = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_encoder *encoder;
    flowenrich_status status;
    size_t row = 0, need;
    char *buf;

    options.fields = fields;
    options.field_count = n;
    must(flowenrich_encoder_new(&encoder, name, &options, NULL) == FLOWENRICH_OK);
    status = flowenrich_encoder_encode(encoder, batch, &row, NULL, 0, &need, NULL);
    must(status == (need > 0 ? FLOWENRICH_ERR_LIMIT : FLOWENRICH_OK));
    row = 0;
    buf = malloc(need + 1);
    must(buf &&
         flowenrich_encoder_encode(encoder, batch, &row, buf, need, len, NULL) == FLOWENRICH_OK);
    must(*len == need);
    buf[need] = '\0';
    flowenrich_encoder_free(encoder);
    return buf;
}

/* MessagePack says what JSON says. */
static void must_be_packed_alike(flowenrich_batch *batch, const char *name,
                                 const char *const *fields, size_t n, flowenrich_text json)
{
    const char *twin = strcmp(name, "json") == 0 ? "msgpack" : "msgpack-flat";
    size_t len;
    char *packed = encode(batch, twin, fields, n, &len), *unpacked = malloc(json.len);
    fle_output out = { unpacked, json.len, 0 };

    must(unpacked && unpack(packed, len, &out));
    must(out.len == json.len && memcmp(unpacked, json.data, json.len) == 0);
    free(unpacked);
    free(packed);
}

static json_t *encode_json(flowenrich_batch *batch, const char *name, const char *const *fields,
                           size_t n)
{
    size_t len;
    char *text = encode(batch, name, fields, n, &len);
    json_t *object = json_loadb(text, len, JSON_ALLOW_NUL, NULL);

    must(json_is_object(object) && text[len - 1] == '\n');
    must_be_packed_alike(batch, name, fields, n, fle_text(text, len));
    free(text);
    return object;
}

/* A header and a row, each of two fields; the last is the value. */
static void check_csv(flowenrich_batch *batch, const char *path, flowenrich_text value)
{
    const char *const fields[] = { "client.addr", path };
    size_t len, rows = 0, commas = 0, value_len = 0;
    bool quoted = false;
    char *text = encode(batch, "csv", fields, 2, &len);

    for (size_t i = 0; i < len; i++) {
        const bool doubled = quoted && text[i] == '"' && text[i + 1] == '"';

        quoted = quoted != (text[i] == '"' && !doubled);
        commas += !quoted && text[i] == ',';
        rows += !quoted && text[i] == '\n';
        i += doubled;
        if (rows == 1 && commas == 2 && (quoted || text[i] != ',') && text[i] != '\n')
            value_len++;
    }
    must(!quoted && rows == 2 && commas == 2);
    must(value_len >= value.len); /* what is no UTF-8 is longer, and quotes add theirs */
    free(text);
}

/* One point, whose only blank is before its fields; quotes mean something in their values only. */
static void check_influx(flowenrich_batch *batch, const char *path)
{
    const char *const fields[] = { path, "bytes", "client.tags" };
    size_t len, blanks = 0, lines = 0;
    bool in_value = false, quoted = false;
    char *text = encode(batch, "influx", fields, 3, &len);

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\') {
            i++;
            continue;
        }
        lines += text[i] == '\n';
        quoted = quoted != (in_value && blanks > 0 && text[i] == '"');
        blanks += !quoted && text[i] == ' ';
        in_value = quoted || (text[i] != ',' && (in_value || text[i] == '='));
    }
    must(lines == 1 && blanks == 1 && !quoted);
    free(text);
}

/* Every line is a comment or a sample of ours. */
static void check_prometheus(flowenrich_batch *batch, const char *path)
{
    static const char sample[] = "flowenrich_", comment[] = "# ";
    const char *const fields[] = { path, "bytes" };
    size_t len;
    char *text = encode(batch, "prometheus", fields, 2, &len);

    for (const char *line = text, *end = text + len; line < end;
         line = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1)
        must(strncmp(line, sample, sizeof sample - 1) == 0 ||
             strncmp(line, comment, sizeof comment - 1) == 0);
    free(text);
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

    object = encode_json(batch, "json-flat", NULL, 0);
    must_have(object, parts[PATH], parts[VALUE]);
    if (!fle_text_is(parts[PATH], "client.tags"))
        must_have(json_object_get(object, "client.tags"), tag[0], tag[1]);
    json_decref(object);

    path = flowenrich_batch_path(batch, 0);
    json_decref(encode_json(batch, "json", &path, 1));
    json_decref(encode_json(batch, "json", NULL, 0));
    check_csv(batch, path, parts[VALUE]);
    check_influx(batch, path);
    check_prometheus(batch, path);
    flowenrich_batch_free(batch);
    return 0;
}
