/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of charges share: ways written as text, and bills read as text. */
#ifndef TESTS_CHARGING_H
#define TESTS_CHARGING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "charge/legs.h"

/* 2026-11-20: every rate of data/rates holds. */
#define CHARGING_DAY 1795132800

static inline flowenrich_text charging_part(const char **at)
{
    const char *begin = *at;

    *at += strcspn(begin, " ");
    *at += **at == ' ';
    return fle_text(begin, strcspn(begin, " "));
}

/*
 * A point: "type zone vpc account region", '-' for what isn't known, of an
 * interface; "internet", "public", "edge", "unknown", "lattice"; "service NAME REGION",
 * "stranger REGION". A '!' before the type: spoken to by its public address.
 */
static inline fle_point charging_point(const char *text)
{
    fle_point point = { .place = FLE_PLACE_VPC };
    flowenrich_text *const fields[] = { &point.type, &point.zone, &point.vpc, &point.account,
                                        &point.region };
    static const struct {
        const char *name;
        fle_place place;
    } others[] = {
        { "internet", FLE_PLACE_INTERNET }, { "edge", FLE_PLACE_EDGE },
        { "unknown", FLE_PLACE_UNKNOWN },   { "lattice", FLE_PLACE_LATTICE },
        { "service", FLE_PLACE_SERVICE },   { "stranger", FLE_PLACE_STRANGER },
        { "public", FLE_PLACE_PUBLIC },
    };
    const char *at = text;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(text, others[i].name, strlen(others[i].name)) == 0) {
            point.place = others[i].place;
            charging_part(&at);
            if (point.place == FLE_PLACE_SERVICE)
                point.service = charging_part(&at);
            point.region = charging_part(&at);
            return point;
        }
    point.is_public = *at == '!';
    at += point.is_public;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] = charging_part(&at);
        if (fle_text_is(*fields[i], "-"))
            fields[i]->len = 0;
    }
    point.owner = point.account;
    return point;
}

/* "meter payer bytes amount; …", then "reasons up/down" if something isn't costed. */
static inline const char *charging_bill(const fle_rates *rates, const fle_bill *bill)
{
    static char out[4096];
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < bill->n; i++) {
        const fle_line *line = &bill->lines[i];

        len += (size_t)snprintf(
            out + len, sizeof out - len, "%s%s %.*s %llu %llu", i ? "; " : "",
            fle_meter_names[line->meter], (int)line->payer.len, line->payer.data,
            (unsigned long long)line->bytes,
            (unsigned long long)fle_rates_amount(line->bytes, line->rate->price, rates->unit));
    }
    for (size_t i = 0; i < FLE_N_UNCOSTED; i++)
        if (bill->reasons >> i & 1)
            len += (size_t)snprintf(out + len, sizeof out - len, "%s%s", len ? "; " : "",
                                    fle_uncosted_names[i]);
    if (bill->reasons)
        snprintf(out + len, sizeof out - len, " %llu/%llu", (unsigned long long)bill->up,
                 (unsigned long long)bill->down);
    return out;
}

#endif
