/* SPDX-License-Identifier: Apache-2.0 */
/* Notices as AWS delivers them: CloudTrail's files, or what EventBridge sends. */
#ifndef SIM_EVENTS_H
#define SIM_EVENTS_H

#include "notice.h"

void events_write(const fleet *in, const notices *of);

#endif
