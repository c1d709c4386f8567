/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON values. */
#include "encode/json.h"

#include "base/decimal.h"
#include "base/text.h"
#include "encode/notation.h"

#define LITERAL(out, text) fle_output_append(out, "" text, sizeof(text) - 1)

static void escape(fle_output *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                    ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\' };

    if (c >= 0x80) {
        LITERAL(out, "\xef\xbf\xbd");
    } else if (letters[c]) {
        fle_output_char(out, '\\');
        fle_output_char(out, letters[c]);
    } else {
        LITERAL(out, "\\u00");
        fle_output_char(out, hex[c >> 4]);
        fle_output_char(out, hex[c & 15]);
    }
}

#define EACH_BYTE(value) (UINT64_MAX / 0xff * (value))

/*
 * Are these eight bytes all ASCII that needs no escape? Each term sets the highest bit of a byte
 * that is below ' ', a quote, a backslash or above ASCII. A borrow sets it wrongly only above a
 * byte that is one of these itself.
 */
static inline bool is_plain(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return ((word | (word - EACH_BYTE(' ')) | ((word ^ EACH_BYTE('"')) - EACH_BYTE(1)) |
             ((word ^ EACH_BYTE('\\')) - EACH_BYTE(1))) &
            EACH_BYTE(0x80)) == 0;
}

static inline bool is_plain_char(unsigned char c)
{
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* Is that so of all of a text? The last eight bytes may be looked at twice. */
static bool is_all_plain(flowenrich_text text)
{
    if (text.len < 8) {
        for (size_t i = 0; i < text.len; i++)
            if (!is_plain_char((unsigned char)text.data[i]))
                return false;
        return true;
    }
    for (size_t i = 0; i < text.len - 8; i += 8)
        if (!is_plain(text.data + i))
            return false;
    return is_plain(text.data + text.len - 8);
}

static void append_escaped(fle_output *out, flowenrich_text text)
{
    size_t start = 0; /* of what needs no escape and isn't written yet */
    size_t i = 0;

    while (i < text.len) {
        const unsigned char c = (unsigned char)text.data[i];
        const size_t width =
            c >= 0x80 ? fle_utf8_width(text.data + i, text.len - i) : is_plain_char(c);

        if (width == 0) {
            fle_output_append(out, text.data + start, i - start);
            escape(out, c);
            start = i + 1;
        }
        i += width > 0 ? width : 1;
    }
    fle_output_append(out, text.data + start, text.len - start);
}

/* Nearly all texts need no escape. */
void fle_json_string(fle_output *out, flowenrich_text text)
{
    fle_output_char(out, '"');
    if (is_all_plain(text))
        fle_output_append(out, text.data, text.len);
    else
        append_escaped(out, text);
    fle_output_char(out, '"');
}

static size_t digits_of(uint64_t value)
{
    for (size_t n = 1;; n += 4, value /= 10000)
        if (value < 10000)
            return n + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* Two digits a division, where they belong. */
void fle_json_u64(fle_output *out, uint64_t value)
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    char elsewhere[20]; /* UINT64_MAX has twenty */
    char *room = fle_output_room(out, sizeof elsewhere), *begin = room ? room : elsewhere;
    const size_t len = digits_of(value);
    char *to = begin + len;

    for (; value >= 10; value /= 100) {
        to -= 2;
        memcpy(to, pairs + value % 100 * 2, 2);
    }
    if (to > begin)
        *begin = (char)('0' + value);
    if (room)
        out->len += len;
    else
        fle_output_append(out, begin, len);
}

void fle_json_i64(fle_output *out, int64_t value)
{
    if (value < 0)
        fle_output_char(out, '-');
    /* Unsigned, INT64_MIN has an opposite. */
    fle_json_u64(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void fle_json_f64(fle_output *out, double value)
{
    char text[FLE_DECIMAL_TEXT];
    const size_t len = fle_decimal_format(value, text);

    if (len > 0)
        fle_output_append(out, text, len);
    else
        LITERAL(out, "null");
}

void fle_json_address(fle_output *out, const fle_address *address)
{
    char elsewhere[FLE_ADDRESS_TEXT], *room = fle_output_room(out, sizeof elsewhere);

    if (room)
        out->len += fle_address_format(address, room);
    else
        fle_output_append(out, elsewhere, fle_address_format(address, elsewhere));
}

/* Texts one after another; in a map, each second one is a value. An item may be unknown. */
static void write_texts(fle_output *out, fle_texts texts, bool map)
{
    fle_output_char(out, map ? '{' : '[');
    for (size_t i = 0; i < texts.n; i++) {
        if (i > 0)
            fle_output_char(out, map && i % 2 ? ':' : ',');
        if (map || texts.items[i].len > 0)
            fle_json_string(out, texts.items[i]);
        else
            LITERAL(out, "null");
    }
    fle_output_char(out, map ? '}' : ']');
}

static void write_numbers(fle_output *out, fle_numbers numbers)
{
    fle_output_char(out, '[');
    for (size_t i = 0; i < numbers.n; i++) {
        if (i > 0)
            fle_output_char(out, ',');
        fle_json_u64(out, numbers.items[i]);
    }
    fle_output_char(out, ']');
}

void fle_json_value(fle_output *out, const fle_value *value)
{
    switch (value->type) {
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        fle_json_u64(out, value->as.u64);
        break;
    case FLOWENRICH_TYPE_TIME:
        fle_json_i64(out, value->as.time);
        break;
    case FLOWENRICH_TYPE_F64:
        fle_json_f64(out, value->as.f64);
        break;
    case FLOWENRICH_TYPE_ADDRESS:
        fle_output_char(out, '"');
        fle_json_address(out, value->as.address);
        fle_output_char(out, '"');
        break;
    case FLOWENRICH_TYPE_TEXT:
        fle_json_string(out, value->as.text);
        break;
    case FLOWENRICH_TYPE_LIST:
    case FLOWENRICH_TYPE_MAP:
        write_texts(out, value->as.texts, value->type == FLOWENRICH_TYPE_MAP);
        break;
    case FLE_NUMBERS:
        write_numbers(out, value->as.numbers);
        break;
    case FLOWENRICH_TYPE_BOOL:
        value->as.u64 ? LITERAL(out, "true") : LITERAL(out, "false");
        break;
    default:
        LITERAL(out, "null");
        break;
    }
}

static void write_key(fle_output *out, flowenrich_text name)
{
    fle_json_string(out, name);
    fle_output_char(out, ':');
}

static void open_bracket(fle_output *out, fle_bracket bracket)
{
    fle_output_char(out, bracket == FLE_LIST ? '[' : '{');
}

/* In place of the last member's comma, if there is a member. */
static void close_bracket(fle_output *out, size_t start, fle_bracket bracket, size_t n)
{
    (void)start;
    if (n > 0)
        out->len--;
    fle_output_char(out, bracket == FLE_LIST ? ']' : '}');
    if (bracket == FLE_ROW)
        fle_output_char(out, '\n');
}

const fle_notation fle_notation_json = {
    .key = write_key,
    .value = fle_json_value,
    .separator = ',',
    .open = open_bracket,
    .close = close_bracket,
};
