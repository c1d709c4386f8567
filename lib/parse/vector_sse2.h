/* SPDX-License-Identifier: Apache-2.0 */
/* What a variant of the kernel is made of, with SSE2, which every x86-64 has. */
#include <emmintrin.h>

static inline uint64_t bits_sse2(__m128i bytes)
{
    return (uint32_t)_mm_movemask_epi8(bytes);
}

static inline void look_sse2(const char *text, char *copy, fle_look *seen)
{
    const __m128i space = _mm_set1_epi8(' '), newline = _mm_set1_epi8('\n');
    __m128i odd = _mm_setzero_si128();

    seen->ends = seen->newlines = 0;
    for (int i = 0; i < 64; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        const __m128i newlines = _mm_cmpeq_epi8(bytes, newline);
        const __m128i ends = _mm_cmpeq_epi8(_mm_min_epu8(bytes, space), bytes);

        if (copy)
            _mm_storeu_si128((__m128i *)(void *)(copy + i), bytes);
        /* Signed, bytes that aren't ASCII are below the space, too. */
        odd = _mm_or_si128(odd, _mm_xor_si128(newlines, _mm_cmplt_epi8(bytes, space)));
        seen->newlines |= bits_sse2(newlines) << i;
        seen->ends |= bits_sse2(ends) << i;
    }
    seen->odd |= bits_sse2(odd);
}

static inline bool ipv4_sse2(const char *text, size_t len, fle_address *out)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    const uint64_t dots = bits_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));

    return fle_ipv4_parse(text, len, (uint32_t)dots, out);
}

#define list_sse2 list

/* Without a shift by another count for each, four at once are no faster. */
#define FOUR_AT_ONCE 0
#define u32_four_sse2 NO_FOUR
#define u64_four_sse2 NO_FOUR
#define address_four_sse2 NO_FOUR
#define text_four_sse2 NO_FOUR
#define word_four_sse2 NO_FOUR
