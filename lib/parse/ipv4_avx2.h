/* SPDX-License-Identifier: Apache-2.0 */
/* Dotted IPv4 addresses two at a time, one in each half of an AVX2 register. */

/*
 * Where the octets end: three dots and the end of the text, a byte each. Where a dot is missing
 * this is 32, where there are more the last octet is too long, so both come out wrong.
 */
TARGET static inline uint32_t octet_ends_avx2(uint32_t dots, uint32_t len)
{
    const uint32_t second = _blsr_u32(dots), third = _blsr_u32(second);

    return _tzcnt_u32(dots) | _tzcnt_u32(second) << 8 | _tzcnt_u32(third) << 16 | len << 24;
}

/*
 * An octet's digits in four bytes, the last of them in the highest. Byte j is the one 4 - j bytes
 * in front of the octet's end, if that lies behind the end of the octet before. Zero comes back
 * where both addresses are right.
 */
TARGET static inline __m256i ipv4_two_avx2(__m256i bytes, uint64_t octet_ends, fle_address *out)
{
    const __m256i spread = _mm256_set_epi8(7, 7, 7, 7, 6, 6, 6, 6, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3,
                                           3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    const __m256i minus_one = _mm256_set1_epi8(-1), zero = _mm256_setzero_si256();
    const __m256i outer = _mm256_set1_epi32((int)0xff0000ffu);
    const __m256i last = _mm256_set1_epi32((int)0xff000000u);
    const __m256i ends = _mm256_shuffle_epi8(_mm256_set1_epi64x((int64_t)octet_ends), spread);
    const __m256i ends_before = _mm256_alignr_epi8(ends, minus_one, 12);
    const __m256i from = _mm256_add_epi8(ends, _mm256_set1_epi32((int)0xfffefdfcu));
    const __m256i is_there = _mm256_cmpgt_epi8(from, ends_before);
    const __m256i digits = _mm256_and_si256(
        _mm256_shuffle_epi8(_mm256_xor_si256(bytes, _mm256_set1_epi8('0')), from), is_there);
    const __m256i values = _mm256_madd_epi16(
        _mm256_maddubs_epi16(digits, _mm256_set1_epi32(0x010a6400)), _mm256_set1_epi16(1));
    /* Wrong are: no digit, or four; a character that is none; 0 in front of another; over 255. */
    const __m256i no_length = _mm256_and_si256(_mm256_xor_si256(is_there, last), outer);
    const __m256i no_digit = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    const __m256i is_first = _mm256_cmpeq_epi8(from, _mm256_sub_epi8(ends_before, minus_one));
    const __m256i is_zero = _mm256_andnot_si256(last, _mm256_cmpeq_epi8(digits, zero));
    const __m256i too_large = _mm256_cmpgt_epi32(values, _mm256_set1_epi32(255));
    const __m256i place =
        _mm256_set_epi8(12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, /* and again */
                        12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m256i prefix = _mm256_set_epi32(0, 0xffff, 0, 0, 0, 0xffff, 0, 0);

    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_or_si256(_mm256_shuffle_epi8(values, place),
                                                                _mm256_slli_epi32(prefix, 16)));
    return _mm256_or_si256(_mm256_or_si256(no_length, no_digit),
                           _mm256_or_si256(_mm256_and_si256(is_first, is_zero), too_large));
}

TARGET static inline __m256i address_two_avx2(const char *text, const uint32_t *starts,
                                              size_t stride, fle_address *out)
{
    const uint32_t *first = starts, *second = starts + stride;
    const __m256i bytes =
        _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(const void *)(text + *second)),
                         _mm_loadu_si128((const __m128i *)(const void *)(text + *first)));
    const uint32_t dots =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('.')));
    const uint64_t low = octet_ends_avx2(dots & 0xffff, first[1] - 1 - first[0]);
    const uint64_t high = octet_ends_avx2(dots >> 16, second[1] - 1 - second[0]);

    return ipv4_two_avx2(bytes, low | high << 32, out);
}

/* Of a length only the low byte is looked at; that is enough for less than 256. */
TARGET static inline fle_four address_four_avx2(const char *text, const uint32_t *starts,
                                                size_t stride, fle_address *out)
{
    const __m256i low = address_two_avx2(text, starts, stride, out);
    const __m256i high = address_two_avx2(text, starts + 2 * stride, stride, out + 2);
    const __m256i mixed =
        _mm256_or_si256(_mm256_unpacklo_epi64(low, high), _mm256_unpackhi_epi64(low, high));
    const __m256i wrong = _mm256_permute4x64_epi64(mixed, 0xd8); /* in order: 0, 2, 1, 3 */
    const __m256i sizes = sizes_four_avx2(starts, stride);
    const __m256i too_long = _mm256_cmpgt_epi64(sizes, _mm256_set1_epi64x(16));
    const uint32_t valid =
        mask_avx2(_mm256_cmpeq_epi64(_mm256_or_si256(wrong, too_long), _mm256_setzero_si256()));

    return (fle_four){ valid, valid };
}
