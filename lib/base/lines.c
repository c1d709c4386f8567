/* SPDX-License-Identifier: Apache-2.0 */
/* Tables whose elements are whole cache lines. */
#include "base/lines.h"

#include "base/prefetch.h"

bool fle_lines_open(fle_lines *lines, const fle_allocator *allocator, size_t n, size_t element)
{
    void *memory;

    if (lines->n >= n)
        return true;
    memory = fle_alloc_zeroed(allocator, n * element + FLE_CACHE_LINE);
    if (!memory)
        return false;
    fle_lines_free(lines, allocator);
    *lines =
        (fle_lines){ memory, (char *)memory + (FLE_CACHE_LINE - (uintptr_t)memory % FLE_CACHE_LINE),
                     n };
    return true;
}

void fle_lines_free(fle_lines *lines, const fle_allocator *allocator)
{
    fle_free(allocator, lines->memory);
    *lines = (fle_lines){ NULL, NULL, 0 };
}
