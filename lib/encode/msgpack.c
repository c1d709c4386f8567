/* SPDX-License-Identifier: Apache-2.0 */
/* MessagePack: numbers in as few bytes as they need, but all maps of rows with a head of five. */
#include "encode/cells.h"
#include "encode/notation.h"

/* First bytes. A count or length that is small stands in the byte itself. */
enum {
    SMALL_MAP = 0x80,
    SMALL_LIST = 0x90,
    SMALL_STRING = 0xa0,
    NIL = 0xc0,
    BOOL = 0xc2,
    FLOAT_64 = 0xcb,
    UNSIGNED_8 = 0xcc,
    UNSIGNED_16,
    UNSIGNED_32,
    UNSIGNED_64,
    SIGNED_8,
    SIGNED_16,
    SIGNED_32,
    SIGNED_64,
    STRING_8 = 0xd9,
    STRING_16,
    STRING_32,
    LIST_16 = 0xdc,
    LIST_32,
    MAP_16,
    MAP_32
};

#define LONGEST_SMALL_STRING 31
#define MOST_SMALL 15 /* members of a map or list */

static void store(char *to, uint64_t number, size_t width)
{
    for (size_t i = 0; i < width; i++)
        to[i] = (char)(number >> 8 * (width - 1 - i));
}

/* A first byte and a number behind it. */
static void write_first(fle_output *out, unsigned first, uint64_t number, size_t width)
{
    char bytes[1 + sizeof number] = { (char)first };

    store(bytes + 1, number, width);
    fle_output_append(out, bytes, 1 + width);
}

static void write_u64(fle_output *out, uint64_t value)
{
    if (value <= INT8_MAX)
        fle_output_char(out, (char)value);
    else if (value <= UINT8_MAX)
        write_first(out, UNSIGNED_8, value, 1);
    else if (value <= UINT16_MAX)
        write_first(out, UNSIGNED_16, value, 2);
    else if (value <= UINT32_MAX)
        write_first(out, UNSIGNED_32, value, 4);
    else
        write_first(out, UNSIGNED_64, value, 8);
}

static void write_i64(fle_output *out, int64_t value)
{
    if (value >= 0)
        write_u64(out, (uint64_t)value);
    else if (value >= -32)
        fle_output_char(out, (char)value);
    else if (value >= INT8_MIN)
        write_first(out, SIGNED_8, (uint64_t)value, 1);
    else if (value >= INT16_MIN)
        write_first(out, SIGNED_16, (uint64_t)value, 2);
    else if (value >= INT32_MIN)
        write_first(out, SIGNED_32, (uint64_t)value, 4);
    else
        write_first(out, SIGNED_64, (uint64_t)value, 8);
}

/* As in JSON, what has no fraction has no point, and what is no number is absent. */
static void write_f64(fle_output *out, const fle_value *value)
{
    const double real = value->as.f64;
    uint64_t bits;

    memcpy(&bits, &real, sizeof bits);
    if (real > -1e15 && real < 1e15 && (double)(int64_t)real == real)
        write_i64(out, (int64_t)real);
    else if (fle_value_is_finite(value))
        write_first(out, FLOAT_64, bits, sizeof bits);
    else
        write_first(out, NIL, 0, 0);
}

static void write_string_head(fle_output *out, size_t len)
{
    if (len <= LONGEST_SMALL_STRING)
        fle_output_char(out, (char)(SMALL_STRING | len));
    else if (len <= UINT8_MAX)
        write_first(out, STRING_8, len, 1);
    else if (len <= UINT16_MAX)
        write_first(out, STRING_16, len, 2);
    else
        write_first(out, STRING_32, len, 4);
}

static bool is_ascii(flowenrich_text text)
{
    unsigned char all = 0;

    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.data[i];
    return all < 0x80;
}

