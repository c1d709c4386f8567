/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the columns that enrichment adds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/rows.h"
#include "enriching.h"

static const char header[] =
    "srcaddr dstaddr srcport dstport protocol bytes action tcp-flags log-status\n";

/* What rows.c itself decides; the rest is in the tests of its own file. */
static void a_row_has_what_is_known_and_no_more(void **state)
{
    static const struct {
        const char *values;
        const char *path, *value;
    } cases[] = {
        { "10.0.0.1 10.0.0.2 40000 22 6 7 ACCEPT -", "uploaded", "7" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 ACCEPT -", "downloaded", "" },
        { "10.0.0.1 10.0.0.2 22 40000 6 7 ACCEPT -", "downloaded", "7" },
        { "10.0.0.1 10.0.0.2 22 40000 6 7 ACCEPT -", "uploaded", "" },
        { "10.0.0.1 10.0.0.2 40000 22 6 - REJECT -", "uploaded", "" }, /* absent is not zero */
        { "10.0.0.1 10.0.0.2 22 40000 6 7 ACCEPT -", "client.addr", "10.0.0.2" },
        { "10.0.0.1 10.0.0.2 22 40000 6 7 ACCEPT -", "client.port", "40000" },
        { "10.0.0.1 10.0.0.2 22 40000 6 7 ACCEPT -", "server.port", "22" },
        { "10.0.0.1 10.0.0.2 0 0 1 7 ACCEPT -", "server.port", "" },
        { "10.0.0.1 8.8.8.8 40000 53 17 7 ACCEPT -", "client.rfc1918", "1" },
        { "10.0.0.1 8.8.8.8 40000 53 17 7 ACCEPT -", "server.rfc1918", "0" },
        { "2600::1 2600::2 40000 53 17 7 ACCEPT -", "server.rfc1918", "" },
        { "- 10.0.0.2 40000 22 6 7 ACCEPT -", "client.addr", "" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 REJECT 4", "verdict", "late_or_untracked" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 REJECT 0", "verdict", "late_or_untracked" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 REJECT 2", "verdict", "" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 REJECT 18", "verdict", "" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 REJECT -", "verdict", "" },
        { "10.0.0.1 10.0.0.2 40000 22 17 7 REJECT 0", "verdict", "" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 ACCEPT 0", "verdict", "" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 ACCEPT 2", "direction.by", "syn" },
        { "10.0.0.1 10.0.0.2 40000 22 6 7 ACCEPT 2", "direction.confidence", "1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
        char log[256];
        flowenrich_batch *batch;

        snprintf(log, sizeof log, "%s%s OK\n", header, cases[i].values);
        batch = enriching_parse(log);
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        if (strcmp(enriching_value(batch, cases[i].path, 0), cases[i].value) != 0)
            fail_msg("%s: %s is '%s'", cases[i].values, cases[i].path,
                     enriching_value(batch, cases[i].path, 0));
        flowenrich_batch_free(batch);
        flowenrich_enricher_free(enricher);
    }
}

/* Explanations have to find out which side became the client. */
static void the_side_of_the_client_is_found_again(void **state)
{
    static const struct {
        const char *values;
        fle_side client;
    } cases[] = {
        { "10.0.0.1 10.0.0.2 40000 22 6 7 ACCEPT -", FLE_SRC },
        { "10.0.0.1 10.0.0.2 22 40000 6 7 ACCEPT -", FLE_DST },
        { "10.0.0.1 10.0.0.1 22 40000 6 7 ACCEPT -", FLE_DST },
        { "10.0.0.2 10.0.0.1 0 0 1 7 ACCEPT -", FLE_DST },
        { "- - 22 40000 6 7 ACCEPT -", FLE_DST },
        { "- - - - - - ACCEPT -", FLE_SRC },
    };
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_context context = { .slack = 60 };
        char log[256];
        fle_facts facts;
        fle_rows rows;

        snprintf(log, sizeof log, "%s%s OK\n", header, cases[i].values);
        context.batch = enriching_parse(log);
        assert_int_equal(flowenrich_enricher_enrich(enricher, context.batch, NULL), FLOWENRICH_OK);
        fle_context_open(&context);
        fle_facts_read(&facts, &context, 0);
        fle_rows_open(&rows, context.batch, FLE_ALL_OUTPUTS);
        if (fle_rows_client(&rows, &facts, 0) != cases[i].client)
            fail_msg("%s", cases[i].values);
        flowenrich_batch_free(context.batch);
    }
    flowenrich_enricher_free(enricher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_what_is_known_and_no_more),
        cmocka_unit_test(the_side_of_the_client_is_found_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
