/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file or stdin, window by window, unpacked if it is gzip. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

#define LONGEST_MAGIC 5

outcome input_init(input *in)
{
    memset(in, 0, sizeof *in);
    in->fd = -1;
    in->raw = malloc(INPUT_WINDOW);
    in->plain = malloc(INPUT_WINDOW);
    return in->raw && in->plain ? OUTCOME_DONE : failure_no_memory();
}

void input_free(input *in)
{
    input_close(in);
    gunzip_free(&in->unpacker);
    free(in->raw);
    free(in->plain);
}

/* Read more behind what the raw window holds. */
static outcome fill(input *in)
{
    const ssize_t n = read(in->fd, in->raw + in->raw_len, INPUT_WINDOW - in->raw_len);

    if (n < 0 && errno == EINTR)
        return OUTCOME_DONE;
    if (n < 0)
        return failure("%s: after %" PRIu64 " bytes: %s", in->name, in->bytes, strerror(errno));
    in->ended = n == 0;
    in->raw_len += (size_t)n;
    in->bytes += (uint64_t)n;
    return OUTCOME_DONE;
}

/* A pipe may give its bytes one by one, but what it is must be known first. */
static outcome open_window(input *in)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE && !in->ended && in->raw_len < LONGEST_MAGIC)
        done = fill(in);
    in->packed = in->raw_len >= 2 && in->raw[0] == 0x1f && in->raw[1] == 0x8b;
    return done;
}

outcome input_open(input *in, const char *path)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    struct stat info;
    outcome done;

    in->name = is_stdin ? "stdin" : path;
    in->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return failure("%s: %s", path, strerror(errno));
    in->waits = fstat(in->fd, &info) != 0 || !S_ISREG(info.st_mode);
    in->ended = false;
    in->bytes = 0;
    in->raw_at = in->raw_len = 0;
    gunzip_begin(&in->unpacker);
    done = open_window(in);
    if (done != OUTCOME_DONE)
        input_close(in);
    return done;
}

void input_close(input *in)
{
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    in->fd = -1;
}

/* Hand out what is in the raw window, or what the next read brings. */
static outcome next_raw(input *in, const char **data, size_t *len)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE && in->raw_at == in->raw_len && !in->ended) {
        in->raw_at = in->raw_len = 0;
        done = fill(in);
    }
    *data = (const char *)in->raw + in->raw_at;
    *len = in->raw_len - in->raw_at;
    in->raw_at = in->raw_len;
    return done;
}

/* The end of a packed file: was it one? */
static outcome judge_end(const input *in)
{
    const uint64_t at = in->unpacker.used;

    switch (in->unpacker.state) {
    case GUNZIP_INSIDE:
        return failure("%s: the gzip data breaks off after byte %" PRIu64
                       ": what was before it is used; get the file again",
                       in->name, at);
    case GUNZIP_BROKEN:
        return failure("%s: the gzip data is damaged at byte %" PRIu64
                       ": what was before it is used; get the file again",
                       in->name, at);
    case GUNZIP_BEHIND:
        notice("%s: what follows the gzip data, from byte %" PRIu64 " on, is no gzip and was "
               "ignored",
               in->name, at);
        break;
    case GUNZIP_BETWEEN:
        break;
    }
    return OUTCOME_DONE;
}

static outcome next_packed(input *in, const char **data, size_t *len)
{
    gunzip *unpacker = &in->unpacker;

    *data = (const char *)in->plain;
    *len = 0;
    for (;;) {
        const unsigned char *raw = in->raw + in->raw_at;
        size_t left = in->raw_len - in->raw_at;

        *len = gunzip_step(unpacker, &raw, &left, in->plain, INPUT_WINDOW);
        in->raw_at = in->raw_len - left;
        if (*len > 0)
            return OUTCOME_DONE;
        if (in->ended || unpacker->state > GUNZIP_INSIDE)
            return judge_end(in);
        in->raw_at = in->raw_len = 0;
        if (fill(in) != OUTCOME_DONE)
            return OUTCOME_FAILED;
    }
}

outcome input_next(input *in, const char **data, size_t *len)
{
    return in->packed ? next_packed(in, data, len) : next_raw(in, data, len);
}

bool input_ready(const input *in, int milliseconds)
{
    struct pollfd waiting = { .fd = in->fd, .events = POLLIN };

    return in->ended || in->raw_at < in->raw_len || poll(&waiting, 1, milliseconds) != 0;
}

static const struct {
    const char *magic;
    size_t len;
    const char *is;
} no_logs[] = {
    { "PAR1", 4,
      "this is Parquet, which this version doesn't read: let AWS deliver text, or save "
      "the columns as text, their names first" },
    { "\x28\xb5\x2f\xfd", 4,
      "this is packed with zstd: unpack it first (zstd -dc FILE | "
      "flowenrich ... -)" },
    { "\xfd\x37zX", 4, "this is packed with xz: unpack it first (xz -dc FILE | flowenrich ... -)" },
    { "BZh", 3, "this is packed with bzip2: unpack it first (bzip2 -dc FILE | flowenrich ... -)" },
    { "PK\x03\x04", 4, "this is a zip archive: unpack it first" },
    { "\xff\xfe", 2, "this is UTF-16: make it UTF-8 first (iconv -f utf-16 -t utf-8 FILE)" },
    { "\xfe\xff", 2, "this is UTF-16: make it UTF-8 first (iconv -f utf-16 -t utf-8 FILE)" },
};

const char *input_start(const char *data, size_t *len)
{
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8 */

    if (*len > 3 && memcmp(data, mark, 3) == 0) {
        data += 3;
        *len -= 3;
    }
    while (*len > 0 && strchr(" \t\r\n", *data) && *data) {
        data++;
        --*len;
    }
    return data;
}

const char *input_is_no_log(const char *data, size_t len)
{
    data = input_start(data, &len);
    for (size_t i = 0; i < sizeof no_logs / sizeof *no_logs; i++)
        if (len >= no_logs[i].len && memcmp(data, no_logs[i].magic, no_logs[i].len) == 0)
            return no_logs[i].is;
    return NULL;
}

static outcome append_all(input *in, char **all, size_t *n)
{
    size_t capacity = 0, len;
    const char *data;

    for (;;) {
        if (input_next(in, &data, &len) != OUTCOME_DONE)
            return OUTCOME_FAILED;
        if (*n + len + 1 > capacity) {
            char *larger = realloc(*all, capacity = 2 * (*n + len) + 1);

            if (larger == NULL)
                return failure_no_memory();
            *all = larger;
        }
        if (len == 0)
            break;
        memcpy(*all + *n, data, len);
        *n += len;
    }
    (*all)[*n] = '\0';
    return OUTCOME_DONE;
}

outcome input_read_all(const char *path, char **data, size_t *len)
{
    input in;
    outcome done = input_init(&in);

    *data = NULL;
    *len = 0;
    if (done == OUTCOME_DONE)
        done = input_open(&in, path);
    if (done == OUTCOME_DONE)
        done = append_all(&in, data, len);
    input_free(&in);
    if (done != OUTCOME_DONE) {
        free(*data);
        *data = NULL;
    }
    return done;
}
