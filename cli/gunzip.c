/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking gzip, as it comes. */
#include "gunzip.h"

#define GZIP_ONLY (16 + MAX_WBITS) /* inflateInit2's way to say it */
#define MAGIC 0x1f

void gunzip_begin(gunzip *unpacker)
{
    unpacker->state = GUNZIP_BETWEEN;
    unpacker->used = 0;
}

static bool begin_member(gunzip *unpacker)
{
    if (unpacker->ready)
        return inflateReset(&unpacker->stream) == Z_OK;
    unpacker->ready = inflateInit2(&unpacker->stream, GZIP_ONLY) == Z_OK;
    return unpacker->ready;
}

/* Members follow one another; tapes pad with zeros; anything else isn't ours. */
static void step_between(gunzip *unpacker, const unsigned char **data, size_t *len)
{
    while (*len > 0 && **data == 0) {
        ++*data;
        --*len;
        unpacker->used++;
    }
    if (*len > 0)
        unpacker->state = **data != MAGIC          ? GUNZIP_BEHIND
                          : begin_member(unpacker) ? GUNZIP_INSIDE
                                                   : GUNZIP_BROKEN;
}

static size_t step_inside(gunzip *unpacker, const unsigned char **data, size_t *len,
                          unsigned char *out, size_t capacity)
{
    z_stream *stream = &unpacker->stream;
    int result;

    stream->next_in = (z_const Bytef *)*data;
    stream->avail_in = (uInt)*len;
    stream->next_out = out;
    stream->avail_out = (uInt)capacity;
    result = inflate(stream, Z_NO_FLUSH);
    unpacker->used += *len - stream->avail_in;
    *data += *len - stream->avail_in;
    *len = stream->avail_in;
    if (result == Z_STREAM_END)
        unpacker->state = GUNZIP_BETWEEN;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        unpacker->state = GUNZIP_BROKEN;
    return capacity - stream->avail_out;
}

size_t gunzip_step(gunzip *unpacker, const unsigned char **data, size_t *len, unsigned char *out,
                   size_t capacity)
{
    size_t written = 0;

    while (*len > 0 && written < capacity && unpacker->state <= GUNZIP_INSIDE) {
        if (unpacker->state == GUNZIP_BETWEEN)
            step_between(unpacker, data, len);
        else
            written += step_inside(unpacker, data, len, out + written, capacity - written);
    }
    return written;
}

void gunzip_free(gunzip *unpacker)
{
    if (unpacker->ready)
        inflateEnd(&unpacker->stream);
    unpacker->ready = false;
}
