/* SPDX-License-Identifier: Apache-2.0 */
/* Values that filters compare with, and how a row's value compares. */
#include "record/wanted.h"

#include "base/date.h"
#include "record/protocol.h"

#define LONGEST_FRACTION 15 /* digits whose number and power of ten a double has exactly */

/* A number, or one of bytes with its unit: "1MB", "64KiB". */
static bool read_number(flowenrich_text text, uint64_t *out)
{
    static const struct {
        const char *name;
        uint64_t factor;
    } units[] = {
        { "kB", UINT64_C(1000) },
        { "KB", UINT64_C(1000) },
        { "MB", UINT64_C(1000000) },
        { "GB", UINT64_C(1000000000) },
        { "TB", UINT64_C(1000000000000) },
        { "KiB", UINT64_C(1) << 10 },
        { "MiB", UINT64_C(1) << 20 },
        { "GiB", UINT64_C(1) << 30 },
        { "TiB", UINT64_C(1) << 40 },
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t len = strlen(units[i].name);

        if (text.len <= len || memcmp(text.data + text.len - len, units[i].name, len) != 0)
            continue;
        if (!fle_text_u64(fle_text(text.data, text.len - len), out) ||
            *out > UINT64_MAX / units[i].factor)
            return false;
        *out *= units[i].factor;
        return true;
    }
    return fle_text_u64(text, out);
}

/* "0.25": digits over a power of ten, rounded once, so that it is what a compiler has for it. */
static bool read_fraction(flowenrich_text text, double *out)
{
    double digits = 0, power = 1;
    bool is_behind = false;
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char c = text.data[i];

        if (c == '.' && !is_behind && i > 0 && i + 1 < text.len) {
            is_behind = true;
            continue;
        }
        if (c < '0' || c > '9' || ++n > LONGEST_FRACTION)
            return false;
        digits = 10 * digits + (c - '0');
        power = is_behind ? 10 * power : power;
    }
    *out = digits / power;
    return n > 0;
}

void fle_wanted_read(fle_wanted *out, flowenrich_text path, flowenrich_text text)
{
    uint64_t seconds;

    memset(out, 0, sizeof *out);
    out->text = text;
    out->is_number = read_number(text, &out->number);
    out->is_fraction = read_fraction(text, &out->fraction);
    out->is_network = fle_cidr_parse(text.data, text.len, &out->network);
    out->is_time = fle_date_parse(text.data, text.len, &out->time);
    if (fle_text_u64(text, &seconds) && seconds <= INT64_MAX) {
        out->is_time = true;
        out->time = (flowenrich_time)seconds;
    }
    if (fle_text_is(path, "protocol")) {
        const uint32_t protocol = fle_protocol_find(text);

        out->is_number = protocol != UINT32_MAX;
        out->number = protocol;
    }
}

const char *fle_wanted_mismatch(uint32_t type, const fle_wanted *wanted)
{
    if (wanted->text.len == 0)
        return NULL;
    switch (type) {
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        return wanted->is_number ? NULL : "a whole number";
    case FLOWENRICH_TYPE_F64:
        return wanted->is_fraction ? NULL : "a number like 0.25";
    case FLOWENRICH_TYPE_TIME:
        return wanted->is_time ? NULL
                               : "a time like 2026-11-20T09:00:00Z, or its seconds since 1970";
    case FLOWENRICH_TYPE_ADDRESS:
        return wanted->is_network ? NULL : "an address";
    case FLOWENRICH_TYPE_BOOL:
        return fle_text_is(wanted->text, "true") || fle_text_is(wanted->text, "false")
                   ? NULL
                   : "true or false";
    default:
        return NULL;
    }
}

