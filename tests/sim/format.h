/* SPDX-License-Identifier: Apache-2.0 */
/* Formats of flow logs: which fields a line has, in what order, and what is in them. */
#ifndef SIM_FORMAT_H
#define SIM_FORMAT_H

#include "record.h"

enum { MOST_FIELDS = 40 };

typedef struct format {
    uint8_t fields[MOST_FIELDS];
    size_t len;
    int version;
} format;

/* "v2" to "v5", or names of fields with blanks between. Ends the program at any other. */
void format_read(format *out, const char *names);
void format_put_header(const format *of, text *to);
void format_put_record(const format *of, text *to, const fleet *in, const record *what);

/* A line without traffic: NODATA or SKIPDATA. */
void format_put_status(const format *of, text *to, const fleet *in, uint32_t observer,
                       int32_t start, int32_t end, const char *status);

#endif
