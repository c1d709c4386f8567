/* SPDX-License-Identifier: Apache-2.0 */
/* Stage one with AVX-512, which has masks of 64 bytes, and packs what they choose (VBMI2). */
#include <immintrin.h>

TARGET static inline void look_avx512(const char *text, char *copy, fle_look *seen)
{
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i space = _mm512_set1_epi8(' ');

    if (copy)
        _mm512_storeu_si512(copy, bytes);
    seen->newlines = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
    seen->ends = _mm512_cmple_epu8_mask(bytes, space);
    /* Signed, bytes that aren't ASCII are below the space, too. */
    seen->odd |= _mm512_cmplt_epi8_mask(bytes, space) ^ seen->newlines;
}

TARGET static inline void list_avx512(uint32_t *starts, uint64_t ends, uint32_t first)
{
    const __m512i numbers = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
        40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
        17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const uint32_t n = (uint32_t)__builtin_popcountll(ends);
    __m512i chosen = _mm512_maskz_compress_epi8(ends, numbers);

    for (uint32_t i = 0; i == 0 || i < n; i += 16) {
        const __m512i sixteen = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(chosen));

        _mm512_storeu_si512(starts + i, _mm512_add_epi32(sixteen, _mm512_set1_epi32((int)first)));
        chosen = _mm512_shuffle_i32x4(chosen, chosen, 0x39); /* the next sixteen come down */
    }
}
