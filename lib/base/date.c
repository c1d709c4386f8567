/* SPDX-License-Identifier: Apache-2.0 */
/* Dates as AWS's documents write them. */
#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY 86400
#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970 719468 /* from 1 March of year 0 */

/*
 * Years are counted from 1 March, so that the odd day of a leap year is the last
 * of its year, and in eras of 400 years, after which the calendar repeats. From
 * March on months are 31, 30, 31, 30, 31 days long over and over, 153 in each
 * five: (153 * month + 2) / 5 days lie before the month.
 */
int64_t fle_date_seconds(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                         unsigned second)
{
    const int64_t shifted = month > 2 ? year : year - 1;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const int64_t year_of_era = shifted - era * 400;
    const int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    const int64_t days = era * DAYS_OF_400_YEARS + day_of_era - DAYS_TO_1970;

    return days * DAY + hour * 3600 + minute * 60 + second;
}

typedef struct civil {
    int64_t year;
    unsigned month, day, hour, minute, second;
} civil;

/* The way back. A year of an era is its days, less the leap days before it, by 365. */
static civil civil_of(int64_t time)
{
    const int64_t of_day = (time % DAY + DAY) % DAY;
    const int64_t days = time / DAY - (time % DAY < 0) + DAYS_TO_1970;
    const int64_t era = (days >= 0 ? days : days - (DAYS_OF_400_YEARS - 1)) / DAYS_OF_400_YEARS;
    const int64_t day_of_era = days - era * DAYS_OF_400_YEARS;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153; /* 0 is March */

    return (civil){
        .year = year_of_era + era * 400 + (month >= 10),
        .month = (unsigned)((month + 2) % 12 + 1),
        .day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1),
        .hour = (unsigned)(of_day / 3600),
        .minute = (unsigned)(of_day / 60 % 60),
        .second = (unsigned)(of_day % 60),
    };
}

size_t fle_date_format(flowenrich_time time, char out[FLE_DATE_TEXT])
{
    const civil date = civil_of(time);
    const int len = snprintf(out, FLE_DATE_TEXT, "%04" PRId64 "-%02u-%02u %02u:%02u:%02u UTC",
                             date.year, date.month, date.day, date.hour, date.minute, date.second);

    return (size_t)len;
}

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool take_digits(cursor *c, int n, unsigned *out)
{
    unsigned value = 0;

    if (c->end - c->at < n)
        return false;
    for (int i = 0; i < n; i++, c->at++) {
        if (*c->at < '0' || *c->at > '9')
            return false;
        value = value * 10 + (unsigned)(*c->at - '0');
    }
    *out = value;
    return true;
}

/* Take one character that is among 'any'. */
static bool take_char(cursor *c, const char *any)
{
    if (c->at == c->end || *c->at == '\0' || strchr(any, *c->at) == NULL)
        return false;
    c->at++;
    return true;
}

/* Take one of 'names', each of three letters; '*index' counts from 1. */
static bool take_name(cursor *c, const char *names, unsigned *index)
{
    if (c->end - c->at < 3)
        return false;
    for (unsigned i = 0; names[3 * i] != '\0'; i++)
        if (memcmp(c->at, names + (size_t)3 * i, 3) == 0) {
            c->at += 3;
            *index = i + 1;
            return true;
        }
    return false;
}

static bool take_clock(cursor *c, const char *separator, civil *date)
{
    return take_digits(c, 2, &date->hour) && take_char(c, separator) &&
           take_digits(c, 2, &date->minute) && take_char(c, separator) &&
           take_digits(c, 2, &date->second);
}

/* "+02:00", "+0200", "Z", or nothing, which is UTC. */
static bool take_offset(cursor *c, int64_t *seconds)
{
    const bool west = c->at < c->end && *c->at == '-';
    unsigned hours, minutes;

    *seconds = 0;
    if (c->at == c->end || take_char(c, "Zz"))
        return true;
    if (!take_char(c, "+-") || !take_digits(c, 2, &hours))
        return false;
    take_char(c, ":");
    if (!take_digits(c, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *seconds = (int64_t)hours * 3600 + minutes * 60;
    if (west)
        *seconds = -*seconds;
    return true;
}

/* A fraction of a second is dropped: a time is when a second began. */
static bool take_fraction(cursor *c)
{
    unsigned digit;

    if (!take_char(c, "."))
        return true;
    if (!take_digits(c, 1, &digit))
        return false;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return true;
}

/* "2026-11-20T09:00:00.000+01:00", "2014-11-19-23-29-02" */
static bool take_numeric(cursor *c, civil *date, int64_t *offset)
{
    unsigned year;

    if (!take_digits(c, 4, &year) || !take_char(c, "-") || !take_digits(c, 2, &date->month) ||
        !take_char(c, "-") || !take_digits(c, 2, &date->day))
        return false;
    date->year = year;
    if (take_char(c, "-"))
        return take_clock(c, "-", date);
    return take_char(c, "Tt ") && take_clock(c, ":", date) && take_fraction(c) &&
           take_offset(c, offset);
}

/* "Fri, 20 Nov 2026 09:00:03 GMT" */
static bool take_rfc1123(cursor *c, civil *date)
{
    unsigned weekday, year, zone;

    if (!take_name(c, "MonTueWedThuFriSatSun", &weekday) || !take_char(c, ",") ||
        !take_char(c, " ") || !take_digits(c, 2, &date->day) || !take_char(c, " ") ||
        !take_name(c, "JanFebMarAprMayJunJulAugSepOctNovDec", &date->month) || !take_char(c, " ") ||
        !take_digits(c, 4, &year) || !take_char(c, " "))
        return false;
    date->year = year;
    return take_clock(c, ":", date) && take_char(c, " ") && take_name(c, "GMTUTC", &zone);
}

static bool is_in_range(const civil *date)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);

    if (date->month < 1 || date->month > 12 || date->day < 1)
        return false;
    /* A leap second is 60. */
    return date->day <= days[date->month - 1] + (date->month == 2 && leap ? 1u : 0u) &&
           date->hour <= 23 && date->minute <= 59 && date->second <= 60;
}

bool fle_date_parse(const char *data, size_t len, flowenrich_time *out)
{
    cursor c = { data, len > 0 ? data + len : data };
    civil date = { 0 };
    int64_t offset = 0;
    const bool numeric = len > 0 && *data >= '0' && *data <= '9';

    if (!(numeric ? take_numeric(&c, &date, &offset) : take_rfc1123(&c, &date)) || c.at != c.end ||
        !is_in_range(&date))
        return false;
    *out = fle_date_seconds(date.year, date.month, date.day, date.hour, date.minute, date.second) -
           offset;
    return true;
}
