/* SPDX-License-Identifier: Apache-2.0 */
/* What names say: the keys of S3 objects, log streams. */
#include "unwrap/s3key.h"

#include "base/error.h"
#include "base/text.h"

static int hex_digit(char c)
{
    const char lower = (char)(c | 0x20);

    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

size_t fle_s3key_decode(flowenrich_text raw, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < raw.len; i++) {
        const bool coded = raw.data[i] == '%' && raw.len - i > 2;
        const int high = coded ? hex_digit(raw.data[i + 1]) : -1;
        const int low = coded ? hex_digit(raw.data[i + 2]) : -1;

        if (high >= 0 && low >= 0) {
            out[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[len++] = raw.data[i] == '+' ? ' ' : raw.data[i];
        }
    }
    return len;
}

flowenrich_text fle_stream_interface(flowenrich_text log_stream)
{
    size_t len = sizeof "eni-" - 1;

    if (!fle_text_starts(log_stream, "eni-"))
        return fle_text(NULL, 0);
    while (len < log_stream.len && hex_digit(log_stream.data[len]) >= 0)
        len++;
    if (len == sizeof "eni-" - 1 || (len < log_stream.len && log_stream.data[len] != '-'))
        return fle_text(NULL, 0);
    return fle_text(log_stream.data, len);
}

/* Split off what stands before 'separator'; all that is left if there is none. */
static flowenrich_text take_until(flowenrich_text *rest, char separator)
{
    const char *found = rest->len > 0 ? memchr(rest->data, separator, rest->len) : NULL;
    const size_t len = found ? (size_t)(found - rest->data) : rest->len;
    const flowenrich_text taken = fle_text(rest->data, len);
    const size_t skip = found ? len + 1 : len;

    if (skip > 0)
        *rest = fle_text(rest->data + skip, rest->len - skip);
    return taken;
}

/* The value of a component, "us-east-1" or "aws-region=us-east-1". */
static flowenrich_text value_of(flowenrich_text component)
{
    flowenrich_text value = component;

    take_until(&value, '=');
    return value.len > 0 ? value : component;
}

static bool is_number(flowenrich_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.len > 0;
}

/* "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz" */
static bool read_name(flowenrich_text name, flowenrich_source *source)
{
    const flowenrich_text account = take_until(&name, '_');
    const flowenrich_text service = take_until(&name, '_');
    const flowenrich_text region = take_until(&name, '_');
    const flowenrich_text flow_log = take_until(&name, '_');

    if (!is_number(account) || !fle_text_is(service, "vpcflowlogs") ||
        !fle_text_starts(flow_log, "fl-"))
        return false;
    source->account = account;
    source->region = region;
    source->flow_log = flow_log;
    return true;
}

/*
 * "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/", each of the three perhaps
 * "name=value", perhaps behind an organisation. The service is what one recognises
 * it by: the account stands before it, the region behind.
 */
static bool read_folders(flowenrich_text path, flowenrich_source *source)
{
    flowenrich_text account = fle_text(NULL, 0);
    bool inside = false;

    while (path.len > 0) {
        const flowenrich_text component = take_until(&path, '/');
        const flowenrich_text value = value_of(component);

        if (inside && fle_text_is(value, "vpcflowlogs") && is_number(account)) {
            source->account = account;
            source->region = value_of(take_until(&path, '/'));
            return true;
        }
        inside = inside || fle_text_is(component, "AWSLogs");
        account = value;
    }
    return false;
}

bool fle_s3key_read(flowenrich_text key, flowenrich_source *source)
{
    size_t name = key.len;

    while (name > 0 && key.data[name - 1] != '/')
        name--;
    return key.len > 0 && (read_name(fle_text(key.data + name, key.len - name), source) ||
                           read_folders(fle_text(key.data, name), source));
}

int32_t flowenrich_source_from_key(flowenrich_source *source, const char *key, size_t len)
{
    flowenrich_source found = FLOWENRICH_SOURCE_INIT;

    if (!source || !key || !fle_struct_import(&found, sizeof found, source) ||
        !fle_s3key_read(fle_text(key, len), &found))
        return 0;
    found.key = fle_text(key, len);
    fle_struct_export(source, &found, sizeof found);
    return 1;
}
