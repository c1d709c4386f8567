/* SPDX-License-Identifier: Apache-2.0 */
/* Size-prefixed structs: how programs and libraries of different ages agree. */
#ifndef FLE_BASE_STRUCTS_H
#define FLE_BASE_STRUCTS_H

#include <stdbool.h>
#include <stddef.h>

/* Copy a caller's size-prefixed struct over our defaults in 'dst'. */
bool fle_struct_import(void *dst, size_t dst_size, const void *src);

/* Fill a caller's size-prefixed struct from ours, as far as it reaches. */
bool fle_struct_export(void *dst, const void *src, size_t src_size);

#endif
