/* SPDX-License-Identifier: Apache-2.0 */
/* Times and durations as people write them. */
#include "moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

/* All digits; at most 12 of them, so nothing overflows. */
static bool parse_digits(const char *text, int64_t *out)
{
    const size_t len = strspn(text, "0123456789");

    if (len == 0 || len > 12 || text[len] != '\0')
        return false;
    *out = 0;
    for (size_t i = 0; i < len; i++)
        *out = *out * 10 + (text[i] - '0');
    return true;
}

/* "", "Z", " UTC" as explanations have it, "+01:00", "-0330". */
static bool parse_offset(const char *text, int64_t *seconds)
{
    const int64_t sign = text[0] == '-' ? -1 : 1;
    unsigned hours, minutes;
    int len = 0;

    *seconds = 0;
    if (text[0] == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0 ||
        strcmp(text, " UTC") == 0)
        return true;
    if (text[0] != '+' && text[0] != '-')
        return false;
    if (sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &len) != 2 || len != 5)
        if (sscanf(text + 1, "%2u%2u%n", &hours, &minutes, &len) != 2 || len != 4)
            return false;
    *seconds = sign * (int64_t)(hours * HOUR + minutes * MINUTE);
    return text[1 + len] == '\0' && hours < 24 && minutes < 60;
}

/* The time of day behind a date: "", "T09:00", " 09:00:03.25Z". */
static bool parse_clock(const char *text, struct tm *at, int64_t *offset)
{
    int len = 0;

    *offset = 0;
    if (*text == '\0')
        return true;
    if (strchr("Tt ", *text) == NULL ||
        sscanf(text + 1, "%2d:%2d%n", &at->tm_hour, &at->tm_min, &len) != 2 || len != 5)
        return false;
    text += 1 + len;
    if (*text == ':') {
        if (sscanf(text, ":%2d%n", &at->tm_sec, &len) != 1 || len != 3)
            return false;
        text += len;
        if (*text == '.')
            text += 1 + strspn(text + 1, "0123456789");
    }
    return parse_offset(text, offset);
}

/* timegm() rolls February 30 over to March; a date that moved wasn't one. */
static bool seconds_of(const struct tm *at, int64_t *out)
{
    struct tm normal = *at;

    *out = timegm(&normal);
    return normal.tm_mday == at->tm_mday && normal.tm_mon == at->tm_mon &&
           normal.tm_hour == at->tm_hour && normal.tm_min == at->tm_min &&
           normal.tm_sec == at->tm_sec;
}

bool moment_parse(const char *text, flowenrich_time *out)
{
    struct tm at = { 0 };
    int64_t offset;
    int len = 0;

    if (parse_digits(text, out))
        return true;
    if (strspn(text, "0123456789-") < 10 ||
        sscanf(text, "%4d-%2d-%2d%n", &at.tm_year, &at.tm_mon, &at.tm_mday, &len) != 3 || len != 10)
        return false;
    at.tm_year -= 1900;
    at.tm_mon -= 1;
    if (!parse_clock(text + len, &at, &offset) || !seconds_of(&at, out))
        return false;
    *out -= offset;
    return true;
}

const char *moment_text(flowenrich_time at, char out[MOMENT_TEXT])
{
    const time_t seconds = (time_t)at;
    struct tm parts;

    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, MOMENT_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(out, MOMENT_TEXT, "%" PRId64, at);
    return out;
}

static const struct {
    const char *letter, *name;
    int64_t seconds;
} units[] = {
    { "d", "day", DAY },
    { "h", "hour", HOUR },
    { "m", "minute", MINUTE },
    { "s", "second", 1 },
};

#define N_UNITS (sizeof units / sizeof *units)

bool duration_parse(const char *text, int64_t *seconds)
{
    const size_t digits = strspn(text, "0123456789");
    char number[16];

    if (digits == 0 || digits > 9)
        return false;
    memcpy(number, text, digits);
    number[digits] = '\0';
    if (!parse_digits(number, seconds))
        return false;
    if (text[digits] == '\0')
        return true;
    for (size_t i = 0; i < N_UNITS; i++)
        if (strcmp(text + digits, units[i].letter) == 0) {
            *seconds *= units[i].seconds;
            return true;
        }
    return false;
}

/* The largest unit that the duration has two of, or the smallest. */
static size_t unit_of(int64_t seconds)
{
    size_t i = 0;

    while (i + 1 < N_UNITS && seconds < 2 * units[i].seconds)
        i++;
    return i;
}

const char *duration_text(int64_t seconds, char out[MOMENT_TEXT])
{
    const size_t unit = unit_of(seconds);
    const int64_t n = seconds / units[unit].seconds;

    snprintf(out, MOMENT_TEXT, "%" PRId64 " %s%s", n, units[unit].name, n == 1 ? "" : "s");
    return out;
}

const char *duration_covering(int64_t seconds, char out[MOMENT_TEXT])
{
    const size_t unit = unit_of(seconds);

    snprintf(out, MOMENT_TEXT, "%" PRId64 "%s", seconds / units[unit].seconds + 1,
             units[unit].letter);
    return out;
}
