/* SPDX-License-Identifier: Apache-2.0 */
/* Group keys: the values of a row's paths as bytes that sort as the values do. */
#include "aggregate/key.h"

/*
 * A value is its type, which is 0 if it is absent, and then: a number in eight bytes, highest
 * first, with the sign turned so that negative ones come first; an address as it is; a text with
 * each zero byte as 00 ff, ended by 00 00. So memcmp() tells the order of the values.
 */
#define SIGN (UINT64_C(1) << 63)

uint32_t fle_key_type(uint32_t type)
{
    return type == FLOWENRICH_TYPE_LIST || type == FLOWENRICH_TYPE_MAP || type == FLE_NUMBERS
               ? FLOWENRICH_TYPE_TEXT
               : type;
}

static void put_number(fle_buffer *key, uint64_t number)
{
    char bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(number >> (56 - 8 * i) & 0xff);
    fle_buffer_append(key, bytes, sizeof bytes);
}

static uint64_t take_number(const char *bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < 8; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

/* The bits of a double, ordered: a negative one is smaller the larger its bits are. */
static uint64_t order_f64(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits & SIGN ? ~bits : bits | SIGN;
}

static double unorder_f64(uint64_t bits)
{
    double value;

    bits = bits & SIGN ? bits & ~SIGN : ~bits;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void put_text(fle_buffer *key, flowenrich_text text)
{
    const char *zero;

    while (text.len > 0 && (zero = memchr(text.data, '\0', text.len)) != NULL) {
        const size_t used = (size_t)(zero - text.data) + 1;

        fle_buffer_append(key, text.data, used);
        fle_buffer_char(key, '\xff');
        text = fle_text(text.data + used, text.len - used);
    }
    fle_buffer_text(key, text);
}

static void put_texts(fle_buffer *key, fle_texts texts, bool map)
{
    for (size_t i = 0; i < texts.n; i++) {
        if (i > 0)
            fle_buffer_char(key, map && i % 2 ? '=' : ',');
        put_text(key, texts.items[i]);
    }
}

/* A list looks the same whatever it is of. */
static void put_numbers(fle_buffer *key, fle_numbers numbers)
{
    for (size_t i = 0; i < numbers.n; i++) {
        if (i > 0)
            fle_buffer_char(key, ',');
        fle_buffer_u64(key, numbers.items[i]);
    }
}

void fle_key_put(fle_buffer *key, const fle_value *value)
{
    fle_buffer_char(key, (char)fle_key_type(value->type));
    switch (value->type) {
    case 0:
        break;
    case FLOWENRICH_TYPE_TIME:
        put_number(key, (uint64_t)value->as.time ^ SIGN);
        break;
    case FLOWENRICH_TYPE_F64:
        put_number(key, order_f64(value->as.f64));
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        fle_buffer_append(key, (const char *)value->as.address->bytes,
                          sizeof value->as.address->bytes);
        break;
    case FLOWENRICH_TYPE_TEXT:
        put_text(key, value->as.text);
        fle_buffer_append(key, "\0", 2);
        break;
    case FLOWENRICH_TYPE_LIST:
    case FLOWENRICH_TYPE_MAP:
        put_texts(key, value->as.texts, value->type == FLOWENRICH_TYPE_MAP);
        fle_buffer_append(key, "\0", 2);
        break;
    case FLE_NUMBERS:
        put_numbers(key, value->as.numbers);
        fle_buffer_append(key, "\0", 2);
        break;
    default:
        put_number(key, value->as.u64);
        break;
    }
}

/* Returns how many bytes of the key the text took, its end included. */
static size_t take_text(flowenrich_text key, fle_buffer *scratch)
{
    size_t i = 0;

    fle_buffer_clear(scratch);
    for (; key.data[i] != '\0' || key.data[i + 1] != '\0'; i++) {
        fle_buffer_char(scratch, key.data[i]);
        if (key.data[i] == '\0')
            i++;
    }
    return i + 2;
}

bool fle_key_take(flowenrich_text *key, fle_buffer *scratch, fle_value *out)
{
    const flowenrich_text rest = fle_text(key->data + 1, key->len - 1);
    size_t used = 8;

    out->type = (unsigned char)key->data[0];
    switch (out->type) {
    case 0:
        used = 0;
        break;
    case FLOWENRICH_TYPE_TIME:
        out->as.time = (flowenrich_time)(take_number(rest.data) ^ SIGN);
        break;
    case FLOWENRICH_TYPE_F64:
        out->as.f64 = unorder_f64(take_number(rest.data));
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        out->as.address = (const fle_address *)rest.data;
        used = sizeof *out->as.address;
        break;
    case FLOWENRICH_TYPE_TEXT:
        used = take_text(rest, scratch);
        out->as.text = fle_text(scratch->data, scratch->len);
        break;
    default:
        out->as.u64 = take_number(rest.data);
        break;
    }
    *key = fle_text(rest.data + used, rest.len - used);
    return !scratch->failed;
}
