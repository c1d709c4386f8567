/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a field in four lines at once, one in each 64 bits of an AVX2 register. */

#define FOUR_AT_ONCE 1

TARGET static inline uint32_t mask_avx2(__m256i lanes)
{
    return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(lanes));
}

TARGET static inline __m256i load_four_avx2(const void *first, const void *second,
                                            const void *third, const void *fourth)
{
    const __m128d low = _mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64(first)), second);
    const __m128d high = _mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64(third)), fourth);

    return _mm256_castpd_si256(_mm256_set_m128d(high, low));
}

/* Of each value where it starts, and above that where the next one does. */
TARGET static inline __m256i starts_four_avx2(const uint32_t *starts, size_t stride)
{
    return load_four_avx2(starts, starts + stride, starts + 2 * stride, starts + 3 * stride);
}

/* The first eight bytes of each value. */
TARGET static inline __m256i bytes_four_avx2(const char *text, const uint32_t *starts,
                                             size_t stride)
{
    return load_four_avx2(text + starts[0], text + starts[stride], text + starts[2 * stride],
                          text + starts[3 * stride]);
}

/* The length of each value and one more. */
TARGET static inline __m256i sizes_four_avx2(const uint32_t *starts, size_t stride)
{
    const __m256i both = starts_four_avx2(starts, stride);

    return _mm256_sub_epi64(_mm256_srli_epi64(both, 32),
                            _mm256_and_si256(both, _mm256_set1_epi64x(UINT32_MAX)));
}

/* How far to shift so that byte number 'size' - 2 becomes the highest: it is the last one. */
TARGET static inline __m256i shifts_avx2(__m256i sizes)
{
    return _mm256_sub_epi64(_mm256_set1_epi64x(72), _mm256_slli_epi64(sizes, 3));
}

TARGET static inline uint32_t absent_avx2(__m256i bytes, __m256i sizes)
{
    const __m256i first = _mm256_and_si256(bytes, _mm256_set1_epi64x(0xff));

    return mask_avx2(_mm256_and_si256(_mm256_cmpeq_epi64(first, _mm256_set1_epi64x('-')),
                                      _mm256_cmpeq_epi64(sizes, _mm256_set1_epi64x(2))));
}

/* As fle_digits_value(); zero comes back where all eight bytes are digits. */
TARGET static inline __m256i digits_avx2(__m256i digits, __m256i *values)
{
    const __m256i twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10));
    const __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(1 << 16 | 100));

    *values = _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)),
                               _mm256_srli_epi64(fours, 32));
    return _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
}

/* One to eight digits: only these are shifted by 0 to 56. */
TARGET static inline fle_four short_four_avx2(const char *text, const uint32_t *starts,
                                              size_t stride, __m256i sizes, uint64_t max,
                                              __m256i *values)
{
    const __m256i bytes = bytes_four_avx2(text, starts, stride);
    const __m256i shifts = shifts_avx2(sizes);
    const __m256i no_digit = digits_avx2(
        _mm256_sllv_epi64(_mm256_xor_si256(bytes, _mm256_set1_epi8('0')), shifts), values);
    const __m256i no_length = _mm256_andnot_si256(_mm256_set1_epi64x(63), shifts);
    const __m256i too_large = _mm256_cmpgt_epi64(*values, _mm256_set1_epi64x((int64_t)max));
    const __m256i wrong = _mm256_or_si256(_mm256_or_si256(no_digit, no_length), too_large);
    const uint32_t valid = mask_avx2(_mm256_cmpeq_epi64(wrong, _mm256_setzero_si256()));

    return (fle_four){ valid | absent_avx2(bytes, sizes), valid };
}

