/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes envelopes: the first byte says how to wrap the others. What comes out is the
 * same wherever the bytes of each call lie, within the limits, and ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flowenrich.h"

#define MAX_BYTES ((uint64_t)1 << 20)

static void check(int holds)
{
    if (!holds)
        abort();
}

typedef struct outcome {
    uint64_t messages, failures, bytes, sum;
} outcome;

static void see(outcome *seen, flowenrich_text text)
{
    for (size_t i = 0; i < text.len; i++)
        seen->sum = seen->sum * 31 + (unsigned char)text.data[i];
    seen->sum = seen->sum * 31 + text.len;
    seen->bytes += text.len;
}

static void see_message(outcome *seen, const flowenrich_message *message)
{
    const flowenrich_source *source = message->source;
    const flowenrich_text texts[] = {
        source->identity,   source->account,      source->region, source->log_group,
        source->log_stream, source->interface_id, source->bucket, source->key,
        source->flow_log,   message->record,      message->text,
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        see(seen, texts[i]);
    seen->sum = seen->sum * 31 + message->part + (uint64_t)message->time;
    seen->messages += message->kind != FLOWENRICH_MESSAGE_NONE;
}

/* With 'moves', each call gets the bytes in a piece of memory of their own. */
static outcome read_all(const uint8_t *data, size_t len, int moves)
{
    flowenrich_envelope_options options = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
    flowenrich_envelope *envelope;
    outcome seen = { 0, 0, 0, 0 };

    options.max_bytes = MAX_BYTES;
    options.max_ratio = 50;
    check(flowenrich_envelope_new(&envelope, &options, NULL) == FLOWENRICH_OK);
    for (;;) {
        flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
        uint8_t *copy = moves ? malloc(len > 0 ? len : 1) : NULL;
        flowenrich_error error;
        flowenrich_status status;
        size_t used;

        if (moves) {
            check(copy != NULL);
            memcpy(copy, data, len);
        }
        status =
            flowenrich_envelope_read(envelope, moves ? copy : data, len, &used, &message, &error);
        check(used <= len && message.source != NULL);
        check(error.status == status && (status == 0) == (error.message[0] == '\0'));
        see_message(&seen, &message);
        free(copy);
        data += used;
        len -= used;
        if (status == FLOWENRICH_OK && message.kind == FLOWENRICH_MESSAGE_NONE)
            break;
        check(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_SYNTAX ||
              status == FLOWENRICH_ERR_LIMIT || status == FLOWENRICH_ERR_UNSUPPORTED);
        check((status == FLOWENRICH_OK) == (message.kind != FLOWENRICH_MESSAGE_NONE));
        seen.failures += status != FLOWENRICH_OK;
    }
    check(len == 0);
    flowenrich_envelope_free(envelope);
    return seen;
}

static size_t append(uint8_t *to, size_t len, const char *string)
{
    memcpy(to + len, string, strlen(string));
    return len + strlen(string);
}

/* A Firehose request whose two records are both the data. */
static size_t wrap(uint8_t *to, const uint8_t *data, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = append(to, 0, "{\"records\":[");

    for (int record = 0; record < 2; record++) {
        len = append(to, len, record ? ",{\"recordId\":\"2\",\"data\":\"" : "{\"data\":\"");
        for (size_t i = 0; i < size; i += 3) {
            const uint32_t bits = (uint32_t)data[i] << 16 |
                                  (i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0) |
                                  (i + 2 < size ? data[i + 2] : 0);

            for (unsigned k = 0; k < 4 && i + k <= size; k++)
                to[len++] = (uint8_t)digits[bits >> (18 - 6 * k) & 63];
        }
        len = append(to, len, "\"}");
    }
    return append(to, len, "]}");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int wraps = size > 0 && data[0] % 2 == 1;
    const size_t len = size > 0 ? size - 1 : 0;
    uint8_t *own = malloc(len * 3 + 256);
    size_t own_len = len;
    outcome first, second;

    check(own != NULL);
    if (wraps)
        own_len = wrap(own, data + 1, len);
    else if (len > 0)
        memcpy(own, data + 1, len);
    first = read_all(own, own_len, 0);
    second = read_all(own, own_len, 1);
    check(memcmp(&first, &second, sizeof first) == 0);
    free(own);
    return 0;
}
