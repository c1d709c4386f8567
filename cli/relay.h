/* SPDX-License-Identifier: Apache-2.0 */
/* Files read one after another, and dealt out to threads in pieces that end with a line. */
#ifndef CLI_RELAY_H
#define CLI_RELAY_H

#include "run.h"

#define RELAY_PIECE ((size_t)1 << 20) /* bytes of text that are worth a thread's while */

/*
 * Take all logs of the whole to the sinks of its shares, a piece to each in turn. A file that can't
 * be cut, as each line alone doesn't tell what it is, goes to one of them. Which share gets what
 * depends on the files and on how many shares there are only.
 *
 * @param started  Receives whether there were threads to be had; else nothing was read.
 */
outcome relay_run(run *whole, const sink *sinks, bool *started);

#endif