/* Nine to sixteen digits: the last eight, and those in front of them. */
TARGET static inline fle_four long_four_avx2(const char *text, const uint32_t *starts,
                                             size_t stride, __m256i sizes, uint64_t max,
                                             __m256i *values)
{
    const __m256i zeros = _mm256_set1_epi8('0');
    const __m256i front = _mm256_xor_si256(bytes_four_avx2(text, starts, stride), zeros);
    const __m256i back = _mm256_xor_si256(bytes_four_avx2(text - 9, starts + 1, stride), zeros);
    const __m256i shifts = _mm256_add_epi64(shifts_avx2(sizes), _mm256_set1_epi64x(64));
    __m256i high, low, no_digit, wrong;

    no_digit = _mm256_or_si256(digits_avx2(_mm256_sllv_epi64(front, shifts), &high),
                               digits_avx2(back, &low));
    *values = _mm256_add_epi64(_mm256_mul_epu32(high, _mm256_set1_epi64x(100000000)), low);
    wrong =
        _mm256_or_si256(no_digit, _mm256_cmpgt_epi64(*values, _mm256_set1_epi64x((int64_t)max)));
    wrong = _mm256_or_si256(wrong, _mm256_cmpgt_epi64(sizes, _mm256_set1_epi64x(17)));
    return (fle_four){ mask_avx2(_mm256_cmpeq_epi64(wrong, _mm256_setzero_si256())),
                       mask_avx2(_mm256_cmpeq_epi64(wrong, _mm256_setzero_si256())) };
}

TARGET static inline fle_four u32_four_avx2(const char *text, const uint32_t *starts, size_t stride,
                                            uint32_t max, uint32_t *out)
{
    const __m256i even = _mm256_set_epi32(0, 0, 0, 0, 6, 4, 2, 0);
    __m256i values;
    const fle_four four =
        short_four_avx2(text, starts, stride, sizes_four_avx2(starts, stride), max, &values);

    _mm_storeu_si128((__m128i *)(void *)out,
                     _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(values, even)));
    return four;
}

/* No value of sixteen digits is negative when compared as signed, so INT64_MAX will do for max. */
TARGET static inline fle_four u64_four_avx2(const char *text, const uint32_t *starts, size_t stride,
                                            uint64_t max, uint64_t *out)
{
    const __m256i sizes = sizes_four_avx2(starts, stride);
    const bool are_long = mask_avx2(_mm256_cmpgt_epi64(sizes, _mm256_set1_epi64x(9))) == 15;
    const uint64_t bound = max < INT64_MAX ? max : INT64_MAX;
    __m256i values;
    const fle_four four = are_long ? long_four_avx2(text, starts, stride, sizes, bound, &values)
                                   : short_four_avx2(text, starts, stride, sizes, bound, &values);

    _mm256_storeu_si256((__m256i *)(void *)out, values);
    return four;
}

/* A slice is what 'starts' has, but for its length instead of where the next value starts. */
TARGET static inline fle_four text_four_avx2(const char *text, const uint32_t *starts,
                                             size_t stride, uint32_t offset, flowenrich_slice *out)
{
    const __m256i both = starts_four_avx2(starts, stride);
    const __m256i sizes = _mm256_sub_epi32(both, _mm256_slli_epi64(both, 32));
    const __m256i less_one = _mm256_set1_epi64x((int64_t)(UINT64_C(0xffffffff) << 32 | offset));
    const __m256i is_one = _mm256_cmpeq_epi32(sizes, _mm256_set1_epi64x(INT64_C(2) << 32));
    uint32_t absent = mask_avx2(is_one);

    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_add_epi32(sizes, less_one));
    if (absent != 0)
        absent = absent_avx2(bytes_four_avx2(text, starts, stride), _mm256_srli_epi64(sizes, 32));
    return (fle_four){ 15, 15 & ~absent };
}

TARGET static inline fle_four word_four_avx2(const char *text, const uint32_t *starts,
                                             size_t stride, const uint64_t *words, size_t n,
                                             uint8_t *out)
{
    const __m256i sizes = sizes_four_avx2(starts, stride);
    const __m256i bytes = bytes_four_avx2(text, starts, stride);
    const __m256i aligned = _mm256_sllv_epi64(bytes, shifts_avx2(sizes));
    const __m256i no_length = _mm256_andnot_si256(_mm256_set1_epi64x(63), shifts_avx2(sizes));
    uint32_t valid = 0, packed = 0;

    for (size_t i = 0; i < n; i++) {
        const uint32_t same =
            mask_avx2(_mm256_cmpeq_epi64(aligned, _mm256_set1_epi64x((int64_t)words[i])));

        valid |= same;
        packed |= (uint32_t)i * (same * 0x00204081u & 0x01010101u);
    }
    valid &= mask_avx2(_mm256_cmpeq_epi64(no_length, _mm256_setzero_si256()));
    memcpy(out, &packed, sizeof packed);
    return (fle_four){ valid | absent_avx2(bytes, sizes), valid };
}
