/* SPDX-License-Identifier: Apache-2.0 */
/* One filter of a host's: its settings, its pipeline, its catalog. One thread at a time. */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include "chunk.h"
#include "settings.h"

typedef struct instance instance;

/* NULL: `why` has a sentence. */
instance *instance_new(settings_get *get, void *host, char why[SENTENCE]);
void instance_free(instance *in);

/* True: the chunk is to be replaced by `*out`, which is the caller's to free. */
bool instance_run(instance *in, const void *chunk, size_t len, void **out, size_t *out_len);

#endif
