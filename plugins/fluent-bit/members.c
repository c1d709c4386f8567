/* SPDX-License-Identifier: Apache-2.0 */
/* A record as the pipeline encoded it, as the members of a MessagePack map. */
#include "members.h"

#include <locale.h>

#include "msgpack.h"

#define MOST_LEVELS 32 /* the library nests four deep */

typedef struct reader {
    const char *at, *end;
    buffer *out;
    buffer *keys; /* of the outermost object */
} reader;

static bool take(reader *r, char c)
{
    const bool there = r->at < r->end && *r->at == c;

    r->at += there;
    return there;
}

static bool take_word(reader *r, const char *word, size_t len)
{
    const bool there = (size_t)(r->end - r->at) >= len && memcmp(r->at, word, len) == 0;

    r->at += there ? len : 0;
    return there;
}

#define EACH_BYTE(value) (UINT64_MAX / 0xff * (value))

/* A quote or a backslash among eight bytes; the lowest one found is right. */
static uint64_t find_special(const char *bytes)
{
    uint64_t word, quote, backslash;

    memcpy(&word, bytes, sizeof word);
    quote = word ^ EACH_BYTE('"');
    backslash = word ^ EACH_BYTE('\\');
    return (((quote - EACH_BYTE(1)) & ~quote) | ((backslash - EACH_BYTE(1)) & ~backslash)) &
           EACH_BYTE(0x80);
}

/* Up to the next quote or backslash, or the end. */
static const char *pass_plain(const char *at, const char *end)
{
    while (end - at >= 8 && !find_special(at))
        at += 8;
    while (at < end && *at != '"' && *at != '\\')
        at++;
    return at;
}

static bool read_hex(reader *r, uint32_t *out)
{
    *out = 0;
    if (r->end - r->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        const char c = *r->at++;
        const char *digits = "0123456789abcdef", *digit = c ? strchr(digits, c | 0x20) : NULL;

        if (!digit)
            return false;
        *out = *out << 4 | (uint32_t)(digit - digits);
    }
    return true;
}

/* Behind a backslash. The library writes all but control characters as they are. */
static bool unescape(reader *r)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char c = r->at < r->end ? *r->at++ : '\0';
    const char *letter = c ? strchr(letters, c) : NULL;
    uint32_t code;
    char byte;

    if (letter) {
        buffer_append(r->out, &meant[letter - letters], 1);
        return true;
    }
    if (c != 'u' || !read_hex(r, &code) || code >= 0x80)
        return false;
    byte = (char)code;
    buffer_append(r->out, &byte, 1);
    return true;
}

/* Its length is known only once it has been read. */
static bool read_escaped(reader *r, const char *start)
{
    const size_t from = r->out->len;
    buffer head = { 0 };
    size_t len;

    buffer_append(r->out, start, (size_t)(r->at - start));
    while (!take(r, '"')) {
        const char *plain = r->at;

        if (r->at == r->end || (take(r, '\\') && !unescape(r)))
            return false;
        plain = r->at;
        r->at = pass_plain(plain, r->end);
        buffer_append(r->out, plain, (size_t)(r->at - plain));
    }
    len = r->out->len - from;
    msgpack_string_head(&head, len);
    if (!head.failed && buffer_reserve(r->out, head.len)) {
        memmove(r->out->data + from + head.len, r->out->data + from, len);
        memcpy(r->out->data + from, head.data, head.len);
        r->out->len += head.len;
    }
    r->out->failed |= head.failed;
    buffer_free(&head);
    return true;
}

static bool read_string(reader *r)
{
    const char *start = r->at;

    r->at = pass_plain(start, r->end);
    if (r->at == r->end)
        return false;
    if (*r->at == '\\')
        return read_escaped(r, start);
    msgpack_string(r->out, (flowenrich_text){ start, (size_t)(r->at - start) });
    r->at++;
    return true;
}

