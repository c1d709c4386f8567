/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a signal must not leave behind. */
#ifndef CLI_UNFINISHED_H
#define CLI_UNFINISHED_H

/*
 * From here on SIGINT, SIGTERM and SIGHUP end the process with 128 plus their number, as shells
 * have it, after having removed the files named below.
 */
void unfinished_watch(void);

/* @param path  Borrowed until it is removed from the list. There is room for four. */
void unfinished_add(const char *path);
void unfinished_remove(const char *path);

#endif
