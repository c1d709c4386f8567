/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "unwrap/members.h"

static bool take(const char *text, fle_members *out)
{
    fle_json_scan scan = { text, text + strlen(text), NULL };

    return fle_members_take(&scan, out) && scan.at == scan.end;
}

static void members_are_found_by_name_and_place(void **state)
{
    static const struct {
        const char *text;
        fle_member member;
        const char *raw; /* NULL: not there */
    } cases[] = {
        { "{\"message\":\"a\\nb\",\"id\":\"1\"}", FLE_MEMBER_LINE, "a\\nb" },
        { "{\"timestamp\": 1548934870000 }", FLE_MEMBER_TIME, "1548934870000" },
        { "{\"logEvents\":[{\"id\":1}],\"owner\":\"1\"}", FLE_MEMBER_ITEMS, "[{\"id\":1}]" },
        { "{\"logEvents\":[{\"id\":1}]}", FLE_MEMBER_ID, NULL }, /* not its own */
        { "{\"extractedFields\":{\"message\":\"x\"}}", FLE_MEMBER_LINE, NULL },
        { "{\"awslogs\":{\"data\":\"eA==\"}}", FLE_MEMBER_DATA, "eA==" },
        { "{\"kinesis\":{\"data\":\"eA==\",\"sequenceNumber\":\"7\"}}", FLE_MEMBER_RECORD, "7" },
        { "{\"s3\":{\"bucket\":{\"name\":\"b\",\"arn\":\"x\"},\"object\":{\"key\":\"k\"}}}",
          FLE_MEMBER_BUCKET, "b" },
        { "{\"s3\":{\"object\":{\"key\":\"a%20b\"}}}", FLE_MEMBER_ENCODED_KEY, "a%20b" },
        { "{\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}", FLE_MEMBER_KEY,
          "k" },
        { "{\"bucket\":\"b\",\"object\":\"k\",\"message\":\"m\"}", FLE_MEMBER_KEY, "k" },
        { "{\"key\":\"k\",\"name\":\"n\"}", FLE_MEMBER_KEY, NULL }, /* only in an object */
        { "{\"message\":null}", FLE_MEMBER_LINE, NULL },
        { "{\"message\":\"a\",\"message\":\"b\"}", FLE_MEMBER_LINE, "b" },
        { "{\"awslogs\":\"x\"}", FLE_MEMBER_DATA, NULL },
        { "{\"Message\":\"m\"}", FLE_MEMBER_BODY, "m" },
        { "{\"MESSAGE\":\"m\"}", FLE_MEMBER_LINE, NULL },
        { "{}", FLE_MEMBER_LINE, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_members members;
        bool found;

        if (!take(cases[i].text, &members))
            fail_msg("%s: refused", cases[i].text);
        found = fle_members_have(&members, cases[i].member);
        if (found != (cases[i].raw != NULL) ||
            (found && !fle_text_is(members.raw[cases[i].member], cases[i].raw)))
            fail_msg("%s", cases[i].text);
    }
}

/* Objects are looked into only so deep; what is deeper is passed over. */
static void wrapping_without_end_is_passed_over(void **state)
{
    fle_members members;

    (void)state;
    assert_true(take("{\"kinesis\":{\"kinesis\":{\"data\":\"x\"}}}", &members));
    assert_true(fle_members_have(&members, FLE_MEMBER_DATA));
    assert_true(
        take("{\"Sns\":{\"Sns\":{\"Sns\":{\"Sns\":{\"Sns\":{\"data\":\"x\"}}}}}}", &members));
    assert_false(fle_members_have(&members, FLE_MEMBER_DATA));
}

static void strings_are_told_from_numbers(void **state)
{
    fle_members members;

    (void)state;
    assert_true(take("{\"owner\":12,\"region\":\"12\"}", &members));
    assert_int_equal(members.strings, FLE_MEMBER_BIT(FLE_MEMBER_REGION));
    assert_true(take("{\"owner\":\"12\",\"owner\":12}", &members));
    assert_int_equal(members.strings, 0);
}

static void a_holder_keeps_its_name(void **state)
{
    fle_members members;

    (void)state;
    assert_true(take("{\"Records\":[]}", &members));
    assert_string_equal(fle_members_name(&members, FLE_MEMBER_ITEMS), "Records");
    assert_true(take("{\"value\":\"\"}", &members));
    assert_string_equal(fle_members_name(&members, FLE_MEMBER_DATA), "value");
}

static void what_holds_nothing_of_interest_says_so(void **state)
{
    static const struct {
        const char *text;
        bool control, created;
    } cases[] = {
        { "{\"messageType\":\"CONTROL_MESSAGE\"}", true, true },
        { "{\"messageType\":\"DATA_MESSAGE\"}", false, true },
        { "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}", true, true },
        { "{\"Type\":\"SubscriptionConfirmation\"}", true, true },
        { "{\"Type\":\"UnsubscribeConfirmation\"}", true, true },
        { "{\"Type\":\"Notification\"}", false, true },
        { "{\"eventName\":\"ObjectCreated:CompleteMultipartUpload\"}", false, true },
        { "{\"eventName\":\"ObjectRemoved:Delete\"}", false, false },
        { "{\"detail-type\":\"Object Created\"}", false, true },
        { "{\"detail-type\":\"Object Deleted\"}", false, false },
        { "{}", false, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_members members;

        if (!take(cases[i].text, &members) ||
            fle_members_are_control(&members) != cases[i].control ||
            fle_members_are_created(&members) != cases[i].created)
            fail_msg("%s", cases[i].text);
    }
}

static void an_object_cut_anywhere_is_refused(void **state)
{
    static const char text[] = "{\"kinesis\":{\"data\":\"x\\\"\"},\"a\":[1,{}],\"id\":\"1\"}";
    fle_members members;

    (void)state;
    for (size_t cut = 0; cut < sizeof text - 1; cut++) {
        fle_json_scan scan = { text, text + cut, NULL };

        assert_false(fle_members_take(&scan, &members));
        assert_non_null(scan.expected);
        assert_true(scan.at <= scan.end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_by_name_and_place),
        cmocka_unit_test(wrapping_without_end_is_passed_over),
        cmocka_unit_test(strings_are_told_from_numbers),
        cmocka_unit_test(a_holder_keeps_its_name),
        cmocka_unit_test(what_holds_nothing_of_interest_says_so),
        cmocka_unit_test(an_object_cut_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
