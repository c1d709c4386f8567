/* SPDX-License-Identifier: Apache-2.0 */
/* How far the run is, on a terminal. */
#include "progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

#define SECONDS_BETWEEN 0.2
#define LINE_TEXT 192

/* There is one terminal, and messages must be able to make room on it. */
static struct {
    bool on, shown;
    uint64_t total;
    progress_share all;
    double began, last;
} progress;

static pthread_mutex_t terminal = PTHREAD_MUTEX_INITIALIZER;

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

void progress_begin(progress_mode mode, bool records_on_stdout, uint64_t total)
{
    const bool watched = isatty(STDERR_FILENO) && !(records_on_stdout && isatty(STDOUT_FILENO));

    progress.on = mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTO && watched);
    progress.total = total;
    progress.all = (progress_share){ 0, 0 };
    progress.began = progress.last = now();
}

/* What is wider than the terminal goes on in its next line, which no carriage return gets back. */
static int columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1
                                                                           : LINE_TEXT;
}

/* The rate of the whole run, for it is steadier than that of the last moment. */
static void show(uint64_t bytes, uint64_t records, double seconds)
{
    const double rate = (double)bytes / seconds;
    char read[NUMBER_TEXT], all[NUMBER_TEXT], speed[NUMBER_TEXT], count[NUMBER_TEXT];
    char line[LINE_TEXT];

    text_bytes(bytes, read);
    text_bytes((uint64_t)rate, speed);
    text_count(records, count);
    if (progress.total == 0 || bytes > progress.total) {
        snprintf(line, sizeof line, "%s, %s/s, %s records", read, speed, count);
    } else {
        const uint64_t left = (uint64_t)((double)(progress.total - bytes) / (rate > 1 ? rate : 1));

        snprintf(line, sizeof line,
                 "%3.0f %%  %s of %s, %" PRIu64 ":%02" PRIu64 " left, %s/s, %s records",
                 100 * (double)bytes / (double)progress.total, read,
                 text_bytes(progress.total, all), left / 60, left % 60, speed, count);
    }
    fprintf(stderr, "\r%.*s\033[K", columns(), line);
    progress.shown = true;
}

static void clear(void)
{
    if (progress.shown)
        fputs("\r\033[K", stderr);
    progress.shown = false;
}

void progress_update(progress_share *mine, uint64_t bytes, uint64_t records)
{
    double at;

    if (!progress.on)
        return;
    pthread_mutex_lock(&terminal);
    progress.all.bytes += bytes - mine->bytes;
    progress.all.records += records - mine->records;
    *mine = (progress_share){ bytes, records };
    at = now();
    if (at - progress.last >= SECONDS_BETWEEN) {
        progress.last = at;
        show(progress.all.bytes, progress.all.records, at - progress.began);
    }
    pthread_mutex_unlock(&terminal);
}

void progress_wait(void)
{
    pthread_mutex_lock(&terminal);
    clear();
}

void progress_go_on(void)
{
    pthread_mutex_unlock(&terminal);
}

void progress_end(void)
{
    clear();
    progress.on = false;
}
