/* SPDX-License-Identifier: Apache-2.0 */
/* What a variant of the kernel is made of, with NEON, which every 64-bit ARM has. */
#include <arm_neon.h>

/* Of each byte its own bit of eight; added up by pairs three times, eight bytes become one. */
static inline uint64_t bits_neon(const uint8x16_t bytes[4])
{
    const uint8x16_t bit = vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201)));
    const uint8x16_t low = vpaddq_u8(vandq_u8(bytes[0], bit), vandq_u8(bytes[1], bit));
    const uint8x16_t high = vpaddq_u8(vandq_u8(bytes[2], bit), vandq_u8(bytes[3], bit));
    const uint8x16_t sums = vpaddq_u8(low, high);

    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

static inline void look_neon(const char *text, char *copy, fle_look *seen)
{
    const uint8x16_t space = vdupq_n_u8(' '), newline = vdupq_n_u8('\n');
    uint8x16_t newlines[4], ends[4], odd = vdupq_n_u8(0);

    for (int i = 0; i < 4; i++) {
        const uint8x16_t bytes = vld1q_u8((const uint8_t *)text + 16 * i);
        const int8x16_t as_signed = vreinterpretq_s8_u8(bytes);

        if (copy)
            vst1q_u8((uint8_t *)copy + 16 * i, bytes);
        newlines[i] = vceqq_u8(bytes, newline);
        ends[i] = vcleq_u8(bytes, space);
        /* Signed, bytes that aren't ASCII are below the space, too. */
        odd = vorrq_u8(odd, veorq_u8(newlines[i], vcltq_s8(as_signed, vdupq_n_s8(' '))));
    }
    seen->newlines = bits_neon(newlines);
    seen->ends = bits_neon(ends);
    seen->odd |= vmaxvq_u8(odd);
}

static inline bool ipv4_neon(const char *text, size_t len, fle_address *out)
{
    const uint8x16_t bit = vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201)));
    const uint8x16_t dot = vceqq_u8(vld1q_u8((const uint8_t *)text), vdupq_n_u8('.'));
    const uint8x16_t bits = vandq_u8(dot, bit);
    const uint32_t dots = vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;

    return fle_ipv4_parse(text, len, dots, out);
}

#define list_neon list

/* Without a shift by another count for each, four at once are no faster. */
#define FOUR_AT_ONCE 0
#define u32_four_neon NO_FOUR
#define u64_four_neon NO_FOUR
#define address_four_neon NO_FOUR
#define text_four_neon NO_FOUR
#define word_four_neon NO_FOUR
