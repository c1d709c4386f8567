/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/document.h"

#include "pooling.h"

static const fle_json *read_json(struct pooling *x, const char *json)
{
    const fle_json *value;
    size_t at = 0;

    assert_int_equal(fle_json_read(&value, json, strlen(json), &at, &x->arena, NULL),
                     FLOWENRICH_OK);
    return value;
}

#define RECORDED(month, second)                                                                    \
    "[{\"__class__\":\"datetime\",\"year\":2026,\"month\":" month                                  \
    ",\"day\":20,\"hour\":9,\"minute\":0,\"second\":" second ",\"microsecond\":0}]"

static void times_are_read_as_tools_write_them(void **state)
{
    static const struct {
        const char *json;
        flowenrich_time time; /* 0: none */
    } cases[] = {
        { "[\"2026-11-20T09:00:03.000Z\"]", 1795165203 },
        { "[\"2026-11-20 09:00:03+00:00\"]", 1795165203 },     /* boto3 through json.dumps */
        { "[\"Fri, 20 Nov 2026 09:00:03 GMT\"]", 1795165203 }, /* HTTP */
        { "[\"2026-11-20-09-00-03\"]", 1795165203 },           /* ip-ranges.json */
        { RECORDED("11", "3"), 1795165203 },                   /* recorded from boto3 */
        { RECORDED("13", "3"), 0 },
        { RECORDED("0", "3"), 0 },
        { RECORDED("11", "\"3\""), 0 },
        { RECORDED("11", "-1"), 0 },
        { "[{\"__class__\":\"datetime\"}]", 0 },
        { "[{\"year\": 2026}]", 0 },
        { "[\"yesterday\"]", 0 },
        { "[1795165203]", 0 },
        { "[true]", 0 },
        { "[]", 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_json *value = read_json(*state, cases[i].json);
        flowenrich_time time = 0;

        if (fle_document_time(fle_json_at(value, 0), &time) != (cases[i].time != 0) ||
            time != cases[i].time)
            fail_msg("%s: %lld", cases[i].json, (long long)time);
    }
}

static void the_first_keys_are_quoted_for_a_message(void **state)
{
    static const struct {
        const char *json, *keys;
        size_t room;
    } cases[] = {
        { "{}", "", 100 },
        { "{\"a\":1}", "\"a\"", 100 },
        { "{\"a\":1,\"b\":1,\"c\":1,\"d\":1}", "\"a\", \"b\", \"c\", \"d\"", 100 },
        { "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1}", "\"a\", \"b\", \"c\", \"d\", ...",
          100 },
        { "{\"a key of more than twenty-four bytes\":1}", "\"a key of more than twent\"", 100 },
        { "{\"\":1}", "\"\"", 100 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char keys[100];

        fle_document_keys(read_json(*state, cases[i].json), keys, cases[i].room);
        assert_string_equal(keys, cases[i].keys);
    }
}

static void a_message_without_room_for_a_key_still_ends(void **state)
{
    const fle_json *value = read_json(*state, "{\"abc\":1,\"def\":1}");
    char keys[12];

    for (size_t room = 1; room <= sizeof keys; room++) {
        memset(keys, 'x', sizeof keys);
        fle_document_keys(value, keys, room);
        assert_non_null(memchr(keys, '\0', room));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(times_are_read_as_tools_write_them, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test_setup_teardown(the_first_keys_are_quoted_for_a_message, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test_setup_teardown(a_message_without_room_for_a_key_still_ends, pooling_set_up,
                                        pooling_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
