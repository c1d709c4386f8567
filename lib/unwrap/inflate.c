/* SPDX-License-Identifier: Apache-2.0 */
/* Gzip, piece by piece and within bounds. */
#include "unwrap/inflate.h"

bool fle_inflate_is_gzip(const char *data, size_t len)
{
    return len >= 2 && data[0] == '\x1f' && data[1] == '\x8b';
}

#ifndef FLE_WITH_ZLIB
#define FLE_WITH_ZLIB 1
#endif

#if FLE_WITH_ZLIB

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

#define FREE_OF_RATIO ((uint64_t)1 << 20)
#define MOST_AT_ONCE ((size_t)1 << 30) /* zlib counts in unsigned int */
#define GZIP_ONLY (15 + 16)            /* the largest window, and no other wrapping */

struct fle_inflater {
    fle_allocator allocator;
    z_stream stream;
    bool is_between; /* members: the last one ended */
    uint32_t max_ratio;
    uint64_t in, out; /* bytes of all members */
};

static voidpf hand_out(voidpf ctx, uInt items, uInt size)
{
    return fle_alloc(ctx, (size_t)items * size);
}

static void take_back(voidpf ctx, voidpf memory)
{
    fle_free(ctx, memory);
}

static const char no_memory[] = "out of memory";

static flowenrich_status make(fle_inflater **out, const fle_allocator *allocator)
{
    fle_inflater *inflater = fle_alloc_zeroed(allocator, sizeof *inflater);

    if (!inflater)
        return FLOWENRICH_ERR_NOMEM;
    inflater->allocator = *allocator;
    inflater->stream.zalloc = hand_out;
    inflater->stream.zfree = take_back;
    inflater->stream.opaque = &inflater->allocator;
    if (inflateInit2(&inflater->stream, GZIP_ONLY) != Z_OK) {
        fle_free(allocator, inflater);
        return FLOWENRICH_ERR_NOMEM;
    }
    *out = inflater;
    return FLOWENRICH_OK;
}

flowenrich_status fle_inflate_begin(fle_inflater **inflater, const fle_allocator *allocator,
                                    uint32_t max_ratio, const char **problem)
{
    if (!*inflater && make(inflater, allocator) != FLOWENRICH_OK) {
        *problem = no_memory;
        return FLOWENRICH_ERR_NOMEM;
    }
    inflateReset(&(*inflater)->stream);
    (*inflater)->is_between = false;
    (*inflater)->max_ratio = max_ratio;
    (*inflater)->in = 0;
    (*inflater)->out = 0;
    return FLOWENRICH_OK;
}

void fle_inflate_free(fle_inflater *inflater)
{
    fle_allocator allocator;

    if (!inflater)
        return;
    allocator = inflater->allocator;
    inflateEnd(&inflater->stream);
    fle_free(&allocator, inflater);
}

/* Between members: another one, or the end, which tape-minded writers pad with zeros. */
static flowenrich_status begin_member(fle_inflater *inflater, const char **at, const char *end,
                                      bool *done, const char **problem)
{
    if (fle_inflate_is_gzip(*at, (size_t)(end - *at))) {
        inflateReset(&inflater->stream);
        inflater->is_between = false;
        return FLOWENRICH_OK;
    }
    while (*at < end && **at == '\0')
        ++*at;
    *done = *at == end;
    if (*done)
        return FLOWENRICH_OK;
    *problem = "what follows the gzip data is none";
    return FLOWENRICH_ERR_SYNTAX;
}

/* One call of zlib's. */
static flowenrich_status inflate_step(fle_inflater *inflater, const char **at, const char *end,
                                      char *out, size_t room, size_t *written, const char **problem)
{
    z_stream *const stream = &inflater->stream;
    const size_t in = (size_t)(end - *at) < MOST_AT_ONCE ? (size_t)(end - *at) : MOST_AT_ONCE;
    const size_t most = room < MOST_AT_ONCE ? room : MOST_AT_ONCE;
    int result;

    stream->next_in = (const Bytef *)*at;
    stream->avail_in = (uInt)in;
    stream->next_out = (Bytef *)out;
    stream->avail_out = (uInt)most;
    result = inflate(stream, Z_NO_FLUSH);
    *written = most - stream->avail_out;
    inflater->in += in - stream->avail_in;
    inflater->out += *written;
    *at += in - stream->avail_in;
    inflater->is_between = result == Z_STREAM_END;
    if (result == Z_MEM_ERROR) {
        *problem = no_memory;
        return FLOWENRICH_ERR_NOMEM;
    }
    if (result == Z_BUF_ERROR && *at == end) {
        *problem = "the gzip data ends too early";
        return FLOWENRICH_ERR_SYNTAX;
    }
    if (result != Z_OK && result != Z_STREAM_END) {
        *problem = stream->msg ? stream->msg : "not gzip data";
        return FLOWENRICH_ERR_SYNTAX;
    }
    if (inflater->out > FREE_OF_RATIO && inflater->out / inflater->max_ratio > inflater->in) {
        *problem = "the gzip data grows more than 'max_ratio' allows";
        return FLOWENRICH_ERR_LIMIT;
    }
    return FLOWENRICH_OK;
}

flowenrich_status fle_inflate_some(fle_inflater *inflater, const char **at, const char *end,
                                   char *out, size_t room, size_t *len, bool *done,
                                   const char **problem)
{
    flowenrich_status status = FLOWENRICH_OK;

    *len = 0;
    *done = false;
    while (status == FLOWENRICH_OK && !*done && *len < room) {
        size_t written = 0;

        status = inflater->is_between
                     ? begin_member(inflater, at, end, done, problem)
                     : inflate_step(inflater, at, end, out + *len, room - *len, &written, problem);
        *len += written;
    }
    return status;
}

#else

flowenrich_status fle_inflate_begin(fle_inflater **inflater, const fle_allocator *allocator,
                                    uint32_t max_ratio, const char **problem)
{
    (void)inflater;
    (void)allocator;
    (void)max_ratio;
    *problem = "gzip data, and this library was built without zlib";
    return FLOWENRICH_ERR_UNSUPPORTED;
}

void fle_inflate_free(fle_inflater *inflater)
{
    (void)inflater;
}

flowenrich_status fle_inflate_some(fle_inflater *inflater, const char **at, const char *end,
                                   char *out, size_t room, size_t *len, bool *done,
                                   const char **problem)
{
    (void)at;
    (void)end;
    (void)out;
    (void)room;
    *len = 0;
    *done = true;
    return fle_inflate_begin(&inflater, NULL, 0, problem);
}

#endif
