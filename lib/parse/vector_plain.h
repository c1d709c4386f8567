/* SPDX-License-Identifier: Apache-2.0 */
/* What a variant of the kernel is made of, in plain C: eight bytes in one register. */

static inline void look_plain(const char *text, char *copy, fle_look *seen)
{
    const uint64_t high = FLE_EACH_BYTE(0x80);
    uint64_t odd = 0;

    seen->ends = seen->newlines = 0;
    for (size_t i = 0; i < 8; i++) {
        const uint64_t bytes = fle_load8(text + 8 * i);
        const uint64_t newlines = fle_bytes_equal(bytes, '\n');
        /* With the high bit set there is nothing to borrow from a neighbour. */
        const uint64_t below_space = ~((bytes | high) - FLE_EACH_BYTE(' '));
        const uint64_t ends = ~((bytes | high) - FLE_EACH_BYTE(' ' + 1)) & ~bytes & high;

        if (copy)
            memcpy(copy + 8 * i, text + 8 * i, 8);
        odd |= ((below_space | bytes) & high) ^ newlines;
        seen->newlines |= fle_bytes_bits(newlines) << 8 * i;
        seen->ends |= fle_bytes_bits(ends) << 8 * i;
    }
    seen->odd |= odd;
}

static inline bool ipv4_plain(const char *text, size_t len, fle_address *out)
{
    const uint64_t low = fle_bytes_bits(fle_bytes_equal(fle_load8(text), '.'));
    const uint64_t high = fle_bytes_bits(fle_bytes_equal(fle_load8(text + 8), '.'));

    return fle_ipv4_parse(text, len, (uint32_t)(low | high << 8), out);
}

#define list_plain list

/* Without a shift by another count for each, four at once are no faster. */
#define FOUR_AT_ONCE 0
#define u32_four_plain NO_FOUR
#define u64_four_plain NO_FOUR
#define address_four_plain NO_FOUR
#define text_four_plain NO_FOUR
#define word_four_plain NO_FOUR