/* Whether 'order', below 0 for less, is what is asked for. */
static bool is_ordered(int order, fle_compare compare)
{
    switch (compare) {
    case FLE_EQUAL:
        return order == 0;
    case FLE_LESS:
        return order < 0;
    case FLE_AT_MOST:
        return order <= 0;
    case FLE_MORE:
        return order > 0;
    case FLE_AT_LEAST:
        return order >= 0;
    default:
        return false;
    }
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/*
 * Each piece between stars is found as early as it can be, which leaves most to the
 * rest: only the last star needs to be gone back to.
 */
static bool matches(flowenrich_text text, flowenrich_text pattern)
{
    size_t at = 0, i = 0, star = SIZE_MAX, from = 0;

    while (at < text.len) {
        if (i < pattern.len && pattern.data[i] == '*') {
            star = i++;
            from = at;
        } else if (i < pattern.len && pattern.data[i] == text.data[at]) {
            i++;
            at++;
        } else if (star != SIZE_MAX) {
            i = star + 1;
            at = ++from;
        } else {
            return false;
        }
    }
    while (i < pattern.len && pattern.data[i] == '*')
        i++;
    return i == pattern.len;
}

static bool text_fits(const fle_wanted *wanted, fle_compare compare, flowenrich_text text)
{
    if (compare == FLE_MATCHES)
        return matches(text, wanted->text);
    return compare == FLE_EQUAL && fle_text_equal(text, wanted->text);
}

static bool is_any_text(const fle_wanted *wanted, fle_compare compare, fle_texts texts)
{
    for (size_t i = 0; i < texts.n; i++)
        if (text_fits(wanted, compare, texts.items[i]))
            return true;
    return false;
}

static bool is_any_number(const fle_wanted *wanted, fle_compare compare, fle_numbers numbers)
{
    for (size_t i = 0; i < numbers.n && wanted->is_number; i++)
        if (is_ordered(ORDER(numbers.items[i], wanted->number), compare))
            return true;
    return false;
}

bool fle_wanted_fits(const fle_wanted *wanted, fle_compare compare, const fle_value *value)
{
    switch (value->type) {
    case 0:
        return compare == FLE_EQUAL && wanted->text.len == 0;
    case FLOWENRICH_TYPE_U32:
    case FLOWENRICH_TYPE_U64:
        return wanted->is_number && is_ordered(ORDER(value->as.u64, wanted->number), compare);
    case FLOWENRICH_TYPE_F64:
        return wanted->is_fraction && is_ordered(ORDER(value->as.f64, wanted->fraction), compare);
    case FLOWENRICH_TYPE_TIME:
        return wanted->is_time && is_ordered(ORDER(value->as.time, wanted->time), compare);
    case FLOWENRICH_TYPE_ADDRESS:
        return compare == FLE_EQUAL && wanted->is_network &&
               fle_cidr_holds(&wanted->network, value->as.address);
    case FLOWENRICH_TYPE_BOOL:
        return compare == FLE_EQUAL && fle_text_is(wanted->text, value->as.u64 ? "true" : "false");
    case FLOWENRICH_TYPE_LIST:
        return is_any_text(wanted, compare, value->as.texts);
    case FLE_NUMBERS:
        return is_any_number(wanted, compare, value->as.numbers);
    case FLOWENRICH_TYPE_TEXT:
        return text_fits(wanted, compare, value->as.text);
    default:
        return false;
    }
}

static bool is_number(const fle_value *value)
{
    return value->type == FLOWENRICH_TYPE_U32 || value->type == FLOWENRICH_TYPE_U64;
}

bool fle_values_fit(const fle_value *a, fle_compare compare, const fle_value *b)
{
    if (is_number(a) && is_number(b))
        return is_ordered(ORDER(a->as.u64, b->as.u64), compare);
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case FLOWENRICH_TYPE_F64:
        return is_ordered(ORDER(a->as.f64, b->as.f64), compare);
    case FLOWENRICH_TYPE_TIME:
        return is_ordered(ORDER(a->as.time, b->as.time), compare);
    case FLOWENRICH_TYPE_ADDRESS:
        return is_ordered(fle_address_compare(a->as.address, b->as.address), compare);
    case FLOWENRICH_TYPE_BOOL:
        return is_ordered(ORDER(a->as.u64, b->as.u64), compare);
    case FLOWENRICH_TYPE_TEXT:
        return is_ordered(fle_text_compare(a->as.text, b->as.text), compare);
    default:
        return false;
    }
}
