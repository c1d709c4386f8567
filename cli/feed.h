/* SPDX-License-Identifier: Apache-2.0 */
/* An input through the pipeline, and what comes of it to the sink. */
#ifndef CLI_FEED_H
#define CLI_FEED_H

#include "run.h"

/*
 * Begin an input.
 *
 * @param name    What messages call it.
 * @param source  Where it is from, NULL if nothing is known.
 */
outcome feed_begin(run *r, const char *name, const flowenrich_source *source);

/* Take a piece of it, cut anywhere. */
outcome feed_data(run *r, const char *data, size_t len);

/* Hand on what there is: the input makes one wait. */
outcome feed_pause(run *r);

/*
 * End the input, and hand on all that came of it.
 *
 * @param whole  Whether it was read to its end. Set to false if a part of it couldn't be used.
 */
outcome feed_end(run *r, bool *whole);

/* No input comes any more: hand on what waited for others. */
outcome feed_finish(run *r);

#endif
