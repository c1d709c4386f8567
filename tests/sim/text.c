/* SPDX-License-Identifier: Apache-2.0 */
/* Files written piece by piece, arrays that grow; whatever fails ends the program. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "text.h"

void give_up(const char *what, const char *which)
{
    fprintf(stderr, "sim: %s: %s\n", which, what);
    exit(EXIT_FAILURE);
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            give_up(strerror(errno), path);
        *slash = '/';
    }
}

text *text_open(const char *folder, const char *path)
{
    char whole[4096];
    text *to = made(1, sizeof *to);

    if ((size_t)snprintf(whole, sizeof whole, "%s/%s", folder, path) >= sizeof whole)
        give_up("the path is too long", path);
    make_folders(whole);
    to->file = fopen(whole, "wb");
    if (to->file == NULL)
        give_up(strerror(errno), whole);
    return to;
}

static void flush(text *to)
{
    if (fwrite(to->buf, 1, to->len, to->file) != to->len)
        give_up(strerror(errno), "writing");
    to->len = 0;
}

void text_close(text *to)
{
    flush(to);
    if (fclose(to->file) != 0)
        give_up(strerror(errno), "writing");
    free(to);
}

void text_put(text *to, const char *data, size_t len)
{
    if (to->len + len > sizeof to->buf)
        flush(to);
    if (len > sizeof to->buf)
        give_up("longer than the buffer", "writing");
    memcpy(to->buf + to->len, data, len);
    to->len += len;
}

void text_string(text *to, const char *string)
{
    text_put(to, string, strlen(string));
}

void text_char(text *to, char c)
{
    text_put(to, &c, 1);
}

void text_number(text *to, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_put(to, digits + at, sizeof digits - at);
}

void text_hex(text *to, uint64_t number, int digits)
{
    char out[16];

    for (int i = digits - 1; i >= 0; i--, number >>= 4)
        out[i] = "0123456789abcdef"[number & 15];
    text_put(to, out, (size_t)digits);
}

void text_format(text *to, const char *format, ...)
{
    char out[4096];
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(out, sizeof out, format, arguments);
    va_end(arguments);
    if (len < 0 || (size_t)len >= sizeof out)
        give_up("too long", format);
    text_put(to, out, (size_t)len);
}

const char *text_time(char *buf, size_t size, const char *format, int64_t seconds)
{
    const time_t when = (time_t)(BEGINNING + seconds);
    struct tm parts;

    if (gmtime_r(&when, &parts) == NULL || strftime(buf, size, format, &parts) == 0)
        give_up("no such time", format);
    return buf;
}

void *grown(void *array, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return array;
    *capacity = *capacity > 0 ? *capacity * 2 : 16;
    array = realloc(array, *capacity * size);
    if (array == NULL)
        give_up("no memory", "sim");
    return array;
}

void *made(size_t n, size_t size)
{
    void *memory = calloc(n > 0 ? n : 1, size);

    if (memory == NULL)
        give_up("no memory", "sim");
    return memory;
}
