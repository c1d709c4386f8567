/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/paths.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "encode/paths.h"
#include "record/path.h"

/* And is there to be asked for, at that level or the other. */
static void every_path_is_known_and_comes_once(void **state)
{
    static const uint32_t levels[] = { FLE_LEVEL_RECORD, FLE_LEVEL_CONVERSATION };
    (void)state;

    for (size_t level = 0; level < 2; level++) {
        const char *path;

        assert_non_null(fle_paths_of_level(levels[level], 0));
        for (size_t i = 0; (path = fle_paths_of_level(levels[level], i)) != NULL; i++) {
            if (fle_path_type(fle_text_of(path)) == 0)
                fail_msg("nothing has '%s'", path);
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(path, fle_paths_of_level(levels[level], j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_is_known_and_comes_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
