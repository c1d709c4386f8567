/* SPDX-License-Identifier: Apache-2.0 */
/* What names of AWS's tell: the region of a zone, the service of an endpoint. */
#include "catalog/publish.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The region is all up to the first number behind a hyphen. */
flowenrich_text fle_region_of_zone(flowenrich_text zone)
{
    for (size_t i = 1; i + 1 < zone.len; i++) {
        size_t end = i + 1;

        if (zone.data[i] != '-' || !is_digit(zone.data[end]))
            continue;
        while (end < zone.len && is_digit(zone.data[end]))
            end++;
        return fle_text(zone.data, end);
    }
    return fle_text("", 0);
}

flowenrich_text fle_service_of_endpoint(flowenrich_text name)
{
    static const char plain[] = "com.amazonaws.";
    size_t begin = 0;

    for (size_t i = 0; i < name.len; i++) {
        const flowenrich_text label = fle_text(name.data + begin, i - begin);

        if (name.data[i] != '.')
            continue;
        if (fle_text_is(label, "vpce"))
            return fle_text("", 0);
        if (label.len > 0 && fle_region_of_zone(label).len == label.len)
            return fle_text(name.data + i + 1, name.len - i - 1);
        begin = i + 1;
    }
    /* Some are the same in every region: com.amazonaws.s3-global.accesspoint. */
    begin = fle_text_starts(name, plain) ? sizeof plain - 1 : 0;
    return fle_text(name.data + begin, name.len - begin);
}
