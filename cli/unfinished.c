/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a signal must not leave behind. */
#include "unfinished.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { MOST = 4 };

/* A handler has no other way to know them. */
static const char *volatile unfinished[MOST];

/* Only what POSIX lets a handler do: the run may be anywhere, also in malloc or in read(). */
static void end(int signal_number)
{
    for (size_t i = 0; i < MOST; i++) {
        const char *path = unfinished[i];

        if (path)
            unlink(path);
    }
    _exit(128 + signal_number);
}

/* Who was told to ignore a signal (nohup, a background job) goes on ignoring it. */
static void watch(int signal_number)
{
    struct sigaction action, before;

    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
        return;
    sigemptyset(&action.sa_mask);
    action.sa_flags = 0;
    action.sa_handler = end;
    sigaction(signal_number, &action, NULL);
}

void unfinished_watch(void)
{
    watch(SIGINT);
    watch(SIGTERM);
    watch(SIGHUP);
}

static void replace(const char *path, const char *by)
{
    for (size_t i = 0; i < MOST; i++)
        if (unfinished[i] == path) {
            unfinished[i] = by;
            break;
        }
}

void unfinished_add(const char *path)
{
    replace(NULL, path);
}

void unfinished_remove(const char *path)
{
    replace(path, NULL);
}
