/* SPDX-License-Identifier: Apache-2.0 */
/* A forward scanner of JSON. */
#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>

static bool expect(fle_json_scan *scan, const char *what)
{
    scan->expected = what;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void fle_json_scan_space(fle_json_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

char fle_json_scan_peek(const fle_json_scan *scan)
{
    return scan->at < scan->end ? *scan->at : '\0';
}

bool fle_json_scan_char(fle_json_scan *scan, char c, const char *expected)
{
    fle_json_scan_space(scan);
    if (scan->at == scan->end || *scan->at != c)
        return expect(scan, expected);
    scan->at++;
    return true;
}

/*
 * A quote ends the string if an even number of backslashes stands before it. Those
 * of one run are counted for the one quote behind it, so this stays linear.
 *
 * Control characters are let through: refusing them would take a look at every
 * byte of what memchr skips, and the line's parser finds them anyway.
 */
bool fle_json_scan_string(fle_json_scan *scan, flowenrich_text *raw)
{
    const char *start, *quote, *slash;

    if (!fle_json_scan_char(scan, '"', "a string"))
        return false;
    start = scan->at;
    for (const char *from = start;; from = quote + 1) {
        quote = from < scan->end ? memchr(from, '"', (size_t)(scan->end - from)) : NULL;
        if (!quote) {
            scan->at = scan->end;
            return expect(scan, "the end of a string");
        }
        for (slash = quote; slash > from && slash[-1] == '\\'; slash--)
            ;
        if ((quote - slash) % 2 == 0)
            break;
    }
    raw->data = start;
    raw->len = (size_t)(quote - start);
    scan->at = quote + 1;
    return true;
}

bool fle_json_scan_key(fle_json_scan *scan, flowenrich_text *raw)
{
    return fle_json_scan_string(scan, raw) && fle_json_scan_char(scan, ':', "':'");
}

static bool take_digits(fle_json_scan *scan)
{
    if (!is_digit(fle_json_scan_peek(scan)))
        return expect(scan, "a digit");
    while (is_digit(fle_json_scan_peek(scan)))
        scan->at++;
    return true;
}

static bool take_number(fle_json_scan *scan)
{
    if (fle_json_scan_peek(scan) == '-')
        scan->at++;
    if (!take_digits(scan))
        return false;
    if (fle_json_scan_peek(scan) == '.') {
        scan->at++;
        if (!take_digits(scan))
            return false;
    }
    if (fle_json_scan_peek(scan) == 'e' || fle_json_scan_peek(scan) == 'E') {
        scan->at++;
        if (fle_json_scan_peek(scan) == '-' || fle_json_scan_peek(scan) == '+')
            scan->at++;
        return take_digits(scan);
    }
    return true;
}

static bool take_scalar(fle_json_scan *scan)
{
    static const char *const words[] = { "true", "false", "null" };
    const char c = fle_json_scan_peek(scan);
    flowenrich_text ignored;

    if (c == '"')
        return fle_json_scan_string(scan, &ignored);
    if (c == '-' || is_digit(c))
        return take_number(scan);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t len = strlen(words[i]);

        if ((size_t)(scan->end - scan->at) >= len && memcmp(scan->at, words[i], len) == 0) {
            scan->at += len;
            return true;
        }
    }
    return expect(scan, "a value");
}

bool fle_json_scan_value(fle_json_scan *scan, flowenrich_text *raw)
{
    uint64_t objects = 0; /* a bit for each open bracket, the innermost lowest: is it '{'? */
    unsigned depth = 0;
    flowenrich_text key;

    fle_json_scan_space(scan);
    raw->data = scan->at;
    for (;;) {
        const char c = fle_json_scan_peek(scan);
        bool first = c == '{' || c == '[';
        bool more = false;

        if (first) {
            if (depth++ == FLE_JSON_DEPTH)
                return expect(scan, "at most 64 brackets in brackets");
            objects = objects << 1 | (c == '{');
            scan->at++;
        } else if (!take_scalar(scan)) {
            return false;
        }
        for (; depth > 0; depth--, objects >>= 1) { /* what ends here, and what goes on */
            if (!fle_json_scan_element(scan, objects & 1 ? '}' : ']', &first, &more))
                return false;
            if (more)
                break;
        }
        if (!more)
            break;
        if (objects & 1 && !fle_json_scan_key(scan, &key))
            return false;
        fle_json_scan_space(scan);
    }
    raw->len = (size_t)(scan->at - raw->data);
    return true;
}

bool fle_json_scan_element(fle_json_scan *scan, char close, bool *first, bool *more)
{
    const bool is_first = *first;

    fle_json_scan_space(scan);
    *first = false;
    *more = fle_json_scan_peek(scan) != close;
    if (!*more) {
        scan->at++;
        return true;
    }
    if (!is_first && !fle_json_scan_char(scan, ',', close == '}' ? "',' or '}'" : "',' or ']'"))
        return false;
    fle_json_scan_space(scan);
    return true;
}

/* Four hexadecimal digits; UINT32_MAX if they aren't. */
static uint32_t hex4(const char *at, const char *end)
{
    uint32_t code = 0;

    if (end - at < 4)
        return UINT32_MAX;
    for (int i = 0; i < 4; i++) {
        const char lower = (char)(at[i] | 0x20);

        if (is_digit(at[i]))
            code = code << 4 | (uint32_t)(at[i] - '0');
        else if (lower >= 'a' && lower <= 'f')
            code = code << 4 | (uint32_t)(lower - 'a' + 10);
        else
            return UINT32_MAX;
    }
    return code;
}

static size_t put_utf8(char *out, uint32_t code)
{
    static const unsigned char firsts[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    const size_t width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = width - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(firsts[width] | code);
    return width;
}

/*
 * Read what follows "\u". Half a surrogate pair becomes U+FFFD: it costs a
 * character, not the record. Returns how many bytes were read, 0 if they aren't digits.
 */
static size_t unescape_code(const char *at, const char *end, char *out, size_t *written)
{
    uint32_t code = hex4(at, end);
    size_t taken = 4;

    if (code == UINT32_MAX)
        return 0;
    if (code >= 0xd800 && code < 0xe000) {
        const bool more = code < 0xdc00 && end - at >= 10 && at[4] == '\\' && at[5] == 'u';
        const uint32_t low = more ? hex4(at + 6, end) : UINT32_MAX;
        const bool is_pair = low >= 0xdc00 && low < 0xe000;

        code = is_pair ? 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00)) : 0xfffd;
        taken = is_pair ? 10 : 4;
    }
    *written = put_utf8(out, code);
    return taken;
}

bool fle_json_scan_unescape(flowenrich_text raw, char *out, size_t *len)
{
    static const char escapes[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    const char *at = raw.data;
    const char *const end = at + raw.len;
    char *const start = out;

    while (at < end) {
        const char *slash = memchr(at, '\\', (size_t)(end - at));
        const size_t run = (size_t)((slash ? slash : end) - at);
        const char *found;
        size_t written = 1, taken = 1;

        memcpy(out, at, run);
        out += run;
        at += run;
        if (!slash)
            break;
        found = ++at < end && *at != '\0' ? strchr(escapes, *at) : NULL;
        if (found)
            *out = meanings[found - escapes];
        else if (at < end && *at == 'u')
            taken += unescape_code(at + 1, end, out, &written);
        if (!found && taken == 1) {
            *len = (size_t)(slash - raw.data);
            return false;
        }
        out += written;
        at += taken;
    }
    *len = (size_t)(out - start);
    return true;
}
