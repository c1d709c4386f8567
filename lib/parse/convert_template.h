/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage two: the values of one field in many lines, so that nothing about the field is asked for
 * twice. Included once for each variant, which defines VARIANT(name), TARGET, ipv4(), and if
 * FOUR_AT_ONCE is 1 u32_four() and its like, for the values of four lines.
 */

/*
 * FOUR reads the values at 'starts', ONE the one at 'text' of 'len' bytes; into out[i] and what
 * follows. First all lines are read by fours, then by themselves those that didn't go well.
 */
#define FOR_ALL_LINES(FOUR, ONE)                                                                   \
    const size_t stride = lines->n_values;                                                         \
    const uint32_t *starts = lines->starts + at;                                                   \
    fle_rows rows = { 0, 0 };                                                                      \
    uint64_t rest = ~UINT64_C(0) >> (FLE_BLOCK - lines->n);                                        \
                                                                                                   \
    for (size_t i = 0; FOUR_AT_ONCE && i + 4 <= lines->n; i += 4) {                                \
        const fle_four four = FOUR;                                                                \
                                                                                                   \
        rows.valid |= (uint64_t)four.valid << i;                                                   \
        rest ^= (uint64_t)four.read << i;                                                          \
        starts += 4 * stride;                                                                      \
    }                                                                                              \
    for (; rest != 0; rest &= rest - 1) {                                                          \
        const size_t i = (size_t)__builtin_ctzll(rest);                                            \
        const uint32_t *start = lines->starts + at + i * stride;                                   \
        const char *text = lines->text + *start;                                                   \
        const size_t len = start[1] - 1 - start[0];                                                \
        const fle_value_is is = ONE;                                                               \
                                                                                                   \
        if (is == FLE_IS_VALID)                                                                    \
            rows.valid |= UINT64_C(1) << i;                                                        \
        else if (is == FLE_IS_ODD)                                                                 \
            rows.odd |= UINT64_C(1) << i;                                                          \
    }                                                                                              \
    return rows

TARGET static fle_rows VARIANT(u32)(const fle_lines *lines, size_t at, uint32_t max, uint32_t *out)
{
    FOR_ALL_LINES(VARIANT(u32_four)(lines->text, starts, stride, max, out + i),
                  fle_value_u32(text, len, max, &out[i]));
}

TARGET static fle_rows VARIANT(u64)(const fle_lines *lines, size_t at, uint64_t max, uint64_t *out)
{
    FOR_ALL_LINES(VARIANT(u64_four)(lines->text, starts, stride, max, out + i),
                  fle_value_u64(text, len, max, &out[i]));
}

TARGET static inline fle_value_is VARIANT(value_address)(const char *text, size_t len,
                                                         fle_address *out)
{
    if (VARIANT(ipv4)(text, len, out) || fle_address_parse(text, len, out))
        return FLE_IS_VALID;
    return fle_value_other(text, len);
}

TARGET static fle_rows VARIANT(address)(const fle_lines *lines, size_t at, fle_address *out)
{
    FOR_ALL_LINES(VARIANT(address_four)(lines->text, starts, stride, out + i),
                  VARIANT(value_address)(text, len, &out[i]));
}

TARGET static fle_rows VARIANT(text)(const fle_lines *lines, size_t at, size_t offset,
                                     flowenrich_slice *out)
{
    FOR_ALL_LINES(VARIANT(text_four)(lines->text, starts, stride, (uint32_t)offset, out + i),
                  fle_value_text(text, len, (uint32_t)offset + *start, &out[i]));
}

TARGET static fle_rows VARIANT(word)(const fle_lines *lines, size_t at, const uint64_t *words,
                                     size_t n, uint8_t *out)
{
    FOR_ALL_LINES(VARIANT(word_four)(lines->text, starts, stride, words, n, out + i),
                  fle_value_word(text, len, words, n, &out[i]));
}

static const fle_kernel VARIANT(kernel) = {
    VARIANT_NAME,     VARIANT(scan), VARIANT(u32),  VARIANT(u64),
    VARIANT(address), VARIANT(text), VARIANT(word),
};

#undef FOR_ALL_LINES
#undef FOUR_AT_ONCE
#undef VARIANT
#undef VARIANT_NAME
#undef TARGET
