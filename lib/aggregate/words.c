/* SPDX-License-Identifier: Apache-2.0 */
/* What the words of a key stand for: their order, and how they are shown. */
#include <stdio.h>

#include "aggregate/key.h"

#define SIGN (UINT64_C(1) << 63)

static uint64_t number_at(const fle_keys *keys, const uint32_t *key, size_t i)
{
    const uint32_t word = key[keys->first + i];
    const char *bytes;
    uint64_t number = 0;

    if (fle_key_word(keys, key, i) != FLE_WORD_CODE)
        return word;
    bytes = fle_values_at(&keys->values, word).data;
    for (size_t b = 0; b < sizeof number; b++)
        number |= (uint64_t)(unsigned char)bytes[b] << 8 * b;
    return number;
}

static fle_address address_at(const fle_keys *keys, const uint32_t *key, size_t i)
{
    const uint32_t word = key[keys->first + i];
    fle_address address = { { FLE_V4_PREFIX, (uint8_t)(word >> 24), (uint8_t)(word >> 16),
                              (uint8_t)(word >> 8), (uint8_t)word } };

    if (fle_key_word(keys, key, i) == FLE_WORD_CODE)
        memcpy(address.bytes, fle_values_at(&keys->values, word).data, sizeof address.bytes);
    return address;
}

/* As a number that is ordered as the values are. */
static uint64_t rank_at(const fle_keys *keys, const uint32_t *key, size_t i)
{
    const uint64_t number = number_at(keys, key, i);

    switch (keys->paths[i].type) {
    case FLOWENRICH_TYPE_TIME:
        return number ^ SIGN;
    case FLOWENRICH_TYPE_F64: /* a negative one is smaller the larger its bits are */
        return number & SIGN ? ~number : number | SIGN;
    default:
        return number;
    }
}

static int compare_values(const fle_keys *keys, const uint32_t *a, const uint32_t *b, size_t i)
{
    if (keys->paths[i].type == FLOWENRICH_TYPE_ADDRESS) {
        const fle_address one = address_at(keys, a, i), other = address_at(keys, b, i);

        return fle_address_compare(&one, &other);
    }
    if (keys->paths[i].type == FLOWENRICH_TYPE_TEXT)
        return fle_text_compare(fle_values_at(&keys->values, a[keys->first + i]),
                                fle_values_at(&keys->values, b[keys->first + i]));
    return rank_at(keys, a, i) < rank_at(keys, b, i) ? -1 : 1;
}

/* A value has one word only: what fits into it isn't a code. */
static bool is_valid_code(const fle_keys *keys, const uint32_t *key, size_t i)
{
    const uint32_t code = key[keys->first + i], type = keys->paths[i].type;
    fle_address address;
    size_t len;

    if (code >= keys->values.n)
        return false;
    len = fle_values_at(&keys->values, code).len;
    if (type == FLOWENRICH_TYPE_TEXT)
        return true;
    if (type == FLOWENRICH_TYPE_ADDRESS) {
        if (len == sizeof address.bytes)
            address = address_at(keys, key, i);
        return len == sizeof address.bytes && !fle_address_is_v4(&address);
    }
    return len == sizeof(uint64_t) &&
           (type == FLOWENRICH_TYPE_F64 ||
            ((type == FLOWENRICH_TYPE_U64 || type == FLOWENRICH_TYPE_TIME) &&
             number_at(keys, key, i) > UINT32_MAX));
}

static bool is_valid_word(const fle_keys *keys, const uint32_t *key, size_t i)
{
    const uint32_t word = key[keys->first + i], type = keys->paths[i].type;

    switch (fle_key_word(keys, key, i)) {
    case FLE_WORD_ABSENT:
        return word == 0;
    case FLE_WORD_NUMBER:
        return type != 0 && type != FLOWENRICH_TYPE_TEXT && type != FLOWENRICH_TYPE_F64 &&
               (type != FLOWENRICH_TYPE_BOOL || word <= 1);
    case FLE_WORD_CODE:
        return is_valid_code(keys, key, i);
    default:
        return false;
    }
}

bool fle_keys_is_valid(const fle_keys *keys, const uint32_t *key)
{
    const uint32_t kinds = keys->n % 16 ? key[keys->words - 1] >> keys->n % 16 * 2 : 0;

    for (size_t i = 0; i < keys->n; i++)
        if (!is_valid_word(keys, key, i))
            return false;
    return kinds == 0;
}

