/* SPDX-License-Identifier: Apache-2.0 */
/* Size-prefixed structs: how programs and libraries of different ages agree. */
#include "base/structs.h"

#include <string.h>

/*
 * The caller may be older than the library (its struct is a prefix of ours: the
 * rest keeps its default) or newer (ours is a prefix of its: fine as long as it
 * left the part we don't know at zero). False when a newer caller asks for
 * something this library can't do.
 */
bool fle_struct_import(void *dst, size_t dst_size, const void *src)
{
    size_t src_size;

    memcpy(&src_size, src, sizeof src_size);
    if (src_size < sizeof src_size)
        return false;
    for (size_t i = dst_size; i < src_size; i++)
        if (((const unsigned char *)src)[i] != 0)
            return false;
    memcpy(dst, src, src_size < dst_size ? src_size : dst_size);
    memcpy(dst, &dst_size, sizeof dst_size);
    return true;
}

/*
 * The size stays the caller's, so that its struct can be filled again. What a
 * newer caller has beyond ours becomes zero, which means "as before".
 */
bool fle_struct_export(void *dst, const void *src, size_t src_size)
{
    size_t dst_size;

    memcpy(&dst_size, dst, sizeof dst_size);
    if (dst_size < sizeof dst_size)
        return false;
    if (dst_size > src_size)
        memset((unsigned char *)dst + src_size, 0, dst_size - src_size);
    memcpy(dst, src, src_size < dst_size ? src_size : dst_size);
    memcpy(dst, &dst_size, sizeof dst_size);
    return true;
}
