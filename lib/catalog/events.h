/* SPDX-License-Identifier: Apache-2.0 */
/* What CloudTrail and EventBridge tell, to facts. */
#ifndef FLE_CATALOG_EVENTS_H
#define FLE_CATALOG_EVENTS_H

#include "catalog/loader.h"

/* Is it an event, of whatever kind? An event of S3's isn't CloudTrail's. */
bool fle_is_event(const fle_json *object);

/*
 * Add what an event says, at its own time, and count it: as an event, one that
 * failed, one read before, or another that says nothing of interfaces. One without
 * a time is skipped. The loader's time is the event's afterwards.
 */
void fle_event_load(fle_loader *l, const fle_json *event);

#endif