int fle_keys_compare(const fle_keys *keys, const uint32_t *a, const uint32_t *b)
{
    for (size_t i = 0; i < keys->n; i++) {
        const bool has_a = fle_key_word(keys, a, i) != FLE_WORD_ABSENT;
        const bool has_b = fle_key_word(keys, b, i) != FLE_WORD_ABSENT;

        if (has_a != has_b)
            return has_a ? 1 : -1;
        if (has_a && (a[keys->first + i] != b[keys->first + i] ||
                      fle_key_word(keys, a, i) != fle_key_word(keys, b, i)))
            return compare_values(keys, a, b, i);
    }
    return 0;
}

/* IPv4 addresses lie between the IPv6 ones; codes of numbers come behind all that are words. */
uint32_t fle_keys_hint(const fle_keys *keys, const uint32_t *key)
{
    static const fle_address first_v4 = { { FLE_V4_PREFIX, 0, 0, 0, 0 } };
    const uint32_t word = keys->n > 0 ? key[keys->first] : 0;
    fle_address address;

    if (keys->n == 0 || fle_key_word(keys, key, 0) == FLE_WORD_ABSENT)
        return 0;
    switch (keys->paths[0].type) {
    case FLOWENRICH_TYPE_ADDRESS:
        if (fle_key_word(keys, key, 0) == FLE_WORD_NUMBER)
            return (word >> 1) + 1;
        address = address_at(keys, key, 0);
        return fle_address_compare(&address, &first_v4) < 0 ? 1 : UINT32_MAX;
    case FLOWENRICH_TYPE_TEXT:
    case FLOWENRICH_TYPE_TIME:
    case FLOWENRICH_TYPE_F64:
        return 1;
    default:
        return fle_key_word(keys, key, 0) == FLE_WORD_NUMBER ? (word >> 1) + 1 : UINT32_MAX;
    }
}

uint32_t fle_keys_column_type(const fle_key_path *path)
{
    return path->type == 0 || path->by->network != FLE_NO_NETWORK ? FLOWENRICH_TYPE_TEXT
                                                                  : path->type;
}

static bool show_text(flowenrich_batch *out, fle_column *column, size_t row, const char *data,
                      size_t len)
{
    flowenrich_slice slice;

    if (!fle_batch_append_text(out, data, len, &slice))
        return false;
    fle_column_set_slice(column, row, slice);
    return true;
}

/* "10.0.1.0/24": an IPv4 address has its last 32 bits only. */
static bool show_network(const fle_by_path *by, const fle_address *address, flowenrich_batch *out,
                         fle_column *column, size_t row)
{
    const bool is_v4 = fle_address_is_v4(address);
    char text[FLE_ADDRESS_TEXT + 4];
    size_t len = fle_address_format(address, text);

    len += (size_t)snprintf(text + len, sizeof text - len, "/%u",
                            fle_network_bits(by->network, is_v4) - (is_v4 ? 96U : 0U));
    return show_text(out, column, row, text, len);
}

static void show_number(fle_column *column, size_t row, uint64_t number)
{
    double real;

    switch (column->type) {
    case FLOWENRICH_TYPE_U32:
        fle_column_set_u32(column, row, (uint32_t)number);
        break;
    case FLOWENRICH_TYPE_TIME:
        fle_column_set_time(column, row, (flowenrich_time)number);
        break;
    case FLOWENRICH_TYPE_F64:
        memcpy(&real, &number, sizeof real);
        fle_column_set_f64(column, row, real);
        break;
    case FLOWENRICH_TYPE_BOOL:
        fle_column_set_bool(column, row, number != 0);
        break;
    default:
        fle_column_set_u64(column, row, number);
        break;
    }
}

static bool show(const fle_keys *keys, const uint32_t *key, size_t i, flowenrich_batch *out,
                 fle_column *column, size_t row)
{
    const fle_key_path *path = &keys->paths[i];
    flowenrich_text text;
    fle_address address;

    switch (path->type) {
    case FLOWENRICH_TYPE_ADDRESS:
        address = address_at(keys, key, i);
        if (path->by->network != FLE_NO_NETWORK)
            return show_network(path->by, &address, out, column, row);
        fle_column_set_address(column, row, &address);
        return true;
    case FLOWENRICH_TYPE_TEXT:
        text = fle_values_at(&keys->values, key[keys->first + i]);
        return show_text(out, column, row, text.data, text.len);
    default:
        show_number(column, row, number_at(keys, key, i));
        return true;
    }
}

bool fle_keys_show(const fle_keys *keys, const unsigned char *const *groups, uint64_t which,
                   size_t i, flowenrich_batch *out, fle_column *column)
{
    for (size_t row = out->rows; which != 0; row++, groups++, which >>= 1) {
        const uint32_t *key = (const uint32_t *)(const void *)*groups;

        if ((which & 1) && fle_key_word(keys, key, i) != FLE_WORD_ABSENT &&
            !show(keys, key, i, out, column, row))
            return false;
    }
    return true;
}
