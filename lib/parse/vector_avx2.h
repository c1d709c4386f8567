/* SPDX-License-Identifier: Apache-2.0 */
/* What a variant of the kernel is made of, with AVX2 and the bit instructions that came with it. */
#include <immintrin.h>

TARGET static inline uint64_t bits_avx2(__m256i bytes)
{
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

TARGET static inline void look_avx2(const char *text, char *copy, fle_look *seen)
{
    const __m256i space = _mm256_set1_epi8(' '), newline = _mm256_set1_epi8('\n');
    __m256i odd = _mm256_setzero_si256();

    seen->ends = seen->newlines = 0;
    for (int i = 0; i < 64; i += 32) {
        const __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(text + i));
        const __m256i newlines = _mm256_cmpeq_epi8(bytes, newline);
        const __m256i ends = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, space), bytes);

        if (copy)
            _mm256_storeu_si256((__m256i *)(void *)(copy + i), bytes);
        /* Signed, bytes that aren't ASCII are below the space, too. */
        odd = _mm256_or_si256(odd, _mm256_xor_si256(newlines, _mm256_cmpgt_epi8(space, bytes)));
        seen->newlines |= bits_avx2(newlines) << i;
        seen->ends |= bits_avx2(ends) << i;
    }
    seen->odd |= bits_avx2(odd);
}

/* For the few that fours don't take. */
TARGET static inline bool ipv4_avx2(const char *text, size_t len, fle_address *out)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    const __m128i dots = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'));

    return fle_ipv4_parse(text, len, (uint32_t)_mm_movemask_epi8(dots), out);
}

TARGET static inline void list_avx2(uint32_t *starts, uint64_t ends, uint32_t first)
{
    for (int i = 0; i < 12; i++, ends = _blsr_u64(ends))
        *starts++ = first + (uint32_t)_tzcnt_u64(ends);
    for (; ends != 0; ends = _blsr_u64(ends))
        *starts++ = first + (uint32_t)_tzcnt_u64(ends);
}
