/* SPDX-License-Identifier: Apache-2.0 */
/* Text of flow logs through the library, batch by batch, to the sink. */
#ifndef CLI_FEED_H
#define CLI_FEED_H

#include "run.h"

/*
 * Begin a new text.
 *
 * @param place   What messages call it.
 * @param source  Where it is from, NULL if nothing is known.
 */
outcome feed_begin(run *r, const char *place, const flowenrich_source *source);

/* Parse a piece of it, cut anywhere. What is in the batch at the end stays there. */
outcome feed_text(run *r, const char *data, size_t len);

/* End the text: its last line may lack its newline. */
outcome feed_end(run *r);

/* Take what is in the batch all the way. */
outcome feed_drain(run *r);

#endif
