/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "unwrap/base64.h"

static void texts_are_decoded_or_refused_where_they_go_wrong(void **state)
{
    static const struct {
        const char *text;
        const char *bytes; /* NULL: refused */
        size_t bad;
    } cases[] = {
        { "", "", 0 },
        { "Zg==", "f", 0 }, /* RFC 4648's own */
        { "Zm8=", "fo", 0 },
        { "Zm9v", "foo", 0 },
        { "Zm9vYg==", "foob", 0 },
        { "Zm9vYmE=", "fooba", 0 },
        { "Zm9vYmFy", "foobar", 0 },
        { "Zg", "f", 0 }, /* without padding */
        { "Zm8", "fo", 0 },
        { "+/+/", "\xfb\xff\xbf", 0 },
        { "-_-_", "\xfb\xff\xbf", 0 },     /* the alphabet of URLs */
        { "Zm9v\r\nYmFy\n", "foobar", 0 }, /* lines, as in mails */
        { "Z m 9 v Y g = =", "foob", 0 },
        { "Zh==", "f", 0 }, /* bits too many are zero in other encoders */
        { "Z", NULL, 1 },
        { "Zm9vY", NULL, 5 },
        { "Zg=", NULL, 3 },
        { "Z===", NULL, 1 },
        { "=", NULL, 0 },
        { "====", NULL, 0 },
        { "Zg===", NULL, 4 },
        { "Zm9v=", NULL, 4 },
        { "Zg==Zg==", NULL, 4 }, /* two texts */
        { "Zm9v*mFy", NULL, 4 },
        { "Zm9vY*Fy", NULL, 5 },
        { "Zm9v\xc3\xa9", NULL, 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        size_t len = 99;
        const bool ok = fle_base64_decode(fle_text_of(cases[i].text), out, &len);

        if (ok != (cases[i].bytes != NULL) ||
            (ok ? !fle_text_is(fle_text(out, len), cases[i].bytes) : len != cases[i].bad))
            fail_msg("'%s': %zu", cases[i].text, len);
    }
}

/* Every length, in place, in no more room than is said. */
static void decoding_in_place_gives_the_bytes_back(void **state)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    (void)state;
    for (size_t size = 0; size < 70; size++) {
        char text[128];
        size_t n = 0, len;

        for (size_t bit = 0; bit < size * 8; bit += 6) {
            unsigned value = 0;

            for (size_t b = bit; b < bit + 6; b++)
                value =
                    value << 1 | (b / 8 < size ? (unsigned)(b / 8 * 37 + 5) >> (7 - b % 8) & 1 : 0);
            text[n++] = digits[value];
        }
        assert_true(fle_base64_decode(fle_text(text, n), text, &len));
        assert_int_equal(len, size);
        assert_true(len <= FLE_BASE64_ROOM(n));
        for (size_t i = 0; i < size; i++)
            assert_int_equal((unsigned char)text[i], (i * 37 + 5) & 0xff);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_decoded_or_refused_where_they_go_wrong),
        cmocka_unit_test(decoding_in_place_gives_the_bytes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
