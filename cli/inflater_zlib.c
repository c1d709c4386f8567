/* SPDX-License-Identifier: Apache-2.0 */
/* One member of gzip, by zlib. */
#include <stdlib.h>
#include <zlib.h>

#include "inflater.h"

#define GZIP_ONLY (16 + MAX_WBITS) /* inflateInit2's way to say it */

struct inflater {
    z_stream stream;
};

inflater *inflater_new(void)
{
    inflater *unpacker = calloc(1, sizeof *unpacker);

    if (unpacker && inflateInit2(&unpacker->stream, GZIP_ONLY) != Z_OK) {
        free(unpacker);
        return NULL;
    }
    return unpacker;
}

void inflater_free(inflater *unpacker)
{
    if (unpacker)
        inflateEnd(&unpacker->stream);
    free(unpacker);
}

void inflater_begin(inflater *unpacker)
{
    inflateReset(&unpacker->stream);
}

inflated inflater_step(inflater *unpacker, const unsigned char **data, size_t *len,
                       unsigned char **out, size_t *room)
{
    z_stream *stream = &unpacker->stream;
    int result;

    stream->next_in = (z_const Bytef *)*data;
    stream->avail_in = (uInt)*len;
    stream->next_out = *out;
    stream->avail_out = (uInt)*room;
    result = inflate(stream, Z_NO_FLUSH);
    *data = stream->next_in;
    *len = stream->avail_in;
    *out = stream->next_out;
    *room = stream->avail_out;
    if (result == Z_STREAM_END)
        return INFLATED_ALL;
    return result == Z_OK || result == Z_BUF_ERROR ? INFLATED_SOME : INFLATED_WRONG;
}