static bool is_digit(const reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool is_numeric(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/* Any number. The point is the locale's, which is the host's. */
static bool read_long(reader *r, const char *start)
{
    const size_t len = (size_t)(r->at - start);
    char text[64], *end, *point;

    if (len >= sizeof text)
        return false;
    memcpy(text, start, len);
    text[len] = '\0';
    point = strchr(text, '.');
    if (point)
        *point = *localeconv()->decimal_point;
    msgpack_float(r->out, strtod(text, &end));
    return *end == '\0';
}

/* A number with a point, or one too large. Of up to 15 digits the division rounds once: rightly. */
static bool read_real(reader *r, const char *start)
{
    uint64_t digits = 0, power = 1;
    size_t n = 0;
    bool is_behind = false, is_short = true;

    for (r->at = start; r->at < r->end && is_numeric(*r->at); r->at++) {
        const char c = *r->at;

        is_short &= c != 'e' && c != 'E';
        if (c == '.')
            is_behind = true;
        if (c < '0' || c > '9' || ++n > 15)
            continue;
        digits = 10 * digits + (uint64_t)(c - '0');
        power *= is_behind ? 10 : 1;
    }
    if (is_short && n <= 15) {
        const double value = (double)digits / (double)power;

        msgpack_float(r->out, *start == '-' ? -value : value);
        return n > 0;
    }
    return read_long(r, start);
}

static bool read_number(reader *r)
{
    const char *start = r->at;
    const bool is_below = take(r, '-');
    uint64_t value = 0;

    if (!is_digit(r))
        return false;
    while (is_digit(r)) {
        const uint64_t digit = (uint64_t)(*r->at++ - '0');

        if (value > (UINT64_MAX - digit) / 10)
            return read_real(r, start);
        value = 10 * value + digit;
    }
    if (r->at < r->end && (*r->at == '.' || *r->at == 'e' || *r->at == 'E'))
        return read_real(r, start);
    if (!is_below)
        msgpack_unsigned(r->out, value);
    else if (value <= (uint64_t)INT64_MAX)
        msgpack_signed(r->out, -(int64_t)value);
    else
        return read_real(r, start);
    return true;
}

static bool read_value(reader *r, unsigned level);

/* What stands between brackets: of an object, keys with their values. */
static bool read_all(reader *r, bool is_object, unsigned level, size_t *n)
{
    const char close = is_object ? '}' : ']';

    *n = 0;
    if (take(r, close))
        return true;
    do {
        const size_t start = r->out->len;

        if (level == 0)
            buffer_append(r->keys, &start, sizeof start);
        if (is_object && (!take(r, '"') || !read_string(r) || !take(r, ':')))
            return false;
        if (!read_value(r, level + 1))
            return false;
        ++*n;
    } while (take(r, ','));
    return take(r, close);
}

static bool read_value(reader *r, unsigned level)
{
    const size_t start = r->out->len;
    bool is_object;
    size_t n;

    if (take(r, '"'))
        return read_string(r);
    is_object = take(r, '{');
    if (is_object || take(r, '[')) {
        if (level > MOST_LEVELS || !read_all(r, is_object, level, &n))
            return false;
        msgpack_insert_head(r->out, start, is_object, n);
        return true;
    }
    if (take_word(r, "null", 4))
        msgpack_nil(r->out);
    else if (take_word(r, "true", 4))
        msgpack_bool(r->out, true);
    else if (take_word(r, "false", 5))
        msgpack_bool(r->out, false);
    else
        return read_number(r);
    return true;
}

bool members_read(members *out, flowenrich_text object)
{
    reader r = { object.data, object.data + object.len, &out->bytes, &out->keys };

    buffer_clear(&out->bytes);
    buffer_clear(&out->keys);
    return take(&r, '{') && read_all(&r, true, 0, &out->n) && r.at == r.end && !out->bytes.failed &&
           !out->keys.failed;
}

bool members_have(const members *in, flowenrich_text key)
{
    const char *end = in->bytes.data + in->bytes.len;

    for (size_t i = 0; i < in->n; i++) {
        const char *at;
        msgpack_value ours;
        size_t start;

        memcpy(&start, in->keys.data + i * sizeof start, sizeof start);
        at = in->bytes.data + start;
        if (msgpack_read(&at, end, &ours) && ours.text.len == key.len &&
            memcmp(ours.text.data, key.data, key.len) == 0)
            return true;
    }
    return false;
}

void members_free(members *in)
{
    buffer_free(&in->bytes);
    buffer_free(&in->keys);
}
