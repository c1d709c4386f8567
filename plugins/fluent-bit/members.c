/* SPDX-License-Identifier: Apache-2.0 */
/* A record as the pipeline encoded it, as the members of a MessagePack map. */
#include "members.h"

#include <locale.h>

#include "msgpack.h"

#define MOST_LEVELS 32 /* the library nests four deep */

typedef struct reader {
    const char *at, *end;
    char *start, *to; /* what is written; there is room for all of it */
    buffer *keys;     /* of the outermost object */
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

/* How many of eight bytes, behind one another in memory, stand before a quote or a backslash. */
static size_t count_plain(uint64_t word)
{
    uint64_t quote, backslash, found;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    quote = word ^ EACH_BYTE('"');
    backslash = word ^ EACH_BYTE('\\');
    /* The lowest bit that is set is right: a borrow only spoils those above it. */
    found = (((quote - EACH_BYTE(1)) & ~quote) | ((backslash - EACH_BYTE(1)) & ~backslash)) &
            EACH_BYTE(0x80);
    return found ? (size_t)__builtin_ctzll(found) / 8 : 8;
}

/* Copy up to the next quote or backslash, or the end. Up to seven bytes more may be written. */
static void copy_plain(reader *r)
{
    size_t n = 8;

    while (n == 8 && r->end - r->at >= 8) {
        uint64_t word;

        memcpy(&word, r->at, sizeof word);
        memcpy(r->to, &word, sizeof word);
        n = count_plain(word);
        r->at += n;
        r->to += n;
    }
    while (r->at < r->end && *r->at != '"' && *r->at != '\\')
        *r->to++ = *r->at++;
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

    if (letter) {
        *r->to++ = meant[letter - letters];
        return true;
    }
    if (c != 'u' || !read_hex(r, &code) || code >= 0x80)
        return false;
    *r->to++ = (char)code;
    return true;
}

/* Behind the quote. The head of nearly all strings takes a byte; others are moved to fit theirs. */
static bool read_string(reader *r)
{
    char *head = r->to, *start;
    size_t len;

    r->to++;
    copy_plain(r);
    while (!take(r, '"')) {
        if (!take(r, '\\') || !unescape(r))
            return false;
        copy_plain(r);
    }
    len = (size_t)(r->to - head) - 1;
    if (len >= 32) {
        char heads[MSGPACK_MOST];

        start = head + (msgpack_put_string_head(heads, len) - heads);
        memmove(start, head + 1, len);
        r->to = start + len;
    }
    msgpack_put_string_head(head, len);
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
    r->to = msgpack_put_float(r->to, strtod(text, &end));
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

        r->to = msgpack_put_float(r->to, *start == '-' ? -value : value);
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
        r->to = msgpack_put_unsigned(r->to, value);
    else if (value <= (uint64_t)INT64_MAX)
        r->to = msgpack_put_signed(r->to, -(int64_t)value);
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
        const size_t start = (size_t)(r->to - r->start);

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
    char *start = r->to;
    bool is_object;
    size_t n;

    if (take(r, '"'))
        return read_string(r);
    is_object = take(r, '{');
    if (is_object || take(r, '[')) {
        r->to++;
        if (level > MOST_LEVELS || !read_all(r, is_object, level, &n))
            return false;
        r->to = msgpack_close(start, r->to, is_object, n);
        return true;
    }
    if (take_word(r, "null", 4))
        r->to = msgpack_put_nil(r->to);
    else if (take_word(r, "true", 4))
        r->to = msgpack_put_bool(r->to, true);
    else if (take_word(r, "false", 5))
        r->to = msgpack_put_bool(r->to, false);
    else
        return read_number(r);
    return true;
}

/*
 * Room for all: a value takes two bytes of JSON with what parts it from the next, and becomes nine
 * at most, or as many as a string has and five; and eight for what a copy writes too much.
 */
bool members_read(members *out, flowenrich_text object)
{
    reader r = { .at = object.data, .end = object.data + object.len, .keys = &out->keys };

    buffer_clear(&out->bytes);
    buffer_clear(&out->keys);
    if (object.len > SIZE_MAX / 8 || !buffer_reserve(&out->bytes, 5 * object.len + 16))
        return false;
    r.start = r.to = out->bytes.data;
    if (!take(&r, '{') || !read_all(&r, true, 0, &out->n) || r.at != r.end || out->keys.failed)
        return false;
    out->bytes.len = (size_t)(r.to - r.start);
    return true;
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
