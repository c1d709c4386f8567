/* SPDX-License-Identifier: Apache-2.0 */
/* What is written of a row if nothing is chosen. */
#ifndef FLE_ENCODE_PATHS_H
#define FLE_ENCODE_PATHS_H

#include <stddef.h>
#include <stdint.h>

/* The path with this number of those that an enriched row has; NULL past the last. */
const char *fle_paths_of_level(uint32_t level, size_t index);

#endif
