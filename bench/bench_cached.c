/* SPDX-License-Identifier: Apache-2.0 */
/* What a cache saves before a resolver that takes some time for each question. */
#include <string.h>
#include <time.h>

#include "measuring.h"

#define BATCH_ROWS 2048
#define STEPS 10000 /* of work a question: tens of microseconds, as a store next door takes */
#define MOST_ROUNDS 99

typedef struct slow {
    uint64_t questions;
    uint32_t sink; /* for the compiler to leave the work alone */
} slow;

static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Work for as long as an answer takes, and name the address after itself. */
static flowenrich_status resolve(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    slow *s = ctx;
    flowenrich_status status = FLOWENRICH_OK;
    (void)error;

    s->questions += n;
    for (size_t i = 0; i < n * STEPS; i++)
        s->sink = s->sink * 1664525 + 1013904223;
    for (size_t i = 0; i < n && status == FLOWENRICH_OK; i++)
        if (keys[i].kind == FLOWENRICH_KEY_ADDRESS)
            status = flowenrich_answer_set(answers[i], "network", (const char *)keys[i].address,
                                           sizeof keys[i].address);
    return status;
}

/* Name the ends of all records of a log; how long that took. */
static double pass(const made_up_text *log, slow *s, int is_cached)
{
    flowenrich_resolver resolver = { sizeof resolver, s, "slow", resolve, NULL };
    flowenrich_enricher *enricher;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_error error;
    const double start = now();
    size_t done = 0, used;

    check(flowenrich_parser_new(&parser, NULL, &error), &error);
    check(flowenrich_enricher_new(&enricher, NULL, &error), &error);
    check(flowenrich_batch_new(&batch, BATCH_ROWS, NULL, &error), &error);
    if (is_cached)
        check(flowenrich_resolver_cached(&resolver, &resolver, NULL, &error), &error);
    check(flowenrich_enricher_add_resolver(enricher, &resolver, &error), &error);
    s->questions = 0;
    for (; done < log->len; done += used) {
        check(flowenrich_parser_parse(parser, log->data + done, log->len - done, &used, batch,
                                      &error),
              &error);
        check(flowenrich_enricher_enrich(enricher, batch, &error), &error);
        flowenrich_batch_clear(batch);
    }
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
    flowenrich_parser_free(parser);
    return now() - start;
}

/* [RECORDS [ROUNDS]] */
int main(int argc, char **argv)
{
    const size_t records = number(argc > 1 ? argv[1] : "50000", 5000000);
    const size_t rounds = number(argc > 2 ? argv[2] : "3", MOST_ROUNDS);
    const made_up_text log = made_up_log(records, 0);
    double best[2] = { 0, 0 };
    uint64_t questions[2];

    for (size_t round = 0; round < rounds; round++)
        for (int is_cached = 0; is_cached < 2; is_cached++) {
            slow s = { 0, 1 };
            const double took = pass(&log, &s, is_cached);

            best[is_cached] = round == 0 || took < best[is_cached] ? took : best[is_cached];
            questions[is_cached] = s.questions;
        }
    printf("a resolver that takes %.1f us a question, %zu records\n",
           1e6 * best[0] / (double)questions[0], records);
    printf("  asked directly:     %8llu questions, %8.1f ns/record\n",
           (unsigned long long)questions[0], 1e9 * best[0] / (double)records);
    printf("  through a cache:    %8llu questions, %8.1f ns/record, %.1f times as fast\n",
           (unsigned long long)questions[1], 1e9 * best[1] / (double)records, best[0] / best[1]);
    free(log.data);
    return 0;
}