/* What is no UTF-8 becomes U+FFFD, which is longer: the length is counted first. */
static void write_string(fle_output *out, flowenrich_text text)
{
    static const fle_escapes none = { NULL };
    fle_output counted = { NULL, 0, 0 };

    if (is_ascii(text)) {
        write_string_head(out, text.len);
        fle_output_append(out, text.data, text.len);
        return;
    }
    fle_cells_escape(&counted, text, none);
    write_string_head(out, counted.len);
    fle_cells_escape(out, text, none);
}

static void write_address(fle_output *out, const fle_address *address)
{
    char text[FLE_ADDRESS_TEXT];
    const size_t len = fle_address_format(address, text);

    write_string_head(out, len);
    fle_output_append(out, text, len);
}

static void write_count(fle_output *out, fle_bracket bracket, size_t n)
{
    if (n <= MOST_SMALL)
        fle_output_char(out, (char)((bracket == FLE_MAP ? SMALL_MAP : SMALL_LIST) | n));
    else if (n <= UINT16_MAX)
        write_first(out, bracket == FLE_MAP ? MAP_16 : LIST_16, n, 2);
    else
        write_first(out, bracket == FLE_MAP ? MAP_32 : LIST_32, n, 4);
}

/* In a map, each second text is a value. An item of a list may be unknown. */
static void write_texts(fle_output *out, fle_texts texts, fle_bracket bracket)
{
    write_count(out, bracket, bracket == FLE_MAP ? texts.n / 2 : texts.n);
    for (size_t i = 0; i < texts.n; i++)
        if (bracket == FLE_MAP || texts.items[i].len > 0)
            write_string(out, texts.items[i]);
        else
            fle_output_char(out, (char)NIL);
}

static void write_numbers(fle_output *out, fle_numbers numbers)
{
    write_count(out, FLE_LIST, numbers.n);
    for (size_t i = 0; i < numbers.n; i++)
        write_u64(out, numbers.items[i]);
}

static void write_value(fle_output *out, const fle_value *value)
{
    switch (value->type) {
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        write_u64(out, value->as.u64);
        break;
    case FLOWENRICH_TYPE_TIME:
        write_i64(out, value->as.time);
        break;
    case FLOWENRICH_TYPE_F64:
        write_f64(out, value);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        write_address(out, value->as.address);
        break;
    case FLOWENRICH_TYPE_TEXT:
        write_string(out, value->as.text);
        break;
    case FLOWENRICH_TYPE_LIST:
        write_texts(out, value->as.texts, FLE_LIST);
        break;
    case FLOWENRICH_TYPE_MAP:
        write_texts(out, value->as.texts, FLE_MAP);
        break;
    case FLE_NUMBERS:
        write_numbers(out, value->as.numbers);
        break;
    case FLOWENRICH_TYPE_BOOL:
        fle_output_char(out, (char)(BOOL | (value->as.u64 != 0)));
        break;
    default:
        fle_output_char(out, (char)NIL);
        break;
    }
}

/* The count of members, which is known when they are written, goes before them. */
static void open_bracket(fle_output *out, fle_bracket bracket)
{
    write_first(out, MAP_32, 0, bracket == FLE_ROW ? sizeof(uint32_t) : 0);
}

static void close_bracket(fle_output *out, size_t start, fle_bracket bracket, size_t n)
{
    const size_t more = bracket == FLE_ROW || n <= MOST_SMALL ? 0 : n <= UINT16_MAX ? 2 : 4;
    const size_t len = out->len - start;
    fle_output head = { out->data, out->capacity, start - 1 };

    out->len += more;
    if (!fle_output_fits(out))
        return;
    if (bracket == FLE_ROW) {
        store(out->data + start - sizeof(uint32_t), n, sizeof(uint32_t));
        return;
    }
    memmove(out->data + start + more, out->data + start, len);
    write_count(&head, bracket, n);
}

const fle_notation fle_notation_msgpack = {
    .key = write_string,
    .value = write_value,
    .open = open_bracket,
    .close = close_bracket,
};
