/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/joining.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

#define OUT(observer, vpc, start, end, flags)                                                      \
    observer " " vpc " 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 5 500 " start " " end       \
             " ACCEPT " flags " egress OK\n"
#define IN(observer, vpc, start, end, flags)                                                       \
    observer " " vpc " 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 5 500 " start " " end       \
             " ACCEPT " flags " ingress OK\n"
#define BACK(start, end, flags)                                                                    \
    "eni-c vpc-1 10.0.0.9 10.0.0.5 443 40000 10.0.0.9 10.0.0.5 6 5 500 " start " " end             \
    " ACCEPT " flags " ingress OK\n"

static void a_record_belongs_to_the_conversation_of_its_tuple_space_and_time(void **state)
{
    static const pairing_case cases[] = {
        /* one VPC, or one that isn't known: the same packets */
        { "records",
          OUT("eni-c", "vpc-1", "1000", "1050", "2") IN("eni-s", "vpc-1", "1000", "1050", "2"),
          "2\n" },
        { "records",
          OUT("eni-c", "vpc-1", "1000", "1050", "2") IN("eni-s", "-", "1000", "1050", "2"), "2\n" },
        /* two that may have the same addresses: strangers */
        { "records",
          OUT("eni-c", "vpc-1", "1000", "1050", "2") IN("eni-s", "vpc-2", "1000", "1051", "2"),
          "1\n1\n" },
        /* it could be either's: neither's */
        { "records marks",
          OUT("eni-c", "vpc-1", "1000", "1050", "2") OUT("eni-d", "vpc-2", "1000", "1051", "2")
              IN("eni-s", "-", "1000", "1052", "2"),
          "1 \n1 \n1 ambiguous\n" },
        /* a SYN after the close, and a silence in which no record can be missing */
        { "start end records",
          OUT("eni-c", "vpc-1", "1000", "1050", "3") BACK("1000", "1050", "19")
              OUT("eni-c", "vpc-1", "1200", "1250", "2"),
          "1000 1050 2\n1200 1250 1\n" },
        { "start end records",
          OUT("eni-c", "vpc-1", "1000", "1050", "0") OUT("eni-c", "vpc-1", "2000", "2050", "0"),
          "1000 1050 1\n2000 2050 1\n" },
        /* whichever comes first */
        { "start end records",
          OUT("eni-c", "vpc-1", "2000", "2050", "0") OUT("eni-c", "vpc-1", "1000", "1050", "0")
              BACK("1010", "1060", "0") BACK("2010", "2060", "0"),
          "1000 1060 2\n2000 2060 2\n" },
        /* those between may come later */
        { "start end records",
          OUT("eni-c", "vpc-1", "2000", "2050", "0") OUT("eni-c", "vpc-1", "1500", "1550", "0")
              OUT("eni-c", "vpc-1", "1000", "1050", "0"),
          "1000 2050 3\n" },
        { "start end records",
          OUT("eni-c", "vpc-1", "1000", "1050", "0") OUT("eni-c", "vpc-1", "1700", "1750", "0"),
          "1000 1750 2\n" },
        /* too soon to be told apart */
        { "records marks",
          OUT("eni-c", "vpc-1", "1000", "1050", "3") BACK("1000", "1080", "19")
              OUT("eni-c", "vpc-1", "1070", "1110", "2"),
          "3 reused\n" },
        /* another observer tells of the same SYN, in windows of its own */
        { "records marks",
          OUT("eni-c", "vpc-1", "1000", "1050", "3") BACK("1000", "1080", "19")
              IN("eni-s", "vpc-1", "1070", "1110", "3"),
          "3 \n" },
        /* what comes late goes to the one of its time */
        { "start end records",
          OUT("eni-c", "vpc-1", "1000", "1050", "3") BACK("1000", "1050", "19")
              OUT("eni-c", "vpc-1", "1200", "1250", "2") IN("eni-s", "vpc-1", "1002", "1052", "3"),
          "1000 1052 3\n1200 1250 1\n" },
    };

    (void)state;
    pairing_cases(cases, sizeof cases / sizeof *cases);
}

/* Pair records of a flow log. */
static void feed_from(pairing *p, const char *flow_log, const char *records)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_error error = { 0 };
    flowenrich_batch *batch;
    char log[1024];

    snprintf(log, sizeof log, "%s%s", PAIRING_FIELDS, records);
    source.flow_log = fle_text_of(flow_log);
    batch = enriching_parse_from(log, &source);
    enriching_must(flowenrich_pairer_pair(p->pairer, batch, &error), &error);
    flowenrich_batch_free(batch);
}

/* Two generations, and a window of a second flow log that has both. */
static void a_second_log_doesnt_count_for_two_generations_at_once(void **state)
{
    /* its start is late, so that it only seems to begin when the first was over */
    static const char *const wide[] = { OUT("eni-c", "vpc-1", "900", "1500", "3"),
                                        OUT("eni-c", "vpc-1", "1060", "1500", "3") };

    (void)state;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        pairing p;

        pairing_begin(&p, NULL, "start records uploaded");
        feed_from(&p, "fl-1",
                  OUT("eni-c", "vpc-1", "1000", "1050", "3") BACK("1000", "1050", "19"));
        feed_from(&p, "fl-1",
                  OUT("eni-c", "vpc-1", "1200", "1250", "3") BACK("1200", "1250", "19"));
        feed_from(&p, "fl-2", wide[i]);
        pairing_advance(&p, FLOWENRICH_TIME_END);
        assert_string_equal(pairing_rows(&p), "1000 2 500\n1200 2 500\n");
        assert_int_equal(pairing_stat(&p, "uncounted_records"), 1);
        pairing_end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_belongs_to_the_conversation_of_its_tuple_space_and_time),
        cmocka_unit_test(a_second_log_doesnt_count_for_two_generations_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
