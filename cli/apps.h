/* SPDX-License-Identifier: Apache-2.0 */
/* The apps that an inventory has, for who asked about one that it hasn't. */
#ifndef CLI_APPS_H
#define CLI_APPS_H

#include "flowenrich.h"

/* Say which there are, those that are alike if any is. Nothing if the one that was asked for is. */
void apps_tell(flowenrich_snapshot *snapshot, const char *asked);

#endif
