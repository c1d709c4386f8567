/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage one: where values and lines begin. Included once for each variant, which defines
 * VARIANT(name), TARGET, look() and list(), which lists the places of the bits set.
 */

/* The value behind the lowest newline is number 'n' and as many more as end before it. */
TARGET static inline uint32_t VARIANT(line_behind)(uint32_t n, uint64_t ends, uint64_t newlines)
{
    return n + 1 + (uint32_t)__builtin_popcountll(ends & ((newlines & (0 - newlines)) - 1));
}

/*
 * Note 64 bytes. Most have at most one newline: one is written, whether it is there or not, instead
 * of asking. What was too much is written over by the next.
 */
TARGET static inline void VARIANT(note)(fle_marks *marks, fle_scan *scan, uint32_t at,
                                        const fle_look *seen)
{
    uint64_t ends = seen->ends, newlines = seen->newlines;
    uint32_t *starts = marks->starts + scan->n + 1;

    scan->empty |= ends & (ends << 1 | scan->last);
    scan->last = ends >> 63;
    marks->lines[scan->n_lines + 1] = VARIANT(line_behind)(scan->n, ends, newlines);
    scan->n_lines += newlines != 0;
    for (newlines &= newlines - 1; newlines != 0; newlines &= newlines - 1)
        marks->lines[++scan->n_lines] = VARIANT(line_behind)(scan->n, ends, newlines);
    scan->n += (uint32_t)__builtin_popcountll(ends);

    VARIANT(list)(starts, ends, at + 1);
}

TARGET static void VARIANT(scan)(const char *text, size_t len, char *copy, fle_marks *marks)
{
    fle_scan scan = { 0, 0, 1, 0 };
    fle_look seen = { 0, 0, 0 };
    char rest[64];
    size_t at = 0;

    marks->starts[0] = 0;
    marks->lines[0] = 0;
    for (; len - at >= sizeof rest; at += sizeof rest) {
        VARIANT(look)(text + at, copy ? copy + at : NULL, &seen);
        VARIANT(note)(marks, &scan, (uint32_t)at, &seen);
    }
    memset(rest, 'x', sizeof rest);
    memcpy(rest, text + at, len - at);
    VARIANT(look)(rest, NULL, &seen);
    VARIANT(note)(marks, &scan, (uint32_t)at, &seen);
    if (copy) {
        memcpy(copy + at, rest, sizeof rest);
        memset(copy + at + sizeof rest, 'x', len - at);
    }
    marks->n_lines = scan.n_lines;
    marks->has_odd = seen.odd != 0;
    marks->has_empty = scan.empty != 0;
}
